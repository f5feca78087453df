#include "source/device_path.h"

static bool begins(rm_str s, const char *prefix) {
    return rm_str_istarts(s, rm_str_from(prefix));
}

/* What other things \\.\ leads to: pipes, drives, whatever is put in at run time. */
static bool is_other(rm_str name) {
    size_t at = 0;
    return name.len == 0 || rm_str_ieq(name, RM_STR("GLOBALROOT")) ||
           rm_str_ieq(name, RM_STR("Global")) || begins(name, "pipe\\") ||
           begins(name, "mailslot\\") || begins(name, "PhysicalDrive") || begins(name, "CdRom") ||
           (name.len >= 2 && name.ptr[1] == ':') || rm_str_find_char(name, '%', &at) ||
           rm_str_find_char(name, '{', &at) || rm_str_find_char(name, ' ', &at);
}

/* Windows takes several separators for one. */
static rm_str past_separators(rm_str s) {
    while (s.len > 1 && s.ptr[0] == '\\') {
        s = rm_str_slice(s, 1, s.len);
    }
    return s;
}

/* Behind \\.\ or \\?\; false: a path of another kind. */
static bool device_namespace(rm_str text, rm_str *rest) {
    enum { PREFIX = 4 };
    if (!begins(text, "\\\\.\\") && !begins(text, "\\\\?\\")) {
        return false;
    }
    *rest = past_separators(rm_str_slice(text, PREFIX, text.len));
    return true;
}

rm_status rm_device_path(rm_arena *arena, rm_str text, rm_str *out) {
    rm_str rest = RM_STR_NONE;
    *out = RM_STR_NONE;
    if (!device_namespace(text, &rest)) {
        return RM_OK;
    }
    if (begins(rest, "GLOBALROOT\\")) {
        rm_str name = rm_str_slice(rest, sizeof "GLOBALROOT" - 1, rest.len);
        bool usable = !is_other(rm_str_slice(name, 1, name.len));
        *out = usable && begins(name, "\\Device\\") ? name : RM_STR_NONE;
        return RM_OK;
    }
    if (begins(rest, "Global\\")) { /* the link of all sessions instead of the session's own */
        rest = past_separators(rm_str_slice(rest, sizeof "Global" - 1, rest.len));
    } else if (!begins(text, "\\\\.\\") && begins(rest, "UNC\\")) {
        return RM_OK; /* a long file name */
    }
    return is_other(rest) ? RM_OK : rm_str_printf(arena, out, "\\\\.\\%.*s", RM_STR_ARG(rest));
}

rm_status rm_pipe_path(rm_arena *arena, rm_str text, rm_str *out) {
    rm_str rest = RM_STR_NONE;
    size_t at = 0;
    *out = RM_STR_NONE;
    if (!device_namespace(text, &rest) || !begins(rest, "pipe\\")) {
        return RM_OK;
    }
    rm_str name = past_separators(rm_str_slice(rest, sizeof "pipe" - 1, rest.len));
    bool known = name.len > 0 && name.ptr[0] != '\\' && !rm_str_find_char(name, '%', &at);
    return known ? rm_str_printf(arena, out, "\\\\.\\pipe\\%.*s", RM_STR_ARG(name)) : RM_OK;
}

static bool is_hex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

rm_status rm_guid_of_text(rm_arena *arena, rm_str text, rm_str *out) {
    enum { LENGTH = 36 };
    rm_buf guid = {.arena = arena};
    bool braced = text.len == LENGTH + 2 && text.ptr[0] == '{' && text.ptr[LENGTH + 1] == '}';
    rm_str bare = braced ? rm_str_slice(text, 1, LENGTH + 1) : text;
    *out = RM_STR_NONE;
    if (bare.len != LENGTH) {
        return RM_OK;
    }
    rm_buf_char(&guid, '{');
    for (size_t i = 0; i < LENGTH; i++) {
        char c = bare.ptr[i];
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? c != '-' : !is_hex(c)) {
            return RM_OK;
        }
        rm_buf_char(&guid, c >= 'A' && c <= 'F' ? (char)(c | 0x20) : c);
    }
    rm_buf_char(&guid, '}');
    *out = rm_buf_view(&guid);
    return guid.status;
}

rm_status rm_selector_class(rm_arena *arena, rm_str text, rm_str *out) {
    size_t at = 0;
    size_t open = 0;
    *out = RM_STR_NONE;
    if (!rm_str_find(text, RM_STR("InterfaceClassGuid:="), &at)) {
        return RM_OK;
    }
    text = rm_str_slice(text, at, text.len);
    return rm_str_find_char(text, '{', &open)
               ? rm_guid_of_text(arena, rm_str_slice(text, open, open + 38), out)
               : RM_OK;
}
