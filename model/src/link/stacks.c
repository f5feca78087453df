#include "link.h"

#include "model/stacks.h"

/* ---- stacks that a team declared: the devices from the top down, without what each is ---- */

static bool declares_function(const rm_model *model, const rm_stack_position *p) {
    return p->driver != RM_NONE && model->drivers.at[p->driver].role == RM_ROLE_FUNCTION;
}

/* Around the function driver stand filters, and the bus at the bottom; without one, who knows. */
static void give_roles(rm_model *model, const rm_stack *stack) {
    uint32_t function = RM_NONE;
    for (uint32_t i = 0; i < stack->count; i++) {
        const rm_stack_position *p = &model->stacks.at[stack->positions[i]];
        if (p->state != RM_STATE_DECLARED || p->how != RM_STACK_ATTACH) {
            return;
        }
        function = function == RM_NONE && declares_function(model, p) ? i : function;
    }
    for (uint32_t i = 0; i < stack->count && function != RM_NONE; i++) {
        rm_stack_position *p = &model->stacks.at[stack->positions[i]];
        bool bus = p->driver != RM_NONE && model->drivers.at[p->driver].role == RM_ROLE_BUS;
        p->how = i < function    ? RM_STACK_UPPER_FILTER
                 : i == function ? RM_STACK_FUNCTION
                 : bus           ? RM_STACK_BUS
                                 : RM_STACK_LOWER_FILTER;
    }
}

static rm_status declared_roles(rm_model *model) {
    rm_stack_index index;
    rm_status st = rm_stack_index_build(model->arena, model, &index);
    for (uint32_t s = 0; st == RM_OK && s < index.count; s++) {
        give_roles(model, &index.stacks[s]);
    }
    return st;
}

/* ---- drivers whose sources attach to a device by its name: they come on top ---- */

enum { MAX_ATTACHED = 256 /* rows that attachments may add; drivers attach a few times */ };

static bool is_loose(const rm_stack_position *p) {
    return p->how == RM_STACK_ATTACH && p->position == 0;
}

static rm_status add_row(rm_model *model, const rm_stack_position *row) {
    rm_stack_position *kept = rm_push(model->arena, &model->stacks);
    if (kept == NULL) {
        return RM_NOMEM;
    }
    *kept = *row;
    return RM_OK;
}

/* On top of one stack; with another that attaches there, who is the higher is not known. */
static rm_status put_on_top(rm_model *model, const rm_stack *stack,
                            const rm_stack_position *loose) {
    rm_stack_position row = *loose;
    const rm_stack_position *first = &model->stacks.at[stack->positions[0]];
    row.hwid = first->hwid;
    row.arch = first->arch;
    row.inf = first->inf;
    row.position = 1;
    row.order_state = RM_STATE_DERIVED;
    for (uint32_t i = 0; i < stack->count; i++) {
        rm_stack_position *p = &model->stacks.at[stack->positions[i]];
        p->position++;
        if (p->how == RM_STACK_ATTACH && p->state == RM_STATE_DERIVED) {
            p->order_state = RM_STATE_UNKNOWN;
            row.order_state = RM_STATE_UNKNOWN;
        }
    }
    return add_row(model, &row);
}

/* The target stands below it, where it is among what was read. */
static rm_status make_stack(rm_model *model, const rm_stack_position *loose, uint32_t target) {
    rm_stack_position row = *loose;
    row.position = 1;
    rm_status st = add_row(model, &row);
    if (st == RM_OK && target != RM_NONE) {
        row.position = 2;
        row.how = RM_STACK_FUNCTION;
        row.device = target;
        row.driver = model->devices.at[target].driver;
        row.order_state = RM_STATE_DERIVED;
        st = add_row(model, &row);
    }
    return st;
}

static rm_status attach_within(rm_arena *scratch, rm_model *model, const rm_stack_position *loose,
                               uint32_t *added) {
    rm_stack_index index;
    uint32_t target = rm_model_find_device(model, loose->hwid);
    bool joined = false;
    rm_status st = rm_stack_index_build(scratch, model, &index);
    for (uint32_t s = 0; st == RM_OK && target != RM_NONE && s < index.count; s++) {
        bool holds = false;
        for (uint32_t i = 0; i < index.stacks[s].count; i++) {
            const rm_stack_position *p = &model->stacks.at[index.stacks[s].positions[i]];
            holds = holds || rm_stack_holds(model, p, target);
        }
        if (holds && ++*added < MAX_ATTACHED) {
            st = put_on_top(model, &index.stacks[s], loose);
            joined = true;
        }
    }
    return st == RM_OK && !joined ? make_stack(model, loose, target) : st;
}

static rm_status attach(rm_model *model, const rm_stack_position *loose, uint32_t *added) {
    rm_arena *scratch = rm_arena_new((size_t)1 << 30);
    rm_status st = scratch == NULL ? RM_NOMEM : attach_within(scratch, model, loose, added);
    rm_arena_free(scratch);
    return st;
}

/* Takes the loose rows out of the model's list. */
static rm_status take_loose(rm_model *model, rm_stack_positions *out) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < model->stacks.count; i++) {
        const rm_stack_position row = model->stacks.at[i];
        if (!is_loose(&row)) {
            model->stacks.at[kept++] = row;
            continue;
        }
        rm_stack_position *slot = rm_push(model->arena, out);
        if (slot == NULL) {
            return RM_NOMEM;
        }
        *slot = row;
    }
    model->stacks.count = kept;
    return RM_OK;
}

static rm_status join_attached(rm_model *model) {
    rm_stack_positions loose = {0};
    uint32_t added = 0;
    rm_status st = take_loose(model, &loose);
    for (uint32_t i = 0; st == RM_OK && i < loose.count && added++ < MAX_ATTACHED; i++) {
        st = attach(model, &loose.at[i], &added);
    }
    return st;
}

/* ---- secure open goes through a stack ---- */

struct tally {
    uint32_t stacks, secure;
    bool lower_is_open; /* a filter takes what the device below it has */
};

static bool is_secure(const rm_model *model, const rm_stack *stack) {
    for (uint32_t i = 0; i < stack->count; i++) {
        uint32_t device = model->stacks.at[stack->positions[i]].device;
        if (device != RM_NONE && model->devices.at[device].pnp &&
            model->devices.at[device].secure_open == RM_TRI_YES) {
            return true;
        }
    }
    return false;
}

static void count_stack(const rm_model *model, const rm_stack *stack, struct tally *tallies) {
    bool secure = is_secure(model, stack);
    rm_tri below = RM_TRI_UNKNOWN;
    for (uint32_t i = stack->count; i > 0; i--) {
        uint32_t device = model->stacks.at[stack->positions[i - 1]].device;
        if (device == RM_NONE) {
            below = RM_TRI_UNKNOWN;
            continue;
        }
        tallies[device].stacks++;
        tallies[device].secure += secure;
        tallies[device].lower_is_open |= below == RM_TRI_NO;
        below = model->devices.at[device].secure_open;
    }
}

/*
 * A flag that any function or filter device of a stack has, the PnP manager sets for all of them
 * (Windows: "Specifying device characteristics"). A KMDF filter has what the device below it has.
 */
rm_status rm_link_secure_open(rm_model *model) {
    rm_stack_index index;
    struct tally *tallies =
        RM_NEW_ARRAY(model->arena, struct tally, (size_t)model->devices.count + 1);
    rm_status st = tallies == NULL ? RM_NOMEM : rm_stack_index_build(model->arena, model, &index);
    for (uint32_t s = 0; st == RM_OK && s < index.count; s++) {
        count_stack(model, &index.stacks[s], tallies);
    }
    for (uint32_t i = 0; st == RM_OK && i < model->devices.count; i++) {
        rm_device *d = &model->devices.at[i];
        const struct tally *t = &tallies[i];
        if (!d->pnp || t->stacks == 0 || d->secure_open == RM_TRI_YES) {
            continue;
        }
        if (t->secure == t->stacks) {
            d->secure_open = RM_TRI_YES;
        } else if (d->filter && t->lower_is_open && t->secure == 0) {
            d->secure_open = RM_TRI_NO;
        } else if (t->secure > 0) {
            d->secure_open = RM_TRI_UNKNOWN;
        }
    }
    return st;
}

rm_status rm_link_stacks(rm_model *model) {
    rm_status st = declared_roles(model);
    return st == RM_OK ? join_attached(model) : st;
}
