#include <ntddk.h>
#include <wdmsec.h>
#include <ntstrsafe.h>

#define FILE_DEVICE_SAMPLE 0x8000
#define IOCTL_SAMPLE_RUN CTL_CODE(FILE_DEVICE_SAMPLE, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)

static const GUID SampleClass = {0x5a1c0d3e, 0x7b21, 0x4c4f, {0x9e, 0x11, 0x3d, 0x52, 0x6a, 0x70, 0x81, 0x92}};

typedef struct _SAMPLE_INPUT {
    ULONG Index;
    ULONG Value;
    ULONG Length;
    PVOID Pointer;
    HANDLE Handle;
    ULONG64 Address;
    WCHAR Name[64];
} SAMPLE_INPUT, *PSAMPLE_INPUT;


static ULONG Table[16];

static NTSTATUS Complete(PIRP Irp, NTSTATUS Status, ULONG_PTR Information)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

NTSTATUS SampleCreate(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    return Complete(Irp, STATUS_SUCCESS, 0);
}

/* Handed over to be called, nobody says for whom. */
static VOID Later(PVOID Context)
{
    HANDLE thread = NULL;

    PsCreateSystemThread(&thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, (PKSTART_ROUTINE)Later, Context);
}

NTSTATUS SampleDeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    ULONG inputLength = stack->Parameters.DeviceIoControl.InputBufferLength;
    ULONG outputLength = stack->Parameters.DeviceIoControl.OutputBufferLength;
    PSAMPLE_INPUT input = Irp->AssociatedIrp.SystemBuffer;
    NTSTATUS status = STATUS_SUCCESS;
    ULONG_PTR information = 0;

    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(outputLength);
    switch (stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_SAMPLE_RUN:
        if (inputLength < sizeof(SAMPLE_INPUT)) {
            status = STATUS_BUFFER_TOO_SMALL;
            break;
        }
        {
            SampleRegister(Later, Table);
        }
        break;
    default:
        status = STATUS_INVALID_DEVICE_REQUEST;
        break;
    }
    return Complete(Irp, status, information);
}

VOID SampleUnload(PDRIVER_OBJECT DriverObject)
{
    IoDeleteDevice(DriverObject->DeviceObject);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING name;
    UNICODE_STRING link;
    PDEVICE_OBJECT device;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    RtlInitUnicodeString(&name, L"\\Device\\Sample");
    RtlInitUnicodeString(&link, L"\\DosDevices\\Sample");
    status = IoCreateDeviceSecure(DriverObject, 0, &name, FILE_DEVICE_SAMPLE, FILE_DEVICE_SECURE_OPEN, FALSE, &SDDL_DEVOBJ_SYS_ALL_ADM_ALL, &SampleClass, &device);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = IoCreateSymbolicLink(&link, &name);
    DriverObject->MajorFunction[IRP_MJ_CREATE] = SampleCreate;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = SampleCreate;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = SampleDeviceControl;
    DriverObject->DriverUnload = SampleUnload;
    return status;
}
