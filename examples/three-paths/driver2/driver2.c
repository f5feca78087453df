/*
 * Driver2: a PnP function driver for administrators. It writes to I/O ports and does not look at the
 * port it is given: that is what the example is about.
 */
#include <initguid.h>
#include <wdm.h>

#include "driver2.h"

#define DRIVER2_TAG '2vrD'

typedef struct _DEVICE_EXTENSION {
    PDEVICE_OBJECT Self;
    PDEVICE_OBJECT LowerDevice;
    UNICODE_STRING InterfaceName;
    IO_REMOVE_LOCK RemoveLock;
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

DRIVER_INITIALIZE DriverEntry;
DRIVER_UNLOAD Driver2Unload;
DRIVER_ADD_DEVICE Driver2AddDevice;
_Dispatch_type_(IRP_MJ_CREATE) _Dispatch_type_(IRP_MJ_CLOSE)
DRIVER_DISPATCH Driver2CreateClose;
_Dispatch_type_(IRP_MJ_DEVICE_CONTROL)
DRIVER_DISPATCH Driver2DeviceControl;
_Dispatch_type_(IRP_MJ_PNP)
DRIVER_DISPATCH Driver2Pnp;
_Dispatch_type_(IRP_MJ_POWER)
DRIVER_DISPATCH Driver2Power;
_Dispatch_type_(IRP_MJ_SYSTEM_CONTROL)
DRIVER_DISPATCH Driver2SystemControl;

static NTSTATUS
CompleteRequest(_In_ PIRP Irp, _In_ NTSTATUS Status, _In_ ULONG_PTR Information)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

NTSTATUS
DriverEntry(_In_ PDRIVER_OBJECT DriverObject, _In_ PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);

    DriverObject->MajorFunction[IRP_MJ_CREATE] = Driver2CreateClose;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = Driver2CreateClose;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Driver2DeviceControl;
    DriverObject->MajorFunction[IRP_MJ_PNP] = Driver2Pnp;
    DriverObject->MajorFunction[IRP_MJ_POWER] = Driver2Power;
    DriverObject->MajorFunction[IRP_MJ_SYSTEM_CONTROL] = Driver2SystemControl;
    DriverObject->DriverExtension->AddDevice = Driver2AddDevice;
    DriverObject->DriverUnload = Driver2Unload;
    return STATUS_SUCCESS;
}

VOID
Driver2Unload(_In_ PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
}

/*
 * The device has no name of its own: apps find it through its interface. Who may open it is
 * decided by the Security value of the INF.
 */
NTSTATUS
Driver2AddDevice(_In_ PDRIVER_OBJECT DriverObject, _In_ PDEVICE_OBJECT PhysicalDeviceObject)
{
    PDEVICE_OBJECT device = NULL;
    PDEVICE_EXTENSION extension;
    NTSTATUS status;

    status = IoCreateDevice(DriverObject,
                            sizeof(DEVICE_EXTENSION),
                            NULL,
                            FILE_DEVICE_UNKNOWN,
                            FILE_DEVICE_SECURE_OPEN,
                            FALSE,
                            &device);
    if (!NT_SUCCESS(status)) {
        return status;
    }

    extension = (PDEVICE_EXTENSION)device->DeviceExtension;
    RtlZeroMemory(extension, sizeof(*extension));
    extension->Self = device;
    IoInitializeRemoveLock(&extension->RemoveLock, DRIVER2_TAG, 0, 0);

    status = IoRegisterDeviceInterface(PhysicalDeviceObject,
                                       &GUID_DEVINTERFACE_DRIVER2,
                                       NULL,
                                       &extension->InterfaceName);
    if (!NT_SUCCESS(status)) {
        IoDeleteDevice(device);
        return status;
    }

    extension->LowerDevice = IoAttachDeviceToDeviceStack(device, PhysicalDeviceObject);
    if (extension->LowerDevice == NULL) {
        RtlFreeUnicodeString(&extension->InterfaceName);
        IoDeleteDevice(device);
        return STATUS_NO_SUCH_DEVICE;
    }

    device->Flags |= DO_BUFFERED_IO | DO_POWER_PAGABLE;
    device->Flags &= ~DO_DEVICE_INITIALIZING;
    return STATUS_SUCCESS;
}

NTSTATUS
Driver2CreateClose(_In_ PDEVICE_OBJECT DeviceObject, _In_ PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    return CompleteRequest(Irp, STATUS_SUCCESS, 0);
}

NTSTATUS
Driver2DeviceControl(_In_ PDEVICE_OBJECT DeviceObject, _In_ PIRP Irp)
{
    PDEVICE_EXTENSION extension = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    ULONG inputLength = stack->Parameters.DeviceIoControl.InputBufferLength;
    PDRIVER2_WRITE_PORT_INPUT input = (PDRIVER2_WRITE_PORT_INPUT)Irp->AssociatedIrp.SystemBuffer;
    NTSTATUS status;

    status = IoAcquireRemoveLock(&extension->RemoveLock, Irp);
    if (!NT_SUCCESS(status)) {
        return CompleteRequest(Irp, status, 0);
    }

    switch (stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_DRIVER2_WRITE_PORT:
        if (inputLength < sizeof(DRIVER2_WRITE_PORT_INPUT)) {
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

    IoReleaseRemoveLock(&extension->RemoveLock, Irp);
    return CompleteRequest(Irp, status, 0);
}

static NTSTATUS
StartDevice(_In_ PDEVICE_EXTENSION Extension, _In_ PIRP Irp)
{
    NTSTATUS status = STATUS_NO_SUCH_DEVICE;

    if (IoForwardIrpSynchronously(Extension->LowerDevice, Irp)) {
        status = Irp->IoStatus.Status;
    }
    if (NT_SUCCESS(status)) {
        status = IoSetDeviceInterfaceState(&Extension->InterfaceName, TRUE);
    }
    return CompleteRequest(Irp, status, 0);
}

static NTSTATUS
RemoveDevice(_In_ PDEVICE_EXTENSION Extension, _In_ PIRP Irp)
{
    PDEVICE_OBJECT lower = Extension->LowerDevice;
    NTSTATUS status;

    IoSetDeviceInterfaceState(&Extension->InterfaceName, FALSE);
    IoReleaseRemoveLockAndWait(&Extension->RemoveLock, Irp);
    RtlFreeUnicodeString(&Extension->InterfaceName);

    Irp->IoStatus.Status = STATUS_SUCCESS;
    IoSkipCurrentIrpStackLocation(Irp);
    status = IoCallDriver(lower, Irp);
    IoDetachDevice(lower);
    IoDeleteDevice(Extension->Self);
    return status;
}

NTSTATUS
Driver2Pnp(_In_ PDEVICE_OBJECT DeviceObject, _In_ PIRP Irp)
{
    PDEVICE_EXTENSION extension = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    NTSTATUS status;

    status = IoAcquireRemoveLock(&extension->RemoveLock, Irp);
    if (!NT_SUCCESS(status)) {
        return CompleteRequest(Irp, status, 0);
    }

    switch (stack->MinorFunction) {
    case IRP_MN_START_DEVICE:
        status = StartDevice(extension, Irp);
        break;

    case IRP_MN_REMOVE_DEVICE:
        return RemoveDevice(extension, Irp); /* releases the remove lock itself */

    default:
        IoSkipCurrentIrpStackLocation(Irp);
        status = IoCallDriver(extension->LowerDevice, Irp);
        break;
    }

    IoReleaseRemoveLock(&extension->RemoveLock, Irp);
    return status;
}

NTSTATUS
Driver2Power(_In_ PDEVICE_OBJECT DeviceObject, _In_ PIRP Irp)
{
    PDEVICE_EXTENSION extension = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;

    IoSkipCurrentIrpStackLocation(Irp);
    return IoCallDriver(extension->LowerDevice, Irp);
}

NTSTATUS
Driver2SystemControl(_In_ PDEVICE_OBJECT DeviceObject, _In_ PIRP Irp)
{
    PDEVICE_EXTENSION extension = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;

    IoSkipCurrentIrpStackLocation(Irp);
    return IoCallDriver(extension->LowerDevice, Irp);
}
