#include "sarif_list.h"

#include "base/map.h"
#include "filters.h"
#include "model_file.h"
#include "render/sarif.h"

/* The ids that a query answers with. */
typedef struct chosen {
    rm_arena *arena;
    rm_map ids;
    const char *column;
    uint32_t at; /* of the column */
} chosen;

static rm_status take_columns(void *payload, const rm_str *names, uint32_t count) {
    chosen *c = payload;
    for (c->at = 0; c->at < count; c->at++) {
        if (rm_str_eq(names[c->at], rm_str_from(c->column))) {
            return RM_OK;
        }
    }
    return RM_INTERNAL;
}

static rm_status take_row(void *payload, const rm_cell *cells, uint32_t count) {
    chosen *c = payload;
    uint32_t *value = NULL;
    rm_str id = RM_STR_NONE;
    (void)count;
    rm_status st = rm_str_copy(c->arena, cells[c->at].text, &id);
    return st == RM_OK ? rm_map_at(&c->ids, id, &value, NULL) : st;
}

static int choose(rm_invocation *in, rm_view_kind kind, const rm_filter *filter, chosen *out) {
    const rm_row_taker taker = {.columns = take_columns, .row = take_row, .payload = out};
    rm_store *store = NULL;
    rm_str why = RM_STR_NONE;
    rm_status st = rm_store_open(in->operands[0], in->arena, &store, &why);
    if (st == RM_OK) {
        st = rm_query_run(store, kind, filter, &taker, &why);
    }
    rm_store_close(store);
    return st == RM_OK ? RM_EXIT_OK : rm_fail_view(in, st, why);
}

static rm_status select_chosen(rm_arena *arena, const rm_model *m, const chosen *c, bool paths,
                               bool **out) {
    const uint32_t count = paths ? m->paths.count : m->findings.count;
    bool *selected = RM_NEW_ARRAY(arena, bool, (size_t)count + 1);
    uint32_t value = 0;
    for (uint32_t i = 0; selected != NULL && i < count; i++) {
        selected[i] = rm_map_get(&c->ids, paths ? m->paths.at[i].id : m->findings.at[i].id, &value);
    }
    *out = selected;
    return selected != NULL ? RM_OK : RM_NOMEM;
}

static int print(rm_invocation *in, const rm_model *model, const chosen *c, bool paths) {
    bool *selected = NULL;
    rm_str text = RM_STR_NONE;
    rm_sarif_options options = {.version = RINGMAP_VERSION, .paths = paths};
    rm_status st = select_chosen(in->arena, model, c, paths, &selected);
    if (st == RM_OK) {
        options.selected = selected;
        st = rm_sarif_write(in->arena, model, &options, &text);
    }
    return st == RM_OK ? rm_print(in, text) : rm_fail(in, RM_EXIT_OUTPUT, "%s", rm_status_text(st));
}

int rm_list_sarif(rm_invocation *in, rm_view_kind kind, const rm_filter *filter) {
    const bool paths = kind == RM_VIEW_PATHS;
    chosen c = {.arena = in->arena,
                .ids = {.arena = in->arena},
                .column = paths ? "path_id" : "finding_id"};
    rm_model *model = NULL;
    if (rm_str_eq(rm_str_from(in->operands[0]), RM_STR("-"))) {
        return rm_fail(in, RM_EXIT_USAGE, "SARIF needs the model as a file, not standard input");
    }
    int code = choose(in, kind, filter, &c);
    if (code == RM_EXIT_OK) {
        code = rm_open_model(in, in->operands[0], &model);
    }
    if (code == RM_EXIT_OK) {
        code = print(in, model, &c, paths);
    }
    rm_model_free(model);
    return code;
}
