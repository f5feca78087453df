#include "source/flow/walk.h"

/*
 * Routines of the kit that change what a driver keeps: collections, tables, bitmaps, lists,
 * objects that are made into a member or deleted from it (wdm.h, ntddk.h, wdfcollection.h,
 * wdfobject.h). What they are given may be the request's own; that is no state.
 */

/* The argument that is changed. */
static const struct {
    const char *name;
    uint32_t object;
} changers[] = {
    {"ExInterlockedPopEntryList", 0},
    {"ExInterlockedPushEntryList", 0},
    {"ExInterlockedRemoveHeadList", 0},
    {"InitializeListHead", 0},
    {"InterlockedFlushSList", 0},
    {"InterlockedPopEntrySList", 0},
    {"InterlockedPushEntrySList", 0},
    {"PopEntryList", 0},
    {"RemoveHeadList", 0},
    {"RemoveTailList", 0},
    {"RtlClearAllBits", 0},
    {"RtlClearBit", 0},
    {"RtlClearBits", 0},
    {"RtlDeleteElementGenericTable", 0},
    {"RtlDeleteElementGenericTableAvl", 0},
    {"RtlInitializeBitMap", 0},
    {"RtlInsertElementGenericTable", 0},
    {"RtlInsertElementGenericTableAvl", 0},
    {"RtlInsertElementGenericTableFull", 0},
    {"RtlInsertElementGenericTableFullAvl", 0},
    {"RtlInsertEntryHashTable", 0},
    {"RtlRemoveEntryHashTable", 0},
    {"RtlSetAllBits", 0},
    {"RtlSetBit", 0},
    {"RtlSetBits", 0},
    {"WdfCollectionAdd", 0},
    {"WdfCollectionRemove", 0},
    {"WdfCollectionRemoveItem", 0},
    {"WdfObjectDelete", 0},
};

/* Atomic changes of a number, with or without a size and a leading underscore. */
static const char *const atomics[] = {"InterlockedOr", "InterlockedAnd", "InterlockedXor",
                                      "InterlockedBitTestAndSet", "InterlockedBitTestAndReset"};

static bool is_atomic(rm_str name) {
    name = rm_str_starts(name, RM_STR("_")) ? rm_str_slice(name, 1, name.len) : name;
    for (size_t i = 0; i < sizeof atomics / sizeof atomics[0]; i++) {
        if (rm_str_starts(name, rm_str_from(atomics[i]))) {
            return true;
        }
    }
    return false;
}

static bool has_one(rm_str name, const char *const *words, size_t count) {
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        if (rm_str_find(name, rm_str_from(words[i]), &at)) {
            return true;
        }
    }
    return false;
}

/* Gives an object or handle through an argument. */
static bool is_maker(rm_str name) {
    static const char *const makers[] = {"Create", "Open", "Register"};
    return has_one(name, makers, sizeof makers / sizeof makers[0]);
}

/* Lists in which requests wait for their completion. */
static bool is_for_requests(rm_str name) {
    static const char *const words[] = {"Irp",  "irp",   "Request", "request",
                                        "Pend", "Queue", "queue",   "Wait"};
    return has_one(name, words, sizeof words / sizeof words[0]);
}

static void changed(rm_walk *w, rm_world *world, rm_value object, rm_span span) {
    uint32_t name = rm_state_kept(w, object);
    if (name != RM_NONE && !is_for_requests(rm_names_text(w->names, name))) {
        rm_sink_state(w, world, &(rm_state_change){.name = name, .span = span});
    }
}

/* NdisFRegister…(…, &g_Handle), WdfCollectionCreate(…, &context->Rules) */
static void made(rm_walk *w, rm_world *world, const rm_call_site *site) {
    for (uint32_t i = 0; i < site->count; i++) {
        const rm_type *type =
            site->args[i].kind == RM_VALUE_POINTER ? &w->cells.at[site->args[i].id].type : NULL;
        bool handle =
            type != NULL &&
            (type->pointers > 0 || (type->dims == 0 && type->bits == 0 && type->record == NULL));
        if (handle) {
            changed(w, world, site->args[i], site->e->span);
        }
    }
}

void rm_state_call(rm_walk *w, rm_world *world, const rm_call_site *site) {
    if (w->frame == NULL || !rm_state_asked(w)) {
        return;
    }
    for (size_t i = 0; i < sizeof changers / sizeof changers[0]; i++) {
        if (rm_str_eq(site->name, rm_str_from(changers[i].name)) &&
            changers[i].object < site->count) {
            changed(w, world, site->args[changers[i].object], site->e->span);
            return;
        }
    }
    if (site->count > 0 && is_atomic(site->name)) {
        changed(w, world, site->args[0], site->e->span);
    } else if (is_maker(site->name)) {
        made(w, world, site);
    }
}

/* container.insert(…): a class whose functions are not in the sources. */
void rm_state_method(rm_walk *w, rm_world *world, rm_value object, const rm_call_site *site) {
    static const char *const verbs[] = {"push",   "insert", "emplace", "add",    "append",
                                        "assign", "erase",  "remove",  "delete", "clear",
                                        "pop",    "reset",  "set",     "put"};
    if (w->frame == NULL || !rm_state_asked(w)) {
        return;
    }
    uint32_t name = rm_state_kept(w, object);
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0] && name != RM_NONE; i++) {
        rm_str verb = rm_str_from(verbs[i]);
        if (site->name.len >= verb.len && rm_str_ieq(rm_str_slice(site->name, 0, verb.len), verb)) {
            rm_sink_state(w, world,
                          &(rm_state_change){
                              .name = name,
                              .unsure = "it is changed by a class's function that is not in these "
                                        "sources",
                              .span = site->e->span});
            return;
        }
    }
}
