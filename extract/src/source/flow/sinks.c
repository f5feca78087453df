#include "source/flow/purpose.h"
#include "source/flow/walk.h"

/* Privileged operations met: each call site is one find, the worst over all ways there. */

static rm_found_sink *find_sink(rm_walk *w, const rm_api *api, rm_str name, rm_span span,
                                uint32_t about) {
    const rm_body *body = w->frame->body;
    for (uint32_t i = 0; i < w->sinks.count; i++) {
        rm_found_sink *s = &w->sinks.at[i];
        if (s->api == api && s->about == about &&
            (about != RM_NONE || (s->span.file == span.file && s->span.start == span.start &&
                                  s->span.end == span.end && rm_str_eq(s->name, name)))) {
            return s;
        }
    }
    rm_found_sink *s = rm_push(w->arena, &w->sinks);
    if (s == NULL) {
        w->status = RM_NOMEM;
        return NULL;
    }
    s->api = api;
    s->name = name;
    s->span = span;
    s->about = about;
    s->function = body->function->name;
    s->trail = rm_walk_trail(w);
    for (uint32_t i = 0; i < RM_SINK_ARGS; i++) {
        s->args[i].symbol = RM_NONE;
        s->args[i].validation = RM_VALIDATION_VALIDATED;
    }
    return s;
}

/* Code that could not be read whole, or not followed whole, vouches for nothing. */
static void note_frame(rm_walk *w, rm_found_sink *s) {
    s->coarse = s->coarse || w->coarse;
    for (const rm_frame *f = w->frame; f != NULL; f = f->caller) {
        if (f->body->broken && !s->broken) {
            s->broken = true;
            s->broken_why = f->body->why;
        } else if (f->body->shaken != NULL && !s->broken) {
            s->broken = true;
            s->broken_why = rm_str_from(f->body->shaken);
        } else if (f->body->jumps_back && !s->broken) {
            s->broken = true;
            s->broken_why = RM_STR("a jump backwards is not followed");
        }
    }
}

/* --- the tests that a value went through --- */

static rm_sink_guard *guard_of(rm_found_sink *s, uint32_t guard, uint32_t arg, rm_guard_role role) {
    for (uint32_t i = 0; i < s->guard_count; i++) {
        rm_sink_guard *known = &s->guards[i];
        if (known->guard == guard && known->arg == arg) {
            known->role = known->role == RM_GUARD_ELSEWHERE ? role : known->role;
            return known;
        }
    }
    if (s->guard_count == RM_SINK_GUARDS) {
        return NULL;
    }
    s->guards[s->guard_count] = (rm_sink_guard){.guard = guard, .arg = arg, .role = role};
    return &s->guards[s->guard_count++];
}

static uint32_t ways_of(const rm_found_sink *s, uint32_t arg) {
    return arg < RM_SINK_ARGS ? s->args[arg].ways : s->ways;
}

static void add_guard(rm_found_sink *s, uint32_t guard, uint32_t arg, rm_guard_role role) {
    rm_sink_guard *row = guard == RM_NONE ? NULL : guard_of(s, guard, arg, role);
    if (row != NULL && role == RM_GUARD_PASSED && row->last != ways_of(s, arg)) {
        row->last = ways_of(s, arg);
        row->ways++;
    }
}

bool rm_sink_guard_dominates(const rm_found_sink *s, const rm_sink_guard *guard) {
    return guard->role == RM_GUARD_PASSED && guard->ways >= ways_of(s, guard->arg);
}

/* Of the value and of what it was made of. */
static void add_guards(rm_walk *w, rm_found_sink *s, const rm_world *world, uint32_t symbol,
                       uint32_t arg, bool on_way) {
    rm_guard_role passed = on_way ? RM_GUARD_PASSED : RM_GUARD_ELSEWHERE;
    for (unsigned depth = 0; depth < 6 && symbol != RM_NONE; depth++) {
        const rm_fact *fact = rm_world_find_fact(world, symbol);
        const rm_symbol *what = &w->symbols.at[symbol];
        if (fact != NULL) {
            add_guard(s, fact->guard, arg, passed);
            add_guard(s, fact->guard2, arg, passed);
            bool own = fact->vain != RM_NONE && w->guards.at[fact->vain].why_not != NULL;
            add_guard(s, fact->vain, arg,
                      own                     ? RM_GUARD_VAIN
                      : fact->range.caller_hi ? RM_GUARD_BY_CALLER
                                              : RM_GUARD_ELSEWHERE);
        }
        if (what->op == RM_SYMBOL_FETCH && what->fetched_before != RM_NONE) {
            const rm_fact *before = rm_world_find_fact(world, what->fetched_before);
            add_guard(s, before != NULL ? before->guard : RM_NONE, arg, RM_GUARD_REFETCHED);
        }
        bool follows = what->op == RM_SYMBOL_CAST || what->op == RM_SYMBOL_ARITH ||
                       what->op == RM_SYMBOL_LOOKUP;
        symbol = follows && what->a.kind == RM_VALUE_SYMBOL ? what->a.id : RM_NONE;
    }
}

/* A worse way to the sink was found, on which they do not stand. */
static void leave_guards(rm_found_sink *s, uint32_t arg) {
    for (uint32_t i = 0; i < s->guard_count; i++) {
        if (s->guards[i].arg == arg && s->guards[i].role == RM_GUARD_PASSED) {
            s->guards[i].role = RM_GUARD_ELSEWHERE;
            s->guards[i].ways = 0;
            s->guards[i].last = 0;
        }
    }
}

/* Who filled that memory is known when all entries were walked. */
static void add_kept(rm_found_sink *s, uint32_t kept) {
    uint32_t most = sizeof s->kept / sizeof s->kept[0];
    for (uint32_t i = 0; i < s->kept_count; i++) {
        if (s->kept[i] == kept) {
            return;
        }
    }
    if (kept != 0 && s->kept_count < most) {
        s->kept[s->kept_count++] = kept;
    } else if (kept != 0) {
        s->kept[most - 1] = RM_KEPT_SEVERAL;
    }
}

static void add_verdict(rm_walk *w, rm_found_sink *s, uint32_t arg, const rm_judgement *j,
                        const rm_world *world) {
    rm_argument_verdict *v = &s->args[arg];
    bool worse = j->carries && (!v->carries || j->validation < v->validation);
    bool same = v->carries && v->same_symbol && v->symbol == j->symbol;
    rm_range range = same ? rm_range_join(&v->range, &j->range) : j->range;
    bool first = !v->carries;
    add_kept(s, j->range.kept);
    if (s->raw == 0 && j->raw != 0) {
        s->raw = j->raw;
        s->raw_arg = arg;
    }
    if (worse) {
        *v = (rm_argument_verdict){.carries = true,
                                   .validation = j->validation,
                                   .symbol = j->symbol,
                                   .reason = j->reason,
                                   .buffer = j->buffer};
        leave_guards(s, arg);
        s->trail = rm_walk_trail(w);
    }
    if (j->carries) {
        v->range = range;
        v->same_symbol = j->by_range && (first || same);
    }
    if (!j->carries && j->symbol != RM_NONE && v->symbol == RM_NONE) {
        v->symbol = j->symbol; /* kept memory: see kept.c */
    }
    if (j->carries) {
        bool judged = worse || j->validation == v->validation;
        v->ways += judged ? 1 : 0;
        add_guards(w, s, world, j->symbol, arg, judged);
    }
}

/* --- calls --- */

static bool is_copy_part(const rm_arg_rule *rule) {
    return rule->kind == RM_ARG_DESTINATION || rule->kind == RM_ARG_SOURCE ||
           rule->kind == RM_ARG_LENGTH;
}

/* OutputBuffer->Name, where no header that was read says what Name is. */
static void note_ambiguous(rm_walk *w, const rm_call_site *site, uint32_t index) {
    rm_symbol *s = rm_symbol_of(w, site->args[index]);
    if (s != NULL && (s->op == RM_SYMBOL_PART || s->op == RM_SYMBOL_FETCH) &&
        site->e->args != NULL && index < site->e->arg_count &&
        rm_expr_is_ambiguous(site->e->args[index])) {
        s->ambiguous = true;
    }
}

static rm_copy copy_of(rm_walk *w, const rm_api *api, const rm_call_site *site) {
    rm_copy copy = {
        .to = rm_value_const(0), .from = rm_value_const(0), .length = rm_value_const(0)};
    for (uint32_t i = 0; i < RM_API_ARGS && api->args[i].name != NULL; i++) {
        const rm_arg_rule *rule = &api->args[i];
        if (rule->index >= site->count) {
            continue;
        }
        rm_value value = site->args[rule->index];
        note_ambiguous(w, site, rule->index);
        if (rule->kind == RM_ARG_DESTINATION) {
            copy.to = value;
            copy.has_to = true;
        } else if (rule->kind == RM_ARG_SOURCE) {
            copy.from = value;
            copy.has_from = true;
        } else if (rule->kind == RM_ARG_LENGTH) {
            copy.length = value;
        }
    }
    return copy;
}

typedef enum rm_mode_arg { MODE_ABSENT, MODE_CHECKS, MODE_SKIPS, MODE_UNCLEAR } rm_mode_arg;

/* What an access mode argument says: the caller's own rights are checked, or not. */
static rm_mode_arg mode_of(rm_walk *w, const rm_api *api, const rm_call_site *site) {
    for (uint32_t i = 0; i < RM_API_ARGS && api->args[i].name != NULL; i++) {
        if (api->args[i].kind != RM_ARG_ACCESS_MODE) {
            continue;
        }
        if (api->args[i].index >= site->count) {
            return MODE_UNCLEAR;
        }
        rm_value value = site->args[api->args[i].index];
        const rm_symbol *s = rm_symbol_of(w, value);
        while (s != NULL && s->op == RM_SYMBOL_CAST) {
            s = rm_symbol_of(w, s->a);
        }
        if (s != NULL && s->op == RM_SYMBOL_SOURCE && s->source == RM_SOURCE_REQUESTOR_MODE) {
            return MODE_CHECKS;
        }
        return value.kind != RM_VALUE_CONST ? MODE_UNCLEAR
               : value.n == 1               ? MODE_CHECKS
                                            : MODE_SKIPS;
    }
    return MODE_ABSENT;
}

static bool has_type(const rm_api *api, const rm_call_site *site) {
    for (uint32_t i = 0; i < RM_API_ARGS && api->args[i].name != NULL; i++) {
        if (rm_str_eq(rm_str_from(api->args[i].name), RM_STR("ObjectType"))) {
            rm_value type = api->args[i].index < site->count ? site->args[api->args[i].index]
                                                             : rm_value_const(0);
            return !(type.kind == RM_VALUE_CONST && type.n == 0);
        }
    }
    return true;
}

/* A handle or address that Windows itself checks against the caller's rights. */
static void settle_by_mode(const rm_api *api, const rm_call_site *site, rm_mode_arg mode,
                           rm_judgement *j) {
    if (!j->carries || j->validation == RM_VALIDATION_VALIDATED) {
        return;
    }
    if (mode == MODE_CHECKS) {
        j->by_range = false;
        bool typed = has_type(api, site);
        j->validation = typed ? RM_VALIDATION_VALIDATED : RM_VALIDATION_PARTIAL;
        j->reason = typed ? RM_STR("checked against the caller's own rights (access mode)")
                          : RM_STR("the caller's rights are checked, the object's type is not");
    } else if (mode == MODE_SKIPS && j->validation == RM_VALIDATION_UNVALIDATED) {
        j->reason = RM_STR("AccessMode is KernelMode: the caller's rights are not checked");
    }
}

/* With the caller's rights, what he names and the access that he asks for are checked, too. */
static bool is_settled_by_mode(const rm_arg_rule *rule, rm_mode_arg mode) {
    bool object =
        rule->kind == RM_ARG_HANDLE || rule->kind == RM_ARG_POINTER || rule->kind == RM_ARG_ADDRESS;
    bool named =
        rule->kind == RM_ARG_NAME || rm_str_eq(rm_str_from(rule->name), RM_STR("DesiredAccess"));
    return (object && mode != MODE_ABSENT) || (named && mode == MODE_CHECKS);
}

/* A process or thread with a number that stands in the source. */
static bool is_fixed_target(const rm_api *api, const rm_call_site *site) {
    rm_str class = rm_str_from(api->classes[0]);
    return (rm_str_eq(class, RM_STR("process_open")) || rm_str_eq(class, RM_STR("thread_open"))) &&
           site->count > 0 && site->args[0].kind == RM_VALUE_CONST && site->args[0].n > 0;
}

/* The driver closes or resolves a handle that a routine gave it, whoever named the object. */
static bool is_own_handle(rm_walk *w, const rm_api *api, const rm_call_site *site) {
    rm_value handle = site->count > 0 ? site->args[0] : rm_value_const(0);
    bool resolves = rm_str_starts(rm_str_from(api->name), RM_STR("ObReferenceObjectByHandle"));
    return (resolves || rm_str_eq(rm_str_from(api->classes[0]), RM_STR("handle_close"))) &&
           handle.kind == RM_VALUE_SYMBOL && rm_symbol_is_found(w, handle.id);
}

static bool is_sink_here(const rm_api *api, const rm_call_site *site, rm_mode_arg mode) {
    if (rm_str_eq(rm_str_from(api->name), RM_STR("STORE")) && site->count < 5) {
        return false; /* a macro of somebody else's */
    }
    /* a mapping for the kernel's own use gives nobody anything */
    return !(rm_str_starts(rm_str_from(api->name), RM_STR("MmMapLockedPages")) &&
             mode == MODE_SKIPS && rm_str_eq(rm_str_from(api->classes[0]), RM_STR("mdl_user_map")));
}

/* Is one of the arguments *IoDriverObjectType, *ExEventObjectType? */
static bool asks_for_type(rm_walk *w, const rm_call_site *site, rm_str type) {
    for (uint32_t i = 0; i < site->count; i++) {
        const rm_symbol *s = rm_symbol_of(w, site->args[i]);
        if (s != NULL && s->name != RM_NONE && rm_str_eq(rm_names_text(w->names, s->name), type)) {
            return true;
        }
    }
    return false;
}

/*
 * Numbers with a meaning of their own: ports of configuration space and of the SMI command,
 * registers that load microcode or trace the processor.
 */
static void note_number(rm_found_sink *s, const rm_call_site *site) {
    rm_str first = s->api->args[0].name != NULL ? rm_str_from(s->api->args[0].name) : RM_STR_NONE;
    bool fixed = site->count > 0 && site->args[0].kind == RM_VALUE_CONST;
    if (fixed && rm_str_eq(first, RM_STR("Port"))) {
        s->has_port = true;
        s->port = site->args[0].n;
    } else if (fixed && rm_str_eq(first, RM_STR("Register"))) {
        s->has_register = true;
        s->number = site->args[0].n;
    }
}

static void met(rm_walk *w, rm_world *world, const char *what, rm_str name, rm_span span,
                const rm_judgement *j, uint32_t about);

/* IoAllocateMdl only describes the caller's pages: locking them with his rights checks them. */
static void settle_allocation(rm_walk *w, const rm_call_site *site, rm_mode_arg mode) {
    rm_value mdl = site->count > 0 ? site->args[0] : rm_value_const(0);
    const rm_symbol *s = rm_symbol_of(w, mdl);
    if (mode != MODE_CHECKS || s == NULL || s->op != RM_SYMBOL_LOOKUP ||
        !rm_str_eq(site->name, RM_STR("MmProbeAndLockPages"))) {
        return;
    }
    for (uint32_t i = 0; i < w->sinks.count; i++) {
        rm_found_sink *f = &w->sinks.at[i];
        if (f->span.file != s->span.file || f->span.start != s->span.start ||
            !rm_str_eq(f->name, RM_STR("IoAllocateMdl"))) {
            continue;
        }
        for (uint32_t k = 0; k < RM_SINK_ARGS; k++) {
            f->args[k].validation = RM_VALIDATION_VALIDATED;
            f->args[k].same_symbol = false;
            f->args[k].reason = RM_STR("its pages are locked with the caller's own rights");
        }
    }
}

/* FILE_OPEN, which makes nothing new. */
static bool only_opens(const rm_walk *w, rm_value disposition) {
    return (disposition.kind == RM_VALUE_CONST && disposition.n == 1) ||
           (disposition.kind == RM_VALUE_NAMED &&
            rm_str_eq(rm_names_text(w->names, disposition.id), RM_STR("FILE_OPEN")));
}

/* OBJ_FORCE_ACCESS_CHECK in the attributes of an object that is opened by name. */
static bool forces_check(rm_walk *w, const rm_world *world, rm_value attributes) {
    enum { FORCE_ACCESS_CHECK = 0x400 };
    rm_type none = {.name = RM_STR_NONE};
    rm_value flags;
    if (attributes.kind != RM_VALUE_POINTER) {
        return false;
    }
    uint32_t cell = rm_cell_field(w, attributes.id, RM_STR("Attributes"), &none);
    return rm_world_get(world, cell, &flags) && flags.kind == RM_VALUE_CONST &&
           (flags.n & FORCE_ACCESS_CHECK) != 0;
}

/* Routines with an argument of their own for IO_FORCE_ACCESS_CHECK. */
static const struct {
    const char *name;
    uint32_t options;
} openers[] = {
    {"IoCreateFile", 13},  {"IoCreateFileEx", 13},  {"IoCreateFileSpecifyDeviceObjectHint", 13},
    {"FltCreateFile", 13}, {"FltCreateFileEx", 14},
};

/* Is what is opened by name checked against the caller's own rights? */
static bool by_callers_rights(rm_walk *w, const rm_world *world, const rm_api *api,
                              const rm_call_site *site) {
    enum { FORCE_ACCESS_CHECK = 1 };
    for (size_t i = 0; i < sizeof openers / sizeof openers[0]; i++) {
        uint32_t at = openers[i].options;
        if (rm_str_eq(site->name, rm_str_from(openers[i].name)) && at < site->count &&
            site->args[at].kind == RM_VALUE_CONST && (site->args[at].n & FORCE_ACCESS_CHECK) != 0) {
            return true;
        }
    }
    for (uint32_t i = 0; i < RM_API_ARGS && api->args[i].name != NULL; i++) {
        const rm_arg_rule *rule = &api->args[i];
        if (rule->kind == RM_ARG_NAME && rule->index < site->count &&
            forces_check(w, world, site->args[rule->index])) {
            return true;
        }
    }
    return false;
}

static void settle_by_rights(rm_judgement *j) {
    if (j->carries && j->validation != RM_VALIDATION_VALIDATED) {
        j->by_range = false;
        j->validation = RM_VALIDATION_VALIDATED;
        j->reason = RM_STR("checked against the caller's own rights (FORCE_ACCESS_CHECK)");
    }
}

/* Is a file made or overwritten without a check of the caller's rights? */
static bool with_kernels_rights(rm_walk *w, const rm_call_site *site, bool checked) {
    enum { ATTRIBUTES = 2, DISPOSITION = 7 };
    bool creates = rm_str_eq(site->name, RM_STR("ZwCreateFile")) ||
                   rm_str_eq(site->name, RM_STR("IoCreateFile"));
    return creates && !checked && site->count > DISPOSITION &&
           !only_opens(w, site->args[DISPOSITION]) &&
           site->args[ATTRIBUTES].kind == RM_VALUE_POINTER;
}

/* Through a view of physical memory that the caller chose. */
static void access_physical(rm_walk *w, rm_world *world, rm_value pointer, bool write,
                            rm_span span) {
    const rm_judgement *j = rm_physical_choice(w, pointer);
    if (j != NULL) {
        met(w, world, write ? "physical memory=v" : "v=physical memory", RM_STR_NONE, span, j,
            RM_NONE);
    }
}

/* Is it what a request may be for, though nothing of the caller's is in it? */
static bool tells_alone(const rm_walk *w, const rm_api *api, const rm_call_site *site) {
    rm_str class = rm_str_from(api->classes[0]);
    bool event = rm_str_eq(class, RM_STR("event_signal"));
    bool local = site->count > 0 && site->args[0].kind == RM_VALUE_POINTER &&
                 w->cells.at[w->cells.at[site->args[0].id].root].kind == RM_CELL_LOCAL;
    return rm_state_asked(w) &&
           (event ? !local
                  : api->role == RM_API_FORWARD && rm_str_eq(class, RM_STR("device_open_by_name")));
}

void rm_sink_call_met(rm_walk *w, rm_world *world, const rm_api *api, const rm_call_site *site) {
    rm_copy copy = copy_of(w, api, site);
    rm_mode_arg mode = mode_of(w, api, site);
    bool rights = by_callers_rights(w, world, api, site);
    settle_allocation(w, site, mode);
    rm_judgement found[RM_API_ARGS];
    bool carries = false;
    uint32_t count = 0;
    if (!is_sink_here(api, site, mode) || is_own_handle(w, api, site)) {
        return;
    }
    if (copy.has_from) {
        access_physical(w, world, copy.from, false, site->e->span);
    }
    if (copy.has_to) {
        access_physical(w, world, copy.to, true, site->e->span);
    }
    if (rm_str_eq(rm_str_from(api->classes[0]), RM_STR("mdl_user_map"))) {
        mode = MODE_ABSENT; /* here UserMode says who gets the pages, not whose rights count */
    }
    for (; count < RM_API_ARGS && api->args[count].name != NULL; count++) {
        const rm_arg_rule *rule = &api->args[count];
        found[count] = (rm_judgement){.validation = RM_VALIDATION_VALIDATED, .symbol = RM_NONE};
        if (rule->index >= site->count) {
            continue;
        }
        found[count] = is_copy_part(rule) ? rm_judge_copy_part(w, world, rule, &copy)
                                          : rm_judge(w, world, site->args[rule->index], rule);
        if (rule->kind == RM_ARG_ACCESS_MODE && !found[count].carries) {
            found[count].symbol = RM_NONE;
        } else if (is_settled_by_mode(rule, mode)) {
            settle_by_mode(api, site, mode, &found[count]);
        }
        if (rights && (rule->kind == RM_ARG_NAME ||
                       rm_str_eq(rm_str_from(rule->name), RM_STR("DesiredAccess")))) {
            settle_by_rights(&found[count]);
        }
        carries = carries || found[count].carries;
        if (found[count].refetched) {
            met(w, world, "fetched twice", rm_symbol_name(w, found[count].symbol), site->e->span,
                &found[count], RM_NONE);
        }
    }
    if (carries && rm_str_starts(site->name, RM_STR("ObReferenceObjectByHandle")) &&
        asks_for_type(w, site, RM_STR("ExEventObjectType"))) {
        met(w, world, "event registration", RM_STR_NONE, site->e->span, &found[0], RM_NONE);
    }
    bool slight = !carries && api->role != RM_API_SINK && !is_fixed_target(api, site);
    if (slight && !tells_alone(w, api, site)) {
        return;
    }
    rm_found_sink *s = find_sink(w, api, site->name, site->e->span, RM_NONE);
    if (s == NULL) {
        return;
    }
    s->slight = slight && (s->ways == 0 || s->slight);
    for (uint32_t i = 0; i < count; i++) {
        add_verdict(w, s, i, &found[i], world);
    }
    s->to_caller = s->to_caller || rm_value_taint(w, copy.to) == RM_TAINT_USER ||
                   (copy.to.kind == RM_VALUE_POINTER && rm_cell_shared(w, copy.to.id));
    if (s->to_caller && rm_purpose_captures(w->flow->purpose, s->function)) {
        rm_judgement packets = {.carries = true,
                                .validation = RM_VALIDATION_UNKNOWN,
                                .reason = RM_STR("what the packets are is not known"),
                                .symbol = RM_NONE};
        met(w, world, "packets to the caller", RM_STR_NONE, site->e->span, &packets, RM_NONE);
        s = find_sink(w, api, site->name, site->e->span, RM_NONE); /* the list may have moved */
        if (s == NULL) {
            return;
        }
    }
    s->kernels_rights = s->kernels_rights || with_kernels_rights(w, site, rights);
    note_number(s, site);
    s->of_driver = s->of_driver || asks_for_type(w, site, RM_STR("IoDriverObjectType"));
    s->attached = s->attached || rm_process_attached(w, world);
    s->physical = s->physical || rm_names_physical(w, world, api, site);
    s->ways++;
    uint32_t input = rm_symbol_source(w, RM_SOURCE_INPUT_LENGTH);
    rm_range length = rm_range_of(w, world, rm_value_symbol(input));
    s->input = s->ways == 1 ? length : rm_range_join(&s->input, &length);
    add_guards(w, s, world, input, RM_NO_ARG, true);
    add_guards(w, s, world, rm_symbol_source(w, RM_SOURCE_OUTPUT_LENGTH), RM_NO_ARG, true);
    note_frame(w, s);
    rm_questions_at_sink(w, world);
}

/* --- expressions --- */

static void met(rm_walk *w, rm_world *world, const char *what, rm_str name, rm_span span,
                const rm_judgement *j, uint32_t about) {
    const rm_api *api = rm_api_expression(rm_str_from(what));
    rm_found_sink *s = find_sink(w, api, name, span, about);
    if (s == NULL) {
        return;
    }
    add_verdict(w, s, 0, j, world);
    note_frame(w, s);
    rm_questions_at_sink(w, world);
}

/* Elements there are in what an index goes into; 0: not known. */
static int64_t elements(rm_walk *w, uint32_t array, const rm_cell *element, rm_value *named) {
    const rm_cell *c = &w->cells.at[array];
    *named = rm_value_const(0);
    if (c->type.dims > 0) {
        if (c->type.count[0] == 0 && c->type.count_text[0].len > 0) {
            *named = (rm_value){.kind = RM_VALUE_NAMED,
                                .id = rm_names_id(w->names, c->type.count_text[0])};
        }
        return c->type.count[0];
    }
    int64_t size = rm_type_size(&element->type);
    if (c->kind == RM_CELL_HEAP && c->has_size && c->size.kind == RM_VALUE_CONST && size > 0) {
        return c->size.n / size;
    }
    return 0;
}

static bool index_known_inside(rm_walk *w, rm_world *world, uint32_t cell) {
    const rm_cell c = w->cells.at[cell];
    rm_value named;
    int64_t count = elements(w, c.parent, &c, &named);
    rm_range r = rm_range_of(w, world, c.index);
    bool not_negative = r.has_lo && r.lo >= 0;
    if (count > 0) {
        return not_negative && r.has_hi && r.hi < count;
    }
    for (uint32_t i = 0; i < world->relation_count && named.kind == RM_VALUE_NAMED; i++) {
        const rm_relation *rel = &world->relations[i];
        if (rel->symbol == c.index.id && rel->strict && rm_value_eq(rel->limit, named)) {
            return not_negative;
        }
    }
    return false;
}

static bool is_length(const rm_symbol *s) {
    return s->op == RM_SYMBOL_SOURCE &&
           (s->source == RM_SOURCE_INPUT_LENGTH || s->source == RM_SOURCE_OUTPUT_LENGTH ||
            s->source == RM_SOURCE_LENGTH);
}

/* Made of a length by taking away and dividing: (Length / 2) - 1. */
static bool from_length(const rm_walk *w, rm_value value, unsigned depth) {
    if (value.kind != RM_VALUE_SYMBOL || depth > 8) {
        return false;
    }
    const rm_symbol *s = &w->symbols.at[value.id];
    bool smaller = s->arith == RM_OP('-', 0) || s->arith == RM_OP('/', 0) ||
                   s->arith == RM_OP('>', '>') || s->arith == RM_OP('&', 0);
    return is_length(s) || ((s->op == RM_SYMBOL_CAST || (s->op == RM_SYMBOL_ARITH && smaller)) &&
                            from_length(w, s->a, depth + 1));
}

/* Compared with a length, or with something that was: index < Count, Count == Bytes / size. */
static bool limited_by_length(const rm_walk *w, const rm_world *world, rm_value value,
                              unsigned depth) {
    if (value.kind != RM_VALUE_SYMBOL || depth > 6) {
        return false;
    }
    const rm_symbol *s = &w->symbols.at[value.id];
    bool smaller =
        s->op == RM_SYMBOL_ARITH &&
        (s->arith == RM_OP('-', 0) || s->arith == RM_OP('/', 0) || s->arith == RM_OP('>', '>'));
    if (is_length(s) ||
        ((s->op == RM_SYMBOL_CAST || smaller) && limited_by_length(w, world, s->a, depth + 1))) {
        return true;
    }
    for (uint32_t i = 0; i < world->relation_count; i++) {
        if (world->relations[i].symbol == value.id &&
            limited_by_length(w, world, world->relations[i].limit, depth + 1)) {
            return true;
        }
    }
    return false;
}

/* An index into the caller's own buffer that comes from its length, or was compared with it. */
bool rm_index_of_own_length(const rm_walk *w, const rm_world *world, uint32_t cell) {
    const rm_cell *c = &w->cells.at[cell];
    const rm_symbol *s = &w->symbols.at[c->index.id];
    return w->cells.at[c->root].kind == RM_CELL_BUFFER &&
           (from_length(w, c->index, 0) || (s->loop && limited_by_length(w, world, c->index, 0)));
}

/* An index made of the length of a file object's name, which goes into its text. */
static bool of_names_length(const rm_walk *w, rm_value index) {
    const rm_symbol *s = index.kind == RM_VALUE_SYMBOL ? &w->symbols.at[index.id] : NULL;
    return s != NULL && s->is_source && s->source == RM_SOURCE_FILE_NAME;
}

static rm_judgement judge_index(rm_walk *w, rm_world *world, uint32_t cell) {
    const rm_cell c = w->cells.at[cell];
    rm_value named;
    int64_t count = elements(w, c.parent, &c, &named);
    rm_arg_rule rule = {.kind = RM_ARG_SELECT, .name = "index"};
    rm_judgement j = rm_judge(w, world, c.index, &rule);
    rm_range r = rm_range_of(w, world, c.index);
    if (!j.carries) {
        return j;
    }
    if (index_known_inside(w, world, cell)) {
        j.validation = RM_VALIDATION_VALIDATED;
        j.reason = RM_STR("below the number of elements");
    } else if (rm_index_of_own_length(w, world, cell)) {
        j.validation = RM_VALIDATION_UNKNOWN;
        j.reason = RM_STR("it is computed from the buffer's own length");
    } else if (of_names_length(w, c.index)) {
        j.validation = RM_VALIDATION_UNKNOWN;
        j.reason = RM_STR("it is computed from the length of the file's name");
    } else if (j.validation == RM_VALIDATION_VALIDATED && r.hi_own) {
        j.validation = RM_VALIDATION_UNKNOWN;
        j.reason = RM_STR("its bound is a number of the driver's that is not known here");
    } else if (j.validation == RM_VALIDATION_VALIDATED && count > 0) {
        j.validation = RM_VALIDATION_UNVALIDATED;
        j.reason = RM_STR("its bound is beyond the last element");
    } else if (j.validation == RM_VALIDATION_VALIDATED && !r.hi_open && !r.equal) {
        j.validation = RM_VALIDATION_UNKNOWN;
        j.reason = RM_STR("its bound is not below a number of elements that is known");
    }
    return j;
}

static void access_by_index(rm_walk *w, rm_world *world, uint32_t cell, bool write, rm_span span) {
    const rm_symbol *index = &w->symbols.at[w->cells.at[cell].index.id];
    if (index->taint < RM_TAINT_UNKNOWN && !index->loop) {
        return;
    }
    rm_judgement j = judge_index(w, world, cell);
    if (!j.carries || (j.validation == RM_VALIDATION_VALIDATED && index->loop)) {
        return;
    }
    bool into_user = rm_cell_is_user(w, cell);
    const char *what = write && index->loop && !into_user ? "copying loop"
                       : write                            ? "buf[i]=v"
                                                          : "v=buf[i]";
    met(w, world, what, RM_STR_NONE, span, &j, RM_NONE);
}

static bool length_is_positive(rm_walk *w, rm_world *world, rm_value length) {
    rm_range r = rm_range_of(w, world, length);
    return length.kind == RM_VALUE_NAMED || (r.has_lo && r.lo > 0);
}

/* Does a place end behind the bytes that were probed, as far as both are numbers? */
static bool beyond_probe(rm_walk *w, uint32_t cell, rm_value length) {
    int64_t offset = rm_cell_offset(w, cell);
    int64_t size = rm_type_size(&w->cells.at[cell].type);
    return length.kind == RM_VALUE_CONST && offset >= 0 && offset + size > length.n;
}

static void access_by_pointer(rm_walk *w, rm_world *world, uint32_t cell, bool write,
                              rm_span span) {
    uint32_t root = w->cells.at[cell].root;
    uint32_t pointer = w->cells.at[root].a;
    const rm_fact *fact = rm_world_find_fact(world, pointer);
    rm_arg_rule rule = {.kind = RM_ARG_POINTER, .name = "pointer"};
    rm_judgement j = rm_judge(w, world, rm_value_symbol(pointer), &rule);
    bool probed = fact != NULL && (write ? fact->probed_write : fact->probed_read);
    rm_value length = !probed ? rm_value_const(0) : write ? fact->write_length : fact->probe_length;
    if ((probed && length_is_positive(w, world, length) && !beyond_probe(w, cell, length)) ||
        rm_from_kernel_mode(w, world)) {
        return; /* within the caller's own memory, or a driver's pointer */
    }
    rm_str doubt = rm_pointer_doubt(w, pointer);
    if (doubt.len > 0 && j.validation == RM_VALIDATION_UNVALIDATED) {
        j.validation = RM_VALIDATION_UNKNOWN;
        j.reason = doubt;
    } else if (probed && j.validation != RM_VALIDATION_VALIDATED) {
        j.validation = RM_VALIDATION_UNKNOWN;
        j.reason = length.kind == RM_VALUE_CONST && length.n > 0
                       ? RM_STR("it is probed for fewer bytes than are used")
                       : RM_STR("it is probed for a length that may be 0");
    } else if (fact != NULL && fact->probed_read && j.validation == RM_VALIDATION_UNVALIDATED) {
        j.validation = RM_VALIDATION_PARTIAL;
        j.reason = RM_STR("it is probed for reading, not for writing");
    } else if (j.validation == RM_VALIDATION_UNVALIDATED) {
        j.reason = RM_STR("a pointer of the caller's is used without a probe");
    }
    met(w, world, write ? "*p=v" : "v=*p", rm_symbol_name(w, pointer), span, &j, pointer);
}

void rm_sink_null(rm_walk *w, rm_world *world, rm_span span) {
    rm_judgement j = {.carries = true,
                      .validation = RM_VALIDATION_UNVALIDATED,
                      .reason = RM_STR("the allocation may have failed, and nothing asks"),
                      .symbol = RM_NONE};
    met(w, world, "null pointer", RM_STR_NONE, span, &j, RM_NONE);
}

void rm_sink_access(rm_walk *w, rm_world *world, uint32_t cell, bool write, rm_span span) {
    uint32_t at = cell;
    uint32_t root = w->cells.at[cell].root;
    rm_null_used(w, world, cell, span);
    while (at != RM_NONE) {
        const rm_cell *c = &w->cells.at[at];
        uint32_t parent = c->parent;
        if (c->kind == RM_CELL_INDEX && c->index.kind == RM_VALUE_SYMBOL) {
            access_by_index(w, world, at, write, span);
        }
        at = parent;
    }
    if (w->cells.at[root].kind == RM_CELL_POINTEE && rm_cell_shared(w, root)) {
        access_by_pointer(w, world, cell, write, span);
    }
    access_physical(w, world, rm_value_pointer(root), write, span);
}

/* A call through memory that nothing was stored in, or that another request may have filled. */
static void call_through_memory(rm_walk *w, rm_world *world, uint32_t callee,
                                const rm_call_site *site) {
    const rm_symbol *s = &w->symbols.at[callee];
    /* a member that these sources declare, read as it was when the memory was made */
    bool certain = s->unset && s->name != RM_NONE &&
                   rm_decls_is_member(w->flow->decls, rm_names_text(w->names, s->name));
    rm_judgement j = {.carries = s->unset,
                      .validation = certain    ? RM_VALIDATION_UNVALIDATED
                                    : s->unset ? RM_VALIDATION_UNKNOWN
                                               : RM_VALIDATION_VALIDATED,
                      .reason = s->nowhere ? RM_STR("the pointer is NULL on this way")
                                           : RM_STR("nothing was stored there on this way"),
                      .symbol = callee};
    if (!s->unset && s->taint != RM_TAINT_KEPT) {
        return;
    }
    if (s->unset) {
        met(w, world, s->nowhere ? "null pointer" : "not set", site->name, site->e->span, &j,
            RM_NONE);
    }
    met(w, world, "indirect call", site->name, site->e->span, &j, RM_NONE);
    for (uint32_t i = 0; i < w->sinks.count && !s->unset; i++) {
        rm_found_sink *found = &w->sinks.at[i];
        found->late = found->late || (found->span.start == site->e->span.start &&
                                      found->span.file == site->e->span.file &&
                                      found->api == rm_api_expression(RM_STR("indirect call")));
    }
}

void rm_sink_indirect(rm_walk *w, rm_world *world, rm_value callee, const rm_call_site *site) {
    rm_arg_rule rule = {.kind = RM_ARG_CODE, .name = "callee"};
    rm_judgement j = rm_judge(w, world, callee, &rule);
    if (j.carries) {
        met(w, world, "indirect call", site->name, site->e->span, &j, RM_NONE);
    } else if (callee.kind == RM_VALUE_SYMBOL) {
        call_through_memory(w, world, callee.id, site);
    }
}

/* Type3InputBuffer or UserBuffer, through casts and with bits put on it. */
static bool is_users_address(const rm_walk *w, rm_value value) {
    for (unsigned depth = 0; depth < 4 && value.kind == RM_VALUE_SYMBOL; depth++) {
        const rm_symbol *s = &w->symbols.at[value.id];
        if (s->op == RM_SYMBOL_SOURCE) {
            return s->source == RM_SOURCE_TYPE3_BUFFER || s->source == RM_SOURCE_USER_BUFFER;
        }
        if (s->op != RM_SYMBOL_CAST && s->op != RM_SYMBOL_ARITH) {
            return false;
        }
        value = s->a;
    }
    return false;
}

void rm_sink_kept(rm_walk *w, rm_world *world, uint32_t name, rm_value value, rm_span span) {
    rm_arg_rule rule = {.kind = RM_ARG_DATA, .name = "value"};
    rm_judgement j = rm_judge(w, world, value, &rule);
    if (is_users_address(w, value) && rm_from_kernel_mode(w, world)) {
        j.validation = RM_VALIDATION_UNKNOWN;
        j.reason = RM_STR("a pointer of kernel mode's: only drivers come this way");
    }
    if (j.carries && w->frame != NULL) {
        met(w, world, "state change", rm_names_text(w->names, name), span, &j, name);
    }
}

/* What a routine that takes or leaves a lock writes there is the lock's: who holds it, and where.
 */
static bool is_lock_routine(rm_str function) {
    static const char *const words[] = {"AcquireSpinLock", "ReleaseSpinLock", "AcquireLock",
                                        "ReleaseLock"};
    size_t at = 0;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (rm_str_find(function, rm_str_from(words[i]), &at)) {
            return true;
        }
    }
    return false;
}

/* Does this way go on because a value of the caller's equals something of the driver's? */
static bool found_by_caller(const rm_walk *w, const rm_world *world) {
    for (uint32_t i = 0; i < world->facts.count; i++) {
        const rm_fact *f = &world->facts.at[i];
        const rm_symbol *s = &w->symbols.at[f->symbol];
        bool number = f->range.has_lo && f->range.has_hi && f->range.lo == f->range.hi;
        bool equal = (f->range.equal && !number) ||
                     (f->vain != RM_NONE && w->guards.at[f->vain].kind == RM_CHECK_EQUALITY);
        if (s->taint == RM_TAINT_USER && equal && !is_length(s) &&
            !(s->op == RM_SYMBOL_SOURCE && s->source == RM_SOURCE_CODE)) {
            return true;
        }
    }
    return false;
}

bool rm_about_state(uint32_t about) {
    return about <= RM_ABOUT_STATE && about > RM_ABOUT_STATE - RM_STATE_CLASSES;
}

/* One number for each class that a change of state can have. */
static uint32_t about_class(const rm_walk *w, rm_str name) {
    static const char *const classes[RM_STATE_CLASSES - 1] = {"config_state", "protection_change",
                                                              "packet_filter", "packet_capture"};
    rm_str class_name =
        rm_str_from(rm_purpose_class(w->flow->purpose, name, w->frame->body->function->name));
    uint32_t i = 0;
    while (classes[i] != NULL && !rm_str_eq(class_name, rm_str_from(classes[i]))) {
        i++;
    }
    return RM_ABOUT_STATE - i;
}

void rm_sink_state(rm_walk *w, rm_world *world, const rm_state_change *change) {
    if (w->frame != NULL && is_lock_routine(w->frame->body->function->name)) {
        return;
    }
    rm_judgement j = {.validation = RM_VALIDATION_VALIDATED, .symbol = RM_NONE};
    rm_str text = rm_names_text(w->names, change->name);
    uint32_t about = about_class(w, text);
    if (change->searched && found_by_caller(w, world)) {
        j.carries = true;
        j.validation = RM_VALIDATION_PARTIAL;
        j.reason = RM_STR("the caller's value says which of the driver's own is changed");
    } else if (change->unsure != NULL) {
        j.carries = true;
        j.validation = RM_VALIDATION_UNKNOWN;
        j.reason = rm_str_from(change->unsure);
    }
    met(w, world, "state change", text, change->span, &j, about);
    rm_found_sink *s =
        find_sink(w, rm_api_expression(RM_STR("state change")), text, change->span, about);
    if (s != NULL) {
        s->switched_on = s->switched_on || !change->off;
    }
}

/* Routines whose result, or what they give through an argument, is an address of the kernel's. */
static bool is_made_by_address_giver(const rm_walk *w, rm_value value) {
    static const char *const givers[] = {
        "MmMapIoSpace",         "MmAllocateContiguous", "MmAllocateNonCached",
        "PsLookupProcess",      "PsLookupThread",       "ObReferenceObjectBy",
        "PsGetCurrentProcess(", "IoGetCurrentProcess",  "KeGetCurrentThread",
        "PsGetCurrentThread(",  "PsReferencePrimary",   "MmGetSystemRoutineAddress"};
    const rm_symbol *s = value.kind == RM_VALUE_SYMBOL ? &w->symbols.at[value.id] : NULL;
    while (s != NULL && s->op == RM_SYMBOL_CAST && s->a.kind == RM_VALUE_SYMBOL) {
        if (s->bits < 64) {
            return false; /* half of one */
        }
        s = &w->symbols.at[s->a.id];
    }
    bool made = s != NULL && ((s->op == RM_SYMBOL_FRESH && s->taint == RM_TAINT_NONE) ||
                              (s->op == RM_SYMBOL_LOOKUP && s->of_kernel));
    if (!made || s->span.file == RM_NONE || (s->bits != 0 && s->bits < 64)) {
        return false;
    }
    rm_str text = rm_span_text(w->flow->unit, s->span);
    for (size_t i = 0; i < sizeof givers / sizeof givers[0]; i++) {
        if (rm_str_starts(text, rm_str_from(givers[i]))) {
            return true;
        }
    }
    return false;
}

static bool is_kernel_address(const rm_walk *w, rm_value value) {
    if (value.kind == RM_VALUE_FUNCTION || is_made_by_address_giver(w, value)) {
        return true;
    }
    if (value.kind != RM_VALUE_POINTER || rm_cell_is_user(w, value.id)) {
        return false;
    }
    rm_cell_kind kind = w->cells.at[w->cells.at[value.id].root].kind;
    return kind == RM_CELL_HEAP || kind == RM_CELL_GLOBAL || kind == RM_CELL_LOCAL;
}

/* A pointer read from a structure that is not the caller's: DriverObject->DriverStart. */
static bool may_be_kernel_address(const rm_walk *w, uint32_t cell, rm_value value) {
    const rm_cell *to = &w->cells.at[cell];
    const rm_symbol *s = value.kind == RM_VALUE_SYMBOL ? &w->symbols.at[value.id] : NULL;
    bool pointer = to->type.pointers > 0 && to->type.dims == 0 && to->kind == RM_CELL_FIELD &&
                   !rm_str_eq(rm_names_text(w->names, to->a), RM_STR("Handle"));
    return pointer && s != NULL && s->taint <= RM_TAINT_KEPT && !s->unset &&
           s->op == RM_SYMBOL_PART;
}

void rm_sink_address(rm_walk *w, rm_world *world, uint32_t cell, rm_value value, rm_span span) {
    rm_judgement j = {.carries = true,
                      .validation = RM_VALIDATION_UNVALIDATED,
                      .reason = RM_STR("a kernel address is given to the caller"),
                      .symbol = RM_NONE};
    if (!rm_cell_is_user(w, cell) || w->handler->kind == RM_ENTRY_INTERNAL_IOCTL) {
        return; /* internal requests go from driver to driver */
    }
    if (!is_kernel_address(w, value)) {
        if (!may_be_kernel_address(w, cell, value)) {
            return;
        }
        j.validation = RM_VALIDATION_UNKNOWN;
        j.reason = RM_STR("a pointer of the driver's or the kernel's is given to the caller: "
                          "whether it is a kernel address is not known");
    }
    met(w, world, "pointer to the caller", RM_STR_NONE, span, &j, RM_NONE);
}

/* The address of a member of something that is not the caller's: &header->Body. */
static bool is_member_address(const rm_walk *w, rm_value value) {
    if (value.kind != RM_VALUE_POINTER || rm_cell_is_user(w, value.id)) {
        return false;
    }
    const rm_cell *root = &w->cells.at[w->cells.at[value.id].root];
    return root->kind == RM_CELL_POINTEE && root->a < w->symbols.count &&
           w->symbols.at[root->a].taint <= RM_TAINT_KEPT && root->a != value.id;
}

void rm_sink_addresses(rm_walk *w, rm_world *world, uint32_t to, uint32_t from, rm_span span) {
    rm_judgement unsure = {.carries = true,
                           .validation = RM_VALIDATION_UNKNOWN,
                           .reason = RM_STR("a structure with the address of something of the "
                                            "kernel's or the driver's is given to the caller"),
                           .symbol = RM_NONE};
    rm_value found = rm_value_const(0);
    bool member = false;
    if (!rm_cell_is_user(w, to) || rm_cell_is_user(w, from)) {
        return;
    }
    for (uint32_t i = 0; i < world->memory.count && found.kind == RM_VALUE_CONST; i++) {
        const rm_binding *b = &world->memory.at[i];
        bool within = b->cell != from && rm_cell_within(w, b->cell, from);
        if (within && is_kernel_address(w, b->value)) {
            found = b->value;
        }
        member = member || (within && is_member_address(w, b->value));
    }
    if (found.kind != RM_VALUE_CONST) {
        rm_sink_address(w, world, to, found, span);
    } else if (member && w->handler->kind != RM_ENTRY_INTERNAL_IOCTL) {
        met(w, world, "pointer to the caller", RM_STR_NONE, span, &unsure, RM_NONE);
    }
}

void rm_sink_object(rm_walk *w, rm_world *world, const rm_api *api, const rm_value *args,
                    rm_span span) {
    rm_found_sink *s = find_sink(w, api, RM_STR_NONE, span, RM_NONE);
    for (uint32_t i = 0; s != NULL && i < RM_API_ARGS && api->args[i].name != NULL; i++) {
        rm_judgement j = rm_judge(w, world, args[i], &api->args[i]);
        add_verdict(w, s, i, &j, world);
    }
    if (s != NULL) {
        note_frame(w, s);
        rm_questions_at_sink(w, world);
    }
}

void rm_sink_instruction(rm_walk *w, rm_world *world, const rm_api *api, rm_span span) {
    rm_judgement j = {.carries = api->args[0].name != NULL,
                      .validation = RM_VALIDATION_UNKNOWN,
                      .reason = RM_STR("machine code is not followed"),
                      .symbol = RM_NONE};
    rm_found_sink *s = find_sink(w, api, rm_str_from(api->name), span, RM_NONE);
    if (s != NULL) {
        add_verdict(w, s, 0, &j, world);
        note_frame(w, s);
        rm_questions_at_sink(w, world);
    }
}

/* The caller's own bytes or pointers; lengths and the control code tell nobody anything. */
static bool is_payload(const rm_symbol *s) {
    bool plain = s->op == RM_SYMBOL_SOURCE &&
                 (s->source == RM_SOURCE_CODE || s->source == RM_SOURCE_INPUT_LENGTH ||
                  s->source == RM_SOURCE_OUTPUT_LENGTH || s->source == RM_SOURCE_LENGTH);
    return s->taint == RM_TAINT_USER && !plain;
}

void rm_sink_named(rm_walk *w, rm_world *world, const rm_api *api, const rm_call_site *site,
                   bool own) {
    rm_arg_rule rule = api->args[0];
    rm_judgement worst = {.validation = RM_VALIDATION_VALIDATED, .symbol = RM_NONE};
    rm_found_sink *s = find_sink(w, api, site->name, site->e->span, RM_NONE);
    for (uint32_t i = 0; s != NULL && i < site->count; i++) {
        rm_judgement j = rm_judge(w, world, site->args[i], &rule);
        if (j.carries && (!worst.carries || j.validation < worst.validation)) {
            worst = j;
        }
    }
    if (s == NULL) {
        return;
    }
    if (own && worst.carries) {
        worst.validation = RM_VALIDATION_UNKNOWN;
        worst.reason = RM_STR("known by its name; what it checks itself is judged further in");
    }
    add_verdict(w, s, 0, &worst, world);
    s->broken = true;
    s->broken_why = RM_STR("known by its name alone");
    note_number(s, site);
    rm_questions_at_sink(w, world);
}

void rm_sink_unfollowed(rm_walk *w, rm_world *world, const rm_call_site *site, const char *why,
                        bool request) {
    rm_judgement j = {.carries = true,
                      .validation = RM_VALIDATION_UNKNOWN,
                      .reason = rm_str_from(why),
                      .symbol = RM_NONE,
                      .buffer = RM_BUFFER_SYSTEM};
    for (uint32_t i = 0; i < site->count && j.symbol == RM_NONE; i++) {
        rm_value value = site->args[i];
        if (value.kind == RM_VALUE_POINTER) {
            value = rm_memory_peek(w, world, value.id);
        }
        if (value.kind == RM_VALUE_SYMBOL && is_payload(&w->symbols.at[value.id])) {
            j.symbol = value.id;
        }
    }
    if (j.symbol != RM_NONE || request) {
        /* one for each function that is not followed, wherever it is called */
        uint32_t name = rm_names_id(w->names, site->name);
        met(w, world, "call not followed", site->name, site->e->span, &j, name);
    }
}
