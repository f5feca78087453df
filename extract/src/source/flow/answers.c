#include "source/flow/walk.h"

/*
 * What goes back to the caller. The I/O manager copies IoStatus.Information bytes of the system
 * buffer to the caller's output buffer (METHOD_BUFFERED; wdm.h, IO_STATUS_BLOCK); with the other
 * methods the driver writes to the caller's pages itself.
 */

static bool is_field(const rm_walk *w, uint32_t cell, rm_str name) {
    const rm_cell *c = &w->cells.at[cell];
    return c->kind == RM_CELL_FIELD && rm_str_eq(rm_names_text(w->names, c->a), name);
}

/* Irp->IoStatus.Information of the request itself, not of one that the driver made. */
static bool is_byte_count(const rm_walk *w, uint32_t cell) {
    uint32_t status = w->cells.at[cell].parent;
    if (!is_field(w, cell, RM_STR("Information")) || status == RM_NONE ||
        !is_field(w, status, RM_STR("IoStatus"))) {
        return false;
    }
    const rm_cell *root = &w->cells.at[w->cells.at[cell].root];
    if (root->kind != RM_CELL_POINTEE || root->a >= w->symbols.count) {
        return false;
    }
    const rm_symbol *irp = &w->symbols.at[root->a];
    return irp->op == RM_SYMBOL_SOURCE && irp->source == RM_SOURCE_IRP;
}

/* Pages of the caller's that were given to be filled. */
static bool is_output(const rm_walk *w, uint32_t cell) {
    const rm_cell *root = &w->cells.at[w->cells.at[cell].root];
    if (root->kind == RM_CELL_BUFFER) {
        return root->a == RM_SOURCE_MDL_BUFFER;
    }
    return root->kind == RM_CELL_POINTEE && root->a < w->symbols.count &&
           w->symbols.at[root->a].op == RM_SYMBOL_SOURCE &&
           w->symbols.at[root->a].source == RM_SOURCE_USER_BUFFER;
}

/* The address that the caller gave for the output of METHOD_NEITHER, or a place after it. */
static bool is_output_address(const rm_walk *w, rm_value value) {
    for (unsigned depth = 0; depth < 8 && value.kind == RM_VALUE_SYMBOL; depth++) {
        const rm_symbol *s = &w->symbols.at[value.id];
        if (s->op == RM_SYMBOL_SOURCE) {
            return s->source == RM_SOURCE_USER_BUFFER;
        }
        if (s->op != RM_SYMBOL_CAST && s->op != RM_SYMBOL_ARITH) {
            return false;
        }
        value = s->a;
    }
    return false;
}

static bool is_nothing(rm_value value) {
    return value.kind == RM_VALUE_CONST && value.n == 0;
}

void rm_answer_stored(rm_walk *w, uint32_t cell, rm_value value) {
    if (!w->answers && cell < w->cells.count) {
        w->answers = is_byte_count(w, cell) ? !is_nothing(value) : is_output(w, cell);
    }
}

void rm_answer_copied(rm_walk *w, rm_value to) {
    w->answers = w->answers || is_output_address(w, to);
}

/* Routines that tell the framework how many bytes go back, and where they say it. */
static const struct {
    const char *name;
    uint32_t count;
} completions[] = {
    {"WdfRequestCompleteWithInformation", 2},
    {"WdfRequestSetInformation", 1},
};

void rm_answer_called(rm_walk *w, const rm_call_site *site) {
    for (size_t i = 0; i < sizeof completions / sizeof completions[0]; i++) {
        if (rm_str_eq(site->name, rm_str_from(completions[i].name)) &&
            completions[i].count < site->count) {
            w->answers = w->answers || !is_nothing(site->args[completions[i].count]);
        }
    }
}

bool rm_walk_answers(const rm_walk *w) {
    switch (w->handler->kind) {
    case RM_ENTRY_IOCTL:
    case RM_ENTRY_INTERNAL_IOCTL:
    case RM_ENTRY_FSCTL:
    case RM_ENTRY_FAST_IO:
        /* METHOD_IN_DIRECT locks the second buffer for reading: the count alone tells nothing */
        return w->answers && !(w->method_known && w->method == RM_METHOD_IN_DIRECT);
    case RM_ENTRY_READ:
    case RM_ENTRY_MESSAGE: return w->answers;
    case RM_ENTRY_CREATE:
    case RM_ENTRY_WRITE: /* its count is of what was taken */
    case RM_ENTRY_WMI:
    case RM_ENTRY_COUNT: break;
    }
    return false;
}
