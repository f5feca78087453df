#include "sddl_file.h"

/* One line and how far it is read. */
typedef struct cursor {
    rm_str line;
    size_t at;
    rm_loc start;
} cursor;

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r';
}

static rm_loc here(const cursor *c) {
    rm_loc loc = c->start;
    loc.column = (uint32_t)c->at + 1;
    return loc;
}

static void skip_blanks(cursor *c) {
    while (c->at < c->line.len && is_blank(c->line.ptr[c->at])) {
        c->at++;
    }
}

static rm_str word(cursor *c) {
    size_t from = c->at;
    while (c->at < c->line.len && !is_blank(c->line.ptr[c->at])) {
        c->at++;
    }
    return rm_str_slice(c->line, from, c->at);
}

/* A word, or whatever stands in double quotes. */
static bool name(cursor *c, rm_sink *sink, rm_str *out) {
    size_t length = 0;
    rm_loc loc = here(c);
    if (c->at >= c->line.len || c->line.ptr[c->at] != '"') {
        *out = word(c);
    } else if (rm_str_find_char(rm_str_slice(c->line, c->at + 1, c->line.len), '"', &length)) {
        *out = rm_str_slice(c->line, c->at + 1, c->at + 1 + length);
        c->at += length + 2;
    } else {
        rm_diag(sink, RM_ERROR, loc, "sddl-file-name", "the name has no closing quote");
        return false;
    }
    if (out->len == 0) {
        rm_diag(sink, RM_ERROR, loc, "sddl-file-name", "expected the name of what it protects");
        return false;
    }
    return true;
}

static bool kind(cursor *c, rm_sink *sink, rm_subject *out) {
    rm_loc loc = here(c);
    rm_str text = word(c);
    if (rm_subject_from(text, out)) {
        return true;
    }
    rm_diag(sink, RM_ERROR, loc, "sddl-file-kind",
            "'%.*s' is none of device, interface, service, key, port, file", RM_STR_ARG(text));
    return false;
}

static rm_status push(rm_model *model, rm_descriptor row) {
    rm_status st = rm_str_copy(model->arena, row.subject_name, &row.subject_name);
    if (st == RM_OK) {
        st = rm_str_copy(model->arena, row.sddl, &row.sddl);
    }
    rm_descriptor *slot = st == RM_OK ? rm_push(model->arena, &model->descriptors) : NULL;
    if (slot == NULL) {
        return RM_NOMEM;
    }
    *slot = row;
    return RM_OK;
}

static rm_status read_line(rm_model *model, rm_sink *sink, cursor *c, bool *used) {
    rm_descriptor row = {.subject = RM_NONE,
                         .source = RM_SDDL_FILE,
                         .outranked_by = RM_NONE,
                         .state = RM_STATE_DECLARED};
    skip_blanks(c);
    if (c->at == c->line.len || c->line.ptr[c->at] == '#') {
        return RM_OK;
    }
    if (!kind(c, sink, &row.subject_kind)) {
        return RM_OK;
    }
    skip_blanks(c);
    if (!name(c, sink, &row.subject_name)) {
        return RM_OK;
    }
    skip_blanks(c);
    row.place = here(c);
    row.sddl = rm_str_trim(rm_str_slice(c->line, c->at, c->line.len));
    if (row.sddl.len == 0) {
        rm_diag(sink, RM_ERROR, row.place, "sddl-file-missing", "expected a descriptor");
        return RM_OK;
    }
    *used = true;
    return push(model, row);
}

rm_status rm_sddl_file_read(rm_model *model, rm_sink *sink, rm_str path, rm_str text, bool *used) {
    cursor c = {.start = {.line = 1}};
    bool any = false;
    rm_status st = rm_str_copy(model->arena, path, &c.start.file);
    for (size_t at = 0; st == RM_OK && at < text.len; c.start.line++) {
        size_t length = 0;
        rm_str rest = rm_str_slice(text, at, text.len);
        if (!rm_str_find_char(rest, '\n', &length)) {
            length = rest.len;
        }
        c.line = rm_str_slice(rest, 0, length);
        c.at = 0;
        at += length + 1;
        st = read_line(model, sink, &c, &any);
    }
    if (st == RM_OK) {
        *used = any;
    }
    return st;
}
