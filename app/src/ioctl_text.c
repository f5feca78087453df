#include "ioctl_text.h"

#include <inttypes.h>

struct word {
    const char *text;
    uint32_t value;
};

/* Windows: "Defining I/O Control Codes"; the small words are those of the views. */
static const struct word methods[] = {
    {"METHOD_BUFFERED", 0},
    {"METHOD_IN_DIRECT", 1},
    {"METHOD_OUT_DIRECT", 2},
    {"METHOD_NEITHER", 3},
    {"buffered", 0},
    {"in_direct", 1},
    {"out_direct", 2},
    {"neither", 3},
    {"METHOD_DIRECT_TO_HARDWARE", 1},
    {"METHOD_DIRECT_FROM_HARDWARE", 2},
};
static const struct word accesses[] = {
    {"FILE_ANY_ACCESS", 0},
    {"FILE_SPECIAL_ACCESS", 0},
    {"FILE_READ_ACCESS", 1},
    {"FILE_READ_DATA", 1},
    {"FILE_WRITE_ACCESS", 2},
    {"FILE_WRITE_DATA", 2},
    {"any", 0},
    {"read", 1},
    {"write", 2},
    {"read_write", 3},
};

static bool number(rm_str text, uint32_t *out) {
    uint64_t value = 0;
    if (!rm_str_u64(text, &value) || value > UINT32_MAX) {
        return false;
    }
    *out = (uint32_t)value;
    return true;
}

static bool find(const struct word *words, size_t count, rm_str text, uint32_t *out) {
    for (size_t i = 0; i < count; i++) {
        if (rm_str_eq(text, rm_str_from(words[i].text))) {
            *out = words[i].value;
            return true;
        }
    }
    return number(text, out);
}

bool ioctl_device_type_from(rm_str text, uint32_t *out) {
    return rm_device_type_from(text, out) || (number(text, out) && *out <= 0xFFFF);
}

bool ioctl_function_from(rm_str text, uint32_t *out) {
    return number(text, out);
}

bool ioctl_method_from(rm_str text, uint32_t *out) {
    return find(methods, sizeof methods / sizeof methods[0], text, out) && *out <= 3;
}

/* "(FILE_READ_ACCESS | FILE_WRITE_ACCESS)" */
bool ioctl_access_from(rm_str text, uint32_t *out) {
    uint32_t all = 0;
    rm_str rest = rm_str_trim(text);
    if (rest.len >= 2 && rest.ptr[0] == '(' && rest.ptr[rest.len - 1] == ')') {
        rest = rm_str_slice(rest, 1, rest.len - 1);
    }
    bool more = true;
    while (more) {
        uint32_t one = 0;
        size_t bar = rest.len;
        more = rm_str_find_char(rest, '|', &bar);
        if (!find(accesses, sizeof accesses / sizeof accesses[0],
                  rm_str_trim(rm_str_slice(rest, 0, bar)), &one) ||
            one > 3) {
            return false;
        }
        all |= one;
        rest = rm_str_slice(rest, bar + 1, rest.len);
    }
    *out = all;
    return true;
}

/* The next of four arguments; the last one reaches to the end. */
static bool argument(rm_str *rest, bool last, rm_str *out) {
    size_t comma = rest->len;
    bool found = rm_str_find_char(*rest, ',', &comma);
    *out = rm_str_trim(rm_str_slice(*rest, 0, comma));
    *rest = rm_str_slice(*rest, comma + 1, rest->len);
    return found != last;
}

static bool from_macro(rm_str text, uint32_t *code, const char **why) {
    rm_str rest = rm_str_trim(rm_str_slice(text, 8, text.len));
    rm_str part[4];
    uint32_t value[4];
    if (rest.len < 2 || rest.ptr[0] != '(' || rest.ptr[rest.len - 1] != ')') {
        *why = "CTL_CODE is followed by its arguments in parentheses";
        return false;
    }
    rest = rm_str_slice(rest, 1, rest.len - 1);
    for (unsigned i = 0; i < 4; i++) {
        if (!argument(&rest, i == 3, &part[i])) {
            *why = "CTL_CODE takes four arguments";
            return false;
        }
    }
    if (!ioctl_device_type_from(part[0], &value[0])) {
        *why = "the device type is neither a number nor a FILE_DEVICE_ name that we know";
        return false;
    }
    if (!ioctl_function_from(part[1], &value[1])) {
        *why = "the function is no number";
        return false;
    }
    if (!ioctl_method_from(part[2], &value[2])) {
        *why = "the method is none of METHOD_BUFFERED, METHOD_IN_DIRECT, METHOD_OUT_DIRECT, "
               "METHOD_NEITHER";
        return false;
    }
    if (!ioctl_access_from(part[3], &value[3])) {
        *why = "the access is none of FILE_ANY_ACCESS, FILE_READ_ACCESS, FILE_WRITE_ACCESS";
        return false;
    }
    *code = rm_ioctl_encode(value[0], value[1], value[2], value[3]);
    return true;
}

bool ioctl_code_from(rm_str text, uint32_t *code, const char **why) {
    uint64_t value = 0;
    rm_str trimmed = rm_str_trim(text);
    if (rm_str_starts(trimmed, RM_STR("CTL_CODE"))) {
        return from_macro(trimmed, code, why);
    }
    bool negative = trimmed.len > 0 && trimmed.ptr[0] == '-';
    uint64_t limit = negative ? (uint64_t)INT32_MAX + 1 : UINT32_MAX;
    if (!rm_str_u64(rm_str_slice(trimmed, negative, trimmed.len), &value) || value > limit) {
        *why = "neither a 32-bit number nor CTL_CODE(...)";
        return false;
    }
    *code = negative ? 0u - (uint32_t)value : (uint32_t)value;
    return true;
}

void ioctl_macro_put(rm_buf *out, uint32_t code) {
    static const char *const access[] = {"FILE_ANY_ACCESS", "FILE_READ_ACCESS", "FILE_WRITE_ACCESS",
                                         "FILE_READ_ACCESS | FILE_WRITE_ACCESS"};
    rm_ioctl_fields f = rm_ioctl_decode(code);
    const char *type = rm_device_type_name(f.device_type);
    rm_buf_text(out, "CTL_CODE(");
    if (type != NULL) {
        rm_buf_text(out, type);
    } else {
        rm_buf_printf(out, "0x%" PRIx32, f.device_type);
    }
    rm_buf_printf(out, ", 0x%" PRIx32 ", %s, %s)", f.function, methods[f.method & 3u].text,
                  access[f.access & 3u]);
}
