#include "source/guid_names.h"

#include "source/device_path.h"
#include "source/lex.h"
#include "source/literals.h"
#include "source/values.h"

static rm_status add(rm_arena *arena, rm_guid_names *out, rm_guid_text guid) {
    uint32_t *index = NULL;
    bool is_new = false;
    rm_status st = rm_map_at(&out->names, guid.name, &index, &is_new);
    if (st != RM_OK || !is_new) {
        return st;
    }
    *index = out->texts.count;
    rm_guid_text *slot = rm_push(arena, &out->texts);
    if (slot == NULL) {
        return RM_NOMEM;
    }
    *slot = guid;
    return RM_OK;
}

bool rm_guid_names_is_type(rm_str word) {
    static const char *const types[] = {"GUID", "CLSID", "IID", "guid"};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (rm_str_eq(word, rm_str_from(types[i]))) {
            return true;
        }
    }
    return false;
}

/* NAME = {…} or NAME{…} behind the type. */
static rm_status look_at_variable(rm_arena *arena, rm_lexer lexer, rm_guid_names *out) {
    rm_guid_text guid = {0};
    rm_token name = rm_lex(&lexer);
    rm_token t = rm_lex(&lexer);
    t = rm_token_is(t, "=") ? rm_lex(&lexer) : t;
    if (name.kind != RM_TOKEN_NAME || !rm_token_is(t, "{") ||
        !rm_lex_skip_group(&lexer, &guid.numbers)) {
        return RM_OK;
    }
    guid.name = name.text;
    return add(arena, out, guid);
}

static rm_status collect_file(rm_arena *arena, const rm_set_file *file, rm_guid_names *out) {
    rm_lexer lexer = rm_lexer_of(file->text);
    size_t at = 0;
    rm_status st = RM_OK;
    for (uint32_t g = 0; st == RM_OK && g < file->scan.guids.count; g++) {
        st = add(arena, out, file->scan.guids.at[g]);
    }
    bool any = rm_str_find(file->text, RM_STR("GUID"), &at) ||
               rm_str_find(file->text, RM_STR("CLSID"), &at) ||
               rm_str_find(file->text, RM_STR("guid"), &at);
    for (rm_token t = any ? rm_lex(&lexer) : (rm_token){0}; st == RM_OK && t.kind != RM_TOKEN_END;
         t = rm_lex(&lexer)) {
        if (t.kind == RM_TOKEN_NAME && rm_guid_names_is_type(t.text)) {
            st = look_at_variable(arena, lexer, out);
        }
    }
    return st;
}

rm_status rm_guid_names_collect(rm_arena *arena, const rm_source_set *set,
                                const rm_file_bits *files, rm_guid_names *out) {
    *out = (rm_guid_names){.names = {.arena = arena}};
    rm_status st = RM_OK;
    for (uint32_t f = 0; st == RM_OK && f < set->files.count; f++) {
        if (rm_bits_has(files, f)) {
            st = collect_file(arena, &set->files.at[f], out);
        }
    }
    return st;
}

bool rm_guid_names_find(const rm_guid_names *names, rm_str name, uint32_t *index) {
    return rm_map_get(&names->names, name, index);
}

rm_status rm_guid_names_text(const rm_guid_names *names, rm_arena *arena, uint32_t index,
                             rm_str *out) {
    rm_str literal = RM_STR_NONE;
    rm_status st = rm_guid_of_numbers(arena, names->texts.at[index].numbers, out);
    if (st == RM_OK && out->len == 0 &&
        rm_literal_text(arena, names->texts.at[index].numbers, &literal)) {
        st = rm_guid_of_text(arena, literal, out); /* winrt::guid NAME{L"…"} */
    }
    return st;
}

rm_status rm_guid_names_get(const rm_guid_names *names, rm_arena *arena, rm_str name, rm_str *out,
                            bool *known) {
    uint32_t index = 0;
    if (rm_guid_names_find(names, name, &index)) {
        *known = true;
        return rm_guid_names_text(names, arena, index, out);
    }
    *out = rm_guid_known(name);
    *known = out->len > 0;
    return RM_OK;
}
