#include "source/flow/walk.h"
#include "source/lex.h"
#include "source/normalise.h"

/*
 * Machine code between C: instructions that only the kernel may use are operations like their
 * intrinsics, and every variable that is named may hold anything afterwards. What the registers
 * hold is not followed.
 */

enum { LONGEST_WORD = 16 };

/* The text of the machine code whose call stands at `span`. */
static rm_str machine_text(const rm_walk *w, rm_span span) {
    if (span.file >= w->flow->unit->files.count) {
        return RM_STR_NONE;
    }
    rm_str text = w->flow->unit->files.at[span.file].text;
    rm_lexer lexer = rm_lexer_of(text);
    lexer.at = span.start;
    (void)rm_lex(&lexer); /* __asm */
    rm_lexer ahead = lexer;
    size_t end = rm_machine_code_group(&ahead) ? ahead.at : rm_lex_line_end(text, lexer.at);
    return rm_str_slice(text, lexer.at, end);
}

/* Moves over blanks and comments; in MASM's way, ; starts one, but not within a string. */
static size_t skip_comment(rm_str text, size_t at, bool in_string) {
    char c = text.ptr[at];
    char next = at + 1 < text.len ? text.ptr[at + 1] : '\0';
    if ((c == ';' && !in_string) || (c == '/' && next == '/')) {
        while (at < text.len && text.ptr[at] != '\n') {
            at++;
        }
    } else if (c == '/' && next == '*') {
        for (at += 2; at + 1 < text.len && !(text.ptr[at] == '*' && text.ptr[at + 1] == '/');) {
            at++;
        }
        at = at + 2 < text.len ? at + 2 : text.len;
    }
    return at;
}

static bool ends_instruction(char c) {
    return c == '\n' || c == '{' || c == '(' || c == '"' || c == ';' || c == ':';
}

/* Words that may stand before a mnemonic. */
static bool is_prefix(rm_str word) {
    return rm_str_ieq(word, RM_STR("rep")) || rm_str_ieq(word, RM_STR("lock")) ||
           rm_str_starts(word, RM_STR("__asm")) || rm_str_eq(word, RM_STR("_asm")) ||
           rm_str_eq(word, RM_STR("volatile")) || rm_str_eq(word, RM_STR("__volatile__"));
}

static void no_longer_known(rm_walk *w, rm_world *world, rm_str name, rm_span span) {
    const rm_body *body = w->frame->body;
    for (uint32_t i = 0; i < body->variables.count; i++) {
        if (rm_str_eq(body->variables.at[i].name, name)) {
            uint32_t cell = rm_cell_root(w, RM_CELL_LOCAL, w->frame->id, i);
            rm_memory_forget(w, world, cell,
                             rm_value_unknown(w, "machine code may have written it", span));
        }
    }
    if (rm_decls_global(w->flow->decls, name) != NULL) {
        uint32_t cell = rm_cell_root(w, RM_CELL_GLOBAL, rm_names_id(w->names, name), 0);
        rm_memory_forget(w, world, cell,
                         rm_value_unknown(w, "machine code may have written it", span));
    }
}

/* The operand behind a mnemonic decides what a mov is: mov cr0, eax; mov eax, dr7. */
static const char *special_move(rm_str text, size_t at) {
    rm_lexer lexer = {.text = text, .at = at};
    rm_token to = rm_lex(&lexer);
    (void)rm_lex(&lexer);
    rm_token from = rm_lex(&lexer);
    bool numbered_to = to.text.len == 3 && to.text.ptr[2] >= '0' && to.text.ptr[2] <= '8';
    bool numbered_from = from.text.len == 3 && from.text.ptr[2] >= '0' && from.text.ptr[2] <= '8';
    if (numbered_to && rm_str_istarts(to.text, RM_STR("cr"))) {
        return "mov cr";
    }
    if (numbered_from && rm_str_istarts(from.text, RM_STR("cr"))) {
        return "mov from cr";
    }
    bool debug = (numbered_to && rm_str_istarts(to.text, RM_STR("dr"))) ||
                 (numbered_from && rm_str_istarts(from.text, RM_STR("dr")));
    return debug ? "mov dr" : NULL;
}

static void instruction(rm_walk *w, rm_world *world, rm_str text, rm_str word, size_t end,
                        rm_span span) {
    char lower[LONGEST_WORD];
    if (word.len >= sizeof lower) {
        return;
    }
    for (size_t i = 0; i < word.len; i++) {
        char c = word.ptr[i];
        lower[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    rm_str name = {.ptr = lower, .len = word.len};
    const char *move = rm_str_eq(name, RM_STR("mov")) ? special_move(text, end) : NULL;
    const rm_api *api = rm_api_instruction(move != NULL ? rm_str_from(move) : name);
    if (api != NULL) {
        rm_sink_instruction(w, world, api, span);
    }
}

void rm_machine_code(rm_walk *w, rm_world *world, const rm_call_site *site) {
    rm_str text = machine_text(w, site->e->span);
    bool in_string = false;
    bool at_start = true;
    for (size_t at = 0; at < text.len;) {
        size_t past = skip_comment(text, at, in_string);
        if (past > at) {
            at = past;
            at_start = true;
            continue;
        }
        char c = text.ptr[at];
        if (!rm_is_name_start(c)) {
            bool escape = c == '\\' && in_string; /* \n and \t part instructions */
            in_string = in_string != (c == '"');
            at_start =
                (at_start && (c == ' ' || c == '\t' || c == '\r')) || ends_instruction(c) || escape;
            at += escape ? 2 : 1;
            continue;
        }
        size_t end = at;
        while (end < text.len && rm_is_name_char(text.ptr[end])) {
            end++;
        }
        rm_str word = rm_str_slice(text, at, end);
        if (at_start && !is_prefix(word)) {
            instruction(w, world, text, word, end, site->e->span);
            at_start = false;
        } else if (!at_start) {
            no_longer_known(w, world, word, site->e->span);
        }
        at = end;
    }
}
