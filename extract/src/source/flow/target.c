#include "base/map.h"
#include "source/flow/walk.h"

/*
 * Where another driver's device comes from. A device or target is kept in a member or variable;
 * the call that filled it says what it is: the next lower device of the stack, a device by name,
 * an interface's.
 */

typedef enum rm_target_kind { TARGET_LOWER, TARGET_NAME, TARGET_OPEN } rm_target_kind;

/* `out`: the argument that receives it, -1: the result; `name`: the argument that names it. */
static const struct {
    const char *call;
    rm_target_kind kind;
    int8_t out, name;
} openers[] = {
    {"IoAttachDeviceToDeviceStack", TARGET_LOWER, -1, -1},
    {"IoAttachDeviceToDeviceStackSafe", TARGET_LOWER, 2, -1},
    {"IoAttachDevice", TARGET_NAME, 2, 1},
    {"IoGetDeviceObjectPointer", TARGET_NAME, 3, 0},
    {"WdfDeviceGetIoTarget", TARGET_LOWER, -1, -1},
    {"WdfIoTargetOpen", TARGET_OPEN, 0, 1},
    {"ZwCreateFile", TARGET_OPEN, 0, 2},
    {"ZwOpenFile", TARGET_OPEN, 0, 2},
    {"IoCreateFile", TARGET_OPEN, 0, 2},
    {"CreateFile", TARGET_NAME, -1, 0},
    {"CreateFileA", TARGET_NAME, -1, 0},
    {"CreateFileW", TARGET_NAME, -1, 0},
    {"CreateFile2", TARGET_NAME, -1, 0},
};

/* Calls that put a name into the structure that an opening call is given. */
static const struct {
    const char *call;
    int8_t into, name;
} namers[] = {
    {"InitializeObjectAttributes", 0, 1},
    {"WDF_IO_TARGET_OPEN_PARAMS_INIT_OPEN_BY_NAME", 0, 1},
    {"WDF_IO_TARGET_OPEN_PARAMS_INIT_CREATE_BY_NAME", 0, 1},
};

enum { MAX_ARGS = 12, MAX_NODES = 200000 };

typedef struct reading {
    rm_arena *arena;
    const rm_source_unit *unit;
    const rm_function *function;
    const rm_source_file *file;
    rm_targets *out;
    rm_map acting; /* routines that run as the client of a request */
    rm_status status;
} reading;

/* The last name of ext->Lower, &target, *p. */
static rm_str last_name(const rm_source_file *file, TSNode node) {
    for (unsigned depth = 0; depth < 16 && !ts_node_is_null(node); depth++) {
        if (rm_node_is(node, "identifier")) {
            return rm_node_text(file, node);
        }
        if (rm_node_is(node, "field_expression")) {
            return rm_node_text(file, rm_node_field(node, "field"));
        }
        TSNode inner = rm_node_field(node, "argument");
        if (ts_node_is_null(inner)) {
            inner = rm_node_field(node, "value");
        }
        if (ts_node_is_null(inner)) {
            inner = rm_node_field(node, "declarator");
        }
        if (ts_node_is_null(inner) && ts_node_named_child_count(node) > 0) {
            inner = ts_node_named_child(node, 0);
        }
        node = inner;
    }
    return RM_STR_NONE;
}

/* What the call's result is assigned to. */
static rm_str receiver(const rm_source_file *file, TSNode call) {
    TSNode node = call;
    for (unsigned depth = 0; depth < 6; depth++) {
        node = ts_node_parent(node);
        if (ts_node_is_null(node)) {
            return RM_STR_NONE;
        }
        if (rm_node_is(node, "assignment_expression")) {
            return last_name(file, rm_node_field(node, "left"));
        }
        if (rm_node_is(node, "init_declarator")) {
            return last_name(file, rm_node_field(node, "declarator"));
        }
    }
    return RM_STR_NONE;
}

static void add_target(reading *r, rm_str holder, rm_found how, rm_str text) {
    if (holder.len == 0) {
        return;
    }
    rm_target *t = rm_push(r->arena, r->out);
    if (t == NULL || rm_str_copy(r->arena, text, &t->text) != RM_OK ||
        rm_str_copy(r->arena, holder, &t->holder) != RM_OK) {
        r->status = RM_NOMEM;
        return;
    }
    t->how = how;
}

static void note_acting(reading *r, rm_str text, TSNode call);
static bool is_acting(const reading *r);

static void add_named(reading *r, rm_str holder, TSNode name) {
    rm_str texts[4];
    uint32_t count = rm_unit_texts(r->unit, r->function, name, texts, 4);
    for (uint32_t i = 0; i < count && i < 4; i++) {
        add_target(r, holder, RM_FOUND_NAME, texts[i]);
        if (is_acting(r)) {
            note_acting(r, texts[i], name);
        }
    }
    if (count == 0) {
        add_target(r, holder, RM_FOUND_NAME, RM_STR_NONE);
    }
}

typedef bool (*visit)(reading *r, TSNode call, rm_str name, const TSNode *args, uint32_t count,
                      void *payload);

/* Every call of the function's body, in the order of the text. */
static void each_call(reading *r, visit what, void *payload) {
    TSTreeCursor cursor = ts_tree_cursor_new(r->function->body);
    bool more = true;
    for (uint32_t n = 0; more && n < MAX_NODES; n++) {
        TSNode node = ts_tree_cursor_current_node(&cursor);
        TSNode args[MAX_ARGS];
        if (rm_node_is(node, "call_expression")) {
            uint32_t count = rm_node_arguments(rm_node_field(node, "arguments"), args, MAX_ARGS);
            count = count < MAX_ARGS ? count : MAX_ARGS;
            more = what(r, node, rm_call_name(r->file, node), args, count, payload);
        }
        if (more && !ts_tree_cursor_goto_first_child(&cursor)) {
            while (more && !ts_tree_cursor_goto_next_sibling(&cursor)) {
                more = ts_tree_cursor_goto_parent(&cursor);
            }
        }
    }
    ts_tree_cursor_delete(&cursor);
}

/* ---- as whom ---- */

/*
 * WdfRequestImpersonate(Request, Level, Callback, …) runs the callback as the client; so does the
 * method of UMDF 1 its object's OnImpersonate. A token of a lower level opens nothing.
 */
static bool visit_impersonation(reading *r, TSNode call, rm_str name, const TSNode *args,
                                uint32_t count, void *payload) {
    bool method = rm_str_eq(name, RM_STR("Impersonate")) && count == 3;
    bool function = rm_str_eq(name, RM_STR("WdfRequestImpersonate")) && count == 4;
    (void)payload;
    (void)call;
    if (!method && !function) {
        return true;
    }
    rm_str level = rm_node_text(r->file, args[function ? 1 : 0]);
    size_t at = 0;
    uint32_t *value = NULL;
    bool is_new = false;
    if (!rm_str_find(level, RM_STR("Identification"), &at) &&
        !rm_str_find(level, RM_STR("Anonymous"), &at)) {
        rm_str routine = method ? RM_STR("OnImpersonate") : last_name(r->file, args[2]);
        r->status = rm_map_at(&r->acting, routine, &value, &is_new);
    }
    return r->status == RM_OK;
}

static bool is_acting(const reading *r) {
    uint32_t value = 0;
    rm_str name = r->function->name;
    size_t colons = 0;
    if (rm_map_get(&r->acting, name, &value)) {
        return true;
    }
    return rm_str_find(name, RM_STR("::OnImpersonate"), &colons) &&
           rm_map_get(&r->acting, RM_STR("OnImpersonate"), &value);
}

/* What is opened so is told of by its name: the forwards that go to it are the client's. */
static void note_acting(reading *r, rm_str text, TSNode call) {
    rm_model *m = r->unit->model;
    for (uint32_t i = 0; i < m->observations.count; i++) {
        const rm_observation *o = &m->observations.at[i];
        if (o->kind == RM_OBSERVED_OPENS_AS_CALLER && o->driver == r->unit->driver &&
            rm_str_eq(o->subject, text)) {
            return;
        }
    }
    rm_observation row = {.driver = r->unit->driver,
                          .kind = RM_OBSERVED_OPENS_AS_CALLER,
                          .place = rm_node_place(r->file, call)};
    rm_status st = rm_str_copy(m->arena, text, &row.subject);
    st = st == RM_OK ? rm_str_copy(m->arena, r->function->name, &row.function) : st;
    st = st == RM_OK ? rm_str_copy(m->arena, rm_node_line(r->file, call), &row.text) : st;
    rm_observation *slot = st == RM_OK ? rm_push(m->arena, &m->observations) : NULL;
    if (slot == NULL) {
        r->status = RM_NOMEM;
        return;
    }
    *slot = row;
}

typedef struct naming {
    rm_str structure;
    TSNode name;
    bool found;
} naming;

static bool visit_namer(reading *r, TSNode call, rm_str name, const TSNode *args, uint32_t count,
                        void *payload) {
    naming *n = payload;
    (void)call;
    for (size_t i = 0; i < sizeof namers / sizeof namers[0]; i++) {
        if (rm_str_eq(name, rm_str_from(namers[i].call)) && (uint32_t)namers[i].name < count &&
            rm_str_eq(last_name(r->file, args[namers[i].into]), n->structure)) {
            n->name = args[namers[i].name];
            n->found = true;
        }
    }
    return true;
}

static bool visit_opener(reading *r, TSNode call, rm_str name, const TSNode *args, uint32_t count,
                         void *payload) {
    (void)payload;
    for (size_t i = 0; i < sizeof openers / sizeof openers[0]; i++) {
        if (!rm_str_eq(name, rm_str_from(openers[i].call)) || openers[i].out >= (int)count ||
            openers[i].name >= (int)count) {
            continue;
        }
        rm_str holder =
            openers[i].out < 0 ? receiver(r->file, call) : last_name(r->file, args[openers[i].out]);
        if (openers[i].kind == TARGET_LOWER) {
            add_target(r, holder, RM_FOUND_STACK, RM_STR("next lower"));
        } else if (openers[i].kind == TARGET_NAME) {
            add_named(r, holder, args[openers[i].name]);
        } else {
            naming n = {.structure = last_name(r->file, args[openers[i].name])};
            each_call(r, visit_namer, &n);
            if (n.found) {
                add_named(r, holder, n.name);
            }
        }
    }
    return r->status == RM_OK;
}

rm_status rm_targets_read(rm_arena *arena, const rm_source_unit *unit, rm_targets *out) {
    reading r = {
        .arena = arena, .unit = unit, .out = out, .acting = {.arena = arena}, .status = RM_OK};
    for (uint32_t i = 0; i < unit->functions.count && r.status == RM_OK; i++) {
        r.function = &unit->functions.at[i];
        r.file = &unit->files.at[r.function->file];
        size_t at = 0;
        if (rm_str_find(rm_node_text(r.file, r.function->body), RM_STR("Impersonate("), &at)) {
            each_call(&r, visit_impersonation, NULL);
        }
    }
    for (uint32_t i = 0; i < unit->functions.count && r.status == RM_OK; i++) {
        r.function = &unit->functions.at[i];
        r.file = &unit->files.at[r.function->file];
        rm_str text = rm_node_text(r.file, r.function->body);
        size_t at = 0;
        if (rm_str_find(text, RM_STR("Attach"), &at) ||
            rm_str_find(text, RM_STR("IoTarget"), &at) ||
            rm_str_find(text, RM_STR("IoGetDeviceObjectPointer"), &at) ||
            rm_str_find(text, RM_STR("CreateFile"), &at) ||
            rm_str_find(text, RM_STR("ZwOpenFile"), &at)) {
            each_call(&r, visit_opener, NULL);
        }
    }
    return r.status;
}

const rm_target *rm_target_find(const rm_targets *targets, rm_str holder) {
    const rm_target *found = NULL;
    for (uint32_t i = 0; i < targets->count; i++) {
        const rm_target *t = &targets->at[i];
        if (!rm_str_eq(t->holder, holder)) {
            continue;
        }
        if (found != NULL && (found->how != t->how || !rm_str_eq(found->text, t->text))) {
            return NULL;
        }
        found = t;
    }
    return found;
}
