#include "filters.h"

static const rm_option options[] = {RM_FORMAT_OPTION};

static int ask(rm_invocation *in, rm_table *table) {
    rm_store *store = NULL;
    rm_str why = RM_STR_NONE;
    rm_status st = rm_store_open(in->operands[0], in->arena, &store, &why);
    if (st == RM_OK) {
        const rm_row_taker taker = rm_table_taker(table);
        st =
            rm_query_sql(store, rm_str_from(in->operands[1]), &rm_sql_default_limits, &taker, &why);
    }
    rm_store_close(store);
    return st == RM_OK ? rm_table_print(table) : rm_fail_query(in, st, why);
}

static int run(rm_invocation *in) {
    const rm_format format = rm_given_format(in);
    if (format == RM_FORMAT_COUNT) {
        return RM_EXIT_USAGE;
    }
    rm_table *table = rm_table_new(in, format, NULL, 0);
    return table == NULL ? rm_fail(in, RM_EXIT_OUTPUT, "out of memory") : ask(in, table);
}

const rm_command rm_command_query = {
    .name = "query",
    .operands = "model.db SQL",
    .summary = "read-only SQL over the views of a model",
    .details = "One SELECT over v_driver, v_device, v_access, v_entry, v_ioctl, v_sink, v_path,\n"
               "v_finding and the other views. It cannot write, attach, load or run for long, so\n"
               "it is safe on a stranger's model.",
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .least_operands = 2,
    .most_operands = 2,
    .run = run,
};
