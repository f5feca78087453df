#!/bin/sh
# explain of an entry tells its flow: numbered steps with place and source line, and why each test
# counts or does not. The source's text is hostile.
# usage: explain_entry.sh PROGRAM
set -eu
program=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failures=0

wrong() {
    printf 'FAIL: %s\n' "$*"
    failures=$((failures + 1))
}

# says TEXT...: each line of the account, in this order
says() {
    for text in "$@"; do
        grep -qF -- "$text" "$scratch/said" || wrong "explain does not say '$text'"
    done
}

escape=$(printf '\033')
mkdir "$scratch/driver"
cat >"$scratch/driver/driver.c" <<EOF
#include <ntddk.h>
#define IOCTL_READ CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_WRITE CTL_CODE(FILE_DEVICE_UNKNOWN, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)
#pragma pack(push, 1)
typedef struct _ASKED { UCHAR Kind; ULONG Register; ULONGLONG Value; } ASKED, *PASKED;
#pragma pack(pop)
static NTSTATUS ReadIt(PASKED asked) {
    if (asked->Register < 0x10 || asked->Register > 0x20) {
        return STATUS_INVALID_PARAMETER;
    }
    asked->Value = __readmsr(asked->Register);
    return STATUS_SUCCESS;
}
NTSTATUS Control(PDEVICE_OBJECT device, PIRP irp) {
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(irp);
    PASKED asked = (PASKED)irp->AssociatedIrp.SystemBuffer;
    NTSTATUS status = STATUS_INVALID_DEVICE_REQUEST;
    if (stack->Parameters.DeviceIoControl.InputBufferLength < sizeof(ASKED)) {
        return STATUS_BUFFER_TOO_SMALL;
    }
    switch (stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_READ:
        status = ReadIt(asked);
        break;
    case IOCTL_WRITE:
        if (0x10 <= asked->Register <= 0x20) { /* ${escape}[2J "quoted" <b> */
            __writemsr(asked->Register, asked->Value); /* ${escape}]0;x */
        }
        break;
    }
    return status;
}
NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path) {
    driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Control;
    return STATUS_SUCCESS;
}
EOF
"$program" scan "$scratch/driver" -o "$scratch/m.db" --quiet --no-progress

"$program" explain "$scratch/m.db" IOCTL_READ >"$scratch/said"
says 'flow, in the order in which the code runs' \
    '1  entry      Control' 'at           driver.c:22' 'source       case IOCTL_READ:' \
    'call       ReadIt' 'source       status = ReadIt(asked);' \
    'input      ASKED.Register' 'ULONG, 4 bytes at offset 1 of SystemBuffer' \
    'guard      range Register: counts' '0x10 to 0x20 can pass' \
    'guard      length InputBufferLength: does not count' \
    'how long the buffer is, not what is in it' \
    'operation  __readmsr (msr_read): validated' 'at           driver.c:11'

"$program" explain "$scratch/m.db" IOCTL_WRITE >"$scratch/said"
says 'guard      range Register: does not count' \
    'min <= x <= max is (min <= x) <= max in C, whatever x is' \
    'input      ASKED.Value' 'ULONGLONG, 8 bytes at offset 5 of SystemBuffer' \
    'operation  __writemsr (msr_write): unvalidated' '"quoted" <b>'
grep -q "$escape" "$scratch/said" && wrong "an escape sequence comes through"

"$program" explain "$scratch/m.db" IOCTL_WRITE --format json >"$scratch/said"
grep -q "$escape" "$scratch/said" && wrong "an escape sequence comes through as JSON"
got=$(sqlite3 :memory: "select count(*), min(value ->> 'step'), max(value ->> 'step'),
    sum(value ->> 'kind' = 'guard' and value ->> 'counts' = 0 and value ->> 'reason' like '%<= max%')
    from json_each(readfile('$scratch/said') -> 'flow')")
case $got in
6\|1\|6\|1) ;;
*) wrong "the flow as JSON has '$got'" ;;
esac
got=$(sqlite3 :memory: "select value ->> 'kind', value ->> 'validation', value ->> 'line'
    from json_each(readfile('$scratch/said') -> 'flow') order by key desc limit 1")
[ "$got" = 'operation|unvalidated|27' ] || wrong "the flow ends with '$got'"

got=$(sqlite3 "$scratch/m.db" \
    "select distinct member, \"offset\", size, line from v_input where name = 'Register'")
[ "$got" = "ASKED.Register|1|4|8
ASKED.Register|1|4|26" ] || wrong "v_input has '$got'"
got=$(sqlite3 "$scratch/m.db" "select count(*) from v_check where reason is null and sink_id is not null
    or text is null and line is not null")
[ "$got" = 0 ] || wrong "$got checks without a reason or a line"
[ "$failures" = 0 ]
