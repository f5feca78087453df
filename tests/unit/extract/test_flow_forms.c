#include "flow_case.h"

/*
 * Forms in which careful drivers check, and forms that need no check: none of them may be called
 * unvalidated. Each is what its author would call right.
 */

#define VALID RM_VALIDATION_VALIDATED
#define OPEN RM_VALIDATION_UNVALIDATED
#define UNKNOWN RM_VALIDATION_UNKNOWN

static void styles_of_refusal(void **state) {
    static const flow_case cases[] = {
        {"a loop that is none", NULL,
         "do { if (p->Reg > MAX_R) { status = 1; break; } __readmsr(p->Reg); } while (0);",
         "__readmsr", VALID},
        {"cleanup at the end", NULL,
         "if (inLen < sizeof(IN1)) { status = 1; goto out; }\n"
         "if (p->Reg < MIN_R) { status = 1; goto out; }\n"
         "if (p->Reg > MAX_R) { status = 1; goto out; } __readmsr(p->Reg);",
         "__readmsr", VALID},
        {"nested", NULL,
         "if (inLen >= sizeof(IN1)) { if (p->Reg >= MIN_R) { if (p->Reg <= MAX_R) {\n"
         "__readmsr(p->Reg); } } }",
         "__readmsr", VALID},
        {"one long condition", NULL,
         "if (inLen >= sizeof(IN1) && p->Reg >= MIN_R && p->Reg <= MAX_R && p->Len)\n"
         "__readmsr(p->Reg);",
         "__readmsr", VALID},
        {"one long refusal", NULL,
         "if (inLen < sizeof(IN1) || p->Reg < MIN_R || p->Reg > MAX_R || !p->Len) return 1;\n"
         "__readmsr(p->Reg);",
         "__readmsr", VALID},
        {"status first", NULL,
         "status = p->Reg > MAX_R ? STATUS_INVALID_PARAMETER : STATUS_SUCCESS;\n"
         "if (!NT_SUCCESS(status)) goto out; __readmsr(p->Reg);",
         "__readmsr", VALID},
        {"status of a helper at once",
         "static NTSTATUS Check(ULONG r) { if (r > MAX_R) return STATUS_ACCESS_DENIED; return 0; "
         "}\n",
         "if (!NT_SUCCESS(Check(p->Reg))) goto out; __readmsr(p->Reg);", "__readmsr", VALID},
        {"an error tested as such",
         "static NTSTATUS Check(ULONG r) { if (r > MAX_R) return STATUS_ACCESS_DENIED; return 0; "
         "}\n",
         "status = Check(p->Reg); if (NT_ERROR(status)) goto out; __readmsr(p->Reg);", "__readmsr",
         VALID},
        {"an error below zero",
         "static NTSTATUS Check(ULONG r) { if (r > MAX_R) return STATUS_ACCESS_DENIED; return 0; "
         "}\n",
         "if ((status = Check(p->Reg)) < 0) goto out; __readmsr(p->Reg);", "__readmsr", VALID},
        {"success only",
         "static NTSTATUS Check(ULONG r) { if (r > MAX_R) return STATUS_ACCESS_DENIED; return 0; "
         "}\n",
         "if (Check(p->Reg) != STATUS_SUCCESS) goto out; __readmsr(p->Reg);", "__readmsr", VALID},
        {"helpers in helpers",
         "static BOOLEAN In(ULONG r, ULONG lo, ULONG hi) { return r >= lo && r <= hi; }\n"
         "static BOOLEAN Ok(PIN1 q) { if (!In(q->Reg, MIN_R, MAX_R)) return FALSE; return TRUE; "
         "}\n",
         "if (Ok(p)) __readmsr(p->Reg);", "__readmsr", VALID},
        {"a helper that gives the register",
         "static NTSTATUS Get(PIN1 q, PULONG r) { if (q->Reg > MAX_R) return STATUS_NOT_FOUND;\n"
         "  *r = q->Reg; return 0; }\n",
         "status = Get(p, &r); if (NT_SUCCESS(status)) __readmsr(r);", "__readmsr", VALID},
        {"an exception", NULL,
         "__try { if (p->Reg > MAX_R) ExRaiseStatus(STATUS_INVALID_PARAMETER); __readmsr(p->Reg); "
         "}\n"
         "__except (1) { status = 1; }",
         "__readmsr", VALID},
        {"a stop", NULL, "if (p->Reg > MAX_R) KeBugCheckEx(1, 2, 3, 4, 5); __readmsr(p->Reg);",
         "__readmsr", VALID},
        {"an enumeration", "typedef enum { RegA = 0x10, RegB, RegMax } REGS;\n",
         "REGS e = (REGS)p->Reg; switch (e) { case RegA: case RegB: __readmsr(e); break;\n"
         "default: status = 1; }",
         "__readmsr", VALID},
        {"flags", NULL, "if ((p->Reg & ~(ULONG)0x7) != 0) return 1; __readmsr(p->Reg);",
         "__readmsr", VALID},
        {"flags in a variable", NULL,
         "ULONG valid = 0x7; if (p->Reg & ~valid) return 1; __readmsr(p->Reg);", "__readmsr",
         VALID},
        {"clamped by a macro", "#define CLAMP(x, m) ((x) > (m) ? (m) : (x))\n",
         "__readmsr(CLAMP(p->Reg, MAX_R));", "__readmsr", VALID},
        {"clamped by assignment", NULL, "if (p->Reg > MAX_R) p->Reg = MAX_R; __readmsr(p->Reg);",
         "__readmsr", VALID},
        {"translated by a table", NULL,
         "if (p->Reg >= ARRAYSIZE(g_allowed)) goto out; r = g_allowed[p->Reg]; __readmsr(r);",
         "__readmsr", VALID},
        {"translated by a helper",
         "static ULONG Map(ULONG k) { switch (k) { case 0: return 0x10; case 1: return 0x11; }\n"
         "  return 0; }\n",
         "r = Map(p->Reg); if (r != 0) __readmsr(r);", "__readmsr", VALID},
        {"not more than the driver's own", "typedef struct _X { ULONG Max; } X; X *g_x;\n",
         "if (p->Reg > g_x->Max) goto out; __readmsr(p->Reg);", "__readmsr", VALID},
    };
    CHECK_CASES(*state, cases);
}

static void lengths_and_ends(void **state) {
    static const flow_case cases[] = {
        {"sum made safely", NULL,
         "ULONG end; if (!NT_SUCCESS(RtlULongAdd(p->Reg, p->Len, &end))) goto out;\n"
         "if (end > sizeof(buf)) goto out; RtlZeroMemory(buf, p->Len);",
         "RtlZeroMemory", VALID},
        {"sum made safely, by its status", NULL,
         "ULONG end; status = RtlULongAdd(p->Reg, p->Len, &end); if (!NT_SUCCESS(status)) goto "
         "out;\n"
         "if (end > 16) goto out; RtlZeroMemory(buf, p->Reg);",
         "RtlZeroMemory", VALID},
        {"sum made safely, failure ignored, sum tested", NULL,
         "ULONG end; RtlULongAdd(p->Reg, p->Len, &end); if (end > 16) goto out;\n"
         "RtlZeroMemory(buf, p->Reg);",
         "RtlZeroMemory", VALID},
        {"sum made safely, not tested", NULL,
         "ULONG end; if (!NT_SUCCESS(RtlULongAdd(p->Reg, p->Len, &end))) goto out;\n"
         "RtlZeroMemory(buf, p->Len);",
         "RtlZeroMemory", OPEN},
        {"product made safely", NULL,
         "ULONG n; if (!NT_SUCCESS(RtlULongMult(p->Len, 4, &n))) goto out;\n"
         "if (n > 4096) goto out; ExAllocatePoolWithTag(0, n, 'x');",
         "ExAllocatePoolWithTag", VALID},
        {"product made safely, no bound", NULL,
         "ULONG n; if (!NT_SUCCESS(RtlULongMult(p->Len, 4, &n))) goto out;\n"
         "ExAllocatePoolWithTag(0, n, 'x');",
         "ExAllocatePoolWithTag", OPEN},
        {"narrowed safely", NULL,
         "ULONG n; if (!NT_SUCCESS(RtlULongLongToULong(p->Val, &n))) goto out;\n"
         "if (n > 16) goto out; RtlZeroMemory(buf, n);",
         "RtlZeroMemory", VALID},
        {"offset within, then length within the rest", NULL,
         "if (p->Reg > 16 || p->Len > 16 - p->Reg) goto out; RtlZeroMemory(buf, p->Len);",
         "RtlZeroMemory", VALID},
        {"count of items before it is multiplied", NULL,
         "if (p->Len > 4) goto out; RtlZeroMemory(buf, p->Len * sizeof(ULONG));", "RtlZeroMemory",
         VALID},
        {"count of items after it is multiplied", NULL,
         "if (p->Len * sizeof(ULONG) > 16) goto out; RtlZeroMemory(buf, p->Len * sizeof(ULONG));",
         "RtlZeroMemory", VALID},
        {"a small count and a header", NULL,
         "if (1 + p->Small > sizeof(buf)) goto out; RtlZeroMemory(buf + 1, p->Small);",
         "RtlZeroMemory", VALID},
        {"exact length", NULL,
         "if (inLen != sizeof(IN1)) goto out; RtlCopyMemory(buf, p, inLen > 16 ? 16 : inLen);",
         "RtlCopyMemory", NO_ALARM},
        {"exact length of the structure", "IN1 g_copy;\n",
         "if (inLen != sizeof(IN1)) goto out; RtlCopyMemory(&g_copy, p, inLen);", "RtlCopyMemory",
         VALID},
        {"its own length's last element", NULL,
         "if (inLen < 4) goto out; data = ((PWCHAR)p)[(inLen / sizeof(WCHAR)) - 1];", "v=buf[i]",
         UNKNOWN},
        {"below a count of the driver's", "typedef struct _X { ULONG n; ULONG t[8]; } X; X *g_x;\n",
         "if (p->Reg >= g_x->n) goto out; data = g_x->t[p->Reg];", "v=buf[i]", UNKNOWN},
    };
    CHECK_CASES(*state, cases);
}

static void what_the_kit_vouches_for(void **state) {
    static const flow_case cases[] = {
        {"described, then locked with the caller's rights", NULL,
         "PMDL m = IoAllocateMdl(p->Ptr, p->Len, 0, 0, NULL);\n"
         "MmProbeAndLockPages(m, UserMode, IoReadAccess);",
         "IoAllocateMdl", VALID},
        {"described, then locked with the kernel's", NULL,
         "PMDL m = IoAllocateMdl(p->Ptr, p->Len, 0, 0, NULL);\n"
         "MmProbeAndLockPages(m, KernelMode, IoReadAccess);",
         "IoAllocateMdl", OPEN},
        {"a status is no value of the caller's", NULL,
         "status = KeDelayExecutionThread(0, 0, (PLARGE_INTEGER)&p->Val); __readmsr(status);",
         "__readmsr", VALID},
        {"an array of the kit's or a pointer", NULL,
         "PKITTHING k = (PKITTHING)p; data = k->Chars[0];", "v=*p", UNKNOWN},
        {"a name of the kit's before an address", NULL,
         "r = p->Reg; data = ((PFOUR_BYTES)&r)->Byte1;", "v=*p", NO_SINK},
        {"memory that a routine allocates", NULL,
         "PVOID a = FsRtlAllocatePoolWithTag(0, inLen, 'x'); RtlCopyMemory(a, p, inLen);",
         "RtlCopyMemory", VALID},
    };
    CHECK_CASES(*state, cases);
}

/* Alarms on public drivers that a reader found to be none: see docs/accuracy.md. */
static void what_public_drivers_do_rightly(void **state) {
    static const flow_case cases[] = {
        {"a count that is compared with the bytes there are", NULL,
         "if (p->Reg > inLen) goto out; ULONG rest = p->Reg - sizeof(IN1);\n"
         "if (rest / sizeof(ULONG) != p->Len) goto out; PULONG e = (PULONG)p;\n"
         "for (i = 0; i < p->Len; i++) data = e[i];",
         "v=buf[i]", NO_ALARM},
        {"a count of the caller's alone", NULL,
         "PULONG e = (PULONG)p; for (i = 0; i < p->Len; i++) data = e[i];", "v=buf[i]", OPEN},
        {"the second half of a ring",
         "typedef struct _R { ULONG n, at; UCHAR b[64]; } R; R *g_r;\n",
         "r = p->Len < g_r->n ? p->Len : g_r->n; r -= g_r->at; RtlZeroMemory(buf, r);",
         "RtlZeroMemory", UNKNOWN},
        {"what is left when a constant is taken away", NULL,
         "if (p->Len > 16) goto out; RtlZeroMemory(buf, p->Len - 4);", "RtlZeroMemory", OPEN},
        {"a name's last character", NULL,
         "PUNICODE_STRING n = &sp->FileObject->FileName; data = n->Buffer[n->Length / 2 - 1];",
         "v=buf[i]", NO_ALARM},
        {"a name's text", NULL,
         "PUNICODE_STRING n = &sp->FileObject->FileName; if (*n->Buffer == 0x5c) data = 1;", "v=*p",
         NO_ALARM},
        {"an array of the kit's, cast", NULL,
         "PKITTHING k = (PKITTHING)p; PIN1 q = (PIN1)k->Data; data = q->Len;", "v=*p", UNKNOWN},
        {"a limit that a routine gave", NULL,
         "ULONG n = 0; PVOID *list = Enumerate(p, &n); for (i = 0; i < n; i++) list[i] = 0;",
         "copying loop", NO_ALARM},
    };
    CHECK_CASES(*state, cases);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(styles_of_refusal),
        WITH_FIXTURE(lengths_and_ends),
        WITH_FIXTURE(what_the_kit_vouches_for),
        WITH_FIXTURE(what_public_drivers_do_rightly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
