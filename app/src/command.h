#ifndef APP_COMMAND_H
#define APP_COMMAND_H

#include <stdbool.h>

#include "base/diag.h"
#include "base/str.h"

/* Exit codes of every command (README, "Exit codes"). */
enum {
    RM_EXIT_OK = 0,
    RM_EXIT_FOUND = 1,  /* the gate of check or diff found something */
    RM_EXIT_USAGE = 2,  /* wrong usage, an unknown id or name, refused SQL */
    RM_EXIT_INPUT = 3,  /* an input could not be used at all */
    RM_EXIT_OUTPUT = 4, /* an output could not be written, memory, internal */
};

typedef struct rm_option {
    const char *name;  /* "--format" */
    const char *value; /* what to call its value in help, "FILE"; NULL: a flag */
    const char *help;
    const char *shorthand; /* "-o"; NULL: none */
    bool repeats;          /* may be given several times */
} rm_option;

typedef struct rm_invocation rm_invocation;

typedef struct rm_command {
    const char *name;
    const char *operands; /* "PATH..." for the usage line */
    const char *summary;  /* one line */
    const char *details;  /* paragraphs of --help, NULL: none */
    const rm_option *options;
    size_t option_count;
    unsigned least_operands, most_operands;
    int (*run)(rm_invocation *in);
} rm_command;

typedef enum rm_color { RM_COLOR_AUTO, RM_COLOR_ALWAYS, RM_COLOR_NEVER } rm_color;

/* One call of the program, options parsed. Everything lives as long as main(). */
struct rm_invocation {
    const rm_command *command;
    rm_arena *arena;
    rm_sink sink; /* prints diagnostics to standard error unless --quiet hides notes */
    bool quiet, no_progress;
    rm_color color;
    char **operands;
    unsigned operand_count;
    /* in the order given */
    struct rm_given {
        const rm_option *option;
        const char *value;
    } * given;
    unsigned given_count;
};

/* The last value given for an option ("" for a flag); NULL when it was not given. */
const char *rm_given(const rm_invocation *in, const char *option);

/* The n-th value of an option that repeats; NULL past the last. */
const char *rm_given_nth(const rm_invocation *in, const char *option, unsigned n);

/*
 * The value of an option that must be one of `words` (NULL-terminated): its index, `missing` when
 * not given; -1 after an error message, which lists the words: the command returns RM_EXIT_USAGE.
 */
int rm_given_word(const rm_invocation *in, const char *option, const char *const *words,
                  int missing);

/* "ringmap scan: text" on standard error; returns `code` so that a command can return it. */
int rm_fail(const rm_invocation *in, int code, const char *fmt, ...) RM_PRINTF(3, 4);

/* Writes to standard output, whole; RM_EXIT_OUTPUT with a message when it cannot. */
int rm_print(const rm_invocation *in, rm_str text);

/* Writes an output file or standard output ("-"); RM_EXIT_OUTPUT with a message when it cannot. */
int rm_write_output(const rm_invocation *in, const char *path, rm_str bytes);

/* Progress on a terminal: a line that rewrites itself; nothing elsewhere. done = total ends it. */
void rm_progress(const rm_invocation *in, const char *what, uint32_t done, uint32_t total);

/* The commands, each in its own file; help.c lists them. */
extern const rm_command rm_command_map, rm_command_scan, rm_command_render, rm_command_report;
extern const rm_command rm_command_sddl, rm_command_ioctl, rm_command_sid;
extern const rm_command rm_command_paths, rm_command_findings, rm_command_query;
extern const rm_command rm_command_explain, rm_command_diff, rm_command_check;
extern const rm_command rm_command_export, rm_command_merge;

#endif
