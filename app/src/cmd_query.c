#include "base/platform.h"
#include "filters.h"

static const rm_option options[] = {RM_FORMAT_OPTION};

/*
 * The question is asked in a child process: SQLite looks at the clock between its instructions, and
 * a single one can be made to work for long.
 */
static const rm_child_limits child_limits = {
    .cpu_seconds = 12,
    .wall_seconds = 15,
    .memory_bytes = (size_t)8 << 30,
    .output_bytes = (size_t)1 << 30,
};

typedef struct question {
    rm_invocation *in;
    rm_format format;
} question;

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
    return st == RM_OK ? RM_EXIT_OK : rm_fail_query(in, st, why);
}

/* In the child: the answer on channel 0, the exit code as one character on channel 1. */
static rm_status work(void *payload, rm_child *child) {
    const question *q = payload;
    rm_str text = RM_STR_NONE;
    rm_table *table = rm_table_new(q->in, q->format, NULL, 0);
    int code = table == NULL ? rm_fail(q->in, RM_EXIT_OUTPUT, "out of memory") : ask(q->in, table);
    rm_status st = code == RM_EXIT_OK ? rm_table_text(table, &text) : RM_OK;
    if (st == RM_OK) {
        st = rm_child_write(child, 0, text);
    }
    if (st != RM_OK) {
        code = rm_fail_query(q->in, st, RM_STR("the answer is too large"));
    }
    const char digit = (char)('0' + code);
    return rm_child_write(child, 1, (rm_str){&digit, 1});
}

static int run(rm_invocation *in) {
    question q = {in, rm_given_format(in)};
    rm_child_end end = RM_CHILD_CRASHED;
    rm_str answer = RM_STR_NONE;
    rm_str code = RM_STR_NONE;
    if (q.format == RM_FORMAT_COUNT) {
        return RM_EXIT_USAGE;
    }
    rm_status st = rm_child_run(in->arena, child_limits, work, &q, &end, &answer, &code);
    if (st != RM_OK) {
        return rm_fail(in, RM_EXIT_OUTPUT, "no process for the query: %s", rm_status_text(st));
    }
    if (end != RM_CHILD_DONE || code.len != 1) {
        return rm_fail(in, RM_EXIT_USAGE, "%s",
                       end == RM_CHILD_TIMEOUT ? "stopped: it took too long"
                                               : "stopped: the query could not be finished");
    }
    const int exit_code = code.ptr[0] - '0';
    return exit_code == RM_EXIT_OK ? rm_print(in, answer) : exit_code;
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
