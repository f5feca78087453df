#include "inf/push.h"

#include <stdlib.h>

enum { MAX_JOINED = 1u << 20 /* positions that extensions may add to the stacks of others */ };

/* ---- what another file says ---- */

struct installed {
    rm_str hwid;
    uint32_t driver;
};

static int by_hwid(const void *a, const void *b) {
    const struct installed *x = a;
    const struct installed *y = b;
    int order = rm_str_icmp(x->hwid, y->hwid);
    return order != 0 ? order : (x->driver > y->driver) - (x->driver < y->driver);
}

/* Which driver serves a hardware id, from all files; several drivers may. */
typedef struct installs_by_hwid {
    struct installed *at;
    uint32_t count;
} installs_by_hwid;

static rm_status sort_installs(rm_inf_push *push, installs_by_hwid *out) {
    const rm_installs *installs = &push->model->installs;
    out->at = RM_NEW_ARRAY(push->scratch, struct installed, (size_t)installs->count + 1);
    if (out->at == NULL) {
        return RM_NOMEM;
    }
    for (uint32_t i = 0; i < installs->count; i++) {
        if (installs->at[i].driver != RM_NONE && installs->at[i].hwid.len > 0) {
            out->at[out->count++] =
                (struct installed){installs->at[i].hwid, installs->at[i].driver};
        }
    }
    if (out->count > 1) {
        qsort(out->at, out->count, sizeof *out->at, by_hwid);
    }
    return RM_OK;
}

static uint32_t driver_of_hwid(const installs_by_hwid *installs, rm_str hwid) {
    uint32_t low = 0;
    uint32_t high = installs->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (rm_str_icmp(installs->at[middle].hwid, hwid) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < installs->count && rm_str_ieq(installs->at[low].hwid, hwid)
               ? installs->at[low].driver
               : RM_NONE;
}

static bool awaits_service(const rm_inf_pending *pending) {
    return pending->what == RM_INF_AWAITS_INSTALL || pending->what == RM_INF_AWAITS_STACK;
}

static rm_status resolve_service(rm_inf_push *push, const rm_inf_pending *pending) {
    uint32_t driver = RM_NONE;
    push->inf = pending->place.file;
    rm_status st = rm_inf_driver_by_service(push, pending->key, pending->place, &driver);
    if (st == RM_OK && pending->what == RM_INF_AWAITS_INSTALL) {
        push->model->installs.at[pending->index].driver = driver;
    } else if (st == RM_OK) {
        push->model->stacks.at[pending->index].driver = driver;
    }
    return st;
}

static void resolve_hwid(rm_inf_push *push, const installs_by_hwid *installs,
                         const rm_inf_pending *pending) {
    uint32_t driver = driver_of_hwid(installs, pending->key);
    if (driver == RM_NONE) {
        return; /* a device that Windows or a package not read here drives */
    }
    if (pending->what == RM_INF_AWAITS_DEVICE) {
        push->model->devices.at[pending->index].driver = driver;
        push->model->devices.at[pending->index].alias = RM_STR_NONE;
    } else {
        push->model->settings.at[pending->index].driver = driver;
    }
}

static rm_status resolve_pending(rm_inf_push *push) {
    installs_by_hwid installs = {0};
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < push->pending.count; i++) {
        if (awaits_service(&push->pending.at[i])) {
            st = resolve_service(push, &push->pending.at[i]);
        }
    }
    if (st == RM_OK) {
        st = sort_installs(push, &installs);
    }
    for (uint32_t i = 0; st == RM_OK && i < push->pending.count; i++) {
        if (!awaits_service(&push->pending.at[i])) {
            resolve_hwid(push, &installs, &push->pending.at[i]);
        }
    }
    return st;
}

/* ---- positions ---- */

static const rm_stack_position *position_of(const rm_inf_member *m) {
    return &m->model->stacks.at[m->rank.stack];
}

static void drop_unnumbered(rm_model *model, uint32_t first) {
    uint32_t kept = first;
    for (uint32_t i = first; i < model->stacks.count; i++) {
        if (model->stacks.at[i].position > 0) {
            model->stacks.at[kept++] = model->stacks.at[i];
        }
    }
    model->stacks.count = kept;
}

/* ---- extensions ---- */

static bool arch_fits(rm_str a, rm_str b) {
    return a.len == 0 || b.len == 0 || rm_str_eq(a, b);
}

/* The first member with that hardware id. */
static uint32_t first_with(const rm_inf_member *members, uint32_t count, rm_str hwid) {
    uint32_t low = 0;
    uint32_t high = count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (rm_str_icmp(position_of(&members[middle])->hwid, hwid) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static rm_status add_copy(rm_inf_push *push, const rm_inf_rank *rank,
                          const rm_stack_position *base) {
    rm_stack_position copy = push->model->stacks.at[rank->stack];
    copy.hwid = base->hwid;
    copy.arch = base->arch;
    copy.inf = base->inf;
    rm_stack_position *kept = rm_push(push->model->arena, &push->model->stacks);
    rm_inf_rank *its_rank = rm_push(push->scratch, &push->ranks);
    if (kept == NULL || its_rank == NULL) {
        return RM_NOMEM;
    }
    *kept = copy;
    *its_rank = *rank;
    its_rank->stack = push->model->stacks.count - 1;
    return RM_OK;
}

/* Copies an extension's filter into every stack that another INF makes for its hardware id. */
static rm_status join(rm_inf_push *push, const rm_inf_member *members, uint32_t count,
                      rm_inf_rank own, uint32_t *joined) {
    const rm_stack_position filter = push->model->stacks.at[own.stack];
    rm_status st = RM_OK;
    bool any = false;
    for (uint32_t i = first_with(members, count, filter.hwid); st == RM_OK && i < count; i++) {
        const rm_stack_position base = *position_of(&members[i]);
        if (!rm_str_ieq(base.hwid, filter.hwid) || ++*joined > MAX_JOINED) {
            break;
        }
        if (base.how == RM_STACK_FUNCTION && arch_fits(base.arch, filter.arch)) {
            st = add_copy(push, &own, &base);
            any = true;
        }
    }
    if (any) {
        push->model->stacks.at[own.stack].hwid = RM_STR_NONE; /* marks it for dropping */
    }
    return st;
}

/* The same for a filter of a class: every stack of a device of that class. */
static rm_status join_class(rm_inf_push *push, const rm_inf_member *members, uint32_t count,
                            rm_inf_rank own, uint32_t *joined) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < count && ++*joined <= MAX_JOINED; i++) {
        const rm_stack_position base = *position_of(&members[i]);
        if (base.how == RM_STACK_FUNCTION && rm_str_ieq(members[i].rank.class_guid, own.joins)) {
            st = add_copy(push, &own, &base);
        }
    }
    return st;
}

static uint32_t fill(rm_inf_push *push, rm_inf_member *members, bool bases_only) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < push->ranks.count; i++) {
        const rm_inf_rank *rank = &push->ranks.at[i];
        const rm_stack_position *p = &push->model->stacks.at[rank->stack];
        bool dropped = p->hwid.len == 0 && p->how != RM_STACK_MINIFILTER;
        if (!dropped && !(bases_only && rank->extension)) {
            members[count++] = (rm_inf_member){push->model, *rank};
        }
    }
    if (count > 1) {
        qsort(members, count, sizeof *members, rm_inf_by_place);
    }
    return count;
}

static rm_status join_extensions(rm_inf_push *push) {
    uint32_t ranks = push->ranks.count;
    uint32_t joined = 0;
    rm_inf_member *members = RM_NEW_ARRAY(push->scratch, rm_inf_member, ranks + 1);
    if (members == NULL) {
        return RM_NOMEM;
    }
    uint32_t count = fill(push, members, true);
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < ranks; i++) {
        const rm_inf_rank own = push->ranks.at[i];
        if (own.joins.len > 0) {
            st = join_class(push, members, count, own, &joined);
        } else if (own.extension) {
            st = join(push, members, count, own, &joined);
        }
    }
    return st;
}

static rm_status give_positions(rm_inf_push *push) {
    rm_inf_member *members = RM_NEW_ARRAY(push->scratch, rm_inf_member, push->ranks.count + 1);
    if (members == NULL) {
        return RM_NOMEM;
    }
    uint32_t count = fill(push, members, false);
    for (uint32_t from = 0, to = 0; from < count; from = to) {
        while (to < count && rm_inf_by_stack(&members[from], &members[to]) == 0) {
            to++;
        }
        rm_inf_number_stack(push->model, push->sink, members + from, to - from);
    }
    return RM_OK;
}

static void take_roles(rm_inf_push *push) {
    for (uint32_t i = 0; i < push->ranks.count; i++) {
        const rm_stack_position *p = &push->model->stacks.at[push->ranks.at[i].stack];
        if (p->driver == RM_NONE || push->model->drivers.at[p->driver].role != RM_ROLE_UNKNOWN) {
            continue;
        }
        if (p->how == RM_STACK_UPPER_FILTER || p->how == RM_STACK_LOWER_FILTER) {
            push->model->drivers.at[p->driver].role =
                p->how == RM_STACK_UPPER_FILTER ? RM_ROLE_UPPER_FILTER : RM_ROLE_LOWER_FILTER;
        }
    }
}

rm_status rm_inf_push_finish(rm_inf_push *push) {
    rm_status st = resolve_pending(push);
    uint32_t first = push->ranks.count == 0 ? 0 : push->ranks.at[0].stack;
    if (st == RM_OK) {
        st = join_extensions(push);
    }
    if (st == RM_OK) {
        st = give_positions(push);
    }
    if (st == RM_OK && push->ranks.count > 0) {
        take_roles(push);
        drop_unnumbered(push->model, first);
    }
    return st;
}
