#include "stack.h"

static bool same_stack(const rm_stack_position *a, const rm_stack_position *b) {
    return rm_str_ieq(a->hwid, b->hwid) && rm_str_eq(a->arch, b->arch) && rm_str_eq(a->inf, b->inf);
}

/* Its places, the top first; those of one position in the order of the model. */
static rm_status collect(rm_arena *arena, const rm_model *model, uint32_t one, rm_stack *out) {
    rm_stack stack = {.places = RM_NEW_ARRAY(arena, uint32_t, model->stacks.count)};
    if (stack.places == NULL) {
        return RM_NOMEM;
    }
    for (uint32_t i = 0; i < model->stacks.count; i++) {
        if (!same_stack(&model->stacks.at[i], &model->stacks.at[one])) {
            continue;
        }
        uint32_t at = stack.count++;
        uint32_t position = model->stacks.at[i].position;
        while (at > 0 && model->stacks.at[stack.places[at - 1]].position > position) {
            stack.places[at] = stack.places[at - 1];
            at--;
        }
        stack.places[at] = i;
    }
    *out = stack;
    return RM_OK;
}

static bool is_meant(const rm_stack_position *place, rm_str name, uint32_t driver,
                     uint32_t device) {
    return rm_str_eq(place->id, name) || (name.len > 0 && rm_str_ieq(place->hwid, name)) ||
           (driver != RM_NONE && place->driver == driver) ||
           (device != RM_NONE && place->device == device) ||
           (place->how == RM_STACK_MINIFILTER && rm_str_ieq(name, RM_STR("minifilters")));
}

/* Stacks that a name means, one place of each; more than these are not told apart. */
enum { MAX_MEANT = 64 };

typedef struct meant {
    uint32_t at[MAX_MEANT];
    uint32_t count;
} meant;

static void find_meant(const rm_model *model, rm_str name, uint32_t driver, uint32_t device,
                       meant *out) {
    for (uint32_t i = 0; i < model->stacks.count && out->count < MAX_MEANT; i++) {
        const rm_stack_position *place = &model->stacks.at[i];
        bool is_new = is_meant(place, name, driver, device);
        for (uint32_t k = 0; k < out->count && is_new; k++) {
            is_new = !same_stack(&model->stacks.at[out->at[k]], place);
        }
        if (is_new) {
            out->at[out->count++] = i;
        }
    }
}

rm_status rm_stack_find(rm_arena *arena, const rm_model *model, rm_str name, uint32_t driver,
                        uint32_t device, rm_stack *out) {
    meant found = {.count = 0};
    rm_stack best = {0};
    find_meant(model, name, driver, device, &found);
    for (uint32_t i = 0; i < found.count; i++) {
        rm_stack stack = {0};
        rm_status st = collect(arena, model, found.at[i], &stack);
        if (st != RM_OK) {
            return st;
        }
        best = stack.count > best.count ? stack : best;
    }
    if (found.count == 0) {
        return RM_USAGE;
    }
    best.others = found.count - 1;
    *out = best;
    return RM_OK;
}

bool rm_stack_has(const rm_model *model, const rm_stack *stack, uint32_t driver) {
    for (uint32_t i = 0; i < stack->count; i++) {
        if (model->stacks.at[stack->places[i]].driver == driver) {
            return true;
        }
    }
    return false;
}

void rm_stack_title(const rm_model *model, const rm_stack *stack, rm_buf *out) {
    const rm_stack_position *top = &model->stacks.at[stack->places[0]];
    if (top->how == RM_STACK_MINIFILTER && top->hwid.len == 0) {
        rm_buf_text(out, "minifilters by altitude");
        return;
    }
    rm_buf_str(out, top->hwid.len > 0 ? top->hwid : RM_STR("hardware id not known"));
    if (top->arch.len > 0) {
        rm_buf_text(out, " on ");
        rm_buf_str(out, top->arch);
    }
    if (top->inf.len > 0) {
        rm_buf_text(out, ", built by ");
        rm_buf_str(out, rm_path_base(top->inf));
    }
}
