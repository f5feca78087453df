#include "filters.h"
#include "model_file.h"
#include "sarif_list.h"

static bool given_limit(const rm_invocation *in, uint32_t *out) {
    const char *text = rm_given(in, "--limit");
    uint64_t number = 0;
    if (text == NULL) {
        return true;
    }
    if (!rm_str_u64(rm_str_from(text), &number) || number == 0 || number > UINT32_MAX) {
        (void)rm_fail(in, RM_EXIT_USAGE, "--limit takes a number from 1, not '%s'", text);
        return false;
    }
    *out = (uint32_t)number;
    return true;
}

static bool given_severity(const rm_invocation *in, rm_severity *out) {
    static const char *const words[] = {
#define X(name, text) text,
        RM_SEVERITY_LIST(X)
#undef X
            NULL};
    const int word = rm_given_word(in, "--min-severity", words, RM_SEVERITY_INFO);
    if (word < 0) {
        return false;
    }
    *out = (rm_severity)word;
    return true;
}

static bool given_filter(const rm_invocation *in, rm_filter *out) {
    *out = (rm_filter){
        .from = rm_str_from(rm_given(in, "--from")),
        .app = rm_str_from(rm_given(in, "--app")),
        .device = rm_str_from(rm_given(in, "--device")),
        .driver = rm_str_from(rm_given(in, "--driver")),
        .entry = rm_str_from(rm_given(in, "--entry")),
        .sink = rm_str_from(rm_given(in, "--sink")),
        .rule = rm_str_from(rm_given(in, "--rule")),
        .validation = rm_str_from(rm_given(in, "--validation")),
        .boundary = rm_str_from(rm_given(in, "--boundary")),
        .chained = rm_given(in, "--chained") != NULL,
    };
    return given_limit(in, &out->limit) && given_severity(in, &out->min_severity);
}

int rm_fail_query(const rm_invocation *in, rm_status status, rm_str why) {
    const rm_str text = why.len > 0 ? why : rm_str_from(rm_status_text(status));
    switch (status) {
    case RM_USAGE:
    case RM_LIMIT: return rm_fail(in, RM_EXIT_USAGE, "%.*s", RM_STR_ARG(text));
    case RM_FOREIGN:
    case RM_SYNTAX:
    case RM_IO:
        return rm_fail(in, RM_EXIT_INPUT, "cannot use '%s': %.*s", in->operands[0],
                       RM_STR_ARG(text));
    case RM_OK:
    case RM_NOMEM:
    case RM_INTERNAL:
    case RM_STATUS_COUNT: break;
    }
    return rm_fail(in, RM_EXIT_OUTPUT, "%.*s", RM_STR_ARG(text));
}

int rm_fail_view(const rm_invocation *in, rm_status status, rm_str why) {
    return rm_fail_query(in, status == RM_LIMIT ? RM_FOREIGN : status, why);
}

static bool wants_sarif(const rm_invocation *in) {
    return rm_str_eq(rm_str_from(rm_given(in, "--format")), RM_STR("sarif"));
}

int rm_list_view(rm_invocation *in, rm_view_kind kind, const rm_shown *shown, size_t count,
                 const char *none) {
    rm_filter filter;
    if (wants_sarif(in)) {
        return given_filter(in, &filter) ? rm_list_sarif(in, kind, &filter) : RM_EXIT_USAGE;
    }
    const rm_format format = rm_given_format(in);
    if (format == RM_FORMAT_COUNT || !given_filter(in, &filter)) {
        return RM_EXIT_USAGE;
    }
    filter.leads =
        format == RM_FORMAT_TABLE && filter.rule.len == 0 && rm_given(in, "--parts") == NULL;
    rm_table *table = rm_table_new(in, format, shown, count);
    if (table == NULL) {
        return rm_fail(in, RM_EXIT_OUTPUT, "out of memory");
    }
    rm_store *store = NULL;
    rm_str why = RM_STR_NONE;
    rm_status st = rm_open_store(in, &store, &why);
    if (st == RM_OK) {
        const rm_row_taker taker = rm_table_taker(table);
        st = rm_query_run(store, kind, &filter, &taker, &why);
    }
    rm_store_close(store);
    if (st != RM_OK) {
        return rm_fail_view(in, st, why);
    }
    if (rm_table_rows(table) == 0 && format == RM_FORMAT_TABLE && !in->quiet) {
        return rm_fail(in, RM_EXIT_OK, "%s", none);
    }
    return rm_table_print(table);
}

/* ---- the paths that pass, for pictures ---- */

static const rm_option filters[] = {RM_FILTERS};

static bool is_filter(const rm_option *option) {
    for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++) {
        if (rm_str_eq(rm_str_from(option->name), rm_str_from(filters[i].name))) {
            return true;
        }
    }
    return false;
}

/* "--from user --chained" */
rm_str rm_filters_given(const rm_invocation *in) {
    rm_buf text = {.arena = in->arena};
    for (unsigned i = 0; i < in->given_count; i++) {
        if (is_filter(in->given[i].option)) {
            rm_buf_printf(&text, "%s%s", text.len > 0 ? " " : "", in->given[i].option->name);
            if (in->given[i].option->value != NULL) {
                rm_buf_printf(&text, " %s", in->given[i].value);
            }
        }
    }
    return rm_buf_view(&text);
}

typedef struct keeper {
    bool *only;
    uint32_t count;
    uint32_t column; /* of the rank */
} keeper;

static rm_status take_columns(void *payload, const rm_str *names, uint32_t count) {
    keeper *k = payload;
    while (k->column < count && !rm_str_eq(names[k->column], RM_STR("rank"))) {
        k->column++;
    }
    return k->column < count ? RM_OK : RM_INTERNAL;
}

static rm_status take_path(void *payload, const rm_cell *cells, uint32_t count) {
    const keeper *k = payload;
    const int64_t rank = k->column < count ? cells[k->column].integer : 0;
    if (rank >= 1 && rank <= (int64_t)k->count) {
        k->only[rank - 1] = true;
    }
    return RM_OK;
}

static int run_filter(rm_invocation *in, const rm_model *model, const char *file,
                      const rm_filter *filter, keeper *k) {
    rm_store *store = NULL;
    rm_str why = RM_STR_NONE;
    const rm_row_taker taker = {take_columns, take_path, k};
    rm_status st = file != NULL ? rm_store_open(file, in->arena, &store, &why)
                                : rm_store_of(model, in->arena, &store, &why);
    if (st == RM_OK) {
        st = rm_query_run(store, RM_VIEW_PATHS, filter, &taker, &why);
    }
    rm_store_close(store);
    return st == RM_OK ? RM_EXIT_OK : rm_fail_view(in, st, why);
}

int rm_keep_paths(rm_invocation *in, const rm_model *model, const char *file, rm_kept_paths *out) {
    rm_filter filter;
    const uint32_t count = model->paths.count;
    const rm_str why = rm_filters_given(in);
    if (why.len == 0) {
        *out = (rm_kept_paths){NULL, why};
        return RM_EXIT_OK;
    }
    keeper k = {.only = RM_NEW_ARRAY(in->arena, bool, count + 1u), .count = count};
    if (k.only == NULL) {
        return rm_fail(in, RM_EXIT_OUTPUT, "out of memory");
    }
    if (!given_filter(in, &filter)) {
        return RM_EXIT_USAGE;
    }
    const int code = run_filter(in, model, file, &filter, &k);
    if (code == RM_EXIT_OK) {
        *out = (rm_kept_paths){k.only, why};
    }
    return code;
}

int rm_check_filters(const rm_invocation *in) {
    rm_filter filter;
    return given_filter(in, &filter) ? RM_EXIT_OK : RM_EXIT_USAGE;
}
