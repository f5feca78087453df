#include "support.h"

#include <stdio.h>

#include "model/sinks.h"
#include "source/catalogue.h"
#include "source/flow/walk.h"

/*
 * The list of what real drivers call, row by row: what can be told from a call, an instruction or
 * an expression is in the catalogue, under one of the classes that the list gives it. What is not
 * known is named.
 */

enum { COLUMNS = 4 };

/* The first fields of a line; quoted ones without their quotes. */
static bool fields_of(rm_str line, rm_str out[COLUMNS]) {
    size_t at = 0;
    for (int i = 0; i < COLUMNS; i++) {
        if (at >= line.len) {
            return false;
        }
        bool quoted = line.ptr[at] == '"';
        size_t from = at + quoted;
        size_t to = from;
        while (to < line.len && line.ptr[to] != (quoted ? '"' : ',')) {
            to++;
        }
        out[i] = rm_str_slice(line, from, to);
        at = to + 1 + quoted;
    }
    return true;
}

/* BUS_INTERFACE_STANDARD.GetBusData is called as ->GetBusData. */
static rm_str called(rm_str name) {
    for (size_t i = name.len; i > 0; i--) {
        if (name.ptr[i - 1] == '.') {
            return rm_str_slice(name, i, name.len);
        }
    }
    return name;
}

/* Rows that are no calls: what stands for them. */
static const struct {
    const char *name;
    const char *expression;
} expressions[] = {
    {"<*p=v>", "*p=v"},
    {"<v=*p>", "v=*p"},
    {"<buf[i]>", "buf[i]=v"},
    {"<indirect-call>", "indirect call"},
    {"<double fetch>", "fetched twice"},
    {"<null dereference>", "null pointer"},
    {"<uninitialised>", "not set"},
};

static const rm_api *row_of(rm_str name) {
    const rm_api *api = rm_api_find(called(name));
    if (api == NULL) {
        api = rm_api_instruction(name);
    }
    for (size_t i = 0; api == NULL && i < sizeof expressions / sizeof expressions[0]; i++) {
        if (rm_str_eq(name, rm_str_from(expressions[i].name))) {
            api = rm_api_expression(rm_str_from(expressions[i].expression));
        }
    }
    return api;
}

static bool shares_class(const rm_api *api, rm_str classes) {
    for (size_t i = 0; i < RM_API_CLASSES && api->classes[i] != NULL; i++) {
        size_t at = 0;
        if (rm_str_find(classes, rm_str_from(api->classes[i]), &at)) {
            return true;
        }
    }
    return false;
}

/* The list says phys_map or file_open; the contract phys_map only for \Device\PhysicalMemory, else
   section_map. */
static bool differs_by_contract(rm_str name) {
    return rm_str_eq(name, RM_STR("ZwCreateSection"));
}

static bool is_call(rm_str kind) {
    return rm_str_eq(kind, RM_STR("api")) || rm_str_eq(kind, RM_STR("intrinsic")) ||
           rm_str_eq(kind, RM_STR("opcode")) || rm_str_eq(kind, RM_STR("expression"));
}

static bool is_known_otherwise(rm_str name) {
    return rm_auth_find(name) != NULL || rm_effect_find(name) != 0 || rm_source_is_name(name) ||
           rm_word_is_system(name);
}

typedef struct tally {
    unsigned rows, covered, unknown, wrong;
} tally;

static void check_row(const rm_str field[COLUMNS], tally *t) {
    const rm_api *api = row_of(field[0]);
    bool operation =
        rm_str_eq(field[2], RM_STR("sink")) || rm_str_eq(field[2], RM_STR("propagator"));
    t->rows++;
    if (api != NULL) {
        t->covered++;
        if (operation && !shares_class(api, field[3]) && !differs_by_contract(field[0])) {
            print_error("%.*s is %s here, %.*s in the list\n", RM_STR_ARG(field[0]),
                        api->classes[0], RM_STR_ARG(field[3]));
            t->wrong++;
        }
        return;
    }
    if (operation && is_call(field[1])) {
        print_error("not in the catalogue: %.*s (%.*s)\n", RM_STR_ARG(field[0]),
                    RM_STR_ARG(field[3]));
        t->wrong++;
    } else if (!is_known_otherwise(called(field[0]))) {
        print_message("not told from a call: %.*s (%.*s, %.*s)\n", RM_STR_ARG(field[0]),
                      RM_STR_ARG(field[1]), RM_STR_ARG(field[2]));
        t->unknown++;
    }
}

static void every_operation_of_the_list_is_in_the_catalogue(void **state) {
    struct fixture *f = *state;
    const char *path = RINGMAP_SHARED_DIR "/domain/sinks.csv";
    rm_str text = read_file(f->arena, path);
    tally t = {0};
    if (text.len == 0) {
        print_message("SKIP: %s is not here\n", path);
        skip();
    }
    for (size_t from = 0, to = 0; from < text.len; from = to + 1) {
        rm_str field[COLUMNS];
        for (to = from; to < text.len && text.ptr[to] != '\n'; to++) {
        }
        if (from > 0 && fields_of(rm_str_slice(text, from, to), field)) {
            check_row(field, &t);
        }
    }
    print_message("%u rows, %u in the catalogue, %u not told from a call\n", t.rows, t.covered,
                  t.unknown);
    assert_true(t.rows > 400);
    assert_int_equal(t.wrong, 0);
}

/* rm_api_find searches by halves. */
static void the_catalogue_is_sorted_and_whole(void **state) {
    uint32_t count = 0;
    const rm_api *apis = rm_apis(&count);
    (void)state;
    for (uint32_t i = 0; i < count; i++) {
        rm_str name = rm_str_from(apis[i].name);
        assert_ptr_equal(rm_api_find(name), &apis[i]);
        for (size_t k = 0; k < RM_API_CLASSES && apis[i].classes[k] != NULL; k++) {
            assert_non_null(rm_sink_class_find(rm_str_from(apis[i].classes[k])));
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(every_operation_of_the_list_is_in_the_catalogue),
        WITH_FIXTURE(the_catalogue_is_sorted_and_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
