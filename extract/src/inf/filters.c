#include "inf/filters.h"

/* ---- registry lists ---- */

static bool in_device_key(const rm_inf_value *value) {
    return rm_str_ieq(value->root, RM_STR("HKR")) && value->subkey.len == 0;
}

/* A value that replaces the list drops what earlier lines of this INF put in. */
static void drop_side(rm_inf_filters *filters, bool upper) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < filters->count; i++) {
        if (filters->at[i].upper != upper) {
            filters->at[kept++] = filters->at[i];
        }
    }
    filters->count = kept;
}

static rm_status take_list(rm_inf_set *set, const rm_inf_value *value, bool upper,
                           rm_inf_filters *out) {
    uint32_t flags = value->flags.known ? value->flags.value : 0;
    bool appends = (flags & RM_INF_APPEND) != 0;
    if (!appends) {
        if (!rm_inf_step(set, out->count)) {
            return RM_OK;
        }
        drop_side(out, upper);
    }
    for (uint32_t i = RM_INF_DATA; i < value->item.line->count; i++) {
        rm_str service = rm_inf_item_field(&value->item, i);
        if (service.len == 0 || (flags & RM_INF_DELETE_VALUE) != 0) {
            continue;
        }
        rm_inf_filter *filter = rm_push(set->arena, out);
        if (filter == NULL) {
            return RM_NOMEM;
        }
        *filter = (rm_inf_filter){.service = service,
                                  .upper = upper,
                                  .side_known = true,
                                  .order_known = !appends,
                                  .from = value->section,
                                  .loc = rm_inf_item_field_loc(&value->item, i)};
    }
    return RM_OK;
}

rm_status rm_inf_filters_listed(rm_inf_set *set, const rm_inf_values *values, rm_inf_filters *out) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < values->count; i++) {
        const rm_inf_value *value = &values->at[i];
        bool upper = rm_str_ieq(value->name, RM_STR("UpperFilters"));
        if (in_device_key(value) && (upper || rm_str_ieq(value->name, RM_STR("LowerFilters")))) {
            st = take_list(set, value, upper, out);
        }
    }
    return st;
}

/* ---- levels ---- */

static rm_status take_levels(rm_inf_set *set, const rm_inf_value *value, rm_inf_names *out) {
    for (uint32_t i = RM_INF_DATA; i < value->item.line->count; i++) {
        rm_str name = rm_inf_item_field(&value->item, i);
        if (name.len == 0 || out->count >= RM_INF_MAX_LEVELS) {
            continue;
        }
        rm_str *kept = rm_push(set->arena, out);
        if (kept == NULL) {
            return RM_NOMEM;
        }
        *kept = name;
    }
    return RM_OK;
}

rm_status rm_inf_levels_read(rm_inf_set *set, const rm_inf_values *values, rm_inf_levels *out) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < values->count; i++) {
        const rm_inf_value *value = &values->at[i];
        if (!in_device_key(value)) {
            continue;
        }
        if (rm_str_ieq(value->name, RM_STR("UpperFilterLevels"))) {
            st = take_levels(set, value, &out->upper);
        } else if (rm_str_ieq(value->name, RM_STR("LowerFilterLevels"))) {
            st = take_levels(set, value, &out->lower);
        } else if (rm_str_ieq(value->name, RM_STR("UpperFilterDefaultLevel"))) {
            out->upper_default = rm_inf_item_field(&value->item, RM_INF_DATA);
        } else if (rm_str_ieq(value->name, RM_STR("LowerFilterDefaultLevel"))) {
            out->lower_default = rm_inf_item_field(&value->item, RM_INF_DATA);
        }
    }
    return st;
}

/* ---- AddFilter ---- */

static rm_status read_section(rm_inf_set *set, rm_inf *inf, rm_inf_filter *filter) {
    rm_inf_lines_read lines;
    rm_status st = rm_inf_gather(set, inf, filter->section, &lines);
    for (uint32_t i = 0; st == RM_OK && i < lines.items.count; i++) {
        const rm_inf_item *item = &lines.items.at[i];
        rm_str key = rm_inf_item_key(item);
        rm_str text = rm_inf_item_field(item, 0);
        if (rm_str_ieq(key, RM_STR("FilterLevel"))) {
            filter->level = text;
        } else if (rm_str_ieq(key, RM_STR("FilterPosition"))) {
            filter->upper = rm_str_ieq(text, RM_STR("Upper"));
            filter->side_known = filter->upper || rm_str_ieq(text, RM_STR("Lower"));
        }
    }
    if (st == RM_OK && !filter->side_known && filter->level.len == 0) {
        rm_diag(set->sink, RM_WARNING, filter->loc, "inf-filter-position",
                "filter %.*s has neither FilterLevel nor FilterPosition Upper or Lower",
                RM_STR_ARG(filter->service));
    }
    return st;
}

rm_status rm_inf_filters_added(rm_inf_set *set, const rm_inf_items *lines, rm_inf_filters *out) {
    for (uint32_t i = 0; i < lines->count; i++) {
        const rm_inf_item *item = &lines->at[i];
        if (!item->line->has_key || !rm_str_ieq(rm_inf_item_key(item), RM_STR("AddFilter"))) {
            continue;
        }
        rm_inf_filter filter = {
            .service = rm_inf_item_field(item, 0),
            .upper = true,
            .section = rm_inf_item_field(item, 2),
            .from = item->section,
            .loc = rm_inf_item_loc(item),
        };
        if (read_section(set, item->inf, &filter) != RM_OK) {
            return RM_NOMEM;
        }
        rm_inf_filter *kept = rm_push(set->arena, out);
        if (kept == NULL) {
            return RM_NOMEM;
        }
        *kept = filter;
    }
    return RM_OK;
}
