#include "options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const rm_option common_options[] = {
    {"--help", NULL, "tell what the command does and takes", "-h", false},
    {"--version", NULL, "print the version", NULL, false},
    {"--quiet", NULL, "no notes and no summary, only errors and warnings", "-q", false},
    {"--color", "WHEN", "auto, always or never", NULL, false},
    {"--no-progress", NULL, "no progress line on a terminal", NULL, false},
};

enum { COMMON_COUNT = sizeof common_options / sizeof common_options[0] };

const rm_option *rm_common_options(size_t *count) {
    *count = COMMON_COUNT;
    return common_options;
}

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

/* The command's option of that spelling, with a value behind '=' or without; NULL: none. */
static const rm_option *option_of(const rm_invocation *in, const char *word, const char **equals) {
    *equals = strncmp(word, "--", 2) == 0 ? strchr(word, '=') : NULL;
    size_t length = *equals != NULL ? (size_t)(*equals - word) : strlen(word);
    const rm_option *option =
        find_option(in->command->options, in->command->option_count, word, length);
    return option != NULL ? option : find_option(common_options, COMMON_COUNT, word, length);
}

/* The word behind an option as its value; NULL when there is none, or it is an option itself. */
static const char *value_behind(const rm_invocation *in, int argc, char **argv, int *i) {
    const char *equals = NULL;
    if (*i + 1 >= argc || option_of(in, argv[*i + 1], &equals) != NULL) {
        return NULL;
    }
    return argv[++*i];
}

/* Takes the option at argv[i]; returns the index of the last word used, or 0 after a complaint. */
static int take_option(rm_invocation *in, int argc, char **argv, int i) {
    const char *word = argv[i];
    const char *equals = NULL;
    const rm_option *option = option_of(in, word, &equals);
    if (option == NULL) {
        (void)rm_fail(in, 0, "unknown option '%s'; see 'ringmap %s --help'", word,
                      in->command->name);
        return 0;
    }
    const char *value = "";
    if (option->value != NULL) {
        value = equals != NULL ? equals + 1 : value_behind(in, argc, argv, &i);
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

/* "-" is a file, -5 a number, and "-- text" a comment of SQL. */
static bool is_option(const rm_invocation *in, const char *word) {
    const bool takes_numbers = in->command->most_operands > 0;
    return word[0] == '-' && word[1] != '\0' && strncmp(word, "-- ", 3) != 0 &&
           !(takes_numbers && word[1] >= '0' && word[1] <= '9');
}

static bool parse_words(rm_invocation *in, int argc, char **argv) {
    bool only_operands = false;
    for (int i = 2; i < argc; i++) {
        if (!only_operands && strcmp(argv[i], "--") == 0) {
            only_operands = true;
        } else if (!only_operands && is_option(in, argv[i])) {
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

/* NO_COLOR (no-color.org) is for terminals; who says always gets it. */
static bool wants_no_color(void) {
    return rm_str_from(getenv("NO_COLOR")).len > 0;
}

static bool apply_common(rm_invocation *in) {
    static const char *const when[] = {"auto", "always", "never", NULL};
    int color = rm_given_word(in, "--color", when, RM_COLOR_AUTO);
    if (color < 0) {
        return false;
    }
    in->color = color == RM_COLOR_AUTO && wants_no_color() ? RM_COLOR_NEVER : (rm_color)color;
    in->quiet = rm_given(in, "--quiet") != NULL;
    in->no_progress = rm_given(in, "--no-progress") != NULL;
    return true;
}

bool rm_parse_options(rm_invocation *in, int argc, char **argv) {
    return parse_words(in, argc, argv) && apply_common(in);
}
