#include <fltKernel.h>

static PFLT_FILTER Filter;
static PFLT_PORT Port;

static const FLT_OPERATION_REGISTRATION Callbacks[] = {{IRP_MJ_OPERATION_END}};

NTSTATUS SampleUnload(FLT_FILTER_UNLOAD_FLAGS Flags)
{
    UNREFERENCED_PARAMETER(Flags);
    FltCloseCommunicationPort(Port);
    FltUnregisterFilter(Filter);
    return STATUS_SUCCESS;
}

static const FLT_REGISTRATION Registration = {sizeof(FLT_REGISTRATION), FLT_REGISTRATION_VERSION, 0, NULL, Callbacks, SampleUnload};

NTSTATUS SampleConnect(PFLT_PORT ClientPort, PVOID Cookie, PVOID Context, ULONG Size, PVOID *ConnectionCookie)
{
    UNREFERENCED_PARAMETER(ClientPort);
    UNREFERENCED_PARAMETER(Cookie);
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Size);
    *ConnectionCookie = NULL;
    return STATUS_SUCCESS;
}

VOID SampleDisconnect(PVOID ConnectionCookie)
{
    UNREFERENCED_PARAMETER(ConnectionCookie);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    OBJECT_ATTRIBUTES attributes;
    UNICODE_STRING name;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    status = FltRegisterFilter(DriverObject, &Registration, &Filter);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    RtlInitUnicodeString(&name, L"\\SamplePort");
    InitializeObjectAttributes(&attributes, &name, OBJ_KERNEL_HANDLE | OBJ_CASE_INSENSITIVE, NULL, NULL);
    status = FltCreateCommunicationPort(Filter, &Port, &attributes, NULL, SampleConnect, SampleDisconnect, NULL, 1);
    if (NT_SUCCESS(status)) {
        status = FltStartFiltering(Filter);
    }
    return status;
}
