#include "inf/registry.h"

/* ---- numbers ---- */

rm_inf_number rm_inf_number_from(rm_str text) {
    uint64_t value = 0;
    bool negative = rm_str_starts(text, RM_STR("-"));
    rm_str digits = negative ? rm_str_slice(text, 1, text.len) : text;
    while (digits.len > 1 && digits.ptr[0] == '0' && digits.ptr[1] >= '0' && digits.ptr[1] <= '9') {
        digits = rm_str_slice(digits, 1, digits.len); /* no octal numbers in an INF */
    }
    if (!rm_str_u64(digits, &value) || value > UINT32_MAX) {
        return (rm_inf_number){0};
    }
    uint32_t number = (uint32_t)value;
    return (rm_inf_number){true, negative ? 0 - number : number};
}

/* A byte is written in hexadecimal, with or without 0x. */
static bool byte_from(rm_str text, unsigned char *out) {
    unsigned value = 0;
    if (rm_str_istarts(text, RM_STR("0x"))) {
        text = rm_str_slice(text, 2, text.len);
    }
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        unsigned digit = c >= '0' && c <= '9'   ? (unsigned)(c - '0')
                         : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10
                         : c >= 'A' && c <= 'F' ? (unsigned)(c - 'A') + 10
                                                : 16;
        if (digit > 15 || i >= 2) {
            return false;
        }
        value = value * 16 + digit;
    }
    *out = (unsigned char)value;
    return text.len > 0;
}

/* ---- values ---- */

static rm_inf_value value_of(const rm_inf_item *item, rm_str section) {
    return (rm_inf_value){
        .section = section,
        .root = rm_inf_item_field(item, 0),
        .subkey = rm_inf_item_field(item, 1),
        .name = rm_inf_item_field(item, 2),
        .flags = rm_inf_number_from(rm_inf_item_field(item, 3)),
        .item = *item,
    };
}

static rm_status add_section(rm_inf_set *set, rm_inf *inf, const rm_inf_section *section,
                             rm_inf_values *out) {
    rm_inf_cursor cursor = rm_inf_lines_of(section);
    for (const rm_inf_line *line; (line = rm_inf_next(inf, &cursor)) != NULL;) {
        if (!rm_inf_step(set, 1)) {
            return RM_OK;
        }
        rm_inf_value *value = rm_push(set->arena, out);
        if (value == NULL) {
            return RM_NOMEM;
        }
        const rm_inf_item item = {inf, line, section->name};
        *value = value_of(&item, section->name);
    }
    return RM_OK;
}

static rm_status add_line(rm_inf_set *set, const rm_inf_item *item, rm_inf_values *out) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < item->line->count; i++) {
        rm_str name = rm_inf_item_field(item, i);
        const rm_inf_section *section = rm_inf_section_named(item->inf, name);
        if (section != NULL) {
            st = add_section(set, item->inf, section, out);
        } else if (name.len > 0) {
            rm_diag(set->sink, RM_WARNING, rm_inf_item_field_loc(item, i), "inf-section-missing",
                    "there is no section [%.*s]", RM_STR_ARG(name));
        }
    }
    return st;
}

rm_status rm_inf_values_added(rm_inf_set *set, const rm_inf_items *lines, rm_inf_values *out) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < lines->count; i++) {
        const rm_inf_item *item = &lines->at[i];
        if (item->line->has_key && rm_str_ieq(rm_inf_item_key(item), RM_STR("AddReg"))) {
            st = add_line(set, item, out);
        }
    }
    return st;
}

uint32_t rm_inf_value_type(const rm_inf_value *value) {
    return value->flags.known ? value->flags.value & RM_INF_TYPE_MASK : RM_INF_TYPE_SZ;
}

rm_inf_number rm_inf_value_number(const rm_inf_value *value) {
    uint32_t type = rm_inf_value_type(value);
    uint32_t fields = value->item.line->count;
    if (type == RM_INF_TYPE_DWORD && fields == RM_INF_DATA + 1) {
        return rm_inf_number_from(rm_inf_item_field(&value->item, RM_INF_DATA));
    }
    /* four bytes, the lowest first: an old way to write a REG_DWORD or a REG_BINARY */
    rm_inf_number number = {0};
    if ((type != RM_INF_TYPE_DWORD && type != RM_INF_TYPE_BINARY) || fields <= RM_INF_DATA ||
        fields > RM_INF_DATA + 4) {
        return number;
    }
    for (uint32_t i = RM_INF_DATA; i < fields; i++) {
        unsigned char byte = 0;
        if (!byte_from(rm_inf_item_field(&value->item, i), &byte)) {
            return (rm_inf_number){0};
        }
        number.value |= (uint32_t)byte << 8 * (i - RM_INF_DATA);
    }
    number.known = true;
    return number;
}

rm_status rm_inf_value_bytes(rm_inf_set *set, const rm_inf_value *value, rm_str *out) {
    rm_buf buf = {.arena = set->arena};
    for (uint32_t i = RM_INF_DATA; i < value->item.line->count; i++) {
        unsigned char byte = 0;
        if (!byte_from(rm_inf_item_field(&value->item, i), &byte)) {
            rm_diag(set->sink, RM_ERROR, rm_inf_item_field_loc(&value->item, i), "inf-byte",
                    "expected a byte in hexadecimal");
            return RM_SYNTAX;
        }
        rm_buf_char(&buf, (char)byte);
    }
    if (buf.status != RM_OK) {
        return buf.status;
    }
    *out = rm_buf_view(&buf);
    return RM_OK;
}
