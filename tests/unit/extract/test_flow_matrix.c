#include <string.h>

#include "flow_case.h"

/*
 * Every form of a guard before every kind of operation: public drivers hardly ever validate MSR,
 * port or PCI access, so the validated side is written here. `$` stands for the value that is
 * judged, `#` for the operation on it.
 */

#define VALID RM_VALIDATION_VALIDATED

typedef struct operation {
    const char *text; /* with the value as $ */
    const char *api;
} operation;

/* Each takes a number of up to 32 bits that selects what is touched. */
static const operation operations[] = {
    {"__readmsr($)", "__readmsr"},
    {"__writemsr($, 1)", "__writemsr"},
    {"__readpmc($)", "__readpmc"},
    {"READ_PORT_UCHAR((PUCHAR)(ULONG_PTR)($))", "READ_PORT_UCHAR"},
    {"WRITE_PORT_ULONG((PULONG)(ULONG_PTR)($), 1)", "WRITE_PORT_ULONG"},
    {"HalGetBusDataByOffset(PCIConfiguration, $, 0, buf, 0, 4)", "HalGetBusDataByOffset"},
    {"HalSetBusDataByOffset(PCIConfiguration, 0, 0, buf, $, 4)", "HalSetBusDataByOffset"},
    {"ZwTerminateProcess((HANDLE)(ULONG_PTR)($), 0)", "ZwTerminateProcess"},
    {"ExAllocatePoolWithTag(0, $, 'x')", "ExAllocatePoolWithTag"},
};

typedef struct form {
    const char *title;
    const char *code;
    int wanted;
} form;

static const form forms[] = {
    /* that count */
    {"equal", "if (p->Reg == 0x10) { #p->Reg; }", VALID},
    {"equal, refused otherwise", "if (p->Reg != 0x10) return 1; #p->Reg;", VALID},
    {"one of two", "if (p->Reg == 0x10 || p->Reg == 0x20) { #p->Reg; }", VALID},
    {"range, nested", "if (p->Reg >= 0x10) { if (p->Reg <= 0x20) { #p->Reg; } }", VALID},
    {"range, refused", "if (p->Reg < 0x10 || p->Reg > 0x20) return 1; #p->Reg;", VALID},
    {"range, by a goto", "if (p->Reg > 0x20) { status = 1; goto out; } #p->Reg;", VALID},
    {"range of a copy", "r = p->Reg; if (r < 0x10 || r > 0x20) return 1; #r;", VALID},
    {"range by subtraction", "if (p->Reg - 0x10 > 0x10) return 1; #p->Reg;", VALID},
    {"range of a signed value", "s = p->Signed; if (s < 0 || s > 0x20) return 1; #s;", VALID},
    {"mask", "#(p->Reg & 0x1F);", VALID},
    {"mask and base", "#(0x10 + (p->Reg & 0xF));", VALID},
    {"bits refused", "if (p->Reg & ~0x1FU) return 1; #p->Reg;", VALID},
    {"clamp", "r = p->Reg > 0x20 ? 0x20 : p->Reg; #r;", VALID},
    {"min", "#min(p->Reg, 0x20);", VALID},
    {"remainder", "#(p->Reg % 0x20);", VALID},
    {"switch", "switch (p->Reg) { case 0x10: case 0x11: #p->Reg; break; default: break; }", VALID},
    {"switch that refuses",
     "switch (p->Reg) { case 0x10: break; case 0x20: break; default: return 1; } #p->Reg;", VALID},
    {"whitelist",
     "ok = FALSE; for (i = 0; i < 4; i++) { if (p->Reg == g_allowed[i]) { ok = TRUE; break; } }\n"
     "if (!ok) return 1; #p->Reg;",
     VALID},
    {"table look-up", "if (p->Reg >= 4) return 1; r = g_allowed[p->Reg]; #r;", VALID},
    {"helper", "if (!InRange(p->Reg)) return 1; #p->Reg;", VALID},
    {"helper's status", "status = Check(p); if (!NT_SUCCESS(status)) return status; #p->Reg;",
     VALID},
    {"not more than the driver's own", "if (p->Reg >= g_limit) return 1; #p->Reg;", VALID},
    {"a constant", "#0x10;", VALID},
    /* that do not */
    {"none", "#p->Reg;", NOT_VALID},
    {"min <= x <= max", "if (0x10 <= p->Reg <= 0x20) { #p->Reg; }", NOT_VALID},
    {"signed, above only", "s = p->Signed; if (s > 0x20) return 1; #s;", NOT_VALID},
    {"below only", "if (p->Reg < 0x10) return 1; #p->Reg;", NOT_VALID},
    {"after truncation", "if ((UCHAR)p->Reg > 0x20) return 1; #p->Reg;", NOT_VALID},
    {"of a sum that may wrap", "if (p->Reg + p->Len > 0x20) return 1; #p->Reg;", NOT_VALID},
    {"one row too many", "if (p->Reg > 4) return 1; r = g_allowed[p->Reg]; #r;", NOT_VALID},
    {"fetched again",
     "PIN1 u = (PIN1)sp->Parameters.DeviceIoControl.Type3InputBuffer; ProbeForRead(u, 8, 1);\n"
     "if (u->Reg > 0x20) return 1; #u->Reg;",
     NOT_VALID},
    {"assertion", "NT_ASSERT(p->Reg <= 0x20); #p->Reg;", NOT_VALID},
    {"of a debug build", "\n#if DBG\nif (p->Reg > 0x20) return 1;\n#endif\n#p->Reg;", NOT_VALID},
    {"probe", "ProbeForRead(p, sizeof(*p), 1); #p->Reg;", NOT_VALID},
    {"length of the buffer", "if (inLen < sizeof(IN1)) return 1; #p->Reg;", NOT_VALID},
    {"another value", "if (p->Len > 0x20) return 1; #p->Reg;", NOT_VALID},
    {"that stops nothing", "if (p->Reg > 0x20) DbgPrint(\"no\"); #p->Reg;", NOT_VALID},
    {"too late", "#p->Reg; if (p->Reg > 0x20) return 1;", NOT_VALID},
    {"on one way only", "if (p->Len) { if (p->Reg > 0x20) return 1; } #p->Reg;", NOT_VALID},
    {"of the caller's own limit", "if (p->Reg > p->Len) return 1; #p->Reg;", NOT_VALID},
    {"helper not acted on", "InRange(p->Reg); #p->Reg;", NOT_VALID},
    {"helper's status overwritten", "status = Check(p); status = 0; #p->Reg;", NOT_VALID},
    {"before it is changed", "if (p->Reg > 0x20) return 1; p->Reg += p->Len; #p->Reg;", NOT_VALID},
    {"and with the wrong joint", "if (p->Reg < 0x10 && p->Reg > 0x20) return 1; #p->Reg;",
     NOT_VALID},
};

#define HELPERS                                                                                    \
    "static BOOLEAN InRange(ULONG x) { return x >= 0x10 && x <= 0x20; }\n"                         \
    "static NTSTATUS Check(PIN1 q) { if (q->Reg > 0x20) return STATUS_ACCESS_DENIED; return 0; "   \
    "}\n"

/* #value; in `code` becomes the operation on it. # at a line's start is the preprocessor's. */
static void put_code(rm_buf *out, const char *code, const char *operation_text) {
    for (const char *at = code; *at != '\0';) {
        bool directive = at > code && at[-1] == '\n' && at[1] != 'p' && at[1] != '(';
        if (*at != '#' || directive) {
            rm_buf_char(out, *at++);
            continue;
        }
        const char *end = strchr(at, ';');
        rm_str value = {at + 1, (size_t)(end - at - 1)};
        for (const char *o = operation_text; *o != '\0'; o++) {
            if (*o == '$') {
                rm_buf_str(out, value);
            } else {
                rm_buf_char(out, *o);
            }
        }
        at = end;
    }
}

static unsigned wrong_of(struct fixture *f, const char *path) {
    unsigned wrong = 0;
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        for (size_t k = 0; k < sizeof operations / sizeof operations[0]; k++) {
            rm_buf code = {.arena = f->arena};
            put_code(&code, forms[i].code, operations[k].text);
            rm_buf_char(&code, '\0');
            rm_buf title = {.arena = f->arena};
            rm_buf_printf(&title, "%s, %s%c", forms[i].title, path, '\0');
            flow_case one = {title.ptr, HELPERS, code.ptr, operations[k].api, forms[i].wanted};
            wrong += !case_holds_in(f, &one, path);
        }
    }
    return wrong;
}

static void every_form_before_every_operation_in_c(void **state) {
    assert_int_equal(wrong_of(*state, "case.c"), 0);
}

static void every_form_before_every_operation_in_cpp(void **state) {
    assert_int_equal(wrong_of(*state, "case.cpp"), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(every_form_before_every_operation_in_c),
        WITH_FIXTURE(every_form_before_every_operation_in_cpp),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
