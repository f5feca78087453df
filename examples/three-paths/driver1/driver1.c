/*
 * Driver1: a PnP function driver. It writes to I/O ports by itself, and it sends one request on to
 * Driver3. Neither looks at the port it is given: that is what the example is about.
 */
#include <initguid.h>
#include <wdm.h>

#include "driver1.h"
#include "../driver3/driver3.h"

#define DRIVER1_TAG '1vrD'

typedef struct _DEVICE_EXTENSION {
    PDEVICE_OBJECT Self;
    PDEVICE_OBJECT LowerDevice;
    UNICODE_STRING InterfaceName;
    IO_REMOVE_LOCK RemoveLock;
    PFILE_OBJECT Driver3File;     /* keeps Driver3 open while this device is started */
    PDEVICE_OBJECT Driver3Device;
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

DRIVER_INITIALIZE DriverEntry;
DRIVER_UNLOAD Driver1Unload;
DRIVER_ADD_DEVICE Driver1AddDevice;
_Dispatch_type_(IRP_MJ_CREATE) _Dispatch_type_(IRP_MJ_CLOSE)
DRIVER_DISPATCH Driver1CreateClose;
_Dispatch_type_(IRP_MJ_DEVICE_CONTROL)
DRIVER_DISPATCH Driver1DeviceControl;
_Dispatch_type_(IRP_MJ_PNP)
DRIVER_DISPATCH Driver1Pnp;
_Dispatch_type_(IRP_MJ_POWER)
DRIVER_DISPATCH Driver1Power;
_Dispatch_type_(IRP_MJ_SYSTEM_CONTROL)
DRIVER_DISPATCH Driver1SystemControl;

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

    DriverObject->MajorFunction[IRP_MJ_CREATE] = Driver1CreateClose;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = Driver1CreateClose;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Driver1DeviceControl;
    DriverObject->MajorFunction[IRP_MJ_PNP] = Driver1Pnp;
    DriverObject->MajorFunction[IRP_MJ_POWER] = Driver1Power;
    DriverObject->MajorFunction[IRP_MJ_SYSTEM_CONTROL] = Driver1SystemControl;
    DriverObject->DriverExtension->AddDevice = Driver1AddDevice;
    DriverObject->DriverUnload = Driver1Unload;
    return STATUS_SUCCESS;
}

VOID
Driver1Unload(_In_ PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
}

/*
 * The device has no name of its own: apps find it through its interface. Who may open it is
 * decided by the Security value of the INF.
 */
NTSTATUS
Driver1AddDevice(_In_ PDRIVER_OBJECT DriverObject, _In_ PDEVICE_OBJECT PhysicalDeviceObject)
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
    IoInitializeRemoveLock(&extension->RemoveLock, DRIVER1_TAG, 0, 0);

    status = IoRegisterDeviceInterface(PhysicalDeviceObject,
                                       &GUID_DEVINTERFACE_DRIVER1,
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
Driver1CreateClose(_In_ PDEVICE_OBJECT DeviceObject, _In_ PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    return CompleteRequest(Irp, STATUS_SUCCESS, 0);
}

/*
 * Sends the caller's request on to Driver3. The new request is the I/O manager's: its requestor
 * mode is KernelMode, whoever sent the one at hand.
 */
static NTSTATUS
SendToDriver3(_In_ PDEVICE_EXTENSION Extension, _In_ PDRIVER1_WRITE_PORT_INPUT Input)
{
    DRIVER3_WRITE_PORT_INPUT request;
    IO_STATUS_BLOCK ioStatus;
    KEVENT event;
    PIRP irp;
    NTSTATUS status;

    if (Extension->Driver3Device == NULL) {
        return STATUS_DEVICE_NOT_READY;
    }

    request.Port = Input->Port;
    request.Reserved = 0;
    request.Value = Input->Value;

    KeInitializeEvent(&event, NotificationEvent, FALSE);
    irp = IoBuildDeviceIoControlRequest(IOCTL_DRIVER3_WRITE_PORT,
                                        Extension->Driver3Device,
                                        &request,
                                        sizeof(request),
                                        NULL,
                                        0,
                                        FALSE,
                                        &event,
                                        &ioStatus);
    if (irp == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    IoGetNextIrpStackLocation(irp)->FileObject = Extension->Driver3File;

    status = IoCallDriver(Extension->Driver3Device, irp);
    if (status == STATUS_PENDING) {
        KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
        status = ioStatus.Status;
    }
    return status;
}

NTSTATUS
Driver1DeviceControl(_In_ PDEVICE_OBJECT DeviceObject, _In_ PIRP Irp)
{
    PDEVICE_EXTENSION extension = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    ULONG inputLength = stack->Parameters.DeviceIoControl.InputBufferLength;
    PDRIVER1_WRITE_PORT_INPUT input = (PDRIVER1_WRITE_PORT_INPUT)Irp->AssociatedIrp.SystemBuffer;
    NTSTATUS status;

    status = IoAcquireRemoveLock(&extension->RemoveLock, Irp);
    if (!NT_SUCCESS(status)) {
        return CompleteRequest(Irp, status, 0);
    }

    switch (stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_DRIVER1_WRITE_PORT:
        if (inputLength < sizeof(DRIVER1_WRITE_PORT_INPUT)) {
            status = STATUS_BUFFER_TOO_SMALL;
            break;
        }
        __outdword(input->Port, input->Value);
        status = STATUS_SUCCESS;
        break;

    case IOCTL_DRIVER1_SEND_ON:
        if (inputLength < sizeof(DRIVER1_WRITE_PORT_INPUT)) {
            status = STATUS_BUFFER_TOO_SMALL;
            break;
        }
        status = SendToDriver3(extension, input);
        break;

    default:
        status = STATUS_INVALID_DEVICE_REQUEST;
        break;
    }

    IoReleaseRemoveLock(&extension->RemoveLock, Irp);
    return CompleteRequest(Irp, status, 0);
}

/*
 * Kernel code opens Driver3 by name. The descriptor of \Device\Driver3 (D:P, nobody) is not asked:
 * an open from the kernel is not checked.
 */
static NTSTATUS
OpenDriver3(_In_ PDEVICE_EXTENSION Extension)
{
    UNICODE_STRING name;

    RtlInitUnicodeString(&name, DRIVER3_DEVICE_NAME);
    return IoGetDeviceObjectPointer(&name,
                                    FILE_WRITE_DATA,
                                    &Extension->Driver3File,
                                    &Extension->Driver3Device);
}

static VOID
CloseDriver3(_In_ PDEVICE_EXTENSION Extension)
{
    if (Extension->Driver3File != NULL) {
        ObDereferenceObject(Extension->Driver3File);
        Extension->Driver3File = NULL;
        Extension->Driver3Device = NULL;
    }
}

static NTSTATUS
StartDevice(_In_ PDEVICE_EXTENSION Extension, _In_ PIRP Irp)
{
    NTSTATUS status = STATUS_NO_SUCH_DEVICE;

    if (IoForwardIrpSynchronously(Extension->LowerDevice, Irp)) {
        status = Irp->IoStatus.Status;
    }
    if (NT_SUCCESS(status)) {
        status = OpenDriver3(Extension);
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
    CloseDriver3(Extension);
    RtlFreeUnicodeString(&Extension->InterfaceName);

    Irp->IoStatus.Status = STATUS_SUCCESS;
    IoSkipCurrentIrpStackLocation(Irp);
    status = IoCallDriver(lower, Irp);
    IoDetachDevice(lower);
    IoDeleteDevice(Extension->Self);
    return status;
}

NTSTATUS
Driver1Pnp(_In_ PDEVICE_OBJECT DeviceObject, _In_ PIRP Irp)
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
Driver1Power(_In_ PDEVICE_OBJECT DeviceObject, _In_ PIRP Irp)
{
    PDEVICE_EXTENSION extension = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;

    IoSkipCurrentIrpStackLocation(Irp);
    return IoCallDriver(extension->LowerDevice, Irp);
}

NTSTATUS
Driver1SystemControl(_In_ PDEVICE_OBJECT DeviceObject, _In_ PIRP Irp)
{
    PDEVICE_EXTENSION extension = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;

    IoSkipCurrentIrpStackLocation(Irp);
    return IoCallDriver(extension->LowerDevice, Irp);
}
