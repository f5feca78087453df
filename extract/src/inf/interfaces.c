#include "inf/interfaces.h"

#include "inf/target.h"

/*
 * Properties of an interface, by category and number. Source: Windows driver documentation,
 * "Hardware Support App (HSA): Steps for Driver Developers", DEVPKEY_DeviceInterface_Restricted.
 */
static const char category[] = "{026e516e-b814-414b-83cd-856d6fef4822}";
enum { PROPERTY_RESTRICTED = 6, PROPERTY_CAPABILITIES = 8, PROPERTY_DATA = 4 };

/* Several strings are one list, in as many fields. */
static rm_status take_capabilities(rm_inf_set *set, const rm_inf_item *item, rm_str *out) {
    rm_buf buf = {.arena = set->arena};
    rm_buf_str(&buf, *out);
    for (uint32_t i = PROPERTY_DATA; i < item->line->count; i++) {
        rm_str name = rm_inf_item_field(item, i);
        if (name.len > 0) {
            rm_buf_text(&buf, buf.len > 0 ? " " : "");
            rm_buf_str(&buf, name);
        }
    }
    *out = rm_buf_view(&buf);
    return buf.status;
}

static rm_status read_property(rm_inf_set *set, const rm_inf_item *item,
                               rm_inf_interface *interface) {
    rm_inf_number number = rm_inf_number_from(rm_inf_item_field(item, 1));
    if (!rm_str_ieq(rm_inf_item_field(item, 0), rm_str_from(category)) || !number.known) {
        return RM_OK;
    }
    if (number.value == PROPERTY_CAPABILITIES) {
        return take_capabilities(set, item, &interface->capabilities);
    }
    if (number.value == PROPERTY_RESTRICTED) {
        interface->restricted = rm_inf_number_from(rm_inf_item_field(item, PROPERTY_DATA));
    }
    return RM_OK;
}

static rm_status read_properties(rm_inf_set *set, const rm_inf_item *directive, uint32_t field,
                                 rm_inf_interface *interface) {
    rm_str name = rm_inf_item_field(directive, field);
    const rm_inf_section *section = rm_inf_section_named(directive->inf, name);
    if (section == NULL) {
        rm_diag(set->sink, RM_WARNING, rm_inf_item_field_loc(directive, field),
                "inf-section-missing", "there is no section [%.*s]", RM_STR_ARG(name));
        return RM_OK;
    }
    rm_status st = RM_OK;
    rm_inf_cursor cursor = rm_inf_lines_of(section);
    for (const rm_inf_line *line;
         st == RM_OK && (line = rm_inf_next(directive->inf, &cursor)) != NULL;) {
        const rm_inf_item item = {directive->inf, line, section->name};
        if (!rm_inf_step(set, 1)) {
            return RM_OK;
        }
        st = read_property(set, &item, interface);
    }
    return st;
}

static rm_status read_lines(rm_inf_set *set, const rm_inf_items *lines,
                            rm_inf_interface *interface) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < lines->count; i++) {
        const rm_inf_item *item = &lines->at[i];
        if (!item->line->has_key || !rm_str_ieq(rm_inf_item_key(item), RM_STR("AddProperty"))) {
            continue;
        }
        for (uint32_t k = 0; st == RM_OK && k < item->line->count; k++) {
            st = read_properties(set, item, k, interface);
        }
    }
    return st;
}

static rm_status read_section(rm_inf_set *set, rm_inf *inf, rm_inf_interface *interface) {
    rm_inf_lines_read lines;
    rm_status st = rm_inf_gather(set, inf, interface->section, &lines);
    return st == RM_OK ? read_lines(set, &lines.items, interface) : st;
}

rm_status rm_inf_interfaces_added(rm_inf_set *set, const rm_inf_items *lines,
                                  rm_inf_interfaces *out) {
    for (uint32_t i = 0; i < lines->count; i++) {
        const rm_inf_item *item = &lines->at[i];
        if (!item->line->has_key || !rm_str_ieq(rm_inf_item_key(item), RM_STR("AddInterface"))) {
            continue;
        }
        rm_inf_interface interface = {
            .guid = rm_inf_item_field(item, 0),
            .reference = rm_inf_item_field(item, 1),
            .section = rm_inf_item_field(item, 2),
            .from = item->section,
            .item = *item,
        };
        if (read_section(set, item->inf, &interface) != RM_OK) {
            return RM_NOMEM;
        }
        rm_inf_interface *kept = rm_push(set->arena, out);
        if (kept == NULL) {
            return RM_NOMEM;
        }
        *kept = interface;
    }
    return RM_OK;
}

/* ---- classes ---- */

static rm_status add_class(rm_inf_set *set, const rm_inf_item *line, const rm_inf_section *section,
                           rm_inf_interface_classes *out) {
    rm_inf_interface_class class = {.of_class = {.guid = rm_inf_item_key(line),
                                                 .section = section->name,
                                                 .from = line->section,
                                                 .item = *line}};
    rm_inf_lines_read lines;
    rm_status st = rm_inf_gather(set, set->main, section->name, &lines);
    if (st == RM_OK) {
        st = read_lines(set, &lines.items, &class.of_class);
    }
    if (st == RM_OK) {
        st = rm_inf_values_added(set, &lines.items, &class.values);
    }
    rm_inf_interface_class *kept = st == RM_OK ? rm_push(set->arena, out) : NULL;
    if (kept == NULL) {
        return RM_NOMEM;
    }
    *kept = class;
    return RM_OK;
}

static rm_status add_decorations(rm_inf_set *set, const rm_inf_item *line,
                                 rm_inf_interface_classes *out) {
    rm_str base = rm_inf_item_field(line, 0);
    const rm_inf_section *bare = rm_inf_section_named(set->main, base);
    const rm_inf_section *any = rm_inf_section_decorated(set->main, base, RM_STR_NONE);
    const rm_inf_section *rest = any != NULL ? any : bare;
    uint32_t before = out->count;
    rm_status st = RM_OK;
    for (size_t i = 0; st == RM_OK && i < RM_INF_ARCH_COUNT; i++) {
        const rm_inf_section *section =
            rm_inf_section_decorated(set->main, base, rm_str_from(rm_inf_archs[i]));
        st = section == NULL ? RM_OK : add_class(set, line, section, out);
    }
    if (st == RM_OK && rest != NULL) {
        st = add_class(set, line, rest, out);
    }
    if (st == RM_OK && out->count == before) {
        rm_diag(set->sink, RM_WARNING, rm_inf_item_field_loc(line, 0), "inf-section-missing",
                "there is no section [%.*s], bare or decorated", RM_STR_ARG(base));
    }
    return st;
}

rm_status rm_inf_interface_classes_read(rm_inf_set *set, rm_inf_interface_classes *out) {
    const rm_inf_section *section = rm_inf_section_named(set->main, RM_STR("InterfaceInstall32"));
    rm_inf_cursor cursor = rm_inf_lines_of(section);
    rm_status st = RM_OK;
    for (const rm_inf_line *line;
         st == RM_OK && (line = rm_inf_next(set->main, &cursor)) != NULL;) {
        const rm_inf_item item = {set->main, line, section->name};
        if (line->has_key && rm_inf_step(set, 64)) {
            st = add_decorations(set, &item, out);
        }
    }
    return st;
}
