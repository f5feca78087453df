#include "source/build.h"
#include "source/flow/report.h"
#include "source/lex.h"
#include "source/macros.h"

/*
 * The other configuration: where every #if that a configuration decides is turned round. A check
 * that only one of them has is no check; what only one of them makes or reaches is made, reached.
 */

/* ---- whether it says anything of its own ---- */

/* A text or a call that makes or names a device. */
static bool says_names(rm_str text) {
    static const char *const words[] = {
        "L\"", "IoCreate", "WdfDevice", "WdfControlDevice", "IoRegisterDevice", "SDDL_"};
    size_t at = 0;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (rm_str_find(text, rm_str_from(words[i]), &at)) {
            return true;
        }
    }
    return false;
}

/* Code or a definition; pragmas, traces' includes and comments change nothing. */
static bool says_code(rm_str text) {
    rm_lexer lexer = rm_lexer_of(text);
    for (rm_token t = rm_lex(&lexer); t.kind != RM_TOKEN_END; t = rm_lex(&lexer)) {
        if (!t.first || !rm_token_is(t, "#")) {
            return true;
        }
        rm_token word = rm_lex(&lexer);
        if (rm_token_is(word, "define")) {
            return true;
        }
        lexer.at = rm_lex_line_end(text, lexer.at);
        lexer.line_start = true;
    }
    return false;
}

static rm_place place_of(rm_str path, rm_str text, uint32_t at) {
    rm_place place = {path, 1, 1};
    for (uint32_t i = 0; i < at && i < text.len; i++) {
        place.column = text.ptr[i] == '\n' ? 1 : place.column + 1;
        place.line += text.ptr[i] == '\n' ? 1 : 0;
    }
    return place;
}

/* Code that neither of the configurations has: #if 0, a third #elif, a combination of names. */
static void tell_unread(rm_configurations *both, const rm_macros *other, uint32_t file) {
    const rm_macros *declared = both->unit->macros;
    const rm_set_file *source = &declared->set->files.at[file];
    const rm_branch_list *branches = &source->scan.branches;
    const rm_branch *first = NULL;
    unsigned count = 0;
    for (uint32_t i = 0; i < branches->count; i++) {
        const rm_branch *branch = &branches->at[i];
        bool within = branch->parent != RM_NONE &&
                      !rm_macros_active(declared, file, branch->parent) &&
                      !rm_macros_active(other, file, branch->parent);
        if (!within && !branch->guard && !rm_macros_active(declared, file, i) &&
            !rm_macros_active(other, file, i) &&
            says_code(rm_str_slice(source->text, branch->body, branch->to))) {
            first = first == NULL ? branch : first;
            count++;
        }
    }
    if (first != NULL) {
        rm_str line = rm_str_slice(source->text, first->from, first->body);
        rm_diag(both->unit->sink, RM_NOTE, place_of(source->path, source->text, first->from),
                "source-if-unread",
                "%u %s of #if with code %s in neither configuration, first %.*s", count,
                rm_plural(count, "group", "groups"), rm_plural(count, "is", "are"),
                RM_STR_ARG(rm_str_slice(rm_str_trim(line), 0, 60)));
    }
}

/* What only one of the configurations has of a file. */
static void compare_file(rm_configurations *both, const rm_macros *other, uint32_t file,
                         bool has_tree) {
    const rm_macros *declared = both->unit->macros;
    const rm_set_file *source = &declared->set->files.at[file];
    const rm_branch_list *branches = &source->scan.branches;
    for (uint32_t i = 0; i < branches->count; i++) {
        const rm_branch *branch = &branches->at[i];
        bool active = rm_macros_active(declared, file, i);
        bool turned = rm_macros_active(other, file, i);
        if (branch->guard || active == turned) {
            continue;
        }
        rm_str text = rm_str_slice(source->text, branch->body, branch->to);
        both->other_names |= !both->other_names && turned && says_names(text);
        both->other_flow |= !both->other_flow && has_tree && says_code(text);
    }
}

static rm_status compare(rm_configurations *both) {
    rm_source_unit *unit = both->unit;
    rm_macros *other = NULL;
    rm_status st = rm_macros_complement(unit->arena, unit->macros, &other);
    for (uint32_t i = 0; i < unit->files.count && st == RM_OK; i++) {
        const rm_source_file *file = &unit->files.at[i];
        compare_file(both, other, file->in_set, file->tree != NULL);
        if (file->tree != NULL && !file->is_header) {
            tell_unread(both, other, file->in_set);
        }
    }
    both->other_flow &= both->handlers.count > 0;
    return st;
}

/* ---- both units ---- */

rm_status rm_configurations_build(const rm_source_set *set, const rm_unit_plan *plan,
                                  rm_model *model, rm_sink *sink, const rm_extract_options *options,
                                  rm_configurations *out) {
    rm_unit_plan turned = *plan;
    *out = (rm_configurations){0};
    rm_status st = rm_unit_build(set, plan, model, sink, options, &out->unit);
    if (st == RM_OK) {
        st = rm_source_handlers(out->unit, &out->handlers);
    }
    if (st == RM_OK) {
        st = compare(out);
    }
    if (st != RM_OK || !(out->other_names || out->other_flow)) {
        return st;
    }
    turned.complement = true;
    turned.twin = out->unit;
    /* What cannot be known there is no news: no sink. */
    st = rm_unit_build(set, &turned, model, NULL, options, &out->other);
    return st == RM_OK ? rm_source_handlers(out->other, &out->other_handlers) : st;
}

void rm_configurations_done(rm_configurations *both) {
    rm_unit_free(both->other);
    rm_unit_free(both->unit);
    *both = (rm_configurations){0};
}

/* The other configuration's handlers serve what those of the same name serve. */
static void serve_alike(const rm_handler_list *handlers, rm_handler_list *others) {
    for (uint32_t i = 0; i < others->count; i++) {
        rm_handler *other = &others->at[i];
        for (uint32_t k = 0; k < handlers->count; k++) {
            const rm_handler *h = &handlers->at[k];
            if (h->kind == other->kind && rm_str_eq(h->function->name, other->function->name)) {
                other->device = h->device;
            }
        }
    }
}

rm_status rm_source_flow_both(rm_configurations *both) {
    rm_source_serving(both->unit, &both->handlers);
    serve_alike(&both->handlers, &both->other_handlers);
    return both->handlers.count == 0 ? RM_OK
           : both->other_flow ? rm_flow_configurations(both->unit, &both->handlers, both->other,
                                                       &both->other_handlers)
                              : rm_source_flow(both->unit, &both->handlers);
}
