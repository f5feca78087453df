#include "table.h"

#include <math.h>

#include "base/platform.h"
#include "base/text.h"
#include "grid.h"

struct rm_table {
    rm_invocation *in;
    rm_format format;
    const rm_shown *shown; /* NULL: all */
    size_t shown_count;
    rm_str *names; /* of the query's columns */
    uint32_t name_count;
    uint32_t rows;
    rm_buf text;    /* machine formats */
    rm_grid grid;   /* for people */
    uint32_t *from; /* grid column: query column; RM_NONE where the query has none */
    uint32_t *line; /* the same for the number after ':' */
};

static const char *const words[] = {"table", "json", "csv", "ndjson", NULL};

rm_format rm_given_format(const rm_invocation *in) {
    const int word = rm_given_word(in, "--format", words, RM_FORMAT_TABLE);
    return word < 0 ? RM_FORMAT_COUNT : (rm_format)word;
}

rm_table *rm_table_new(rm_invocation *in, rm_format format, const rm_shown *shown, size_t count) {
    rm_table *table = RM_NEW(in->arena, rm_table);
    if (table != NULL) {
        *table = (rm_table){.in = in,
                            .format = format,
                            .shown = shown,
                            .shown_count = count,
                            .text = {.arena = in->arena},
                            .grid = {.arena = in->arena}};
    }
    return table;
}

uint32_t rm_table_rows(const rm_table *table) {
    return table->rows;
}

/* ---- machine formats ---- */

static void print_hex(rm_buf *out, rm_str bytes) {
    for (size_t i = 0; i < bytes.len; i++) {
        rm_buf_printf(out, "%02x", (unsigned char)bytes.ptr[i]);
    }
}

/* JSON has no numbers without end. */
static void print_real(rm_buf *out, double value, const char *otherwise) {
    if (isfinite(value)) {
        rm_buf_printf(out, "%.17g", value);
    } else {
        rm_buf_text(out, otherwise);
    }
}

/* Access masks are numbers in the model and hexadecimal text in JSON. */
static bool is_mask(rm_str name) {
    return rm_str_eq(name, RM_STR("mask")) || rm_str_eq(name, RM_STR("win32_mask"));
}

static void print_json_cell(rm_buf *out, rm_str name, const rm_cell *cell) {
    switch (cell->kind) {
    case RM_CELL_NULL: rm_buf_text(out, "null"); return;
    case RM_CELL_INTEGER:
        if (is_mask(name)) {
            rm_buf_printf(out, "\"0x%llx\"", (unsigned long long)cell->integer);
        } else {
            rm_buf_printf(out, "%lld", (long long)cell->integer);
        }
        return;
    case RM_CELL_REAL: print_real(out, cell->real, "null"); return;
    case RM_CELL_TEXT: rm_text_json(out, cell->text); return;
    case RM_CELL_BLOB:
        rm_buf_char(out, '"');
        print_hex(out, cell->text);
        rm_buf_char(out, '"');
        return;
    }
}

static void print_object(rm_table *t, const rm_cell *cells) {
    rm_buf_char(&t->text, '{');
    for (uint32_t i = 0; i < t->name_count; i++) {
        rm_buf_text(&t->text, i == 0 ? "" : ",");
        rm_text_json(&t->text, t->names[i]);
        rm_buf_char(&t->text, ':');
        print_json_cell(&t->text, t->names[i], &cells[i]);
    }
    rm_buf_char(&t->text, '}');
}

static void print_csv_cell(rm_buf *out, const rm_cell *cell) {
    switch (cell->kind) {
    case RM_CELL_NULL: return;
    case RM_CELL_INTEGER: rm_buf_printf(out, "%lld", (long long)cell->integer); return;
    case RM_CELL_REAL: print_real(out, cell->real, ""); return;
    case RM_CELL_TEXT: rm_text_csv(out, cell->text); return;
    case RM_CELL_BLOB: print_hex(out, cell->text); return;
    }
}

static void print_csv_row(rm_table *t, const rm_cell *cells) {
    for (uint32_t i = 0; i < t->name_count; i++) {
        rm_buf_text(&t->text, i == 0 ? "" : ",");
        if (cells == NULL) {
            rm_text_csv(&t->text, t->names[i]);
        } else {
            print_csv_cell(&t->text, &cells[i]);
        }
    }
    rm_buf_text(&t->text, "\r\n"); /* RFC 4180 */
}

/* ---- for people ---- */

static uint32_t column_called(const rm_table *t, const char *name) {
    for (uint32_t i = 0; name != NULL && i < t->name_count; i++) {
        if (rm_str_eq(t->names[i], rm_str_from(name))) {
            return i;
        }
    }
    return RM_NONE;
}

static rm_status start_grid(rm_table *t) {
    const uint32_t count = t->shown == NULL ? t->name_count : (uint32_t)t->shown_count;
    rm_arena *arena = t->in->arena;
    t->grid.columns = RM_NEW_ARRAY(arena, rm_grid_column, count);
    t->from = RM_NEW_ARRAY(arena, uint32_t, count);
    t->line = RM_NEW_ARRAY(arena, uint32_t, count);
    if (t->grid.columns == NULL || t->from == NULL || t->line == NULL) {
        return RM_NOMEM;
    }
    t->grid.column_count = count;
    for (uint32_t i = 0; i < count; i++) {
        const rm_shown *shown = t->shown == NULL ? NULL : &t->shown[i];
        t->from[i] = shown == NULL ? i : column_called(t, shown->column);
        t->line[i] = shown == NULL ? RM_NONE : column_called(t, shown->line);
        t->grid.columns[i] = (rm_grid_column){
            .title = shown == NULL ? t->names[i] : rm_str_from(shown->title),
            .spare = shown != NULL && shown->spare,
            .below = shown != NULL && shown->below,
            .flows = shown != NULL && shown->flows,
            .numbers = shown == NULL || shown->prefix == NULL, /* until a cell is none */
            .severity = shown != NULL && shown->as == RM_SHOWN_SEVERITY,
        };
    }
    return RM_OK;
}

static void print_people_cell(rm_buf *out, const rm_cell *cell, rm_shown_as as) {
    switch (cell->kind) {
    case RM_CELL_NULL: rm_buf_char(out, '-'); return;
    case RM_CELL_INTEGER:
        rm_buf_printf(out, as == RM_SHOWN_CODE ? "0x%08llX" : "%lld", (long long)cell->integer);
        return;
    case RM_CELL_REAL: rm_buf_printf(out, "%g", cell->real); return;
    case RM_CELL_TEXT: rm_text_safe(out, cell->text); return;
    case RM_CELL_BLOB: print_hex(out, cell->text); return;
    }
}

/* Without a list of columns, codes and masks are still read as such: by their hexadecimal digits.
 */
static rm_shown_as usual_form(rm_str name, const rm_cell *cell) {
    const bool code = rm_str_eq(name, RM_STR("code")) || rm_str_eq(name, RM_STR("code_sent"));
    return (code || is_mask(name)) && cell->kind == RM_CELL_INTEGER && cell->integer >= 0
               ? RM_SHOWN_CODE
               : RM_SHOWN_PLAIN;
}

static rm_status take_grid_cell(rm_table *t, uint32_t i, const rm_cell *cells) {
    static const rm_cell nothing = {.kind = RM_CELL_NULL};
    const rm_shown *shown = t->shown == NULL ? NULL : &t->shown[i];
    const rm_cell *cell = t->from[i] == RM_NONE ? &nothing : &cells[t->from[i]];
    const rm_cell *line = t->line[i] == RM_NONE ? &nothing : &cells[t->line[i]];
    rm_buf text = {.arena = t->in->arena};
    if (shown != NULL && shown->prefix != NULL) {
        rm_buf_text(&text, shown->prefix);
    }
    print_people_cell(&text, cell, shown == NULL ? usual_form(t->names[i], cell) : shown->as);
    const char *flag = shown == NULL ? NULL : shown->flag;
    if (line->kind == RM_CELL_INTEGER && flag == NULL) {
        rm_buf_printf(&text, ":%lld", (long long)line->integer);
    } else if (line->kind == RM_CELL_INTEGER && line->integer != 0) {
        rm_buf_printf(&text, " %s", flag);
    }
    if (cell->kind == RM_CELL_TEXT || cell->kind == RM_CELL_BLOB) {
        t->grid.columns[i].numbers = false;
    }
    rm_str *kept = rm_push(t->in->arena, &t->grid.cells);
    if (kept == NULL || text.status != RM_OK) {
        return RM_NOMEM;
    }
    *kept = rm_buf_view(&text);
    return RM_OK;
}

static rm_status take_grid_row(rm_table *t, const rm_cell *cells) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; i < t->grid.column_count && st == RM_OK; i++) {
        st = take_grid_cell(t, i, cells);
    }
    return st;
}

/* ---- the taker ---- */

static rm_status take_names(void *payload, const rm_str *names, uint32_t count) {
    rm_table *t = payload;
    t->names = RM_NEW_ARRAY(t->in->arena, rm_str, count);
    if (t->names == NULL) {
        return RM_NOMEM;
    }
    t->name_count = count;
    for (uint32_t i = 0; i < count; i++) {
        rm_status st = rm_str_copy(t->in->arena, names[i], &t->names[i]);
        if (st != RM_OK) {
            return st;
        }
    }
    switch (t->format) {
    case RM_FORMAT_TABLE: return start_grid(t);
    case RM_FORMAT_JSON: rm_buf_char(&t->text, '['); break;
    case RM_FORMAT_CSV: print_csv_row(t, NULL); break;
    case RM_FORMAT_NDJSON:
    case RM_FORMAT_COUNT: break;
    }
    return t->text.status;
}

static rm_status take_row(void *payload, const rm_cell *cells, uint32_t count) {
    rm_table *t = payload;
    (void)count; /* that of the names */
    switch (t->format) {
    case RM_FORMAT_TABLE: t->rows++; return take_grid_row(t, cells);
    case RM_FORMAT_JSON:
        rm_buf_text(&t->text, t->rows == 0 ? "\n" : ",\n");
        print_object(t, cells);
        break;
    case RM_FORMAT_CSV: print_csv_row(t, cells); break;
    case RM_FORMAT_NDJSON:
        print_object(t, cells);
        rm_buf_char(&t->text, '\n');
        break;
    case RM_FORMAT_COUNT: break;
    }
    t->rows++;
    return t->text.status;
}

rm_row_taker rm_table_taker(rm_table *table) {
    return (rm_row_taker){take_names, take_row, table};
}

static bool use_color(const rm_invocation *in) {
    return in->color == RM_COLOR_ALWAYS || (in->color == RM_COLOR_AUTO && rm_terminal_is(1));
}

rm_status rm_table_text(rm_table *t, rm_str *out) {
    if (t->format == RM_FORMAT_TABLE && t->rows > 0) {
        rm_grid_print(&t->grid, rm_terminal_width(), use_color(t->in), &t->text);
    } else if (t->format == RM_FORMAT_JSON) {
        rm_buf_text(&t->text, t->rows == 0 ? "]\n" : "\n]\n");
    }
    *out = rm_buf_view(&t->text);
    return t->text.status;
}

int rm_table_print(rm_table *t) {
    rm_str text = RM_STR_NONE;
    return rm_table_text(t, &text) == RM_OK ? rm_print(t->in, text)
                                            : rm_fail(t->in, RM_EXIT_OUTPUT, "out of memory");
}
