#include "inf/wdf.h"

static rm_status keep(rm_inf_set *set, const rm_inf_item *item, rm_inf_wdf *out) {
    rm_inf_item *kept = rm_push(set->arena, &out->directives);
    if (kept == NULL) {
        return RM_NOMEM;
    }
    *kept = *item;
    return RM_OK;
}

static rm_status read_kmdf(rm_inf_set *set, const rm_inf_item *item, rm_inf_wdf *out) {
    rm_inf_kmdf kmdf = {.service = rm_inf_item_field(item, 0),
                        .section = rm_inf_item_field(item, 1),
                        .from = item->section,
                        .item = *item};
    rm_inf_lines_read lines;
    rm_status st = rm_inf_gather(set, item->inf, kmdf.section, &lines);
    for (uint32_t i = 0; st == RM_OK && i < lines.items.count; i++) {
        if (rm_str_ieq(rm_inf_item_key(&lines.items.at[i]), RM_STR("KmdfLibraryVersion"))) {
            kmdf.version = rm_inf_item_field(&lines.items.at[i], 0);
        }
    }
    rm_inf_kmdf *kept = st == RM_OK ? rm_push(set->arena, &out->kmdf) : NULL;
    if (kept == NULL) {
        return RM_NOMEM;
    }
    *kept = kmdf;
    return RM_OK;
}

/* Before stampinf the version may be anything; only what begins with "Umdf" is a directive. */
static rm_status read_umdf(rm_inf_set *set, const rm_inf_item *item, rm_inf_wdf *out) {
    rm_inf_umdf umdf = {.name = rm_inf_item_field(item, 0),
                        .section = rm_inf_item_field(item, 1),
                        .from = item->section,
                        .item = *item};
    rm_inf_lines_read lines;
    rm_status st = rm_inf_gather(set, item->inf, umdf.section, &lines);
    for (uint32_t i = 0; st == RM_OK && i < lines.items.count; i++) {
        const rm_inf_item *own = &lines.items.at[i];
        rm_str key = rm_inf_item_key(own);
        if (rm_str_ieq(key, RM_STR("UmdfLibraryVersion"))) {
            umdf.version = rm_inf_item_field(own, 0);
        } else if (rm_str_ieq(key, RM_STR("ServiceBinary"))) {
            umdf.binary = rm_inf_item_field(own, 0);
        }
        if (rm_str_istarts(key, RM_STR("Umdf"))) {
            st = keep(set, own, out);
        }
    }
    rm_inf_umdf *kept = st == RM_OK ? rm_push(set->arena, &out->umdf) : NULL;
    if (kept == NULL) {
        return RM_NOMEM;
    }
    *kept = umdf;
    return RM_OK;
}

rm_status rm_inf_wdf_read(rm_inf_set *set, const rm_inf_items *lines, rm_inf_wdf *out) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < lines->count; i++) {
        const rm_inf_item *item = &lines->at[i];
        rm_str key = rm_inf_item_key(item);
        if (rm_str_ieq(key, RM_STR("KmdfService"))) {
            st = read_kmdf(set, item, out);
        } else if (rm_str_istarts(key, RM_STR("Umdf"))) {
            st = keep(set, item, out);
            if (st == RM_OK && rm_str_ieq(key, RM_STR("UmdfService"))) {
                st = read_umdf(set, item, out);
            } else if (rm_str_ieq(key, RM_STR("UmdfServiceOrder"))) {
                out->order = *item;
            }
        }
    }
    return st;
}
