#include "source/flow/types.h"

#include <string.h>

/* Integers of the driver kit and of C, as 64-bit Windows has them. Sorted by name. */
static const struct {
    const char *name;
    uint8_t bits;
    bool is_signed;
} integers[] = {
    {"ACCESS_MASK", 32, false},
    {"BOOL", 32, true},
    {"BOOLEAN", 8, false},
    {"BYTE", 8, false},
    {"CCHAR", 8, true},
    {"CHAR", 8, true},
    {"CSHORT", 16, true},
    {"DEVICE_TYPE", 32, false},
    {"DWORD", 32, false},
    {"DWORD32", 32, false},
    {"DWORD64", 64, false},
    {"DWORDLONG", 64, false},
    {"DWORD_PTR", 64, false},
    {"INT", 32, true},
    {"INT16", 16, true},
    {"INT32", 32, true},
    {"INT64", 64, true},
    {"INT8", 8, true},
    {"INT_PTR", 64, true},
    {"KAFFINITY", 64, false},
    {"KIRQL", 8, false},
    {"KPRIORITY", 32, true},
    {"KPROCESSOR_MODE", 8, true},
    {"LOGICAL", 32, false},
    {"LONG", 32, true},
    {"LONG32", 32, true},
    {"LONG64", 64, true},
    {"LONGLONG", 64, true},
    {"LONG_PTR", 64, true},
    {"NDIS_OID", 32, false},
    {"NDIS_PORT_NUMBER", 32, false},
    {"NDIS_STATUS", 32, true},
    {"NTSTATUS", 32, true},
    {"PFN_NUMBER", 64, false},
    {"SHORT", 16, true},
    {"SIZE_T", 64, false},
    {"SSIZE_T", 64, true},
    {"UCHAR", 8, false},
    {"UINT", 32, false},
    {"UINT16", 16, false},
    {"UINT32", 32, false},
    {"UINT64", 64, false},
    {"UINT8", 8, false},
    {"UINT_PTR", 64, false},
    {"ULONG", 32, false},
    {"ULONG32", 32, false},
    {"ULONG64", 64, false},
    {"ULONGLONG", 64, false},
    {"ULONG_PTR", 64, false},
    {"USHORT", 16, false},
    {"WCHAR", 16, false},
    {"WORD", 16, false},
    {"__int16", 16, true},
    {"__int32", 32, true},
    {"__int64", 64, true},
    {"__int8", 8, true},
    {"bool", 8, false},
    {"char", 8, true},
    {"int", 32, true},
    {"int16_t", 16, true},
    {"int32_t", 32, true},
    {"int64_t", 64, true},
    {"int8_t", 8, true},
    {"intptr_t", 64, true},
    {"long", 32, true},
    {"long int", 32, true},
    {"long long", 64, true},
    {"long long int", 64, true},
    {"ptrdiff_t", 64, true},
    {"short", 16, true},
    {"short int", 16, true},
    {"signed", 32, true},
    {"signed char", 8, true},
    {"signed int", 32, true},
    {"signed long", 32, true},
    {"size_t", 64, false},
    {"uint16_t", 16, false},
    {"uint32_t", 32, false},
    {"uint64_t", 64, false},
    {"uint8_t", 8, false},
    {"uintptr_t", 64, false},
    {"unsigned", 32, false},
    {"unsigned __int64", 64, false},
    {"unsigned char", 8, false},
    {"unsigned int", 32, false},
    {"unsigned long", 32, false},
    {"unsigned long long", 64, false},
    {"unsigned short", 16, false},
    {"wchar_t", 16, false},
};

static bool integer_named(rm_str name, rm_type *out) {
    size_t low = 0;
    size_t high = sizeof integers / sizeof integers[0];
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = rm_str_cmp(name, rm_str_from(integers[middle].name));
        if (order == 0) {
            out->bits = integers[middle].bits;
            out->is_signed = integers[middle].is_signed;
            return true;
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return false;
}

/* Structures of the kit that drivers hold pointers to; PIRP is a pointer to an IRP. */
static const char *const kit_structures[] = {"IRP",
                                             "IO_STACK_LOCATION",
                                             "DEVICE_OBJECT",
                                             "DRIVER_OBJECT",
                                             "FILE_OBJECT",
                                             "MDL",
                                             "EPROCESS",
                                             "ETHREAD",
                                             "KPROCESS",
                                             "KTHREAD",
                                             "KEVENT",
                                             "UNICODE_STRING",
                                             "ANSI_STRING",
                                             "OBJECT_ATTRIBUTES",
                                             "IO_STATUS_BLOCK",
                                             "GUID",
                                             "PHYSICAL_ADDRESS",
                                             "LARGE_INTEGER",
                                             "ULARGE_INTEGER",
                                             "CLIENT_ID",
                                             "WDFDEVICE_INIT",
                                             "WDF_REQUEST_PARAMETERS",
                                             "NET_BUFFER_LIST",
                                             "ACCESS_TOKEN",
                                             "SECURITY_DESCRIPTOR",
                                             "PCI_SLOT_NUMBER"};

static bool is_kit_structure(rm_str name) {
    for (size_t i = 0; i < sizeof kit_structures / sizeof kit_structures[0]; i++) {
        if (rm_str_eq(name, rm_str_from(kit_structures[i]))) {
            return true;
        }
    }
    return false;
}

bool rm_type_plain(rm_str name, rm_type *out) {
    *out = (rm_type){.name = name};
    if (integer_named(name, out) || is_kit_structure(name)) {
        return true;
    }
    if (rm_str_eq(name, RM_STR("HANDLE"))) {
        *out = (rm_type){.name = RM_STR("void"), .pointers = 1};
        return true;
    }
    /* PULONG, LPDWORD: the kit's habit for pointers to what has a name */
    rm_str inner = rm_str_starts(name, RM_STR("LP"))  ? rm_str_slice(name, 2, name.len)
                   : rm_str_starts(name, RM_STR("P")) ? rm_str_slice(name, 1, name.len)
                                                      : RM_STR_NONE;
    if (rm_str_eq(inner, RM_STR("VOID"))) {
        *out = (rm_type){.name = RM_STR("void"), .pointers = 1};
        return true;
    }
    if (inner.len > 0 && (integer_named(inner, out) || is_kit_structure(inner))) {
        out->name = inner;
        out->pointers = 1;
        return true;
    }
    return false;
}

rm_type rm_type_integer(uint8_t bits, bool is_signed) {
    return (rm_type){.name = RM_STR("integer"), .bits = bits, .is_signed = is_signed};
}

bool rm_type_is_large_integer(const rm_type *type) {
    static const char *const names[] = {"LARGE_INTEGER", "ULARGE_INTEGER", "PHYSICAL_ADDRESS"};
    for (size_t i = 0; i < sizeof names / sizeof names[0] && type->pointers == 0; i++) {
        if (rm_str_eq(type->name, rm_str_from(names[i]))) {
            return true;
        }
    }
    return false;
}

rm_type rm_type_deref(const rm_type *type) {
    rm_type to = *type;
    if (to.dims > 0) {
        for (uint8_t i = 1; i < to.dims; i++) {
            to.count[i - 1] = to.count[i];
            to.count_text[i - 1] = to.count_text[i];
        }
        to.dims--;
        return to;
    }
    if (to.pointers > 0) {
        to.pointers--;
        return to;
    }
    return (rm_type){.name = RM_STR_NONE};
}

rm_type rm_type_pointer(const rm_type *type) {
    rm_type to = *type;
    to.dims = 0; /* a pointer to an array is handled as one to its elements */
    to.pointers = (uint8_t)(to.pointers < 8 ? to.pointers + 1 : 8);
    return to;
}

rm_type rm_type_member(const rm_type *of, rm_str field) {
    if (of->record != NULL) {
        for (uint32_t i = 0; i < of->record->fields.count; i++) {
            if (rm_str_eq(of->record->fields.at[i].name, field)) {
                return of->record->fields.at[i].type;
            }
        }
    }
    /* LARGE_INTEGER and its kin are in no driver's own headers */
    if (rm_str_eq(field, RM_STR("QuadPart"))) {
        return rm_type_integer(64, true);
    }
    if (rm_str_eq(field, RM_STR("LowPart"))) {
        return rm_type_integer(32, false);
    }
    if (rm_str_eq(field, RM_STR("HighPart"))) {
        return rm_type_integer(32, true);
    }
    return (rm_type){.name = RM_STR_NONE};
}

/* A name with its length: these are asked for all the time. */
#define NAME(text) text, sizeof(text) - 1

/* Names that unions of the driver kit use; their record is not in the driver's sources. */
static const struct {
    const char *name;
    size_t length;
} union_members[] = {{NAME("QuadPart")}, {NAME("LowPart")}, {NAME("HighPart")}, {NAME("u")},
                     {NAME("AsULONG")},  {NAME("bits")},    {NAME("AsUlong")},  {NAME("All")}};

static bool may_be_union_member(rm_str name) {
    for (size_t i = 0; i < sizeof union_members / sizeof union_members[0]; i++) {
        if (rm_str_eq(name, (rm_str){union_members[i].name, union_members[i].length})) {
            return true;
        }
    }
    return false;
}

bool rm_type_overlaps(const rm_record *record, rm_str a, rm_str b) {
    if (rm_str_eq(a, b)) {
        return true;
    }
    if (record != NULL) {
        return record->is_union || record->has_union;
    }
    return may_be_union_member(a) || may_be_union_member(b);
}

/* Structures of the kit that requests are made of, on a 64-bit system; 0: not one of them. */
static int64_t kit_size(rm_str name, int64_t *align) {
    static const struct {
        const char *name;
        uint8_t length, size, align;
    } sizes[] = {
        {NAME("LARGE_INTEGER"), 8, 8},
        {NAME("ULARGE_INTEGER"), 8, 8},
        {NAME("PHYSICAL_ADDRESS"), 8, 8},
        {NAME("GUID"), 16, 4},
        {NAME("LUID"), 8, 4},
        {NAME("UNICODE_STRING"), 16, 8},
        {NAME("ANSI_STRING"), 16, 8},
        {NAME("CLIENT_ID"), 16, 8},
        {NAME("LIST_ENTRY"), 16, 8},
        {NAME("IO_STATUS_BLOCK"), 16, 8},
        {NAME("FILETIME"), 8, 4},
        {NAME("PCI_SLOT_NUMBER"), 4, 4},
    };
    *align = 0;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        if (rm_str_eq(name, (rm_str){sizes[i].name, sizes[i].length})) {
            *align = sizes[i].align;
            return sizes[i].size;
        }
    }
    return 0;
}

static int64_t type_align(const rm_type *type) {
    int64_t align;
    return type->pointers > 0                 ? 8
           : type->bits > 0                   ? type->bits / 8
           : type->record != NULL             ? type->record->align
           : kit_size(type->name, &align) > 0 ? align
                                              : 0;
}

/* Of a member, in this record. */
static int64_t member_align(const rm_record *record, const rm_type *type) {
    int64_t align = type_align(type);
    return record->pack > 0 && align > record->pack ? record->pack : align;
}

static int64_t record_align(const rm_record *record) {
    int64_t most = 1;
    for (uint32_t i = 0; i < record->fields.count; i++) {
        int64_t align = member_align(record, &record->fields.at[i].type);
        if (align == 0) {
            return 0;
        }
        most = align > most ? align : most;
    }
    return most;
}

static int64_t rounded(int64_t n, int64_t align) {
    return align > 1 ? (n + align - 1) / align * align : n;
}

/* Members are laid one behind the other; those behind one that is not known have no offset. */
typedef struct layout {
    int64_t end;
    bool known;
} layout;

static int64_t place_in(const rm_record *record, layout *l, int64_t size, int64_t align) {
    l->known = l->known && align > 0 && l->end <= INT32_MAX;
    int64_t offset = !l->known ? -1 : record->is_union ? 0 : rounded(l->end, align);
    l->known = l->known && size > 0;
    l->end = l->known && offset + size > l->end ? offset + size : l->end;
    return offset;
}

/* The members of a nameless struct or union, from the first on; how many they are. */
static uint32_t place_group(rm_record *record, uint32_t first, layout *l) {
    const rm_record *group = record->fields.at[first].group;
    int64_t align = record->pack > 0 && group->align > record->pack ? record->pack : group->align;
    int64_t start = place_in(record, l, group->size, align);
    uint32_t count = 0;
    while (first + count < record->fields.count) {
        rm_field *field = &record->fields.at[first + count];
        if (field->group != group || field->in_group != count) {
            break;
        }
        int64_t inner = group->fields.at[count].offset;
        field->offset = start >= 0 && inner >= 0 ? start + inner : -1;
        count++;
    }
    return count;
}

void rm_record_measure(rm_record *record) {
    layout l = {.known = !record->irregular};
    record->align = record->irregular ? 0 : record_align(record);
    record->size = 0;
    for (uint32_t i = 0; i < record->fields.count;) {
        rm_field *field = &record->fields.at[i];
        if (field->group != NULL) {
            i += place_group(record, i, &l);
            continue;
        }
        field->offset =
            place_in(record, &l, rm_type_size(&field->type), member_align(record, &field->type));
        i++;
    }
    if (l.known && record->align > 0) {
        record->size = rounded(l.end, record->align);
    }
}

rm_str rm_type_size_name(const rm_type *type) {
    if (type->pointers > 0 || type->dims > 0) {
        return RM_STR_NONE;
    }
    return type->record != NULL && type->record->name.len > 0 ? type->record->name : type->name;
}

int64_t rm_type_size(const rm_type *type) {
    int64_t align;
    int64_t size = type->pointers > 0     ? 8
                   : type->bits > 0       ? type->bits / 8
                   : type->record != NULL ? type->record->size
                                          : kit_size(type->name, &align);
    for (uint8_t i = 0; i < type->dims; i++) {
        if (type->count[i] <= 0 || size > INT32_MAX || type->count[i] > INT32_MAX) {
            return 0;
        }
        size *= type->count[i];
    }
    return size;
}

uint32_t rm_node_children(TSNode node, const char *field, TSNode *out, uint32_t max) {
    uint32_t count = 0;
    TSTreeCursor cursor = ts_tree_cursor_new(node);
    bool more = ts_tree_cursor_goto_first_child(&cursor);
    for (; more && count < max; more = ts_tree_cursor_goto_next_sibling(&cursor)) {
        const char *name = ts_tree_cursor_current_field_name(&cursor);
        if (name != NULL && strcmp(name, field) == 0) {
            out[count++] = ts_tree_cursor_current_node(&cursor);
        }
    }
    ts_tree_cursor_delete(&cursor);
    return count;
}
