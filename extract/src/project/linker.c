#include "project.h"

/* What the linker is told about the manifest that it makes. */

rm_str rm_project_level(rm_str text) {
    static const char *const levels[] = {"asInvoker", "highestAvailable", "requireAdministrator"};
    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++) {
        if (rm_str_ieq(rm_str_trim(text), rm_str_from(levels[i]))) {
            return rm_str_from(levels[i]);
        }
    }
    return RM_STR_NONE;
}

/* Where `word` stands, in whatever case; s.len: nowhere. */
static size_t find_word(rm_str s, const char *word) {
    rm_str wanted = rm_str_from(word);
    size_t at = 0;
    while (at < s.len && !rm_str_istarts(rm_str_slice(s, at, s.len), wanted)) {
        at++;
    }
    return at;
}

static bool is_part(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The word behind NAME=, quoted or not; `s` may be a string of C with its escapes. */
static rm_str value_of(rm_str s, const char *name) {
    size_t at = find_word(s, name);
    at += at < s.len ? rm_str_from(name).len : 0;
    while (at < s.len && !is_part(s.ptr[at])) {
        at++;
    }
    size_t end = at;
    while (end < s.len && is_part(s.ptr[end])) {
        end++;
    }
    return rm_str_slice(s, at, end);
}

void rm_project_linker_options(rm_project *project, rm_str options) {
    enum { NEAR = 128 }; /* the option's own text is at most some 60 long */
    size_t at = find_word(options, "manifestuac:");
    rm_str told = rm_str_slice(options, at, at + NEAR);
    rm_str level = rm_project_level(value_of(told, "level="));
    if (level.len > 0) {
        project->execution_level = level;
    }
    if (rm_str_ieq(value_of(told, "uiAccess="), RM_STR("true"))) {
        project->ui_access = true;
    }
}
