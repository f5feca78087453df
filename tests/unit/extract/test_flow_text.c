#include "flow_case.h"

/*
 * Text that is copied, and structures that are handed over whole: the caller's bytes go with them,
 * through variables, members of contexts and counted strings, into this request and the next.
 */

#define VALID RM_VALIDATION_VALIDATED
#define OPEN RM_VALIDATION_UNVALIDATED

#define CONTEXT                                                                                    \
    "typedef struct _INNER { ULONG A; ULONG B; } INNER;\n"                                         \
    "typedef struct _CTX { ULONG Tag; INNER State; WCHAR Path[64]; UNICODE_STRING Name;\n"         \
    "  WCHAR Other[64]; } CTX, *PCTX;\n"                                                           \
    "WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(CTX,\n    GetCtx);\n"                                      \
    "static VOID Open(PCWSTR path) { UNICODE_STRING n; OBJECT_ATTRIBUTES oa; HANDLE h;\n"          \
    "  IO_STATUS_BLOCK io; RtlInitUnicodeString(&n, path);\n"                                      \
    "  InitializeObjectAttributes(&oa, &n, OBJ_KERNEL_HANDLE, NULL, NULL);\n"                      \
    "  ZwCreateFile(&h, GENERIC_READ, &oa, &io, NULL, 0, 0, FILE_OPEN, 0, NULL, 0); }\n"           \
    "static VOID Save(HANDLE key, UNICODE_STRING *n, INNER *s) {\n"                                \
    "  ZwSetValueKey(key, n, 0, REG_BINARY, s, sizeof(*s)); }\n"                                   \
    "static VOID Set(PDEVICE_OBJECT o, PIN1 q) { PCTX c = GetCtx(o); c->State.A = q->Reg; }\n"     \
    "UNICODE_STRING g_name; HANDLE g_key;\n"

static void copied_text_is_the_callers(void **state) {
    static const flow_case cases[] = {
        {"into a variable", CONTEXT,
         "WCHAR l[64]; RtlStringCchCopyW(l, 64, (PCWSTR)p->Items); Open(l);", "ZwCreateFile", OPEN},
        {"into a variable, plainly", CONTEXT, "WCHAR l[64]; wcscpy(l, (PCWSTR)p->Items); Open(l);",
         "ZwCreateFile", OPEN},
        {"behind a text of the driver's", CONTEXT,
         "WCHAR l[64]; RtlStringCbCopyW(l, 128, L\"\\\\??\\\\\");\n"
         "RtlStringCbCatNW(l, 128, (PCWSTR)p->Items, 32); Open(l);",
         "ZwCreateFile", OPEN},
        {"into a member of a context", CONTEXT,
         "PCTX x = GetCtx(d); RtlStringCchCopyW(x->Path, 64, (PCWSTR)p->Items); Open(x->Path);",
         "ZwCreateFile", OPEN},
        {"into a member of an extension", CONTEXT,
         "PCTX x = d->DeviceExtension; wcsncpy(x->Path, (PCWSTR)p->Items, 63); Open(x->Path);",
         "ZwCreateFile", OPEN},
        {"into a counted string's buffer", CONTEXT,
         "UNICODE_STRING us; WCHAR l[64]; us.Buffer = l; us.MaximumLength = 128;\n"
         "RtlUnicodeStringCopyString(&us, (PCWSTR)p->Items); Open(l);",
         "ZwCreateFile", OPEN},
        {"by a routine that is not modelled", CONTEXT,
         "PCTX x = GetCtx(d); RtlStringCbPrintfW(x->Path, 128, L\"%ws\", (PCWSTR)p->Items);\n"
         "Open(x->Path);",
         "ZwCreateFile", NOT_VALID},
        {"by a function that is not here", CONTEXT,
         "PCTX x = GetCtx(d); MakePath(x->Path, (PCWSTR)p->Items); Open(x->Path);", "ZwCreateFile",
         NOT_VALID},
        {"the driver's own text in a variable", CONTEXT,
         "WCHAR l[64]; RtlStringCchCopyW(l, 64, L\"\\\\??\\\\C:\\\\log\"); Open(l);",
         "ZwCreateFile", VALID},
        {"the driver's own text over the caller's", CONTEXT,
         "WCHAR l[64]; RtlStringCchCopyW(l, 64, (PCWSTR)p->Items);\n"
         "RtlStringCchCopyW(l, 64, L\"\\\\??\\\\C:\\\\log\"); Open(l);",
         "ZwCreateFile", VALID},
        {"the caller's text beside the driver's", CONTEXT,
         "WCHAR l[64]; WCHAR m[64]; RtlStringCchCopyW(m, 64, (PCWSTR)p->Items);\n"
         "RtlStringCchCopyW(l, 64, L\"\\\\??\\\\C:\\\\log\"); Open(l);",
         "ZwCreateFile", VALID},
    };
    CHECK_CASES(*state, cases);
}

static void a_context_is_the_same_for_the_same_object(void **state) {
    static const flow_case cases[] = {
        {"stored by a helper, sent whole", CONTEXT,
         "PCTX x = GetCtx(d); Set(d, p); Save(g_key, &g_name, &x->State);", "ZwSetValueKey", OPEN},
        {"stored and sent whole", CONTEXT,
         "PCTX x = GetCtx(d); x->State.B = p->Reg; Save(g_key, &g_name, &x->State);",
         "ZwSetValueKey", OPEN},
        {"by its type", CONTEXT,
         "PCTX x = WdfObjectGetTypedContext(d, CTX);\n"
         "WdfObjectGetTypedContext(d, CTX)->State.A = p->Reg; Save(g_key, &g_name, &x->State);",
         "ZwSetValueKey", OPEN},
        {"another object's", CONTEXT,
         "PCTX x = GetCtx(d); PCTX y = GetCtx(g_base); y->State.B = p->Reg; x->State.A = 1;\n"
         "x->State.B = 2; __readmsr(x->State.B);",
         "__readmsr", VALID},
        {"bounded by a helper",
         CONTEXT "static VOID Put(PDEVICE_OBJECT o, PIN1 q) {\n"
                 "  GetCtx(o)->Tag = q->Reg > MAX_R ? 0 : q->Reg; }\n",
         "Put(d, p); r = GetCtx(d)->Tag; if (r <= MAX_R) __readmsr(r);", "__readmsr", VALID},
    };
    CHECK_CASES(*state, cases);
}

static void memory_objects_keep_what_was_put_into_them(void **state) {
    static const flow_case cases[] = {
        {"copied into one of a context", CONTEXT "WDFMEMORY g_mem;\n",
         "WdfMemoryCopyFromBuffer(g_mem, 0, p->Items, 32); Open(WdfMemoryGetBuffer(g_mem, NULL));",
         "ZwCreateFile", OPEN},
        {"copied into another", CONTEXT "WDFMEMORY g_mem, g_other;\n",
         "WdfMemoryCopyFromBuffer(g_other, 0, p->Items, 32);\n"
         "Open(WdfMemoryGetBuffer(g_mem, NULL));",
         "ZwCreateFile", VALID},
        {"filled through its address", CONTEXT "WDFMEMORY g_mem;\n",
         "PWCHAR m = WdfMemoryGetBuffer(g_mem, NULL); m[0] = (WCHAR)p->Reg;\n"
         "RtlCopyMemory(m, p->Items, 32); Open(WdfMemoryGetBuffer(g_mem, NULL));",
         "ZwCreateFile", NOT_VALID},
    };
    CHECK_CASES(*state, cases);
}

static void a_later_request_reads_what_was_left(void **state) {
    static const flow_case cases[] = {
        {"text", CONTEXT,
         "Open(((PCTX)GetCtx(d))->Path); break;\n"
         "case 0x222004: { PCTX x = GetCtx(d);\n"
         "RtlStringCchCopyW(x->Path, 64, (PCWSTR)p->Items); }",
         "ZwCreateFile", RM_VALIDATION_UNKNOWN},
        {"a structure, filled by a member", CONTEXT,
         "{ PCTX x = GetCtx(d); Save(g_key, &g_name, &x->State); } break;\n"
         "case 0x222004: { PCTX x = GetCtx(d); x->State.A = p->Reg; }",
         "ZwSetValueKey", RM_VALIDATION_UNKNOWN},
        {"a structure beside the one that is filled", CONTEXT,
         "{ PCTX x = GetCtx(d); Save(g_key, &g_name, &x->State); } break;\n"
         "case 0x222004: { PCTX x = GetCtx(d); x->Tag = p->Reg; }",
         "ZwSetValueKey", VALID},
    };
    CHECK_CASES(*state, cases);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(copied_text_is_the_callers),
        WITH_FIXTURE(a_context_is_the_same_for_the_same_object),
        WITH_FIXTURE(memory_objects_keep_what_was_put_into_them),
        WITH_FIXTURE(a_later_request_reads_what_was_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
