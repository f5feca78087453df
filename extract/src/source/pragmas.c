#include "source/lex.h"
#include "source/opens.h"

static size_t line_start(rm_str text, size_t at) {
    while (at > 0 && text.ptr[at - 1] != '\n') {
        at--;
    }
    return at;
}

void rm_source_pragmas(rm_str text, rm_project *project) {
    static const char directive[] = "#pragma";
    size_t at = 0;
    while (rm_str_find(text, rm_str_from(directive), &at)) {
        bool first = rm_str_trim(rm_str_slice(text, line_start(text, at), at)).len == 0;
        text = rm_str_slice(text, at + sizeof directive - 1, text.len);
        rm_str line = rm_str_slice(text, 0, rm_lex_line_end(text, 0));
        if (first && rm_str_istarts(rm_str_trim(line), RM_STR("comment"))) {
            rm_project_linker_options(project, line);
        }
    }
}
