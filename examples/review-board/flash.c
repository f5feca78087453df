#include <ntddk.h>

#include "flash.h"

typedef struct _FLASH_EXTENSION {
    PDEVICE_OBJECT Lower;
    PUCHAR Window;
} FLASH_EXTENSION, *PFLASH_EXTENSION;

DRIVER_INITIALIZE DriverEntry;
DRIVER_ADD_DEVICE FlashAddDevice;
DRIVER_DISPATCH FlashCreateClose;
DRIVER_DISPATCH FlashDeviceControl;

static NTSTATUS
Complete(_In_ PIRP Irp, _In_ NTSTATUS Status, _In_ ULONG_PTR Information)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

/* The firmware team's door: nobody said who may open it. */
static NTSTATUS
CreateDebugDevice(_In_ PDRIVER_OBJECT DriverObject)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\FlashDebug");
    UNICODE_STRING link = RTL_CONSTANT_STRING(L"\\DosDevices\\FlashDebug");
    PDEVICE_OBJECT device = NULL;
    NTSTATUS status;

    status = IoCreateDevice(DriverObject, 0, &name, FILE_DEVICE_UNKNOWN, 0, FALSE, &device);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    return IoCreateSymbolicLink(&link, &name);
}

NTSTATUS
FlashAddDevice(_In_ PDRIVER_OBJECT DriverObject, _In_ PDEVICE_OBJECT PhysicalDeviceObject)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\Flash");
    UNICODE_STRING link = RTL_CONSTANT_STRING(L"\\DosDevices\\Flash");
    PDEVICE_OBJECT device = NULL;
    PFLASH_EXTENSION extension;
    NTSTATUS status;

    status = IoCreateDevice(DriverObject,
                            sizeof(FLASH_EXTENSION),
                            &name,
                            FILE_DEVICE_UNKNOWN,
                            0,
                            FALSE,
                            &device);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = IoCreateSymbolicLink(&link, &name);
    if (!NT_SUCCESS(status)) {
        IoDeleteDevice(device);
        return status;
    }
    extension = (PFLASH_EXTENSION)device->DeviceExtension;
    extension->Lower = IoAttachDeviceToDeviceStack(device, PhysicalDeviceObject);
    device->Flags &= ~DO_DEVICE_INITIALIZING;
    return STATUS_SUCCESS;
}

NTSTATUS
FlashCreateClose(_In_ PDEVICE_OBJECT DeviceObject, _In_ PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    return Complete(Irp, STATUS_SUCCESS, 0);
}

/* The caller's own pointer, and a check that tells of a wrong offset and goes on. */
static NTSTATUS
Poke(_In_ PFLASH_EXTENSION Extension, _In_ PIO_STACK_LOCATION Stack)
{
    PFLASH_POKE poke = (PFLASH_POKE)Stack->Parameters.DeviceIoControl.Type3InputBuffer;

    if (poke->Offset >= FLASH_WINDOW) {
        DbgPrint("flash: offset %x is outside of the window\n", poke->Offset);
    }
    WRITE_REGISTER_ULONG((PULONG)(Extension->Window + poke->Offset), poke->Value);
    return STATUS_SUCCESS;
}

/* Sends the caller's code to the device that the caller names. */
static NTSTATUS
Route(_In_ PFLASH_ROUTE Input, _In_ ULONG Length)
{
    UNICODE_STRING name;
    PFILE_OBJECT file = NULL;
    PDEVICE_OBJECT target = NULL;
    IO_STATUS_BLOCK ioStatus;
    KEVENT event;
    PIRP irp;
    NTSTATUS status;

    if (Length < sizeof(FLASH_ROUTE)) {
        return STATUS_BUFFER_TOO_SMALL;
    }
    RtlInitUnicodeString(&name, Input->Device);
    status = IoGetDeviceObjectPointer(&name, FILE_ALL_ACCESS, &file, &target);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    KeInitializeEvent(&event, NotificationEvent, FALSE);
    irp = IoBuildDeviceIoControlRequest(Input->Code, target, NULL, 0, NULL, 0, FALSE, &event, &ioStatus);
    if (irp == NULL) {
        ObDereferenceObject(file);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    status = IoCallDriver(target, irp);
    ObDereferenceObject(file);
    return status;
}

NTSTATUS
FlashDeviceControl(_In_ PDEVICE_OBJECT DeviceObject, _In_ PIRP Irp)
{
    PFLASH_EXTENSION extension = (PFLASH_EXTENSION)DeviceObject->DeviceExtension;
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    ULONG length = stack->Parameters.DeviceIoControl.InputBufferLength;
    NTSTATUS status;

    switch (stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_FLASH_POKE:
        status = Poke(extension, stack);
        break;

    case IOCTL_FLASH_ROUTE:
        status = Route((PFLASH_ROUTE)Irp->AssociatedIrp.SystemBuffer, length);
        break;

    default:
        status = STATUS_INVALID_DEVICE_REQUEST;
        break;
    }
    return Complete(Irp, status, 0);
}

NTSTATUS
DriverEntry(_In_ PDRIVER_OBJECT DriverObject, _In_ PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverExtension->AddDevice = FlashAddDevice;
    DriverObject->MajorFunction[IRP_MJ_CREATE] = FlashCreateClose;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = FlashCreateClose;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = FlashDeviceControl;
    return CreateDebugDevice(DriverObject);
}
