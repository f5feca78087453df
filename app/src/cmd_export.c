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

static int write_view(rm_invocation *in, rm_store *store, const char *view, const char *folder) {
    rm_str sql = RM_STR_NONE;
    rm_str path = RM_STR_NONE;
    rm_str text = RM_STR_NONE;
    rm_str why = RM_STR_NONE;
    rm_table *table = rm_table_new(in, RM_FORMAT_CSV, NULL, 0);
    if (table == NULL || rm_str_printf(in->arena, &sql, "SELECT * FROM %s", view) != RM_OK ||
        rm_str_printf(in->arena, &path, "%s/%s.csv", folder, view) != RM_OK) {
        return rm_fail(in, RM_EXIT_OUTPUT, "out of memory");
    }
    const rm_row_taker taker = rm_table_taker(table);
    rm_status st = rm_query_sql(store, sql, &no_limits, &taker, &why);
    if (st != RM_OK) {
        return rm_fail_query(in, st, why);
    }
    return rm_table_text(table, &text) == RM_OK ? rm_write_output(in, path.ptr, text)
                                                : rm_fail(in, RM_EXIT_OUTPUT, "out of memory");
}

static int export_csv(rm_invocation *in, const char *folder) {
    rm_store *store = NULL;
    rm_str why = RM_STR_NONE;
    rm_status st = rm_store_open(in->operands[0], in->arena, &store, &why);
    if (st != RM_OK) {
        return rm_fail_query(in, st, why);
    }
    int code = rm_folder_make(folder) == RM_OK
                   ? RM_EXIT_OK
                   : rm_fail(in, RM_EXIT_OUTPUT, "cannot make the folder '%s': %s", folder,
                             strerror(errno));
    const char *view = NULL;
    for (uint32_t i = 0; code == RM_EXIT_OK && (view = rm_query_view(i)) != NULL; i++) {
        code = write_view(in, store, view, folder);
    }
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
