#include "source/flow/lower.h"

rm_str rm_span_text(const rm_source_unit *unit, rm_span span) {
    if (span.file >= unit->files.count) {
        return RM_STR_NONE;
    }
    return rm_str_slice(unit->files.at[span.file].text, span.start, span.end);
}

rm_str rm_span_line(const rm_source_unit *unit, rm_span span) {
    if (span.file >= unit->files.count) {
        return RM_STR_NONE;
    }
    rm_str text = unit->files.at[span.file].text;
    size_t from = span.start < text.len ? span.start : text.len;
    size_t to = from;
    while (from > 0 && text.ptr[from - 1] != '\n') {
        from--;
    }
    while (to < text.len && text.ptr[to] != '\n') {
        to++;
    }
    return rm_str_trim(rm_str_slice(text, from, to));
}

rm_place rm_span_place(const rm_source_unit *unit, rm_span span) {
    if (span.file >= unit->files.count) {
        return (rm_place){.line = 0};
    }
    return (rm_place){
        .file = unit->files.at[span.file].path, .line = span.line, .column = span.column};
}

/* Does the function jump to a label that stands before the jump? */
static void find_back_jumps(rm_body *body, const rm_stmt *s, rm_str *labels, uint32_t *count,
                            unsigned depth) {
    enum { MOST = 32 };
    for (; s != NULL && s->kind == RM_STMT_IF && depth <= RM_LOWER_DEPTH; s = s->other) {
        find_back_jumps(body, s->body, labels, count, depth + 1);
    }
    if (s == NULL || depth > RM_LOWER_DEPTH) {
        return;
    }
    if (s->kind == RM_STMT_LABEL && *count < MOST) {
        labels[(*count)++] = s->name;
    }
    if (s->kind == RM_STMT_GOTO) {
        for (uint32_t i = 0; i < *count; i++) {
            body->jumps_back |= rm_str_eq(labels[i], s->name);
        }
    }
    for (uint32_t i = 0; i < s->count; i++) {
        find_back_jumps(body, s->list[i], labels, count, depth + 1);
    }
    find_back_jumps(body, s->body, labels, count, depth + 1);
    find_back_jumps(body, s->other, labels, count, depth + 1);
}

static rm_body *lower_function(rm_flow_unit *flow, const rm_function *function) {
    rm_body *body = RM_NEW(flow->arena, rm_body);
    rm_str labels[32];
    uint32_t label_count = 0;
    if (body == NULL) {
        flow->status = RM_NOMEM;
        return NULL;
    }
    rm_lower l = {.flow = flow,
                  .body = body,
                  .file = &flow->unit->files.at[function->file],
                  .file_index = function->file};
    body->function = function;
    if (function->broken) {
        rm_lower_broken(&l, RM_STR("its source could not be read whole"));
    }
    for (uint32_t i = 0; i < function->param_count; i++) {
        const rm_param *p = &function->params[i];
        uint32_t index = rm_lower_declare(&l, p->name, rm_type_named(flow->decls, p->type));
        if (index == RM_NONE) {
            return NULL;
        }
        size_t at = 0;
        body->variables.at[index].is_reference = rm_str_find_char(p->type, '&', &at);
    }
    body->param_count = function->param_count;
    TSNode result = rm_node_field(function->node, "type");
    if (!ts_node_is_null(result)) {
        rm_str name;
        body->result =
            rm_type_of_declarator(flow->decls, l.file, result, (TSNode){{0}, NULL, NULL}, &name);
    }
    body->root = rm_lower_stmt(&l, function->body);
    if (l.file->is_cpp) {
        body->root = rm_lower_members(&l, function->node, body->root);
    }
    find_back_jumps(body, body->root, labels, &label_count, 0);
    if (rm_decls_failed(flow->decls)) {
        flow->status = RM_NOMEM;
    }
    return flow->status == RM_OK ? body : NULL;
}

const rm_body *rm_flow_body(rm_flow_unit *flow, const rm_function *function) {
    uint32_t index = (uint32_t)(function - flow->unit->functions.at);
    if (flow->bodies[index] == NULL && flow->status == RM_OK) {
        flow->bodies[index] = lower_function(flow, function);
    }
    return flow->bodies[index];
}

const rm_expr *rm_flow_initialiser(rm_flow_unit *flow, const rm_global *global) {
    rm_body scratch = {0};
    if (ts_node_is_null(global->value) || global->several) {
        return NULL;
    }
    rm_key key = {global->file, ts_node_start_byte(global->value), 0, 0};
    uint32_t known = rm_keys_add(flow->initial_keys, key, flow->initials.count);
    if (known < flow->initials.count) {
        return flow->initials.at[known];
    }
    rm_lower l = {.flow = flow,
                  .body = &scratch,
                  .file = &flow->unit->files.at[global->file],
                  .file_index = global->file};
    const rm_expr *value = rm_lower_expr(&l, global->value);
    const rm_expr **slot = rm_push(flow->arena, &flow->initials);
    if (known == RM_NONE || slot == NULL) {
        flow->status = RM_NOMEM;
        return NULL;
    }
    *slot = value;
    return value;
}
