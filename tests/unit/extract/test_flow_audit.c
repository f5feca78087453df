#include "flow_case.h"

/*
 * Ways in which the caller's data gets lost on the way to a privileged operation. However it
 * travels, the operation is never called validated without a check of the value itself.
 */

static const flow_case lost[] = {
    {"a structure given back by value", "static IN1 Get(PIN1 p) { return *p; }\n",
     "IN1 x = Get(p); __readmsr(x.Reg);", "__readmsr", NOT_VALID},
    {"a member of what a call gives back", "static IN1 Get(PIN1 p) { return *p; }\n",
     "__readmsr(Get(p).Reg);", "__readmsr", NOT_VALID},
    {"a global pointer that a helper follows",
     "PIN1 g_p; static void Use(void) { __readmsr(g_p->Reg); }\n", "g_p = p; Use();", "__readmsr",
     NOT_VALID},
    {"a static variable", "static void Use(ULONG v) { static ULONG s; s = v; __readmsr(s); }\n",
     "Use(p->Reg);", "__readmsr", NOT_VALID},
    {"a pointer through a pointer", "static void Get(PIN1 *q, PIN1 p) { *q = p; }\n",
     "PIN1 q; Get(&q, p); __readmsr(q->Reg);", "__readmsr", NOT_VALID},
    {"one of two pointers", NULL, "IN1 l; l.Reg = 1; __readmsr((inLen > 8 ? p : &l)->Reg);",
     "__readmsr", NOT_VALID},
    {"bytes swapped", NULL, "__readmsr(RtlUlongByteSwap(p->Reg));", "__readmsr", NOT_VALID},
    {"parts put together", NULL, "__readmsr((p->Port << 16) | p->Small);", "__readmsr", NOT_VALID},
    {"an array of pointers", NULL, "PULONG a[2]; a[0] = &p->Reg; a[1] = &p->Len; __readmsr(*a[1]);",
     "__readmsr", NOT_VALID},
    {"copied in a loop", NULL,
     "for (i = 0; i < 8; i++) buf[i] = ((PUCHAR)p)[i]; __readmsr(*(PULONG)buf);", "__readmsr",
     NOT_VALID},
    {"copied by memory, read by members", NULL,
     "RtlCopyMemory(buf, p, 16); __readmsr(((PIN1)buf)->Reg);", "__readmsr", NOT_VALID},
    {"a union's other member", "typedef union { ULONG a; USHORT b[2]; } U;\n",
     "U u; u.a = p->Reg; __readmsr(u.b[0]);", "__readmsr", NOT_VALID},
    {"an assignment in a condition", NULL, "while ((r = p->Reg) != 0) { __readmsr(r); break; }",
     "__readmsr", NOT_VALID},
    {"a helper of many arguments",
     "static void Many(ULONG a, ULONG b, ULONG c, ULONG d, ULONG e, ULONG f, ULONG g, ULONG h,\n"
     "  ULONG v) { __readmsr(v); }\n",
     "Many(1, 2, 3, 4, 5, 6, 7, 8, p->Reg);", "__readmsr", NOT_VALID},
    {"a pointer to a function", "static void Use(ULONG v) { __readmsr(v); }\n",
     "{ void (*f)(ULONG) = Use; f(p->Reg); }", "__readmsr", NOT_VALID},
    {"a table filled at start",
     "static void Use(ULONG v) { __readmsr(v); }\n"
     "typedef struct { void (*Run)(ULONG); } OPS; OPS g_ops;\n"
     "static void Start(void) { g_ops.Run = Use; }\n",
     "g_ops.Run(p->Reg);", "__readmsr", NOT_VALID},
    {"the same by its address",
     "static void Use(ULONG v) { __readmsr(v); }\n"
     "typedef struct { void (*Run)(ULONG); } OPS; typedef struct { OPS *Ops; } DEV; DEV *g_dev;\n"
     "static OPS g_ops; static void Start(void) { g_ops.Run = &Use; g_dev->Ops = &g_ops; }\n",
     "g_dev->Ops->Run(p->Reg);", "__readmsr", NOT_VALID},
};

static const flow_case checks[] = {
    {"a check of the low byte", NULL, "if ((UCHAR)p->Reg < 4) __readmsr(p->Reg);", "__readmsr",
     NOT_VALID},
    {"a check of some bits", NULL, "if (p->Reg & 0xF0) break; __readmsr(p->Reg);", "__readmsr",
     NOT_VALID},
    {"a check that a switch does not act on", NULL,
     "switch (p->Reg) { case 1: case 2: break; default: DbgPrint(\"x\"); } __readmsr(p->Reg);",
     "__readmsr", NOT_VALID},
    {"a status that nobody looks at",
     "static NTSTATUS Check(ULONG v) { return v < 4 ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER; "
     "}\n",
     "status = Check(p->Reg); __readmsr(p->Reg);", "__readmsr", NOT_VALID},
    {"a status that is overwritten",
     "static NTSTATUS Check(ULONG v) { return v < 4 ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER; "
     "}\n",
     "status = Check(p->Reg); status = STATUS_SUCCESS; if (!NT_SUCCESS(status)) break;\n"
     "__readmsr(p->Reg);",
     "__readmsr", NOT_VALID},
    {"a check for some callers only", NULL,
     "if (g_limit) { if (p->Reg > 4) break; } __readmsr(p->Reg);", "__readmsr", NOT_VALID},
    {"a check of what a helper then changes", "static void Fix(PULONG v) { *v = *v * 16; }\n",
     "r = p->Reg; if (r > 4) break; r = p->Len; Fix(&r); __readmsr(r);", "__readmsr", NOT_VALID},
    {"a check of another element", NULL, "if (p->Items[0] > 4) break; __readmsr(p->Items[1]);",
     "__readmsr", NOT_VALID},
    {"a check of an element that a loop leaves behind", NULL,
     "for (i = 0; i < 4; i++) if (p->Items[i] > 4) break; __readmsr(p->Items[5]);", "__readmsr",
     NOT_VALID},
    {"a check of a copy made before", NULL,
     "IN1 l = *p; if (l.Reg > 4) break; l = *p; p->Reg = p->Len; __readmsr(p->Reg);", "__readmsr",
     NOT_VALID},
    {"a check in an exception that is passed", NULL,
     "__try { if (p->Reg > 4) ExRaiseStatus(1); } __except (1) { } __readmsr(p->Reg);", "__readmsr",
     NOT_VALID},
    {"a check of the length of the buffer", NULL,
     "if (inLen < sizeof(IN1)) break; __readmsr(p->Reg);", "__readmsr", NOT_VALID},
    {"a check by a function that is not here", NULL,
     "if (!IsAllowed(p->Reg)) break; __readmsr(p->Reg);", "__readmsr", NOT_VALID},
    {"a check through a pointer that is not known", "BOOLEAN (*g_check)(ULONG);\n",
     "if (!g_check(p->Reg)) break; __readmsr(p->Reg);", "__readmsr", NOT_VALID},
};

static void what_is_lost_on_the_way_is_never_validated(void **state) {
    CHECK_CASES(*state, lost);
}

static void a_check_of_something_else_is_none(void **state) {
    CHECK_CASES(*state, checks);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(what_is_lost_on_the_way_is_never_validated),
        WITH_FIXTURE(a_check_of_something_else_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
