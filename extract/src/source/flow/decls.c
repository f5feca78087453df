#include "source/build.h"
#include "source/flow/names.h"
#include "source/flow/types.h"
#include "source/limits.h"
#include "source/normalise.h"

enum { MAX_DEPTH = 24 }; /* of records in records, of declarators, of typedefs of typedefs */

typedef struct rm_alias {
    rm_str name;
    rm_type type;
} rm_alias;

RM_LIST(rm_records, rm_record *);
RM_LIST(rm_aliases, rm_alias);
RM_LIST(rm_globals, rm_global);

struct rm_decls {
    rm_arena *arena;
    const rm_source_unit *unit;
    rm_records records;
    rm_aliases aliases;
    rm_globals globals;
    rm_names *record_names; /* id = index in `by_name` */
    rm_names *alias_names;
    rm_names *global_names;
    rm_names *member_names;
    rm_pack_scan packing; /* of the file that was read last */
    bool failed;
};

const rm_global *rm_decls_global(const rm_decls *decls, rm_str name) {
    uint32_t id = 0;
    return rm_names_find(decls->global_names, name, &id) ? &decls->globals.at[id] : NULL;
}

bool rm_decls_is_member(const rm_decls *decls, rm_str name) {
    uint32_t id = 0;
    return rm_names_find(decls->member_names, name, &id);
}

static bool has_member(const rm_record *record, rm_str name) {
    for (uint32_t i = 0; i < record->fields.count; i++) {
        if (rm_str_eq(record->fields.at[i].name, name)) {
            return true;
        }
    }
    return false;
}

bool rm_decls_is_only_member(const rm_decls *decls, rm_str name) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < decls->records.count && count < 2; i++) {
        count += has_member(decls->records.at[i], name);
    }
    return count == 1;
}

/* --- types by name --- */

static rm_str without_word(rm_str text, rm_str word) {
    if (rm_str_starts(text, word) && text.len > word.len &&
        (text.ptr[word.len] == ' ' || text.ptr[word.len] == '\t')) {
        return rm_str_trim(rm_str_slice(text, word.len, text.len));
    }
    return text;
}

static rm_str without_qualifiers(rm_str text) {
    static const char *const words[] = {"const",  "volatile", "struct", "union", "enum",
                                        "static", "extern",   "class",  "CONST"};
    rm_str before = RM_STR_NONE;
    text = rm_str_trim(text);
    while (text.len != before.len) {
        before = text;
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
            text = without_word(text, rm_str_from(words[i]));
        }
    }
    return text;
}

static rm_type type_named(const rm_decls *decls, rm_str name, unsigned depth) {
    rm_type type;
    uint32_t id = 0;
    if (rm_names_find(decls->alias_names, name, &id) && id < decls->aliases.count &&
        depth < MAX_DEPTH) {
        type = decls->aliases.at[id].type;
        /* a typedef of something that is only known by another name */
        if (type.record == NULL && type.bits == 0 && !rm_str_eq(type.name, name)) {
            rm_type base = type_named(decls, type.name, depth + 1);
            base.pointers = (uint8_t)(base.pointers + type.pointers);
            return base;
        }
        return type;
    }
    if (rm_names_find(decls->record_names, name, &id) && id < decls->records.count) {
        return (rm_type){.name = name, .record = decls->records.at[id]};
    }
    size_t scope = 0;
    if (!rm_type_plain(name, &type) && depth < MAX_DEPTH &&
        rm_str_find(name, RM_STR("::"), &scope)) {
        return type_named(decls, rm_str_slice(name, scope + 2, name.len), depth + 1);
    }
    return type;
}

rm_type rm_type_named(const rm_decls *decls, rm_str text) {
    uint8_t pointers = 0;
    text = without_qualifiers(text);
    while (text.len > 0 && (text.ptr[text.len - 1] == '*' || text.ptr[text.len - 1] == ' ' ||
                            text.ptr[text.len - 1] == '&')) {
        pointers = (uint8_t)(pointers + (text.ptr[text.len - 1] == '*' && pointers < 8));
        text.len--;
    }
    rm_type type = type_named(decls, rm_str_trim(text), 0);
    type.pointers = (uint8_t)(type.pointers + pointers);
    return type;
}

bool rm_type_known(const rm_decls *decls, rm_str name) {
    rm_type type;
    uint32_t id = 0;
    return rm_names_find(decls->alias_names, name, &id) ||
           rm_names_find(decls->record_names, name, &id) || rm_type_plain(name, &type);
}

/* --- records --- */

static rm_type record_type(rm_decls *decls, const rm_source_file *file, TSNode node,
                           rm_str fallback, unsigned depth);

static bool is_record(TSNode node) {
    return rm_node_is(node, "struct_specifier") || rm_node_is(node, "union_specifier") ||
           rm_node_is(node, "class_specifier");
}

/* `fallback` names a record without a tag. */
static rm_type base_type(rm_decls *decls, const rm_source_file *file, TSNode node, rm_str fallback,
                         unsigned depth) {
    if (ts_node_is_null(node)) {
        return (rm_type){.name = RM_STR_NONE};
    }
    if (is_record(node)) {
        return record_type(decls, file, node, fallback, depth);
    }
    if (rm_node_is(node, "enum_specifier")) {
        return (rm_type){.name = RM_STR("enum"), .bits = 32, .is_signed = true};
    }
    return type_named(decls, without_qualifiers(rm_node_text(file, node)), 0);
}

static void add_dimension(const rm_decls *decls, const rm_source_file *file, TSNode declarator,
                          rm_type *type) {
    TSNode size = rm_node_field(declarator, "size");
    int64_t count = 0;
    if (type->dims == RM_TYPE_DIMS) {
        return;
    }
    /* inner declarators are met last: int a[2][3] comes as ((a[2])[3]) */
    for (uint8_t i = type->dims; i > 0; i--) {
        type->count[i] = type->count[i - 1];
        type->count_text[i] = type->count_text[i - 1];
    }
    type->count[0] = 0;
    type->count_text[0] = RM_STR_NONE;
    if (!ts_node_is_null(size)) {
        type->count_text[0] = rm_node_text(file, size);
        if (rm_unit_eval(decls->unit, type->count_text[0], &count) && count > 0) {
            type->count[0] = count;
        }
    }
    type->dims++;
}

static TSNode inner_declarator(TSNode node) {
    TSNode inner = rm_node_field(node, "declarator");
    if (ts_node_is_null(inner) && ts_node_named_child_count(node) > 0 &&
        !rm_node_is(node, "identifier") && !rm_node_is(node, "field_identifier") &&
        !rm_node_is(node, "type_identifier")) {
        /* parenthesized_declarator, reference_declarator have no field */
        inner = ts_node_named_child(node, ts_node_named_child_count(node) - 1);
    }
    return inner;
}

static rm_type declared(const rm_decls *decls, const rm_source_file *file, rm_type type,
                        TSNode declarator, rm_str *name) {
    *name = RM_STR_NONE;
    for (unsigned depth = 0; depth < MAX_DEPTH && !ts_node_is_null(declarator); depth++) {
        if (rm_node_is(declarator, "identifier") || rm_node_is(declarator, "field_identifier") ||
            rm_node_is(declarator, "type_identifier")) {
            *name = rm_node_text(file, declarator);
            return type;
        }
        if (rm_node_is(declarator, "pointer_declarator") ||
            rm_node_is(declarator, "abstract_pointer_declarator")) {
            type.pointers = (uint8_t)(type.pointers < 8 ? type.pointers + 1 : 8);
        } else if (rm_node_is(declarator, "array_declarator") ||
                   rm_node_is(declarator, "abstract_array_declarator")) {
            add_dimension(decls, file, declarator, &type);
        } else if (rm_node_is(declarator, "function_declarator") ||
                   rm_node_is(declarator, "abstract_function_declarator")) {
            type = (rm_type){.name = RM_STR("function"), .pointers = 1};
        }
        declarator = inner_declarator(declarator);
    }
    return type;
}

rm_type rm_type_of_declarator(rm_decls *decls, const rm_source_file *file, TSNode type,
                              TSNode declarator, rm_str *name) {
    rm_type base = {.name = RM_STR_NONE};
    if (!ts_node_is_null(type) && !is_record(type)) {
        base = rm_node_is(type, "enum_specifier")
                   ? (rm_type){.name = RM_STR("enum"), .bits = 32, .is_signed = true}
                   : type_named(decls, without_qualifiers(rm_node_text(file, type)), 0);
    } else if (!ts_node_is_null(type)) {
        base = record_type(decls, file, type, RM_STR_NONE, 0); /* may be defined on the spot */
    }
    return declared(decls, file, base, declarator, name);
}

static void add_field(rm_decls *decls, rm_record *record, rm_str name, rm_type type) {
    rm_field *field = rm_push(decls->arena, &record->fields);
    if (field == NULL) {
        decls->failed = true;
        return;
    }
    *field = (rm_field){.name = name, .type = type, .offset = -1};
    decls->failed |= rm_names_id(decls->member_names, name) == UINT32_MAX;
}

static bool has_child(TSNode node, const char *type) {
    uint32_t count = ts_node_child_count(node);
    for (uint32_t i = 0; i < count; i++) {
        if (rm_node_is(ts_node_child(node, i), type)) {
            return true;
        }
    }
    return false;
}

static bool is_destructor(const rm_source_file *file, TSNode function) {
    TSNode declarator = rm_node_field(function, "declarator");
    return !ts_node_is_null(declarator) &&
           rm_str_starts(rm_node_text(file, declarator), RM_STR("~"));
}

bool rm_node_stores(TSNode node, unsigned depth) {
    if (rm_node_is(node, "assignment_expression") || rm_node_is(node, "update_expression") ||
        depth > 64) {
        return true;
    }
    uint32_t count = ts_node_named_child_count(node);
    for (uint32_t i = 0; i < count; i++) {
        if (rm_node_stores(ts_node_named_child(node, i), depth + 1)) {
            return true;
        }
    }
    return false;
}

static void read_member(rm_decls *decls, const rm_source_file *file, rm_record *record,
                        TSNode member, unsigned depth) {
    rm_type base = base_type(decls, file, rm_node_field(member, "type"), RM_STR_NONE, depth + 1);
    TSNode declarators[RM_TYPE_DECLARATORS];
    uint32_t count = rm_node_children(member, "declarator", declarators, RM_TYPE_DECLARATORS);
    for (uint32_t i = 0; i < count; i++) {
        rm_str name;
        rm_type type = declared(decls, file, base, declarators[i], &name);
        add_field(decls, record, name, type);
    }
    record->irregular |= has_child(member, "bitfield_clause") || has_child(member, "virtual");
    if (count == 0 && base.record != NULL) {
        record->has_union |= base.record->is_union || base.record->has_union;
        record->irregular |= base.record->irregular;
        for (uint32_t i = 0; i < base.record->fields.count; i++) {
            add_field(decls, record, base.record->fields.at[i].name,
                      base.record->fields.at[i].type);
            if (!decls->failed) {
                rm_field *added = &record->fields.at[record->fields.count - 1];
                added->group = base.record;
                added->in_group = i;
            }
        }
    }
}

static void read_members(rm_decls *decls, const rm_source_file *file, rm_record *record,
                         TSNode list, unsigned depth) {
    uint32_t count = ts_node_named_child_count(list);
    for (uint32_t i = 0; i < count && depth < MAX_DEPTH; i++) {
        TSNode child = ts_node_named_child(list, i);
        if (rm_node_is(child, "field_declaration")) {
            read_member(decls, file, record, child, depth);
        } else if (rm_node_is(child, "function_definition")) {
            record->irregular |= has_child(child, "virtual");
            record->ends_with_stores |= is_destructor(file, child) && rm_node_stores(child, 0);
        } else if (rm_str_starts(rm_str_from(ts_node_type(child)), RM_STR("preproc_"))) {
            record->irregular |=
                rm_str_starts(rm_str_from(ts_node_type(child)), RM_STR("preproc_if"));
            read_members(decls, file, record, child, depth + 1);
        }
    }
}

static void name_record(rm_decls *decls, rm_str name, rm_record *record) {
    uint32_t id = rm_names_id(decls->record_names, name);
    if (id == UINT32_MAX) {
        decls->failed = true;
        return;
    }
    if (id < decls->records.count) {
        return; /* the first definition wins; a second one of that name is another #if branch */
    }
    rm_record **place = rm_push(decls->arena, &decls->records);
    if (place == NULL) {
        decls->failed = true;
        return;
    }
    *place = record;
}

/* What a class has of those it is derived from stands behind its own, which goes first by name. */
static void read_bases(rm_decls *decls, const rm_source_file *file, rm_record *record,
                       TSNode node) {
    for (uint32_t i = 0; i < ts_node_named_child_count(node); i++) {
        TSNode clause = ts_node_named_child(node, i);
        if (!rm_node_is(clause, "base_class_clause")) {
            continue;
        }
        record->irregular = true;
        for (uint32_t k = 0; k < ts_node_named_child_count(clause); k++) {
            rm_type base = rm_type_named(decls, rm_node_text(file, ts_node_named_child(clause, k)));
            for (uint32_t m = 0; base.record != NULL && m < base.record->fields.count; m++) {
                const rm_field *field = &base.record->fields.at[m];
                add_field(decls, record, field->name, field->type);
            }
        }
    }
}

static rm_type record_type(rm_decls *decls, const rm_source_file *file, TSNode node,
                           rm_str fallback, unsigned depth) {
    TSNode tag = rm_node_field(node, "name");
    TSNode body = rm_node_field(node, "body");
    rm_str name = ts_node_is_null(tag) ? RM_STR_NONE : rm_node_text(file, tag);
    if (ts_node_is_null(body) || depth >= MAX_DEPTH) {
        return type_named(decls, name, 0);
    }
    rm_record *record = RM_NEW(decls->arena, rm_record);
    if (record == NULL) {
        decls->failed = true;
        return (rm_type){.name = RM_STR_NONE};
    }
    record->name = name.len > 0 ? name : fallback;
    record->is_union = rm_node_is(node, "union_specifier");
    record->pack = rm_pack_at(&decls->packing, file->text, ts_node_start_byte(node));
    read_members(decls, file, record, body, depth);
    read_bases(decls, file, record, node);
    rm_record_measure(record);
    if (name.len > 0) {
        name_record(decls, name, record);
    }
    return (rm_type){.name = record->name, .record = record};
}

/* --- what stands at file level --- */

/* The plain name among those that a typedef declares: IN1 of "IN1, *PIN1". */
static rm_str typedef_name(const rm_source_file *file, TSNode node) {
    uint32_t count = ts_node_named_child_count(node);
    for (uint32_t i = 0; i < count; i++) {
        TSNode child = ts_node_named_child(node, i);
        if (rm_node_is(child, "type_identifier")) {
            return rm_node_text(file, child);
        }
    }
    return RM_STR_NONE;
}

static void read_typedef(rm_decls *decls, const rm_source_file *file, TSNode node) {
    TSNode type_node = rm_node_field(node, "type");
    rm_str fallback = is_record(type_node) ? typedef_name(file, node) : RM_STR_NONE;
    rm_type base = base_type(decls, file, type_node, fallback, 0);
    TSNode declarators[RM_TYPE_DECLARATORS];
    uint32_t count = rm_node_children(node, "declarator", declarators, RM_TYPE_DECLARATORS);
    for (uint32_t i = 0; i < count; i++) {
        rm_str name;
        rm_type type = declared(decls, file, base, declarators[i], &name);
        uint32_t id = name.len > 0 ? rm_names_id(decls->alias_names, name) : UINT32_MAX;
        if (id == UINT32_MAX || id < decls->aliases.count) {
            continue;
        }
        rm_alias *alias = rm_push(decls->arena, &decls->aliases);
        if (alias == NULL) {
            decls->failed = true;
            return;
        }
        *alias = (rm_alias){.name = name, .type = type};
    }
}

static uint32_t initialisers(TSNode list) {
    uint32_t count = ts_node_named_child_count(list);
    uint32_t items = 0;
    for (uint32_t i = 0; i < count; i++) {
        items += !rm_node_is(ts_node_named_child(list, i), "comment");
    }
    return items;
}

/* f(…) or *f(…), not (*f)(…): a function, not a variable. */
static bool is_prototype(TSNode declarator) {
    for (unsigned depth = 0; depth < MAX_DEPTH && !ts_node_is_null(declarator); depth++) {
        TSNode inner = rm_node_field(declarator, "declarator");
        if (rm_node_is(declarator, "function_declarator")) {
            return rm_node_is(inner, "identifier");
        }
        if (!rm_node_is(declarator, "pointer_declarator")) {
            return false;
        }
        declarator = inner;
    }
    return false;
}

static void read_global(rm_decls *decls, const rm_source_file *file, uint32_t file_index,
                        TSNode declaration, TSNode declarator, const rm_type *base) {
    TSNode value = rm_node_field(declarator, "value");
    bool init = rm_node_is(declarator, "init_declarator");
    rm_str name;
    if (is_prototype(declarator)) {
        return;
    }
    rm_type type = declared(decls, file, *base,
                            init ? rm_node_field(declarator, "declarator") : declarator, &name);
    uint32_t id = name.len > 0 ? rm_names_id(decls->global_names, name) : UINT32_MAX;
    if (id == UINT32_MAX) {
        return;
    }
    rm_global *global =
        id < decls->globals.count ? &decls->globals.at[id] : rm_push(decls->arena, &decls->globals);
    if (global == NULL) {
        decls->failed = true;
        return;
    }
    bool had = global->name.len > 0 && !ts_node_is_null(global->value);
    if (had && init) {
        global->several = true;
        return;
    }
    if (had) {
        return;
    }
    TSNode kind = rm_node_field(declaration, "type");
    rm_str head = rm_str_slice(file->clean, ts_node_start_byte(declaration),
                               ts_node_is_null(kind) ? 0 : ts_node_start_byte(kind));
    size_t at = 0;
    *global = (rm_global){.name = name, .type = type, .file = file_index, .value = value};
    global->is_const = rm_str_find(head, RM_STR("const"), &at);
    if (type.dims > 0 && type.count[0] == 0 && rm_node_is(value, "initializer_list")) {
        global->type.count[0] = initialisers(value); /* a table as long as its initialiser */
    }
}

static void read_declaration(rm_decls *decls, const rm_source_file *file, uint32_t file_index,
                             TSNode node) {
    rm_type base = base_type(decls, file, rm_node_field(node, "type"), RM_STR_NONE, 0);
    TSNode declarators[RM_TYPE_DECLARATORS];
    uint32_t count = rm_node_children(node, "declarator", declarators, RM_TYPE_DECLARATORS);
    for (uint32_t i = 0; i < count; i++) {
        read_global(decls, file, file_index, node, declarators[i], &base);
    }
}

static bool holds_declarations(TSNode node) {
    return rm_node_is(node, "linkage_specification") || rm_node_is(node, "declaration_list") ||
           rm_node_is(node, "namespace_definition") ||
           rm_str_starts(rm_str_from(ts_node_type(node)), RM_STR("preproc_"));
}

static void read_level(rm_decls *decls, const rm_source_file *file, uint32_t file_index,
                       TSNode level, unsigned depth) {
    TSTreeCursor cursor = ts_tree_cursor_new(level);
    bool more = ts_tree_cursor_goto_first_child(&cursor) && depth < MAX_DEPTH;
    while (more && !decls->failed) {
        TSNode node = ts_tree_cursor_current_node(&cursor);
        if (rm_node_is(node, "type_definition")) {
            read_typedef(decls, file, node);
        } else if (rm_node_is(node, "declaration")) {
            read_declaration(decls, file, file_index, node);
        } else if (is_record(node)) {
            (void)record_type(decls, file, node, RM_STR_NONE, 0);
        } else if (holds_declarations(node)) {
            read_level(decls, file, file_index, node, depth + 1);
        }
        more = ts_tree_cursor_goto_next_sibling(&cursor);
    }
    ts_tree_cursor_delete(&cursor);
}

/* A header without function bodies was not parsed with the unit: its types are wanted all the same,
   its tree only while they are read. */
static void read_header(rm_decls *decls, uint32_t index) {
    rm_source_file file = decls->unit->files.at[index];
    if (file.text.len > RM_MAX_PARSED_BYTES ||
        rm_normalise(decls->arena, decls->unit->macros, file.in_set, &file.clean) != RM_OK ||
        rm_tree_parse(&file, NULL) != RM_OK) {
        return; /* its types stay unknown */
    }
    if (file.tree != NULL) {
        uint32_t globals = decls->globals.count;
        read_level(decls, &file, index, ts_tree_root_node(file.tree), 0);
        for (uint32_t i = globals; i < decls->globals.count; i++) {
            decls->globals.at[i].value = (TSNode){{0}, NULL, NULL};
        }
        ts_tree_delete(file.tree);
    }
}

static void read_file(rm_decls *decls, uint32_t index) {
    const rm_source_file *file = &decls->unit->files.at[index];
    if (file->tree != NULL) {
        read_level(decls, file, index, ts_tree_root_node(file->tree), 0);
    } else if (file->is_header) {
        read_header(decls, index);
    }
}

static bool decls_init(rm_decls *decls) {
    decls->record_names = rm_names_new(decls->arena);
    decls->alias_names = rm_names_new(decls->arena);
    decls->global_names = rm_names_new(decls->arena);
    decls->member_names = rm_names_new(decls->arena);
    return decls->record_names != NULL && decls->alias_names != NULL &&
           decls->global_names != NULL && decls->member_names != NULL;
}

rm_decls *rm_decls_read(rm_arena *arena, const rm_source_unit *unit) {
    rm_decls *decls = RM_NEW(arena, rm_decls);
    if (decls == NULL) {
        return NULL;
    }
    *decls = (rm_decls){.arena = arena, .unit = unit};
    if (!decls_init(decls)) {
        return NULL;
    }
    /* headers first: their types are used by the rest */
    for (int headers = 1; headers >= 0; headers--) {
        for (uint32_t i = 0; i < unit->files.count; i++) {
            if (unit->files.at[i].is_header == (headers == 1)) {
                read_file(decls, i);
            }
        }
    }
    return decls->failed ? NULL : decls;
}

void rm_decls_typedef(rm_decls *decls, const rm_source_file *file, TSNode node) {
    read_typedef(decls, file, node);
}

bool rm_decls_failed(const rm_decls *decls) {
    return decls->failed;
}
