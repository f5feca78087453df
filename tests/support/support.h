#ifndef TESTS_SUPPORT_H
#define TESTS_SUPPORT_H

/* What every test program needs: cmocka with its headers, a fixture that collects diagnostics. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/diag.h"

struct fixture {
    rm_arena *arena;
    rm_sink sink;
    unsigned notes;
    unsigned seen;
    struct {
        rm_level level;
        uint32_t line, column;
        char id[64];
        char text[256];
    } diags[64]; /* the first 64 */
};

int fixture_setup(void **state);
int fixture_teardown(void **state);

/* Does a diagnostic with this id stand at this place? Fails with what was seen instead. */
void assert_diag(const struct fixture *f, uint32_t line, uint32_t column, const char *id);
void assert_no_diag(const struct fixture *f);

#define assert_str(actual, expected) assert_str_at((actual), (expected), __FILE__, __LINE__)
void assert_str_at(rm_str actual, const char *expected, const char *file, int line);

/* A test with the fixture. */
#define WITH_FIXTURE(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

/* The whole file, NUL-terminated, in the arena; {NULL, 0} when it cannot be read. */
rm_str read_file(rm_arena *arena, const char *path);

#endif
