#ifndef APP_OPTIONS_H
#define APP_OPTIONS_H

#include "command.h"

/* What main() is made of, each in its own file; commands use command.h alone. */

/* program.c: one call of the program; returns its exit code. Keeps nothing between two calls. */
int rm_program(int argc, char **argv);

/* options.c: parses the words after the command. False after a message: exit with usage. */
bool rm_parse_options(rm_invocation *in, int argc, char **argv);

/* The options that every command takes. */
const rm_option *rm_common_options(size_t *count);

/* help.c: all commands, in the order in which help lists them; NULL ends the list. */
extern const rm_command *const rm_commands[];
int rm_help_program(bool to_error);
int rm_help_command(const rm_command *command);

/* talk.c: the sink of rm_invocation; payload is the invocation. */
void rm_print_diagnostic(void *payload, rm_level level, rm_loc loc, const char *id, rm_str text);

#endif
