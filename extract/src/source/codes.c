#include "source/codes.h"

#include <string.h>

#include "source/lex.h"
#include "source/limits.h"
#include "source/macros.h"

enum { UNASKED = 0, ASKING, NO, YES };

typedef struct finder {
    rm_source_set *set;
    signed char *wrappers; /* per definition of the set: does its name lead to CTL_CODE? */
    const rm_macros *view; /* of the file at hand */
    rm_arena *scratch;     /* of the view */
    uint32_t file;
    rm_status status;
} finder;

/* ---- which macros wrap CTL_CODE ---- */

static bool leads_to_code(finder *f, rm_str name, unsigned depth);

static bool body_leads_to_code(finder *f, rm_str body, unsigned depth) {
    rm_lexer lexer = rm_lexer_of(body);
    for (rm_token t = rm_lex(&lexer); t.kind != RM_TOKEN_END; t = rm_lex(&lexer)) {
        if (t.kind == RM_TOKEN_NAME &&
            (rm_token_is(t, "CTL_CODE") || leads_to_code(f, t.text, depth + 1))) {
            return true;
        }
    }
    return false;
}

/* Whether any definition of the name, function-like or not, uses CTL_CODE in the end. */
static bool leads_to_code(finder *f, rm_str name, unsigned depth) {
    uint32_t first = rm_set_first(f->set, name);
    if (first == RM_NONE || depth > RM_MAX_MACRO_DEPTH) {
        return false;
    }
    signed char *state = &f->wrappers[first];
    if (*state == UNASKED) {
        *state = ASKING;
        bool yes = rm_str_eq(name, RM_STR("CTL_CODE"));
        for (uint32_t i = first; !yes && i != RM_NONE; i = f->set->all.at[i].next) {
            yes = body_leads_to_code(f, f->set->all.at[i].body, depth);
        }
        *state = yes ? YES : NO;
    }
    return *state == YES;
}

/* ---- the shape of a definition ---- */

/* Takes one pair of parentheses that holds the whole text. */
static bool unwrap_parentheses(rm_str *text) {
    rm_lexer lexer = rm_lexer_of(*text);
    rm_str inside = RM_STR_NONE;
    if (!rm_token_is(rm_lex(&lexer), "(") || !rm_lex_skip_group(&lexer, &inside) ||
        rm_lex(&lexer).kind != RM_TOKEN_END) {
        return false;
    }
    *text = inside;
    return true;
}

/* (DWORD)x: a name or two in parentheses, then something more that is no operator. */
static bool unwrap_cast(rm_str *text) {
    rm_lexer lexer = rm_lexer_of(*text);
    rm_str inside = RM_STR_NONE;
    if (!rm_token_is(rm_lex(&lexer), "(") || !rm_lex_skip_group(&lexer, &inside)) {
        return false;
    }
    rm_lexer type = rm_lexer_of(inside);
    unsigned words = 0;
    for (rm_token t = rm_lex(&type); t.kind != RM_TOKEN_END; t = rm_lex(&type)) {
        if (t.kind != RM_TOKEN_NAME) {
            return false;
        }
        words++;
    }
    rm_token next = rm_lex_peek(&lexer);
    if (words == 0 || words > 3 || (next.kind != RM_TOKEN_NAME && !rm_token_is(next, "("))) {
        return false;
    }
    *text = rm_str_slice(*text, lexer.at, text->len);
    return true;
}

typedef struct shape {
    rm_str callee; /* NAME(…) and nothing else */
    rm_str name;   /* NAME and nothing else */
} shape;

/* ULONG(x), static_cast<ULONG>(x): a type in front of parentheses that hold the whole. */
static bool unwrap_type_call(rm_str *text) {
    static const char *const types[] = {"ULONG", "DWORD",    "UINT32",      "uint32_t",
                                        "LONG",  "unsigned", "static_cast", "UINT"};
    rm_lexer lexer = rm_lexer_of(*text);
    rm_token name = rm_lex(&lexer);
    bool found = false;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        found |= rm_token_is(name, types[i]);
    }
    if (!found) {
        return false;
    }
    if (rm_token_is(rm_lex_peek(&lexer), "<")) {
        for (rm_token t = rm_lex(&lexer); !rm_token_is(t, ">"); t = rm_lex(&lexer)) {
            if (t.kind == RM_TOKEN_END) {
                return false;
            }
        }
    }
    rm_str rest = rm_str_slice(*text, lexer.at, text->len);
    if (!unwrap_parentheses(&rest)) {
        return false;
    }
    *text = rest;
    return true;
}

/* NAME<1>, and its member: NAME<1>::value. */
static bool skip_template_values(rm_lexer *lexer) {
    if (!rm_token_is(rm_lex_peek(lexer), "<")) {
        return false;
    }
    for (rm_token t = rm_lex(lexer); !rm_token_is(t, ">"); t = rm_lex(lexer)) {
        if (t.kind == RM_TOKEN_END || (rm_token_is(t, "(") && !rm_lex_skip_group(lexer, NULL))) {
            return false;
        }
    }
    if (rm_token_is(rm_lex_peek(lexer), "::")) {
        (void)rm_lex(lexer);
        (void)rm_lex(lexer);
    }
    return true;
}

static shape shape_of(rm_str text) {
    shape s = {RM_STR_NONE, RM_STR_NONE};
    for (unsigned i = 0; i < 16; i++) {
        if (!unwrap_parentheses(&text) && !unwrap_cast(&text) && !unwrap_type_call(&text)) {
            break;
        }
    }
    rm_lexer lexer = rm_lexer_of(text);
    rm_token name = rm_lex(&lexer);
    while (name.kind == RM_TOKEN_NAME && rm_token_is(rm_lex_peek(&lexer), "::")) {
        (void)rm_lex(&lexer);
        name = rm_lex(&lexer);
    }
    if (name.kind != RM_TOKEN_NAME) {
        return s;
    }
    bool of_template = skip_template_values(&lexer);
    rm_token next = rm_lex(&lexer);
    if (next.kind == RM_TOKEN_END) {
        *(of_template ? &s.callee : &s.name) = name.text;
    } else if (rm_token_is(next, "(") && rm_lex_skip_group(&lexer, NULL) &&
               rm_lex(&lexer).kind == RM_TOKEN_END) {
        s.callee = name.text;
    }
    return s;
}

/* ---- names that say what they are ---- */

static bool contains(rm_str name, const char *part) {
    rm_str needle = rm_str_from(part);
    for (size_t i = 0; i + needle.len <= name.len; i++) {
        if (rm_str_ieq(rm_str_slice(name, i, i + needle.len), needle)) {
            return true;
        }
    }
    return false;
}

/* Where IOCTL or FSCTL stands in the name: as one of its words, words being joined by '_'. */
typedef enum word_place { NOT_A_WORD, FIRST_WORD, INNER_WORD, LAST_WORD } word_place;

static word_place place_of_code_word(rm_str name) {
    size_t from = 0;
    bool first = true;
    while (from < name.len) {
        size_t length = name.len - from;
        (void)rm_str_find_char(rm_str_slice(name, from, name.len), '_', &length);
        rm_str word = rm_str_slice(name, from, from + length);
        from += length + 1;
        if (rm_str_ieq(word, RM_STR("IOCTL")) || rm_str_ieq(word, RM_STR("FSCTL"))) {
            return first ? FIRST_WORD : from < name.len ? INNER_WORD : LAST_WORD;
        }
        first = first && word.len == 0;
    }
    return NOT_A_WORD;
}

static bool names_a_code(rm_str name) {
    return contains(name, "IOCTL") || contains(name, "FSCTL");
}

/* IOCTL_BASE, MAX_IOCTL_SIZE: numbers about codes. */
static bool names_a_part(rm_str name) {
    static const char *const parts[] = {"BASE",    "TYPE",      "INDEX",  "MAX",       "MIN",
                                        "MASK",    "SIZE",      "LENGTH", "COUNT",     "LIMIT",
                                        "VERSION", "TIMEOUT",   "MAGIC",  "SIGNATURE", "FLAG",
                                        "OFFSET",  "DEVICE_ID", "SHIFT"};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        rm_str part = rm_str_from(parts[i]);
        if (rm_str_iends(name, part) || (i >= 3 && rm_str_istarts(name, part))) {
            return true;
        }
    }
    return false;
}

/*
 * A number that was never taken from CTL_CODE counts where it is written out as a code is: IOCTL_X,
 * or X_IOCTL_Y with a function, method or access.
 */
static bool is_plain_code(rm_str name, int64_t value) {
    word_place place = place_of_code_word(name);
    bool in_range =
        value >= INT32_MIN && value <= (int64_t)UINT32_MAX && (uint32_t)value >= 0x10000u;
    bool shaped = place == FIRST_WORD || (place == INNER_WORD && ((uint32_t)value & 0xFFFFu) != 0);
    return in_range && shaped && !names_a_part(name);
}

/* ---- definitions ---- */

static uint32_t column_of(rm_str text, uint32_t at) {
    uint32_t start = at;
    while (start > 0 && text.ptr[start - 1] != '\n') {
        start--;
    }
    return at - start + 1;
}

static rm_code_definition *add(finder *f, rm_str name, rm_str text, uint32_t at, uint32_t line) {
    rm_set_file *file = &f->set->files.at[f->file];
    rm_code_definition *d = rm_push(f->set->arena, &file->codes);
    if (d == NULL) {
        f->status = RM_NOMEM;
        return NULL;
    }
    *d = (rm_code_definition){
        .name = name, .text = text, .at = at, .line = line, .column = column_of(file->text, at)};
    return d;
}

/* The view from a file: itself and what it includes. */
static const rm_macros *view_of(finder *f) {
    if (f->view == NULL && f->status == RM_OK) {
        rm_file_bits bits;
        rm_macros *view = NULL;
        f->status = rm_bits_new(f->scratch, f->set->files.count, &bits);
        if (f->status == RM_OK) {
            rm_set_closure(f->set, f->file, &bits);
            f->status = rm_macros_new(f->scratch, f->set, bits, &view);
        }
        f->view = view;
    }
    return f->view;
}

static bool value_of(finder *f, rm_str text, uint32_t at, int64_t *value, bool *control_code) {
    const rm_macros *view = view_of(f);
    return view != NULL && rm_macros_eval(view, (rm_scope){f->file, at}, text, value, control_code);
}

/* The text that stands for the macro's value: enumerators count on from a base. */
static rm_str value_text(const rm_macro *m) {
    return m->kind == RM_MACRO_ENUM || m->kind == RM_MACRO_CONST ? m->name : m->body;
}

static void judge_call(finder *f, const rm_macro *m, rm_str callee) {
    int64_t value = 0;
    bool control_code = false;
    bool leads = leads_to_code(f, callee, 0);
    bool looks = names_a_code(m->name) && (names_a_code(callee) || contains(callee, "CTL_CODE") ||
                                           contains(callee, "CONTROL_CODE"));
    if (!leads && !looks) {
        return;
    }
    bool known = value_of(f, value_text(m), m->at, &value, &control_code);
    if (known && !control_code) {
        return; /* a macro of the same name as another driver's wrapper */
    }
    rm_code_definition *d = add(f, m->name, m->body, m->at, m->line);
    if (d != NULL) {
        d->has_code = known;
        d->code = (uint32_t)value;
    }
}

static bool is_known_code(const finder *f, rm_str name) {
    const rm_code_definitions *codes = &f->set->files.at[f->file].codes;
    for (uint32_t i = 0; i < codes->count; i++) {
        if (rm_str_eq(codes->at[i].name, name)) {
            return true;
        }
    }
    return false;
}

/* An alias of a code, a number, or arithmetic on a base: only under a name that says so. */
static void judge_number(finder *f, const rm_macro *m, rm_str alias) {
    int64_t value = 0;
    bool control_code = false;
    if (alias.len > 0 && !leads_to_code(f, alias, 0) && !names_a_code(alias)) {
        return;
    }
    if (!names_a_code(m->name) && (alias.len == 0 || !is_known_code(f, alias))) {
        return;
    }
    if (m->step > 0 && m->body.len == 0) {
        return;
    }
    if (value_of(f, value_text(m), m->at, &value, &control_code) &&
        (control_code ? !names_a_part(m->name) : is_plain_code(m->name, value))) {
        rm_code_definition *d = add(f, m->name, m->body, m->at, m->line);
        if (d != NULL) {
            d->has_code = true;
            d->code = (uint32_t)value;
        }
    }
}

static void judge(finder *f, const rm_macro *m) {
    if (m->kind == RM_MACRO_FUNCTION || m->kind == RM_MACRO_CONSTEXPR || m->body.len == 0) {
        return;
    }
    shape s = m->step == 0 ? shape_of(m->body) : (shape){RM_STR_NONE, RM_STR_NONE};
    if (s.callee.len > 0) {
        judge_call(f, m, s.callee);
    } else {
        judge_number(f, m, s.name);
    }
}

/* Is the offset within the initialiser of a constant, which is judged under its name? */
static bool in_constant(const rm_scan *scan, rm_str text, uint32_t at) {
    for (uint32_t i = 0; i < scan->macros.count; i++) {
        const rm_macro *m = &scan->macros.at[i];
        size_t from = m->body.len == 0 ? 0 : (size_t)(m->body.ptr - text.ptr);
        if (m->kind != RM_MACRO_OBJECT && at >= from && at < from + m->body.len) {
            return true;
        }
    }
    return false;
}

static void judge_inline(finder *f, const rm_inline_code *code) {
    const rm_set_file *file = &f->set->files.at[f->file];
    if (in_constant(&file->scan, file->text, code->at)) {
        return;
    }
    int64_t value = 0;
    bool known = value_of(f, code->text, code->at, &value, NULL);
    rm_code_definition *d = add(f, RM_STR_NONE, code->text, code->at, code->line);
    if (d != NULL) {
        d->has_code = known;
        d->code = (uint32_t)value;
    }
}

static void find_in_file(finder *f) {
    const rm_scan *scan = &f->set->files.at[f->file].scan;
    for (uint32_t i = 0; i < scan->macros.count && f->status == RM_OK; i++) {
        judge(f, &scan->macros.at[i]);
    }
    for (uint32_t i = 0; i < scan->inlines.count && f->status == RM_OK; i++) {
        judge_inline(f, &scan->inlines.at[i]);
    }
}

enum { VIEW_MEMORY = 64 * 1024 * 1024 };

rm_status rm_set_find_codes(rm_source_set *set) {
    finder f = {.set = set};
    f.wrappers = RM_NEW_ARRAY(set->arena, signed char, set->all.count + 1);
    if (f.wrappers == NULL) {
        return RM_NOMEM;
    }
    for (f.file = 0; f.file < set->files.count && f.status == RM_OK; f.file++) {
        f.view = NULL;
        f.scratch = rm_arena_new(VIEW_MEMORY);
        f.status = f.scratch == NULL ? RM_NOMEM : f.status;
        if (f.status == RM_OK) {
            find_in_file(&f);
        }
        rm_arena_free(f.scratch);
    }
    return f.status;
}

/* ---- rows ---- */

rm_status rm_codes_without_driver(const rm_source_set *set, uint32_t file, rm_model *model,
                                  rm_sink *sink) {
    const rm_set_file *source = &set->files.at[file];
    rm_codes_report(set, file, model, sink);
    for (uint32_t i = 0; i < source->codes.count; i++) {
        const rm_code_definition *d = &source->codes.at[i];
        rm_ioctl *row = rm_push(model->arena, &model->ioctls);
        if (row == NULL) {
            return RM_NOMEM;
        }
        *row = (rm_ioctl){.driver = RM_NONE,
                          .device = RM_NONE,
                          .has_code = d->has_code,
                          .code = d->code,
                          .place = {source->path, d->line, d->column}};
        rm_status st = rm_str_copy(model->arena, d->name, &row->name);
        if (st != RM_OK) {
            return st;
        }
    }
    return RM_OK;
}

/* What a driver that includes the file gives the definition: by its project's own names, say. */
static bool is_known_to_a_driver(const rm_model *model, rm_str path, const rm_code_definition *d) {
    for (uint32_t i = 0; i < model->ioctls.count; i++) {
        const rm_ioctl *row = &model->ioctls.at[i];
        if (row->has_code && row->place.line == d->line && row->place.column == d->column &&
            rm_str_eq(row->place.file, path)) {
            return true;
        }
    }
    return false;
}

void rm_codes_report(const rm_source_set *set, uint32_t file, const rm_model *model,
                     rm_sink *sink) {
    const rm_set_file *source = &set->files.at[file];
    for (uint32_t i = 0; i < source->codes.count; i++) {
        const rm_code_definition *d = &source->codes.at[i];
        if (!d->has_code && !is_known_to_a_driver(model, source->path, d)) {
            rm_diag(sink, RM_WARNING, (rm_loc){source->path, d->line, d->column}, "ioctl-no-value",
                    "the control code %.*s cannot be evaluated: %.*s", RM_STR_ARG(d->name),
                    RM_STR_ARG(d->text));
        }
    }
}
