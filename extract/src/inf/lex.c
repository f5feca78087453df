#include "inf/lex.h"

#include <string.h>

#include "inf/chars.h"
#include "inf/refusal.h"
#include "inf/sections.h"
#include "inf/strings.h"

/*
 * One pass over the text. A token borrows from the text as long as its pieces lie side by side;
 * quotes and continuations break that, and it moves to `scratch`, which as a whole never holds
 * more than the text has: time and memory are linear.
 */
struct token {
    const char *ptr;
    size_t len;
    size_t solid; /* length up to the last character that is quoted or no blank */
    bool started; /* a blank is now part of it, not in front of it */
    bool moved;   /* lies in scratch */
    bool percent;
    uint32_t line, column;
};

struct lexer {
    rm_inf *inf;
    const char *at;
    const char *end;
    const char *line_start;
    uint32_t line;
    struct token token;
    size_t size; /* of the text */
    char *scratch;
    size_t scratch_used;
    uint32_t stray_line; /* first text outside of any section */
    bool nul_reported;
    rm_status status; /* RM_LIMIT: stop reading, keep what there is */
};

/* Ctrl-Z ends a file, as it did for DOS. */
static bool at_end_of_file(const struct lexer *lx) {
    return lx->at >= lx->end || *lx->at == 0x1A;
}

/* NUL ends a line for SetupAPI without being its line break. */
static bool at_end_of_line(const struct lexer *lx) {
    return lx->at >= lx->end || class_of((unsigned char)*lx->at) == END_OF_LINE;
}

static rm_loc loc_of(const struct lexer *lx, const char *p) {
    return (rm_loc){lx->inf->path, lx->line, (uint32_t)(p - lx->line_start) + 1};
}

static void skip_blanks(struct lexer *lx) {
    for (size_t n; (n = blank_length(lx->at, lx->end)) > 0;) {
        lx->at += n;
    }
}

static void skip_to_end_of_line(struct lexer *lx) {
    while (!at_end_of_line(lx)) {
        lx->at++;
    }
}

static void pass_line_break(struct lexer *lx) {
    lx->at++;
    lx->line++;
    lx->line_start = lx->at;
}

/* ---- tokens ---- */

static void token_open(struct lexer *lx) {
    lx->token = (struct token){.line = lx->line, .column = (uint32_t)(lx->at - lx->line_start) + 1};
}

static bool token_move(struct lexer *lx) {
    struct token *t = &lx->token;
    if (lx->scratch == NULL) {
        lx->scratch = RM_NEW_ARRAY(lx->inf->arena, char, lx->size);
        if (lx->scratch == NULL) {
            lx->status = RM_NOMEM;
            return false;
        }
    }
    if (t->len > 0) {
        memcpy(lx->scratch + lx->scratch_used, t->ptr, t->len);
    }
    t->ptr = lx->scratch + lx->scratch_used;
    t->moved = true;
    return true;
}

/* Appends a piece of the text. The token's total never exceeds what was read of the text. */
static void token_add(struct lexer *lx, const char *from, size_t n) {
    struct token *t = &lx->token;
    t->started = true;
    if (n == 0) {
        return;
    }
    if (t->len == 0 && !t->moved) {
        t->ptr = from;
    } else if (t->moved || t->ptr + t->len != from) {
        if (!t->moved && !token_move(lx)) {
            return;
        }
        memcpy(lx->scratch + lx->scratch_used + t->len, from, n);
    }
    t->len += n;
}

static void token_solid(struct lexer *lx) {
    lx->token.solid = lx->token.len;
}

static void token_close(struct lexer *lx) {
    struct token *t = &lx->token;
    if (lx->status != RM_OK) {
        return;
    }
    if (lx->inf->fields.count >= RM_INF_MAX_FIELDS) {
        lx->status = RM_LIMIT;
        rm_diag(lx->inf->sink, RM_ERROR, loc_of(lx, lx->at), "inf-too-many-fields",
                "more than %u fields; the rest of the file is not read", RM_INF_MAX_FIELDS);
        return;
    }
    rm_inf_field *field = rm_push(lx->inf->arena, &lx->inf->fields);
    if (field == NULL) {
        lx->status = RM_NOMEM;
        return;
    }
    *field = (rm_inf_field){t->ptr, (uint32_t)t->solid, t->line, t->column, t->percent};
    if (t->moved) {
        lx->scratch_used += t->solid;
    }
}

/* ---- pieces of a token ---- */

/* At the opening quote. A doubled quote inside is one; the end of the line ends it too. */
static void read_quoted(struct lexer *lx) {
    const char *open = lx->at++;
    const char *from = lx->at;
    for (;; lx->at++) {
        if (at_end_of_line(lx)) {
            rm_diag(lx->inf->sink, RM_WARNING, loc_of(lx, open), "inf-unterminated-string",
                    "the quote that opens here is not closed on its line");
            break;
        }
        if (*lx->at == '%') {
            lx->token.percent = true;
        }
        if (*lx->at != '"') {
            continue;
        }
        if (lx->end - lx->at < 2 || lx->at[1] != '"') {
            break;
        }
        token_add(lx, from, (size_t)(lx->at - from) + 1);
        from = ++lx->at + 1;
    }
    token_add(lx, from, (size_t)(lx->at - from));
    token_solid(lx);
    if (!at_end_of_line(lx)) {
        lx->at++;
    }
}

/*
 * At a backslash. A run of backslashes and blanks up to the end of the line, or up to a comment,
 * continues the line; anywhere else it is text.
 */
static void read_backslash(struct lexer *lx) {
    const char *from = lx->at;
    const char *solid = from;
    for (;;) {
        skip_blanks(lx);
        if (at_end_of_line(lx) || *lx->at != '\\') {
            break;
        }
        solid = ++lx->at;
    }
    if (!at_end_of_line(lx) && *lx->at != ';') {
        token_add(lx, from, (size_t)(solid - from));
        token_solid(lx);
        lx->at = solid;
        return;
    }
    skip_to_end_of_line(lx);
    lx->token.len = lx->token.solid;
    while (!at_end_of_file(lx) && *lx->at == '\0') {
        lx->at++;
    }
    if (!at_end_of_file(lx) && *lx->at == '\n') {
        pass_line_break(lx);
    }
    skip_blanks(lx);
    if (!lx->token.started) { /* it begins only here */
        token_open(lx);
    }
}

static void read_plain(struct lexer *lx) {
    const char *from = lx->at;
    const char *solid = NULL;
    for (; lx->at < lx->end; lx->at++) {
        enum byte_class c = class_of((unsigned char)*lx->at);
        if (c == TEXT) {
            solid = lx->at + 1;
            continue;
        }
        if (c == END_OF_LINE || c == SPECIAL) {
            break;
        }
        size_t blank = blank_length(lx->at, lx->end);
        if (blank > 0) {
            lx->at += blank - 1;
            continue;
        }
        lx->token.percent |= c == PERCENT;
        solid = lx->at + 1;
    }
    if (solid != NULL) {
        token_add(lx, from, (size_t)(solid - from));
        token_solid(lx);
        from = solid;
    }
    if (lx->token.started) {
        token_add(lx, from, (size_t)(lx->at - from));
    }
}

/* Reads a key or field; returns what ended it: '=' (only of a key), ',' or '\n'. */
static char read_token(struct lexer *lx, bool may_be_key) {
    skip_blanks(lx);
    token_open(lx);
    while (lx->status == RM_OK && !at_end_of_line(lx)) {
        char c = *lx->at;
        if (c == ';') {
            skip_to_end_of_line(lx);
            break;
        }
        if (c == ',' || (c == '=' && may_be_key)) {
            token_close(lx);
            lx->at++;
            return c;
        }
        if (c == '"') {
            read_quoted(lx);
        } else if (c == '\\') {
            read_backslash(lx);
        } else if (c == '=') {
            token_add(lx, lx->at++, 1);
            token_solid(lx);
        } else {
            read_plain(lx);
        }
    }
    token_close(lx);
    return '\n';
}

/* ---- lines ---- */

static void read_line(struct lexer *lx) {
    rm_inf *inf = lx->inf;
    rm_inf_line line = {.first = inf->fields.count};
    char stop = read_token(lx, true);
    if (stop == '=') {
        line.has_key = true;
        stop = read_token(lx, false);
    }
    while (stop == ',' && lx->status == RM_OK) {
        stop = read_token(lx, false);
    }
    line.count = inf->fields.count - line.first - (line.has_key ? 1 : 0);
    if (lx->status != RM_OK) {
        return;
    }
    rm_inf_line *kept = rm_push(inf->arena, &inf->lines);
    if (kept == NULL) {
        lx->status = RM_NOMEM;
        return;
    }
    *kept = line;
    inf->sections.at[inf->sections.count - 1].count++;
}

/* The name goes up to ']', blanks included; what follows on the line is ignored. */
static void read_section(struct lexer *lx) {
    rm_inf *inf = lx->inf;
    const char *open = lx->at++;
    const char *name = lx->at;
    while (!at_end_of_file(lx) && *lx->at != '\n' && *lx->at != ']') {
        lx->at++;
    }
    size_t length = (size_t)(lx->at - name);
    if (at_end_of_file(lx) || *lx->at != ']') {
        rm_inf_refuse(inf, RM_INF_BAD_SECTION_LINE, lx->line);
        rm_diag(inf->sink, RM_ERROR, loc_of(lx, open), "inf-section-unterminated",
                "section name without ']'; Windows does not open this file");
        length = rm_str_trim((rm_str){name, length}).len;
    } else if (length > RM_INF_MAX_SECTION_NAME) {
        rm_inf_refuse(inf, RM_INF_SECTION_NAME_TOO_LONG, lx->line);
        rm_diag(inf->sink, RM_ERROR, loc_of(lx, open), "inf-section-name-long",
                "section name longer than %u characters; Windows does not open this file",
                RM_INF_MAX_SECTION_NAME);
    }
    if (inf->sections.count >= RM_INF_MAX_SECTIONS) {
        lx->status = RM_LIMIT;
        rm_diag(inf->sink, RM_ERROR, loc_of(lx, open), "inf-too-many-sections",
                "more than %u sections; the rest of the file is not read", RM_INF_MAX_SECTIONS);
        return;
    }
    rm_inf_section *section = rm_push(inf->arena, &inf->sections);
    if (section == NULL) {
        lx->status = RM_NOMEM;
        return;
    }
    *section = (rm_inf_section){
        .name = {name, length}, .line = lx->line, .first = inf->lines.count, .next = RM_NONE};
    while (!at_end_of_file(lx) && *lx->at != '\n') {
        lx->at++;
    }
}

static void read_stray(struct lexer *lx) {
    if (lx->stray_line == 0) {
        lx->stray_line = lx->line;
        rm_diag(lx->inf->sink, RM_WARNING, loc_of(lx, lx->at), "inf-text-outside-section",
                "text before the first section belongs to nothing");
    }
    skip_to_end_of_line(lx);
}

static void pass_nul(struct lexer *lx) {
    if (!lx->nul_reported) {
        lx->nul_reported = true;
        rm_diag(lx->inf->sink, RM_WARNING, loc_of(lx, lx->at), "inf-nul",
                "NUL character; it ends the line, as for Windows");
    }
    lx->at++;
}

static void read_all(struct lexer *lx) {
    while (lx->status == RM_OK) {
        skip_blanks(lx);
        if (at_end_of_file(lx)) {
            return;
        }
        switch (*lx->at) {
        case '\n': pass_line_break(lx); break;
        case '\0': pass_nul(lx); break;
        case ';': skip_to_end_of_line(lx); break;
        case '[': read_section(lx); break;
        default:
            if (lx->inf->sections.count > 0) {
                read_line(lx);
            } else {
                read_stray(lx);
            }
        }
    }
}

/* ---- the whole file ---- */

rm_status rm_inf_lex(rm_arena *arena, rm_sink *sink, rm_str path, rm_str text, rm_inf **out) {
    rm_inf *inf = RM_NEW(arena, rm_inf);
    if (inf == NULL) {
        return RM_NOMEM;
    }
    *inf = (rm_inf){.arena = arena, .sink = sink, .path = path};
    struct lexer lx = {.inf = inf, .line = 1, .size = text.len};
    if (text.len > 0) {
        lx.at = text.ptr;
        lx.end = text.ptr + text.len;
        lx.line_start = text.ptr;
        read_all(&lx);
    }
    if (lx.status == RM_NOMEM) {
        return RM_NOMEM;
    }
    rm_status st = rm_inf_sections_merge(inf);
    if (st != RM_OK) {
        return st;
    }
    st = rm_inf_strings_choose(inf, 0x0409);
    if (st != RM_OK) {
        return st;
    }
    rm_inf_judge(inf, lx.stray_line);
    *out = inf;
    return RM_OK;
}
