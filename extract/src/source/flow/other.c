#include "source/build.h"
#include "source/flow/report.h"
#include "source/lex.h"
#include "source/macros.h"

/*
 * What the other configuration does: where every #if that a configuration decides is turned round.
 * A check that only one of them has is no check; an operation that only one of them reaches is
 * reached.
 */

/* Code or a definition; pragmas, traces' includes and comments change nothing. */
static bool says_something(rm_str text) {
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

/* Is there anything that only one of the configurations has? */
static bool file_differs(const rm_macros *declared, const rm_macros *other, uint32_t file) {
    const rm_set_file *source = &declared->set->files.at[file];
    const rm_branch_list *branches = &source->scan.branches;
    for (uint32_t i = 0; i < branches->count; i++) {
        const rm_branch *branch = &branches->at[i];
        if (!branch->guard &&
            rm_macros_active(declared, file, i) != rm_macros_active(other, file, i) &&
            says_something(rm_str_slice(source->text, branch->body, branch->to))) {
            return true;
        }
    }
    return false;
}

static bool unit_differs(const rm_source_unit *unit, const rm_macros *other) {
    for (uint32_t i = 0; i < unit->files.count; i++) {
        if (unit->files.at[i].tree != NULL &&
            file_differs(unit->macros, other, unit->files.at[i].in_set)) {
            return true;
        }
    }
    return false;
}

static rm_status flow_twice(rm_source_unit *unit, const rm_handler_list *handlers,
                            const rm_unit_plan *plan) {
    rm_source_unit *other = NULL;
    rm_handler_list other_handlers = {0};
    rm_unit_plan turned = *plan;
    turned.complement = true;
    turned.twin = unit;
    rm_status st = rm_unit_build(unit->set, &turned, unit->model, NULL, unit->options, &other);
    if (st == RM_OK) {
        st = rm_source_handlers(other, &other_handlers);
    }
    if (st == RM_OK) {
        st = rm_flow_configurations(unit, handlers, other, &other_handlers);
    }
    rm_unit_free(other);
    return st;
}

rm_status rm_source_flow_both(rm_source_unit *unit, const rm_handler_list *handlers,
                              const rm_unit_plan *plan) {
    rm_macros *other = NULL;
    if (handlers->count == 0) {
        return RM_OK;
    }
    rm_status st = rm_macros_complement(unit->arena, unit->macros, &other);
    if (st != RM_OK) {
        return st;
    }
    return unit_differs(unit, other) ? flow_twice(unit, handlers, plan)
                                     : rm_source_flow(unit, handlers);
}
