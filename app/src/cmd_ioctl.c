#include <inttypes.h>
#include <string.h>

#include "base/platform.h"
#include "base/text.h"
#include "command.h"
#include "ioctl_text.h"

enum { FORMAT_TABLE, FORMAT_JSON, FORMAT_NDJSON };
enum { MAX_INPUT = 64 << 20 };

static void put_json(rm_buf *out, uint32_t code) {
    rm_ioctl_fields f = rm_ioctl_decode(code);
    const char *type = rm_device_type_name(f.device_type);
    rm_buf macro = {.arena = out->arena};
    ioctl_macro_put(&macro, code);
    rm_buf_printf(out,
                  "{\"code\":%" PRIu32 ",\"hex\":\"0x%" PRIx32 "\",\"device_type\":%" PRIu32
                  ",\"function\":%" PRIu32 ",\"method\":\"%s\",\"access\":\"%s\",\"macro\":",
                  code, code, f.device_type, f.function, rm_method_name(f.method),
                  rm_code_access_name(f.access));
    rm_text_json(out, rm_buf_view(&macro));
    rm_buf_text(out, ",\"device_type_name\":");
    if (type == NULL) {
        rm_buf_text(out, "null");
    } else {
        rm_text_json(out, rm_str_from(type));
    }
    rm_buf_char(out, '}');
    out->status = out->status == RM_OK ? macro.status : out->status;
}

/* Which handle may send it: the I/O manager looks at these two bits only. */
static const char *handle_of(rm_code_access access) {
    static const char *const words[] = {"any handle", "a handle with FILE_READ_DATA",
                                        "a handle with FILE_WRITE_DATA",
                                        "a handle with FILE_READ_DATA and FILE_WRITE_DATA"};
    return words[(unsigned)access & 3u];
}

static void put_text(rm_buf *out, uint32_t code) {
    rm_ioctl_fields f = rm_ioctl_decode(code);
    const char *type = rm_device_type_name(f.device_type);
    rm_buf_printf(out, "0x%" PRIx32 "  %" PRIu32 "  ", code, code);
    ioctl_macro_put(out, code);
    rm_buf_printf(out, "\n  device type %" PRIu32 " (%s), function 0x%" PRIx32 ", method %s\n",
                  f.device_type,
                  type != NULL             ? type
                  : f.device_type < 0x8000 ? "reserved to Microsoft, without a name"
                                           : "a vendor's own",
                  f.function, rm_method_name(f.method));
    rm_buf_printf(out, "  access %s: sent with %s\n", rm_code_access_name(f.access),
                  handle_of(f.access));
}

struct job {
    rm_invocation *in;
    rm_buf out;
    int format;
    unsigned printed, wrong;
};

static void put_code(struct job *j, uint32_t code) {
    if (j->format == FORMAT_TABLE) {
        put_text(&j->out, code);
    } else {
        put_json(&j->out, code);
        rm_buf_char(&j->out, '\n');
    }
    j->printed++;
}

static void answer(struct job *j, rm_str text) {
    uint32_t code = 0;
    const char *why = "";
    if (ioctl_code_from(text, &code, &why)) {
        put_code(j, code);
    } else {
        (void)rm_fail(j->in, 0, "'%.*s': %s", RM_STR_ARG(text), why);
        j->wrong++;
    }
}

static int answer_lines(struct job *j) {
    rm_str text = RM_STR_NONE;
    rm_status st = rm_stdin_read(j->in->arena, MAX_INPUT, &text);
    if (st != RM_OK) {
        return rm_fail(j->in, RM_EXIT_INPUT, "cannot read standard input: %s", rm_status_text(st));
    }
    while (text.len > 0) {
        size_t end = text.len;
        (void)rm_str_find_char(text, '\n', &end);
        rm_str line = rm_str_trim(rm_str_slice(text, 0, end));
        text = rm_str_slice(text, end + 1, text.len);
        if (line.len > 0) {
            answer(j, line);
        }
    }
    return RM_EXIT_OK;
}

/* --- encoding from fields --- */

static const struct {
    const char *option;
    bool (*from)(rm_str text, uint32_t *out);
} fields[] = {
    {"--device-type", ioctl_device_type_from},
    {"--function", ioctl_function_from},
    {"--method", ioctl_method_from},
    {"--access", ioctl_access_from},
};

enum { FIELDS = sizeof fields / sizeof fields[0] };

static bool any_field(const rm_invocation *in) {
    for (size_t i = 0; i < FIELDS; i++) {
        if (rm_given(in, fields[i].option) != NULL) {
            return true;
        }
    }
    return false;
}

static int encode(struct job *j) {
    uint32_t value[FIELDS] = {0x22, 0, 0, 0};
    for (size_t i = 0; i < FIELDS; i++) {
        const char *text = rm_given(j->in, fields[i].option);
        if (text != NULL && !fields[i].from(rm_str_from(text), &value[i])) {
            return rm_fail(j->in, RM_EXIT_USAGE, "%s does not take '%s'", fields[i].option, text);
        }
    }
    if (rm_given(j->in, "--function") == NULL) {
        return rm_fail(j->in, RM_EXIT_USAGE, "a code needs --function");
    }
    put_code(j, rm_ioctl_encode(value[0], value[1], value[2], value[3]));
    return RM_EXIT_OK;
}

static int run(rm_invocation *in) {
    static const char *const formats[] = {"table", "json", "ndjson", NULL};
    struct job j = {.in = in,
                    .out = {.arena = in->arena},
                    .format = rm_given_word(in, "--format", formats, FORMAT_TABLE)};
    int code = RM_EXIT_OK;
    if (j.format < 0 || any_field(in) == (in->operand_count > 0)) {
        return j.format < 0 ? RM_EXIT_USAGE
                            : rm_fail(in, RM_EXIT_USAGE, "give codes, or the fields of one");
    }
    if (in->operand_count == 0) {
        code = encode(&j);
    }
    for (unsigned i = 0; i < in->operand_count && code == RM_EXIT_OK; i++) {
        if (strcmp(in->operands[i], "-") == 0) {
            code = answer_lines(&j);
        } else {
            answer(&j, rm_str_from(in->operands[i]));
        }
    }
    if (code != RM_EXIT_OK) {
        return code;
    }
    if (j.out.status != RM_OK) {
        return rm_fail(in, RM_EXIT_OUTPUT, "%s", rm_status_text(j.out.status));
    }
    code = rm_print(in, rm_buf_view(&j.out));
    return code == RM_EXIT_OK && j.wrong > 0 ? RM_EXIT_USAGE : code;
}

static const rm_option options[] = {
    {"--format", "FORMAT", "table, json or ndjson", NULL, false},
    {"--device-type", "TYPE", "encode: a number or FILE_DEVICE_... (FILE_DEVICE_UNKNOWN without)",
     NULL, false},
    {"--function", "NUMBER", "encode: the function", NULL, false},
    {"--method", "METHOD", "encode: buffered (as it is without), in_direct, out_direct, neither",
     NULL, false},
    {"--access", "ACCESS", "encode: any (as it is without), read, write, read_write", NULL, false},
};

const rm_command rm_command_ioctl = {
    .name = "ioctl",
    .operands = "CODE...|-",
    .summary = "decode or encode control codes",
    .details = "CODE is a number (decimal, 0x..., negative as a debugger shows it) or\n"
               "CTL_CODE(type, function, method, access) with numbers or the headers' names. A\n"
               "function over 0xfff spills into the access bits, and the number wins.",
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .least_operands = 0,
    .most_operands = 100000,
    .run = run,
};
