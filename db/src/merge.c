#include "db/merge.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "schema.h"

/*
 * A row of a part goes into the whole by the table of its columns: paths get the name of the part's
 * root, references the new index of what they mean. A reference to a table that is not in yet (a
 * device's descriptor) is rewritten when all tables are.
 */
enum { FACT_TABLES = RM_TABLE_CONFLICTS + 1 };

typedef struct part {
    const rm_model *model;
    rm_image image;                   /* its `read` is what is merged */
    rm_str root;                      /* "name/", put before its paths; empty: they have it */
    rm_str order;                     /* parts are taken in the order of these */
    rm_str last_path, last_placed;    /* rows of one file follow each other */
    uint32_t *new_index[FACT_TABLES]; /* by old index */
    uint32_t from[FACT_TABLES], to[FACT_TABLES]; /* rows of the whole that came in with it */
} part;

typedef struct merging {
    rm_sink *sink;
    rm_image whole;    /* `model` is what comes out */
    rm_arena *scratch; /* for the time of the merge */
    rm_map artifacts;  /* a path to the index of its artifact */
    rm_map shared;     /* paths of files that two parts have read alike */
    rm_map rows;       /* what a row of such a file says, to its index */
} merging;

static uint32_t u32_at(const unsigned char *item, size_t at) {
    uint32_t value = 0;
    memcpy(&value, item + at, sizeof value);
    return value;
}

static rm_str str_at(const unsigned char *item, size_t at) {
    rm_str value;
    memcpy(&value, item + at, sizeof value);
    return value;
}

/* ---- paths ---- */

/* A facts file that was named on the command line lies below no root. */
static bool is_outside_root(const rm_model *model, rm_str path) {
    for (uint32_t i = 0; i < model->givens.count; i++) {
        const rm_given_value *given = &model->givens.at[i];
        if (rm_str_eq(given->name, RM_STR("facts_file")) && rm_str_eq(given->value, path)) {
            return true;
        }
    }
    return false;
}

static rm_status below_root(merging *g, part *p, rm_str path, rm_str *placed) {
    rm_status st = RM_OK;
    if (path.len == 0 || p->root.len == 0) {
        *placed = path;
        return RM_OK;
    }
    if (!rm_str_eq(path, p->last_path)) {
        p->last_path = path;
        p->last_placed = path;
        if (!is_outside_root(p->model, path)) {
            st = rm_str_printf(g->whole.model.arena, &p->last_placed, "%.*s%.*s",
                               RM_STR_ARG(p->root), RM_STR_ARG(path));
        }
    }
    *placed = p->last_placed;
    return st;
}

static rm_status place_row(merging *g, part *p, const rm_table *table, unsigned char *item) {
    rm_status st = RM_OK;
    for (const rm_column *c = table->columns; c->name != NULL && st == RM_OK; c++) {
        if (c->is_path) {
            rm_str placed = RM_STR_NONE;
            st = below_root(g, p, str_at(item, c->at), &placed);
            memcpy(item + c->at, &placed, sizeof placed);
        }
    }
    return st;
}

/* ---- references ---- */

static bool is_reference(const rm_column *c) {
    return c->kind == RM_COLUMN_REF || c->kind == RM_COLUMN_SUBJECT;
}

/* Rewrites the references of a row to tables in [first, end). */
static void point(const part *p, const rm_table *table, unsigned char *item, uint32_t first,
                  uint32_t end) {
    for (const rm_column *c = table->columns; c->name != NULL; c++) {
        const uint32_t old = is_reference(c) ? u32_at(item, c->at) : RM_NONE;
        if (old == RM_NONE) {
            continue;
        }
        const uint32_t target = rm_column_target(table, c, item);
        if (target >= first && target < end) {
            memcpy(item + c->at, &p->new_index[target][old], sizeof old);
        }
    }
}

/* ---- what two parts both read ---- */

static void say_column(rm_buf *key, const rm_column *c, const unsigned char *item) {
    const bool text = c->kind == RM_COLUMN_TEXT || c->kind == RM_COLUMN_TEXT_IF;
    const bool wide = c->kind == RM_COLUMN_U64 || c->kind == RM_COLUMN_CODE_SENT;
    if (c->kind == RM_COLUMN_TEXT_IF || c->kind == RM_COLUMN_U32_IF) {
        rm_buf_char(key, (char)item[c->flag]);
    }
    if (text) {
        const rm_str value = str_at(item, c->at);
        rm_buf_printf(key, "%zu:%.*s", value.len, RM_STR_ARG(value));
    } else {
        const size_t size = wide ? sizeof(uint64_t) : c->kind == RM_COLUMN_FLAG ? 1 : 4;
        rm_buf_str(key, (rm_str){(const char *)item + c->at, size});
    }
}

/* All of a row but references to what is not in yet. */
static rm_status say_row(merging *g, uint32_t t, const unsigned char *item, rm_str *out) {
    const rm_table *table = &rm_tables[t];
    rm_buf key = {.arena = g->scratch};
    rm_buf_printf(&key, "%u ", (unsigned)t);
    for (const rm_column *c = table->columns; c->name != NULL; c++) {
        if (!is_reference(c) || rm_column_target(table, c, item) < t) {
            say_column(&key, c, item);
        }
    }
    *out = rm_buf_view(&key);
    return key.status;
}

static rm_str file_of(const rm_table *table, const unsigned char *item) {
    for (const rm_column *c = table->columns; c->name != NULL; c++) {
        if (c->is_path && strcmp(c->name, "file") == 0) {
            return str_at(item, c->at);
        }
    }
    return RM_STR_NONE;
}

static bool is_shared_file(const merging *g, rm_str file) {
    uint32_t any = 0;
    return file.len > 0 && rm_map_get(&g->shared, file, &any);
}

/* A row without a place of its own lies where the one does that it belongs to. */
static bool is_of_shared_file(const merging *g, uint32_t t, const unsigned char *item) {
    const rm_table *table = &rm_tables[t];
    const rm_str file = file_of(table, item);
    bool shared = is_shared_file(g, file);
    for (const rm_column *c = table->columns; c->name != NULL && file.len == 0 && !shared; c++) {
        const uint32_t owner = is_reference(c) ? u32_at(item, c->at) : RM_NONE;
        const uint32_t target = is_reference(c) ? rm_column_target(table, c, item) : t;
        if (owner != RM_NONE && target < t) {
            const rm_any_list list = rm_image_list(&g->whole, rm_tables[target].list);
            shared = is_shared_file(
                g, file_of(&rm_tables[target], list.at + owner * rm_tables[target].item_size));
        }
    }
    return shared;
}

/* ---- rows ---- */

static rm_status push_row(merging *g, uint32_t t, const unsigned char *row, uint32_t *index) {
    const rm_table *table = &rm_tables[t];
    unsigned char *item =
        rm_image_push(g->whole.model.arena, &g->whole, table->list, table->item_size);
    if (item == NULL) {
        return RM_NOMEM;
    }
    memcpy(item, row, table->item_size);
    *index = rm_image_list(&g->whole, table->list).count - 1;
    return RM_OK;
}

/* A row of a file that was read twice is there once. */
static rm_status push_once(merging *g, uint32_t t, const unsigned char *row, uint32_t *index) {
    rm_str key = RM_STR_NONE;
    uint32_t *known = NULL;
    bool is_new = true;
    if (!is_of_shared_file(g, t, row)) {
        return push_row(g, t, row, index);
    }
    rm_status st = say_row(g, t, row, &key);
    if (st == RM_OK) {
        st = rm_map_at(&g->rows, key, &known, &is_new);
    }
    if (st == RM_OK && is_new) {
        st = push_row(g, t, row, known);
    }
    *index = st == RM_OK ? *known : 0;
    return st;
}

static rm_status push_artifact(merging *g, const unsigned char *row, uint32_t *index) {
    const rm_artifact *a = (const void *)row;
    uint32_t *known = NULL;
    bool is_new = false;
    rm_status st = rm_map_at(&g->artifacts, a->path, &known, &is_new);
    if (st != RM_OK) {
        return st;
    }
    if (is_new) {
        st = push_row(g, RM_TABLE_ARTIFACTS, row, known);
        *index = *known;
        return st;
    }
    rm_artifact *other = &g->whole.model.artifacts.at[*known];
    if (rm_str_eq(other->sha256, a->sha256)) {
        other->used = other->used || a->used;
        *index = *known;
        return RM_OK;
    }
    rm_diag(g->sink, RM_WARNING, (rm_loc){.file = a->path}, "merge-same-path",
            "two models have a file of this path, with different content: places in it are "
            "ambiguous; scan from folders of different names");
    return push_row(g, RM_TABLE_ARTIFACTS, row, index);
}

/*
 * The folder of a root has no name below itself, and a driver without a folder is one that an INF
 * or a facts file tells of: only now do its sources have a folder.
 */
static void name_unit(const merging *g, const part *p, rm_driver *driver) {
    uint32_t artifact = 0;
    if (p->root.len == 0 || driver->unit.len > 0 ||
        !rm_map_get(&g->artifacts, driver->place.file, &artifact)) {
        return;
    }
    const rm_artifact_kind kind = g->whole.model.artifacts.at[artifact].kind;
    if (kind == RM_ARTIFACT_SOURCE || kind == RM_ARTIFACT_HEADER || kind == RM_ARTIFACT_PROJECT) {
        driver->unit = rm_str_slice(p->root, 0, p->root.len - 1);
    }
}

static rm_status push_driver(merging *g, const part *p, unsigned char *row, uint32_t *index) {
    rm_driver *driver = (void *)row;
    name_unit(g, p, driver);
    return rm_model_join_driver(&g->whole.model, g->sink, driver, index);
}

/* `row` is a copy, which is changed. */
static rm_status add_row(merging *g, part *p, uint32_t t, unsigned char *row, uint32_t *index) {
    rm_status st = place_row(g, p, &rm_tables[t], row);
    if (st != RM_OK) {
        return st;
    }
    point(p, &rm_tables[t], row, 0, t);
    return t == RM_TABLE_ARTIFACTS ? push_artifact(g, row, index)
           : t == RM_TABLE_DRIVERS ? push_driver(g, p, row, index)
                                   : push_once(g, t, row, index);
}

static rm_status add_table(merging *g, part *p, uint32_t t) {
    const rm_table *table = &rm_tables[t];
    const rm_any_list list = rm_image_list(&p->image, rm_tables[RM_TABLE_READ + t].list);
    unsigned char *row = rm_arena_alloc(g->scratch, 1, table->item_size);
    p->new_index[t] = RM_NEW_ARRAY(g->scratch, uint32_t, (size_t)list.count + 1);
    p->from[t] = rm_image_list(&g->whole, table->list).count;
    rm_status st = row == NULL || p->new_index[t] == NULL ? RM_NOMEM : RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < list.count; i++) {
        memcpy(row, list.at + (size_t)i * table->item_size, table->item_size);
        st = add_row(g, p, t, row, &p->new_index[t][i]);
    }
    p->to[t] = rm_image_list(&g->whole, table->list).count;
    return st;
}

/* References from a table to itself or to a later one. */
static void point_ahead(merging *g, const part *p, uint32_t t) {
    const rm_table *table = &rm_tables[t];
    const rm_any_list list = rm_image_list(&g->whole, table->list);
    for (uint32_t i = p->from[t]; i < p->to[t]; i++) {
        point(p, table, list.at + (size_t)i * table->item_size, t, FACT_TABLES);
    }
}

/* Table by table, so that what refers to a table finds the rows of all parts in it. */
static rm_status add_parts(merging *g, part *parts, uint32_t count) {
    rm_status st = RM_OK;
    for (uint32_t t = 0; t < FACT_TABLES; t++) {
        for (uint32_t p = 0; st == RM_OK && p < count; p++) {
            st = add_table(g, &parts[p], t);
        }
    }
    for (uint32_t t = 0; st == RM_OK && t < FACT_TABLES; t++) {
        for (uint32_t p = 0; p < count; p++) {
            point_ahead(g, &parts[p], t);
        }
    }
    return st;
}

/* ---- the parts ---- */

/* Parts of one name are told apart by what they have read: their order is not that of the caller.
 */
static int by_order(const void *a, const void *b) {
    const part *x = a;
    const part *y = b;
    const rm_artifacts *of_x = &x->image.read.artifacts;
    const rm_artifacts *of_y = &y->image.read.artifacts;
    int order = rm_str_cmp(x->order, y->order);
    for (uint32_t i = 0; order == 0 && i < of_x->count && i < of_y->count; i++) {
        order = rm_str_cmp(of_x->at[i].path, of_y->at[i].path);
        order = order != 0 ? order : rm_str_cmp(of_x->at[i].sha256, of_y->at[i].sha256);
    }
    return order != 0 ? order : (of_x->count > of_y->count) - (of_x->count < of_y->count);
}

static rm_status make_part(rm_arena *arena, const rm_model *model, part *out) {
    const rm_str root = rm_model_given(model, "root");
    const rm_str first = model->read->artifacts.at[0].path;
    *out = (part){.model = model, .image = {.read = *model->read}, .order = first};
    if (root.len == 0) {
        return RM_OK;
    }
    rm_status st = rm_str_printf(arena, &out->root, "%.*s/", RM_STR_ARG(root));
    return st == RM_OK ? rm_str_printf(arena, &out->order, "%.*s%.*s", RM_STR_ARG(out->root),
                                       RM_STR_ARG(first))
                       : st;
}

/* Files of one place and content in two parts. */
static rm_status find_shared(merging *g, part *parts, uint32_t count) {
    rm_map seen = {.arena = g->scratch};
    rm_status st = RM_OK;
    for (uint32_t p = 0; p < count; p++) {
        const rm_artifacts *list = &parts[p].image.read.artifacts;
        for (uint32_t i = 0; st == RM_OK && i < list->count; i++) {
            rm_str path = RM_STR_NONE;
            rm_str key = RM_STR_NONE;
            uint32_t *owner = NULL;
            bool is_new = false;
            st = below_root(g, &parts[p], list->at[i].path, &path);
            if (st == RM_OK) {
                st = rm_str_printf(g->scratch, &key, "%.*s %.*s", RM_STR_ARG(list->at[i].sha256),
                                   RM_STR_ARG(path));
            }
            if (st == RM_OK) {
                st = rm_map_at(&seen, key, &owner, &is_new);
            }
            if (st == RM_OK && !is_new && *owner != p) {
                st = rm_map_at(&g->shared, path, &owner, NULL);
            } else if (st == RM_OK && is_new) {
                *owner = p;
            }
        }
    }
    return st;
}

static rm_status merge(merging *g, const rm_model *const *models, uint32_t count) {
    part *parts = RM_NEW_ARRAY(g->scratch, part, (size_t)count + 1);
    rm_status st = parts == NULL ? RM_NOMEM : RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < count; i++) {
        st = make_part(g->whole.model.arena, models[i], &parts[i]);
    }
    if (st == RM_OK) {
        qsort(parts, count, sizeof *parts, by_order);
        st = find_shared(g, parts, count);
    }
    return st == RM_OK ? add_parts(g, parts, count) : st;
}

/* The sink may have kept what it was told in `into`. */
static rm_status take(rm_model *into, rm_model *whole) {
    for (uint32_t i = 0; i < into->diagnostics.count; i++) {
        rm_diagnostic *row = rm_push(into->arena, &whole->diagnostics);
        if (row == NULL) {
            return RM_NOMEM;
        }
        *row = into->diagnostics.at[i];
    }
    *into = *whole;
    return RM_OK;
}

rm_status rm_merge(rm_model *into, rm_sink *sink, const rm_model *const *models, uint32_t count,
                   uint32_t *which) {
    for (uint32_t i = 0; i < count; i++) {
        if (models[i]->read == NULL || models[i]->read->artifacts.count == 0) {
            *which = i;
            return RM_FOREIGN;
        }
    }
    merging g = {.sink = sink, .whole = {.model = *into}, .scratch = rm_arena_new(SIZE_MAX / 2)};
    g.artifacts.arena = g.scratch;
    g.shared.arena = g.scratch;
    g.rows.arena = g.scratch;
    rm_status st = g.scratch == NULL ? RM_NOMEM : merge(&g, models, count);
    if (st == RM_OK) {
        st = take(into, &g.whole.model);
    }
    rm_arena_free(g.scratch);
    return st;
}
