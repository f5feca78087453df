#include "source/devices.h"

/* What a creating call is given: choices under conditions, and wrappers that hand them on. */

/* ---- choices ---- */

rm_choices rm_choice_of(TSNode node) {
    rm_choices out = {.count = ts_node_is_null(node) ? 0 : 1};
    out.at[0].node = node;
    return out;
}

typedef struct taken {
    const rm_choices *choices;
    const rm_choice *next;
} taken;

static bool is_of_one_function(const rm_choice *a, const rm_choice *b) {
    return a->in == b->in || (a->in != NULL && b->in != NULL && a->in->function == b->in->function);
}

static bool is_taken_within(const void *of, uint32_t from, uint32_t end) {
    const taken *t = of;
    for (uint32_t i = 0; i < t->choices->count; i++) {
        const rm_choice *c = &t->choices->at[i];
        if (is_of_one_function(c, t->next) && c->at >= from && c->at < end) {
            return true;
        }
    }
    return false;
}

void rm_choices_take(rm_choices *choices, rm_choice next, const rm_passage *passage) {
    taken t = {choices, &next};
    uint32_t from = 0;
    if (next.condition.len == 0) {
        *choices = (rm_choices){.count = 0};
    } else if (rm_passage_is_last(passage, is_taken_within, &t, &from)) {
        uint32_t kept = 0; /* of the branches one was taken */
        for (uint32_t i = 0; i < choices->count; i++) {
            if (is_of_one_function(&choices->at[i], &next) && choices->at[i].at >= from) {
                choices->at[kept++] = choices->at[i];
            }
        }
        choices->count = kept;
        choices->may_lack = false;
    } else if (choices->count == 0) {
        choices->may_lack = true;
    }
    if (choices->count == RM_MAX_CHOICES) {
        choices->unknown = "more values than are followed";
        return;
    }
    choices->at[choices->count++] = next;
}

rm_status rm_choices_values(const rm_source_unit *unit, const rm_context *in,
                            const rm_choices *choices, rm_values *out) {
    rm_status st = RM_OK;
    *out = (rm_values){.unknown = choices->unknown != NULL, .reason = choices->unknown};
    for (uint32_t i = 0; i < choices->count && st == RM_OK; i++) {
        const rm_choice *choice = &choices->at[i];
        rm_values values = {0};
        st = rm_values_text(unit, choice->in != NULL ? choice->in : in, choice->node, &values);
        for (uint32_t k = 0; k < values.count && st == RM_OK; k++) {
            st = rm_condition_join(unit->arena, choice->condition, values.at[k].condition,
                                   &values.at[k].condition);
        }
        rm_values_add(out, &values);
    }
    return st;
}

bool rm_choices_are_of_caller(const rm_source_unit *unit, const rm_context *in,
                              const rm_choices *choices) {
    for (uint32_t i = 0; i < choices->count; i++) {
        const rm_choice *c = &choices->at[i];
        const rm_context *of = c->in != NULL ? c->in : in;
        if (rm_value_is_of_caller(unit, of, c->node) ||
            (of->outer == NULL && rm_value_is_of_parameter(unit, of, c->node))) {
            return true;
        }
    }
    return false;
}

/* ---- wrappers ---- */

enum { MAX_CALLERS = 16, MAX_WRAPPERS = 3, MAX_NESTED = 32 };

static bool is_null_literal(const rm_source_file *file, TSNode node) {
    rm_str text = rm_node_text(file, node);
    return rm_node_is(node, "null") || rm_str_eq(text, RM_STR("0")) ||
           rm_str_eq(text, RM_STR("NULL")) || rm_str_eq(text, RM_STR("nullptr"));
}

/* p, p != NULL, 0 != p: true; !p, p == NULL: false. The parameter, or RM_NONE: another condition.
 */
static uint32_t asked_for_null(const rm_source_unit *unit, const rm_context *in, TSNode condition,
                               bool *when_given) {
    const rm_source_file *file = rm_context_file(unit, in);
    TSNode node = rm_value_root(condition);
    *when_given = true;
    if (rm_node_is(node, "unary_expression") && file->clean.ptr[ts_node_start_byte(node)] == '!') {
        *when_given = false;
        return rm_value_parameter(unit, in, rm_node_field(node, "argument"));
    }
    if (!rm_node_is(node, "binary_expression")) {
        return rm_value_parameter(unit, in, node);
    }
    TSNode left = rm_value_root(rm_node_field(node, "left"));
    TSNode right = rm_value_root(rm_node_field(node, "right"));
    rm_str op = rm_node_text(file, rm_node_field(node, "operator"));
    if (!rm_str_eq(op, RM_STR("==")) && !rm_str_eq(op, RM_STR("!="))) {
        return RM_NONE;
    }
    *when_given = rm_str_eq(op, RM_STR("!="));
    return is_null_literal(file, right)  ? rm_value_parameter(unit, in, left)
           : is_null_literal(file, left) ? rm_value_parameter(unit, in, right)
                                         : RM_NONE;
}

/* Does the wrapper come to this call, by what its caller gives: if (sddl) … else this()? */
static bool is_come_to(const rm_source_unit *unit, const rm_context *in, TSNode call) {
    TSNode inner = call;
    for (unsigned i = 0; in->outer != NULL && i < MAX_NESTED; i++) {
        TSNode node = ts_node_parent(inner);
        if (ts_node_is_null(node) || rm_node_is(node, "function_definition")) {
            break;
        }
        if (rm_node_is(node, "if_statement")) {
            bool otherwise = ts_node_eq(rm_node_field(node, "alternative"), inner);
            bool then = ts_node_eq(rm_node_field(node, "consequence"), inner);
            bool when_given = false;
            uint32_t of = asked_for_null(unit, in, rm_node_field(node, "condition"), &when_given);
            TSNode given = of == RM_NONE || (!then && !otherwise) ? (TSNode){0}
                                                                  : rm_call_argument(in->call, of);
            const rm_source_file *file = rm_context_file(unit, in->outer);
            bool needs_given = then == when_given;
            if (!ts_node_is_null(given) &&
                (needs_given ? is_null_literal(file, given)
                             : rm_node_is(given, "pointer_expression") &&
                                   file->clean.ptr[ts_node_start_byte(given)] == '&')) {
                return false;
            }
        }
        inner = node;
    }
    return true;
}

/* The wrapper's call `in`, entered from `outermost`, for each way that callers come to that. */
static rm_status make_for(rm_device_reader *reader, const rm_maker *maker, const rm_context *in,
                          const rm_call *call, rm_context *outermost, unsigned depth) {
    rm_call callers[MAX_CALLERS];
    uint32_t count = depth < MAX_WRAPPERS && maker->is_wrapper(reader, in, call)
                         ? rm_callers(reader->unit, outermost->function, callers, MAX_CALLERS)
                         : 0;
    if (count == 0) {
        return is_come_to(reader->unit, in, call->node) ? maker->make(reader, in, call) : RM_OK;
    }
    rm_status st = RM_OK;
    for (uint32_t i = 0; i < count && st == RM_OK; i++) {
        rm_context outer = {.function = callers[i].function};
        outermost->call = callers[i].node;
        outermost->outer = &outer;
        st = make_for(reader, maker, in, call, &outer, depth + 1);
    }
    outermost->outer = NULL;
    return st;
}

rm_status rm_device_for_callers(rm_device_reader *reader, const rm_maker *maker,
                                const rm_call *call) {
    rm_context in = {.function = call->function};
    return make_for(reader, maker, &in, call, &in, 0);
}
