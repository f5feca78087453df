#include "inf/folders.h"

static const struct {
    uint32_t number;
    const char *folder;
} folders[] = {
    {10, "C:\\windows"},
    {11, "C:\\windows\\system32"},
    {12, "C:\\windows\\system32\\drivers"},
    {17, "C:\\windows\\inf"},
    {18, "C:\\windows\\help"},
    {20, "C:\\windows\\fonts"},
    {21, "C:\\windows\\system32\\viewers"},
    {23, "C:\\windows\\system32\\spool\\drivers\\color"},
    {24, "C:\\"},
    {25, "C:\\windows"},
    {30, "C:\\"},
    {50, "C:\\windows\\system"},
    {51, "C:\\windows\\system32\\spool"},
    {52, "C:\\windows\\system32\\spool\\drivers"},
    {54, "C:\\"},
    {55, "C:\\windows\\system32\\spool\\prtprocs"},
    {16419, "C:\\ProgramData"}, /* 16384 + CSIDL */
    {16420, "C:\\windows"},
    {16421, "C:\\windows\\system32"},
    {16422, "C:\\Program Files"},
    {16425, "C:\\windows\\syswow64"},
    {16426, "C:\\Program Files (x86)"},
    {16427, "C:\\Program Files\\Common Files"},
    {16428, "C:\\Program Files (x86)\\Common Files"},
};

static const char *folder_of(rm_str number) {
    uint64_t value = 0;
    if (number.len == 0 || number.len > 5 || !rm_str_u64(number, &value)) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        if (folders[i].number == value) {
            return folders[i].folder;
        }
    }
    return NULL;
}

/* The root of a drive has its backslash; a second one behind it is dropped. */
static void put_folder(rm_buf *buf, rm_str folder, rm_str rest) {
    if (rm_str_iends(folder, RM_STR("\\")) && rm_str_starts(rest, RM_STR("\\"))) {
        folder.len--;
    }
    rm_buf_str(buf, folder);
}

rm_status rm_inf_folders(rm_arena *arena, rm_str text, rm_str *out) {
    rm_buf buf = {.arena = arena};
    rm_str rest = text;
    size_t open = 0;
    size_t close = 0;
    while (rm_str_find_char(rest, '%', &open)) {
        rm_str name = rm_str_slice(rest, open + 1, rest.len);
        if (!rm_str_find_char(name, '%', &close)) {
            break;
        }
        const char *folder = folder_of(rm_str_slice(name, 0, close));
        if (folder == NULL) {
            rm_buf_str(&buf, rm_str_slice(rest, 0, open + 1));
            rest = name;
            continue;
        }
        rm_buf_str(&buf, rm_str_slice(rest, 0, open));
        rest = rm_str_slice(name, close + 1, name.len);
        put_folder(&buf, rm_str_from(folder), rest);
    }
    if (buf.status != RM_OK) {
        return buf.status;
    }
    if (buf.len == 0) {
        *out = text;
        return RM_OK;
    }
    rm_buf_str(&buf, rest);
    *out = rm_buf_view(&buf);
    return buf.status;
}
