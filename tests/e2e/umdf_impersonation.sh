#!/bin/sh
# A UMDF driver opens a kernel driver behind it: with its host's token, or, while it impersonates, with
# that of the request's client, where its INF lets it (WDF: "Handling client impersonation in UMDF
# drivers").
# usage: umdf_impersonation.sh PROGRAM SOURCE-FOLDER
set -eu
program=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failures=0

mkdir -p "$scratch/t/front" "$scratch/t/back"
cat >"$scratch/t/back/back.c" <<'END'
#include <ntddk.h>
#include <wdmsec.h>
#define IOCTL_BACK CTL_CODE(0x8000, 0x802, METHOD_BUFFERED, FILE_WRITE_DATA)
typedef struct { ULONG Port; ULONG Value; } REQUEST;
NTSTATUS BackControl(PDEVICE_OBJECT Device, PIRP Irp) {
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    REQUEST *in = Irp->AssociatedIrp.SystemBuffer;
    switch (stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_BACK:
        __outdword((USHORT)in->Port, in->Value);
        break;
    }
    return STATUS_SUCCESS;
}
NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING Path) {
    UNICODE_STRING name, link, sddl;
    PDEVICE_OBJECT device;
    RtlInitUnicodeString(&name, L"\\Device\\Back");
    RtlInitUnicodeString(&link, L"\\DosDevices\\Back");
    RtlInitUnicodeString(&sddl, L"D:P(A;;GA;;;SY)(A;;GA;;;BA)(A;;GA;;;LS)");
    IoCreateDeviceSecure(DriverObject, 0, &name, 0x8000, FILE_DEVICE_SECURE_OPEN, FALSE, &sddl,
                         NULL, &device);
    IoCreateSymbolicLink(&link, &name);
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = BackControl;
    return STATUS_SUCCESS;
}
END

# front HOW: the driver in front; HOW is how its handler comes to the handle
front() {
    cat >"$scratch/t/front/front.c" <<END
#include <windows.h>
#include <wdf.h>
#define IOCTL_FRONT CTL_CODE(0x8000, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_BACK CTL_CODE(0x8000, 0x802, METHOD_BUFFERED, FILE_WRITE_DATA)
typedef struct { ULONG Port; ULONG Value; } REQUEST;
VOID OpenBack(WDFREQUEST Request, PVOID Context) {
    HANDLE *back = Context;
    *back = CreateFileW(L"\\\\\\\\.\\\\Back", GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
}
VOID FrontControl(WDFQUEUE Queue, WDFREQUEST Request, size_t Out, size_t In, ULONG Code) {
    REQUEST *in;
    HANDLE back;
    DWORD done;
    switch (Code) {
    case IOCTL_FRONT:
        WdfRequestRetrieveInputBuffer(Request, sizeof(REQUEST), (PVOID *)&in, NULL);
        $1;
        DeviceIoControl(back, IOCTL_BACK, in, sizeof(*in), NULL, 0, &done, NULL);
        break;
    }
    WdfRequestComplete(Request, STATUS_SUCCESS);
}
NTSTATUS FrontAdd(WDFDRIVER Driver, PWDFDEVICE_INIT Init) {
    WDFDEVICE device;
    WDF_IO_QUEUE_CONFIG queue;
    WdfDeviceCreate(&Init, NULL, &device);
    WdfDeviceCreateSymbolicLink(device, L"\\\\DosDevices\\\\Front");
    WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&queue, WdfIoQueueDispatchParallel);
    queue.EvtIoDeviceControl = FrontControl;
    WdfIoQueueCreate(device, &queue, NULL, NULL);
    return STATUS_SUCCESS;
}
NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING Path) {
    WDF_DRIVER_CONFIG config;
    WDF_DRIVER_CONFIG_INIT(&config, FrontAdd);
    return WdfDriverCreate(DriverObject, Path, NULL, &config, NULL);
}
END
}

# inf DIRECTIVE: its INF with one more line in the .Wdf section
inf() {
    cat >"$scratch/t/front/front.inf" <<END
[Version]
Signature="\$WINDOWS NT\$"
Class=Sample
ClassGuid={78A1C341-4539-11d3-B88D-00C04FAD5171}
Provider=%P%
CatalogFile=front.cat
PnpLockdown=1
[Manufacturer]
%P%=M,NTamd64
[M.NTamd64]
"front"=I,Root\\front
[I.NT]
[I.NT.HW]
AddReg=HW
[HW]
HKR,,Security,,"D:P(A;;GA;;;SY)(A;;GA;;;BA)(A;;GRGW;;;BU)(A;;GRGW;;;LS)"
[I.NT.Services]
AddService=WUDFRd,0x1fa,Reflector
[Reflector]
ServiceType=1
StartType=3
ErrorControl=1
ServiceBinary=%12%\\WUDFRd.sys
[I.NT.Wdf]
UmdfService=front,Front
UmdfServiceOrder=front
$1
[Front]
UmdfLibraryVersion=2.15
ServiceBinary=%12%\\UMDF\\front.dll
[Strings]
P="Contoso"
END
}

# reach WHAT ORIGINS: who comes to the driver behind, and whether it is known
reach() {
    "$program" scan --quiet "$scratch/t" -o "$scratch/m.db" 2>/dev/null
    found=$(sqlite3 "$scratch/m.db" "SELECT group_concat(word, ' ') FROM (SELECT origin || ':' ||
        gate_deliver AS word FROM v_path WHERE drivers = 'front > back' AND origin IN
        ('standard_user', 'local_service', 'system') ORDER BY origin)")
    [ "$found" = "$2" ] && return
    printf 'FAIL: %s: expected %s, found %s\n' "$1" "'$2'" "'$found'"
    failures=$((failures + 1))
}

acts='WdfRequestImpersonate(Request, SecurityImpersonation, OpenBack, &back)'
front "$acts"
inf "UmdfImpersonationLevel=Impersonation"
reach "as its client" "local_service:open system:open"
text=$(sqlite3 "$scratch/m.db" "SELECT count(*) FROM v_path_step WHERE text LIKE '%which it opens as its caller%'")
[ "$text" -gt 0 ] || { echo "FAIL: no step says as whom it opens"; failures=$((failures + 1)); }
inf "UmdfImpersonationLevel=Identification"
reach "a level that opens nothing" ""
inf ""
reach "an INF that does not let it act for clients" ""
front 'OpenBack(Request, &back)'
reach "with its host's token" "local_service:open standard_user:open system:open"
inf "UmdfImpersonationLevel=Impersonation"
reach "a level that is not used" "local_service:open standard_user:open system:open"

exit "$((failures > 0))"
