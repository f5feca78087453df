#include "source/flow/walk.h"

/*
 * Routines that copy text: what stands behind the source stands behind the destination, whether
 * that is a variable, a member of the driver's own structures or a counted string's buffer
 * (ntstrsafe.h, wdm.h, string.h).
 */

typedef enum rm_text_shape {
    TEXT_PLAIN,   /* the destination is where the text goes */
    TEXT_COUNTED, /* it is a UNICODE_STRING: where its Buffer points */
    TEXT_PRINTED, /* plain, made of everything from the source on */
    TEXT_COUNTED_PRINTED,
    TEXT_OF_LIST /* of a va_list: whose bytes these are is not followed */
} rm_text_shape;

static const struct {
    const char *name; /* without A, W, Ex, _s and l */
    uint8_t source;
    rm_text_shape shape;
    bool adds; /* what was there stays in front */
} copiers[] = {
    {"RtlStringCchCopy", 2, TEXT_PLAIN, false},
    {"RtlStringCbCopy", 2, TEXT_PLAIN, false},
    {"RtlStringCchCopyN", 2, TEXT_PLAIN, false},
    {"RtlStringCbCopyN", 2, TEXT_PLAIN, false},
    {"RtlStringCchCat", 2, TEXT_PLAIN, true},
    {"RtlStringCbCat", 2, TEXT_PLAIN, true},
    {"RtlStringCchCatN", 2, TEXT_PLAIN, true},
    {"RtlStringCbCatN", 2, TEXT_PLAIN, true},
    {"StringCchCopy", 2, TEXT_PLAIN, false},
    {"StringCbCopy", 2, TEXT_PLAIN, false},
    {"StringCchCat", 2, TEXT_PLAIN, true},
    {"StringCbCat", 2, TEXT_PLAIN, true},
    {"RtlUnicodeStringCopy", 1, TEXT_COUNTED, false},
    {"RtlUnicodeStringCopyString", 1, TEXT_COUNTED, false},
    {"RtlUnicodeStringCat", 1, TEXT_COUNTED, true},
    {"RtlUnicodeStringCatString", 1, TEXT_COUNTED, true},
    {"RtlCopyUnicodeString", 1, TEXT_COUNTED, false},
    {"RtlAppendUnicodeStringToString", 1, TEXT_COUNTED, true},
    {"RtlAppendUnicodeToString", 1, TEXT_COUNTED, true},
    {"RtlUpcaseUnicodeString", 1, TEXT_COUNTED, false},
    {"RtlDowncaseUnicodeString", 1, TEXT_COUNTED, false},
    {"RtlAnsiStringToUnicodeString", 1, TEXT_COUNTED, false},
    {"RtlUnicodeStringToAnsiString", 1, TEXT_COUNTED, false},
    {"RtlStringCchPrintf", 2, TEXT_PRINTED, false},
    {"RtlStringCbPrintf", 2, TEXT_PRINTED, false},
    {"RtlStringCchVPrintf", 2, TEXT_OF_LIST, false},
    {"RtlStringCbVPrintf", 2, TEXT_OF_LIST, false},
    {"RtlUnicodeStringPrintf", 1, TEXT_COUNTED_PRINTED, false},
    {"sprintf", 1, TEXT_PRINTED, false},
    {"swprintf", 1, TEXT_PRINTED, false},
    {"vsprintf", 1, TEXT_OF_LIST, false},
    {"vswprintf", 1, TEXT_OF_LIST, false},
    {"_snprintf", 2, TEXT_PRINTED, false},
    {"_snwprintf", 2, TEXT_PRINTED, false},
    {"_vsnprintf", 2, TEXT_OF_LIST, false},
    {"_vsnwprintf", 2, TEXT_OF_LIST, false},
    {"sprintf_s", 2, TEXT_PRINTED, false},
    {"swprintf_s", 2, TEXT_PRINTED, false},
    {"lstrcpyW", 1, TEXT_PLAIN, false},
    {"lstrcpyA", 1, TEXT_PLAIN, false},
    {"wcscpy", 1, TEXT_PLAIN, false},
    {"strcpy", 1, TEXT_PLAIN, false},
    {"wcsncpy", 1, TEXT_PLAIN, false},
    {"strncpy", 1, TEXT_PLAIN, false},
    {"wcscat", 1, TEXT_PLAIN, true},
    {"strcat", 1, TEXT_PLAIN, true},
    {"wcsncat", 1, TEXT_PLAIN, true},
    {"strncat", 1, TEXT_PLAIN, true},
    {"wcscpy_s", 2, TEXT_PLAIN, false},
    {"strcpy_s", 2, TEXT_PLAIN, false},
    {"wcsncpy_s", 2, TEXT_PLAIN, false},
    {"strncpy_s", 2, TEXT_PLAIN, false},
    {"wcscat_s", 2, TEXT_PLAIN, true},
    {"strcat_s", 2, TEXT_PLAIN, true},
};

/* RtlStringCchCopyNExW: RtlStringCchCopyN */
static rm_str without_ending(rm_str name) {
    bool safe = rm_str_find(name, RM_STR("StringC"), &(size_t){0});
    if (safe && name.len > 0 && (name.ptr[name.len - 1] == 'W' || name.ptr[name.len - 1] == 'A')) {
        name.len--;
    }
    bool extended =
        name.len > 2 && rm_str_eq(rm_str_slice(name, name.len - 2, name.len), RM_STR("Ex"));
    return extended ? rm_str_slice(name, 0, name.len - 2) : name;
}

static size_t row_of(rm_str name) {
    rm_str plain = without_ending(name);
    size_t row = 0;
    while (row < sizeof copiers / sizeof copiers[0] &&
           !rm_str_eq(plain, rm_str_from(copiers[row].name))) {
        row++;
    }
    return row;
}

bool rm_strings_copies(rm_str name) {
    return row_of(name) < sizeof copiers / sizeof copiers[0];
}

static bool is_printed(rm_text_shape shape) {
    return shape == TEXT_PRINTED || shape == TEXT_COUNTED_PRINTED;
}

static bool is_counted(rm_text_shape shape) {
    return shape == TEXT_COUNTED || shape == TEXT_COUNTED_PRINTED;
}

/* The text itself: derived from the worst that the source leads to. */
static rm_value text_behind(rm_walk *w, rm_world *world, const rm_call_site *site, size_t row) {
    rm_span span = site->e->span;
    if (copiers[row].shape == TEXT_OF_LIST) {
        return rm_value_unknown(w, "arguments behind ... are not followed", span);
    }
    uint32_t end = is_printed(copiers[row].shape) ? site->count : copiers[row].source + 1u;
    rm_value text = rm_value_const(0);
    for (uint32_t i = copiers[row].source; i < end; i++) {
        rm_value one = rm_effect_carried(w, world, site->args[i]);
        text = rm_value_taint(w, one) > rm_value_taint(w, text) ? one : text;
    }
    rm_taint taint = rm_value_taint(w, text);
    if (taint == RM_TAINT_USER) {
        return rm_value_symbol(rm_symbol_lookup(w, text, span));
    }
    if (taint == RM_TAINT_UNKNOWN || taint == RM_TAINT_KEPT) {
        return text;
    }
    return rm_value_symbol(rm_symbol_fresh(w, RM_TAINT_NONE, NULL, span));
}

static void put(rm_walk *w, rm_world *world, rm_value to, rm_value text, bool adds, rm_span span) {
    bool known = to.kind == RM_VALUE_SYMBOL || to.kind == RM_VALUE_POINTER;
    uint32_t place = known ? rm_cell_pointee(w, to) : RM_NONE;
    if (!known || rm_cell_shared(w, place)) {
        return;
    }
    rm_value old = rm_memory_worst(w, world, place);
    if (adds && rm_value_taint(w, old) > rm_value_taint(w, text)) {
        text = old;
    }
    rm_memory_store(w, world, place, text);
    rm_kept_store(w, world, place, text, span);
    rm_state_changed(w, world, place, text, span);
}

rm_value rm_strings_copy(rm_walk *w, rm_world *world, const rm_call_site *site) {
    size_t row = row_of(site->name);
    rm_span span = site->e->span;
    rm_value result = rm_value_symbol(rm_symbol_fresh(w, RM_TAINT_NONE, &site->e->type, span));
    if (site->count <= copiers[row].source) {
        return result;
    }
    rm_value to = site->args[0];
    rm_value text = text_behind(w, world, site, row);
    rm_value buffer;
    if (to.kind != RM_VALUE_POINTER || !is_counted(copiers[row].shape)) {
        put(w, world, to, text, copiers[row].adds, span);
    } else if (rm_memory_member(w, world, to.id, RM_STR("Buffer"), &buffer)) {
        put(w, world, buffer, text, copiers[row].adds, span);
    } else if (rm_value_taint(w, text) >= RM_TAINT_UNKNOWN) {
        /* where its Buffer points was set elsewhere, or the routine sets it */
        rm_value any = rm_value_unknown(w, "text of the caller's was put into it", span);
        put(w, world, to, any, copiers[row].adds, span);
    }
    return result;
}
