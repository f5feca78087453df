#include "manifest.h"

/*
 * Manifests that a resource script puts into a program: `1 RT_MANIFEST "app.manifest"`, with 24 or
 * a macro of winuser.h's as well. Source: "User-Defined Resource", "About Application Manifests".
 */

enum { MAX_RESOURCES = 64 }; /* manifests of one script; a program has one */

typedef struct cursor {
    rm_str text;
    size_t at;
    uint32_t line;
    size_t line_start;
} cursor;

static void step(cursor *c) {
    if (c->text.ptr[c->at] == '\n') {
        c->line++;
        c->line_start = c->at + 1;
    }
    c->at++;
}

static bool ahead(const cursor *c, const char *text) {
    return rm_str_starts(rm_str_slice(c->text, c->at, c->text.len), rm_str_from(text));
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ',';
}

/* Blanks, commas and both kinds of comment. */
static void skip_blanks(cursor *c) {
    while (c->at < c->text.len) {
        if (is_blank(c->text.ptr[c->at])) {
            step(c);
        } else if (ahead(c, "//")) {
            while (c->at < c->text.len && c->text.ptr[c->at] != '\n') {
                step(c);
            }
        } else if (ahead(c, "/*")) {
            while (c->at < c->text.len && !ahead(c, "*/")) {
                step(c);
            }
            c->at = c->at + 2 < c->text.len ? c->at + 2 : c->text.len;
        } else {
            return;
        }
    }
}

/* A word, or what stands in quotes (*quoted); empty at the end. */
static rm_str next_token(cursor *c, bool *quoted) {
    skip_blanks(c);
    size_t start = c->at;
    *quoted = c->at < c->text.len && c->text.ptr[c->at] == '"';
    if (*quoted) {
        for (step(c); c->at < c->text.len && c->text.ptr[c->at] != '"';) {
            step(c);
        }
        rm_str inner = rm_str_slice(c->text, start + 1, c->at);
        c->at += c->at < c->text.len;
        return inner;
    }
    while (c->at < c->text.len && !is_blank(c->text.ptr[c->at]) && c->text.ptr[c->at] != '"') {
        step(c);
    }
    return rm_str_slice(c->text, start, c->at);
}

/* Load and memory attributes of old, which are ignored since Windows has 32 bits. */
static bool is_attribute(rm_str word) {
    static const char *const words[] = {"PRELOAD", "LOADONCALL", "FIXED",  "MOVEABLE",
                                        "PURE",    "IMPURE",     "SHARED", "DISCARDABLE"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (rm_str_ieq(word, rm_str_from(words[i]))) {
            return true;
        }
    }
    return false;
}

/* A backslash is written twice in a string, or once, or as '/'. */
static rm_status path_of(rm_arena *arena, rm_str written, rm_str *out) {
    rm_buf path = {.arena = arena};
    for (size_t i = 0; i < written.len; i++) {
        bool twice = written.ptr[i] == '\\' && i + 1 < written.len && written.ptr[i + 1] == '\\';
        rm_buf_char(&path, written.ptr[i] == '\\' ? '/' : written.ptr[i]);
        i += twice;
    }
    *out = rm_buf_view(&path);
    return path.status;
}

static rm_status add(rm_arena *arena, rm_str script, rm_str written, rm_place place,
                     rm_project *project) {
    rm_str path = RM_STR_NONE;
    rm_project_item item = {.place = place};
    rm_status st = path_of(arena, written, &path);
    if (st != RM_OK || !rm_path_resolve(arena, rm_path_dir(script), path, &item.path)) {
        return st; /* one that leaves the scan names nothing */
    }
    rm_project_item *slot = rm_push(arena, &project->manifests);
    if (slot == NULL) {
        return RM_NOMEM;
    }
    *slot = item;
    return RM_OK;
}

/* ---- a manifest as strings between BEGIN and END, or braces ---- */

/* In a string "" is a quotation mark, and so is \"; \n and its like are white space here. */
static void add_string(rm_buf *text, cursor *c) {
    for (step(c); c->at < c->text.len; step(c)) {
        char sign = c->text.ptr[c->at];
        if (sign == '"' && !ahead(c, "\"\"")) {
            step(c);
            return;
        }
        if (sign == '"') {
            step(c);
        } else if (sign == '\\' && c->at + 1 < c->text.len) {
            step(c);
            sign = c->text.ptr[c->at];
            sign = sign == 'n' || sign == 'r' || sign == 't' ? ' ' : sign == '0' ? '\0' : sign;
        }
        if (sign != '\0') {
            rm_buf_char(text, sign);
        }
    }
}

static bool is_end(rm_str word) {
    return word.len == 0 || rm_str_eq(word, RM_STR("}")) || rm_str_ieq(word, RM_STR("END"));
}

static rm_status add_inline(rm_arena *arena, cursor *c, rm_place place, rm_project *project) {
    rm_buf text = {.arena = arena};
    bool quoted = false;
    for (;;) {
        skip_blanks(c);
        if (c->at < c->text.len && c->text.ptr[c->at] == '"') {
            add_string(&text, c);
        } else if (is_end(next_token(c, &quoted))) {
            break; /* L in front of a string, and numbers, are no part of XML */
        }
    }
    rm_project_text *slot = text.len > 0 ? rm_push(arena, &project->inline_manifests) : NULL;
    if (slot != NULL) {
        *slot = (rm_project_text){rm_buf_view(&text), place};
    }
    return text.status == RM_OK && text.len > 0 && slot == NULL ? RM_NOMEM : text.status;
}

static bool is_begin(rm_str word, bool quoted) {
    return !quoted && (rm_str_eq(word, RM_STR("{")) || rm_str_ieq(word, RM_STR("BEGIN")));
}

rm_status rm_manifest_resources(rm_arena *arena, rm_str path, rm_str text, rm_project *project) {
    cursor c = {.text = text, .line = 1};
    rm_status st = RM_OK;
    uint32_t before = project->manifests.count + project->inline_manifests.count;
    bool quoted = false;
    rm_str word = next_token(&c, &quoted);
    while (st == RM_OK && (word.len > 0 || quoted)) {
        bool is_type =
            !quoted && (rm_str_ieq(word, RM_STR("RT_MANIFEST")) || rm_str_eq(word, RM_STR("24")));
        rm_place place = {path, c.line, (uint32_t)(c.at - c.line_start - word.len) + 1};
        word = next_token(&c, &quoted);
        while (is_type && !quoted && is_attribute(word)) {
            word = next_token(&c, &quoted);
        }
        bool names_file = quoted || rm_str_iends(word, RM_STR(".manifest"));
        uint32_t now = project->manifests.count + project->inline_manifests.count;
        if (!is_type || now - before == MAX_RESOURCES) {
            continue;
        }
        if (is_begin(word, quoted)) {
            st = add_inline(arena, &c, place, project);
            word = next_token(&c, &quoted);
        } else if (names_file) {
            st = add(arena, path, word, place, project);
        }
    }
    return st;
}
