#!/bin/sh
# An app with a custom capability, its SCCD and a driver whose interface lists the capability, each in
# a tree of its own: together they give app -> interface -> driver, every step on a line that exists.
# The same app as a package; what an SCCD, or its absence, changes.
# usage: capability_pair.sh PROGRAM SOURCE-FOLDER
set -eu
program=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failures=0

wrong() {
    printf 'FAIL: %s\n' "$*"
    failures=$((failures + 1))
}

is() { [ "$2" = "$3" ] || wrong "$1: expected $2, found $3"; }

mkdir -p "$scratch/app" "$scratch/driver"
cat >"$scratch/app/Package.appxmanifest" <<'END'
<?xml version="1.0" encoding="utf-8"?>
<Package xmlns="http://schemas.microsoft.com/appx/manifest/foundation/windows10"
  xmlns:uap4="http://schemas.microsoft.com/appx/manifest/uap/windows10/4">
  <Identity Name="Contoso.Lamp" Publisher="CN=Contoso" Version="1.0.0.0"/>
  <Applications>
    <Application Id="App" Executable="$targetnametoken$.exe" EntryPoint="Lamp.App"/>
  </Applications>
  <Capabilities>
    <uap4:CustomCapability Name="contoso.lamp_q536wpkpf5cy2"/>
  </Capabilities>
</Package>
END
cat >"$scratch/driver/lamp.inx" <<'END'
[Version]
Signature = "$Windows NT$"
Class = System
ClassGuid = {4d36e97d-e325-11ce-bfc1-08002be10318}
Provider = "Contoso"
CatalogFile = lamp.cat
PnpLockdown = 1
[Manufacturer]
"Contoso" = Models, NT$ARCH$.10.0...16299
[Models.NT$ARCH$.10.0...16299]
"Lamp" = Lamp, ACPI\LAMP0001
[Lamp.NT]
[Lamp.NT.HW]
AddReg = Lamp_Security
[Lamp_Security]
HKR,,Security,,"D:P(A;;GA;;;SY)(A;;GA;;;BA)(A;;GRGW;;;BU)"
[Lamp.NT.Services]
AddService = lamp, 2, Lamp_Service
[Lamp_Service]
ServiceType = 1
StartType = 3
ErrorControl = 1
ServiceBinary = %13%\lamp.sys
[Lamp.NT.Interfaces]
AddInterface = {0d3f2a61-5f2b-4a3e-9c63-0f7b1f1c2a11},, Lamp_Interface
[Lamp_Interface]
AddProperty = Lamp_Capabilities
[Lamp_Capabilities]
{026e516e-b814-414b-83cd-856d6fef4822}, 8, 0x2012,, "contoso.lamp_q536wpkpf5cy2"
END
cat >"$scratch/driver/lamp.c" <<'END'
#include <ntddk.h>
#include <wdf.h>
#define IOCTL_LAMP_WRITE CTL_CODE(0x8000, 0x800, METHOD_BUFFERED, FILE_WRITE_DATA)
static const GUID GUID_LAMP = {0x0d3f2a61, 0x5f2b, 0x4a3e,
                               {0x9c, 0x63, 0x0f, 0x7b, 0x1f, 0x1c, 0x2a, 0x11}};
typedef struct { ULONG Port; ULONG Value; } LAMP;
EVT_WDF_IO_QUEUE_IO_DEVICE_CONTROL LampControl;
VOID LampControl(WDFQUEUE Queue, WDFREQUEST Request, size_t Out, size_t In, ULONG Code) {
    LAMP *lamp;
    switch (Code) {
    case IOCTL_LAMP_WRITE:
        if (NT_SUCCESS(WdfRequestRetrieveInputBuffer(Request, sizeof *lamp, &lamp, NULL))) {
            __outdword((USHORT)lamp->Port, lamp->Value);
        }
        break;
    }
    WdfRequestComplete(Request, STATUS_SUCCESS);
}
NTSTATUS LampAdd(WDFDRIVER Driver, PWDFDEVICE_INIT Init) {
    WDFDEVICE device;
    WDF_IO_QUEUE_CONFIG queue;
    WdfDeviceCreate(&Init, WDF_NO_OBJECT_ATTRIBUTES, &device);
    WdfDeviceCreateDeviceInterface(device, &GUID_LAMP, NULL);
    WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&queue, WdfIoQueueDispatchSequential);
    queue.EvtIoDeviceControl = LampControl;
    return WdfIoQueueCreate(device, &queue, WDF_NO_OBJECT_ATTRIBUTES, NULL);
}
NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath) {
    WDF_DRIVER_CONFIG config;
    WDF_DRIVER_CONFIG_INIT(&config, LampAdd);
    return WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config, NULL);
}
END

# sccd ENTITIES
sccd() {
    cat >"$scratch/app/Lamp.SCCD" <<END
<CustomCapabilityDescriptor xmlns="http://schemas.microsoft.com/appx/2018/sccd">
<CustomCapabilities><CustomCapability Name="contoso.lamp_q536wpkpf5cy2"/></CustomCapabilities>
$1
<Catalog>FFFF</Catalog></CustomCapabilityDescriptor>
END
}

# paths: origin, app, door, drivers, score and gate of each path with an app, found anew.
paths() {
    "$program" scan --quiet "$scratch/app" "$scratch/driver" -o "$scratch/m.db" 2>"$scratch/err"
    sqlite3 "$scratch/m.db" "SELECT origin, app, door, drivers, sink_class, score, gate_open FROM v_path
                             WHERE app <> ''"
}

# Who it is for decides how wide the door is: 900 * R * 900 thousandths (ontology 4.3).
row='appcontainer|Contoso.Lamp!App|{0d3f2a61-5f2b-4a3e-9c63-0f7b1f1c2a11}|lamp|port_out'
family=$("$program" sid publisher 'CN=Contoso' | tail -n 1 | grep -o '[0-9a-z]\{13\}$' || true)
is "without an SCCD" "$row|486|unknown" "$(paths)"
sccd "<AuthorizedEntities><AuthorizedEntity AppPackageFamilyName=\"Contoso.Lamp_$family\"
 CertificateSignatureHash=\"ca9f\"/></AuthorizedEntities>"
is "named by its SCCD" "$row|486|open" "$(paths)"

# every step says where it stands, but for the handler's own words
steps=$(sqlite3 "$scratch/m.db" "SELECT group_concat(s.kind, ' ') FROM (SELECT s.kind FROM v_path_step s
    JOIN v_path p USING (path_id) WHERE p.app <> '' ORDER BY s.step) s")
is "steps" "origin capability capability door device entry sink" "$steps"
sqlite3 -separator ' ' "$scratch/m.db" "SELECT s.line, s.path FROM v_path_step s
    JOIN v_path p USING (path_id) WHERE p.app <> ''" | while read -r line path; do
    [ -n "$(sed -n "${line}p" "$scratch/$path")" ] || printf 'no line %s in %s\n' "$line" "$path"
done >"$scratch/lines"
[ -s "$scratch/lines" ] && wrong "steps without a line: $(cat "$scratch/lines")"
id=$(sqlite3 "$scratch/m.db" "SELECT path_id FROM v_path WHERE app <> ''")
"$program" explain "$scratch/m.db" "$id" >"$scratch/explained"
grep -q 'SCCD: Contoso.Lamp_' "$scratch/explained" || wrong "explain does not tell of the SCCD"

sccd '<AuthorizedEntities AllowAny="true"/>'
is "with AllowAny" "$row|648|open" "$(paths)"
sccd '<AuthorizedEntities><AuthorizedEntity AppPackageFamilyName="Other_8wekyb3d8bbwe"
 CertificateSignatureHash="ca9f"/></AuthorizedEntities>'
is "an SCCD for others" "" "$(paths)"
said=$(sqlite3 "$scratch/m.db" "SELECT path || ':' || line FROM v_diagnostic WHERE id = 'app-not-authorized'")
[ "$said" = app/Package.appxmanifest:9 ] || wrong "nobody says why the app is kept out"

[ "$failures" -eq 0 ]
