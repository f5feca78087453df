#include "source/macros.h"

#include <string.h>

#include "source/kit.h"
#include "source/lex.h"
#include "source/limits.h"
#include "source/unit.h"

enum { UNASKED = 0, ASKING, NO, YES };

/* The files that active #includes lead to. */
struct rm_live_files {
    unsigned asking; /* conditions that wait for the answer to another */
    rm_file_bits bits;
    int state; /* UNASKED, ASKING, YES */
};

rm_status rm_macros_new(rm_arena *arena, const rm_source_set *set, rm_file_bits visible,
                        rm_macros **out) {
    rm_macros *macros = RM_NEW(arena, rm_macros);
    signed char **branches = RM_NEW_ARRAY(arena, signed char *, set->files.count + 1);
    struct rm_live_files *live = RM_NEW(arena, struct rm_live_files);
    if (macros == NULL || branches == NULL || live == NULL) {
        return RM_NOMEM;
    }
    *macros = (rm_macros){
        .set = set, .arena = arena, .visible = visible, .branches = branches, .live = live};
    *out = macros;
    return RM_OK;
}

static rm_status give(rm_macros *macros, rm_str name, rm_str value) {
    if (name.len == 0) {
        return RM_OK;
    }
    rm_macro *macro = rm_push(macros->arena, &macros->given);
    if (macro == NULL) {
        return RM_NOMEM;
    }
    *macro = (rm_macro){.name = name,
                        .body = value.len == 0 ? RM_STR("1") : value,
                        .file = RM_NONE,
                        .branch = RM_NONE,
                        .next = RM_NONE};
    return RM_OK;
}

rm_status rm_macros_give(rm_macros *macros, rm_str project) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; i < macros->set->define_count && st == RM_OK; i++) {
        st = give(macros, macros->set->defines[i].name, macros->set->defines[i].value);
    }
    while (project.len > 0 && st == RM_OK) {
        size_t end = project.len;
        size_t equals = 0;
        (void)rm_str_find_char(project, ';', &end);
        rm_str item = rm_str_trim(rm_str_slice(project, 0, end));
        bool valued = rm_str_find_char(item, '=', &equals);
        st = give(macros, rm_str_slice(item, 0, valued ? equals : item.len),
                  valued ? rm_str_slice(item, equals + 1, item.len) : RM_STR_NONE);
        project = rm_str_slice(project, end + 1, project.len);
    }
    return st;
}

rm_status rm_macros_complement(rm_arena *arena, const rm_macros *declared, rm_macros **out) {
    rm_macros *view = NULL;
    rm_status st = rm_macros_new(arena, declared->set, declared->visible, &view);
    if (st == RM_OK) {
        view->given = declared->given;
        view->declared = declared;
        view->user_mode = declared->user_mode;
        *out = view;
    }
    return st;
}

/* ---- which definition a name means at a place ---- */

static const rm_macro *macro_at(const rm_macros *macros, uint32_t index) {
    return index == RM_NONE ? NULL : &macros->set->all.at[index];
}

static bool is_active(const rm_macros *macros, const rm_macro *macro) {
    return macro->file == RM_NONE || macro->branch == RM_NONE ||
           rm_macros_active(macros, macro->file, macro->branch);
}

/* Do both stand in one group of one #if chain, however that is decided? */
static bool same_branch(const rm_macros *macros, const rm_macro *macro, uint32_t at) {
    return macro->branch != RM_NONE &&
           rm_branch_holds(&macros->set->files.at[macro->file].scan.branches.at[macro->branch], at);
}

/* Token by token, so that blanks and comments make no difference. */
static bool same_tokens(rm_str a, rm_str b) {
    rm_lexer x = rm_lexer_of(a);
    rm_lexer y = rm_lexer_of(b);
    for (;;) {
        rm_token s = rm_lex(&x);
        rm_token t = rm_lex(&y);
        if (s.kind != t.kind || !rm_str_eq(s.text, t.text)) {
            return false;
        }
        if (s.kind == RM_TOKEN_END) {
            return true;
        }
    }
}

static bool same_number(rm_str a, rm_str b) {
    int64_t x = 0;
    int64_t y = 0;
    return rm_evaluate(a, RM_NAMES_REFUSED, &x) && rm_evaluate(b, RM_NAMES_REFUSED, &y) && x == y;
}

static bool same_params(const rm_macro *a, const rm_macro *b) {
    for (uint32_t i = 0; i < a->param_count && i < b->param_count; i++) {
        if (!rm_str_eq(a->params[i], b->params[i])) {
            return false;
        }
    }
    return a->param_count == b->param_count && a->variadic == b->variadic;
}

static bool same_meaning(const rm_macro *a, const rm_macro *b) {
    bool calls = a->kind == RM_MACRO_FUNCTION || b->kind == RM_MACRO_FUNCTION ||
                 a->kind == RM_MACRO_CONSTEXPR || b->kind == RM_MACRO_CONSTEXPR;
    if ((calls && a->kind != b->kind) || a->step != b->step || !same_params(a, b)) {
        return false;
    }
    return same_tokens(a->body, b->body) || (!calls && same_number(a->body, b->body));
}

/*
 * How well a definition in the same file suits: one that is compiled out together with the place
 * over an active one over any other that is compiled out; one before the place over one behind it.
 */
static int rank_in_file(const rm_macros *macros, const rm_macro *macro, uint32_t at) {
    int rank = is_active(macros, macro) ? 4 : same_branch(macros, macro, at) ? 6 : 0;
    return rank + (macro->at < at ? 1 : 0);
}

static const rm_macro *find_in_file(const rm_macros *macros, rm_scope scope, uint32_t first) {
    const rm_macro *best = NULL;
    int best_rank = -1;
    bool differ = false;
    for (const rm_macro *m = macro_at(macros, first); m != NULL; m = macro_at(macros, m->next)) {
        if (m->file != scope.file) {
            continue;
        }
        int rank = rank_in_file(macros, m, scope.at);
        if (rank > best_rank) {
            differ = false;
        } else if (rank == best_rank && (rank & 1) == 0) {
            differ |= !same_meaning(m, best);
        }
        /* Chained in the order of the file: a later one of equal rank before the place wins. */
        if (rank > best_rank || (rank == best_rank && (rank & 1) == 1)) {
            best = m;
            best_rank = rank;
        }
    }
    return differ ? NULL : best;
}

/* Among the files of `bits`: the one meaning that the name has there, active ones first. */
static const rm_macro *find_in_bits(const rm_macros *macros, const rm_file_bits *bits,
                                    uint32_t first, bool *differ) {
    const rm_macro *found[2] = {NULL, NULL}; /* compiled out, active */
    bool several[2] = {false, false};
    for (const rm_macro *m = macro_at(macros, first); m != NULL; m = macro_at(macros, m->next)) {
        if (m->file == RM_NONE || !rm_bits_has(bits, m->file)) {
            continue;
        }
        bool active = is_active(macros, m);
        if (found[active] == NULL) {
            found[active] = m;
        } else if (!same_meaning(found[active], m)) {
            several[active] = true;
        }
    }
    bool active = found[1] != NULL;
    *differ = several[active];
    return several[active] ? NULL : found[active];
}

static const rm_macro *find_in_kit(const rm_macros *macros, uint32_t first) {
    const rm_macro *m = macro_at(macros, first);
    while (m != NULL && m->file != RM_NONE) {
        m = macro_at(macros, m->next);
    }
    return m;
}

static const rm_macro *find_given(const rm_macros *macros, rm_str name) {
    for (uint32_t i = 0; i < macros->given.count; i++) {
        if (rm_str_eq(macros->given.at[i].name, name)) {
            return &macros->given.at[i];
        }
    }
    return NULL;
}

static bool is_live_include(const rm_macros *macros, uint32_t file, uint32_t at) {
    const rm_branch_list *branches = &macros->set->files.at[file].scan.branches;
    for (uint32_t i = 0; i < branches->count; i++) {
        if (rm_branch_holds(&branches->at[i], at) && !rm_macros_active(macros, file, i)) {
            return false;
        }
    }
    return true;
}

static void find_live(const rm_macros *macros, uint32_t file, unsigned depth) {
    rm_file_bits *bits = &macros->live->bits;
    if (file == RM_NONE || depth > RM_MAX_INCLUDE_DEPTH || rm_bits_has(bits, file)) {
        return;
    }
    rm_bits_add(bits, file);
    const rm_set_file *f = &macros->set->files.at[file];
    for (uint32_t i = 0; f->includes != NULL && i < f->scan.includes.count; i++) {
        if (is_live_include(macros, file, f->scan.includes.at[i].at)) {
            find_live(macros, f->includes[i], depth + 1);
        }
    }
}

/* Headers for several systems define a name each: the one that is included under a true #if. */
static const rm_macro *find_live_one(const rm_macros *macros, uint32_t first) {
    struct rm_live_files *live = macros->live;
    uint32_t count = macros->set->files.count;
    bool differ = false;
    if (live->state == UNASKED && rm_bits_new(macros->arena, count, &live->bits) == RM_OK) {
        live->state = ASKING; /* a condition may need the same answer: it gets none */
        for (uint32_t i = 0; i < count; i++) {
            if (rm_bits_has(&macros->visible, i) && !macros->set->files.at[i].is_header) {
                find_live(macros, i, 0);
            }
        }
        live->state = YES;
    }
    return live->state == YES ? find_in_bits(macros, &live->bits, first, &differ) : NULL;
}

/* Several files of the driver differ: what the asking file itself includes decides. */
static const rm_macro *find_included(const rm_macros *macros, rm_scope scope, uint32_t first) {
    rm_arena *scratch = rm_arena_new((size_t)1 << 20);
    rm_file_bits bits;
    const rm_macro *m = NULL;
    bool differ = false;
    if (scratch != NULL && rm_bits_new(scratch, macros->set->files.count, &bits) == RM_OK) {
        rm_set_closure(macros->set, scope.file, &bits);
        m = find_in_bits(macros, &bits, first, &differ);
    }
    rm_arena_free(scratch);
    return m;
}

const rm_macro *rm_macros_find(const rm_macros *macros, rm_scope scope, rm_str name) {
    uint32_t first = rm_set_first(macros->set, name);
    if (first == RM_NONE) {
        return find_given(macros, name);
    }
    const rm_macro *m = NULL;
    bool differ = false;
    if (scope.file != RM_NONE) {
        m = find_in_file(macros, scope, first);
    }
    if (m == NULL) {
        m = find_in_bits(macros, &macros->visible, first, &differ);
    }
    if (m == NULL && differ) {
        m = find_live_one(macros, first);
    }
    if (m == NULL && differ && scope.file != RM_NONE) {
        m = find_included(macros, scope, first);
    }
    if (m == NULL) {
        m = find_given(macros, name);
    }
    /* Copies of the kit's headers that differ: what the kit itself says stands. */
    return m == NULL ? find_in_kit(macros, first) : m;
}

/* ---- #if ---- */

static bool undefined_since(const rm_scan *scan, const rm_macro *macro, uint32_t at) {
    for (uint32_t i = 0; i < scan->undefs.count; i++) {
        const rm_undef *undef = &scan->undefs.at[i];
        if (undef->at > macro->at && undef->at < at && rm_str_eq(undef->name, macro->name)) {
            return true;
        }
    }
    return false;
}

static bool is_define(const rm_macro *macro) {
    return macro->kind == RM_MACRO_OBJECT || macro->kind == RM_MACRO_FUNCTION;
}

/* Its own guard says nothing about a name: it is taken for undefined before its file is read. */
static bool is_guard(const rm_macros *macros, const rm_macro *macro) {
    const rm_branch_list *branches = &macros->set->files.at[macro->file].scan.branches;
    return macro->branch != RM_NONE && branches->at[macro->branch].guard &&
           rm_str_eq(branches->at[macro->branch].condition, macro->name) && macro->body.len == 0;
}

/* /kernel defines _KERNEL_MODE, which drivers in user mode are built without. */
bool rm_macros_predefined(const rm_macros *macros, rm_str name, rm_str *value) {
    bool left_out = macros->user_mode && rm_str_eq(name, RM_STR("_KERNEL_MODE"));
    return !left_out && rm_kit_predefined(name, value);
}

bool rm_macros_defined(const rm_macros *macros, rm_scope scope, rm_str name) {
    rm_str value = RM_STR_NONE;
    if (find_given(macros, name) != NULL || rm_macros_predefined(macros, name, &value)) {
        return true;
    }
    for (const rm_macro *m = macro_at(macros, rm_set_first(macros->set, name)); m != NULL;
         m = macro_at(macros, m->next)) {
        if (m->file == RM_NONE) {
            return true;
        }
        bool here = m->file == scope.file;
        if (!is_define(m) || (here && m->at > scope.at) ||
            (!here && (!rm_bits_has(&macros->visible, m->file) || is_guard(macros, m)))) {
            continue;
        }
        const rm_scan *scan = &macros->set->files.at[m->file].scan;
        if (is_active(macros, m) && !(here && undefined_since(scan, m, scope.at))) {
            return true;
        }
    }
    return false;
}

static bool condition_holds(const rm_macros *macros, uint32_t file, const rm_branch *branch) {
    rm_scope scope = {file, branch->from};
    if (branch->guard) {
        return true;
    }
    switch (branch->kind) {
    case RM_BRANCH_IFDEF: return rm_macros_defined(macros, scope, branch->condition);
    case RM_BRANCH_IFNDEF: return !rm_macros_defined(macros, scope, branch->condition);
    case RM_BRANCH_IF:
    case RM_BRANCH_ELIF: return rm_macros_condition(macros, scope, branch->condition);
    case RM_BRANCH_ELSE: break;
    }
    return true;
}

static uint32_t head_of(const rm_branch_list *branches, uint32_t index) {
    while (branches->at[index].previous != RM_NONE) {
        index = branches->at[index].previous;
    }
    return index;
}

/* The first group of the chain whose condition holds is the one taken; RM_NONE: none holds. */
static uint32_t taken_of(const rm_macros *macros, uint32_t file, uint32_t head) {
    const rm_branch_list *branches = &macros->set->files.at[file].scan.branches;
    uint32_t i = head;
    while (i != RM_NONE && !condition_holds(macros, file, &branches->at[i])) {
        i = branches->at[i].next;
    }
    return i;
}

/* #if 0, __cplusplus and whether it is a kernel's driver are no matter of a build's configuration.
 */
static bool is_configurable(const rm_branch *branch) {
    rm_lexer lexer = rm_lexer_of(branch->condition);
    bool names = false;
    if (branch->guard) {
        return false;
    }
    for (rm_token t = rm_lex(&lexer); t.kind != RM_TOKEN_END; t = rm_lex(&lexer)) {
        if (rm_token_is(t, "__cplusplus") || rm_token_is(t, "_KERNEL_MODE")) {
            return false;
        }
        names |= t.kind == RM_TOKEN_NAME;
    }
    return names;
}

static uint32_t alternative_to(const rm_branch_list *branches, uint32_t head, uint32_t taken) {
    if (taken == RM_NONE) {
        return head;
    }
    uint32_t next = branches->at[taken].next;
    return next != RM_NONE || taken == head ? next : head;
}

/* The group of a chain that is read; RM_NONE: none. */
static uint32_t chosen_of(const rm_macros *macros, uint32_t file, uint32_t head) {
    const rm_branch_list *branches = &macros->set->files.at[file].scan.branches;
    if (macros->declared == NULL) {
        return taken_of(macros, file, head);
    }
    uint32_t taken = taken_of(macros->declared, file, head);
    return is_configurable(&branches->at[head]) ? alternative_to(branches, head, taken) : taken;
}

static signed char *states_of(const rm_macros *macros, uint32_t file) {
    uint32_t count = macros->set->files.at[file].scan.branches.count;
    if (macros->branches[file] == NULL) {
        macros->branches[file] = RM_NEW_ARRAY(macros->arena, signed char, count);
    }
    return macros->branches[file];
}

/*
 * Which group of the chain is read, for all of them at once: a chain may have thousands. Conditions
 * that hang on each other, one deeper than the other, are followed so far; then none holds.
 */
static void decide(const rm_macros *macros, uint32_t file, uint32_t branch, signed char *states) {
    const rm_branch_list *branches = &macros->set->files.at[file].scan.branches;
    uint32_t parent = branches->at[branch].parent;
    uint32_t head = head_of(branches, branch);
    uint32_t chosen = RM_NONE;
    macros->live->asking++;
    if (macros->live->asking <= RM_MAX_IF_DEPTH &&
        (parent == RM_NONE || rm_macros_active(macros, file, parent))) {
        chosen = chosen_of(macros, file, head);
    }
    macros->live->asking--;
    for (uint32_t i = head; i != RM_NONE; i = branches->at[i].next) {
        if (i == branch || states[i] == UNASKED) {
            states[i] = i == chosen ? YES : NO;
        }
    }
}

bool rm_macros_active(const rm_macros *macros, uint32_t file, uint32_t branch) {
    const rm_branch_list *branches = &macros->set->files.at[file].scan.branches;
    signed char *states = states_of(macros, file);
    if (branch >= branches->count || states == NULL) {
        return true;
    }
    if (states[branch] == ASKING) {
        return false; /* a condition that depends on itself */
    }
    if (states[branch] == UNASKED) {
        states[branch] = ASKING;
        decide(macros, file, branch, states);
    }
    return states[branch] == YES;
}

/* ---- for the readers ---- */

/* "A::B::C" into "B" and "C". */
static bool split_qualified(rm_str text, rm_str *tag, rm_str *name) {
    size_t colons = 0;
    *name = RM_STR_NONE;
    while (rm_str_find(text, RM_STR("::"), &colons)) {
        *tag = rm_str_trim(rm_str_slice(text, 0, colons));
        text = *name = rm_str_trim(rm_str_slice(text, colons + 2, text.len));
    }
    return name->len > 0;
}

const rm_macro *rm_macros_find_tagged(const rm_macros *macros, rm_str tag, rm_str name) {
    const rm_macro *found = NULL;
    for (const rm_macro *m = macro_at(macros, rm_set_first(macros->set, name)); m != NULL;
         m = macro_at(macros, m->next)) {
        if (m->kind != RM_MACRO_ENUM || !rm_str_eq(m->tag, tag) || m->file == RM_NONE ||
            !rm_bits_has(&macros->visible, m->file) || !is_active(macros, m)) {
            continue;
        }
        if (found != NULL && !same_meaning(found, m)) {
            return NULL;
        }
        found = m;
    }
    return found;
}

bool rm_macros_enumerator(const rm_macros *macros, rm_str qualified, int64_t *out) {
    rm_str tag = RM_STR_NONE;
    rm_str name;
    bool found = false;
    if (!split_qualified(qualified, &tag, &name)) {
        return false;
    }
    for (const rm_macro *m = macro_at(macros, rm_set_first(macros->set, name)); m != NULL;
         m = macro_at(macros, m->next)) {
        int64_t value = 0;
        if (m->kind != RM_MACRO_ENUM || !rm_str_eq(m->tag, tag) || m->file == RM_NONE ||
            !rm_bits_has(&macros->visible, m->file) || !is_active(macros, m)) {
            continue;
        }
        if (!rm_macros_eval(macros, (rm_scope){m->file, m->at + 1}, name, &value, NULL) ||
            (found && value != *out)) {
            return false;
        }
        found = true;
        *out = value;
    }
    const rm_macro *only = found ? NULL : rm_macros_find(macros, RM_SCOPE_UNIT, name);
    return found ||
           (only != NULL &&
            (only->kind == RM_MACRO_CONST || (only->kind == RM_MACRO_ENUM && only->tag.len == 0)) &&
            rm_macros_eval(macros, RM_SCOPE_UNIT, name, out, NULL));
}

bool rm_unit_eval(const rm_source_unit *unit, rm_str expression, int64_t *out) {
    return rm_macros_eval(unit->macros, RM_SCOPE_UNIT, expression, out, NULL);
}

bool rm_unit_macro_view(const rm_source_unit *unit, rm_str name, rm_macro_view *out) {
    const rm_macro *m = rm_macros_find(unit->macros, RM_SCOPE_UNIT, name);
    if (m == NULL || !is_define(m)) {
        return false;
    }
    *out = (rm_macro_view){.body = m->body,
                           .params = m->params,
                           .param_count = m->param_count,
                           .function_like = m->kind == RM_MACRO_FUNCTION};
    return true;
}

bool rm_unit_macro(const rm_source_unit *unit, rm_str name, rm_str *body) {
    rm_macro_view view;
    if (!rm_unit_macro_view(unit, name, &view) || view.function_like) {
        return false;
    }
    *body = view.body;
    return true;
}
