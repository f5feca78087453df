#include "base/platform.h"
#include "filters.h"
#include "model_file.h"

static const rm_option options[] = {
    {"--list", NULL, "list the named queries", NULL, false},
    RM_FORMAT_OPTION,
};

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
    rm_str sql;
} question;

static int ask(rm_invocation *in, rm_str sql, rm_table *table) {
    rm_store *store = NULL;
    rm_str why = RM_STR_NONE;
    rm_status st = rm_open_store(in, &store, &why);
    if (st == RM_OK) {
        const rm_row_taker taker = rm_table_taker(table);
        st = rm_query_sql(store, sql, &rm_sql_default_limits, &taker, &why);
    }
    rm_store_close(store);
    return st == RM_OK ? RM_EXIT_OK : rm_fail_query(in, st, why);
}

/* In the child: the answer on channel 0, the exit code as one character on channel 1. */
static rm_status work(void *payload, rm_child *child) {
    const question *q = payload;
    rm_str text = RM_STR_NONE;
    rm_table *table = rm_table_new(q->in, q->format, NULL, 0);
    int code =
        table == NULL ? rm_fail(q->in, RM_EXIT_OUTPUT, "out of memory") : ask(q->in, q->sql, table);
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

/* ---- named queries ---- */

static const rm_shown listed[] = {{.title = "NAME", .column = "name", .prefix = "@"},
                                  {.title = "QUESTION", .column = "question", .flows = true}};

static rm_cell text_cell(const char *text) {
    return (rm_cell){.kind = RM_CELL_TEXT, .text = rm_str_from(text)};
}

static int list_named(rm_invocation *in) {
    static const char *const names[] = {"name", "question", "sql"};
    const rm_format format = rm_given_format(in);
    if (format == RM_FORMAT_COUNT) {
        return RM_EXIT_USAGE;
    }
    rm_table *table = rm_table_new(in, format, listed, sizeof listed / sizeof listed[0]);
    if (table == NULL) {
        return rm_fail(in, RM_EXIT_OUTPUT, "out of memory");
    }
    const rm_row_taker taker = rm_table_taker(table);
    const rm_str columns[] = {rm_str_from(names[0]), rm_str_from(names[1]), rm_str_from(names[2])};
    uint32_t count = 0;
    const rm_named_query *queries = rm_named_queries(&count);
    rm_status st = taker.columns(taker.payload, columns, 3);
    for (uint32_t i = 0; st == RM_OK && i < count; i++) {
        const rm_cell cells[] = {text_cell(queries[i].name), text_cell(queries[i].question),
                                 text_cell(queries[i].sql)};
        st = taker.row(taker.payload, cells, 3);
    }
    return st == RM_OK ? rm_table_print(table) : rm_fail(in, RM_EXIT_OUTPUT, "out of memory");
}

/* The SQL of operand 2, or that which "@name" stands for. */
static int given_sql(rm_invocation *in, rm_str *out) {
    *out = rm_str_from(in->operands[1]);
    if (out->len == 0 || out->ptr[0] != '@') {
        return RM_EXIT_OK;
    }
    const rm_named_query *query = rm_named_query_find(rm_str_slice(*out, 1, out->len));
    if (query == NULL) {
        return rm_fail(in, RM_EXIT_USAGE, "no query is called '%s'; see 'ringmap query --list'",
                       in->operands[1]);
    }
    *out = rm_str_from(query->sql);
    return RM_EXIT_OK;
}

static int run(rm_invocation *in) {
    question q = {.in = in, .format = RM_FORMAT_TABLE};
    rm_child_end end = RM_CHILD_CRASHED;
    rm_str answer = RM_STR_NONE;
    rm_str code = RM_STR_NONE;
    if (rm_given(in, "--list") != NULL) {
        return list_named(in);
    }
    if (in->operand_count < 2) {
        return rm_fail(in, RM_EXIT_USAGE, "usage: ringmap query [options] model.db SQL|@NAME");
    }
    q.format = rm_given_format(in);
    if (given_sql(in, &q.sql) != RM_EXIT_OK) {
        return RM_EXIT_USAGE;
    }
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
    .operands = "model.db SQL|@NAME",
    .summary = "read-only SQL over the views of a model",
    .details = "One SELECT over v_driver, v_device, v_access, v_entry, v_ioctl, v_sink, v_path,\n"
               "v_finding and the other views, or a named query: --list shows them. It cannot\n"
               "write, attach, load or run for long, so it is safe on a stranger's model.",
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .least_operands = 0,
    .most_operands = 2,
    .run = run,
};
