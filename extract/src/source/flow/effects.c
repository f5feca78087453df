#include "source/flow/walk.h"

/* What routines do to memory, and what they give back. */

typedef rm_value (*effect)(rm_walk *w, rm_world *world, const rm_call_site *site);

static rm_value fresh(rm_walk *w, const rm_call_site *site) {
    return rm_value_symbol(rm_symbol_fresh(w, RM_TAINT_NONE, &site->e->type, site->e->span));
}

static rm_value arg(const rm_call_site *site, uint32_t index) {
    return index < site->count ? site->args[index] : rm_value_const(0);
}

static rm_value effect_routine(rm_walk *w, rm_world *world, const rm_call_site *site);

static void store_through(rm_walk *w, rm_world *world, rm_value pointer, rm_value value,
                          rm_span span) {
    if (pointer.kind == RM_VALUE_POINTER) {
        rm_memory_store(w, world, pointer.id, value);
        rm_kept_store(w, world, pointer.id, value, span);
    }
}

/* --- copying --- */

/* A copy of unknown length leaves either the old or the new behind, whatever is worse. */
static rm_value effect_copy(rm_walk *w, rm_world *world, const rm_call_site *site) {
    rm_value to = arg(site, 0);
    rm_value from = arg(site, 1);
    uint32_t source = rm_cell_pointee(w, from);
    rm_answer_copied(w, to);
    rm_null_used(w, world, source, site->e->span);
    if (to.kind != RM_VALUE_POINTER) {
        return to;
    }
    rm_null_used(w, world, to.id, site->e->span);
    rm_value old = rm_memory_peek(w, world, to.id);
    rm_value only;
    if (rm_world_get(world, source, &only)) {
        rm_sink_address(w, world, to.id, only, site->e->span);
    }
    rm_sink_addresses(w, world, to.id, source, site->e->span);
    if (rm_value_taint(w, old) > rm_value_taint(w, rm_memory_peek(w, world, source))) {
        rm_value now = rm_memory_load(w, world, source, NULL, site->e->span);
        rm_memory_store(w, world, to.id, rm_symbol_phi(w, old, now, NULL, false));
    } else {
        rm_memory_copy(w, world, to.id, source, site->e->span);
    }
    rm_range length = rm_range_of(w, world, arg(site, 2));
    if (length.has_hi && length.hi_ok) {
        rm_memory_spill(w, world, to.id, source, length.hi);
    }
    rm_kept_store(w, world, to.id, rm_memory_peek(w, world, to.id), site->e->span);
    return to;
}

static rm_value filled(rm_walk *w, rm_world *world, const rm_call_site *site, rm_value byte) {
    rm_value to = arg(site, 0);
    if (to.kind == RM_VALUE_POINTER) {
        rm_null_used(w, world, to.id, site->e->span);
        rm_value old = rm_memory_peek(w, world, to.id);
        bool clean = rm_value_taint(w, old) <= RM_TAINT_KEPT;
        rm_value now = rm_value_const(0);
        if (rm_value_taint(w, byte) != RM_TAINT_NONE) {
            now = rm_value_symbol(rm_symbol_lookup(w, byte, site->e->span)); /* four of it, say */
        }
        rm_memory_store(w, world, to.id, clean ? now : rm_symbol_phi(w, old, now, NULL, false));
        rm_state_changed(w, world, to.id, now, site->e->span);
    }
    return to;
}

static rm_value effect_zero(rm_walk *w, rm_world *world, const rm_call_site *site) {
    return filled(w, world, site, rm_value_const(0));
}

static rm_value effect_set(rm_walk *w, rm_world *world, const rm_call_site *site) {
    return filled(w, world, site, arg(site, 1));
}

static rm_value effect_fill(rm_walk *w, rm_world *world, const rm_call_site *site) {
    return filled(w, world, site, arg(site, 2));
}

/* --- allocation --- */

enum { HEAP_KEYS = 1 << 22 }; /* apart from the keys of cells and symbols */

static rm_value allocated(rm_walk *w, const rm_call_site *site, rm_value size) {
    /* one block for each call on each way there, as long as it says */
    rm_key where = {HEAP_KEYS, w->frame->site, site->e->span.file, (int64_t)site->e->span.start};
    rm_key what = {HEAP_KEYS + 1, (uint32_t)size.kind, size.id, size.n};
    uint32_t at = rm_keys_add(w->keys, where, w->serial++);
    uint32_t cell = rm_cell_root(w, RM_CELL_HEAP, at, rm_keys_add(w->keys, what, w->serial++));
    if (w->status == RM_OK) {
        w->cells.at[cell].size = size;
        w->cells.at[cell].has_size = true;
    }
    return rm_value_pointer(cell);
}

static rm_value effect_allocate(rm_walk *w, rm_world *world, const rm_call_site *site) {
    rm_value block = allocated(w, site, arg(site, 1));
    rm_null_made(w, world, block, site);
    return block;
}

static rm_value effect_allocate_first(rm_walk *w, rm_world *world, const rm_call_site *site) {
    rm_value block = allocated(w, site, arg(site, 0));
    rm_null_made(w, world, block, site);
    return block;
}

static bool is_own_memory(const rm_walk *w, uint32_t cell) {
    const rm_cell *root = &w->cells.at[w->cells.at[cell].root];
    return root->kind == RM_CELL_LOCAL || root->kind == RM_CELL_HEAP ||
           root->kind == RM_CELL_STATIC || root->kind == RM_CELL_GLOBAL ||
           root->kind == RM_CELL_NOWHERE;
}

/* --- memory objects of the framework: they stand for the bytes that they hold --- */

static rm_value bytes_of(rm_walk *w, rm_value memory) {
    uint32_t cell = 0;
    if (rm_source_memory(w, memory, &cell)) {
        return rm_value_pointer(cell);
    }
    bool handle = memory.kind == RM_VALUE_SYMBOL && rm_value_taint(w, memory) <= RM_TAINT_KEPT;
    return handle ? rm_value_pointer(rm_cell_pointee(w, memory)) : memory;
}

/* WDF_MEMORY_DESCRIPTOR_INIT_BUFFER(&descriptor, buffer, length), …_HANDLE(&descriptor, memory, …)
 */
static rm_value effect_describe(rm_walk *w, rm_world *world, const rm_call_site *site) {
    store_through(w, world, arg(site, 0), bytes_of(w, arg(site, 1)), site->e->span);
    return rm_value_const(0);
}

/* WdfMemoryCreatePreallocated(attributes, buffer, size, &memory) */
static rm_value effect_memory_over(rm_walk *w, rm_world *world, const rm_call_site *site) {
    store_through(w, world, arg(site, 3), arg(site, 1), site->e->span);
    return fresh(w, site);
}

/* WdfMemoryCreate(attributes, pool, tag, size, &memory, &buffer) */
static rm_value effect_memory_new(rm_walk *w, rm_world *world, const rm_call_site *site) {
    rm_value block = allocated(w, site, arg(site, 3));
    store_through(w, world, arg(site, 4), block, site->e->span);
    store_through(w, world, arg(site, 5), block, site->e->span);
    return fresh(w, site);
}

static void copy_bytes(rm_walk *w, rm_world *world, rm_value to, rm_value from, rm_value offset,
                       rm_span span) {
    rm_type byte = rm_type_integer(8, false);
    if (to.kind != RM_VALUE_POINTER || from.kind != RM_VALUE_POINTER) {
        rm_value what = from.kind == RM_VALUE_SYMBOL
                            ? rm_value_unknown(w, "it comes from memory that is not known", span)
                            : from;
        store_through(w, world, to, what, span);
        return;
    }
    uint32_t source = rm_cell_index(w, from.id, offset, &byte);
    rm_memory_copy(w, world, to.id, source, span);
    rm_kept_store(w, world, to.id, rm_memory_peek(w, world, to.id), span);
}

/* WdfMemoryCopyToBuffer(memory, offset, buffer, length) */
static rm_value effect_memory_to(rm_walk *w, rm_world *world, const rm_call_site *site) {
    copy_bytes(w, world, arg(site, 2), bytes_of(w, arg(site, 0)), arg(site, 1), site->e->span);
    return fresh(w, site);
}

/* WdfMemoryCopyFromBuffer(memory, offset, buffer, length) */
static rm_value effect_memory_from(rm_walk *w, rm_world *world, const rm_call_site *site) {
    rm_value to = bytes_of(w, arg(site, 0));
    copy_bytes(w, world, to, arg(site, 2), rm_value_const(0), site->e->span);
    return fresh(w, site);
}

/* CONTAINING_RECORD(&x->Member, TYPE, Member): x */
static rm_value effect_containing(rm_walk *w, rm_world *world, const rm_call_site *site) {
    rm_value member = arg(site, 0);
    if (member.kind != RM_VALUE_POINTER || site->count < 3) {
        return effect_routine(w, world, site);
    }
    uint32_t cell = member.id;
    for (const rm_expr *e = site->e->args[2]; e != NULL;
         e = e->kind == RM_EXPR_MEMBER ? e->a : NULL) {
        const rm_cell *c = &w->cells.at[cell];
        if (c->kind != RM_CELL_FIELD || !rm_str_eq(rm_names_text(w->names, c->a), e->name)) {
            /* somewhere in the same memory */
            return is_own_memory(w, cell) ? rm_value_pointer(w->cells.at[cell].root)
                                          : effect_routine(w, world, site);
        }
        cell = c->parent;
    }
    return rm_value_pointer(cell);
}

/* va_arg(list, TYPE) */
static rm_value effect_dots(rm_walk *w, rm_world *world, const rm_call_site *site) {
    (void)world;
    return rm_value_unknown(w, "arguments behind ... are not followed", site->e->span);
}

/* --- the request's own objects --- */

static rm_value effect_stack_location(rm_walk *w, rm_world *world, const rm_call_site *site) {
    (void)world;
    (void)site;
    return rm_value_symbol(rm_symbol_source(w, RM_SOURCE_STACK_LOCATION));
}

static bool is_source(rm_walk *w, rm_value value, rm_source source) {
    const rm_symbol *s = rm_symbol_of(w, value);
    return s != NULL && s->op == RM_SYMBOL_SOURCE && s->source == source;
}

/* The kernel's view of pages that an MDL describes: the caller's when the MDL is. */
static rm_value effect_mdl_address(rm_walk *w, rm_world *world, const rm_call_site *site) {
    rm_value mdl = arg(site, 0);
    (void)world;
    if (is_source(w, mdl, RM_SOURCE_MDL)) {
        return rm_value_pointer(rm_cell_root(w, RM_CELL_BUFFER, RM_SOURCE_MDL_BUFFER, 0));
    }
    if (mdl.kind == RM_VALUE_SYMBOL && rm_value_taint(w, mdl) >= RM_TAINT_UNKNOWN) {
        return rm_value_pointer(rm_cell_root(w, RM_CELL_BUFFER, RM_SOURCE_MDL_BUFFER, mdl.id));
    }
    return fresh(w, site);
}

static rm_value effect_mdl_length(rm_walk *w, rm_world *world, const rm_call_site *site) {
    (void)world;
    if (is_source(w, arg(site, 0), RM_SOURCE_MDL)) {
        return rm_value_symbol(rm_symbol_source(w, RM_SOURCE_OUTPUT_LENGTH));
    }
    return fresh(w, site);
}

/* --- probes --- */

static rm_value probe(rm_walk *w, rm_world *world, const rm_call_site *site, bool write) {
    rm_value pointer = arg(site, 0);
    uint32_t root = RM_NONE;
    if (pointer.kind == RM_VALUE_POINTER) {
        const rm_cell *c = &w->cells.at[pointer.id];
        const rm_cell *r = &w->cells.at[c->root];
        /* the first bytes of what a user pointer leads to */
        root = r->kind == RM_CELL_POINTEE && (c->parent == RM_NONE || c->kind == RM_CELL_SCALAR)
                   ? r->a
                   : RM_NONE;
    } else if (pointer.kind == RM_VALUE_SYMBOL) {
        root = pointer.id;
    }
    rm_fact *fact = root == RM_NONE ? NULL : rm_world_fact(w, world, root);
    if (fact == NULL) {
        return rm_value_const(0);
    }
    fact->probed_read = true;
    fact->probe_length = arg(site, 1);
    if (write) {
        fact->probed_write = true;
        fact->write_length = arg(site, 1);
    }
    fact->guard2 = fact->guard;
    fact->guard = rm_guard_new(w, site->e->span, RM_CHECK_PROBE, root);
    return rm_value_const(0);
}

static rm_value effect_probe_read(rm_walk *w, rm_world *world, const rm_call_site *site) {
    return probe(w, world, site, false);
}

static rm_value effect_probe_write(rm_walk *w, rm_world *world, const rm_call_site *site) {
    return probe(w, world, site, true);
}

/* --- names of objects --- */

static void store_member(rm_walk *w, rm_world *world, rm_value pointer, const char *name,
                         rm_value value) {
    rm_type none = {.name = RM_STR_NONE};
    if (pointer.kind == RM_VALUE_POINTER) {
        uint32_t cell = rm_cell_field(w, pointer.id, rm_str_from(name), &none);
        rm_memory_store(w, world, cell, value);
    }
}

static rm_value effect_init_string(rm_walk *w, rm_world *world, const rm_call_site *site) {
    store_through(w, world, arg(site, 0), arg(site, 1), site->e->span);
    store_member(w, world, arg(site, 0), "Buffer", arg(site, 1));
    return rm_value_const(0);
}

/* RTL_CONSTANT_STRING(text), RTL_CONSTANT_OBJECT_ATTRIBUTES(&name, …): what the structure names. */
static rm_value effect_names(rm_walk *w, rm_world *world, const rm_call_site *site) {
    (void)w;
    (void)world;
    return arg(site, 0);
}

static rm_value effect_object_attributes(rm_walk *w, rm_world *world, const rm_call_site *site) {
    store_through(w, world, arg(site, 0), rm_value_const(0), site->e->span);
    store_member(w, world, arg(site, 0), "ObjectName", arg(site, 1));
    store_member(w, world, arg(site, 0), "Attributes", arg(site, 2));
    return rm_value_const(0);
}

/* WDF_IO_TARGET_OPEN_PARAMS_INIT_OPEN_BY_NAME(&params, &name, access) */
static rm_value effect_target_name(rm_walk *w, rm_world *world, const rm_call_site *site) {
    store_through(w, world, arg(site, 0), rm_value_const(0), site->e->span);
    store_member(w, world, arg(site, 0), "TargetDeviceName", arg(site, 1));
    return rm_value_const(0);
}

/*
 * WDF_USB_CONTROL_SETUP_PACKET_INIT…(&packet, direction, …), …_INIT_GET_STATUS(&packet, …): which
 * way the bytes go stands beside what the packet is filled with (wdfusb.h).
 */
static rm_value effect_setup_packet(rm_walk *w, rm_world *world, const rm_call_site *site) {
    rm_str from_device = RM_STR("BmRequestDeviceToHost");
    size_t at = 0;
    rm_value result = effect_routine(w, world, site);
    bool status = rm_str_find(site->name, RM_STR("GET_STATUS"), &at);
    bool feature = rm_str_find(site->name, RM_STR("FEATURE"), &at);
    rm_value direction =
        status ? (rm_value){.kind = RM_VALUE_NAMED, .id = rm_names_id(w->names, from_device)}
               : arg(site, 1);
    if (!feature) {
        store_member(w, world, arg(site, 0), RM_SETUP_DIRECTION, direction);
    }
    return result;
}

/* --- tests that are calls --- */

/* The bytes that a comparison looks at: the text of a UNICODE_STRING, else what is pointed to. */
static rm_value looked_at(rm_walk *w, const rm_world *world, rm_value value) {
    rm_type none = {.name = RM_STR_NONE};
    rm_value text;
    if (value.kind == RM_VALUE_POINTER && !rm_cell_is_user(w, value.id)) {
        uint32_t buffer = rm_cell_field(w, value.id, RM_STR("Buffer"), &none);
        value = rm_world_get(world, buffer, &text) ? text : value;
    }
    return value.kind == RM_VALUE_POINTER && rm_cell_is_user(w, value.id)
               ? rm_memory_peek(w, world, value.id)
               : value;
}

/* memcmp gives 0 when they are the same, RtlEqualMemory TRUE, RtlCompareMemory how many are. */
static rm_tested kind_of_test(rm_str name) {
    static const char *const equal[] = {"Equal", "Prefix", "Expression", "RtlCompareMemory"};
    size_t at = 0;
    for (size_t i = 0; i < sizeof equal / sizeof equal[0]; i++) {
        if (rm_str_find(name, rm_str_from(equal[i]), &at)) {
            return RM_TESTED_EQUAL;
        }
    }
    return RM_TESTED_ORDER;
}

static rm_value effect_test(rm_walk *w, rm_world *world, const rm_call_site *site) {
    rm_value result = fresh(w, site);
    uint32_t call = w->serial++;
    w->symbols.at[result.id].asked = call;
    w->symbols.at[result.id].tested = (uint8_t)kind_of_test(site->name);
    for (uint32_t i = 0; i < site->count; i++) {
        rm_ask *ask = rm_push(w->arena, &w->asks);
        if (ask == NULL) {
            w->status = RM_NOMEM;
            return result;
        }
        *ask = (rm_ask){.call = call, .about = looked_at(w, world, site->args[i])};
    }
    return result;
}

/* PsIsProtectedProcess(process): FALSE says that it is an ordinary one. */
static rm_value effect_protected(rm_walk *w, rm_world *world, const rm_call_site *site) {
    rm_value result = fresh(w, site);
    rm_value process = arg(site, 0);
    (void)world;
    if (process.kind == RM_VALUE_SYMBOL) {
        w->symbols.at[result.id].shields = process.id;
    }
    return result;
}

/* IoDeleteDevice(device): with it goes what its extension held. */
static rm_value effect_delete(rm_walk *w, rm_world *world, const rm_call_site *site) {
    rm_value object = arg(site, 0);
    rm_fact *fact = object.kind == RM_VALUE_SYMBOL ? rm_world_fact(w, world, object.id) : NULL;
    if (fact != NULL) {
        fact->freed = true;
    }
    return fresh(w, site);
}

static rm_value effect_free(rm_walk *w, rm_world *world, const rm_call_site *site) {
    rm_value pointer = arg(site, 0);
    rm_fact *fact = pointer.kind == RM_VALUE_SYMBOL ? rm_world_fact(w, world, pointer.id) : NULL;
    if (fact != NULL) {
        fact->freed = true;
        rm_kept_freed(w, pointer, site->e->span);
    }
    return fresh(w, site);
}

/* --- address spaces --- */

/* A place that holds the process attached to. */
static uint32_t attached_cell(rm_walk *w) {
    return rm_cell_root(w, RM_CELL_HEAP, RM_NONE, 0);
}

static rm_value effect_attach(rm_walk *w, rm_world *world, const rm_call_site *site) {
    rm_world_set(w, world, attached_cell(w), arg(site, 0));
    return effect_routine(w, world, site);
}

static rm_value effect_detach(rm_walk *w, rm_world *world, const rm_call_site *site) {
    rm_world_set(w, world, attached_cell(w), rm_value_const(0));
    return effect_routine(w, world, site);
}

bool rm_process_attached(rm_walk *w, const rm_world *world) {
    rm_value process;
    return rm_world_get(world, attached_cell(w), &process) &&
           rm_value_taint(w, process) == RM_TAINT_USER;
}

/* --- one value for another --- */

/* InterlockedExchange(&place, value): an assignment that gives the value before. */
static rm_value effect_exchange(rm_walk *w, rm_world *world, const rm_call_site *site) {
    rm_value to = arg(site, 0);
    if (to.kind != RM_VALUE_POINTER) {
        return fresh(w, site);
    }
    rm_value old = rm_memory_load(w, world, to.id, &site->e->type, site->e->span);
    rm_memory_store(w, world, to.id, arg(site, 1));
    rm_kept_store(w, world, to.id, arg(site, 1), site->e->span);
    rm_state_changed(w, world, to.id, arg(site, 1), site->e->span);
    return old;
}

/* swap(a, b) of the standard library, by reference. */
static rm_value effect_swap(rm_walk *w, rm_world *world, const rm_call_site *site) {
    rm_value a = arg(site, 0);
    rm_value b = arg(site, 1);
    if (a.kind == RM_VALUE_POINTER && b.kind == RM_VALUE_POINTER) {
        rm_value in_a = rm_memory_load(w, world, a.id, NULL, site->e->span);
        rm_value in_b = rm_memory_load(w, world, b.id, NULL, site->e->span);
        store_through(w, world, a, in_b, site->e->span);
        store_through(w, world, b, in_a, site->e->span);
    }
    return rm_value_const(0);
}

/* …CompareExchange(&place, value, expected): either the one or the other. */
static rm_value effect_compare_exchange(rm_walk *w, rm_world *world, const rm_call_site *site) {
    rm_value to = arg(site, 0);
    if (to.kind != RM_VALUE_POINTER) {
        return fresh(w, site);
    }
    rm_value old = rm_memory_load(w, world, to.id, &site->e->type, site->e->span);
    rm_value either = rm_symbol_phi(w, old, arg(site, 1), NULL, false);
    rm_memory_store(w, world, to.id, either);
    rm_kept_store(w, world, to.id, arg(site, 1), site->e->span);
    rm_state_changed(w, world, to.id, arg(site, 1), site->e->span);
    return old;
}

/* Lists of the kit: an entry joins one, or leaves it; what they link is not followed. */
static rm_value effect_join_list(rm_walk *w, rm_world *world, const rm_call_site *site) {
    rm_value list = arg(site, 0);
    rm_value entry = arg(site, 1);
    rm_state_list(w, world, list, entry, site->e->span);
    if (list.kind == RM_VALUE_POINTER) {
        rm_kept_store(w, world, list.id, entry, site->e->span);
    }
    return effect_routine(w, world, site);
}

static rm_value effect_leave_list(rm_walk *w, rm_world *world, const rm_call_site *site) {
    rm_state_list(w, world, arg(site, 0), rm_value_const(0), site->e->span);
    return effect_routine(w, world, site);
}

#define COPIES_TEXT "RtlStringCchCopyW" /* and all others of strings.c */

static const struct {
    const char *name;
    effect run;
} effects[] = {
    {"KeAttachProcess", effect_attach},
    {"KeStackAttachProcess", effect_attach},
    {"KeDetachProcess", effect_detach},
    {"KeUnstackDetachProcess", effect_detach},
    {"InterlockedExchange", effect_exchange},
    {"InterlockedExchange8", effect_exchange},
    {"InterlockedExchange16", effect_exchange},
    {"InterlockedExchange64", effect_exchange},
    {"InterlockedExchangePointer", effect_exchange},
    {"exchange", effect_exchange},
    {"swap", effect_swap},
    {"InterlockedCompareExchange", effect_compare_exchange},
    {"InterlockedCompareExchange64", effect_compare_exchange},
    {"InterlockedCompareExchangePointer", effect_compare_exchange},
    {"InsertHeadList", effect_join_list},
    {"InsertTailList", effect_join_list},
    {"AppendTailList", effect_join_list},
    {"PushEntryList", effect_join_list},
    {"ExInterlockedInsertHeadList", effect_join_list},
    {"ExInterlockedInsertTailList", effect_join_list},
    {"RemoveEntryList", effect_leave_list},
    {"memcpy", effect_copy},
    {"memmove", effect_copy},
    {"RtlCopyMemory", effect_copy},
    {"RtlMoveMemory", effect_copy},
    {"RtlCopyBytes", effect_copy},
    {"RtlCopyVolatileMemory", effect_copy},
    {"RtlCopyMemoryNonTemporal", effect_copy},
    {"CopyMemory", effect_copy},
    {"wmemcpy", effect_copy},
    {"memset", effect_set},
    {"RtlZeroMemory", effect_zero},
    {"RtlFillMemory", effect_fill},
    {"RtlSecureZeroMemory", effect_zero},
    {"WDF_MEMORY_DESCRIPTOR_INIT_BUFFER", effect_describe},
    {"WDF_MEMORY_DESCRIPTOR_INIT_HANDLE", effect_describe},
    {"WDF_MEMORY_DESCRIPTOR_INIT_MDL", effect_describe},
    {"WdfMemoryCreatePreallocated", effect_memory_over},
    {"WdfMemoryCreate", effect_memory_new},
    {"WdfMemoryCopyToBuffer", effect_memory_to},
    {"WdfMemoryCopyFromBuffer", effect_memory_from},
    {"ExAllocatePool", effect_allocate},
    {"ExAllocatePool2", effect_allocate},
    {"ExAllocatePool3", effect_allocate},
    {"ExAllocatePoolWithTag", effect_allocate},
    {"ExAllocatePoolWithQuotaTag", effect_allocate},
    {"ExAllocatePoolZero", effect_allocate},
    {"ExAllocatePoolUninitialized", effect_allocate},
    {"ExAllocatePoolQuotaZero", effect_allocate},
    {"ExAllocatePoolWithQuota", effect_allocate},
    {"ExAllocatePoolWithTagPriority", effect_allocate},
    {"FsRtlAllocatePool", effect_allocate},
    {"FsRtlAllocatePoolWithTag", effect_allocate},
    {"FsRtlAllocatePoolWithQuotaTag", effect_allocate},
    {"NdisAllocateMemoryWithTagPriority", effect_allocate},
    {"MmAllocateNonCachedMemory", effect_allocate_first},
    {"MmAllocateContiguousMemory", effect_allocate_first},
    {"MmAllocateContiguousMemorySpecifyCache", effect_allocate_first},
    {"IoGetCurrentIrpStackLocation", effect_stack_location},
    {"MmGetSystemAddressForMdlSafe", effect_mdl_address},
    {"MmGetSystemAddressForMdl", effect_mdl_address},
    {"MmMapLockedPagesSpecifyCache", effect_mdl_address},
    {"MmGetMdlByteCount", effect_mdl_length},
    {"CONTAINING_RECORD", effect_containing},
    {"va_arg", effect_dots},
    {"__va_arg", effect_dots},
    {"__builtin_va_arg", effect_dots},
    {"ProbeForRead", effect_probe_read},
    {"ProbeForWrite", effect_probe_write},
    {"RtlInitUnicodeString", effect_init_string},
    {"RtlInitAnsiString", effect_init_string},
    {"RtlInitEmptyUnicodeString", effect_init_string},
    {"RtlInitUnicodeStringEx", effect_init_string},
    {"InitializeObjectAttributes", effect_object_attributes},
    {"WDF_USB_CONTROL_SETUP_PACKET_INIT", effect_setup_packet},
    {"WDF_USB_CONTROL_SETUP_PACKET_INIT_CLASS", effect_setup_packet},
    {"WDF_USB_CONTROL_SETUP_PACKET_INIT_VENDOR", effect_setup_packet},
    {"WDF_USB_CONTROL_SETUP_PACKET_INIT_FEATURE", effect_setup_packet},
    {"WDF_USB_CONTROL_SETUP_PACKET_INIT_GET_STATUS", effect_setup_packet},
    {"WDF_IO_TARGET_OPEN_PARAMS_INIT_OPEN_BY_NAME", effect_target_name},
    {"WDF_IO_TARGET_OPEN_PARAMS_INIT_CREATE_BY_NAME", effect_target_name},
    {"RTL_CONSTANT_STRING", effect_names},
    {"RTL_CONSTANT_OBJECT_ATTRIBUTES", effect_names},
    {"PsIsProtectedProcess", effect_protected},
    {"PsIsProtectedProcessLight", effect_protected},
    {"IoDeleteDevice", effect_delete},
    {"WdfObjectDelete", effect_delete},
    {"ExFreePool", effect_free},
    {"ExFreePoolWithTag", effect_free},
    {"ExFreePool2", effect_free},
    {"RtlCompareMemory", effect_test},
    {"RtlEqualMemory", effect_test},
    {"memcmp", effect_test},
    {"RtlCompareUnicodeString", effect_test},
    {"RtlEqualUnicodeString", effect_test},
    {"RtlEqualString", effect_test},
    {"RtlPrefixUnicodeString", effect_test},
    {"strcmp", effect_test},
    {"strncmp", effect_test},
    {"wcscmp", effect_test},
    {"wcsncmp", effect_test},
    {"_wcsicmp", effect_test},
    {"_wcsnicmp", effect_test},
    {"_stricmp", effect_test},
    {"IsEqualGUID", effect_test},
    {"FsRtlIsNameInExpression", effect_test},
    {COPIES_TEXT, rm_strings_copy},
};

/* --- everything else --- */

static rm_value worse(const rm_walk *w, rm_value a, rm_value b) {
    return rm_value_taint(w, b) > rm_value_taint(w, a) ? b : a;
}

/* The worst that is in memory at a place, and where that points to: a UNICODE_STRING's text. */
static rm_value worst_in(rm_walk *w, const rm_world *world, uint32_t cell, unsigned depth) {
    rm_value worst = rm_memory_peek(w, world, cell);
    uint32_t root = w->cells.at[cell].root;
    for (uint32_t i = 0; i < world->memory.count; i++) {
        const rm_binding *b = &world->memory.at[i];
        if (w->cells.at[b->cell].root != root || !rm_cell_within(w, b->cell, cell)) {
            continue;
        }
        if (b->value.kind != RM_VALUE_POINTER) {
            worst = worse(w, worst, b->value);
        } else if (depth < 2 && b->value.id != cell) {
            worst = worse(w, worst, worst_in(w, world, b->value.id, depth + 1));
        }
    }
    return worst;
}

rm_value rm_effect_carried(rm_walk *w, const rm_world *world, rm_value value) {
    return value.kind == RM_VALUE_POINTER ? worst_in(w, world, value.id, 0) : value;
}

static rm_value carried(rm_walk *w, const rm_world *world, const rm_call_site *site) {
    rm_value worst = rm_value_const(0);
    for (uint32_t i = 0; i < site->count; i++) {
        worst = worse(w, worst, rm_effect_carried(w, world, site->args[i]));
    }
    return worst;
}

/* Memory behind a pointer of the driver's own: a context, a device's extension. */
static bool is_kept_memory(const rm_walk *w, uint32_t cell) {
    const rm_cell *root = &w->cells.at[w->cells.at[cell].root];
    return root->kind == RM_CELL_POINTEE && root->a < w->symbols.count &&
           w->symbols.at[root->a].op != RM_SYMBOL_SOURCE &&
           w->symbols.at[root->a].taint <= RM_TAINT_KEPT;
}

/* Does the routine's name say that it writes what it is given a pointer to? */
static bool is_writer(rm_str name) {
    static const char *const words[] = {"Copy", "Cat",   "Printf", "Read", "Query",   "Append",
                                        "cpy",  "cat",   "printf", "Fill", "Convert", "move",
                                        "Swap", "scanf", "Move",   "Xor"};
    size_t at = 0;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (rm_str_find(name, rm_str_from(words[i]), &at)) {
            return true;
        }
    }
    return false;
}

/* The objects that a request's data can be had from. */
static bool stands_for_request(rm_walk *w, const rm_call_site *site) {
    for (uint32_t i = 0; i < site->count; i++) {
        const rm_symbol *s = rm_symbol_of(w, site->args[i]);
        if (s != NULL && s->op == RM_SYMBOL_SOURCE &&
            (s->source == RM_SOURCE_IRP || s->source == RM_SOURCE_REQUEST ||
             s->source == RM_SOURCE_STACK_LOCATION || s->source == RM_SOURCE_INPUT_MEMORY ||
             s->source == RM_SOURCE_OUTPUT_MEMORY || s->source == RM_SOURCE_MDL)) {
            return true;
        }
    }
    return false;
}

/* The value that a lookup stands for: what its first argument names. */
static rm_value named_by(rm_walk *w, const rm_world *world, const rm_api *api,
                         const rm_call_site *site) {
    rm_value first = arg(site, api->args[0].index);
    if (api->args[0].kind == RM_ARG_NAME && first.kind == RM_VALUE_POINTER) {
        rm_value text = worst_in(w, world, first.id, 0);
        if (rm_value_taint(w, text) == RM_TAINT_USER) {
            return text; /* the caller's own words */
        }
    }
    if (first.kind == RM_VALUE_POINTER && !rm_cell_is_user(w, first.id)) {
        rm_type scalar = rm_type_integer(64, false);
        rm_world *scratch = rm_world_copy(w, world);
        if (scratch != NULL) {
            first = rm_memory_load(w, scratch, first.id, &scalar, site->e->span);
            rm_world_drop(w, scratch);
        }
    }
    return first;
}

static rm_value effect_of_row(rm_walk *w, rm_world *world, const rm_api *api,
                              const rm_call_site *site) {
    /* before the call writes where the section's offset was */
    const rm_judgement *view = rm_physical_map(w, world, api, site);
    rm_value base = api->gives ? named_by(w, world, api, site) : rm_value_const(0);
    rm_value given =
        api->gives ? rm_value_symbol(rm_symbol_lookup(w, base, site->e->span)) : fresh(w, site);
    if (api->gives) {
        w->symbols.at[given.id].of_kernel = true;
    }
    for (uint32_t i = 0; i < site->count && i < 16; i++) {
        if ((api->out >> i & 1) != 0) {
            store_through(w, world, site->args[i], api->gives ? given : fresh(w, site),
                          site->e->span);
        }
    }
    /* with a result through an argument, the call itself gives a status */
    rm_value result = api->gives && api->out == 0 ? given : fresh(w, site);
    rm_physical_mapped(w, world, api, site, result, view);
    return result;
}

/* WdfCollectionAdd(collection, string): the object has something of the caller's in it now. */
static void contaminate(rm_walk *w, rm_world *world, rm_value object, rm_span span) {
    const rm_symbol *s = rm_symbol_of(w, object);
    if (s != NULL && s->taint <= RM_TAINT_KEPT && s->op != RM_SYMBOL_SOURCE) {
        uint32_t cell = rm_cell_root(w, RM_CELL_POINTEE, object.id, 0);
        rm_memory_store(w, world, cell,
                        rm_value_unknown(w, "the caller's data was put into it", span));
    }
}

uint32_t rm_effect_find(rm_str name) {
    if (rm_strings_copies(name)) {
        name = RM_STR(COPIES_TEXT);
    }
    for (size_t i = 0; i < sizeof effects / sizeof effects[0]; i++) {
        if (rm_str_eq(name, rm_str_from(effects[i].name))) {
            return (uint32_t)i + 1;
        }
    }
    return 0;
}

/* Memory of this request alone: nobody keeps a table or list there. */
static bool is_request_memory(const rm_walk *w, uint32_t cell) {
    const rm_cell *root = &w->cells.at[w->cells.at[cell].root];
    return root->kind == RM_CELL_LOCAL || root->kind == RM_CELL_HEAP;
}

/* WdfInterruptSynchronize(interrupt, routine, &context): what the routine writes is its own. */
static bool calls_back(const rm_call_site *site) {
    for (uint32_t i = 0; i < site->count; i++) {
        if (site->args[i].kind == RM_VALUE_FUNCTION) {
            return true;
        }
    }
    return false;
}

/* Is the argument one that the routine only reads? */
static bool only_reads(const rm_walk *w, const rm_call_site *site, uint32_t i, uint32_t cell) {
    const rm_routine *r = &site->e->routine;
    bool out = i >= 32 || (r->outs >> i & 1) != 0;
    return r->outs_known && !out && !calls_back(site) &&
           (is_request_memory(w, cell) || rm_cell_is_user(w, cell));
}

/* What the kit's routine leaves behind one pointer; `unsure`: it may be the caller's. */
static void written_through(rm_walk *w, rm_world *world, const rm_call_site *site, rm_value pointer,
                            bool writer, bool user, bool unsure) {
    static const char *const why = "a routine that is not modelled wrote it";
    if (rm_cell_is_user(w, pointer.id) && writer) {
        rm_memory_store(w, world, pointer.id, rm_value_unknown(w, why, site->e->span));
    } else if (is_own_memory(w, pointer.id)) {
        rm_value now = unsure ? rm_value_unknown(w, why, site->e->span) : fresh(w, site);
        store_through(w, world, pointer, now, site->e->span);
    } else if (user && is_kept_memory(w, pointer.id)) {
        store_through(w, world, pointer, rm_value_unknown(w, why, site->e->span), site->e->span);
    }
}

/* What a routine may do of which nothing is known but that it is the kit's. */
static rm_value effect_routine(rm_walk *w, rm_world *world, const rm_call_site *site) {
    rm_value worst = carried(w, world, site);
    bool user = rm_value_taint(w, worst) >= RM_TAINT_UNKNOWN;
    if (user) {
        rm_kept_given(w, world, site->args, site->count);
    }
    bool writer = is_writer(site->name);
    bool request = writer && stands_for_request(w, site);
    for (uint32_t i = 0; i < site->count; i++) {
        rm_value pointer = site->args[i];
        if (pointer.kind == RM_VALUE_POINTER && !only_reads(w, site, i, pointer.id)) {
            written_through(w, world, site, pointer, writer, user, user || request);
        }
    }
    for (uint32_t i = 0; i < site->count && user; i++) {
        contaminate(w, world, site->args[i], site->e->span);
    }
    /* what a routine makes of the caller's value still hangs on it */
    return user && worst.kind == RM_VALUE_SYMBOL
               ? rm_value_symbol(rm_symbol_lookup(w, worst, site->e->span))
               : fresh(w, site);
}

rm_value rm_effect_call(rm_walk *w, rm_world *world, const rm_api *api, const rm_call_site *site) {
    if (site->e->routine.effect != 0) {
        return effects[site->e->routine.effect - 1].run(w, world, site);
    }
    for (uint32_t i = 0; i < site->count; i++) {
        rm_null_looked_at(w, world, site->args[i]); /* ZwReadFile fails with NULL */
    }
    return api != NULL ? effect_of_row(w, world, api, site) : effect_routine(w, world, site);
}

static void ask(rm_walk *w, uint32_t call, rm_value about) {
    rm_ask *slot = rm_push(w->arena, &w->asks);
    if (slot == NULL) {
        w->status = RM_NOMEM;
        return;
    }
    *slot = (rm_ask){.call = call, .about = about};
}

void rm_effect_unknown(rm_walk *w, rm_world *world, const rm_call_site *site, const char *why,
                       rm_value *result) {
    uint32_t call = w->serial++;
    bool user = rm_value_taint(w, carried(w, world, site)) >= RM_TAINT_UNKNOWN;
    for (uint32_t i = 0; i < site->count; i++) {
        rm_value value = site->args[i];
        ask(w, call, value);
        rm_null_looked_at(w, world, value);
        if (is_source(w, value, RM_SOURCE_IRP) || is_source(w, value, RM_SOURCE_REQUEST) ||
            is_source(w, value, RM_SOURCE_STACK_LOCATION)) {
            uint32_t buffer = rm_cell_root(w, RM_CELL_BUFFER, RM_SOURCE_SYSTEM_BUFFER, 0);
            ask(w, call, rm_value_pointer(buffer));
        }
        if (value.kind != RM_VALUE_POINTER) {
            continue;
        }
        if (rm_cell_is_user(w, value.id)) {
            uint32_t root = w->cells.at[value.id].root;
            rm_memory_store(w, world, root, rm_value_unknown(w, why, site->e->span));
        } else if (is_own_memory(w, value.id)) {
            store_through(w, world, value,
                          user ? rm_value_unknown(w, why, site->e->span) : fresh(w, site),
                          site->e->span);
        } else if (user && is_kept_memory(w, value.id)) {
            store_through(w, world, value, rm_value_unknown(w, why, site->e->span), site->e->span);
        }
    }
    *result = user ? rm_value_unknown(w, why, site->e->span) : fresh(w, site);
    w->symbols.at[result->id].asked = call;
}
