#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "options.h"

static const size_t arena_limit = (size_t)8 << 30;

static int print_version(void) {
    (void)puts("ringmap " RINGMAP_VERSION);
    return RM_EXIT_OK;
}

static int run_command(rm_invocation *in, int argc, char **argv) {
    if (!rm_parse_options(in, argc, argv)) {
        return RM_EXIT_USAGE;
    }
    if (rm_given(in, "--help") != NULL) {
        return rm_help_command(in->command);
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
    for (size_t i = 0; rm_commands[i] != NULL; i++) {
        if (strcmp(rm_commands[i]->name, name) == 0) {
            return rm_commands[i];
        }
    }
    return NULL;
}

static int dispatch(rm_invocation *in, int argc, char **argv) {
    if (argc < 2) {
        (void)rm_help_program(true);
        return RM_EXIT_USAGE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        return print_version();
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        const rm_command *about = argc > 2 ? find_command(argv[2]) : NULL;
        return about != NULL ? rm_help_command(about) : rm_help_program(false);
    }
    in->command = find_command(argv[1]);
    if (in->command == NULL) {
        return rm_fail(in, RM_EXIT_USAGE, "no command '%s'; see 'ringmap --help'", argv[1]);
    }
    return run_command(in, argc, argv);
}

int rm_program(int argc, char **argv) {
    rm_arena *arena = rm_arena_new(arena_limit);
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
    in.sink = (rm_sink){.emit = rm_print_diagnostic, .payload = &in};
    int code = dispatch(&in, argc, argv);
    if (fflush(stdout) != 0 && code == RM_EXIT_OK && errno != EPIPE) {
        code = rm_fail(&in, RM_EXIT_OUTPUT, "cannot write to standard output: %s", strerror(errno));
    }
    rm_arena_free(arena);
    return code;
}
