#include "support.h"

#include <string.h>

#include "source/build.h"
#include "source/normalise.h"

/* The normalised text of one file. */
static rm_str cleaned(struct fixture *f, const char *path, const char *text,
                      rm_source_unit **unit) {
    rm_source_set *set = RM_NEW(f->arena, rm_source_set);
    set->arena = f->arena;
    assert_int_equal(
        rm_unit_of_text(set, rm_str_from(path), rm_str_from(text), NULL, &f->sink, unit), RM_OK);
    rm_str clean = (*unit)->files.at[0].clean;
    assert_int_equal(clean.len, strlen(text));
    for (size_t i = 0; i < clean.len; i++) {
        assert_int_equal(text[i] == '\n', clean.ptr[i] == '\n');
    }
    return clean;
}

static void becomes(struct fixture *f, const char *path, const char *text, const char *expected) {
    rm_source_unit *unit = NULL;
    rm_str clean = cleaned(f, path, text, &unit);
    rm_buf squeezed = {.arena = f->arena};
    for (size_t i = 0; i < clean.len; i++) { /* runs of blanks as one, for reading */
        bool blank = clean.ptr[i] == ' ' || clean.ptr[i] == '\n';
        if (!blank || squeezed.len == 0 || squeezed.ptr[squeezed.len - 1] != ' ') {
            rm_buf_char(&squeezed, blank ? ' ' : clean.ptr[i]);
        }
    }
    assert_str(rm_str_trim(rm_buf_view(&squeezed)), expected);
    rm_unit_free(unit);
}

static void has_clean_functions(struct fixture *f, const char *path, const char *text,
                                uint32_t count) {
    rm_source_unit *unit = NULL;
    rm_str clean = cleaned(f, path, text, &unit);
    assert_int_equal(unit->functions.count, count);
    for (uint32_t i = 0; i < count; i++) {
        if (unit->functions.at[i].broken) {
            fail_msg("broken: %.*s", RM_STR_ARG(clean));
        }
    }
    rm_unit_free(unit);
}

static void annotations_become_blanks_of_the_same_length(void **state) {
    struct fixture *f = *state;
    becomes(f, "a.c",
            "_Use_decl_annotations_ NTSTATUS NTAPI F(_In_ PVOID P, "
            "_Out_writes_bytes_to_(n, *m) PVOID Q, IN OUT PULONG R OPTIONAL, __in_opt int x);",
            "NTSTATUS F( PVOID P, PVOID Q, PULONG R , int x);");
    becomes(f, "a.c", "__declspec(align(8)) int x; int __inbyte(int p); struct _Tag_ *t;",
            "int x; int __inbyte(int p); struct _Tag_ *t;");
    becomes(f, "a.c", "int IN = 1; y = s->OUT + IN;", "int IN = 1; y = s->OUT + IN;");
}

static void macros_that_stand_for_annotations_are_harvested(void **state) {
    struct fixture *f = *state;
    becomes(f, "a.c",
            "#define PAGED_SEG __declspec(code_seg(\"PAGE\"))\n#define TRACE(x)\n"
            "#define MEAN(x) x\nPAGED_SEG int f(void) { TRACE((\"a\")); MEAN(b); }",
            "int f(void) { ; MEAN(b); }");
}

static void one_group_of_each_if_is_kept(void **state) {
    struct fixture *f = *state;
    becomes(f, "a.c", "a\n#ifdef SECURE\nb\n#else\nc\n#endif\nd", "a c d");
    becomes(f, "a.c", "#if defined(_WIN64)\na\n#elif 1\nb\n#else\nc\n#endif", "a");
    becomes(f, "a.c", "#if 0\n#if 1\na\n#endif\n#else\nb\n#endif", "b");
}

static void exception_handling_reads_as_the_grammar_has_it(void **state) {
    struct fixture *f = *state;
    becomes(f, "a.c", "void f(void) {\n  try {\n a();\n  } except (1) {\n b();\n }\n}",
            "void f(void) { __try { a(); }__except(1) { b(); } }");
    has_clean_functions(
        f, "a.c",
        "void f(void) {\n    __try { g(); } __except (EXCEPTION_EXECUTE_HANDLER) { h(); }\n}", 1);
    has_clean_functions(f, "a.c",
                        "void f(void) {\n    try {\n g();\n    } except(X) {\n h();\n    }\n}\n"
                        "void h(void) {try{g();}finally{h();}}",
                        2);
}

static void code_that_macros_of_the_kit_surround_still_parses(void **state) {
    struct fixture *f = *state;
    has_clean_functions(f, "a.c",
                        "WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(DEVICE_CONTEXT, GetContext)\n"
                        "EVT_WDF_DRIVER_DEVICE_ADD Add;\n"
                        "_Function_class_(DRIVER_INITIALIZE)\n_IRQL_requires_same_\n"
                        "NTSTATUS DriverEntry(_In_ PDRIVER_OBJECT D, _In_ PUNICODE_STRING R)\n"
                        "{ PAGED_CODE(); return CONTAINING_RECORD(p, struct X, f)->y; }\n",
                        1);
    has_clean_functions(f, "a.cpp",
                        "STDMETHODIMP CFoo::OnOpen(THIS_ _In_ IFoo *p) { return S_OK; }\n"
                        "class C { STDMETHOD_(ULONG, AddRef)(THIS) { return 1; } };\n",
                        2);
}

static void forms_that_only_microsofts_compilers_take_are_rewritten(void **state) {
    struct fixture *f = *state;
    becomes(f, "a.cpp", "class C { void C::f(); enum : ULONG { A }; };",
            "class C { void f(); enum { A }; };");
    becomes(f, "a.c", "x = 1UI64 + 2i64; y = offsetof(T, a.b[0]);",
            "x = 1ULL + 2LL ; y = offset_f(T, a.b[0]);");
    becomes(f, "a.h", "struct S { ULONG a : 1; ULONG : 3; };",
            "struct S { ULONG a : 1; ULONG _:3; };");
    becomes(f, "a.cpp", "void f() { delete [] (PBYTE) p; q = new (Pool, 'x') T *[3]; }",
            "void f() { delete (PBYTE) p; q = new (Pool, 'x') T [3]; }");
    has_clean_functions(f, "a.c",
                        "#define DEVS L\"\\\\Device\\\\\"\n#define NAME L\"x\"\n"
                        "void f(void) {\n  UNICODE_STRING u = RTL_CONSTANT_STRING(DEVS NAME);\n"
                        "  FOR_EACH(a, &b) { g(); }\n  FREE_POOL( p )\n  h();\n}",
                        1);
}

static void a_stub_of_another_configuration_hides_no_function(void **state) {
    struct fixture *f = *state;
    has_clean_functions(f, "a.c",
                        "#if 1\nvoid Start(int a);\n#else\n#define Start(a)\n#endif\n"
                        "void\nStart(int a)\n{ g(a); }",
                        1);
    has_clean_functions(f, "a.c", "#define Stop(a)\nvoid\nStop(int a)\n{ g(a); }", 1);
}

static void a_function_with_an_error_inside_is_marked(void **state) {
    struct fixture *f = *state;
    rm_source_unit *unit = NULL;
    (void)cleaned(f, "a.c", "int f(int a) { return a; }\nint g(int b) { if (b { x = ; }\n}", &unit);
    bool several = false;
    const rm_function *g = rm_unit_function(unit, RM_STR("f"), &several);
    assert_non_null(g);
    assert_false(g->broken);
    assert_int_equal(g->param_count, 1);
    assert_str(g->params[0].name, "a");
    assert_str(g->params[0].type, "int");
    rm_unit_free(unit);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(annotations_become_blanks_of_the_same_length),
        WITH_FIXTURE(macros_that_stand_for_annotations_are_harvested),
        WITH_FIXTURE(one_group_of_each_if_is_kept),
        WITH_FIXTURE(exception_handling_reads_as_the_grammar_has_it),
        WITH_FIXTURE(code_that_macros_of_the_kit_surround_still_parses),
        WITH_FIXTURE(forms_that_only_microsofts_compilers_take_are_rewritten),
        WITH_FIXTURE(a_stub_of_another_configuration_hides_no_function),
        WITH_FIXTURE(a_function_with_an_error_inside_is_marked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
