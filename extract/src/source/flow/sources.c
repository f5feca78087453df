#include "source/flow/walk.h"

/* Where the caller's data comes in. */

typedef enum rm_member_under {
    UNDER_ANYTHING,
    UNDER_ASSOCIATED_IRP,
    UNDER_DEVICE_CONTROL,
    UNDER_TRANSFER /* Read, Write */
} rm_member_under;

/* Members of IRP, IO_STACK_LOCATION and WDF_REQUEST_PARAMETERS (wdm.h, wdfrequest.h). */
static const struct {
    const char *name;
    rm_member_under under;
    rm_source source;
    bool is_buffer; /* the address of the buffer, chosen by the I/O manager */
} members[] = {
    {"SystemBuffer", UNDER_ASSOCIATED_IRP, RM_SOURCE_SYSTEM_BUFFER, true},
    {"Type3InputBuffer", UNDER_DEVICE_CONTROL, RM_SOURCE_TYPE3_BUFFER, false},
    {"IoControlCode", UNDER_DEVICE_CONTROL, RM_SOURCE_CODE, false},
    {"FsControlCode", UNDER_DEVICE_CONTROL, RM_SOURCE_CODE, false},
    {"InputBufferLength", UNDER_DEVICE_CONTROL, RM_SOURCE_INPUT_LENGTH, false},
    {"OutputBufferLength", UNDER_DEVICE_CONTROL, RM_SOURCE_OUTPUT_LENGTH, false},
    {"Length", UNDER_TRANSFER, RM_SOURCE_LENGTH, false},
    {"UserBuffer", UNDER_ANYTHING, RM_SOURCE_USER_BUFFER, false},
    {"MdlAddress", UNDER_ANYTHING, RM_SOURCE_MDL, false},
    {"FileObject", UNDER_ANYTHING, RM_SOURCE_FILE_OBJECT, false},
    {"FileName", UNDER_ANYTHING, RM_SOURCE_FILE_NAME, true},
    {"RequestorMode", UNDER_ANYTHING, RM_SOURCE_REQUESTOR_MODE, false},
};

bool rm_source_is_name(rm_str name) {
    enum { SHORTEST = 6, LONGEST = 18 }; /* Length, OutputBufferLength */
    if (name.len < SHORTEST || name.len > LONGEST) {
        return false;
    }
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        if (rm_str_eq(name, rm_str_from(members[i].name))) {
            return true;
        }
    }
    return rm_str_eq(name, RM_STR("MajorFunction")) || rm_str_eq(name, RM_STR("MinorFunction"));
}

static bool names_part(rm_str name, rm_member_under under) {
    size_t at = 0;
    switch (under) {
    case UNDER_ANYTHING: return true;
    case UNDER_ASSOCIATED_IRP: return rm_str_eq(name, RM_STR("AssociatedIrp"));
    case UNDER_DEVICE_CONTROL: return rm_str_find(name, RM_STR("Control"), &at);
    case UNDER_TRANSFER: return rm_str_eq(name, RM_STR("Read")) || rm_str_eq(name, RM_STR("Write"));
    }
    return false;
}

/* auto &part = stack->Parameters.DeviceIoControl: the place tells, not the expression. */
static bool cell_is_under(const rm_walk *w, uint32_t cell, rm_member_under under) {
    for (; cell != RM_NONE; cell = w->cells.at[cell].parent) {
        const rm_cell *c = &w->cells.at[cell];
        if (c->kind == RM_CELL_FIELD && names_part(rm_names_text(w->names, c->a), under)) {
            return true;
        }
    }
    return false;
}

/* auto part = stack->Parameters.DeviceIoControl: a copy of it. */
static bool copy_is_under(rm_walk *w, const rm_world *world, uint32_t cell, rm_member_under under) {
    rm_value whole;
    const rm_symbol *s = NULL;
    if (w->cells.at[cell].kind == RM_CELL_LOCAL && rm_world_get(world, cell, &whole)) {
        s = rm_symbol_of(w, whole);
    }
    return s != NULL && s->op == RM_SYMBOL_PART && s->cell > 0 &&
           cell_is_under(w, s->cell - 1, under);
}

static bool is_under(rm_walk *w, const rm_world *world, const rm_expr *e, uint32_t base,
                     rm_member_under under) {
    if (under == UNDER_ANYTHING) {
        return true;
    }
    for (const rm_expr *a = e->a; a != NULL && a->kind == RM_EXPR_MEMBER; a = a->a) {
        if (names_part(a->name, under)) {
            return true;
        }
    }
    return cell_is_under(w, base, under) || copy_is_under(w, world, base, under);
}

/* Is it memory of the kit's own structures, not the driver's or the caller's? */
static bool is_kit_object(const rm_walk *w, const rm_expr *e, uint32_t base) {
    const rm_cell *root = &w->cells.at[w->cells.at[base].root];
    rm_type of = e->arrow ? rm_type_deref(&e->a->type) : e->a->type;
    if (of.record != NULL || rm_cell_is_user(w, base) || root->kind == RM_CELL_HEAP) {
        return false; /* a structure of the driver's own that has a member of that name */
    }
    if (root->kind == RM_CELL_POINTEE) {
        const rm_symbol *pointer = &w->symbols.at[root->a];
        return pointer->taint != RM_TAINT_USER;
    }
    return true;
}

/* User mode cannot send internal requests: their buffers are another driver's memory. */
static bool is_drivers(const rm_walk *w, rm_source source) {
    return w->handler->kind == RM_ENTRY_INTERNAL_IOCTL &&
           (source == RM_SOURCE_USER_BUFFER || source == RM_SOURCE_TYPE3_BUFFER);
}

/*
 * Only for METHOD_NEITHER and METHOD_BUFFERED the I/O manager puts the output buffer's address
 * there (wdm.h: IRP, UserBuffer); a direct method's is in the MDL.
 */
static bool is_left_null(const rm_walk *w, rm_source source) {
    bool control = w->handler->kind == RM_ENTRY_IOCTL || w->handler->kind == RM_ENTRY_FSCTL;
    return source == RM_SOURCE_USER_BUFFER && control && w->method_known &&
           (w->method == RM_METHOD_IN_DIRECT || w->method == RM_METHOD_OUT_DIRECT);
}

/* Where the request's own members are read first. */
static void note_source(rm_walk *w, rm_source source, rm_span at) {
    if (w->came_in[source].file == RM_NONE) {
        w->came_in[source] = at;
    }
}

static rm_value value_of(rm_walk *w, rm_source source, bool is_buffer) {
    if (is_buffer || is_drivers(w, source)) {
        return rm_value_pointer(rm_cell_root(w, RM_CELL_BUFFER, source, 0));
    }
    return rm_value_symbol(rm_symbol_source(w, source));
}

/* DRIVER_OBJECT's member of that name is its dispatch table. */
static bool is_driver_object(const rm_walk *w, const rm_type *type, const rm_cell *root) {
    const rm_symbol *s = root->kind == RM_CELL_POINTEE && root->a < w->symbols.count
                             ? &w->symbols.at[root->a]
                             : NULL;
    return (s != NULL && rm_symbol_is_found(w, root->a)) ||
           rm_str_eq(type->name, RM_STR("DRIVER_OBJECT"));
}

bool rm_source_member(rm_walk *w, rm_world *world, const rm_expr *e, uint32_t base, rm_value *out) {
    rm_type of = e->arrow ? rm_type_deref(&e->a->type) : e->a->type;
    rm_value bound;
    const rm_cell *root = &w->cells.at[w->cells.at[base].root];
    if (root->kind == RM_CELL_BUFFER && root->a == RM_SOURCE_FILE_NAME &&
        rm_str_eq(e->name, RM_STR("Buffer"))) {
        *out = rm_value_pointer(w->cells.at[base].root); /* the text, in the kernel's memory */
        return true;
    }
    if (!rm_source_is_name(e->name) || !is_kit_object(w, e, base) ||
        rm_world_get(world, rm_cell_field(w, base, e->name, &of), &bound)) {
        return false;
    }
    if (rm_str_eq(e->name, RM_STR("MajorFunction"))) {
        *out = rm_value_const(w->major);
        return w->major >= 0 && !is_driver_object(w, &of, root);
    }
    if (rm_str_eq(e->name, RM_STR("MinorFunction"))) {
        /* mounting and verifying are the I/O manager's, IRP_MN_KERNEL_CALL another driver's */
        *out = rm_value_const(0);
        return w->handler->kind == RM_ENTRY_FSCTL;
    }
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        if (rm_str_eq(e->name, rm_str_from(members[i].name)) &&
            is_under(w, world, e, base, members[i].under)) {
            if (is_left_null(w, members[i].source)) {
                *out = rm_value_const(0);
                return true;
            }
            *out = value_of(w, members[i].source, members[i].is_buffer);
            note_source(w, members[i].source, e->span);
            if (members[i].source == RM_SOURCE_REQUESTOR_MODE) {
                (void)rm_question_of_mode(w, e->span);
            }
            return true;
        }
    }
    return false;
}

/* --- routines --- */

typedef enum rm_retrieve_kind {
    RETRIEVE_BUFFER, /* (Request, Minimum, &Buffer, &Length) */
    RETRIEVE_USER_BUFFER,
    RETRIEVE_MEMORY, /* (Request, &Memory) */
    RETRIEVE_MDL,    /* (Request, &Mdl) */
    LOCK_USER_BUFFER /* (Request, Buffer, Length, &Memory) */
} rm_retrieve_kind;

static const struct {
    const char *name;
    rm_retrieve_kind kind;
    bool output;
} retrieves[] = {
    {"WdfRequestRetrieveInputBuffer", RETRIEVE_BUFFER, false},
    {"WdfRequestRetrieveOutputBuffer", RETRIEVE_BUFFER, true},
    {"WdfRequestRetrieveUnsafeUserInputBuffer", RETRIEVE_USER_BUFFER, false},
    {"WdfRequestRetrieveUnsafeUserOutputBuffer", RETRIEVE_USER_BUFFER, true},
    {"WdfRequestRetrieveInputMemory", RETRIEVE_MEMORY, false},
    {"WdfRequestRetrieveOutputMemory", RETRIEVE_MEMORY, true},
    {"WdfRequestRetrieveInputWdmMdl", RETRIEVE_MDL, false},
    {"WdfRequestRetrieveOutputWdmMdl", RETRIEVE_MDL, true},
    {"WdfRequestProbeAndLockUserBufferForRead", LOCK_USER_BUFFER, false},
    {"WdfRequestProbeAndLockUserBufferForWrite", LOCK_USER_BUFFER, true},
};

/* METHOD_BUFFERED has one buffer; the direct methods' second one is the caller's own pages. */
static uint32_t buffer_cell(rm_walk *w, bool output) {
    bool control = w->handler->kind == RM_ENTRY_IOCTL || w->handler->kind == RM_ENTRY_FSCTL ||
                   w->handler->kind == RM_ENTRY_INTERNAL_IOCTL;
    bool direct = control && output && w->method_known && w->method != RM_METHOD_BUFFERED;
    return rm_cell_root(w, RM_CELL_BUFFER, direct ? RM_SOURCE_MDL_BUFFER : RM_SOURCE_SYSTEM_BUFFER,
                        0);
}

static rm_source length_source(const rm_walk *w, bool output) {
    if (w->handler->kind == RM_ENTRY_READ || w->handler->kind == RM_ENTRY_WRITE) {
        return RM_SOURCE_LENGTH;
    }
    return output ? RM_SOURCE_OUTPUT_LENGTH : RM_SOURCE_INPUT_LENGTH;
}

static void put(rm_walk *w, rm_world *world, const rm_call_site *site, uint32_t index,
                rm_value value) {
    if (index < site->count && site->args[index].kind == RM_VALUE_POINTER) {
        rm_memory_store(w, world, site->args[index].id, value);
    }
}

/* Of a buffer's address: by its cell, or as the caller's own pointer. */
static rm_source source_behind(const rm_walk *w, rm_value buffer) {
    return buffer.kind == RM_VALUE_POINTER ? (rm_source)w->cells.at[buffer.id].a
                                           : w->symbols.at[buffer.id].source;
}

static void retrieve(rm_walk *w, rm_world *world, const rm_call_site *site, rm_retrieve_kind kind,
                     bool output) {
    uint32_t length = rm_symbol_source(w, length_source(w, output));
    if (kind == RETRIEVE_BUFFER || kind == RETRIEVE_USER_BUFFER) {
        rm_value buffer = kind == RETRIEVE_BUFFER
                              ? rm_value_pointer(buffer_cell(w, output))
                              : rm_value_symbol(rm_symbol_source(
                                    w, output ? RM_SOURCE_USER_BUFFER : RM_SOURCE_TYPE3_BUFFER));
        rm_value least = site->count > 1 ? site->args[1] : rm_value_const(0);
        (void)rm_assume(w, world, RM_OP('>', '='), rm_value_symbol(length), least,
                        rm_guard_new(w, site->e->span, RM_CHECK_LENGTH, length));
        note_source(w, source_behind(w, buffer), site->e->span);
        note_source(w, length_source(w, output), site->e->span);
        put(w, world, site, 2, buffer);
        put(w, world, site, 3, rm_value_symbol(length));
    } else if (kind == RETRIEVE_MEMORY) {
        rm_source memory = output ? RM_SOURCE_OUTPUT_MEMORY : RM_SOURCE_INPUT_MEMORY;
        put(w, world, site, 1, rm_value_symbol(rm_symbol_source(w, memory)));
    } else if (kind == RETRIEVE_MDL) {
        put(w, world, site, 1, rm_value_symbol(rm_symbol_source(w, RM_SOURCE_MDL)));
    } else {
        rm_value pages = site->count > 1 ? site->args[1] : rm_value_const(0);
        put(w, world, site, 3, rm_value_symbol(rm_symbol_lookup(w, pages, site->e->span)));
    }
}

enum { FAILURE = -0x3FFFFFFF }; /* any NTSTATUS below zero */

/* Two ways on: it succeeded and gave the buffer, or it failed and gave nothing. */
static void retrieve_or_fail(rm_walk *w, rm_world *world, const rm_call_site *site,
                             rm_retrieve_kind kind, bool output, rm_world_list *out) {
    rm_world *failed = rm_world_copy(w, world);
    retrieve(w, world, site, kind, output);
    rm_world_push(w, world, rm_value_const(0));
    rm_worlds_add(w, out, world);
    if (failed != NULL) {
        put(w, failed, site,
            kind == LOCK_USER_BUFFER       ? 3
            : kind <= RETRIEVE_USER_BUFFER ? 2
                                           : 1,
            rm_value_const(0));
        rm_world_push(w, failed, rm_value_const(FAILURE));
        rm_worlds_add(w, out, failed);
    }
}

bool rm_source_memory(rm_walk *w, rm_value memory, uint32_t *cell) {
    const rm_symbol *s = rm_symbol_of(w, memory);
    if (s == NULL || s->op != RM_SYMBOL_SOURCE) {
        return false;
    }
    bool output = s->source == RM_SOURCE_OUTPUT_MEMORY;
    bool mdl = s->source == RM_SOURCE_MDL;
    if (!output && !mdl && s->source != RM_SOURCE_INPUT_MEMORY) {
        return false;
    }
    *cell = mdl ? rm_cell_root(w, RM_CELL_BUFFER, RM_SOURCE_MDL_BUFFER, 0) : buffer_cell(w, output);
    return true;
}

/* WdfMemoryGetBuffer(Memory, &Size) */
static rm_value memory_buffer(rm_walk *w, rm_world *world, const rm_call_site *site) {
    const rm_symbol *memory = site->count > 0 ? rm_symbol_of(w, site->args[0]) : NULL;
    if (memory == NULL && site->count > 0 && site->args[0].kind == RM_VALUE_POINTER) {
        return site->args[0]; /* one that the driver made over these bytes */
    }
    if (memory == NULL) {
        return rm_value_symbol(rm_symbol_fresh(w, RM_TAINT_NONE, NULL, site->e->span));
    }
    bool of_request = memory->op == RM_SYMBOL_SOURCE && (memory->source == RM_SOURCE_INPUT_MEMORY ||
                                                         memory->source == RM_SOURCE_OUTPUT_MEMORY);
    if (of_request) {
        bool output = memory->source == RM_SOURCE_OUTPUT_MEMORY;
        put(w, world, site, 1, rm_value_symbol(rm_symbol_source(w, length_source(w, output))));
        return rm_value_pointer(buffer_cell(w, output));
    }
    if (memory->taint == RM_TAINT_USER) {
        return rm_value_pointer(
            rm_cell_root(w, RM_CELL_BUFFER, RM_SOURCE_MDL_BUFFER, site->args[0].id));
    }
    return rm_value_pointer(rm_cell_pointee(w, site->args[0])); /* the object stands for them */
}

static void push_result(rm_walk *w, rm_world *world, rm_value value, rm_world_list *out) {
    rm_world_push(w, world, value);
    rm_worlds_add(w, out, world);
}

bool rm_source_call(rm_walk *w, rm_world *world, const rm_call_site *site, rm_world_list *out) {
    if (!rm_str_starts(site->name, RM_STR("Wdf")) && !rm_str_starts(site->name, RM_STR("ExGet"))) {
        return false; /* all of them are called so */
    }
    for (size_t i = 0; i < sizeof retrieves / sizeof retrieves[0]; i++) {
        if (rm_str_eq(site->name, rm_str_from(retrieves[i].name))) {
            retrieve_or_fail(w, world, site, retrieves[i].kind, retrieves[i].output, out);
            return true;
        }
    }
    if (rm_str_eq(site->name, RM_STR("WdfMemoryGetBuffer"))) {
        push_result(w, world, memory_buffer(w, world, site), out);
        return true;
    }
    if (rm_str_eq(site->name, RM_STR("WdfRequestWdmGetIrp"))) {
        push_result(w, world, rm_value_symbol(rm_symbol_source(w, RM_SOURCE_IRP)), out);
        return true;
    }
    if (rm_str_eq(site->name, RM_STR("WdfRequestGetRequestorMode")) ||
        rm_str_eq(site->name, RM_STR("ExGetPreviousMode"))) {
        push_result(w, world, rm_value_symbol(rm_question_of_mode(w, site->e->span)), out);
        return true;
    }
    if (rm_str_eq(site->name, RM_STR("WdfRequestGetFileObject")) ||
        rm_str_eq(site->name, RM_STR("WdfFileObjectWdmGetFileObject"))) {
        push_result(w, world, rm_value_symbol(rm_symbol_source(w, RM_SOURCE_FILE_OBJECT)), out);
        return true;
    }
    return false;
}
