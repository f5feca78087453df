#include <errno.h>
#include <string.h>

#include "base/platform.h"
#include "command.h"
#include "domain.h"
#include "extract/principals.h"
#include "sddl_answer.h"

enum { FORMAT_TABLE, FORMAT_JSON, FORMAT_NDJSON };

enum { MAX_PRINCIPALS_FILE = 16 << 20 };
static const size_t max_input = (size_t)1 << 30;
static const size_t line_limit = (size_t)1 << 30; /* memory that one string may take */

struct job {
    rm_invocation *in;
    sddl_request request;
    rm_principals principals;
    int format;
    unsigned rejected;
    bool batch;
};

static int no_memory(const rm_invocation *in, rm_status st) {
    return rm_fail(in, RM_EXIT_OUTPUT, "%s", rm_status_text(st));
}

/* --- options --- */

static bool take_domain(struct job *j, int *code) {
    int said = rm_given_domain(j->in, &j->request.domain);
    *code = said == RM_EXIT_OK ? *code : said;
    return said == RM_EXIT_OK;
}

static bool take_access(struct job *j, int *code) {
    const char *text = rm_given(j->in, "--access");
    uint64_t mask = 0;
    if (text == NULL) {
        return true;
    }
    if (!rm_str_u64(rm_str_from(text), &mask) || mask > UINT32_MAX) {
        *code = rm_fail(j->in, RM_EXIT_USAGE, "--access takes a number such as 0x12019f, not '%s'",
                        text);
        return false;
    }
    j->request.has_access = true;
    j->request.access = (uint32_t)mask;
    return true;
}

static bool take_principals(struct job *j, int *code) {
    const char *path = rm_given(j->in, "--principals");
    rm_str text = RM_STR_NONE;
    rm_status st = rm_principals_builtin(j->in->arena, &j->principals);
    if (st == RM_OK && path != NULL) {
        st = rm_file_read(j->in->arena, path, MAX_PRINCIPALS_FILE, &text);
        if (st == RM_IO || st == RM_LIMIT) {
            *code = rm_fail(j->in, RM_EXIT_INPUT, "cannot read '%s': %s", path,
                            st == RM_IO ? strerror(errno) : rm_status_text(st));
            return false;
        }
        st = st == RM_OK ? rm_principals_read(j->in->arena, &j->in->sink, rm_str_from(path), text,
                                              &j->principals)
                         : st;
    }
    if (st != RM_OK) {
        *code = st == RM_SYNTAX ? rm_fail(j->in, RM_EXIT_INPUT, "cannot use '%s'", path)
                                : no_memory(j->in, st);
        return false;
    }
    j->request.principals = &j->principals;
    return true;
}

static bool take_options(struct job *j, int *code) {
    static const char *const formats[] = {"table", "json", "ndjson", NULL};
    static const char *const types[] = {"device", "file", "key", "service", NULL};
    int type = rm_given_word(j->in, "--type", types, 0);
    j->format = rm_given_word(j->in, "--format", formats, FORMAT_TABLE);
    if (j->format < 0 || type < 0) {
        *code = RM_EXIT_USAGE;
        return false;
    }
    j->request.type = (rm_object_type)type;
    j->request.kernel = rm_given(j->in, "--kernel") != NULL;
    return take_domain(j, code) && take_access(j, code) && take_principals(j, code);
}

/* --- answers --- */

/* In a batch the line says which string it was; programs find the messages in the object. */
static void tell(const struct job *j, uint32_t line, const sddl_answer *answer) {
    rm_loc at = {.file = j->batch ? RM_STR("-") : RM_STR("SDDL"), .line = line};
    for (uint32_t i = 0; i < answer->messages.count; i++) {
        const sddl_message *m = &answer->messages.at[i];
        at.column = m->column;
        rm_diag(&j->in->sink, m->level, at, m->id, "%.*s", RM_STR_ARG(m->text));
    }
}

static int answer_one(struct job *j, rm_str text, uint32_t line) {
    rm_arena *arena = rm_arena_new(line_limit);
    sddl_answer answer;
    rm_buf out = {.arena = arena};
    rm_status st = arena == NULL ? RM_NOMEM : sddl_answer_make(arena, &j->request, text, &answer);
    int code = RM_EXIT_OK;
    if (st == RM_OK) {
        j->rejected += answer.security == NULL;
        if (j->format == FORMAT_TABLE) {
            tell(j, line, &answer);
            rm_buf_text(&out, line > 1 ? "\n" : "");
            sddl_answer_text(&out, &j->request, &answer, rm_terminal_width(),
                             j->in->color == RM_COLOR_ALWAYS);
        } else {
            rm_buf_text(&out, j->batch && j->format == FORMAT_JSON && line > 1 ? ",\n" : "");
            sddl_answer_json(&out, &j->request, &answer);
            rm_buf_text(&out, j->batch && j->format == FORMAT_JSON ? "" : "\n");
        }
        st = out.status;
    }
    code = st == RM_OK ? rm_print(j->in, rm_buf_view(&out)) : no_memory(j->in, st);
    rm_arena_free(arena);
    return code;
}

/* One answer for every line, an empty one included; what follows the last newline only if it is. */
static int answer_lines(struct job *j, rm_str text) {
    uint32_t line = 0;
    int code = RM_EXIT_OK;
    while (code == RM_EXIT_OK && text.len > 0) {
        size_t end = text.len;
        (void)rm_str_find_char(text, '\n', &end);
        rm_str one = rm_str_slice(text, 0, end);
        if (one.len > 0 && one.ptr[one.len - 1] == '\r') {
            one.len--;
        }
        text = rm_str_slice(text, end + 1, text.len);
        code = answer_one(j, one, ++line);
    }
    return code;
}

static int answer_batch(struct job *j) {
    rm_str text = RM_STR_NONE;
    rm_status st = rm_stdin_read(j->in->arena, max_input, &text);
    if (st != RM_OK) {
        return rm_fail(j->in, st == RM_NOMEM ? RM_EXIT_OUTPUT : RM_EXIT_INPUT,
                       "cannot read standard input: %s",
                       st == RM_IO ? strerror(errno) : rm_status_text(st));
    }
    bool array = j->format == FORMAT_JSON;
    int code = array ? rm_print(j->in, RM_STR("[")) : RM_EXIT_OK;
    code = code == RM_EXIT_OK ? answer_lines(j, text) : code;
    return code == RM_EXIT_OK && array ? rm_print(j->in, RM_STR("]\n")) : code;
}

static int run(rm_invocation *in) {
    struct job j = {.in = in, .batch = strcmp(in->operands[0], "-") == 0};
    int code = RM_EXIT_OK;
    if (!take_options(&j, &code)) {
        return code;
    }
    if (j.batch) {
        return answer_batch(&j);
    }
    code = answer_one(&j, rm_str_from(in->operands[0]), 1);
    return code == RM_EXIT_OK && j.rejected > 0 ? RM_EXIT_INPUT : code;
}

static const rm_option options[] = {
    {"--format", "FORMAT", "table, json or ndjson", NULL, false},
    {"--type", "TYPE", "device (as it is without), file, key or service", NULL, false},
    {"--access", "MASK", "who gets exactly this, and which ACE decides", NULL, false},
    RM_DOMAIN_OPTION,
    {"--principals", "FILE", "your own principals beside the built-in ones", NULL, false},
    {"--kernel", NULL, "tell what IoCreateDeviceSecure would not take", NULL, false},
};

const rm_command rm_command_sddl = {
    .name = "sddl",
    .operands = "STRING|-",
    .summary = "who gets what from a security descriptor, and why",
    .details =
        "STRING is SDDL or a name of wdmsec.h such as SDDL_DEVOBJ_SYS_ALL_ADM_ALL. '-' reads\n"
        "one string a line from standard input and gives one answer for every line.\n"
        "A string that Windows rejects is told with column and reason (exit code 3; 0 in a\n"
        "batch, where the answer says so).",
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .least_operands = 1,
    .most_operands = 1,
    .run = run,
};
