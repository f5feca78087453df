#include "model/ioctl.h"
#include "source/device_marks.h"
#include "source/flow/assigned.h"
#include "source/flow/contexts.h"
#include "source/flow/purpose.h"
#include "source/flow/reach.h"
#include "source/flow/report.h"

/* Each handler, one control code after the other. */

enum {
    FLOW_MEMORY = 512 << 20,
    WALK_MEMORY = 256 << 20,
    MOST_CODES = 4096 /* of one handler */
};

/*
 * Steps (a statement, once for each world) that one entry may take. After one that came to no end
 * the next gets a quarter, for it hardly will, either; after one that did, it is what it was,
 * halved for every second of the driver's entries that came to none.
 */
enum { MOST_STEPS = 40000, FEW_STEPS = 4000, ALL_STEPS = 1500000 };

typedef struct flow_run {
    rm_arena *arena;
    rm_source_unit *unit; /* of the configuration being walked */
    rm_flow_unit flow;
    rm_targets targets;
    rm_device_marks marks;
    rm_laters laters;
    rm_names *kept;
    rm_names *open;
    bool kept_all;
    uint32_t steps;   /* of all entries */
    uint32_t budget;  /* of the next */
    uint32_t cut_off; /* entries that came to no end */
    rm_report report;
} flow_run;

/* IRP_MJ_ of an entry; -1: it has none. */
static int64_t major_of(const rm_handler *h) {
    switch (h->kind) {
    case RM_ENTRY_IOCTL: return 0x0e;
    case RM_ENTRY_INTERNAL_IOCTL: return 0x0f;
    case RM_ENTRY_FSCTL: return 0x0d;
    case RM_ENTRY_CREATE: return 0x00;
    case RM_ENTRY_READ: return 0x03;
    case RM_ENTRY_WRITE: return 0x04;
    case RM_ENTRY_WMI: return 0x17;
    case RM_ENTRY_FAST_IO:
    case RM_ENTRY_MESSAGE:
    case RM_ENTRY_COUNT: return -1;
    }
    return -1;
}

static bool has_codes(const rm_handler *h) {
    return h->kind == RM_ENTRY_IOCTL || h->kind == RM_ENTRY_INTERNAL_IOCTL ||
           h->kind == RM_ENTRY_FSCTL || h->kind == RM_ENTRY_FAST_IO;
}

/* What a callback's parameters are, in their order; RM_SOURCE_COUNT: nothing of the caller's. */
#define NOTHING RM_SOURCE_COUNT
static const struct {
    rm_entry_kind kind;
    bool wdf;
    uint32_t count; /* of parameters */
    rm_source params[9];
} callbacks[] = {
    {RM_ENTRY_IOCTL,
     true,
     5,
     {NOTHING, RM_SOURCE_REQUEST, RM_SOURCE_OUTPUT_LENGTH, RM_SOURCE_INPUT_LENGTH, RM_SOURCE_CODE}},
    {RM_ENTRY_IOCTL, /* EVT_SPB_CONTROLLER_OTHER: the target stands before the request */
     true,
     6,
     {NOTHING, NOTHING, RM_SOURCE_REQUEST, RM_SOURCE_OUTPUT_LENGTH, RM_SOURCE_INPUT_LENGTH,
      RM_SOURCE_CODE}},
    {RM_ENTRY_IOCTL, /* UMDF 1: IQueueCallbackDeviceIoControl */
     false,
     5,
     {NOTHING, RM_SOURCE_REQUEST, RM_SOURCE_CODE, RM_SOURCE_INPUT_LENGTH, RM_SOURCE_OUTPUT_LENGTH}},
    {RM_ENTRY_IOCTL, /* EVT_DMF_IoctlHandler_Callback */
     true,
     9,
     {NOTHING, NOTHING, RM_SOURCE_REQUEST, RM_SOURCE_CODE, RM_SOURCE_SYSTEM_BUFFER,
      RM_SOURCE_INPUT_LENGTH, RM_SOURCE_SYSTEM_BUFFER, RM_SOURCE_OUTPUT_LENGTH, NOTHING}},
    {RM_ENTRY_READ, false, 3, {NOTHING, RM_SOURCE_REQUEST, RM_SOURCE_LENGTH}},
    {RM_ENTRY_WRITE, false, 3, {NOTHING, RM_SOURCE_REQUEST, RM_SOURCE_LENGTH}},
    {RM_ENTRY_INTERNAL_IOCTL,
     true,
     5,
     {NOTHING, RM_SOURCE_REQUEST, RM_SOURCE_OUTPUT_LENGTH, RM_SOURCE_INPUT_LENGTH, RM_SOURCE_CODE}},
    {RM_ENTRY_READ, true, 3, {NOTHING, RM_SOURCE_REQUEST, RM_SOURCE_LENGTH}},
    {RM_ENTRY_WRITE, true, 3, {NOTHING, RM_SOURCE_REQUEST, RM_SOURCE_LENGTH}},
    {RM_ENTRY_CREATE, true, 3, {NOTHING, RM_SOURCE_REQUEST, RM_SOURCE_FILE_OBJECT}},
    {RM_ENTRY_CREATE, /* PFLT_CONNECT_NOTIFY: the context is a copy of the caller's */
     false,
     5,
     {NOTHING, NOTHING, RM_SOURCE_SYSTEM_BUFFER, RM_SOURCE_INPUT_LENGTH, NOTHING}},
    {RM_ENTRY_FAST_IO,
     false,
     9,
     {RM_SOURCE_FILE_OBJECT, NOTHING, RM_SOURCE_TYPE3_BUFFER, RM_SOURCE_INPUT_LENGTH,
      RM_SOURCE_USER_BUFFER, RM_SOURCE_OUTPUT_LENGTH, RM_SOURCE_CODE, NOTHING, RM_SOURCE_DEVICE}},
    {RM_ENTRY_MESSAGE,
     false,
     6,
     {NOTHING, RM_SOURCE_TYPE3_BUFFER, RM_SOURCE_INPUT_LENGTH, RM_SOURCE_USER_BUFFER,
      RM_SOURCE_OUTPUT_LENGTH, NOTHING}},
};

static rm_source source_of_param(const rm_handler *h, uint32_t index) {
    for (size_t i = 0; i < sizeof callbacks / sizeof callbacks[0]; i++) {
        if (callbacks[i].kind == h->kind && callbacks[i].wdf == h->wdf &&
            callbacks[i].count == h->function->param_count) {
            return index < callbacks[i].count ? callbacks[i].params[index] : NOTHING;
        }
    }
    if (h->wdf) {
        return index == 1 ? RM_SOURCE_REQUEST : NOTHING;
    }
    return index == 0 ? RM_SOURCE_DEVICE : index == 1 ? RM_SOURCE_IRP : NOTHING;
}

static uint32_t most_steps(const flow_run *run) {
    uint32_t halves = run->cut_off / 2;
    return MOST_STEPS >> (halves < 3 ? halves : 3);
}

static uint32_t budget_of(const flow_run *run) {
    return run->steps > ALL_STEPS || run->budget < FEW_STEPS ? FEW_STEPS : run->budget;
}

static rm_walk *walk_new(flow_run *run, const rm_handler *h, rm_codes *codes) {
    rm_arena *arena = rm_arena_new(WALK_MEMORY);
    rm_walk *w = arena == NULL ? NULL : RM_NEW(arena, rm_walk);
    if (w == NULL) {
        rm_arena_free(arena);
        return NULL;
    }
    *w = (rm_walk){
        .flow = &run->flow,
        .kept = run->kept,
        .open = run->open,
        .targets = &run->targets,
        .laters = &run->laters,
        .arena = arena,
        .names = rm_names_new(arena),
        .keys = rm_keys_new(arena),
        .handler = h,
        .marks = run->marks.device_count > 0 && !run->report.turned && !h->wdf ? &run->marks : NULL,
        .device = h->device,
        .major = major_of(h),
        .codes = codes,
        .step_limit = budget_of(run),
        .budget = budget_of(run),
        .matched_at = {.file = RM_NONE}};
    if (w->names == NULL || w->keys == NULL) {
        rm_arena_free(arena);
        return NULL;
    }
    for (size_t i = 0; i < RM_SOURCE_COUNT; i++) {
        w->came_in[i].file = RM_NONE;
    }
    return w;
}

/* The code's own symbol has exactly this number in the walk for it. */
static void set_code(rm_walk *w, rm_world *world, const rm_code *code) {
    uint32_t symbol = rm_symbol_source(w, RM_SOURCE_CODE);
    rm_fact *fact = rm_world_fact(w, world, symbol);
    if (code == NULL || fact == NULL) {
        w->code = rm_value_symbol(symbol);
        return;
    }
    if (!code->known) {
        w->code = (rm_value){.kind = RM_VALUE_NAMED, .id = rm_names_id(w->names, code->name)};
        return;
    }
    w->code = rm_value_const(code->number);
    fact->range = (rm_range){.has_lo = true,
                             .has_hi = true,
                             .lo = code->number,
                             .hi = code->number,
                             .lo_ok = true,
                             .hi_ok = true,
                             .equal = true,
                             .sign_known = true};
    w->method = rm_ioctl_decode(code->number).method;
    w->method_known = true;
}

static void probed(rm_walk *w, rm_world *world, rm_source buffer, rm_source length, bool write) {
    rm_value bytes = rm_value_symbol(rm_symbol_source(w, length));
    rm_fact *fact = rm_world_fact(w, world, rm_symbol_source(w, buffer));
    if (fact != NULL) {
        fact->probed_read = true;
        fact->probed_write = write;
        fact->probe_length = bytes;
        fact->write_length = bytes;
    }
}

/*
 * The filter manager has probed a message's buffers before the minifilter sees them (Windows:
 * PFLT_MESSAGE_NOTIFY, Remarks): for their lengths, which may be 0.
 */
static void probe_message(rm_walk *w, rm_world *world) {
    if (w->handler->kind == RM_ENTRY_MESSAGE && w->handler->function->param_count == 6) {
        probed(w, world, RM_SOURCE_TYPE3_BUFFER, RM_SOURCE_INPUT_LENGTH, false);
        probed(w, world, RM_SOURCE_USER_BUFFER, RM_SOURCE_OUTPUT_LENGTH, true);
    }
}

/* What the function is given; a framework's callback has the buffer itself. */
static rm_value parameter(rm_walk *w, const rm_handler *h, uint32_t index) {
    rm_source source = source_of_param(h, index);
    if (source == NOTHING) {
        rm_span nowhere = {.file = RM_NONE};
        return rm_value_symbol(rm_symbol_fresh(w, RM_TAINT_NONE, NULL, nowhere));
    }
    return source == RM_SOURCE_SYSTEM_BUFFER
               ? rm_value_pointer(rm_cell_root(w, RM_CELL_BUFFER, RM_SOURCE_SYSTEM_BUFFER, 0))
               : rm_value_symbol(rm_symbol_source(w, source));
}

static void walk_entry(rm_walk *w, const rm_code *code) {
    const rm_handler *h = w->handler;
    rm_value args[RM_WALK_ARGS];
    rm_span at = {.file = RM_NONE};
    uint32_t count =
        h->function->param_count < RM_WALK_ARGS ? h->function->param_count : RM_WALK_ARGS;
    rm_world *world = rm_world_new(w);
    if (world == NULL) {
        return;
    }
    if (has_codes(h)) {
        set_code(w, world, code);
    }
    for (uint32_t i = 0; i < count; i++) {
        args[i] = parameter(w, h, i);
    }
    probe_message(w, world);
    rm_walk_function(w, h->function, args, count, world, &w->exits, at);
    rm_walk_later(w);
}

/* How much the walk for every other code found: what a code has of its own is beside it. */
typedef struct found_by_all {
    uint32_t sinks, forwards;
} found_by_all;

/* Asked for is not handled: it may be that the code was only printed, or refused. */
static bool is_handled(const rm_walk *w, const found_by_all *all) {
    return w->code_matched &&
           (w->code_served || w->sinks.count > all->sinks || w->forwards.count > all->forwards);
}

/* Does every way end with a failure? */
static bool always_fails(rm_walk *w) {
    bool fails = w->exits.count > 0 && w->limit == NULL;
    for (uint32_t i = 0; i < w->exits.count && fails; i++) {
        fails = rm_question_refused(w, w->exits.at[i]) == RM_TRI_YES;
    }
    return fails;
}

/* A routine that turns every read or write away serves none. */
static bool serves_none(rm_walk *w) {
    rm_entry_kind kind = w->handler->kind;
    bool may = kind == RM_ENTRY_READ || kind == RM_ENTRY_WRITE || kind == RM_ENTRY_WMI;
    return may && !w->handler->wdf && w->sinks.count == 0 && w->forwards.count == 0 &&
           always_fails(w);
}

/* One walk and its report; of a code only where it is handled. */
static rm_status run_walk(flow_run *run, const rm_handler *h, rm_codes *codes, const rm_code *code,
                          found_by_all *all) {
    rm_walk *w = walk_new(run, h, codes);
    if (w == NULL) {
        return RM_NOMEM;
    }
    if (h->of_row) {
        w->code_matched = true;
        w->code_served = true;
        w->matched_name = code->name;
        w->matched_at = code->span;
    }
    walk_entry(w, code);
    rm_status st = w->status != RM_OK ? w->status : run->flow.status;
    if (st == RM_OK && w->limit != NULL) {
        rm_diag(run->unit->sink, RM_WARNING, rm_span_place(run->unit, w->limit_at), "flow-limit",
                "%s: nothing that %.*s does for this request is called validated", w->limit,
                RM_STR_ARG(h->function->name));
    }
    run->steps += w->steps;
    run->cut_off += w->limit != NULL;
    run->budget = w->limit != NULL ? budget_of(run) / 4 : most_steps(run);
    run->kept_all = run->kept_all || w->kept_all || w->limit != NULL; /* who knows what it left */
    if (code == NULL) {
        *all = (found_by_all){w->sinks.count, w->forwards.count};
    }
    if (st == RM_OK && (code == NULL ? !serves_none(w) : is_handled(w, all))) {
        st = rm_report_walk(&run->report, w, code == NULL);
    }
    rm_arena_free(w->arena);
    return st;
}

static bool is_one_too_many(flow_run *run, const rm_handler *h, uint32_t code) {
    if (code == MOST_CODES) {
        rm_diag(run->unit->sink, RM_WARNING, h->place, "flow-too-many-codes",
                "%.*s handles more than %d codes: the rest is not followed",
                RM_STR_ARG(h->function->name), MOST_CODES);
    }
    return code >= MOST_CODES;
}

/* --- a routine that asks which of the driver's devices the request is for --- */

typedef struct by_device {
    rm_handler handlers[RM_MAX_MARKED]; /* the same routine, for one device each */
    found_by_all all[RM_MAX_MARKED];
    uint32_t count;
    bool asked;
} by_device;

/* What a code does for the devices. */
typedef struct code_by_device {
    unsigned handled; /* a bit for each */
    uint64_t does[RM_MAX_MARKED];
} code_by_device;

/* Where a walk's operations are: two walks that agree in it do the same. */
static uint64_t what_is_done(const rm_walk *w) {
    uint64_t sum = 0;
    for (uint32_t i = 0; i < w->sinks.count; i++) {
        sum = sum * 31 + w->sinks.at[i].span.start + 1;
    }
    for (uint32_t i = 0; i < w->forwards.count; i++) {
        sum = sum * 31 + w->forwards.at[i].span.start + 1;
    }
    return sum;
}

/* Nothing was done, and every way ends with a failure: for this device the code is refused. */
static bool is_refused(rm_walk *w, const found_by_all *all) {
    return w->device_asked && w->sinks.count <= all->sinks && w->forwards.count <= all->forwards &&
           always_fails(w);
}

/* A walk that reports nothing: is the code handled? */
static rm_status try_walk(flow_run *run, by_device *b, uint32_t device, rm_codes *codes,
                          const rm_code *code, code_by_device *out) {
    rm_walk *w = walk_new(run, &b->handlers[device], codes);
    if (w == NULL) {
        return RM_NOMEM;
    }
    walk_entry(w, code);
    if (code == NULL) {
        b->all[device] = (found_by_all){w->sinks.count, w->forwards.count};
    }
    const found_by_all *all = &b->all[device];
    out->handled |= is_handled(w, all) && !is_refused(w, all) ? 1u << device : 0;
    out->does[device] = what_is_done(w);
    b->asked = b->asked || w->device_asked;
    rm_status st = w->status != RM_OK ? w->status : run->flow.status;
    rm_arena_free(w->arena);
    return st;
}

/* What every code does for one of the devices. */
static rm_status try_device(flow_run *run, by_device *b, uint32_t device, rm_codes *codes,
                            code_by_device *out) {
    code_by_device others = {0};
    rm_status st = try_walk(run, b, device, codes, NULL, &others);
    for (uint32_t i = 0; i < codes->count && i < MOST_CODES && st == RM_OK; i++) {
        rm_code code = codes->at[i]; /* the list grows while it is worked off */
        st = try_walk(run, b, device, codes, &code, &out[i]);
    }
    return st;
}

/*
 * For which of the devices each code is handled, in the order of `codes`. Where the first walks ask
 * for no device, nothing depends on it.
 */
static rm_status try_devices(flow_run *run, by_device *b, rm_codes *codes, code_by_device *out) {
    rm_status st = RM_OK;
    for (uint32_t d = 0; d < b->count && (d == 0 || b->asked) && st == RM_OK; d++) {
        st = try_device(run, b, d, codes, out);
    }
    return st;
}

static bool is_alike(const by_device *b, const code_by_device *of) {
    for (uint32_t d = 1; d < b->count; d++) {
        if (of->does[d] != of->does[0]) {
            return false;
        }
    }
    return of->handled == (1u << b->count) - 1;
}

/* One code, for the devices that it is handled for: one entry where it is alike for all. */
static rm_status run_code(flow_run *run, const rm_handler *h, const by_device *b,
                          const code_by_device *of, rm_codes *codes, const rm_code *code,
                          found_by_all *all) {
    if (of == NULL || !b->asked || of->handled == 0 || is_alike(b, of)) {
        return run_walk(run, h, codes, code, all);
    }
    rm_status st = RM_OK;
    for (uint32_t d = 0; d < b->count && st == RM_OK; d++) {
        found_by_all of_device = b->all[d];
        if ((of->handled & 1u << d) != 0) {
            st = run_walk(run, &b->handlers[d], codes, code, &of_device);
        }
    }
    return st;
}

static rm_code code_of_row(const rm_handler *h) {
    rm_span span = {.file = h->file, .start = h->at, .end = h->at + (uint32_t)h->code_name.len};
    span.line = h->place.line;
    span.column = h->place.column;
    return (rm_code){.known = h->has_code, .number = h->code, .name = h->code_name, .span = span};
}

/* A table says for which code the function is called; it need not ask. */
static rm_status run_row(flow_run *run, const rm_handler *h) {
    rm_codes others = {0};
    found_by_all none = {0};
    rm_code code = code_of_row(h);
    return run_walk(run, h, &others, &code, &none);
}

static rm_status run_handler(flow_run *run, const rm_handler *h) {
    rm_codes codes = {0};
    by_device b = {.count = 0};
    code_by_device *of_codes = NULL;
    rm_status st = RM_OK;
    if (h->of_row) {
        return run_row(run, h);
    }
    if (h->kind == RM_ENTRY_CREATE && !h->port) {
        *(run->report.turned ? &run->report.create_seen : &run->report.create_before) = true;
    }
    if (has_codes(h) && h->device == RM_NONE && !h->wdf && !run->report.turned) {
        for (; b.count < run->marks.device_count; b.count++) {
            b.handlers[b.count] = *h;
            b.handlers[b.count].device = run->marks.devices[b.count];
        }
    }
    if (b.count > 0) {
        uint32_t steps = run->steps;
        of_codes = RM_NEW_ARRAY(run->arena, code_by_device, MOST_CODES);
        st = of_codes == NULL ? RM_NOMEM : try_devices(run, &b, &codes, of_codes);
        run->steps = steps;
    }
    found_by_all all = {0};
    if (st == RM_OK) {
        st = run_walk(run, h, has_codes(h) ? &codes : NULL, NULL, &all);
    }
    for (uint32_t i = 0; st == RM_OK && i < codes.count && !is_one_too_many(run, h, i); i++) {
        rm_code code = codes.at[i]; /* the list grows while it is worked off */
        st = run_code(run, h, &b, of_codes == NULL ? NULL : &of_codes[i], &codes, &code, &all);
    }
    return st;
}

static rm_status start(flow_run *run) {
    run->arena = rm_arena_new(FLOW_MEMORY);
    if (run->arena == NULL) {
        return RM_NOMEM;
    }
    run->kept = rm_names_new(run->arena);
    run->open = rm_names_new(run->arena);
    run->budget = MOST_STEPS;
    run->report = (rm_report){.arena = run->arena, .dangling = rm_names_new(run->arena)};
    return run->kept == NULL || run->open == NULL || run->report.dangling == NULL ? RM_NOMEM
                                                                                  : RM_OK;
}

/* All handlers of one configuration. */
static rm_status run_unit(flow_run *run, rm_source_unit *unit, const rm_handler_list *handlers) {
    run->unit = unit;
    run->report.unit = unit;
    run->targets = (rm_targets){0};
    run->flow = (rm_flow_unit){.arena = run->arena, .unit = unit};
    run->flow.bodies = RM_NEW_ARRAY(run->arena, rm_body *, (size_t)unit->functions.count + 1);
    run->flow.decls = rm_decls_read(run->arena, unit);
    run->flow.purpose = rm_purpose_read(run->arena, unit);
    run->flow.assigned = rm_assigned_new(run->arena, unit);
    run->flow.contexts = rm_contexts_new(run->arena, unit);
    run->flow.reach = rm_reach_new(run->arena, unit, rm_purpose_kind(run->flow.purpose));
    run->flow.initial_keys = rm_keys_new(run->arena);
    if (run->flow.initial_keys == NULL || run->flow.bodies == NULL || run->flow.decls == NULL ||
        run->flow.purpose == NULL || run->flow.assigned == NULL || run->flow.contexts == NULL ||
        run->flow.reach == NULL) {
        return RM_NOMEM;
    }
    run->laters = (rm_laters){0};
    if (!run->report.turned) {
        rm_device_marks_read(unit, &run->marks);
    }
    rm_laters_read(run->arena, unit, &run->laters);
    rm_status st = rm_targets_read(run->arena, unit, &run->targets);
    for (uint32_t i = 0; st == RM_OK && i < handlers->count; i++) {
        st = run_handler(run, &handlers->at[i]);
    }
    return st;
}

rm_status rm_flow_configurations(rm_source_unit *unit, const rm_handler_list *handlers,
                                 rm_source_unit *other, const rm_handler_list *other_handlers) {
    flow_run run = {0};
    rm_status st = start(&run);
    if (st == RM_OK) {
        st = run_unit(&run, unit, handlers);
    }
    if (st == RM_OK && other != NULL) {
        rm_report_turn(&run.report, unit->model);
        st = run_unit(&run, other, other_handlers);
        rm_report_turned(&run.report);
    }
    if (st == RM_OK) {
        st = rm_report_kept(&run.report, run.kept, run.open, run.kept_all);
    }
    rm_arena_free(run.arena);
    return st;
}

rm_status rm_source_flow(rm_source_unit *unit, const rm_handler_list *handlers) {
    return handlers->count == 0 ? RM_OK : rm_flow_configurations(unit, handlers, NULL, NULL);
}
