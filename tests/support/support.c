#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void remember(void *payload, rm_level level, rm_loc loc, const char *id, rm_str text) {
    struct fixture *f = payload;
    f->notes += level == RM_NOTE;
    if (f->seen < sizeof f->diags / sizeof f->diags[0]) {
        f->diags[f->seen].level = level;
        f->diags[f->seen].line = loc.line;
        f->diags[f->seen].column = loc.column;
        (void)snprintf(f->diags[f->seen].id, sizeof f->diags[0].id, "%s", id);
        (void)snprintf(f->diags[f->seen].text, sizeof f->diags[0].text, "%.*s", RM_STR_ARG(text));
    }
    f->seen++;
}

int fixture_setup(void **state) {
    struct fixture *f = calloc(1, sizeof *f);
    if (f == NULL) {
        return 1;
    }
    f->arena = rm_arena_new((size_t)1 << 30);
    f->sink = (rm_sink){.emit = remember, .payload = f};
    *state = f;
    return f->arena == NULL;
}

int fixture_teardown(void **state) {
    struct fixture *f = *state;
    rm_arena_free(f->arena);
    free(f);
    return 0;
}

void assert_diag(const struct fixture *f, uint32_t line, uint32_t column, const char *id) {
    unsigned kept = f->seen < 64 ? f->seen : 64;
    for (unsigned i = 0; i < kept; i++) {
        if (f->diags[i].line == line && f->diags[i].column == column &&
            strcmp(f->diags[i].id, id) == 0) {
            return;
        }
    }
    for (unsigned i = 0; i < kept; i++) {
        print_error("seen %u:%u %s: %s\n", f->diags[i].line, f->diags[i].column, f->diags[i].id,
                    f->diags[i].text);
    }
    fail_msg("no diagnostic %s at %u:%u", id, line, column);
}

void assert_no_diag(const struct fixture *f) {
    if (f->seen > 0) {
        fail_msg("unexpected %s at %u:%u: %s", f->diags[0].id, f->diags[0].line, f->diags[0].column,
                 f->diags[0].text);
    }
}

void assert_str_at(rm_str actual, const char *expected, const char *file, int line) {
    if (!rm_str_eq(actual, rm_str_from(expected))) {
        print_error("expected \"%s\"\n  actual \"%.*s\"\n", expected, RM_STR_ARG(actual));
        _fail(file, line);
    }
}

rm_str read_file(rm_arena *arena, const char *path) {
    FILE *in = fopen(path, "rb");
    rm_buf buf = {.arena = arena};
    char chunk[1u << 16];
    size_t n = 0;
    if (in == NULL) {
        return RM_STR_NONE;
    }
    while ((n = fread(chunk, 1, sizeof chunk, in)) > 0) {
        rm_buf_str(&buf, (rm_str){chunk, n});
    }
    rm_buf_char(&buf, '\0');
    (void)fclose(in);
    return buf.status == RM_OK ? rm_str_slice(rm_buf_view(&buf), 0, buf.len - 1) : RM_STR_NONE;
}
