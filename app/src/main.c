#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/platform.h"
#include "base/text.h"
#include "command.h"

/* In the order in which help lists them. */
static const rm_command *const commands[] = {
    NULL, /* the end */
};

enum { MAX_ARENA_GIB = 8 };

static const rm_option common_options[] = {
    {"--help", NULL, "tell what the command does and takes", "-h", false},
    {"--version", NULL, "print the version", NULL, false},
    {"--quiet", NULL, "no notes and no summary, only errors and warnings", "-q", false},
    {"--color", "WHEN", "auto, always or never", NULL, false},
    {"--no-progress", NULL, "no progress line on a terminal", NULL, false},
};

enum { COMMON_COUNT = sizeof common_options / sizeof common_options[0] };

/* ---- talking ---- */

static void print_diagnostic(void *payload, rm_level level, rm_loc loc, const char *id,
                             rm_str text) {
    const rm_invocation *in = payload;
    rm_str line = RM_STR_NONE;
    if (in->quiet && level == RM_NOTE) {
        return;
    }
    if (rm_diag_format(in->arena, level, loc, id, text, &line) == RM_OK) {
        rm_progress(in, NULL, 0, 0);
        (void)fprintf(stderr, "%.*s\n", (int)line.len, line.ptr);
    }
}

int rm_fail(const rm_invocation *in, int code, const char *fmt, ...) {
    char text[1024];
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    rm_buf safe = {.arena = in->arena};
    rm_text_safe(&safe, rm_str_from(text));
    rm_progress(in, NULL, 0, 0);
    (void)fprintf(stderr, "ringmap%s%s: %.*s\n", in->command != NULL ? " " : "",
                  in->command != NULL ? in->command->name : "", (int)safe.len,
                  safe.len > 0 ? safe.ptr : "");
    return code;
}

int rm_print(const rm_invocation *in, rm_str text) {
    if (text.len > 0 && fwrite(text.ptr, 1, text.len, stdout) != text.len) {
        return rm_fail(in, RM_EXIT_OUTPUT, "cannot write to standard output: %s", strerror(errno));
    }
    if (fflush(stdout) != 0) {
        return rm_fail(in, RM_EXIT_OUTPUT, "cannot write to standard output: %s", strerror(errno));
    }
    return RM_EXIT_OK;
}

int rm_write_output(const rm_invocation *in, const char *path, rm_str bytes) {
    rm_status st = rm_file_replace(path, bytes);
    if (st != RM_OK) {
        return rm_fail(in, RM_EXIT_OUTPUT, "cannot write '%s': %s", path,
                       st == RM_IO ? strerror(errno) : rm_status_text(st));
    }
    return RM_EXIT_OK;
}

void rm_progress(const rm_invocation *in, const char *what, uint32_t done, uint32_t total) {
    if (in->quiet || in->no_progress || !rm_terminal_is(2)) {
        return;
    }
    if (what == NULL || done >= total) {
        (void)fputs("\r\033[K", stderr);
        return;
    }
    (void)fprintf(stderr, "\r\033[K%s %u of %u", what, (unsigned)done, (unsigned)total);
    (void)fflush(stderr);
}

/* ---- help ---- */

static void print_options(const rm_option *options, size_t count) {
    for (size_t i = 0; i < count; i++) {
        char left[64];
        (void)snprintf(left, sizeof left, "%s%s%s%s%s",
                       options[i].shorthand ? options[i].shorthand : "",
                       options[i].shorthand ? ", " : "", options[i].name,
                       options[i].value ? " " : "", options[i].value ? options[i].value : "");
        (void)printf("  %-24s %s%s\n", left, options[i].help,
                     options[i].repeats ? " (repeats)" : "");
    }
}

static int help_command(const rm_command *command) {
    (void)printf("usage: ringmap %s [options] %s\n\n%s\n", command->name, command->operands,
                 command->summary);
    if (command->details != NULL) {
        (void)printf("\n%s\n", command->details);
    }
    (void)puts("\noptions:");
    print_options(command->options, command->option_count);
    print_options(common_options, COMMON_COUNT);
    return RM_EXIT_OK;
}

static int help_program(FILE *out) {
    (void)fputs(
        "ringmap maps every way from less trusted code into the Windows kernel: it reads\n"
        "INF files, SDDL, IOCTL headers, driver sources and app manifests, works out who\n"
        "can reach which privileged operation with which unvalidated input, and draws it.\n\n"
        "usage: ringmap COMMAND [options] ...\n\ncommands:\n",
        out);
    for (size_t i = 0; commands[i] != NULL; i++) {
        (void)fprintf(out, "  %-10s %s\n", commands[i]->name, commands[i]->summary);
    }
    (void)fputs("\n'ringmap COMMAND --help' tells the rest. First use:\n"
                "  ringmap map my-driver/ -o map.svg\n\n"
                "exit codes: 0 done, 1 a gate found something, 2 wrong usage or an unknown name,\n"
                "            3 an input could not be used, 4 an output could not be written\n",
                out);
    return RM_EXIT_OK;
}

/* ---- options ---- */

static const rm_option *find_option(const rm_option *options, size_t count, const char *name,
                                    size_t length) {
    for (size_t i = 0; i < count; i++) {
        const char *names[] = {options[i].name, options[i].shorthand};
        for (size_t k = 0; k < 2; k++) {
            if (names[k] != NULL && strlen(names[k]) == length &&
                memcmp(names[k], name, length) == 0) {
                return &options[i];
            }
        }
    }
    return NULL;
}

const char *rm_given(const rm_invocation *in, const char *option) {
    for (unsigned i = in->given_count; i > 0; i--) {
        if (strcmp(in->given[i - 1].option->name, option) == 0) {
            return in->given[i - 1].value;
        }
    }
    return NULL;
}

const char *rm_given_nth(const rm_invocation *in, const char *option, unsigned n) {
    for (unsigned i = 0; i < in->given_count; i++) {
        if (strcmp(in->given[i].option->name, option) == 0 && n-- == 0) {
            return in->given[i].value;
        }
    }
    return NULL;
}

int rm_given_word(const rm_invocation *in, const char *option, const char *const *words,
                  int missing) {
    const char *value = rm_given(in, option);
    char list[256] = "";
    size_t used = 0;
    if (value == NULL) {
        return missing;
    }
    for (int i = 0; words[i] != NULL; i++) {
        if (strcmp(words[i], value) == 0) {
            return i;
        }
        int n = snprintf(list + used, sizeof list - used, "%s%s", i > 0 ? ", " : "", words[i]);
        used += n > 0 && (size_t)n < sizeof list - used ? (size_t)n : 0;
    }
    (void)rm_fail(in, RM_EXIT_USAGE, "%s takes one of %s, not '%s'", option, list, value);
    return -1;
}

/* Takes the option at argv[i]; returns the index of the last word used, or 0 after a complaint. */
static int take_option(rm_invocation *in, int argc, char **argv, int i) {
    const char *word = argv[i];
    const char *equals = strncmp(word, "--", 2) == 0 ? strchr(word, '=') : NULL;
    size_t length = equals != NULL ? (size_t)(equals - word) : strlen(word);
    const rm_option *option =
        find_option(in->command->options, in->command->option_count, word, length);
    if (option == NULL) {
        option = find_option(common_options, COMMON_COUNT, word, length);
    }
    if (option == NULL) {
        (void)rm_fail(in, 0, "unknown option '%s'; see 'ringmap %s --help'", word,
                      in->command->name);
        return 0;
    }
    const char *value = "";
    if (option->value != NULL) {
        value = equals != NULL ? equals + 1 : i + 1 < argc ? argv[++i] : NULL;
    }
    if (value == NULL || (option->value == NULL && equals != NULL)) {
        (void)rm_fail(in, 0, value == NULL ? "%s needs a value: %s" : "%s takes no value%s",
                      option->name, value == NULL ? option->value : "");
        return 0;
    }
    if (!option->repeats && rm_given(in, option->name) != NULL) {
        (void)rm_fail(in, 0, "%s is given twice", option->name);
        return 0;
    }
    in->given[in->given_count].option = option;
    in->given[in->given_count++].value = value;
    return i;
}

static bool parse(rm_invocation *in, int argc, char **argv) {
    bool only_operands = false;
    for (int i = 2; i < argc; i++) {
        if (!only_operands && strcmp(argv[i], "--") == 0) {
            only_operands = true;
        } else if (!only_operands && argv[i][0] == '-' && argv[i][1] != '\0' &&
                   !(in->command->most_operands > 0 && argv[i][1] >= '0' && argv[i][1] <= '9')) {
            i = take_option(in, argc, argv, i);
            if (i == 0) {
                return false;
            }
        } else {
            in->operands[in->operand_count++] = argv[i];
        }
    }
    return true;
}

static bool apply_common(rm_invocation *in) {
    static const char *const when[] = {"auto", "always", "never", NULL};
    int color = rm_given_word(in, "--color", when, RM_COLOR_AUTO);
    if (color < 0) {
        return false;
    }
    in->color = (rm_color)color;
    in->quiet = rm_given(in, "--quiet") != NULL;
    in->no_progress = rm_given(in, "--no-progress") != NULL;
    return true;
}

static int print_version(void) {
    (void)puts("ringmap " RINGMAP_VERSION);
    return RM_EXIT_OK;
}

static int run_command(rm_invocation *in, int argc, char **argv) {
    if (!parse(in, argc, argv) || !apply_common(in)) {
        return RM_EXIT_USAGE;
    }
    if (rm_given(in, "--help") != NULL) {
        return help_command(in->command);
    }
    if (rm_given(in, "--version") != NULL) {
        return print_version();
    }
    if (in->operand_count < in->command->least_operands ||
        in->operand_count > in->command->most_operands) {
        return rm_fail(in, RM_EXIT_USAGE, "usage: ringmap %s [options] %s", in->command->name,
                       in->command->operands);
    }
    return in->command->run(in);
}

static const rm_command *find_command(const char *name) {
    for (size_t i = 0; commands[i] != NULL; i++) {
        if (strcmp(commands[i]->name, name) == 0) {
            return commands[i];
        }
    }
    return NULL;
}

static int dispatch(rm_invocation *in, int argc, char **argv) {
    if (argc < 2) {
        (void)help_program(stderr);
        return RM_EXIT_USAGE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        return print_version();
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        const rm_command *about = argc > 2 ? find_command(argv[2]) : NULL;
        return about != NULL ? help_command(about) : help_program(stdout);
    }
    in->command = find_command(argv[1]);
    if (in->command == NULL) {
        return rm_fail(in, RM_EXIT_USAGE, "no command '%s'; see 'ringmap --help'", argv[1]);
    }
    return run_command(in, argc, argv);
}

int main(int argc, char **argv) {
    /* A reader that went away (a pager, head) is an error code of write(), not a silent death. */
    (void)signal(SIGPIPE, SIG_IGN);
    rm_arena *arena = rm_arena_new((size_t)MAX_ARENA_GIB << 30);
    size_t room = (size_t)argc + 1;
    rm_invocation in = {.arena = arena};
    if (arena != NULL) {
        in.given = rm_arena_alloc(arena, room, sizeof *in.given);
        in.operands = RM_NEW_ARRAY(arena, char *, room);
    }
    if (arena == NULL || in.given == NULL || in.operands == NULL) {
        (void)fputs("ringmap: out of memory\n", stderr);
        rm_arena_free(arena);
        return RM_EXIT_OUTPUT;
    }
    in.sink = (rm_sink){.emit = print_diagnostic, .payload = &in};
    int code = dispatch(&in, argc, argv);
    if (fflush(stdout) != 0 && code == RM_EXIT_OK) {
        code = rm_fail(&in, RM_EXIT_OUTPUT, "cannot write to standard output: %s", strerror(errno));
    }
    rm_arena_free(arena);
    return code;
}
