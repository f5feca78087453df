#include "flow_case.h"

/*
 * Ways in which a value slips past a check: what looks constrained and is not. None of them may be
 * called validated.
 */

#define VALID RM_VALIDATION_VALIDATED
#define OPEN RM_VALIDATION_UNVALIDATED

#define USER                                                                                       \
    "PIN1 u = sp->Parameters.DeviceIoControl.Type3InputBuffer; ProbeForRead(u, sizeof(*u), 1);\n"

static void exceptions_take_other_ways(void **state) {
    static const flow_case cases[] = {
        {"a return in a guarded body runs the finally", NULL,
         "__try { if (p->Reg > MAX_R) return 1; } __finally { __readmsr(p->Reg); }", "__readmsr",
         NOT_VALID},
        {"a leave runs the finally", NULL,
         "__try { if (p->Reg > MAX_R) __leave; } __finally { __readmsr(p->Reg); }", "__readmsr",
         NOT_VALID},
        {"a goto runs the finally", NULL,
         "__try { if (p->Reg > MAX_R) goto out; } __finally { __readmsr(p->Reg); }", "__readmsr",
         NOT_VALID},
        {"a break runs the finally", NULL,
         "for (i = 0; i < 2; i++) { __try { if (p->Reg > MAX_R) break; } __finally { "
         "__readmsr(p->Reg); } }",
         "__readmsr", NOT_VALID},
        {"checked before the finally", NULL,
         "if (p->Reg > MAX_R) return 1; __try { r = 1; } __finally { __readmsr(p->Reg); }",
         "__readmsr", VALID},
        {"the handler sees what the body had in hand", NULL,
         "r = 0; __try { r = p->Reg; KeStallExecutionProcessor(1); r = 5; }\n"
         "__except (EXCEPTION_EXECUTE_HANDLER) { __readmsr(r); }",
         "__readmsr", NOT_VALID},
        {"a handler that returns", NULL,
         "__try { r = u_read(); if (p->Reg > MAX_R) ExRaiseStatus(STATUS_ACCESS_VIOLATION); }\n"
         "__except (1) { return 1; } __readmsr(p->Reg);",
         "__readmsr", VALID},
        {"a handler that goes on", NULL,
         "__try { if (p->Reg > MAX_R) ExRaiseStatus(STATUS_ACCESS_VIOLATION); }\n"
         "__except (1) { status = 1; } __readmsr(p->Reg);",
         "__readmsr", NOT_VALID},
        {"a fetch in a guarded body, checked after it", NULL,
         USER "__try { r = u->Reg; } __except (1) { return 1; } if (r > MAX_R) return 1;\n"
              "__readmsr(r);",
         "__readmsr", VALID},
        {"a fetch in a guarded body, fetched again after it", NULL,
         USER "__try { r = u->Reg; } __except (1) { return 1; } if (r > MAX_R) return 1;\n"
              "__readmsr(u->Reg);",
         "__readmsr", NOT_VALID},
        {"a check whose refusal only leaves", NULL,
         "__try { if (p->Reg > MAX_R) __leave; } __except (1) { } __readmsr(p->Reg);", "__readmsr",
         NOT_VALID},
    };
    CHECK_CASES(*state, cases);
}

static void signs_and_widths_decide(void **state) {
    static const flow_case cases[] = {
        {"a limit whose name looks unsigned", "#define BUFFER_MAX 32\n#define LIM BUFFER_MAX\n",
         "s = p->Signed; if (s > LIM) return 1; __readmsr(s);", "__readmsr", NOT_VALID},
        {"a limit cast to signed", "#define LIM ((LONG)sizeof(ULONG) * 8)\n",
         "s = p->Signed; if (s > LIM) return 1; __readmsr(s);", "__readmsr", NOT_VALID},
        {"a limit cast to int of an unsigned one", "#define UMAX 0x20u\n#define LIM ((int)UMAX)\n",
         "s = p->Signed; if (s > LIM) return 1; __readmsr(s);", "__readmsr", NOT_VALID},
        {"an unsigned limit", "#define LIM 0x20u\n",
         "s = p->Signed; if (s > LIM) return 1; __readmsr(s);", "__readmsr", VALID},
        {"an unsigned limit by another name", "#define UMAX 32UL\n#define LIM (UMAX)\n",
         "s = p->Signed; if (s > LIM) return 1; __readmsr(s);", "__readmsr", VALID},
        {"an enumerator is signed", "enum { LIM = 32 };\n",
         "s = p->Signed; if (s > LIM) return 1; __readmsr(s);", "__readmsr", NOT_VALID},
        {"a pointer made small before the test", NULL,
         "if (PtrToUlong(p->Ptr) > 0x1000) return 1; ExFreePool(p->Ptr);", "ExFreePool", NOT_VALID},
        {"a handle made small before the test", NULL,
         "if (HandleToULong(p->Ptr) != 4) return 1; ZwTerminateProcess(p->Ptr, 0);",
         "ZwTerminateProcess", NOT_VALID},
        {"a wide value assigned to a narrow one and tested", NULL,
         "r = (ULONG)p->Val; if (r > 16) return 1; ExAllocatePoolWithTag(0, p->Val, 'x');",
         "ExAllocatePoolWithTag", NOT_VALID},
        {"a narrow variable of a wide value", NULL,
         "UCHAR c = p->Reg; if (c > 16) return 1; __readmsr(p->Reg);", "__readmsr", NOT_VALID},
        {"a narrow variable itself", NULL, "UCHAR c = p->Reg; if (c > 16) return 1; __readmsr(c);",
         "__readmsr", VALID},
        {"a signed narrow variable", NULL, "CHAR c = p->Reg; if (c > 16) return 1; __readmsr(c);",
         "__readmsr", NOT_VALID},
        {"a short compared as int", NULL,
         "SHORT c = (SHORT)p->Reg; if (c >= 16) return 1; buf[c] = 1;", "buf[i]=v", NOT_VALID},
        {"abs of a signed value", NULL,
         "s = p->Signed; if (s < 0) s = -s; if (s > MAX_R) return 1; __readmsr(p->Signed);",
         "__readmsr", NOT_VALID},
        {"a sum that wraps in its type", NULL,
         "USHORT c = (USHORT)(p->Port + 8); if (c > 0x100) return 1; __inbyte(p->Port);",
         "__inbyte", NOT_VALID},
        {"a limit as good as none", NULL, "if (p->Reg < 0xFFFFFFFF) __readmsr(p->Reg);",
         "__readmsr", NOT_VALID},
        {"a mask as good as none", NULL, "__readmsr(p->Reg & 0x7FFFFFFF);", "__readmsr", NOT_VALID},
        {"a test of the low half", NULL,
         "if ((p->Val & 0xFFFFFFFF) > 16) return 1; __writemsr(0x10, p->Val);", "__writemsr",
         NOT_VALID},
        {"a test of the high half", NULL,
         "if ((p->Val >> 32) != 0) return 1; __writemsr(0x10, p->Val);", "__writemsr", NOT_VALID},
        {"a mask test of some bits", NULL, "if ((p->Reg & 0xFF) == 0x10) __readmsr(p->Reg);",
         "__readmsr", NOT_VALID},
        {"a mask that must be there", NULL, "if (!(p->Reg & 0x10)) return 1; __readmsr(p->Reg);",
         "__readmsr", NOT_VALID},
    };
    CHECK_CASES(*state, cases);
}

static void values_come_back_changed(void **state) {
    static const flow_case cases[] = {
        {"a compound literal", NULL, "IN1 l; l = (IN1){.Reg = p->Reg}; __readmsr(l.Reg);",
         "__readmsr", NOT_VALID},
        {"an initialiser with an element of the caller's", NULL,
         "IN1 l = {p->Items[1]}; __readmsr(l.Reg);", "__readmsr", NOT_VALID},
        {"an operation in an initialiser", NULL,
         "ULONG l[1] = {(ULONG)__readmsr(p->Reg)}; r = l[0];", "__readmsr", OPEN},
        {"exchanged", NULL, "r = 1; InterlockedExchange((LONG *)&r, p->Reg); __readmsr(r);",
         "__readmsr", NOT_VALID},
        {"added to", NULL, "r = 1; InterlockedAdd((LONG *)&r, p->Reg); __readmsr(r);", "__readmsr",
         NOT_VALID},
        {"bytes swapped", NULL, "__readmsr(_byteswap_ulong(p->Reg));", "__readmsr", NOT_VALID},
        {"bytes swapped by the kit", NULL, "r = RtlUlongByteSwap(p->Reg); __readmsr(r);",
         "__readmsr", NOT_VALID},
        {"a number in a text", NULL,
         "UNICODE_STRING t; t.Buffer = (PWCH)p->Items; t.Length = 8; t.MaximumLength = 8;\n"
         "RtlUnicodeStringToInteger(&t, 16, &r); __readmsr(r);",
         "__readmsr", NOT_VALID},
        {"a number in a text, by the C library", NULL,
         "r = strtoul((char *)p, NULL, 0);\n"
         "__readmsr(r);",
         "__readmsr", NOT_VALID},
        {"filled with a byte", NULL, "memset(&r, p->Small, 4); __readmsr(r);", "__readmsr",
         NOT_VALID},
        {"filled with a byte, the kit's order", NULL,
         "RtlFillMemory(&r, 4, p->Small); __readmsr(r);", "__readmsr", NOT_VALID},
        {"copied safely", NULL, "memcpy_s(&r, 4, &p->Reg, 4); __readmsr(r);", "__readmsr",
         NOT_VALID},
        {"scanned", NULL, "sscanf_s((char *)p, \"%u\", &r); __readmsr(r);", "__readmsr", NOT_VALID},
        {"two blocks of one helper",
         "static PIN1 New(void) { return (PIN1)ExAllocatePoolWithTag(0, sizeof(IN1), 'x'); }\n",
         "PIN1 a = New(); PIN1 b = New(); a->Reg = p->Reg; b->Reg = 5; __readmsr(a->Reg);",
         "__readmsr", NOT_VALID},
        {"checked, then refilled by a routine", NULL,
         "if (p->Reg > MAX_R) return 1; RtlCopyBytes(&p->Reg, &p->Len, 4); __readmsr(p->Reg);",
         "__readmsr", NOT_VALID},
        {"checked, then refilled by a string routine", NULL,
         "if (p->Reg > MAX_R) return 1; RtlStringCbCopyA((char *)p, 8, (char *)p->Items);\n"
         "__readmsr(p->Reg);",
         "__readmsr", NOT_VALID},
        {"checked, then moved down", NULL,
         "if (p->Reg > MAX_R) return 1; memmove(p, (PUCHAR)p + 4, 32); __readmsr(p->Reg);",
         "__readmsr", NOT_VALID},
        {"checked, then partly overwritten", NULL,
         "if (p->Reg > MAX_R) return 1; ((PUCHAR)p)[3] = p->Small; __readmsr(p->Reg);", "__readmsr",
         NOT_VALID},
        {"checked, then another block partly over it", NULL,
         "IN1 l = *p; if (p->Reg > MAX_R || l.Len > 3) return 1;\n"
         "RtlCopyMemory(&l, p, 4); __readmsr(l.Signed);",
         "__readmsr", NOT_VALID},
        {"through a pointer to a pointer", NULL,
         "PULONG q = &r; PULONG *qq = &q; r = 3; **qq = p->Reg; __readmsr(r);", "__readmsr",
         NOT_VALID},
        {"by one of two pointers", NULL,
         "ULONG a = 1, b = 2; PULONG q = p->Len ? &a : &b; *q = p->Reg; __readmsr(a);", "__readmsr",
         NOT_VALID},
        {"in a loop that shifts", NULL,
         "ULONG a = 1, b = 1, c = 1; for (i = 0; i < 3; i++) { a = b; b = c; c = p->Reg; }\n"
         "__readmsr(a);",
         "__readmsr", NOT_VALID},
        {"a list in memory of the driver's", NULL,
         "ULONG t[8]; for (i = 0; i < 8; i++) t[i] = p->Items[i]; __readmsr(t[2]);", "__readmsr",
         NOT_VALID},
        {"one element checked, another used", NULL,
         "for (i = 0; i < 8; i++) { if (p->Items[0] > MAX_R) return 1; } __readmsr(p->Items[3]);",
         "__readmsr", NOT_VALID},
        {"every element checked, outside the loop used", NULL,
         "for (i = 0; i < p->Len; i++) { if (p->Items[i] > MAX_R) return 1; }\n"
         "__readmsr(p->Items[3]);",
         "__readmsr", NOT_VALID},
        {"the index moved after the check", NULL,
         "i = p->Reg; if (i >= 8) return 1; if (p->Items[i] > MAX_R) return 1; i++;\n"
         "__readmsr(p->Items[i]);",
         "__readmsr", NOT_VALID},
    };
    CHECK_CASES(*state, cases);
}

static void what_others_leave_is_not_trusted(void **state) {
    static const flow_case cases[] = {
        {"a limit that the caller sets", NULL,
         "if (p->Len) { g_limit = p->Len; } else { if (p->Reg >= g_limit) goto out; "
         "__readmsr(p->Reg); }",
         "__readmsr", NOT_VALID},
        {"a limit that nobody sets", NULL, "if (p->Reg >= g_limit) goto out; __readmsr(p->Reg);",
         "__readmsr", VALID},
        {"a table that the caller fills", "ULONG g_table[8];\n",
         "if (p->Reg > 7) goto out; if (p->Len) { g_table[p->Reg] = p->Len; }\n"
         "else { __readmsr(g_table[p->Reg]); }",
         "__readmsr", NOT_VALID},
        {"equal to what the caller left", NULL,
         "if (p->Len) { g_limit = p->Len; } else { if (p->Reg != g_limit) goto out; "
         "__readmsr(p->Reg); }",
         "__readmsr", NOT_VALID},
        {"one way the caller's, checked, the other kept", NULL,
         "if (p->Small) { g_limit = p->Len; } r = g_limit;\n"
         "if (p->Len) { if (p->Reg > MAX_R) goto out; r = p->Reg; } __readmsr(r);",
         "__readmsr", NOT_VALID},
        {"a mask that the caller left", NULL,
         "if (p->Small) { g_limit = p->Len; goto out; } __readmsr(p->Reg & g_limit);", "__readmsr",
         NOT_VALID},
        {"a flag that the caller left", NULL,
         "if (p->Small) { g_limit = p->Len; goto out; } if (g_limit || p->Reg < MAX_R) "
         "__readmsr(p->Reg);",
         "__readmsr", NOT_VALID},
        {"checked against a member of the caller's own", NULL,
         "if (p->Reg >= p->Items[0] || p->Items[0] > p->Items[1]) goto out; __readmsr(p->Reg);",
         "__readmsr", NOT_VALID},
    };
    CHECK_CASES(*state, cases);
}

static void tests_that_stop_nothing(void **state) {
    static const flow_case cases[] = {
        {"an assumption", NULL, "__assume(p->Reg <= MAX_R); __readmsr(p->Reg);", "__readmsr",
         NOT_VALID},
        {"an assertion that gives a value", NULL, "NT_VERIFY(p->Reg <= MAX_R); __readmsr(p->Reg);",
         "__readmsr", NOT_VALID},
        {"an assertion by hand", NULL, "if (p->Reg > MAX_R) DbgBreakPoint(); __readmsr(p->Reg);",
         "__readmsr", NOT_VALID},
        {"an empty refusal", NULL, "if (p->Reg > MAX_R); __readmsr(p->Reg);", "__readmsr",
         NOT_VALID},
        {"a status nobody reads", NULL,
         "if (p->Reg > MAX_R) status = STATUS_INVALID_PARAMETER; __readmsr(p->Reg);", "__readmsr",
         NOT_VALID},
        {"a break out of another loop", NULL,
         "for (i = 0; i < 1; i++) { if (p->Reg > MAX_R) break; } __readmsr(p->Reg);", "__readmsr",
         NOT_VALID},
        {"a continue that comes to the same", NULL,
         "for (i = 0; i < 4; i++) { if (p->Items[i] > MAX_R) continue; } __readmsr(p->Items[0]);",
         "__readmsr", NOT_VALID},
        {"falls into the next case", NULL,
         "switch (p->Len) { case 1: if (p->Reg > MAX_R) break; case 2: __readmsr(p->Reg); }",
         "__readmsr", NOT_VALID},
        {"one of two ways joined by or", NULL,
         "if (p->Reg <= MAX_R || p->Len == 7) __readmsr(p->Reg);", "__readmsr", NOT_VALID},
        {"not of and", NULL, "if (!(p->Reg > MAX_R && p->Len)) __readmsr(p->Reg);", "__readmsr",
         NOT_VALID},
        {"bitwise and of tests", NULL, "if ((p->Reg <= MAX_R) | (p->Len == 3)) __readmsr(p->Reg);",
         "__readmsr", NOT_VALID},
        {"a precedence mistake", NULL, "if (p->Reg & 0xF0 == 0) __readmsr(p->Reg);", "__readmsr",
         NO_SINK},
        {"a double negation that is none", NULL, "if (!p->Reg <= MAX_R) __readmsr(p->Reg);",
         "__readmsr", NOT_VALID},
        {"comma for and", NULL, "if (p->Len < 4, p->Small) __readmsr(p->Len);", "__readmsr",
         NOT_VALID},
        {"an element of the set too many", NULL,
         "switch (p->Reg) { case 0x10: break; case 0x11: break; } __readmsr(p->Reg);", "__readmsr",
         NOT_VALID},
        {"size of a pointer", NULL, "if (inLen < sizeof(p)) goto out; __readmsr(p->Reg);",
         "__readmsr", NOT_VALID},
        {"equal, with an assignment", NULL, "if ((r = p->Reg) == 0x10) { } __readmsr(r);",
         "__readmsr", NOT_VALID},
        {"assigned and tested", NULL, "if ((r = p->Reg) > MAX_R) goto out; __readmsr(r);",
         "__readmsr", VALID},
        {"tested by a ternary that gives both", NULL,
         "r = p->Reg > MAX_R ? p->Reg : p->Reg; __readmsr(r);", "__readmsr", NOT_VALID},
        {"clamped by a wrong macro", "#define CLAMP(x) ((x) < MAX_R ? MAX_R : (x))\n",
         "__readmsr(CLAMP(p->Reg));", "__readmsr", NOT_VALID},
        {"clamped from below only", NULL, "r = p->Reg; if (r < MIN_R) r = MIN_R; __readmsr(r);",
         "__readmsr", NOT_VALID},
        {"a helper that checks another parameter",
         "static BOOLEAN Ok(ULONG a, ULONG b) { return b <= MAX_R; }\n",
         "if (!Ok(p->Reg, p->Len)) goto out; __readmsr(p->Reg);", "__readmsr", NOT_VALID},
        {"a helper that checks a copy and changes it back",
         "static BOOLEAN Ok(ULONG *a) { ULONG k = *a; if (k > MAX_R) { k = MAX_R; } return TRUE; "
         "}\n",
         "r = p->Reg; if (!Ok(&r)) goto out; __readmsr(r);", "__readmsr", NOT_VALID},
        {"a helper whose status is of something else",
         "static NTSTATUS Check(PIN1 q) { if (q->Reg > MAX_R) DbgPrint(\"x\"); return 0; }\n",
         "if (!NT_SUCCESS(Check(p))) goto out; __readmsr(p->Reg);", "__readmsr", NOT_VALID},
        {"a refusal that counts as success",
         "static NTSTATUS Check(PIN1 q) { if (q->Reg > MAX_R) return STATUS_PENDING; return 0; }\n",
         "if (!NT_SUCCESS(Check(p))) goto out; __readmsr(p->Reg);", "__readmsr", NOT_VALID},
        {"success tested as not zero",
         "static NTSTATUS Check(PIN1 q) { return q->Reg > MAX_R ? STATUS_UNSUCCESSFUL : 0; }\n",
         "if (Check(p)) __readmsr(p->Reg);", "__readmsr", NOT_VALID},
        {"a check under a debug switch", "BOOLEAN g_verify;\n",
         "if (g_verify && p->Reg > MAX_R) goto out; __readmsr(p->Reg);", "__readmsr", NOT_VALID},
        {"a check for one mode", NULL,
         "if (Irp->RequestorMode == UserMode && p->Reg > MAX_R) goto out; __readmsr(p->Reg);",
         "__readmsr", NOT_VALID},
    };
    CHECK_CASES(*state, cases);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(exceptions_take_other_ways), WITH_FIXTURE(signs_and_widths_decide),
        WITH_FIXTURE(values_come_back_changed),   WITH_FIXTURE(what_others_leave_is_not_trusted),
        WITH_FIXTURE(tests_that_stop_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
