#include "model/stacks.h"

#include <stdlib.h>

bool rm_stack_holds(const rm_model *model, const rm_stack_position *position, uint32_t device) {
    const rm_device *d = &model->devices.at[device];
    if (position->device != RM_NONE) {
        return position->device == device;
    }
    return position->driver != RM_NONE && position->driver == d->driver && d->pnp && !d->filter &&
           position->how == RM_STACK_FUNCTION;
}

/* ---- rows into stacks ---- */

struct row {
    const rm_stack_position *p;
    uint32_t index;
};

static int by_stack(const struct row *a, const struct row *b) {
    int order = rm_str_icmp(a->p->hwid, b->p->hwid);
    order = order != 0 ? order : rm_str_cmp(a->p->arch, b->p->arch);
    return order != 0 ? order : rm_str_cmp(a->p->inf, b->p->inf);
}

static int by_stack_and_place(const void *a, const void *b) {
    const struct row *x = a;
    const struct row *y = b;
    int order = by_stack(x, y);
    order =
        order != 0 ? order : (x->p->position > y->p->position) - (x->p->position < y->p->position);
    return order != 0 ? order : (x->index > y->index) - (x->index < y->index);
}

static rm_status group(rm_arena *arena, const rm_model *model, rm_stack_index *out) {
    uint32_t count = model->stacks.count;
    struct row *rows = RM_NEW_ARRAY(arena, struct row, (size_t)count + 1);
    uint32_t *positions = RM_NEW_ARRAY(arena, uint32_t, (size_t)count + 1);
    out->stacks = RM_NEW_ARRAY(arena, rm_stack, (size_t)count + 1);
    if (rows == NULL || positions == NULL || out->stacks == NULL) {
        return RM_NOMEM;
    }
    for (uint32_t i = 0; i < count; i++) {
        rows[i] = (struct row){&model->stacks.at[i], i};
    }
    if (count > 1) {
        qsort(rows, count, sizeof *rows, by_stack_and_place);
    }
    for (uint32_t i = 0; i < count; i++) {
        positions[i] = rows[i].index;
        if (i == 0 || by_stack(&rows[i - 1], &rows[i]) != 0) {
            out->stacks[out->count++] = (rm_stack){&positions[i], 0};
        }
        out->stacks[out->count - 1].count++;
    }
    return RM_OK;
}

/* ---- stacks of devices ---- */

static bool alike(const rm_model *model, const rm_stack *a, const rm_stack *b) {
    bool same = a->count == b->count;
    for (uint32_t i = 0; same && i < a->count; i++) {
        const rm_stack_position *x = &model->stacks.at[a->positions[i]];
        const rm_stack_position *y = &model->stacks.at[b->positions[i]];
        same = x->driver == y->driver && x->device == y->device && x->how == y->how &&
               x->order_state == y->order_state && x->state == y->state;
    }
    return same;
}

struct membership {
    uint32_t device;
    uint32_t stack;
};

RM_LIST(memberships, struct membership);

enum { MAX_KINDS = 64 /* of stacks of one device that are told apart; drivers have a few */ };

/* What a device is found in: its positions, or those of its driver. */
typedef struct device_lists {
    uint32_t *first; /* of a driver's PnP devices, linked through `next` */
    uint32_t *next;
} device_lists;

static rm_status list_devices(rm_arena *arena, const rm_model *model, device_lists *out) {
    out->first = RM_NEW_ARRAY(arena, uint32_t, (size_t)model->drivers.count + 1);
    out->next = RM_NEW_ARRAY(arena, uint32_t, (size_t)model->devices.count + 1);
    if (out->first == NULL || out->next == NULL) {
        return RM_NOMEM;
    }
    for (uint32_t i = 0; i < model->drivers.count; i++) {
        out->first[i] = RM_NONE;
    }
    for (uint32_t i = model->devices.count; i > 0; i--) {
        const rm_device *d = &model->devices.at[i - 1];
        if (d->driver != RM_NONE && d->pnp && !d->filter) {
            out->next[i - 1] = out->first[d->driver];
            out->first[d->driver] = i - 1;
        }
    }
    return RM_OK;
}

static rm_status add(rm_arena *arena, memberships *list, uint32_t device, uint32_t stack) {
    struct membership *kept = rm_push(arena, list);
    if (kept == NULL) {
        return RM_NOMEM;
    }
    *kept = (struct membership){device, stack};
    return RM_OK;
}

static rm_status add_stack(rm_arena *arena, const rm_model *model, const rm_stack_index *index,
                           const device_lists *devices, uint32_t stack, memberships *list) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < index->stacks[stack].count; i++) {
        const rm_stack_position *p = &model->stacks.at[index->stacks[stack].positions[i]];
        if (p->device != RM_NONE) {
            st = add(arena, list, p->device, stack);
        } else if (p->driver != RM_NONE && p->how == RM_STACK_FUNCTION) {
            for (uint32_t d = devices->first[p->driver]; st == RM_OK && d != RM_NONE;
                 d = devices->next[d]) {
                st = add(arena, list, d, stack);
            }
        }
    }
    return st;
}

static int by_device_and_stack(const void *a, const void *b) {
    const struct membership *x = a;
    const struct membership *y = b;
    return x->device != y->device ? (x->device > y->device) - (x->device < y->device)
                                  : (x->stack > y->stack) - (x->stack < y->stack);
}

static bool is_new(const rm_model *model, const rm_stack_index *index, uint32_t from, uint32_t to,
                   uint32_t stack) {
    for (uint32_t i = from; i < to; i++) {
        if (alike(model, &index->stacks[index->of_device[i]], &index->stacks[stack])) {
            return false;
        }
    }
    return to - from < MAX_KINDS;
}

static rm_status file_by_device(rm_arena *arena, const rm_model *model, memberships *list,
                                rm_stack_index *out) {
    uint32_t devices = model->devices.count;
    uint32_t kept = 0;
    uint32_t at = 0;
    out->first = RM_NEW_ARRAY(arena, uint32_t, (size_t)devices + 1);
    out->of_device = RM_NEW_ARRAY(arena, uint32_t, (size_t)list->count + 1);
    if (out->first == NULL || out->of_device == NULL) {
        return RM_NOMEM;
    }
    if (list->count > 1) {
        qsort(list->at, list->count, sizeof *list->at, by_device_and_stack);
    }
    for (uint32_t d = 0; d < devices; d++) {
        out->first[d] = kept;
        for (; at < list->count && list->at[at].device == d; at++) {
            if (is_new(model, out, out->first[d], kept, list->at[at].stack)) {
                out->of_device[kept++] = list->at[at].stack;
            }
        }
    }
    out->first[devices] = kept;
    return RM_OK;
}

rm_status rm_stack_index_build(rm_arena *arena, const rm_model *model, rm_stack_index *out) {
    rm_stack_index index = {0};
    device_lists devices = {0};
    memberships list = {0};
    rm_status st = group(arena, model, &index);
    if (st == RM_OK) {
        st = list_devices(arena, model, &devices);
    }
    for (uint32_t s = 0; st == RM_OK && s < index.count; s++) {
        st = add_stack(arena, model, &index, &devices, s, &list);
    }
    if (st == RM_OK) {
        st = file_by_device(arena, model, &list, &index);
    }
    if (st == RM_OK) {
        *out = index;
    }
    return st;
}
