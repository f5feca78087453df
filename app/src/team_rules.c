#include "team_rules.h"

#include <string.h>

#include "base/platform.h"
#include "db/query.h"
#include "extract/team_rules.h"
#include "given_file.h"

/* A single instruction of SQLite can be made to work for long: each question has its process. */
static const rm_child_limits child_limits = {
    .cpu_seconds = 12,
    .wall_seconds = 15,
    .memory_bytes = (size_t)8 << 30,
    .output_bytes = (size_t)256 << 20,
};

enum { MOST_ROWS = 10000 }; /* more is no list of findings */

/* ---- in the child: the answer as texts, each after its length ---- */

typedef struct question {
    rm_invocation *in;
    rm_store *store;
    const rm_team_rule *rule;
    rm_child *child;
} question;

static rm_status send_text(const question *q, rm_str text) {
    const uint32_t length = (uint32_t)text.len;
    rm_status st = rm_child_write(q->child, 0, (rm_str){(const char *)&length, sizeof length});
    return st == RM_OK && length > 0 ? rm_child_write(q->child, 0, text) : st;
}

static rm_status send_columns(void *payload, const rm_str *names, uint32_t count) {
    const question *q = payload;
    rm_status st = rm_child_write(q->child, 0, (rm_str){(const char *)&count, sizeof count});
    for (uint32_t i = 0; st == RM_OK && i < count; i++) {
        st = send_text(q, names[i]);
    }
    return st;
}

static rm_status send_cell(const question *q, const rm_cell *cell) {
    rm_str text = cell->text;
    rm_status st = RM_OK;
    if (cell->kind == RM_CELL_INTEGER) {
        st = rm_str_printf(q->in->arena, &text, "%lld", (long long)cell->integer);
    } else if (cell->kind == RM_CELL_REAL) {
        st = rm_str_printf(q->in->arena, &text, "%.15g", cell->real);
    }
    return st == RM_OK ? send_text(q, text) : st;
}

static rm_status send_row(void *payload, const rm_cell *cells, uint32_t count) {
    const question *q = payload;
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < count; i++) {
        st = send_cell(q, &cells[i]);
    }
    return st;
}

/* Channel 1 has why there is no answer. */
static rm_status ask(void *payload, rm_child *child) {
    question *q = payload;
    q->child = child;
    rm_sql_limits limits = rm_sql_default_limits;
    limits.rows = MOST_ROWS;
    limits.views_only = true;
    const rm_row_taker taker = {.columns = send_columns, .row = send_row, .payload = q};
    rm_str why = RM_STR_NONE;
    rm_status st = rm_query_sql(q->store, q->rule->sql, &limits, &taker, &why);
    if (st == RM_OK) {
        return RM_OK;
    }
    return rm_child_write(child, 1, why.len > 0 ? why : rm_str_from(rm_status_text(st)));
}

/* ---- here: the answer read back ---- */

static bool take_number(rm_str *from, uint32_t *out) {
    if (from->len < sizeof *out) {
        return false;
    }
    memcpy(out, from->ptr, sizeof *out);
    *from = rm_str_slice(*from, sizeof *out, from->len);
    return true;
}

static bool take_text(rm_str *from, rm_str *out) {
    uint32_t length = 0;
    if (!take_number(from, &length) || length > from->len) {
        return false;
    }
    *out = rm_str_slice(*from, 0, length);
    *from = rm_str_slice(*from, length, from->len);
    return true;
}

RM_LIST(texts, rm_str);

static rm_status read_answer(rm_arena *arena, rm_str bytes, rm_team_answer *out) {
    texts all = {0};
    uint32_t columns = 0;
    bool whole = take_number(&bytes, &columns) && columns > 0;
    while (whole && bytes.len > 0) {
        rm_str *text = rm_push(arena, &all);
        if (text == NULL) {
            return RM_NOMEM;
        }
        whole = take_text(&bytes, text);
    }
    if (!whole || all.count < columns || all.count % columns != 0) {
        return RM_INTERNAL;
    }
    *out = (rm_team_answer){.columns = all.at,
                            .column_count = columns,
                            .cells = all.at + columns,
                            .row_count = all.count / columns - 1};
    return RM_OK;
}

/* ---- a rule ---- */

static rm_status refuse(rm_invocation *in, const rm_team_rule *rule, const char *id, rm_str why) {
    rm_diag(&in->sink, RM_ERROR, rule->place, id, "rule %.*s: %.*s", RM_STR_ARG(rule->id),
            RM_STR_ARG(why));
    return RM_USAGE;
}

static const char *ending(rm_child_end end) {
    return end == RM_CHILD_TIMEOUT ? "stopped: it took too long"
                                   : "stopped: the query could not be finished";
}

static rm_status apply_rule(rm_invocation *in, rm_model *model, rm_store *store,
                            const rm_team_rule *rule) {
    question q = {.in = in, .store = store, .rule = rule};
    rm_child_end end = RM_CHILD_CRASHED;
    rm_str bytes = RM_STR_NONE;
    rm_str why = RM_STR_NONE;
    rm_team_answer answer = {0};
    rm_status st = rm_child_run(in->arena, child_limits, ask, &q, &end, &bytes, &why);
    if (st != RM_OK) {
        return st;
    }
    if (end != RM_CHILD_DONE) {
        return refuse(in, rule, "rules-refused", rm_str_from(ending(end)));
    }
    if (why.len > 0) {
        return refuse(in, rule, "rules-refused", why);
    }
    st = read_answer(in->arena, bytes, &answer);
    if (st == RM_OK) {
        st = rm_team_rule_apply(model, rule, &answer, &why);
    }
    return st == RM_USAGE ? refuse(in, rule, "rules-answer", why) : st;
}

rm_status rm_apply_team_rules(rm_invocation *in, rm_model *model, const rm_team_rules *rules) {
    rm_store *store = NULL;
    rm_str why = RM_STR_NONE;
    rm_status st = rules->count == 0 ? RM_OK : rm_store_of(model, in->arena, &store, &why);
    for (uint32_t i = 0; st == RM_OK && i < rules->count; i++) {
        st = apply_rule(in, model, store, &rules->at[i]);
    }
    rm_store_close(store);
    return st;
}

rm_status rm_given_team_rules(rm_invocation *in, rm_arena *arena, rm_team_rules *out) {
    rm_status st = RM_OK;
    const char *path = NULL;
    for (unsigned n = 0; st == RM_OK && (path = rm_given_nth(in, "--rules", n)) != NULL; n++) {
        rm_str text = RM_STR_NONE;
        st = rm_read_given(in, arena, path, &text);
        if (st == RM_OK) {
            st = rm_team_rules_read(arena, &in->sink, rm_path_base(rm_str_from(path)), text, out);
        }
    }
    return st;
}
