#include <ntddk.h>
#include <wdf.h>

#define IOCTL_SAMPLE_ASK CTL_CODE(0x8000, 0x801, METHOD_BUFFERED, FILE_READ_DATA)
#define IOCTL_SAMPLE_RUN CTL_CODE(0x8000, 0x800, METHOD_BUFFERED, FILE_WRITE_DATA)

EVT_WDF_DRIVER_DEVICE_ADD SampleDeviceAdd;
EVT_WDF_IO_QUEUE_IO_DEVICE_CONTROL SampleIoDeviceControl;

static WDFIOTARGET Lower;

VOID SampleIoDeviceControl(WDFQUEUE Queue, WDFREQUEST Request, size_t OutputBufferLength, size_t InputBufferLength, ULONG IoControlCode)
{
    NTSTATUS status = STATUS_INVALID_DEVICE_REQUEST;
    WDF_MEMORY_DESCRIPTOR output;
    ULONG_PTR returned = 0;
    ULONG answer[4];
    PULONG value;

    UNREFERENCED_PARAMETER(Queue);
    UNREFERENCED_PARAMETER(OutputBufferLength);
    UNREFERENCED_PARAMETER(InputBufferLength);
    if (IoControlCode == IOCTL_SAMPLE_RUN) {
        status = WdfRequestRetrieveInputBuffer(Request, sizeof(ULONG), (PVOID *)&value, NULL);
        if (NT_SUCCESS(status)) {
            WDF_MEMORY_DESCRIPTOR_INIT_BUFFER(&output, answer, sizeof(answer));
            status = WdfIoTargetSendIoctlSynchronously(Lower, NULL, IOCTL_SAMPLE_ASK, NULL, &output, NULL, NULL);
        }
    }
    WdfRequestComplete(Request, status);
}

NTSTATUS SampleDeviceAdd(WDFDRIVER Driver, PWDFDEVICE_INIT DeviceInit)
{
    WDF_IO_TARGET_OPEN_PARAMS open;
    WDF_IO_QUEUE_CONFIG queue;
    WDFDEVICE device;
    NTSTATUS status;
    DECLARE_CONST_UNICODE_STRING(name, L"\\Device\\UserSample");

    UNREFERENCED_PARAMETER(Driver);
    status = WdfDeviceCreate(&DeviceInit, WDF_NO_OBJECT_ATTRIBUTES, &device);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&queue, WdfIoQueueDispatchSequential);
    queue.EvtIoDeviceControl = SampleIoDeviceControl;
    status = WdfIoQueueCreate(device, &queue, WDF_NO_OBJECT_ATTRIBUTES, WDF_NO_HANDLE);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = WdfIoTargetCreate(device, WDF_NO_OBJECT_ATTRIBUTES, &Lower);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    WDF_IO_TARGET_OPEN_PARAMS_INIT_OPEN_BY_NAME(&open, &name, FILE_READ_DATA);
    return WdfIoTargetOpen(Lower, &open);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    WDF_DRIVER_CONFIG config;

    WDF_DRIVER_CONFIG_INIT(&config, SampleDeviceAdd);
    return WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config, WDF_NO_HANDLE);
}
