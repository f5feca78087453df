#include "truth_inf.h"

#include "inf/folders.h"
#include "inf/lex.h"

/*
 * Every section, line and field of the real INF files, as two other readers have them
 * (../shared/truth/inf/inf_lowlevel_wine.jsonl; its README says how they were made).
 */
struct tally {
    unsigned files, equal, sections, lines, fields, wrong;
    bool odd_length; /* of the file at hand: it is damaged */
    bool as_bytes;   /* the other reader took its UTF-8 without a mark for Windows-1252 */
};

/* The other reader puts folders in for %12%, and "unknown" for those it does not know. */
static rm_str with_folders(rm_arena *arena, rm_str text) {
    static const char unknown[] = "C:\\windows\\system32\\unknown";
    rm_buf buf = {.arena = arena};
    assert_int_equal(rm_inf_folders(arena, text, &text), RM_OK);
    for (size_t i = 0; i < text.len; i++) {
        size_t digits = 0;
        while (text.ptr[i] == '%' && i + 1 + digits < text.len &&
               strchr("0123456789", text.ptr[i + 1 + digits]) != NULL) {
            digits++;
        }
        if (digits > 0 && i + 1 + digits < text.len && text.ptr[i + 1 + digits] == '%') {
            rm_buf_text(&buf, unknown);
            i += digits + 1;
        } else {
            rm_buf_char(&buf, text.ptr[i]);
        }
    }
    return rm_buf_view(&buf);
}

/* The bytes of `text` read as Windows-1252; the trailing byte is no UTF-8 and sees to that. */
static rm_str as_windows_1252(rm_arena *arena, rm_str text) {
    rm_buf buf = {.arena = arena};
    rm_encoding encoding = RM_ENC_UTF8;
    rm_str decoded = RM_STR_NONE;
    rm_buf_str(&buf, text);
    rm_buf_char(&buf, '\xFF');
    assert_int_equal(
        rm_text_decode(arena, NULL, RM_STR_NONE, rm_buf_view(&buf), &encoding, &decoded), RM_OK);
    assert_int_equal(encoding, RM_ENC_WINDOWS_1252);
    return rm_str_slice(decoded, 0, decoded.len - 2);
}

static bool same_text(rm_inf *inf, rm_str read, rm_str expected, const struct tally *t) {
    static const char source_folder[] = "%1%\\"; /* where the INF itself lay: not comparable */
    read = t->as_bytes ? as_windows_1252(inf->arena, read) : read;
    if (rm_str_starts(read, rm_str_from(source_folder))) {
        return rm_str_iends(expected, rm_str_slice(read, 2, read.len)) ||
               rm_str_iends(expected, rm_str_slice(read, 3, read.len));
    }
    return rm_str_eq(with_folders(inf->arena, read), expected);
}

static bool same_line(rm_inf *inf, const rm_inf_line *line, const rm_json *expected,
                      struct tally *t) {
    const rm_json *item = expected->child;
    bool same = rm_str_eq(line->has_key || line->count == 1 ? rm_inf_key(inf, line) : RM_STR_NONE,
                          item->text);
    same = same && (item->kind == RM_JSON_NULL) == (!line->has_key && line->count != 1);
    uint32_t i = 0;
    for (item = item->next; item != NULL; item = item->next, i++) {
        same = same && same_text(inf, rm_inf_field_at(inf, line, i), item->text, t);
        t->fields++;
    }
    t->lines++;
    return same && i == line->count;
}

static void report(rm_inf *inf, const rm_inf_line *line, const rm_json *expected) {
    print_message("%.*s:%u: read ", RM_STR_ARG(inf->path), rm_inf_line_loc(inf, line).line);
    for (uint32_t i = 0; i < line->count; i++) {
        print_message("[%.*s]", RM_STR_ARG(rm_inf_field_at(inf, line, i)));
    }
    print_message(" expected ");
    for (const rm_json *item = expected->child; item != NULL; item = item->next) {
        print_message("[%.*s]", RM_STR_ARG(item->text));
    }
    print_message("\n");
}

static bool same_section(rm_inf *inf, const rm_json *expected, struct tally *t) {
    const rm_inf_section *section = rm_inf_section_named(inf, truth_text(expected, "name"));
    bool same = section != NULL;
    rm_inf_cursor cursor = rm_inf_lines_of(section);
    const rm_json *lines = rm_json_get(expected, "lines");
    for (const rm_json *line = lines->child; line != NULL; line = line->next) {
        const rm_inf_line *read = rm_inf_next(inf, &cursor);
        bool ok = read != NULL && same_line(inf, read, line, t);
        if (!ok && read != NULL && t->wrong++ < 20) {
            report(inf, read, line);
        }
        same = same && ok;
    }
    t->sections++;
    return same && rm_inf_next(inf, &cursor) == NULL;
}

static bool same_file(rm_inf *inf, const rm_json *row, struct tally *t) {
    static const int64_t refusals[] = {[RM_INF_OPENS] = 0,
                                       [RM_INF_EXPECTED_SECTION] = 0xE0000000,
                                       [RM_INF_BAD_SECTION_LINE] = 0xE0000001,
                                       [RM_INF_SECTION_NAME_TOO_LONG] = 0xE0000002,
                                       [RM_INF_WRONG_STYLE] = 0xE0000100};
    const rm_json *error = rm_json_get(row, "error");
    if (error != NULL) {
        const rm_json *line = rm_json_get(row, "errline");
        /* The other reader takes UTF-16 of an odd length for bytes, and so its line is another. */
        return error->integer == refusals[inf->refusal] &&
               (line->integer == inf->refusal_line || t->odd_length);
    }
    const rm_json *sections = rm_json_get(row, "sections");
    bool same = inf->refusal == RM_INF_OPENS && sections->children == inf->distinct;
    for (const rm_json *s = sections->child; s != NULL; s = s->next) {
        same = same_section(inf, s, t) && same;
    }
    return same;
}

static void compare_file(struct fixture *f, rm_arena *arena, const rm_json *row, void *tally) {
    struct tally *t = tally;
    rm_inf *inf = NULL;
    rm_encoding encoding = RM_ENC_UTF8;
    rm_str text = RM_STR_NONE;
    rm_str path = truth_text(row, "path");
    rm_str bytes = truth_corpus_file(arena, truth_text(row, "repo"), path);
    (void)f;
    if (bytes.ptr == NULL) {
        print_message("not in the corpus: %.*s\n", RM_STR_ARG(path));
        return;
    }
    assert_int_equal(rm_text_decode(arena, NULL, path, bytes, &encoding, &text), RM_OK);
    assert_int_equal(rm_inf_lex(arena, NULL, path, text, &inf), RM_OK);
    t->files++;
    t->odd_length = encoding == RM_ENC_UTF16LE && bytes.len % 2 != 0;
    t->as_bytes = encoding == RM_ENC_UTF8;
    if (same_file(inf, row, t)) {
        t->equal++;
    } else {
        print_message("differs: %.*s\n", RM_STR_ARG(path));
    }
}

static void every_line_of_the_corpus_is_read_as_two_other_readers_read_it(void **state) {
    struct tally t = {0};
    truth_each_row(*state, RINGMAP_SHARED_DIR "/truth/inf/inf_lowlevel_wine.jsonl", compare_file,
                   &t);
    print_message("inf lines: %u of %u files equal; %u sections, %u lines, %u fields compared\n",
                  t.equal, t.files, t.sections, t.lines, t.fields);
    assert_int_equal(t.equal, t.files);
    assert_true(t.files > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(every_line_of_the_corpus_is_read_as_two_other_readers_read_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
