#include "flow_case.h"

/*
 * Registers, ports and configuration space: the forms in which drivers constrain what a caller may
 * choose, each beside its near misses. What a verdict must be follows from C and from the rule
 * that a check counts only on the very value, before the use, on every way, with both bounds.
 */

#define VALID RM_VALIDATION_VALIDATED
#define PARTIAL RM_VALIDATION_PARTIAL
#define OPEN RM_VALIDATION_UNVALIDATED
#define UNKNOWN RM_VALIDATION_UNKNOWN

static void a_register_is_compared(void **state) {
    static const flow_case cases[] = {
        {"no check", NULL, "__readmsr(p->Reg);", "__readmsr", OPEN},
        {"equal", NULL, "if (p->Reg == 0x10) __readmsr(p->Reg);", "__readmsr", VALID},
        {"not equal leaves", NULL,
         "if (p->Reg != 0x10) return STATUS_INVALID_PARAMETER;\n"
         "__readmsr(p->Reg);",
         "__readmsr", VALID},
        {"constant first", NULL, "if (0x10 == p->Reg) { __readmsr(p->Reg); }", "__readmsr", VALID},
        {"the other branch", NULL, "if (p->Reg == 0x10) return 1; __readmsr(p->Reg);", "__readmsr",
         OPEN},
        {"range", NULL, "if (p->Reg >= MIN_R && p->Reg <= MAX_R) __readmsr(p->Reg);", "__readmsr",
         VALID},
        {"range, refused", NULL,
         "if (p->Reg < MIN_R || p->Reg > MAX_R) { status = 1; goto out; }\n"
         "__readmsr(p->Reg);",
         "__readmsr", VALID},
        {"unsigned needs one bound", NULL, "if (p->Reg > MAX_R) goto out; __readmsr(p->Reg);",
         "__readmsr", VALID},
        {"lower bound only", NULL, "if (p->Reg < MIN_R) goto out; __readmsr(p->Reg);", "__readmsr",
         PARTIAL},
        {"both tests, joined by or", NULL,
         "if (p->Reg >= MIN_R || p->Reg <= MAX_R) __readmsr(p->Reg);", "__readmsr", OPEN},
        {"chain", NULL, "if (MIN_R <= p->Reg <= MAX_R) __readmsr(p->Reg);", "__readmsr", OPEN},
        {"chain, refused", NULL, "if (!(MIN_R <= p->Reg <= MAX_R)) return 1; __readmsr(p->Reg);",
         "__readmsr", OPEN},
        {"assignment for comparison", NULL, "if (p->Reg = 0x10) { } __readmsr(p->Len);",
         "__readmsr", OPEN},
        {"every value passes", NULL, "if (p->Reg <= 0xFFFFFFFF) __readmsr(p->Reg);", "__readmsr",
         OPEN},
        {"signed, upper only", NULL, "s = p->Signed; if (s > MAX_R) return 1; __readmsr(s);",
         "__readmsr", PARTIAL},
        {"signed, both", NULL, "s = p->Signed; if (s < 0 || s > MAX_R) return 1; __readmsr(s);",
         "__readmsr", VALID},
        {"made signed, upper only", NULL,
         "s = (LONG)p->Reg; if (s > MAX_R) return 1; __readmsr(s);", "__readmsr", PARTIAL},
        {"signed beside sizeof is unsigned", NULL,
         "s = p->Signed; if (s >= sizeof(buf)) return 1; __readmsr(s);", "__readmsr", VALID},
        {"after truncation", NULL, "if ((UCHAR)p->Reg < 4) __readmsr(p->Reg);", "__readmsr", OPEN},
        {"the truncated value itself", NULL, "if ((UCHAR)p->Reg < 4) __readmsr((UCHAR)p->Reg);",
         "__readmsr", VALID},
        {"a type is no check", NULL, "__readmsr(p->Small);", "__readmsr", OPEN},
        {"another value", NULL, "if (p->Len <= MAX_R) __readmsr(p->Reg);", "__readmsr", OPEN},
        {"then another value", NULL,
         "r = p->Reg; if (r > MAX_R) goto out; r = p->Len;\n"
         "__readmsr(r);",
         "__readmsr", OPEN},
        {"bounded by the caller", NULL, "if (p->Reg < p->Len) __readmsr(p->Reg);", "__readmsr",
         OPEN},
        {"bounded by what is bounded", NULL,
         "if (p->Len > 8) goto out; if (p->Reg < p->Len) __readmsr(p->Reg);", "__readmsr", VALID},
        {"bounded by the driver's own", NULL, "if (p->Reg >= g_limit) goto out; __readmsr(p->Reg);",
         "__readmsr", VALID},
        {"no way out", NULL, "if (p->Reg > MAX_R) { DbgPrint(\"bad\"); } __readmsr(p->Reg);",
         "__readmsr", OPEN},
        {"status set and overwritten", NULL,
         "if (p->Reg > MAX_R) status = STATUS_INVALID_PARAMETER; status = STATUS_SUCCESS;\n"
         "if (NT_SUCCESS(status)) __readmsr(p->Reg);",
         "__readmsr", OPEN},
        {"status decides", NULL,
         "if (p->Reg > MAX_R) status = STATUS_INVALID_PARAMETER;\n"
         "if (NT_SUCCESS(status)) __readmsr(p->Reg);",
         "__readmsr", VALID},
        {"a flag decides", NULL,
         "ok = FALSE; if (p->Reg >= MIN_R && p->Reg <= MAX_R) ok = TRUE;\n"
         "if (!ok) goto out; __readmsr(p->Reg);",
         "__readmsr", VALID},
        {"the wrong flag", NULL,
         "ok = TRUE; if (p->Reg > MAX_R) ok = TRUE; if (!ok) goto out; __readmsr(p->Reg);",
         "__readmsr", OPEN},
        {"the test as a value", NULL, "ok = p->Reg <= MAX_R; if (ok) __readmsr(p->Reg);",
         "__readmsr", VALID},
        {"an assertion", NULL, "NT_ASSERT(p->Reg <= MAX_R); __readmsr(p->Reg);", "__readmsr", OPEN},
        {"too late", NULL, "__readmsr(p->Reg); if (p->Reg > MAX_R) goto out;", "__readmsr", OPEN},
        {"on one way only", NULL,
         "if (p->Len) { if (p->Reg > MAX_R) goto out; } __readmsr(p->Reg);", "__readmsr", OPEN},
        {"on both ways", NULL,
         "if (p->Len) { if (p->Reg > MAX_R) goto out; } else { if (p->Reg != 3) goto out; }\n"
         "__readmsr(p->Reg);",
         "__readmsr", VALID},
        {"minimum trick", NULL, "if (p->Reg - MIN_R <= MAX_R - MIN_R) __readmsr(p->Reg);",
         "__readmsr", VALID},
        {"sum may overflow", NULL, "if (p->Reg + 4 <= MAX_R) __readmsr(p->Reg);", "__readmsr",
         OPEN},
        {"sum of bounded parts", NULL,
         "if (p->Reg > 8 || p->Len > 8) goto out; __readmsr(p->Reg + p->Len);", "__readmsr", VALID},
        {"sum of one bounded part", NULL, "if (p->Reg > 8) goto out; __readmsr(p->Reg + p->Len);",
         "__readmsr", OPEN},
        {"high bits must be zero", NULL, "if (p->Reg & ~0xF) goto out; __readmsr(p->Reg);",
         "__readmsr", VALID},
        {"low bits must be zero", NULL, "if (p->Reg & 3) goto out; __readmsr(p->Reg);", "__readmsr",
         OPEN},
        {"length is no register", NULL, "if (inLen < sizeof(IN1)) goto out; __readmsr(p->Reg);",
         "__readmsr", OPEN},
        {"constant", NULL, "__readmsr(0x1B);", "__readmsr", VALID},
    };
    CHECK_CASES(*state, cases);
}

static void a_register_is_made_small(void **state) {
    static const flow_case cases[] = {
        {"mask", NULL, "__readmsr(p->Reg & 0xF);", "__readmsr", VALID},
        {"mask and base", NULL, "__readmsr(0x174 + (p->Reg & 3));", "__readmsr", VALID},
        {"mask of everything", NULL, "__readmsr(p->Reg & 0xFFFFFFFF);", "__readmsr", OPEN},
        {"alignment mask", NULL, "__readmsr(p->Reg & ~3);", "__readmsr", OPEN},
        {"mask kept in a variable", NULL, "r = p->Reg & 7; __readmsr(r);", "__readmsr", VALID},
        {"mask, then the other", NULL, "r = p->Reg & 7; __readmsr(p->Reg);", "__readmsr", OPEN},
        {"and-assign", NULL, "r = p->Reg; r &= 7; __readmsr(r);", "__readmsr", VALID},
        {"remainder", NULL, "__readmsr(p->Reg % 8);", "__readmsr", VALID},
        {"remainder by the caller", NULL, "__readmsr(p->Reg % p->Len);", "__readmsr", OPEN},
        {"clamp", NULL, "r = p->Reg; if (r > MAX_R) r = MAX_R; __readmsr(r);", "__readmsr", VALID},
        {"clamp of another", NULL, "r = p->Reg; if (r > MAX_R) i = MAX_R; __readmsr(r);",
         "__readmsr", OPEN},
        {"min", NULL, "__readmsr(min(p->Reg, MAX_R));", "__readmsr", VALID},
        {"max", NULL, "__readmsr(max(p->Reg, MAX_R));", "__readmsr", PARTIAL},
        {"conditional", NULL, "__readmsr(p->Reg > MAX_R ? MAX_R : p->Reg);", "__readmsr", VALID},
        {"conditional, turned round", NULL, "__readmsr(p->Reg > MAX_R ? p->Reg : MAX_R);",
         "__readmsr", PARTIAL},
        {"shift alone is no check", NULL, "__readmsr(p->Reg >> 4);", "__readmsr", OPEN},
        {"chosen among constants", NULL,
         "switch (p->Reg) { case 0: r = 0x10; break; case 1: r = 0x11; break;\n"
         "default: return STATUS_INVALID_PARAMETER; } __readmsr(r);",
         "__readmsr", VALID},
        {"chosen, default falls through", NULL,
         "r = p->Reg; switch (p->Reg) { case 0: r = 0x10; break; case 1: r = 0x11; break; }\n"
         "__readmsr(r);",
         "__readmsr", OPEN},
    };
    CHECK_CASES(*state, cases);
}

static void a_register_is_in_a_set(void **state) {
    static const flow_case cases[] = {
        {"switch", NULL,
         "switch (p->Reg) { case 0x10: case 0x11: __readmsr(p->Reg); break; default: break; }",
         "__readmsr", VALID},
        {"switch, default too", NULL,
         "switch (p->Reg) { case 0x10: default: __readmsr(p->Reg); break; }", "__readmsr", OPEN},
        {"switch refuses", NULL,
         "switch (p->Reg) { case 0x10: case 0x11: break; default: return 1; } __readmsr(p->Reg);",
         "__readmsr", VALID},
        {"or", NULL, "if (p->Reg == MIN_R || p->Reg == MAX_R) __readmsr(p->Reg);", "__readmsr",
         VALID},
        {"and of two differences", NULL,
         "if (p->Reg != MIN_R && p->Reg != MAX_R) return 1; __readmsr(p->Reg);", "__readmsr",
         VALID},
        {"or of two differences", NULL,
         "if (p->Reg != MIN_R || p->Reg != MAX_R) __readmsr(p->Reg);", "__readmsr", OPEN},
        {"list, searched", NULL,
         "ok = FALSE; for (i = 0; i < 4; i++) { if (p->Reg == g_allowed[i]) { ok = TRUE; break; } "
         "}\n"
         "if (!ok) return STATUS_INVALID_PARAMETER; __readmsr(p->Reg);",
         "__readmsr", VALID},
        {"list, searched without acting", NULL,
         "ok = FALSE; for (i = 0; i < 4; i++) { if (p->Reg == g_allowed[i]) { ok = TRUE; break; } "
         "}\n"
         "__readmsr(p->Reg);",
         "__readmsr", OPEN},
        {"list, index tells", NULL,
         "for (i = 0; i < 4; i++) { if (p->Reg == g_allowed[i]) break; }\n"
         "if (i == 4) return STATUS_INVALID_PARAMETER; __readmsr(p->Reg);",
         "__readmsr", VALID},
        {"list in a helper",
         "static BOOLEAN IsAllowed(ULONG reg) { ULONG k; for (k = 0; k < 4; k++) {\n"
         "  if (g_allowed[k] == reg) { return TRUE; } } return FALSE; }\n",
         "if (!IsAllowed(p->Reg)) return 1; __readmsr(p->Reg);", "__readmsr", VALID},
        {"list in a helper that always agrees",
         "static BOOLEAN IsAllowed(ULONG reg) { ULONG k; for (k = 0; k < 4; k++) {\n"
         "  if (g_allowed[k] == reg) { return TRUE; } } return TRUE; }\n",
         "if (!IsAllowed(p->Reg)) return 1; __readmsr(p->Reg);", "__readmsr", OPEN},
        {"table look-up, bounded", NULL, "if (p->Reg >= 4) return 1; __readmsr(g_allowed[p->Reg]);",
         "__readmsr", VALID},
        {"table look-up, off by one", NULL, "if (p->Reg > 4) return 1; data = g_allowed[p->Reg];",
         "v=buf[i]", OPEN},
        {"table look-up, its own index", NULL,
         "if (p->Reg >= ARRAYSIZE(g_allowed)) return 1; data = g_allowed[p->Reg];", "v=buf[i]",
         VALID},
        {"table look-up, no bound", NULL, "__readmsr(g_allowed[p->Reg]);", "v=buf[i]", OPEN},
        {"loop to the caller's limit", NULL, "for (r = 0; r < p->Len; r++) __readmsr(r);",
         "__readmsr", OPEN},
        {"loop to a bounded limit", NULL,
         "if (p->Len > 8) return 1; for (r = 0; r < p->Len; r++) __readmsr(r);", "__readmsr",
         VALID},
        {"loop to a constant", NULL, "for (r = 0; r < 8; r++) __readmsr(0x10 + r);", "__readmsr",
         VALID},
        {"while to the caller's limit", NULL, "r = 0; while (r != p->Len) { __readmsr(r); r++; }",
         "__readmsr", UNKNOWN},
    };
    CHECK_CASES(*state, cases);
}

static void helpers_check(void **state) {
    static const flow_case cases[] = {
        {"in the helper", "static void Do(PIN1 q) { if (q->Reg <= MAX_R) __readmsr(q->Reg); }\n",
         "Do(p);", "__readmsr", VALID},
        {"before the helper", "static void Do(ULONG reg) { __readmsr(reg); }\n",
         "if (p->Reg > MAX_R) goto out; Do(p->Reg);", "__readmsr", VALID},
        {"not at all", "static void Do(ULONG reg) { __readmsr(reg); }\n", "Do(p->Reg);",
         "__readmsr", OPEN},
        {"for one of two callers", "static void Do(ULONG reg) { __readmsr(reg); }\n",
         "if (p->Len) { if (p->Reg > MAX_R) goto out; Do(p->Reg); } else { Do(p->Reg); }",
         "__readmsr", OPEN},
        {"predicate", "static BOOLEAN Ok(ULONG x) { return x >= MIN_R && x <= MAX_R; }\n",
         "if (Ok(p->Reg)) __readmsr(p->Reg);", "__readmsr", VALID},
        {"predicate ignored", "static BOOLEAN Ok(ULONG x) { return x >= MIN_R && x <= MAX_R; }\n",
         "Ok(p->Reg); __readmsr(p->Reg);", "__readmsr", OPEN},
        {"predicate, wrong way",
         "static BOOLEAN Ok(ULONG x) { return x >= MIN_R && x <= MAX_R; }\n",
         "if (Ok(p->Reg)) return 1; __readmsr(p->Reg);", "__readmsr", OPEN},
        {"always true", "static BOOLEAN Ok(ULONG x) { return 1; }\n",
         "if (!Ok(p->Reg)) return 1; __readmsr(p->Reg);", "__readmsr", OPEN},
        {"status",
         "static NTSTATUS Check(PIN1 q) { if (q->Reg > MAX_R) "
         "return STATUS_ACCESS_DENIED; return STATUS_SUCCESS; }\n",
         "status = Check(p); if (!NT_SUCCESS(status)) return status; __readmsr(p->Reg);",
         "__readmsr", VALID},
        {"status ignored",
         "static NTSTATUS Check(PIN1 q) { if (q->Reg > MAX_R) "
         "return STATUS_ACCESS_DENIED; return STATUS_SUCCESS; }\n",
         "status = Check(p); __readmsr(p->Reg);", "__readmsr", OPEN},
        {"status overwritten",
         "static NTSTATUS Check(PIN1 q) { if (q->Reg > MAX_R) "
         "return STATUS_ACCESS_DENIED; return STATUS_SUCCESS; }\n",
         "status = Check(p); status = STATUS_SUCCESS; if (!NT_SUCCESS(status)) return status;\n"
         "__readmsr(p->Reg);",
         "__readmsr", OPEN},
        {"through an out parameter", "static void Get(PIN1 q, ULONG *out) { *out = q->Reg & 7; }\n",
         "Get(p, &r); __readmsr(r);", "__readmsr", VALID},
        {"through an out parameter, as it is",
         "static void Get(PIN1 q, ULONG *out) { *out = q->Reg; }\n", "Get(p, &r); __readmsr(r);",
         "__readmsr", OPEN},
        {"not in these sources", NULL, "if (!VendorAllows(p->Reg)) return 1; __readmsr(p->Reg);",
         "__readmsr", UNKNOWN},
        {"not in these sources, ignored", NULL, "VendorLogs(p->Len); __readmsr(p->Reg);",
         "__readmsr", OPEN},
        {"its address given away", NULL, "r = p->Reg; VendorFix(&r); __readmsr(r);", "__readmsr",
         UNKNOWN},
        {"checked, then its address given away", NULL,
         "r = p->Reg; if (r > MAX_R) return 1; VendorFix(&r, p->Len); __readmsr(r);", "__readmsr",
         UNKNOWN},
        {"checked, then the buffer given away", NULL,
         "if (p->Reg > MAX_R) return 1; VendorFix(p); __readmsr(p->Reg);", "__readmsr", UNKNOWN},
        {"function pointer", NULL, "g_ops.read(p->Reg);", "call not followed", UNKNOWN},
        {"local function pointer", "static void Do(ULONG reg) { __readmsr(reg); }\n",
         "void (*f)(ULONG) = Do; f(p->Reg);", "__readmsr", OPEN},
        {"recursion",
         "static void Do(ULONG n) { if (n > MAX_R) { Do(n - 1); return; } "
         "__readmsr(n); }\n",
         "Do(p->Reg);", "call not followed", UNKNOWN},
        {"macro that returns",
         "#define CHECK(x) if ((x) > MAX_R) return STATUS_INVALID_PARAMETER\n",
         "CHECK(p->Reg); __readmsr(p->Reg);", "__readmsr", VALID},
        {"macro in a loop of its own",
         "#define CHECK(x) do { if ((x) > MAX_R) return STATUS_INVALID_PARAMETER; } while (0)\n",
         "CHECK(p->Reg); __readmsr(p->Reg);", "__readmsr", VALID},
        {"macro that only traces",
         "#define CHECK(x) do { if ((x) > MAX_R) DbgPrint(\"x\"); } "
         "while (0)\n",
         "CHECK(p->Reg); __readmsr(p->Reg);", "__readmsr", OPEN},
        {"macro for a value", "#define IN_RANGE(x) ((x) >= MIN_R && (x) <= MAX_R)\n",
         "if (!IN_RANGE(p->Reg)) return 1; __readmsr(p->Reg);", "__readmsr", VALID},
    };
    CHECK_CASES(*state, cases);
}

static void memory_keeps_what_was_checked(void **state) {
    static const flow_case cases[] = {
        {"copied, then checked", NULL,
         "IN1 l; RtlCopyMemory(&l, p, sizeof(l)); if (l.Reg > MAX_R) return 1; __readmsr(l.Reg);",
         "__readmsr", VALID},
        {"checked, then copied", NULL,
         "IN1 l; if (p->Reg > MAX_R) return 1; l = *p; __readmsr(l.Reg);", "__readmsr", VALID},
        {"another member of the copy", NULL,
         "IN1 l; RtlCopyMemory(&l, p, sizeof(l)); if (l.Reg > MAX_R) return 1; __readmsr(l.Len);",
         "__readmsr", OPEN},
        {"written through another name", NULL,
         "PULONG q = &p->Reg; if (p->Reg > MAX_R) return 1; *q = p->Len; __readmsr(p->Reg);",
         "__readmsr", OPEN},
        {"written at an index", NULL,
         "if (p->Items[0] > MAX_R || p->Reg > 7) return 1; p->Items[p->Reg] = p->Len;\n"
         "__readmsr(p->Items[0]);",
         "__readmsr", OPEN},
        {"overwritten whole", NULL,
         "if (p->Reg > MAX_R) return 1; RtlCopyMemory(p, p->Items, 4); __readmsr(p->Reg);",
         "__readmsr", OPEN},
        {"first bytes by two widths", NULL, "if (*(PUCHAR)p > 3) return 1; __readmsr(*(PULONG)p);",
         "__readmsr", OPEN},
        {"first bytes by one width", NULL, "if (*(PULONG)p > 3) return 1; __readmsr(*(PULONG)p);",
         "__readmsr", VALID},
        {"user pointer, read twice", NULL,
         "PIN1 u = sp->Parameters.DeviceIoControl.Type3InputBuffer; ProbeForRead(u, sizeof(*u), "
         "1);\n"
         "if (u->Reg <= MAX_R) __readmsr(u->Reg);",
         "__readmsr", OPEN},
        {"user pointer, read once", NULL,
         "PIN1 u = sp->Parameters.DeviceIoControl.Type3InputBuffer; ProbeForRead(u, sizeof(*u), "
         "1);\n"
         "r = u->Reg; if (r <= MAX_R) __readmsr(r);",
         "__readmsr", VALID},
        {"user pointer, a probe is no check", NULL,
         "PIN1 u = sp->Parameters.DeviceIoControl.Type3InputBuffer; ProbeForRead(u, sizeof(*u), "
         "1);\n"
         "r = u->Reg; __readmsr(r);",
         "__readmsr", OPEN},
        {"locked pages, read twice", NULL,
         "PIN1 u = MmGetSystemAddressForMdlSafe(Irp->MdlAddress, 0);\n"
         "if (u->Reg > MAX_R) return 1; __readmsr(u->Reg);",
         "__readmsr", OPEN},
        {"kept for later", "typedef struct _CTX { ULONG saved; } CTX; CTX *g_ctx;\n",
         "if (p->Len) { g_ctx->saved = p->Reg; } else { __readmsr(g_ctx->saved); }", "__readmsr",
         OPEN},
        {"kept, and used at once", "typedef struct _CTX { ULONG saved; } CTX; CTX *g_ctx;\n",
         "g_ctx->saved = p->Reg; __readmsr(g_ctx->saved);", "__readmsr", OPEN},
        {"the driver's own", "typedef struct _CTX { ULONG own; } CTX; CTX *g_ctx;\n",
         "__readmsr(g_ctx->own);", "__readmsr", VALID},
        {"union", "typedef union _U { ULONG a; struct { USHORT lo; USHORT hi; } h; } U;\n",
         "U u; u.a = p->Reg; if (u.h.lo > 3) return 1; __readmsr(u.a);", "__readmsr", OPEN},
        {"union, written by the other name",
         "typedef union _U { ULONG a; struct { USHORT lo; USHORT hi; } h; } U;\n",
         "U u; u.a = 3; u.h.hi = (USHORT)p->Reg; __readmsr(u.a);", "__readmsr", OPEN},
    };
    CHECK_CASES(*state, cases);
}

static void values_are_data_too(void **state) {
    static const flow_case cases[] = {
        {"register and value", NULL, "__writemsr(p->Reg, p->Val);", "__writemsr", OPEN},
        {"register only", NULL, "if (p->Reg != 0x10) return 1; __writemsr(p->Reg, p->Val);",
         "__writemsr", PARTIAL},
        {"value only", NULL, "if (p->Val > 7) return 1; __writemsr(p->Reg, p->Val);", "__writemsr",
         PARTIAL},
        {"both", NULL, "if (p->Reg != 0x10 || p->Val > 7) return 1; __writemsr(p->Reg, p->Val);",
         "__writemsr", VALID},
        {"a fixed register, any value", NULL, "__writemsr(0x10, p->Val);", "__writemsr", OPEN},
        {"a checked register, a fixed value", NULL, "if (p->Reg == 0x10) __writemsr(p->Reg, 0);",
         "__writemsr", VALID},
        {"nothing of the caller's", NULL, "__writemsr(0x10, 1);", "__writemsr", VALID},
        {"performance counter", NULL, "__readpmc(p->Reg);", "__readpmc", OPEN},
        {"performance counter, below four", NULL, "if (p->Reg < 4) __readpmc(p->Reg);", "__readpmc",
         VALID},
    };
    CHECK_CASES(*state, cases);
}

static void ports_are_constrained(void **state) {
    static const flow_case cases[] = {
        {"in", NULL, "__inbyte(p->Port);", "__inbyte", OPEN},
        {"in, fixed", NULL, "__inbyte(0x70);", "__inbyte", VALID},
        {"in, equal", NULL, "if (p->Port == 0x70) data = __inbyte(p->Port);", "__inbyte", VALID},
        {"in, two", NULL,
         "if (p->Port != 0x70 && p->Port != 0x71) return 1;\n"
         "data = READ_PORT_UCHAR((PUCHAR)(ULONG_PTR)p->Port);",
         "READ_PORT_UCHAR", VALID},
        {"in, any 16-bit number is any port", NULL,
         "if (p->Reg > 0xFFFF) return 1; __inbyte((USHORT)p->Reg);", "__inbyte", OPEN},
        {"in, base and offset", NULL,
         "if (p->Len >= 8) return 1; data = __indword((USHORT)(0x3F8 + p->Len));", "__indword",
         VALID},
        {"in, base and free offset", NULL, "data = __indword((USHORT)(0x3F8 + p->Len));",
         "__indword", OPEN},
        {"in, masked offset", NULL, "data = __inword((USHORT)(0x3F8 | (p->Port & 7)));", "__inword",
         VALID},
        {"out, both free", NULL, "__outbyte(p->Port, p->Small);", "__outbyte", OPEN},
        {"out, port checked", NULL, "if (p->Port == 0x80) __outbyte(p->Port, p->Small);",
         "__outbyte", PARTIAL},
        {"out, both checked", NULL,
         "if (p->Port == 0x80 && p->Small < 4) __outbyte(p->Port, p->Small);", "__outbyte", VALID},
        {"out, port fixed", NULL, "__outdword(0xCF8, p->Reg);", "__outdword", OPEN},
        {"out, port fixed, data masked", NULL, "WRITE_PORT_ULONG((PULONG)0x80, p->Reg & 1);",
         "WRITE_PORT_ULONG", VALID},
        {"string out", NULL, "__outbytestring(p->Port, (PUCHAR)p->Items, p->Len);",
         "__outbytestring", OPEN},
        {"port of a switch", NULL,
         "switch (p->Port) { case 0x60: case 0x64: data = __inbyte(p->Port); break;\n"
         "default: status = STATUS_ACCESS_DENIED; }",
         "__inbyte", VALID},
    };
    CHECK_CASES(*state, cases);
}

static void configuration_space_is_constrained(void **state) {
    static const flow_case cases[] = {
        {"all free", NULL,
         "HalGetBusDataByOffset(PCIConfiguration, p->Reg, p->Len, buf, p->Items[0], p->Items[1]);",
         "HalGetBusDataByOffset", OPEN},
        {"bus masked to all buses", NULL,
         "HalGetBusDataByOffset(4, (p->Reg >> 8) & 0xFF, 0, buf, 0, 4);", "HalGetBusDataByOffset",
         OPEN},
        {"own slot, offset and length bounded", NULL,
         "if (p->Reg > 252 || p->Len > 4) return 1;\n"
         "HalGetBusDataByOffset(4, 0, 0, buf, p->Reg, p->Len);",
         "HalGetBusDataByOffset", VALID},
        {"own slot, offset bounded", NULL,
         "if (p->Reg > 252) return 1; HalGetBusDataByOffset(4, 0, 0, buf, p->Reg, p->Len);",
         "HalGetBusDataByOffset", PARTIAL},
        {"offset over all of it", NULL,
         "if (p->Reg > 4095) return 1; HalGetBusDataByOffset(4, 0, 0, buf, p->Reg, 4);",
         "HalGetBusDataByOffset", OPEN},
        {"write, offset fixed", NULL, "HalSetBusDataByOffset(4, 0, 0, &data, 0x40, 4);",
         "HalSetBusDataByOffset", VALID},
        {"write, everything checked", NULL,
         "if (p->Reg != 0 || p->Len != 8 || p->Small != 0x40) return 1;\n"
         "HalSetBusDataByOffset(4, p->Reg, p->Len, &data, p->Small, 4);",
         "HalSetBusDataByOffset", VALID},
        {"write, slot free", NULL,
         "if (p->Reg != 0 || p->Small != 0x40) return 1;\n"
         "HalSetBusDataByOffset(4, p->Reg, p->Len, &data, p->Small, 4);",
         "HalSetBusDataByOffset", PARTIAL},
    };
    CHECK_CASES(*state, cases);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(a_register_is_compared),
        WITH_FIXTURE(a_register_is_made_small),
        WITH_FIXTURE(a_register_is_in_a_set),
        WITH_FIXTURE(helpers_check),
        WITH_FIXTURE(memory_keeps_what_was_checked),
        WITH_FIXTURE(values_are_data_too),
        WITH_FIXTURE(ports_are_constrained),
        WITH_FIXTURE(configuration_space_is_constrained),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
