/*
 * Driver3: a software-only driver with one named control device. It serves other drivers: nobody in
 * user mode may open the device. It trusts them, and does not look at the port it is given.
 */
#include <initguid.h>
#include <wdm.h>
#include <wdmsec.h>

#include "driver3.h"

/* {6F0A1B52-7C1F-4F6E-9D55-2F7A3B1C0D33}: the class under which an administrator may override. */
DEFINE_GUID(GUID_DEVCLASS_DRIVER3,
            0x6f0a1b52, 0x7c1f, 0x4f6e, 0x9d, 0x55, 0x2f, 0x7a, 0x3b, 0x1c, 0x0d, 0x33);

static PDEVICE_OBJECT ControlDevice;

DRIVER_INITIALIZE DriverEntry;
DRIVER_UNLOAD Driver3Unload;
_Dispatch_type_(IRP_MJ_CREATE) _Dispatch_type_(IRP_MJ_CLOSE)
DRIVER_DISPATCH Driver3CreateClose;
_Dispatch_type_(IRP_MJ_DEVICE_CONTROL)
DRIVER_DISPATCH Driver3DeviceControl;

static NTSTATUS
CompleteRequest(_In_ PIRP Irp, _In_ NTSTATUS Status, _In_ ULONG_PTR Information)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

/*
 * D:P is a DACL with no entries: it grants nothing to anybody. Kernel code that opens the device is
 * not asked.
 */
NTSTATUS
DriverEntry(_In_ PDRIVER_OBJECT DriverObject, _In_ PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING name;
    UNICODE_STRING sddl;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);

    RtlInitUnicodeString(&name, DRIVER3_DEVICE_NAME);
    RtlInitUnicodeString(&sddl, L"D:P");
    status = IoCreateDeviceSecure(DriverObject,
                                  0,
                                  &name,
                                  FILE_DEVICE_UNKNOWN,
                                  FILE_DEVICE_SECURE_OPEN,
                                  FALSE,
                                  &sddl,
                                  &GUID_DEVCLASS_DRIVER3,
                                  &ControlDevice);
    if (!NT_SUCCESS(status)) {
        return status;
    }

    DriverObject->MajorFunction[IRP_MJ_CREATE] = Driver3CreateClose;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = Driver3CreateClose;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Driver3DeviceControl;
    DriverObject->DriverUnload = Driver3Unload;
    return STATUS_SUCCESS;
}

VOID
Driver3Unload(_In_ PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    IoDeleteDevice(ControlDevice);
}

NTSTATUS
Driver3CreateClose(_In_ PDEVICE_OBJECT DeviceObject, _In_ PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    return CompleteRequest(Irp, STATUS_SUCCESS, 0);
}

NTSTATUS
Driver3DeviceControl(_In_ PDEVICE_OBJECT DeviceObject, _In_ PIRP Irp)
{
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    ULONG inputLength = stack->Parameters.DeviceIoControl.InputBufferLength;
    PDRIVER3_WRITE_PORT_INPUT input = (PDRIVER3_WRITE_PORT_INPUT)Irp->AssociatedIrp.SystemBuffer;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(DeviceObject);

    switch (stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_DRIVER3_WRITE_PORT:
        if (inputLength < sizeof(DRIVER3_WRITE_PORT_INPUT)) {
            status = STATUS_BUFFER_TOO_SMALL;
            break;
        }
        __outdword(input->Port, input->Value);
        status = STATUS_SUCCESS;
        break;

    default:
        status = STATUS_INVALID_DEVICE_REQUEST;
        break;
    }

    return CompleteRequest(Irp, status, 0);
}
