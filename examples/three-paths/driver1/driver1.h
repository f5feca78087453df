/*
 * Driver1: what apps and the driver agree on. Define INITGUID in one source file before including.
 */
#ifndef DRIVER1_H
#define DRIVER1_H

/* {6F0A1B52-7C1F-4F6E-9D55-2F7A3B1C0D01} */
DEFINE_GUID(GUID_DEVINTERFACE_DRIVER1,
            0x6f0a1b52, 0x7c1f, 0x4f6e, 0x9d, 0x55, 0x2f, 0x7a, 0x3b, 0x1c, 0x0d, 0x01);

/* Writes Value to the I/O port Port. */
#define IOCTL_DRIVER1_WRITE_PORT \
    CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800, METHOD_BUFFERED, FILE_WRITE_DATA)

/* The same, done by Driver3. */
#define IOCTL_DRIVER1_SEND_ON \
    CTL_CODE(FILE_DEVICE_UNKNOWN, 0x801, METHOD_BUFFERED, FILE_WRITE_DATA)

typedef struct _DRIVER1_WRITE_PORT_INPUT {
    USHORT Port;
    USHORT Reserved;
    ULONG Value;
} DRIVER1_WRITE_PORT_INPUT, *PDRIVER1_WRITE_PORT_INPUT;

#endif
