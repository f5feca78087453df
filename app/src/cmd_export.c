#include <errno.h>
#include <string.h>

#include "base/platform.h"
#include "filters.h"
#include "model_file.h"
#include "render/export.h"

static const rm_option options[] = {
    {"--to", "FORMAT", "opengraph, opengraph-extension, otm, graphml or csv", NULL, false},
    {"--output", "FILE", "where to write; for csv a folder", "-o", false},
};

enum { TO_CSV = RM_EXPORT_COUNT };

/* ---- csv: every view as a file ---- */

/* Whole views; the arena bounds them. */
static const rm_sql_limits no_limits = {
    .milliseconds = 600000, .rows = UINT32_MAX, .bytes = UINT64_MAX, .memory = (uint64_t)8 << 30};

/* `in` has the answer in its arena. */
static int view_text(rm_invocation *in, rm_store *store, const char *view, rm_str *out) {
    rm_str sql = RM_STR_NONE;
    rm_str why = RM_STR_NONE;
    rm_table *table = rm_table_new(in, RM_FORMAT_CSV, NULL, 0);
    if (table == NULL || rm_str_printf(in->arena, &sql, "SELECT * FROM %s", view) != RM_OK) {
        return rm_fail(in, RM_EXIT_OUTPUT, "out of memory");
    }
    const rm_row_taker taker = rm_table_taker(table);
    rm_status st = rm_query_sql(store, sql, &no_limits, &taker, &why);
    if (st != RM_OK) {
        return rm_fail_view(in, st, why);
    }
    return rm_table_text(table, out) == RM_OK ? RM_EXIT_OK
                                              : rm_fail(in, RM_EXIT_OUTPUT, "out of memory");
}

static int write_view(rm_invocation *in, const char *view, rm_str text, const char *folder) {
    rm_str path = RM_STR_NONE;
    return rm_str_printf(in->arena, &path, "%s/%s.csv", folder, view) == RM_OK
               ? rm_write_output(in, path.ptr, text)
               : rm_fail(in, RM_EXIT_OUTPUT, "out of memory");
}

static uint32_t count_views(void) {
    uint32_t count = 0;
    while (rm_query_view(count) != NULL) {
        count++;
    }
    return count;
}

/* Every view is asked for before the first is written: a damaged one leaves nothing behind. */
static int write_views(rm_invocation *in, rm_store *store, const char *folder) {
    const uint32_t count = count_views();
    rm_str *texts = RM_NEW_ARRAY(in->arena, rm_str, count);
    int code = texts == NULL ? rm_fail(in, RM_EXIT_OUTPUT, "out of memory") : RM_EXIT_OK;
    for (uint32_t i = 0; code == RM_EXIT_OK && i < count; i++) {
        code = view_text(in, store, rm_query_view(i), &texts[i]);
    }
    if (code == RM_EXIT_OK && rm_folder_make(folder) != RM_OK) {
        code =
            rm_fail(in, RM_EXIT_OUTPUT, "cannot make the folder '%s': %s", folder, strerror(errno));
    }
    for (uint32_t i = 0; code == RM_EXIT_OK && i < count; i++) {
        code = write_view(in, rm_query_view(i), texts[i], folder);
    }
    return code;
}

static int export_csv(rm_invocation *in, const char *folder) {
    rm_store *store = NULL;
    rm_str why = RM_STR_NONE;
    rm_status st = rm_open_store(in, &store, &why);
    const int code = st == RM_OK ? write_views(in, store, folder) : rm_fail_view(in, st, why);
    rm_store_close(store);
    return code;
}

/* ---- the others: one file ---- */

static int export_graph(rm_invocation *in, rm_export_format format, const char *output) {
    rm_model *model = NULL;
    rm_str text = RM_STR_NONE;
    int code = rm_open_model(in, in->operands[0], &model);
    if (code == RM_EXIT_OK) {
        const rm_status st = rm_export(in->arena, model, format, RINGMAP_VERSION, &text);
        code = st == RM_OK ? rm_write_output(in, output, text)
                           : rm_fail(in, RM_EXIT_OUTPUT, "%s", rm_status_text(st));
    }
    rm_model_free(model);
    return code;
}

/* An output that is also the input would be lost. */
static bool is_model(rm_invocation *in, const char *output) {
    rm_str model = RM_STR_NONE;
    rm_str other = RM_STR_NONE;
    return rm_file_real(in->arena, in->operands[0], &model) == RM_OK &&
           rm_file_real(in->arena, output, &other) == RM_OK && rm_str_eq(model, other);
}

static int run(rm_invocation *in) {
    const char *words[RM_EXPORT_COUNT + 2] = {[TO_CSV] = "csv"};
    for (unsigned i = 0; i < RM_EXPORT_COUNT; i++) {
        words[i] = rm_export_format_name((rm_export_format)i);
    }
    const char *output = rm_given(in, "--output");
    const int format = rm_given_word(in, "--to", words, -2);
    if (format == -1) {
        return RM_EXIT_USAGE;
    }
    if (format < 0 || output == NULL) {
        return rm_fail(in, RM_EXIT_USAGE, "say to what and where: --to FORMAT -o FILE");
    }
    if (format == TO_CSV && strcmp(output, "-") == 0) {
        return rm_fail(in, RM_EXIT_USAGE,
                       "csv is a folder with a file for each view; standard output cannot take it");
    }
    if (is_model(in, output)) {
        return rm_fail(in, RM_EXIT_USAGE, "'%s' is the model; write elsewhere", output);
    }
    return format == TO_CSV ? export_csv(in, output)
                            : export_graph(in, (rm_export_format)format, output);
}

const rm_command rm_command_export = {
    .name = "export",
    .operands = "model.db --to FORMAT -o FILE",
    .summary = "the model in the formats of other tools",
    .details = "opengraph          nodes and edges for BloodHound; opengraph-extension tells it\n"
               "                   their kinds and is uploaded once\n"
               "otm                Open Threat Model 0.2.0\n"
               "graphml            for yEd, Gephi, NetworkX\n"
               "csv                a folder with one file for each view",
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .least_operands = 1,
    .most_operands = 1,
    .run = run,
};
