#include "inf/strings.h"

#include <stdlib.h>

#include "base/text.h"

struct entry {
    rm_str key;
    rm_str value;
    rm_loc loc;
    uint32_t rank; /* which section, then which line: the first one counts */
};

struct rm_inf_strings {
    struct entry *sorted;
    uint32_t count;
    size_t budget; /* bytes that substitution may still make: bounds what a small file can become */
    bool reported;
};

enum { FREE_BUDGET = 1u << 20, BUDGET_PER_FIELD = 64 };

static int by_key_then_rank(const void *a, const void *b) {
    const struct entry *x = a;
    const struct entry *y = b;
    int order = rm_str_icmp(x->key, y->key);
    if (order != 0) {
        return order;
    }
    return (x->rank > y->rank) - (x->rank < y->rank);
}

/* ---- which sections ---- */

static bool hex_digit(char c, uint32_t *value) {
    if (c >= '0' && c <= '9') {
        *value = (uint32_t)(c - '0');
    } else if (c >= 'a' && c <= 'f') {
        *value = (uint32_t)(c - 'a') + 10;
    } else if (c >= 'A' && c <= 'F') {
        *value = (uint32_t)(c - 'A') + 10;
    } else {
        return false;
    }
    return true;
}

/* "Strings.0409" → 0x0409. */
static bool language_of(rm_str name, uint32_t *language) {
    const rm_str prefix = RM_STR("Strings.");
    uint32_t value = 0;
    if (!rm_str_istarts(name, prefix) || name.len != prefix.len + 4) {
        return false;
    }
    for (size_t i = prefix.len; i < name.len; i++) {
        uint32_t digit = 0;
        if (!hex_digit(name.ptr[i], &digit)) {
            return false;
        }
        value = value << 4 | digit;
    }
    *language = value;
    return true;
}

enum { EXACT, NEUTRAL, SAME_LANGUAGE, UNDECORATED, NOT_THIS };

static uint32_t suitability(rm_str name, uint16_t wanted) {
    const uint32_t primary = 0x3FF;
    uint32_t language = 0;
    if (rm_str_ieq(name, RM_STR("Strings"))) {
        return UNDECORATED;
    }
    if (!language_of(name, &language)) {
        return NOT_THIS;
    }
    if (language == wanted) {
        return EXACT;
    }
    if ((language & primary) != (wanted & primary)) {
        return NOT_THIS;
    }
    return language == (language & primary) ? NEUTRAL : SAME_LANGUAGE;
}

/* ---- the table of strings ---- */

static uint32_t count_lines(const rm_inf *inf, const rm_inf_section *section) {
    uint32_t n = 0;
    while (section != NULL) {
        n += section->count;
        section = section->next == RM_NONE ? NULL : &inf->sections.at[section->next];
    }
    return n;
}

static rm_str first_field(const rm_inf *inf, const rm_inf_line *line) {
    const rm_inf_field *field = &inf->fields.at[line->first + (line->has_key ? 1u : 0u)];
    return line->count == 0 ? RM_STR_NONE : (rm_str){field->ptr, field->len};
}

static void add_lines(rm_inf *inf, const rm_inf_section *section, struct rm_inf_strings *strings) {
    rm_inf_cursor cursor = rm_inf_lines_of(section);
    for (const rm_inf_line *line; (line = rm_inf_next(inf, &cursor)) != NULL;) {
        strings->sorted[strings->count] =
            (struct entry){rm_inf_raw_key(inf, line), first_field(inf, line),
                           rm_inf_line_loc(inf, line), strings->count};
        strings->count++;
    }
}

rm_status rm_inf_strings_choose(rm_inf *inf, uint16_t language) {
    const rm_inf_section *chosen[NOT_THIS] = {NULL};
    uint32_t total = 0;
    for (uint32_t i = 0; i < inf->distinct; i++) {
        const rm_inf_section *section = &inf->sections.at[inf->by_name[i]];
        uint32_t rank = suitability(section->name, language);
        if (rank != NOT_THIS && chosen[rank] == NULL) {
            chosen[rank] = section;
            total += count_lines(inf, section);
        }
    }
    struct rm_inf_strings *strings = RM_NEW(inf->arena, struct rm_inf_strings);
    if (strings == NULL) {
        return RM_NOMEM;
    }
    strings->budget = FREE_BUDGET + (size_t)inf->fields.count * BUDGET_PER_FIELD;
    if (total > 0) {
        strings->sorted = RM_NEW_ARRAY(inf->arena, struct entry, total);
        if (strings->sorted == NULL) {
            return RM_NOMEM;
        }
    }
    for (uint32_t rank = 0; rank < NOT_THIS; rank++) {
        add_lines(inf, chosen[rank], strings);
    }
    if (total > 1) {
        qsort(strings->sorted, total, sizeof *strings->sorted, by_key_then_rank);
    }
    inf->strings = strings;
    return RM_OK;
}

static const struct entry *find(const struct rm_inf_strings *strings, rm_str key) {
    uint32_t low = 0;
    uint32_t high = strings->count;
    while (low < high) { /* the first of its key */
        uint32_t middle = low + (high - low) / 2;
        if (rm_str_icmp(strings->sorted[middle].key, key) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low < strings->count && rm_str_ieq(strings->sorted[low].key, key)) {
        return &strings->sorted[low];
    }
    return NULL;
}

/* ---- substitution ---- */

/* The longest beginning of `s` of at most `units` UTF-16 units. */
static rm_str cut(rm_str s, uint32_t units) {
    if (s.len <= units) {
        return s;
    }
    for (size_t at = 0; at < s.len;) {
        size_t before = at;
        uint32_t width = rm_text_next(s, &at) > 0xFFFF ? 2 : 1;
        if (width > units) {
            return rm_str_slice(s, 0, before);
        }
        units -= width;
    }
    return s;
}

static bool is_number(rm_str s) {
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] < '0' || s.ptr[i] > '9') {
            return false;
        }
    }
    return s.len > 0;
}

/* The value of one string: its line's first field. A number is a folder (DIRID) and stays. */
static bool value_of(rm_inf *inf, rm_loc at, rm_str key, rm_str *value) {
    const struct entry *entry = find(inf->strings, key);
    if (entry == NULL) {
        if (!is_number(key)) {
            rm_diag(inf->sink, RM_NOTE, at, "inf-string-undefined",
                    "%%%.*s%% is not in [Strings] and stays as it is", RM_STR_ARG(key));
        }
        return false;
    }
    *value = cut(entry->value, RM_INF_MAX_STRING);
    if (value->len < entry->value.len) {
        rm_diag(inf->sink, RM_WARNING, entry->loc, "inf-string-long",
                "Windows substitutes only the first %u characters of this string",
                RM_INF_MAX_STRING);
    }
    return true;
}

/* Appends what stands between two '%'; nothing between them is a '%' itself. */
static void put_one(rm_inf *inf, rm_loc at, rm_buf *buf, rm_str key) {
    rm_str value = RM_STR_NONE;
    if (key.len == 0) {
        rm_buf_char(buf, '%');
    } else if (value_of(inf, at, key, &value)) {
        rm_buf_str(buf, value);
    } else {
        rm_buf_char(buf, '%');
        rm_buf_str(buf, key);
        rm_buf_char(buf, '%');
    }
}

static void put_all(rm_inf *inf, rm_loc at, rm_buf *buf, rm_str text) {
    size_t open = 0;
    size_t close = 0;
    while (rm_str_find_char(text, '%', &open)) {
        rm_str rest = rm_str_slice(text, open + 1, text.len);
        rm_buf_str(buf, rm_str_slice(text, 0, open));
        if (!rm_str_find_char(rest, '%', &close)) {
            text = rm_str_slice(text, open, text.len);
            break;
        }
        put_one(inf, at, buf, rm_str_slice(rest, 0, close));
        text = rm_str_slice(rest, close + 1, rest.len);
        if (buf->len > (size_t)RM_INF_MAX_EXPANDED * 4) {
            return; /* it will be cut anyway */
        }
    }
    rm_buf_str(buf, text);
}

rm_str rm_inf_substitute(rm_inf *inf, rm_loc at, rm_str text) {
    rm_buf buf = {.arena = inf->arena};
    if (inf->strings == NULL || inf->strings->budget < text.len) {
        if (inf->strings != NULL && !inf->strings->reported) {
            inf->strings->reported = true;
            rm_diag(inf->sink, RM_ERROR, at, "inf-expansion-limit",
                    "substitution makes too much text; strings stay as they are from here on");
        }
        return text;
    }
    put_all(inf, at, &buf, text);
    rm_str whole = rm_buf_view(&buf);
    if (buf.status != RM_OK) {
        inf->status = buf.status;
        return text;
    }
    inf->strings->budget -= whole.len < inf->strings->budget ? whole.len : inf->strings->budget;
    rm_str kept = cut(whole, RM_INF_MAX_EXPANDED);
    if (kept.len < whole.len) {
        rm_diag(inf->sink, RM_WARNING, at, "inf-field-long",
                "Windows cuts this field at %u characters after substitution", RM_INF_MAX_EXPANDED);
    }
    return kept;
}

/* A field is substituted when it is first asked for, and stays so. */
static rm_str ready(rm_inf *inf, uint32_t index) {
    rm_inf_field *field = &inf->fields.at[index];
    if (field->percent) {
        rm_str text = rm_inf_substitute(inf, (rm_loc){inf->path, field->line, field->column},
                                        (rm_str){field->ptr, field->len});
        field->percent = false;
        field->ptr = text.ptr;
        field->len = (uint32_t)text.len;
    }
    return (rm_str){field->ptr, field->len};
}

rm_str rm_inf_key(rm_inf *inf, const rm_inf_line *line) {
    return line->has_key || line->count == 1 ? ready(inf, line->first) : RM_STR_NONE;
}

rm_str rm_inf_field_at(rm_inf *inf, const rm_inf_line *line, uint32_t i) {
    return i < line->count ? ready(inf, line->first + (line->has_key ? 1u : 0u) + i) : RM_STR_NONE;
}
