/*
 * Driver2: what apps and the driver agree on. Define INITGUID in one source file before including.
 */
#ifndef DRIVER2_H
#define DRIVER2_H

/* {6F0A1B52-7C1F-4F6E-9D55-2F7A3B1C0D02} */
DEFINE_GUID(GUID_DEVINTERFACE_DRIVER2,
            0x6f0a1b52, 0x7c1f, 0x4f6e, 0x9d, 0x55, 0x2f, 0x7a, 0x3b, 0x1c, 0x0d, 0x02);

/* Writes Value to the I/O port Port. */
#define IOCTL_DRIVER2_WRITE_PORT \
    CTL_CODE(FILE_DEVICE_UNKNOWN, 0x810, METHOD_BUFFERED, FILE_WRITE_DATA)

typedef struct _DRIVER2_WRITE_PORT_INPUT {
    USHORT Port;
    USHORT Reserved;
    ULONG Value;
} DRIVER2_WRITE_PORT_INPUT, *PDRIVER2_WRITE_PORT_INPUT;

#endif
