#include "model/ioctl.h"
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
 * the next gets a quarter, for it hardly will, either; after one that did, it is what it was.
 */
enum { MOST_STEPS = 40000, FEW_STEPS = 4000, ALL_STEPS = 1500000 };

typedef struct flow_run {
    rm_arena *arena;
    rm_source_unit *unit; /* of the configuration being walked */
    rm_flow_unit flow;
    rm_targets targets;
    rm_laters laters;
    rm_names *kept;
    rm_names *open;
    bool kept_all;
    uint32_t steps;  /* of all entries */
    uint32_t budget; /* of the next */
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
    {RM_ENTRY_READ, false, 3, {NOTHING, RM_SOURCE_REQUEST, RM_SOURCE_LENGTH}},
    {RM_ENTRY_WRITE, false, 3, {NOTHING, RM_SOURCE_REQUEST, RM_SOURCE_LENGTH}},
    {RM_ENTRY_INTERNAL_IOCTL,
     true,
     5,
     {NOTHING, RM_SOURCE_REQUEST, RM_SOURCE_OUTPUT_LENGTH, RM_SOURCE_INPUT_LENGTH, RM_SOURCE_CODE}},
    {RM_ENTRY_READ, true, 3, {NOTHING, RM_SOURCE_REQUEST, RM_SOURCE_LENGTH}},
    {RM_ENTRY_WRITE, true, 3, {NOTHING, RM_SOURCE_REQUEST, RM_SOURCE_LENGTH}},
    {RM_ENTRY_CREATE, true, 3, {NOTHING, RM_SOURCE_REQUEST, RM_SOURCE_FILE_OBJECT}},
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
    *w = (rm_walk){.flow = &run->flow,
                   .kept = run->kept,
                   .open = run->open,
                   .targets = &run->targets,
                   .laters = &run->laters,
                   .arena = arena,
                   .names = rm_names_new(arena),
                   .keys = rm_keys_new(arena),
                   .handler = h,
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
        rm_source source = source_of_param(h, i);
        args[i] = source == NOTHING ? rm_value_symbol(rm_symbol_fresh(w, RM_TAINT_NONE, NULL, at))
                                    : rm_value_symbol(rm_symbol_source(w, source));
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

/* One walk and its report; of a code only where it is handled. */
static rm_status run_walk(flow_run *run, const rm_handler *h, rm_codes *codes, const rm_code *code,
                          found_by_all *all) {
    rm_walk *w = walk_new(run, h, codes);
    if (w == NULL) {
        return RM_NOMEM;
    }
    walk_entry(w, code);
    rm_status st = w->status != RM_OK ? w->status : run->flow.status;
    if (st == RM_OK && w->limit != NULL) {
        rm_diag(run->unit->sink, RM_WARNING, rm_span_place(run->unit, w->limit_at), "flow-limit",
                "%s: nothing that %.*s does for this request is called validated", w->limit,
                RM_STR_ARG(h->function->name));
    }
    run->steps += w->steps;
    run->budget = w->limit != NULL ? budget_of(run) / 4 : MOST_STEPS;
    run->kept_all = run->kept_all || w->kept_all || w->limit != NULL; /* who knows what it left */
    if (code == NULL) {
        *all = (found_by_all){w->sinks.count, w->forwards.count};
    }
    if (st == RM_OK && (code == NULL || is_handled(w, all))) {
        st = rm_report_walk(&run->report, w, code == NULL);
    }
    rm_arena_free(w->arena);
    return st;
}

static rm_status run_handler(flow_run *run, const rm_handler *h) {
    rm_codes codes = {0};
    if (h->kind == RM_ENTRY_CREATE) {
        *(run->report.turned ? &run->report.create_seen : &run->report.create_before) = true;
    }
    found_by_all all = {0};
    rm_status st = run_walk(run, h, has_codes(h) ? &codes : NULL, NULL, &all);
    for (uint32_t i = 0; st == RM_OK && i < codes.count; i++) {
        rm_code code = codes.at[i]; /* the list grows while it is worked off */
        if (i == MOST_CODES) {
            rm_diag(run->unit->sink, RM_WARNING, h->place, "flow-too-many-codes",
                    "%.*s handles more than %d codes: the rest is not followed",
                    RM_STR_ARG(h->function->name), MOST_CODES);
            break;
        }
        st = run_walk(run, h, &codes, &code, &all);
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
