#include "inf/services.h"

#include <stddef.h>

/* ---- words ---- */

enum { TYPE_KERNEL = 1, TYPE_FILESYSTEM = 2, TYPE_BITS = 0x3FF & ~0x300 };

rm_str rm_inf_service_kind(rm_inf_number type) {
    static const struct {
        uint32_t value;
        const char *word;
    } kinds[] = {
        {0x01, "kernel"},           {0x02, "filesystem"},         {0x04, "adapter"},
        {0x08, "recognizer"},       {0x10, "own_process"},        {0x20, "share_process"},
        {0x50, "user_own_process"}, {0x60, "user_share_process"},
    };
    for (size_t i = 0; type.known && i < sizeof kinds / sizeof kinds[0]; i++) {
        if (kinds[i].value == (type.value & TYPE_BITS)) {
            return rm_str_from(kinds[i].word);
        }
    }
    return RM_STR_NONE;
}

rm_str rm_inf_service_start(rm_inf_number start) {
    static const char *const words[] = {"boot", "system", "auto", "demand", "disabled"};
    return start.known && start.value < 5 ? rm_str_from(words[start.value]) : RM_STR_NONE;
}

bool rm_inf_service_is_function(const rm_inf_service *service) {
    return service->flags.known && (service->flags.value & RM_INF_SERVICE_FUNCTION) != 0;
}

bool rm_inf_service_is_driver(const rm_inf_service *service) {
    return service->type.known && (service->type.value & TYPE_BITS) < 0x10;
}

/* ---- the service's own section ---- */

static const struct {
    const char *key;
    size_t offset;
} texts[] = {
    {"DisplayName", offsetof(rm_inf_service, display_name)},
    {"Description", offsetof(rm_inf_service, description)},
    {"ServiceBinary", offsetof(rm_inf_service, binary)},
    {"StartName", offsetof(rm_inf_service, account)},
    {"Security", offsetof(rm_inf_service, security)},
    {"LoadOrderGroup", offsetof(rm_inf_service, load_order_group)},
};

static const struct {
    const char *key;
    size_t offset;
} numbers[] = {
    {"ServiceType", offsetof(rm_inf_service, type)},
    {"StartType", offsetof(rm_inf_service, start)},
    {"ErrorControl", offsetof(rm_inf_service, error_control)},
    {"ServiceSidType", offsetof(rm_inf_service, sid_type)},
};

static void *member(rm_inf_service *service, size_t offset) {
    return (unsigned char *)service + offset;
}

/* Of several lines with one key the first counts, as SetupFindFirstLine finds it. */
static void take_text(rm_inf_service *service, rm_str key, const rm_inf_item *item) {
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        rm_str *text = member(service, texts[i].offset);
        if (text->ptr == NULL && rm_str_ieq(key, rm_str_from(texts[i].key))) {
            *text = rm_inf_item_field(item, 0);
            if (text == &service->security) {
                service->security_loc = rm_inf_item_field_loc(item, 0);
            }
        }
    }
}

static void take_number(rm_inf_set *set, rm_inf_service *service, rm_str key,
                        const rm_inf_item *item) {
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        rm_inf_number *number = member(service, numbers[i].offset);
        if (number->known || !rm_str_ieq(key, rm_str_from(numbers[i].key))) {
            continue;
        }
        *number = rm_inf_number_from(rm_inf_item_field(item, 0));
        if (!number->known) {
            rm_diag(set->sink, RM_WARNING, rm_inf_item_field_loc(item, 0), "inf-number",
                    "%s is no number", numbers[i].key);
        }
    }
}

/* "a, b, c" of the fields from `from` on. */
static rm_status join(rm_inf_set *set, const rm_inf_item *item, rm_str *out) {
    rm_buf buf = {.arena = set->arena};
    for (uint32_t i = 0; i < item->line->count; i++) {
        rm_buf_text(&buf, i > 0 ? ", " : "");
        rm_buf_str(&buf, rm_inf_item_field(item, i));
    }
    *out = rm_buf_view(&buf);
    return buf.status;
}

static rm_status read_section(rm_inf_set *set, rm_inf *inf, rm_inf_service *service) {
    rm_inf_lines_read lines;
    rm_status st = rm_inf_gather(set, inf, service->section, &lines);
    for (uint32_t i = 0; st == RM_OK && i < lines.items.count; i++) {
        const rm_inf_item *item = &lines.items.at[i];
        rm_str key = rm_inf_item_key(item);
        take_text(service, key, item);
        take_number(set, service, key, item);
        if (service->dependencies.len == 0 && rm_str_ieq(key, RM_STR("Dependencies"))) {
            st = join(set, item, &service->dependencies);
        }
    }
    service->lines = lines.items;
    return st == RM_OK ? rm_inf_values_added(set, &lines.items, &service->values) : st;
}

static rm_status add(rm_inf_set *set, const rm_inf_item *item, rm_inf_services *out) {
    rm_inf_service service = {
        .name = rm_inf_item_field(item, 0),
        .flags = rm_inf_number_from(rm_inf_item_field(item, 1)),
        .section = rm_inf_item_field(item, 2),
        .from = item->section,
        .item = *item,
    };
    rm_status st = RM_OK;
    if (service.section.len > 0 && rm_inf_section_named(item->inf, service.section) == NULL) {
        service.section_missing = true;
        rm_diag(set->sink, RM_WARNING, rm_inf_item_field_loc(item, 2), "inf-section-missing",
                "there is no section [%.*s]", RM_STR_ARG(service.section));
    } else if (service.section.len > 0) {
        st = read_section(set, item->inf, &service);
    }
    rm_inf_service *kept = st == RM_OK ? rm_push(set->arena, out) : NULL;
    if (kept == NULL) {
        return RM_NOMEM;
    }
    *kept = service;
    return RM_OK;
}

rm_status rm_inf_services_added(rm_inf_set *set, const rm_inf_items *lines, rm_inf_services *out) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < lines->count; i++) {
        const rm_inf_item *item = &lines->at[i];
        if (item->line->has_key && rm_str_ieq(rm_inf_item_key(item), RM_STR("AddService"))) {
            st = add(set, item, out);
        }
    }
    return st;
}

/* SERVICE_SID_TYPE_… of winnt.h. */
rm_str rm_inf_service_sid_type(rm_inf_number type) {
    static const char *const words[] = {"none", "unrestricted", "", "restricted"};
    return type.known && type.value < 4 ? rm_str_from(words[type.value]) : RM_STR_NONE;
}
