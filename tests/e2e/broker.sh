#!/bin/sh
# A program asks a service over a pipe, and the service opens a device for it: with its own token, or
# as its caller. All of it from sources: C and C#, an INF, a driver with a descriptor.
# usage: broker.sh PROGRAM SOURCE-FOLDER
set -eu
program=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failures=0

wrong() {
    printf 'FAIL: %s\n' "$*"
    failures=$((failures + 1))
}

is() { [ "$2" = "$3" ] || wrong "$1: expected '$2', found '$3'"; }

mkdir -p "$scratch/t/client" "$scratch/t/service" "$scratch/t/lamp"
cat >"$scratch/t/client/Client.csproj" <<'END'
<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><OutputType>Exe</OutputType></PropertyGroup></Project>
END
cat >"$scratch/t/client/Program.cs" <<'END'
class Program {
    static void Main() { using var pipe = new NamedPipeClientStream(".", "lampbroker"); }
}
END
cat >"$scratch/t/lamp/lamp.c" <<'END'
#include <ntddk.h>
#include <wdmsec.h>
#define IOCTL_LAMP_WRITE CTL_CODE(0x8000, 0x800, METHOD_BUFFERED, FILE_WRITE_DATA)
typedef struct { ULONG Port; ULONG Value; } LAMP;
NTSTATUS LampControl(PDEVICE_OBJECT Device, PIRP Irp) {
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    LAMP *lamp = Irp->AssociatedIrp.SystemBuffer;
    switch (stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_LAMP_WRITE:
        __outdword((USHORT)lamp->Port, lamp->Value);
        break;
    }
    return STATUS_SUCCESS;
}
NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path) {
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\Lamp");
    UNICODE_STRING link = RTL_CONSTANT_STRING(L"\\DosDevices\\Lamp");
    UNICODE_STRING sddl = RTL_CONSTANT_STRING(L"D:P(A;;GA;;;SY)");
    IoCreateDeviceSecure(Driver, 0, &name, 0x8000, FILE_DEVICE_SECURE_OPEN, FALSE, &sddl, NULL, &device);
    IoCreateSymbolicLink(&link, &name);
    Driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = LampControl;
    return STATUS_SUCCESS;
}
END
cat >"$scratch/t/lamp/lamp.inf" <<'END'
[Version]
Signature = "$Windows NT$"
Class = System
ClassGuid = {4d36e97d-e325-11ce-bfc1-08002be10318}
Provider = "Contoso"
CatalogFile = lamp.cat
PnpLockdown = 1
[Manufacturer]
"Contoso" = Models, NTamd64
[Models.NTamd64]
"Lamp" = Lamp, ROOT\LAMP
[Lamp.NT]
[Lamp.NT.Services]
AddService = LampBroker, , Broker_Service
[Broker_Service]
ServiceType = 0x10
StartType = 2
ErrorControl = 1
ServiceBinary = %13%\service.exe
END

# service CODE: what it does between a request and its answer
service() {
    cat >"$scratch/t/service/service.c" <<END
static HANDLE Open(void) { return CreateFileW(L"\\\\\\\\.\\\\Lamp", GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL); }
static void Serve(HANDLE pipe) { $1 }
static void WINAPI Run(DWORD n, PWSTR *v) { Serve(CreateNamedPipeW(L"\\\\\\\\.\\\\pipe\\\\LampBroker", 3, 0, 1, 0, 0, 0, NULL)); }
int wmain(void) {
    SERVICE_TABLE_ENTRYW table[] = {{(PWSTR)L"LampBroker", Run}, {NULL, NULL}};
    return StartServiceCtrlDispatcherW(table);
}
END
}

ask() {
    "$program" scan --quiet "$scratch/t" -o "$scratch/m.db" 2>"$scratch/err" || wrong "scan: $(cat "$scratch/err")"
    sqlite3 "$scratch/m.db" "$1"
}

paths="SELECT origin, app, door, drivers, sink_class, boundaries FROM v_path WHERE app <> ''"
service 'Open();'
is "with its own token" 'standard_user|Client.exe|\\.\pipe\LampBroker|lamp|port_out|app_to_service > system_to_kernel' \
    "$(ask "$paths")"
is "the steps" 'origin service door device entry sink' "$(sqlite3 "$scratch/m.db" \
    "SELECT group_concat(s.kind, ' ') FROM (SELECT s.kind FROM v_path_step s JOIN v_path p USING (path_id)
     WHERE p.app <> '' ORDER BY s.step) s")"
is "the open" 'LampBroker|\\.\Lamp|lamp|0' \
    "$(sqlite3 "$scratch/m.db" "SELECT service, target, (SELECT driver FROM v_device), as_caller FROM v_open WHERE service <> ''")"
is "one service" 'LampBroker|LocalSystem|confirmed' "$(sqlite3 "$scratch/m.db" "SELECT name, account, state FROM v_service")"
service 'if (ImpersonateNamedPipeClient(pipe)) { Open(); RevertToSelf(); }'
is "as its caller" '' "$(ask "$paths")"
is "each open" '1' "$(sqlite3 "$scratch/m.db" "SELECT as_caller FROM v_open WHERE service <> ''")"
service 'if (ImpersonateNamedPipeClient(pipe)) { Check(); RevertToSelf(); } Open();'
is "impersonating, but not then" 'port_out' "$(ask "SELECT sink_class FROM v_path WHERE app <> ''")"
"$program" explain "$scratch/m.db" LampBroker >"$scratch/explained"
grep -q 'pipe' "$scratch/explained" || wrong "explain does not tell the service's door"

[ "$failures" -eq 0 ]
