#!/bin/sh
# The number of threads changes neither the model nor what is said; --parse-all counts bodies.
# usage: jobs.sh PROGRAM SOURCE-FOLDER
set -eu
program=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failures=0

wrong() {
    printf 'FAIL: %s\n' "$*"
    failures=$((failures + 1))
}

# Several drivers, of one size and another; one does not parse, one has two configurations.
mkdir "$scratch/in"
for n in 1 2 3 4 5 6 7 8 9; do
    folder=$scratch/in/drv$n
    mkdir "$folder"
    cat >"$folder/drv.c" <<END
#define IOCTL_DRV$n CTL_CODE(0x8000 + $n, 0x800 + $n, METHOD_BUFFERED, FILE_ANY_ACCESS)
NTSTATUS Control(PDEVICE_OBJECT device, PIRP irp)
{
    PIO_STACK_LOCATION at = IoGetCurrentIrpStackLocation(irp);
    if (at->Parameters.DeviceIoControl.IoControlCode == IOCTL_DRV$n) {
#ifdef CHECKED
        if (at->Parameters.DeviceIoControl.InputBufferLength < 8) return STATUS_INVALID_PARAMETER;
#endif
        __writemsr(((ULONG *)irp->AssociatedIrp.SystemBuffer)[0], 1);
    }
    return STATUS_SUCCESS;
}
NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    UNICODE_STRING name;
    RtlInitUnicodeString(&name, L"\\\\Device\\\\Drv$n");
    IoCreateDevice(driver, 0, &name, FILE_DEVICE_UNKNOWN, 0, FALSE, &device);
    driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Control;
    return STATUS_SUCCESS;
}
END
done
printf 'void Broken(void) { if (((( } \n' >>"$scratch/in/drv5/drv.c"
printf '\377\376\001\000\000' >"$scratch/in/drv7/garbage.c"

for jobs in 1 2 7 64; do
    "$program" scan "$scratch/in" --jobs $jobs --parse-all --no-progress -o "$scratch/$jobs.db" 2>"$scratch/$jobs.err"
    cmp -s "$scratch/1.db" "$scratch/$jobs.db" || wrong "$jobs threads give another model"
    cmp -s "$scratch/1.err" "$scratch/$jobs.err" || wrong "$jobs threads say something else"
done
[ "$(sqlite3 "$scratch/1.db" "select count(*) from v_sink where class = 'msr_write'")" = 9 ] ||
    wrong "not every driver was read"
grep -q '18 of 19 function bodies .*\[parse-figures\]' "$scratch/1.err" ||
    wrong "bodies are miscounted: $(grep parse-figures "$scratch/1.err")"
[ "$failures" -eq 0 ]
