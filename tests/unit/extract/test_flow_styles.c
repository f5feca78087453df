#include <string.h>

#include "flow_case.h"

/*
 * Ways in which programmers write a guard, and for each the near miss that looks like it: early
 * returns, clean-up labels, one-turn loops, __leave, helpers with a result, safe integers,
 * templates. `#value;` becomes each of the operations on the value.
 */

#define VALID RM_VALIDATION_VALIDATED
#define OPEN RM_VALIDATION_UNVALIDATED

static const char *const operations[][2] = {
    {"__readmsr($)", "__readmsr"},
    {"WRITE_PORT_ULONG((PULONG)(ULONG_PTR)($), 1)", "WRITE_PORT_ULONG"},
    {"ExAllocatePoolWithTag(0, $, 'x')", "ExAllocatePoolWithTag"},
};

typedef struct style {
    const char *title;
    const char *code;
    int wanted;
} style;

#define HELPERS                                                                                    \
    "#define IN_RANGE(x, a, b) ((x) >= (a) && (x) <= (b))\n"                                       \
    "#define REQUIRE(x) do { if (!(x)) return STATUS_INVALID_PARAMETER; } while (0)\n"             \
    "#define TELL(x) do { if (!(x)) DbgPrint(\"bad\"); } while (0)\n"                              \
    "const ULONG g_most = 0x20;\n"                                                                 \
    "typedef struct _ROW { ULONG Id; ULONG Reg; } ROW;\n"                                          \
    "static const ROW g_rows[3] = {{1, 0x10}, {2, 0x11}, {3, 0x12}};\n"                            \
    "static BOOLEAN InRange(ULONG x) { return x >= 0x10 && x <= 0x20; }\n"                         \
    "static BOOLEAN InSigned(LONG x) { return x <= 0x20; }\n"                                      \
    "static BOOLEAN InSwitch(ULONG x) { switch (x) { case 0x10: case 0x11: return TRUE;\n"         \
    "  default: return FALSE; } }\n"                                                               \
    "static BOOLEAN InNoSwitch(ULONG x) { switch (x) { case 0x10: case 0x11: return FALSE;\n"      \
    "  default: return TRUE; } }\n"                                                                \
    "static BOOLEAN InTable(ULONG x) { ULONG k; for (k = 0; k < 4; k++) {\n"                       \
    "  if (g_allowed[k] == x) { return TRUE; } } return FALSE; }\n"                                \
    "static BOOLEAN InRows(ULONG x) { ULONG k; for (k = 0; k < ARRAYSIZE(g_rows); ++k)\n"          \
    "  if (g_rows[k].Reg == x) return TRUE;\n  return FALSE; }\n"                                  \
    "static BOOLEAN NotInTable(ULONG x) { ULONG k; for (k = 0; k < 4; k++) {\n"                    \
    "  if (g_allowed[k] == x) { return FALSE; } } return TRUE; }\n"                                \
    "static ULONG Clamp(ULONG x) { return x > 0x20 ? 0x20 : x; }\n"                                \
    "static ULONG ClampUp(ULONG x) { return x < 0x20 ? 0x20 : x; }\n"                              \
    "static NTSTATUS Take(PIN1 q, PULONG out) { if (q->Reg > 0x20) return "                        \
    "STATUS_INVALID_PARAMETER;\n  *out = q->Reg; return STATUS_SUCCESS; }\n"                       \
    "static NTSTATUS TakeAll(PIN1 q, PULONG out) { *out = q->Reg; if (q->Reg > 0x20) return "      \
    "STATUS_INVALID_PARAMETER;\n  return STATUS_SUCCESS; }\n"                                      \
    "static NTSTATUS CheckRow(const IN1 *q) { NTSTATUS st = STATUS_SUCCESS;\n"                     \
    "  if (q->Reg < 0x10 || q->Reg > 0x20) { st = STATUS_INVALID_PARAMETER; goto done; }\n"        \
    "done: return st; }\n"                                                                         \
    "static BOOLEAN Find(ULONG id, PULONG reg) { ULONG k; for (k = 0; k < 3; k++) {\n"             \
    "  if (g_rows[k].Id == id) { *reg = g_rows[k].Reg; return TRUE; } } return FALSE; }\n"

static const style styles[] = {
    /* that count */
    {"max and min", "r = max(0x10, min(p->Reg, 0x20)); #r;", VALID},
    {"helper that switches", "if (!InSwitch(p->Reg)) return 1; #p->Reg;", VALID},
    {"helper with a list", "if (!InTable(p->Reg)) return 1; #p->Reg;", VALID},
    {"helper with rows", "if (!InRows(p->Reg)) return 1; #p->Reg;", VALID},
    {"helper is FALSE", "if (InRange(p->Reg) == FALSE) return 1; #p->Reg;", VALID},
    {"helper is not TRUE", "if (InRange(p->Reg) != TRUE) return 1; #p->Reg;", VALID},
    {"helper's answer kept", "ok = InRange(p->Reg); if (!ok) { status = 1; goto out; } #p->Reg;",
     VALID},
    {"helper inside", "if (InRange(p->Reg)) { #p->Reg; } else { status = 1; }", VALID},
    {"helper's argument out", "status = Take(p, &r); if (!NT_SUCCESS(status)) return status; #r;",
     VALID},
    {"helper's argument out, set before",
     "status = TakeAll(p, &r); if (!NT_SUCCESS(status)) return status; #r;", VALID},
    {"helper with a clean-up", "status = CheckRow(p); if (status < 0) goto out; #p->Reg;", VALID},
    {"helper's status not success",
     "if (CheckRow(p) != STATUS_SUCCESS) { return STATUS_INVALID_PARAMETER; } #p->Reg;", VALID},
    {"helper that clamps", "#Clamp(p->Reg);", VALID},
    {"helper that looks up", "if (!Find(p->Reg, &r)) return 1; #r;", VALID},
    {"look-up in a loop",
     "for (i = 0; i < 3; i++) { if (g_rows[i].Id == p->Reg) { #g_rows[i].Reg; break; } }", VALID},
    {"safe sum",
     "status = RtlULongAdd(p->Reg, 4, &r); if (!NT_SUCCESS(status)) return status;\n"
     "if (r > 0x20) return 1; #p->Reg;",
     VALID},
    {"safe sum, used",
     "if (!NT_SUCCESS(RtlULongAdd(p->Reg, p->Len, &r))) return 1;\n"
     "if (r > 0x20) return 1; #r;",
     VALID},
    {"safe narrowing",
     "if (!NT_SUCCESS(RtlULongLongToULong(p->Val, &r))) return 1;\n"
     "if (r > 0x20) return 1; #r;",
     VALID},
    {"cast to size_t", "if ((SIZE_T)p->Reg > 0x20) return 1; #p->Reg;", VALID},
    {"sum in 64 bits", "if ((ULONGLONG)p->Reg + p->Len > 0x20) return 1; #p->Reg;", VALID},
    {"one-turn loop", "do { if (p->Reg > 0x20) { status = 1; break; } #p->Reg; } while (FALSE);",
     VALID},
    {"if after if", "if (p->Reg >= 0x10) if (p->Reg <= 0x20) #p->Reg;", VALID},
    {"else if",
     "if (p->Reg < 0x10) { status = 1; } else if (p->Reg > 0x20) { status = 1; }\n"
     "else { #p->Reg; }",
     VALID},
    {"constants chosen",
     "if (p->Reg == 1) r = 0x10; else if (p->Reg == 2) r = 0x11; else return 1; #r;", VALID},
    {"not both", "if (!(p->Reg >= 0x10 && p->Reg <= 0x20)) return 1; #p->Reg;", VALID},
    {"flag", "ok = p->Reg <= 0x20; if (!ok) return 1; #p->Reg;", VALID},
    {"flag of two", "ok = (p->Reg >= 0x10 && p->Reg <= 0x20); if (ok) { #p->Reg; }", VALID},
    {"flag set before", "ok = FALSE; if (p->Reg <= 0x20) ok = TRUE; if (ok) { #p->Reg; }", VALID},
    {"status by ?:",
     "status = p->Reg <= 0x20 ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;\n"
     "if (NT_SUCCESS(status)) { #p->Reg; }",
     VALID},
    {"status set",
     "if (p->Reg > 0x20) status = STATUS_INVALID_PARAMETER;\n"
     "if (NT_SUCCESS(status)) { #p->Reg; }",
     VALID},
    {"status set, with goto",
     "if (p->Reg > 0x20) { status = STATUS_INVALID_PARAMETER; }\n"
     "if (!NT_SUCCESS(status)) goto out; #p->Reg;",
     VALID},
    {"__leave",
     "__try { if (p->Reg > 0x20) { status = 1; __leave; } #p->Reg; } __finally { r = 0; "
     "}",
     VALID},
    {"__leave in an except",
     "__try { if (p->Reg > 0x20) { status = 1; __leave; } #p->Reg; }\n"
     "__except (EXCEPTION_EXECUTE_HANDLER) { status = 2; }",
     VALID},
    {"__leave, status after",
     "__try { if (p->Reg > 0x20) { status = STATUS_INVALID_PARAMETER; "
     "__leave; } }\n__finally { r = 0; }\n"
     "if (NT_SUCCESS(status)) { #p->Reg; }",
     VALID},
    {"macro", "if (!IN_RANGE(p->Reg, 0x10, 0x20)) return 1; #p->Reg;", VALID},
    {"macro that returns", "REQUIRE(p->Reg <= 0x20); #p->Reg;", VALID},
    {"copy of all", "IN1 in = *p; if (in.Reg > 0x20) return 1; #in.Reg;", VALID},
    {"two refused", "if (p->Reg != 0x10 && p->Reg != 0x11) return 1; #p->Reg;", VALID},
    {"high bits", "if ((p->Reg & 0xFFFFFFE0) != 0) return 1; #p->Reg;", VALID},
    {"shifted away", "if ((p->Reg >> 5) != 0) return 1; #p->Reg;", VALID},
    {"all of a list", "for (i = 0; i < 8; i++) { if (p->Items[i] > 0x20) return 1; } #p->Items[3];",
     NO_ALARM},
    {"all of a list, in a loop",
     "for (i = 0; i < 8; i++) { if (p->Items[i] > 0x20) return 1; }\n"
     "for (i = 0; i < 8; i++) { #p->Items[i]; }",
     NO_ALARM},
    {"below by one", "if (p->Reg - 1 < 0x20) { #p->Reg; }", VALID},
    {"look-up", "if (p->Reg < ARRAYSIZE(g_allowed)) r = g_allowed[p->Reg]; else return 1; #r;",
     VALID},
    {"constant variable", "if (p->Reg > g_most) return 1; #p->Reg;", VALID},
    {"assigned and compared", "if ((r = p->Reg) > 0x20) return 1; #r;", VALID},
    {"through a pointer", "PULONG q = &p->Reg; if (*q > 0x20) return 1; #*q;", VALID},
    {"through a pointer, used by name", "PULONG q = &p->Reg; if (*q > 0x20) return 1; #p->Reg;",
     VALID},
    {"mask assigned", "r = p->Reg; r &= 0x1F; #r;", VALID},
    {"remainder of a table", "r = g_allowed[p->Reg % 4]; #r;", VALID},
    {"switch to constants",
     "switch (p->Reg) { case 1: r = 0x10; break; case 2: r = 0x11; break; default: return 1; }\n"
     "#r;",
     VALID},
    {"bits of a mask", "if (p->Reg >= 32 || !((1u << p->Reg) & 0xF0)) return 1; #p->Reg;", VALID},
    {"one member, then the other",
     "if (p->Len > 8) return 1; if (p->Reg > 8) return 1; #(p->Reg + p->Len);", VALID},
    /* that do not */
    {"max", "r = max(p->Reg, 0x20); #r;", NOT_VALID},
    {"min of two of the caller's", "r = min(p->Reg, p->Len); #r;", NOT_VALID},
    {"helper that lets the rest pass", "if (!InNoSwitch(p->Reg)) return 1; #p->Reg;", NOT_VALID},
    {"helper with a list of the refused", "if (!NotInTable(p->Reg)) return 1; #p->Reg;", NOT_VALID},
    {"helper turned round", "if (InRange(p->Reg)) return 1; #p->Reg;", NOT_VALID},
    {"helper of another value", "if (!InRange(p->Len)) return 1; #p->Reg;", NOT_VALID},
    {"helper takes it as signed", "if (!InSigned(p->Reg)) return 1; #p->Reg;", NOT_VALID},
    {"helper's argument out without its status", "r = p->Reg; TakeAll(p, &r); #r;", NOT_VALID},
    {"helper clamps the wrong way", "#ClampUp(p->Reg);", NOT_VALID},
    {"helper that looks up, result left", "Find(p->Reg, &r); #p->Reg;", NOT_VALID},
    {"look-up, but the key is used",
     "for (i = 0; i < 3; i++) { if (g_rows[i].Id != p->Reg) { #p->Reg; } }", NOT_VALID},
    {"safe sum not acted on", "RtlULongAdd(p->Reg, p->Len, &r); #r;", NOT_VALID},
    {"safe sum not acted on, the summand used",
     "if (p->Len > 8) return 1; RtlULongAdd(p->Reg, p->Len, &r); #p->Reg;", NOT_VALID},
    {"sum in 64 bits, too late", "if ((ULONGLONG)(p->Reg + p->Len) > 0x20) return 1; #p->Reg;",
     NOT_VALID},
    {"sum in 64 bits of a wider one", "if (p->Val + p->Reg > 0x20) return 1; #p->Reg;", NOT_VALID},
    {"unsafe sum", "r = p->Reg + 0x10; if (r > 0x20) return 1; #p->Reg;", NOT_VALID},
    {"narrowed before", "r = (USHORT)p->Reg; if (r > 0x20) return 1; #p->Reg;", NOT_VALID},
    {"narrowed by a helper's parameter",
     "UCHAR small = (UCHAR)p->Reg;\n"
     "if (!InRange(small)) return 1; #p->Reg;",
     NOT_VALID},
    {"one-turn loop, used behind it",
     "do { if (p->Reg > 0x20) { status = 1; break; } } while (FALSE); #p->Reg;", NOT_VALID},
    {"one refused", "if (p->Reg == 0x10) return 1; #p->Reg;", NOT_VALID},
    {"either, always true", "if (p->Reg >= 0x10 || p->Reg <= 0x20) { #p->Reg; }", NOT_VALID},
    {"flag told, not asked", "ok = p->Reg <= 0x20; if (!ok) DbgPrint(\"no\"); #p->Reg;", NOT_VALID},
    {"flag set on both",
     "ok = FALSE; if (p->Reg <= 0x20) ok = TRUE; ok = TRUE; if (ok) { #p->Reg; "
     "}",
     NOT_VALID},
    {"status set, not asked", "if (p->Reg > 0x20) status = STATUS_INVALID_PARAMETER; #p->Reg;",
     NOT_VALID},
    {"status of something else",
     "NTSTATUS st = CheckRow(p); if (!NT_SUCCESS(status)) return status; #p->Reg;", NOT_VALID},
    {"status is a warning",
     "if (p->Reg > 0x20) status = (NTSTATUS)0x40000000;\n"
     "if (!NT_SUCCESS(status)) return status; #p->Reg;",
     NOT_VALID},
    {"__leave, used behind",
     "__try { if (p->Reg > 0x20) { status = 1; __leave; } } __finally { r = 0; } #p->Reg;",
     NOT_VALID},
    {"__leave, used in finally",
     "__try { if (p->Reg > 0x20) { status = 1; __leave; } } __finally { #p->Reg; }", NOT_VALID},
    {"jump over the test", "if (p->Len == 1) goto use; if (p->Reg > 0x20) return 1; use: #p->Reg;",
     NOT_VALID},
    {"jump to the next line", "if (p->Reg > 0x20) { status = 1; goto next; } next: #p->Reg;",
     NOT_VALID},
    {"macro that tells", "TELL(p->Reg <= 0x20); #p->Reg;", NOT_VALID},
    {"copied again", "IN1 in = *p; if (in.Reg > 0x20) return 1; in.Reg = p->Len; #in.Reg;",
     NOT_VALID},
    {"low bits", "if ((p->Reg & 0x1F) > 0x10) return 1; #p->Reg;", NOT_VALID},
    {"low bits cleared", "#(p->Reg & ~0xFu);", NOT_VALID},
    {"bits set", "#(p->Reg | 0xF);", NOT_VALID},
    {"first of a list", "if (p->Items[0] > 0x20) return 1; #p->Items[3];", NOT_VALID},
    {"part of a list",
     "for (i = 0; i < 4; i++) { if (p->Items[i] > 0x20) return 1; }\n"
     "#p->Items[6];",
     NOT_VALID},
    {"a list by the caller's own count",
     "for (i = 0; i < p->Len; i++) { if (p->Items[i] > 0x20) return 1; } #p->Items[3];", NOT_VALID},
    {"remainder by the caller's", "if (p->Len == 0) return 1; #(p->Reg % p->Len);", NOT_VALID},
    {"the caller's table", "if (p->Len >= 8) return 1; #p->Items[p->Len];", NOT_VALID},
    {"compared with its own", "if (memcmp(&p->Reg, &p->Len, 4) != 0) return 1; #p->Reg;",
     NOT_VALID},
    {"loop that stops at once", "while (p->Reg > 0x20) { break; } #p->Reg;", NOT_VALID},
    {"default goes on", "switch (p->Reg) { case 0x10: r = 1; break; default: break; } #p->Reg;",
     NOT_VALID},
    {"default falls through", "switch (p->Reg) { case 0x10: r = 1; default: #p->Reg; }", NOT_VALID},
    {"verified in debug builds", "NT_VERIFY(p->Reg <= 0x20); #p->Reg;", NOT_VALID},
    {"assumed", "__assume(p->Reg <= 0x20); #p->Reg;", NOT_VALID},
    {"assumed by analysis", "_Analysis_assume_(p->Reg <= 0x20); #p->Reg;", NOT_VALID},
    {"assumed by analysis, older", "__analysis_assume(p->Reg <= 0x20); #p->Reg;", NOT_VALID},
    {"asserted with a text", "ASSERTMSG(\"reg\", p->Reg <= 0x20); #p->Reg;", NOT_VALID},
    {"a bound of its whole range", "if (p->Reg > 0xFFFFFFFF) return 1; #p->Reg;", NOT_VALID},
    {"a bound that a cast makes", "if (p->Reg > (ULONG)-1) return 1; #p->Reg;", NOT_VALID},
    {"shifted, one less", "if (p->Reg - 1 > 0xFFFFFFF0) return 1; #p->Reg;", NOT_VALID},
    {"bits of a mask by a shift that wraps",
     "if (!((1u << (p->Reg & 31)) & 0xF0)) return 1;\n"
     "#p->Reg;",
     NOT_VALID},
    {"sum of two", "if (p->Reg > 8) return 1; #(p->Reg + p->Len);", NOT_VALID},
    {"product", "if (p->Reg > 8) return 1; #(p->Reg * p->Len);", NOT_VALID},
    {"negated", "if (p->Reg > 8) return 1; #(0 - p->Len);", NOT_VALID},
    {"inverted", "if (p->Reg > 8) return 1; #(~p->Reg);", NOT_VALID},
    {"less one, at zero", "if (p->Reg > 0x20) return 1; #(p->Reg - 1);", NOT_VALID},
    {"compared as one byte", "if ((p->Reg & 0xFF) == 0x10) { #p->Reg; }", NOT_VALID},
    {"debug only", "if (g_limit) { if (p->Reg > 0x20) return 1; } #p->Reg;", NOT_VALID},
};

/* The same in C++ alone. */
static const style cpp_styles[] = {
    {"std::min", "#std::min<ULONG>(p->Reg, 0x20);", VALID},
    {"std::min with braces", "auto r2 = std::min(p->Reg, ULONG{0x20}); #r2;", VALID},
    {"std::clamp", "#std::clamp(p->Reg, 0x10ul, 0x20ul);", VALID},
    {"auto", "const auto reg = p->Reg; if (reg > 0x20) return 1; #reg;", VALID},
    {"auto reference", "const auto& in = *p; if (in.Reg > 0x20) return 1; #in.Reg;", VALID},
    {"static_cast", "auto reg = static_cast<ULONG>(p->Reg); if (reg > 0x20) return 1; #reg;",
     VALID},
    {"constexpr", "constexpr ULONG Most = 0x20; if (p->Reg > Most) return 1; #p->Reg;", VALID},
    {"range-based for",
     "bool found = false; for (auto a : g_allowed) { if (a == p->Reg) { found = true; break; } }\n"
     "if (!found) return 1; #p->Reg;",
     VALID},
    {"if with initialiser", "if (const auto reg = p->Reg; reg <= 0x20) { #reg; }", VALID},
    {"nullptr and bool",
     "bool good = p != nullptr && p->Reg <= 0x20; if (!good) return 1; "
     "#p->Reg;",
     VALID},
    {"std::max", "#std::max<ULONG>(p->Reg, 0x20);", NOT_VALID},
    {"std::min of two of the caller's", "#std::min(p->Reg, p->Len);", NOT_VALID},
    {"range-based for over the caller's",
     "bool found = false; for (auto a : p->Items) { if (a == p->Reg) { found = true; break; } }\n"
     "if (!found) return 1; #p->Reg;",
     NOT_VALID},
    {"range-based for, not asked",
     "bool found = false; for (auto a : g_allowed) { if (a == p->Reg) { found = true; } } #p->Reg;",
     NOT_VALID},
    {"static_cast to less",
     "auto reg = static_cast<UCHAR>(p->Reg); if (reg > 0x20) return 1; #p->Reg;", NOT_VALID},
    {"static_assert", "static_assert(sizeof(IN1) > 8, \"size\"); #p->Reg;", NOT_VALID},
    {"lambda not called", "auto bad = [](ULONG x) { return x > 0x20; }; #p->Reg;", NOT_VALID},
    {"copy checked, original used",
     "auto copy = *p; copy.Reg &= 0x1F; if (copy.Reg > 0x1F) return "
     "1; #p->Reg;",
     NOT_VALID},
};

/* #value; in `code` becomes the operation on it. */
static void put_code(rm_buf *out, const char *code, const char *operation) {
    for (const char *at = code; *at != '\0';) {
        if (*at != '#') {
            rm_buf_char(out, *at++);
            continue;
        }
        const char *end = strchr(at, ';');
        rm_str value = {at + 1, (size_t)(end - at - 1)};
        for (const char *o = operation; *o != '\0'; o++) {
            if (*o == '$') {
                rm_buf_str(out, value);
            } else {
                rm_buf_char(out, *o);
            }
        }
        at = end;
    }
}

static unsigned wrong_of(struct fixture *f, const style *list, size_t count, const char *path) {
    unsigned wrong = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < sizeof operations / sizeof operations[0]; k++) {
            rm_buf code = {.arena = f->arena};
            put_code(&code, list[i].code, operations[k][0]);
            rm_buf_char(&code, '\0');
            rm_buf title = {.arena = f->arena};
            rm_buf_printf(&title, "%s, %s%c", list[i].title, path, '\0');
            flow_case one = {title.ptr, HELPERS, code.ptr, operations[k][1], list[i].wanted};
            wrong += !case_holds_in(f, &one, path);
        }
    }
    return wrong;
}

static void every_style_in_c(void **state) {
    assert_int_equal(wrong_of(*state, styles, sizeof styles / sizeof styles[0], "case.c"), 0);
}

static void every_style_in_cpp(void **state) {
    assert_int_equal(wrong_of(*state, styles, sizeof styles / sizeof styles[0], "case.cpp"), 0);
}

static void what_only_cpp_has(void **state) {
    assert_int_equal(
        wrong_of(*state, cpp_styles, sizeof cpp_styles / sizeof cpp_styles[0], "case.cpp"), 0);
}

static void casts_in_front_are_of_the_whole(void **state) {
    static const flow_case cases[] = {
        {"of a pointer in the buffer", NULL, "RtlCopyMemory(buf, (PVOID)(p)->Ptr, 8);",
         "RtlCopyMemory", OPEN},
        {"of a pointer behind a cast of its own", NULL,
         "RtlCopyMemory(buf, (PVOID)((PIN1)Irp->AssociatedIrp.SystemBuffer)->Ptr, 8);",
         "RtlCopyMemory", OPEN},
        {"of a structure handed on",
         "typedef struct _CALL { PVOID Param; ULONG Len; } CALL, *PCALL;\n"
         "static VOID Run(PVOID context) {\n"
         "  PIN1 in = (PIN1)((PCALL)context)->Param; __writemsr(in->Reg, 1); }\n",
         "CALL call; call.Param = p; call.Len = 4; Run(&call);", "__writemsr", OPEN},
        {"of an element", NULL, "__readmsr((ULONG)(p)->Items[2]);", "__readmsr", OPEN},
        {"two", NULL, "__readmsr((ULONG)(LONG)(p)->Reg);", "__readmsr", OPEN},
        {"checked", NULL,
         "if ((ULONG)(p)->Reg < MIN_R || (ULONG)(p)->Reg > MAX_R) goto out;\n"
         "__readmsr((ULONG)(p)->Reg);",
         "__readmsr", VALID},
        {"checked under the other spelling", NULL,
         "if (p->Reg < MIN_R || p->Reg > MAX_R) goto out; __readmsr((ULONG)(p)->Reg);", "__readmsr",
         VALID},
    };
    CHECK_CASES(*state, cases);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(every_style_in_c),
        WITH_FIXTURE(every_style_in_cpp),
        WITH_FIXTURE(what_only_cpp_has),
        WITH_FIXTURE(casts_in_front_are_of_the_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
