#include "command.h"
#include "db/merge.h"
#include "db/store.h"
#include "domain.h"
#include "merge_overlap.h"
#include "model_file.h"
#include "policy_file.h"
#include "principals.h"
#include "weights.h"
#include "whole.h"

static const rm_option options[] = {
    {"--output", "FILE", "where to write the model", "-o", false},
    RM_PRINCIPALS_OPTION,
    {"--weights", "FILE", "other weights of the score than those of the models", NULL, false},
    RM_DOMAIN_OPTION,
    RM_TEAM_RULES_OPTION,
    {"--all-origins", NULL, "keep every path row above 100,000", NULL, false},
    RM_POLICY_OPTIONS,
};

static const size_t model_limit = (size_t)8 << 30;

typedef struct merge {
    rm_invocation *in;
    rm_model **models;
    uint32_t count;
    rm_model *whole;
} merge;

static int open_models(merge *g) {
    int code = RM_EXIT_OK;
    for (unsigned i = 0; i < g->in->operand_count && code == RM_EXIT_OK; i++) {
        code = rm_open_model(g->in, g->in->operands[i], &g->models[i]);
        g->count += code == RM_EXIT_OK;
    }
    return code;
}

/* ---- what the scans were given ---- */

/* The value that the models have who have one; they must not differ. */
static bool agreed(const merge *g, const char *name, const char *option, rm_str *out) {
    *out = RM_STR_NONE;
    for (uint32_t i = 0; i < g->count; i++) {
        const rm_str value = rm_model_given(g->models[i], name);
        if (value.len > 0 && out->len > 0 && !rm_str_eq(value, *out)) {
            (void)rm_fail(g->in, 0,
                          "'%s' was scanned with another %s than a model before it; say which with "
                          "%s",
                          g->in->operands[i], option, option);
            return false;
        }
        *out = value.len > 0 ? value : *out;
    }
    return true;
}

/* Keeps what the models agree about, unless the option says otherwise now. */
static rm_status carry(const merge *g, const char *name, const char *option) {
    rm_str value = RM_STR_NONE;
    if (rm_given(g->in, option) != NULL) {
        return RM_OK;
    }
    if (!agreed(g, name, option, &value)) {
        return RM_USAGE;
    }
    return value.len == 0 ? RM_OK : rm_model_give(g->whole, name, value);
}

static rm_status carry_facts_files(const merge *g) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; i < g->count; i++) {
        const rm_given_values *given = &g->models[i]->givens;
        for (uint32_t n = 0; n < given->count && st == RM_OK; n++) {
            if (rm_str_eq(given->at[n].name, RM_STR("facts_file"))) {
                st = rm_model_give(g->whole, "facts_file", given->at[n].value);
            }
        }
    }
    return st;
}

/* What the file of the principals was called is for people: any of its names will do. */
static rm_status carry_file_name(const merge *g) {
    rm_str first = RM_STR_NONE;
    for (uint32_t i = 0; i < g->count; i++) {
        const rm_str name = rm_model_given(g->models[i], "principals_file");
        const bool earlier = first.len == 0 || rm_str_cmp(name, first) < 0;
        first = name.len > 0 && earlier ? name : first;
    }
    return first.len == 0 || rm_given(g->in, "--principals") != NULL
               ? RM_OK
               : rm_model_give(g->whole, "principals_file", first);
}

static rm_status settle_principals(const merge *g, rm_principals *who) {
    rm_status st = carry(g, "principals", "--principals");
    if (st == RM_OK) {
        st = carry_file_name(g);
    }
    if (st != RM_OK) {
        return st;
    }
    return rm_given(g->in, "--principals") != NULL
               ? rm_scan_principals(g->in, g->whole, who)
               : rm_model_principals(g->in, g->whole, g->whole->arena, who);
}

static rm_status settle_domain(const merge *g) {
    const char *now = rm_given(g->in, "--domain-sid");
    rm_status st = carry(g, "domain_sid", "--domain-sid");
    if (st == RM_OK && now != NULL) {
        st = rm_model_give(g->whole, "domain_sid", rm_str_from(now));
    }
    return st == RM_OK ? rm_model_settle_domain(g->whole) : st;
}

static bool has_weight(const rm_weight_table *table, const rm_weight *wanted) {
    for (uint32_t i = 0; i < table->count; i++) {
        const rm_weight *row = &table->at[i];
        if (row->value == wanted->value && rm_str_eq(row->factor, wanted->factor) &&
            rm_str_eq(row->name, wanted->name)) {
            return true;
        }
    }
    return false;
}

/* What one has that is not the standard the other has too; principals may differ. */
static bool has_weights_of(const rm_weight_table *table, const rm_weight_table *other) {
    bool all = true;
    for (uint32_t i = 0; all && i < other->count; i++) {
        const rm_weight *row = &other->at[i];
        all = row->value == row->standard || has_weight(table, row);
    }
    return all;
}

static bool same_weights(const rm_weight_table *a, const rm_weight_table *b) {
    return has_weights_of(a, b) && has_weights_of(b, a);
}

static rm_status settle_weights(const merge *g, const rm_principals *who, rm_weights *weights) {
    if (rm_given(g->in, "--weights") != NULL) {
        return rm_given_weights(g->in, g->whole->arena, who, weights);
    }
    for (uint32_t i = 1; i < g->count; i++) {
        if (!same_weights(&g->models[0]->weights, &g->models[i]->weights)) {
            (void)rm_fail(g->in, 0,
                          "'%s' was scored with other weights than '%s'; say which with --weights",
                          g->in->operands[i], g->in->operands[0]);
            return RM_USAGE;
        }
    }
    return rm_weights_from(g->whole->arena, &g->models[0]->weights, weights);
}

/* ---- the whole ---- */

static rm_status join(merge *g, rm_sink *sink, rm_whole_with *with) {
    uint32_t which = 0;
    rm_status st = rm_merge(g->whole, sink, (const rm_model *const *)g->models, g->count, &which);
    if (st == RM_FOREIGN) {
        (void)rm_fail(g->in, 0,
                      "'%s' does not have what it was read from (an older program wrote it); scan "
                      "again",
                      g->in->operands[which]);
        return st;
    }
    if (st == RM_OK) {
        st = settle_principals(g, &with->principals);
    }
    if (st == RM_OK) {
        st = settle_domain(g);
    }
    if (st == RM_OK) {
        st = settle_weights(g, &with->principals, &with->weights);
    }
    if (st == RM_OK) {
        st = rm_given_team_rules(g->in, g->whole->arena, &with->rules);
    }
    return st == RM_OK ? carry_facts_files(g) : st;
}

static int exit_code(const merge *g, rm_status st) {
    return st == RM_OK      ? RM_EXIT_OK
           : st == RM_USAGE ? RM_EXIT_USAGE /* told already */
           : st == RM_SYNTAX || st == RM_FOREIGN
               ? RM_EXIT_INPUT /* the same */
               : rm_fail(g->in, RM_EXIT_OUTPUT, "%s", rm_status_text(st));
}

static int write_whole(const merge *g, const char *output) {
    rm_str why = RM_STR_NONE;
    rm_policy policy = {0};
    const int judged = rm_given_policy(g->in, g->whole, &policy);
    if (judged != RM_EXIT_OK) {
        return judged;
    }
    if (rm_store_save(g->whole, output, &why) != RM_OK) {
        return rm_fail(g->in, RM_EXIT_OUTPUT, "cannot write '%s': %.*s", output, RM_STR_ARG(why));
    }
    rm_buf line = {.arena = g->in->arena};
    rm_count_whole(g->whole, &line);
    rm_diag(&g->in->sink, RM_NOTE, (rm_loc){0}, "merge-summary", "joined %u models: %.*s",
            (unsigned)g->count, RM_STR_ARG(rm_buf_view(&line)));
    return RM_EXIT_OK;
}

static int work(merge *g, const char *output) {
    rm_keeper keeper = {g->in, g->whole};
    rm_sink sink = rm_keeping_sink(&keeper);
    rm_whole_with with = {0};
    int code = open_models(g);
    if (code != RM_EXIT_OK) {
        return code;
    }
    rm_status st = rm_tell_overlaps(g->in, g->models, g->count);
    if (st == RM_OK) {
        st = join(g, &sink, &with);
    }
    if (st == RM_OK) {
        st = rm_make_whole(g->in, g->whole, &sink, &with);
    }
    return st == RM_OK ? write_whole(g, output) : exit_code(g, st);
}

static int run(rm_invocation *in) {
    const char *output = rm_given(in, "--output");
    const rm_sid *domain = NULL;
    if (output == NULL) {
        return rm_fail(in, RM_EXIT_USAGE, "say where to write the model with -o FILE");
    }
    int code = rm_given_domain(in, &domain);
    if (code != RM_EXIT_OK) {
        return code;
    }
    merge g = {.in = in,
               .models = RM_NEW_ARRAY(in->arena, rm_model *, in->operand_count),
               .whole = rm_model_new(model_limit)};
    code = g.models == NULL || g.whole == NULL ? rm_fail(in, RM_EXIT_OUTPUT, "out of memory")
                                               : work(&g, output);
    rm_model_free(g.whole);
    for (uint32_t i = 0; i < g.count; i++) {
        rm_model_free(g.models[i]);
    }
    return code;
}

const rm_command rm_command_merge = {
    .name = "merge",
    .operands = "A.db B.db... -o all.db",
    .summary = "join models and derive what exists only together",
    .details = "Models that were scanned apart become one: paths from the driver of one to that\n"
               "of another, an INF and the sources of its driver, an app and the device it opens.\n"
               "The result is that of one scan of everything, in any order of the models, as long\n"
               "as no file of one needs a file of another (a header, an included INF).",
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .least_operands = 2,
    .most_operands = 1000,
    .run = run,
};
