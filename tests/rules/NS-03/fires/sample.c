#include <ntddk.h>
#include <wdmsec.h>

DEFINE_GUID(GUID_DEVINTERFACE_SAMPLE, 0x6f1e5c21, 0x3a40, 0x4b6d, 0x8f, 0x02, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66);

typedef struct _EXTENSION {
    PDEVICE_OBJECT Lower;
    UNICODE_STRING Interface;
    ULONG Kind;
} EXTENSION, *PEXTENSION;

NTSTATUS SampleCreate(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    Irp->IoStatus.Status = STATUS_SUCCESS;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}


NTSTATUS SampleAddDevice(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT PhysicalDeviceObject)
{
    PDEVICE_OBJECT device;
    PEXTENSION extension;
    NTSTATUS status;

    status = IoCreateDevice(DriverObject, sizeof(EXTENSION), NULL, PhysicalDeviceObject->DeviceType, 0, FALSE, &device);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    extension = device->DeviceExtension;
    extension->Lower = IoAttachDeviceToDeviceStack(device, PhysicalDeviceObject);
    if (extension->Lower == NULL) {
        IoDeleteDevice(device);
        return STATUS_NO_SUCH_DEVICE;
    }
    device->Flags &= ~DO_DEVICE_INITIALIZING;
    return STATUS_SUCCESS;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverExtension->AddDevice = SampleAddDevice;
    DriverObject->MajorFunction[IRP_MJ_CREATE] = SampleCreate;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = SampleCreate;
    return STATUS_SUCCESS;
}
