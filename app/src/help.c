#include <stdio.h>

#include "options.h"

/* In the order in which help lists them. */
const rm_command *const rm_commands[] = {
    &rm_command_map,   &rm_command_scan,     &rm_command_render,  &rm_command_report,
    &rm_command_paths, &rm_command_findings, &rm_command_explain, &rm_command_query,
    &rm_command_diff,  &rm_command_merge,    &rm_command_check,   &rm_command_export,
    &rm_command_sddl,  &rm_command_ioctl,    &rm_command_sid,     NULL, /* the end */
};

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

int rm_help_command(const rm_command *command) {
    (void)printf("usage: ringmap %s [options] %s\n\n%s\n", command->name, command->operands,
                 command->summary);
    if (command->details != NULL) {
        (void)printf("\n%s\n", command->details);
    }
    (void)puts("\noptions:");
    print_options(command->options, command->option_count);
    size_t count = 0;
    const rm_option *common = rm_common_options(&count);
    print_options(common, count);
    return RM_EXIT_OK;
}

int rm_help_program(bool to_error) {
    FILE *out = to_error ? stderr : stdout;
    (void)fputs(
        "ringmap maps every way from less trusted code into the Windows kernel: it reads\n"
        "INF files, SDDL, IOCTL headers, driver sources and app manifests, works out who\n"
        "can reach which privileged operation with which unvalidated input, and draws it.\n\n"
        "usage: ringmap COMMAND [options] ...\n\ncommands:\n",
        out);
    for (size_t i = 0; rm_commands[i] != NULL; i++) {
        (void)fprintf(out, "  %-10s %s\n", rm_commands[i]->name, rm_commands[i]->summary);
    }
    (void)fputs("\n'ringmap COMMAND --help' tells the rest. First use:\n"
                "  ringmap map my-driver/ -o map.svg\n\n"
                "exit codes: 0 done, 1 a gate found something, 2 wrong usage or an unknown name,\n"
                "            3 an input could not be used, 4 an output could not be written\n",
                out);
    return RM_EXIT_OK;
}
