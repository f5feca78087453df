#include "support.h"

#include "source/scan.h"

static rm_scan scanned(struct fixture *f, const char *text) {
    rm_scan scan = {0};
    assert_int_equal(rm_scan_file(f->arena, rm_str_from(text), 0, &scan), RM_OK);
    return scan;
}

static void defines_of_every_branch_are_kept_with_their_place(void **state) {
    rm_scan scan =
        scanned(*state, "#ifdef A\n#define X 1 // one\n#else\n  # define X \\\n  2\n#endif\n"
                        "#define F(a, b, ...) a\n#define G (a)\n#define H() 1\n");
    assert_int_equal(scan.macros.count, 5);
    assert_str(scan.macros.at[0].name, "X");
    assert_str(scan.macros.at[0].body, "1 // one");
    assert_int_equal(scan.macros.at[0].line, 2);
    assert_int_equal(scan.macros.at[0].branch, 0);
    assert_int_equal(scan.macros.at[1].line, 4);
    assert_int_equal(scan.macros.at[1].branch, 1);
    assert_int_equal(scan.macros.at[2].kind, RM_MACRO_FUNCTION);
    assert_int_equal(scan.macros.at[2].param_count, 2);
    assert_true(scan.macros.at[2].variadic);
    assert_int_equal(scan.macros.at[3].kind, RM_MACRO_OBJECT);
    assert_str(scan.macros.at[3].body, "(a)");
    assert_int_equal(scan.macros.at[4].kind, RM_MACRO_FUNCTION);
    assert_int_equal(scan.macros.at[4].param_count, 0);
}

static void groups_of_an_if_are_chained_and_nested(void **state) {
    rm_scan scan = scanned(*state, "#ifndef G\n#define G\n#if A\n#elif B\n#else\n#endif\n#endif\n");
    assert_int_equal(scan.branches.count, 4);
    assert_true(scan.branches.at[0].guard);
    assert_int_equal(scan.branches.at[1].parent, 0);
    assert_int_equal(scan.branches.at[1].previous, RM_NONE);
    assert_int_equal(scan.branches.at[2].previous, 1);
    assert_int_equal(scan.branches.at[3].previous, 2);
    assert_int_equal(scan.branches.at[3].kind, RM_BRANCH_ELSE);
    assert_str(scan.branches.at[2].condition, "B");
}

static void unbalanced_and_deep_groups_end_with_the_file(void **state) {
    struct fixture *f = *state;
    rm_buf text = {.arena = f->arena};
    for (unsigned i = 0; i < 5000; i++) {
        rm_buf_text(&text, "#if 1\n");
    }
    rm_buf_text(&text, "#endif\n#endif\n#define LATE 1\n");
    rm_buf_char(&text, '\0');
    rm_scan scan = scanned(f, text.ptr);
    assert_int_equal(scan.macros.count, 1);
    scan = scanned(f, "#endif\n#else\n#elif 1\n#define STILL 1\n");
    assert_int_equal(scan.macros.count, 1);
    assert_int_equal(scan.branches.count, 0);
}

static void enumerators_count_on_from_the_last_value(void **state) {
    rm_scan scan =
        scanned(*state, "enum class E : ULONG { A, B = F(1, 2), C,\n#if X\n D\n#endif\n};"
                        "enum Tag x; enum { };");
    assert_int_equal(scan.macros.count, 4);
    assert_str(scan.macros.at[0].body, "");
    assert_int_equal(scan.macros.at[0].step, 0);
    assert_str(scan.macros.at[1].body, "F(1, 2)");
    assert_str(scan.macros.at[2].body, "F(1, 2)");
    assert_int_equal(scan.macros.at[2].step, 1);
    assert_int_equal(scan.macros.at[3].step, 2);
    assert_int_equal(scan.macros.at[3].line, 3);
}

static void constants_are_names_with_a_value_and_no_pointers(void **state) {
    rm_scan scan = scanned(*state, "static const ULONG A = 5; constexpr unsigned long B = A + 1;\n"
                                   "const char *p = 0; void f(const ULONG x); ULONG const C = 7;");
    assert_int_equal(scan.macros.count, 3);
    assert_str(scan.macros.at[0].name, "A");
    assert_str(scan.macros.at[1].body, "A + 1");
    assert_str(scan.macros.at[2].name, "C");
}

static void a_definition_of_driver_entry_is_told_from_a_declaration(void **state) {
    assert_int_equal(scanned(*state, "NTSTATUS DriverEntry(int a)\n{ }").words &
                         RM_WORD_DRIVER_ENTRY,
                     RM_WORD_DRIVER_ENTRY);
    assert_int_equal(scanned(*state, "DRIVER_INITIALIZE DriverEntry;").words & RM_WORD_DRIVER_ENTRY,
                     0);
    assert_int_equal(scanned(*state, "int DriverEntry(int a); s = DriverEntry(1);").words &
                         RM_WORD_DRIVER_ENTRY,
                     0);
    assert_int_equal(scanned(*state, "/* DriverEntry(x) { */ \"DriverEntry(x) {\"").words &
                         RM_WORD_DRIVER_ENTRY,
                     0);
}

static void control_codes_within_code_and_guids_are_noted(void **state) {
    rm_scan scan =
        scanned(*state, "#define W CTL_CODE(1,2,3,0)\nswitch (c) {\ncase CTL_CODE(4,5,0,0):"
                        "}\nDEFINE_GUID (GUID_A,\n 1, 2);");
    assert_int_equal(scan.inlines.count, 1);
    assert_str(scan.inlines.at[0].text, "CTL_CODE(4,5,0,0)");
    assert_int_equal(scan.inlines.at[0].line, 3);
    assert_int_equal(scan.guids.count, 1);
    assert_str(scan.guids.at[0].name, "GUID_A");
    assert_str(rm_str_trim(scan.guids.at[0].numbers), "1, 2");
}

static void includes_are_told_apart(void **state) {
    rm_scan scan = scanned(*state, "#include <a/b.h>\n#include \"c.h\" // x\n#include MACRO\n");
    assert_int_equal(scan.includes.count, 2);
    assert_true(scan.includes.at[0].angled);
    assert_str(scan.includes.at[0].name, "a/b.h");
    assert_str(scan.includes.at[1].name, "c.h");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(defines_of_every_branch_are_kept_with_their_place),
        WITH_FIXTURE(groups_of_an_if_are_chained_and_nested),
        WITH_FIXTURE(unbalanced_and_deep_groups_end_with_the_file),
        WITH_FIXTURE(enumerators_count_on_from_the_last_value),
        WITH_FIXTURE(constants_are_names_with_a_value_and_no_pointers),
        WITH_FIXTURE(a_definition_of_driver_entry_is_told_from_a_declaration),
        WITH_FIXTURE(control_codes_within_code_and_guids_are_noted),
        WITH_FIXTURE(includes_are_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
