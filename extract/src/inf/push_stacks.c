#include "inf/push.h"

#include <stdlib.h>

/* ---- members ---- */

/* Something of an INF that was not read may put filters into the stack. */
static bool may_have_more(const rm_inf_unit *unit) {
    return unit->hardware_unknown.name.len > 0 || unit->filters_unknown.name.len > 0;
}

static rm_status keep_names(rm_arena *arena, const rm_inf_names *names, rm_inf_names *out) {
    for (uint32_t i = 0; i < names->count; i++) {
        rm_str *kept = rm_push(arena, out);
        if (kept == NULL || rm_str_copy(arena, names->at[i], kept) != RM_OK) {
            return RM_NOMEM;
        }
    }
    return RM_OK;
}

/* Filters of files that are read later may ask for them. */
static rm_status keep_levels(rm_inf_push *push, const rm_inf_levels *levels,
                             const rm_inf_levels **out) {
    rm_inf_levels *kept = NULL;
    *out = NULL;
    if (levels->upper.count + levels->lower.count == 0) {
        return RM_OK;
    }
    kept = RM_NEW(push->scratch, rm_inf_levels);
    if (kept == NULL || keep_names(push->scratch, &levels->upper, &kept->upper) != RM_OK ||
        keep_names(push->scratch, &levels->lower, &kept->lower) != RM_OK ||
        rm_str_copy(push->scratch, levels->upper_default, &kept->upper_default) != RM_OK ||
        rm_str_copy(push->scratch, levels->lower_default, &kept->lower_default) != RM_OK) {
        return RM_NOMEM;
    }
    *out = kept;
    return RM_OK;
}

static rm_inf_rank *last_rank(const rm_inf_push *push) {
    return &push->ranks.at[push->ranks.count - 1];
}

static rm_status add_member(rm_inf_push *push, const rm_stack_position *position, uint32_t side,
                            uint32_t order, rm_str service) {
    rm_str class_guid = RM_STR_NONE;
    rm_stack_position *kept = rm_push(push->model->arena, &push->model->stacks);
    rm_inf_rank *rank = rm_push(push->scratch, &push->ranks);
    if (kept == NULL || rank == NULL ||
        rm_str_copy(push->scratch, push->package->class_guid, &class_guid) != RM_OK) {
        return RM_NOMEM;
    }
    *kept = *position;
    uint32_t index = push->model->stacks.count - 1;
    *rank = (rm_inf_rank){.stack = index,
                          .side = side,
                          .order = order,
                          .extension = push->package->is_extension,
                          .class_guid = class_guid};
    push->used = true;
    return position->driver == RM_NONE && service.len > 0
               ? rm_inf_wait(push, RM_INF_AWAITS_STACK, index, service, position->place)
               : RM_OK;
}

/* The reflector stands for the user-mode driver that it hosts. */
static uint32_t driver_of_filter(rm_inf_push *push, const rm_inf_unit *unit, rm_str service) {
    const rm_inf_umdf *umdf = rm_inf_lowest_umdf(unit);
    return umdf != NULL && rm_str_ieq(service, RM_STR("WUDFRd"))
               ? rm_inf_umdf_driver(push, umdf)
               : rm_inf_driver_of_service(push, service);
}

static rm_status add_filters(rm_inf_push *push, const rm_inf_unit *unit,
                             const rm_inf_filters *filters, const rm_stack_position *base,
                             bool of_class) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < filters->count; i++) {
        const rm_inf_filter *filter = &filters->at[i];
        rm_stack_position position = *base;
        uint32_t side = filter->upper ? (of_class ? RM_INF_SIDE_CLASS_UPPER : RM_INF_SIDE_UPPER)
                                      : (of_class ? RM_INF_SIDE_CLASS_LOWER : RM_INF_SIDE_LOWER);
        position.how = filter->upper ? RM_STACK_UPPER_FILTER : RM_STACK_LOWER_FILTER;
        position.device = RM_NONE;
        position.driver = driver_of_filter(push, unit, filter->service);
        position.order_state = filter->order_known ? RM_STATE_DERIVED : RM_STATE_UNKNOWN;
        position.state = filter->side_known ? RM_STATE_CONFIRMED : RM_STATE_UNKNOWN;
        st = rm_inf_place(push, filter->loc, &position.place);
        /* the first of a list attaches first and is the lowest of its side */
        st = st == RM_OK ? add_member(push, &position, side, UINT32_MAX - i, filter->service) : st;
        if (st == RM_OK) {
            last_rank(push)->open = may_have_more(unit);
            st = rm_str_copy(push->scratch, filter->level, &last_rank(push)->level);
        }
    }
    return st;
}

/* What [WUDFRD_LowerFilter.NT.HW] of Windows' wudfrd.inf is documented to do. */
static rm_status add_reflector(rm_inf_push *push, const rm_inf_unit *unit,
                               const rm_stack_position *base) {
    bool lower = rm_str_istarts(unit->services_missing, RM_STR("WUDFRD_LowerFilter."));
    const rm_inf_umdf *umdf = rm_inf_lowest_umdf(unit);
    if (umdf == NULL ||
        (!lower && !rm_str_istarts(unit->services_missing, RM_STR("WUDFRD_UpperFilter.")))) {
        return RM_OK;
    }
    rm_stack_position position = *base;
    position.device = RM_NONE;
    position.driver = rm_inf_umdf_driver(push, umdf);
    position.how = lower ? RM_STACK_LOWER_FILTER : RM_STACK_UPPER_FILTER;
    position.state = RM_STATE_ASSUMED;
    return add_member(push, &position, lower ? RM_INF_SIDE_LOWER : RM_INF_SIDE_UPPER, 0,
                      RM_STR_NONE);
}

/* UMDF drivers above the lowest one, which stands for the function driver. */
static rm_status add_umdf(rm_inf_push *push, const rm_inf_unit *unit,
                          const rm_inf_function *function, const rm_stack_position *base) {
    const rm_inf_item *order = &unit->wdf.order;
    const rm_inf_umdf *lowest = rm_inf_lowest_umdf(unit);
    bool is_function = lowest != NULL && rm_str_ieq(lowest->name, function->service);
    rm_status st = RM_OK;
    for (uint32_t i = 0;
         is_function && st == RM_OK && order->line != NULL && i < order->line->count; i++) {
        rm_str name = rm_inf_item_field(order, i);
        if (rm_str_ieq(name, lowest->name) || !rm_inf_step(push->set, unit->wdf.umdf.count)) {
            continue;
        }
        for (uint32_t k = 0; st == RM_OK && k < unit->wdf.umdf.count; k++) {
            const rm_inf_umdf *umdf = &unit->wdf.umdf.at[k];
            if (!rm_str_ieq(umdf->name, name)) {
                continue;
            }
            rm_str stem = rm_path_stem(umdf->binary);
            rm_stack_position position = *base;
            position.device = RM_NONE;
            position.how = RM_STACK_UPPER_FILTER;
            st = rm_inf_driver_named(push, stem.len > 0 ? stem : name, base->place,
                                     &position.driver);
            st = st == RM_OK ? add_member(push, &position, RM_INF_SIDE_FUNCTION, UINT32_MAX - 1 - i,
                                          RM_STR_NONE)
                             : st;
        }
    }
    return st;
}

/* What an INF that was not read installs has no name, but a place. */
static rm_status add_function(rm_inf_push *push, const rm_inf_unit *unit,
                              const rm_inf_function *function, const rm_stack_position *base) {
    rm_stack_position position = *base;
    position.state = function->unknown ? RM_STATE_UNKNOWN : position.state;
    rm_status st = add_member(push, &position, RM_INF_SIDE_FUNCTION, UINT32_MAX, function->service);
    if (st == RM_OK) {
        last_rank(push)->open = may_have_more(unit);
        st = keep_levels(push, &unit->levels, &last_rank(push)->levels);
    }
    return st;
}

rm_status rm_inf_push_stack(rm_inf_push *push, const rm_inf_unit *unit,
                            const rm_inf_function *function, uint32_t device, rm_str hwid,
                            rm_str arch) {
    const rm_inf_package *package = push->package;
    rm_stack_position base = {.hwid = hwid,
                              .arch = arch,
                              .device = device,
                              .driver = function->driver,
                              .inf = push->inf,
                              .how = RM_STACK_FUNCTION,
                              .order_state = RM_STATE_DERIVED,
                              .state = function->assumed ? RM_STATE_ASSUMED : RM_STATE_CONFIRMED};
    rm_status st = rm_inf_place(push, function->loc, &base.place);
    if (st == RM_OK && (function->service.len > 0 || function->unknown)) {
        st = add_function(push, unit, function, &base);
    }
    if (st == RM_OK) {
        st = add_filters(push, unit, &unit->filters, &base, false);
    }
    if (st == RM_OK) {
        st = add_reflector(push, unit, &base);
    }
    if (st == RM_OK) {
        st = add_umdf(push, unit, function, &base);
    }
    for (uint32_t i = 0; st == RM_OK && package->creates_class && i < package->classes.count; i++) {
        st = add_filters(push, unit, &package->classes.at[i].filters, &base, true);
    }
    return st;
}

/* ---- filters of a class, written straight into its key ---- */

/* "System\CurrentControlSet\Control\Class\{guid}" gives the guid. */
static rm_str class_of_key(rm_str subkey) {
    const rm_str middle = RM_STR("\\Control\\Class\\");
    for (size_t i = 0; i + middle.len < subkey.len; i++) {
        rm_str rest = rm_str_slice(subkey, i, subkey.len);
        if (rm_str_istarts(rest, middle)) {
            rm_str guid = rm_str_slice(rest, middle.len, rest.len);
            return rm_str_starts(guid, RM_STR("{")) && rm_str_iends(guid, RM_STR("}"))
                       ? guid
                       : RM_STR_NONE;
        }
    }
    return RM_STR_NONE;
}

static rm_status push_class_filter(rm_inf_push *push, const rm_inf_value *value, uint32_t field,
                                   rm_str class_guid, bool upper) {
    rm_str service = rm_inf_item_field(&value->item, field);
    rm_stack_position position = {.device = RM_NONE,
                                  .driver = rm_inf_driver_of_service(push, service),
                                  .inf = push->inf,
                                  .how = upper ? RM_STACK_UPPER_FILTER : RM_STACK_LOWER_FILTER,
                                  .order_state = RM_STATE_UNKNOWN,
                                  .state = RM_STATE_CONFIRMED};
    if (rm_inf_place(push, rm_inf_item_field_loc(&value->item, field), &position.place) != RM_OK ||
        rm_inf_keep(push, class_guid, &position.hwid) != RM_OK) {
        return RM_NOMEM;
    }
    rm_status st =
        add_member(push, &position, upper ? RM_INF_SIDE_CLASS_UPPER : RM_INF_SIDE_CLASS_LOWER,
                   UINT32_MAX - field, service);
    return st == RM_OK ? rm_str_copy(push->scratch, class_guid,
                                     &push->ranks.at[push->ranks.count - 1].joins)
                       : st;
}

static rm_status push_class_values(rm_inf_push *push, const rm_inf_values *values) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; i < values->count; i++) {
        const rm_inf_value *value = &values->at[i];
        bool upper = rm_str_ieq(value->name, RM_STR("UpperFilters"));
        rm_str guid = RM_STR_NONE;
        if (rm_str_ieq(value->root, RM_STR("HKLM")) &&
            (upper || rm_str_ieq(value->name, RM_STR("LowerFilters")))) {
            guid = class_of_key(value->subkey);
        }
        for (uint32_t k = RM_INF_DATA; st == RM_OK && guid.len > 0 && k < value->item.line->count;
             k++) {
            if (rm_inf_item_field(&value->item, k).len > 0 && rm_inf_step(push->set, 16)) {
                st = push_class_filter(push, value, k, guid, upper);
            }
        }
    }
    return st;
}

/* Not how it should be done, but many packages do: AddReg into HKLM\...\Control\Class. */
rm_status rm_inf_push_class_filters(rm_inf_push *push, const rm_inf_unit *unit) {
    rm_status st = push_class_values(push, &unit->software);
    for (uint32_t i = 0; st == RM_OK && i < unit->services.count; i++) {
        st = push_class_values(push, &unit->services.at[i].values);
    }
    return st;
}

/* ---- minifilters ---- */

rm_status rm_inf_push_minifilter(rm_inf_push *push, uint32_t driver,
                                 const rm_inf_service *service) {
    for (uint32_t i = 0; i < service->values.count; i++) {
        const rm_inf_value *value = &service->values.at[i];
        if (!rm_str_ieq(value->name, RM_STR("Altitude"))) {
            continue;
        }
        rm_stack_position position = {.device = RM_NONE,
                                      .driver = driver,
                                      .how = RM_STACK_MINIFILTER,
                                      .order_state = RM_STATE_DERIVED,
                                      .state = RM_STATE_CONFIRMED};
        if (rm_inf_place(push, rm_inf_item_loc(&value->item), &position.place) != RM_OK ||
            rm_inf_keep(push, rm_inf_item_field(&value->item, RM_INF_DATA), &position.altitude) !=
                RM_OK) {
            return RM_NOMEM;
        }
        rm_status st = add_member(push, &position, RM_INF_SIDE_UPPER, 0, RM_STR_NONE);
        if (st != RM_OK) {
            return st;
        }
    }
    return RM_OK;
}
