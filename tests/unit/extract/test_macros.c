#include "support.h"

#include <string.h>

#include "source/build.h"
#include "source/kit.h"
#include "source/macros.h"

/* A driver of one file, and what an expression is worth in it. */
struct one_file {
    rm_source_set set;
    rm_source_unit *unit;
};

static void unit_of(struct fixture *f, struct one_file *one, const char *text) {
    one->set = (rm_source_set){.arena = f->arena};
    assert_int_equal(rm_unit_of_text(&one->set, RM_STR("driver/a.c"), rm_str_from(text), NULL,
                                     &f->sink, &one->unit),
                     RM_OK);
}

static void worth(const struct one_file *one, const char *expression, int64_t expected) {
    int64_t value = 0;
    if (!rm_unit_eval(one->unit, rm_str_from(expression), &value)) {
        fail_msg("%s has no value", expression);
    }
    if (value != expected) {
        fail_msg("%s is %lld, not %lld", expression, (long long)value, (long long)expected);
    }
}

static void worthless(const struct one_file *one, const char *expression) {
    int64_t value = 0;
    if (rm_unit_eval(one->unit, rm_str_from(expression), &value)) {
        fail_msg("%s should have no value, not %lld", expression, (long long)value);
    }
}

/* Numbers: ISO C 6.4.4.1 with the Microsoft sizes; a control code is an unsigned 32-bit number. */
static void numbers_have_the_types_of_the_microsoft_compilers(void **state) {
    struct fixture *f = *state;
    struct one_file one;
    unit_of(f, &one, "");
    worth(&one, "40000 << 16", (int32_t)0x9C400000u);
    worth(&one, "40000u << 16", 0x9C400000);
    worth(&one, "0x80000000", 0x80000000);
    worth(&one, "-1673519100", -1673519100);
    worth(&one, "(ULONG)-1673519100", 0x9C402004);
    worth(&one, "1ull << 40", (int64_t)1 << 40);
    worth(&one, "0b101 + 010", 13);
    worth(&one, "1'000'000", 1000000);
    worth(&one, "'A'", 65);
    worth(&one, "'abcd'", 0x61626364);
    worth(&one, "L'\\x41'", 0x41);
    worthless(&one, "1 << 32");
    worthless(&one, "1 / 0");
    worthless(&one, "1.5");
    worthless(&one, "");
    worthless(&one, "f(1)");
    rm_unit_free(one.unit);
}

static void operators_bind_and_convert_as_in_c(void **state) {
    struct fixture *f = *state;
    struct one_file one;
    unit_of(f, &one, "");
    worth(&one, "1 + 2 * 3 - 4 / 2", 5);
    worth(&one, "1 | 2 ^ 3 & 4", 3);
    worth(&one, "-1 > 1u", 1);
    worth(&one, "~0u >> 28", 15);
    worth(&one, "-8 >> 1", -4);
    worth(&one, "0 && (1 / 0)", 0);
    worth(&one, "1 ? 2 : 3 / 0", 2);
    worth(&one, "(UCHAR)0x1FF", 0xFF);
    worth(&one, "(CHAR)0xFF", -1);
    worth(&one, "ULONG(0x10) + static_cast<int>(2)", 18);
    worth(&one, "sizeof(ULONG) + sizeof(PVOID) + sizeof(unsigned long long)", 20);
    worthless(&one, "sizeof(struct foo)");
    worthless(&one, "(FOO)1");
    rm_unit_free(one.unit);
}

/* CTL_CODE: ((DeviceType) << 16) | ((Access) << 14) | ((Function) << 2) | (Method). */
static void control_codes_come_out_through_wrappers_and_odd_spacing(void **state) {
    struct fixture *f = *state;
    struct one_file one;
    unit_of(
        f, &one,
        "#define TYPE 40000 // comment\n"
        "#define MY(i) CTL_CODE(TYPE, 0x800 + i, METHOD_NEITHER, \\\n"
        "                       FILE_ANY_ACCESS)\n"
        "#define A MY(2)\n"
        "#define B CTL_CODE (FILE_DEVICE_UNKNOWN, /* x */ 2048, METHOD_BUFFERED, "
        "FILE_READ_DATA | FILE_WRITE_DATA)\n"
        "#define C ULONG(CTL_CODE(0x22,0x101,3,3))\n"
        "#define E \\\n  CTL_CODE( \\\n    0x22, \\\n    0x801, \\\n    0, \\\n    2 \\\n  )\n"
        "enum Code : ULONG { FIRST = CTL_CODE(0x8000, 0x800, 0, 0), SECOND, THIRD = FIRST + 8 };\n"
        "static constexpr ULONG D = CTL_CODE(0x8000, 0x900, METHOD_IN_DIRECT, 0);\n");
    worth(&one, "(ULONG)A", 0x9C40200B);
    worth(&one, "B", 0x0022E000);
    worth(&one, "C", 0x0022C407);
    worth(&one, "E", 0x0022A004);
    worth(&one, "FIRST", (int32_t)0x80002000u);
    worth(&one, "(ULONG)SECOND", 0x80002001);
    worth(&one, "(ULONG)THIRD", 0x80002008);
    worth(&one, "(ULONG)D", 0x80002401);
    rm_unit_free(one.unit);
}

/* Values: "IOCTL_DISK_GET_DRIVE_GEOMETRY" and its like in the Windows documentation. */
static void constant_functions_and_templates_of_cpp_make_codes(void **state) {
    struct fixture *f = *state;
    struct one_file one = {0};
    unit_of(
        f, &one,
        "namespace drv {\n"
        "constexpr ULONG Make(ULONG f, ULONG access = FILE_ANY_ACCESS) noexcept\n"
        "  { return CTL_CODE(0x22, f, METHOD_BUFFERED, access); }\n"
        "consteval auto Pack(unsigned t, unsigned f) -> unsigned { return (t << 16) | (f << 2); }"
        "\nconstexpr ULONG Twice(ULONG f) { return Make(f * 2); }\n"
        "constexpr ULONG Loop(ULONG f) { return Loop(f) << 1; }\n"
        "template <ULONG F, ULONG A = 1> constexpr ULONG Of = CTL_CODE(0x22, F, 0, A);\n"
        "template <ULONG F> constexpr ULONG MakeOf() { return CTL_CODE(0x22, F, 0, 0); }\n"
        "template <ULONG F> struct Code { static constexpr ULONG value = CTL_CODE(0x22, F, 0, 0);"
        " };\n"
        "inline constexpr auto First = Make(0x800);\n"
        "enum class Op : ULONG { Read = Make(0x801), Next };\n"
        "enum class Other { Read = 7 };\n"
        "constexpr ULONG Several(ULONG f) { ULONG c = f << 2; return c; }\n}\n");
    worth(&one, "drv::First", 0x222000);
    worth(&one, "drv::Make(0x802)", 0x222008);
    worth(&one, "Make(0x802, FILE_WRITE_ACCESS)", 0x22a008);
    worth(&one, "Make(0x800 + 3)", 0x22200c);
    worth(&one, "drv::Pack(0x22, 0x805)", 0x222014);
    worth(&one, "Twice(0x401)", 0x222008);
    worth(&one, "drv::Of<0x806>", 0x226018);
    worth(&one, "Of<0x806, 0>", 0x222018);
    worth(&one, "MakeOf<0x807>()", 0x22201c);
    worth(&one, "drv::Code<0x808>::value", 0x222020);
    worth(&one, "Op::Read", 0x222004);
    worth(&one, "drv::Op::Next", 0x222005);
    worth(&one, "Other::Read", 7);
    worth(&one, "Op::Read | 1", 0x222005);
    worthless(&one, "Make()");
    worthless(&one, "Loop(1)");
    worthless(&one, "Several(1)");
    worthless(&one, "Read");
    rm_unit_free(one.unit);
}

static void codes_of_the_public_headers_are_known_unless_the_driver_defines_them(void **state) {
    struct fixture *f = *state;
    struct one_file one;
    unit_of(f, &one, "#define IOCTL_DISK_VERIFY 5\n");
    worth(&one, "IOCTL_DISK_GET_DRIVE_GEOMETRY", 0x00070000);
    worth(&one, "IOCTL_STORAGE_QUERY_PROPERTY", 0x002D1400);
    worth(&one, "FSCTL_GET_REPARSE_POINT", 0x000900A8);
    worth(&one, "IOCTL_DISK_VERIFY", 5);
    for (size_t i = 1; i < rm_kit_code_count; i++) {
        assert_true(strcmp(rm_kit_codes[i - 1].name, rm_kit_codes[i].name) < 0);
    }
    rm_unit_free(one.unit);
}

static void arguments_are_pasted_and_spelled_as_the_preprocessor_does(void **state) {
    struct fixture *f = *state;
    struct one_file one;
    unit_of(f, &one,
            "#define JOIN(a, b) a##b\n"
            "#define SUM(...) (0 + __VA_ARGS__)\n"
            "#define NAME(x) #x\n"
            "#define NONE() 7\n"
            "#define LOOP LOOP + 1\n"
            "#define X1 5\n");
    worth(&one, "JOIN(X, 1)", 5);
    worth(&one, "JOIN(0x, 10)", 16);
    worth(&one, "SUM((1, 2))", 2);
    worth(&one, "NONE()", 7);
    worthless(&one, "NAME(5)");
    worthless(&one, "LOOP");
    rm_unit_free(one.unit);
}

static void a_definition_that_is_compiled_out_yields_to_one_that_is_not(void **state) {
    struct fixture *f = *state;
    struct one_file one;
    unit_of(f, &one,
            "#ifdef NOT_DEFINED_ANYWHERE\n#define BASE 1\n#define OLD (BASE + 10)\n"
            "#else\n#define BASE 2\n#define NEW (BASE + 10)\n#endif\n"
            "#if defined(_WIN64) && NTDDI_VERSION >= NTDDI_WIN8\n#define BITS 64\n#else\n"
            "#define BITS 32\n#endif\n"
            "#if 0\n#define ONLY_HERE 9\n#endif\n");
    worth(&one, "BASE", 2);
    worth(&one, "OLD", 11);
    worth(&one, "NEW", 12);
    worth(&one, "BITS", 64);
    worth(&one, "ONLY_HERE", 9);
    rm_unit_free(one.unit);
}

static void macros_made_to_explode_end_without_a_value(void **state) {
    struct fixture *f = *state;
    struct one_file one;
    rm_buf text = {.arena = f->arena};
    rm_buf_text(&text, "#define A0 1 +\n#define E0\n");
    for (unsigned i = 1; i < 60; i++) {
        rm_buf_printf(&text, "#define A%u A%u A%u\n#define E%u E%u E%u\n", i, i - 1, i - 1, i,
                      i - 1, i - 1);
    }
    rm_buf_char(&text, '\0');
    unit_of(f, &one, text.ptr);
    worthless(&one, "A59 1");
    worthless(&one, "E59 1");
    rm_unit_free(one.unit);
}

static void deep_parentheses_have_no_value(void **state) {
    struct fixture *f = *state;
    struct one_file one;
    rm_buf text = {.arena = f->arena};
    unit_of(f, &one, "");
    for (unsigned i = 0; i < 20000; i++) {
        rm_buf_char(&text, '(');
    }
    rm_buf_char(&text, '\0');
    worthless(&one, text.ptr);
    rm_unit_free(one.unit);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(numbers_have_the_types_of_the_microsoft_compilers),
        WITH_FIXTURE(operators_bind_and_convert_as_in_c),
        WITH_FIXTURE(control_codes_come_out_through_wrappers_and_odd_spacing),
        WITH_FIXTURE(constant_functions_and_templates_of_cpp_make_codes),
        WITH_FIXTURE(codes_of_the_public_headers_are_known_unless_the_driver_defines_them),
        WITH_FIXTURE(arguments_are_pasted_and_spelled_as_the_preprocessor_does),
        WITH_FIXTURE(a_definition_that_is_compiled_out_yields_to_one_that_is_not),
        WITH_FIXTURE(macros_made_to_explode_end_without_a_value),
        WITH_FIXTURE(deep_parentheses_have_no_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
