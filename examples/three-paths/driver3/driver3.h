/*
 * Driver3: what other drivers need to use it.
 */
#ifndef DRIVER3_H
#define DRIVER3_H

#define DRIVER3_DEVICE_NAME L"\\Device\\Driver3"

/* Writes Value to the I/O port Port. */
#define IOCTL_DRIVER3_WRITE_PORT \
    CTL_CODE(FILE_DEVICE_UNKNOWN, 0x820, METHOD_BUFFERED, FILE_WRITE_DATA)

typedef struct _DRIVER3_WRITE_PORT_INPUT {
    USHORT Port;
    USHORT Reserved;
    ULONG Value;
} DRIVER3_WRITE_PORT_INPUT, *PDRIVER3_WRITE_PORT_INPUT;

#endif
