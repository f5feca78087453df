#include "support.h"

#include <string.h>

#include "base/hash.h"

static void a_diagnostic_is_one_line_with_its_place(void **state) {
    struct fixture *f = *state;
    rm_str line = RM_STR_NONE;
    rm_loc at = {RM_STR("inf/a.inf"), 12, 5};
    assert_int_equal(rm_diag_format(f->arena, RM_WARNING, at, "inf-x", RM_STR("odd"), &line),
                     RM_OK);
    assert_str(line, "inf/a.inf:12:5: warning: odd [inf-x]");
    at = (rm_loc){RM_STR("a.inf"), 0, 0};
    assert_int_equal(rm_diag_format(f->arena, RM_ERROR, at, "inf-x", RM_STR("odd"), &line), RM_OK);
    assert_str(line, "a.inf: error: odd [inf-x]");
    at.file = RM_STR_NONE;
    assert_int_equal(rm_diag_format(f->arena, RM_NOTE, at, "inf-x", RM_STR("odd"), &line), RM_OK);
    assert_str(line, "note: odd [inf-x]");
}

static void hostile_names_reach_a_terminal_spelled_out(void **state) {
    struct fixture *f = *state;
    rm_str line = RM_STR_NONE;
    rm_loc at = {RM_STR("\x1b[2J\n.inf"), 1, 1};
    rm_str text = RM_STR("name '\x9b"
                         "31m\r\0'");
    assert_int_equal(rm_diag_format(f->arena, RM_ERROR, at, "x", text, &line), RM_OK);
    assert_str(line, "\\x1B[2J\\x0A.inf:1:1: error: name '\xef\xbf\xbd"
                     "31m\\x0D\\x00' [x]");
}

typedef struct received {
    rm_sink sink;
    char text[600];
    size_t len;
} received;

static void receive(void *payload, rm_level level, rm_loc loc, const char *id, rm_str text) {
    received *r = payload;
    (void)level;
    (void)loc;
    (void)id;
    r->len = text.len;
    memcpy(r->text, text.ptr, text.len);
}

/* 512 bytes with the terminator leave 511; a two-byte letter is not cut in half. */
static void a_long_message_ends_with_a_whole_character(void **state) {
    (void)state;
    for (size_t shift = 0; shift < 4; shift++) {
        received r = {.sink = {.emit = receive}};
        r.sink.payload = &r;
        char text[700] = "xxx";
        size_t len = shift;
        for (; len < 600; len += 3) {
            memcpy(text + len, "\xe2\x82\xac", 4); /* the euro sign */
        }
        rm_diag(&r.sink, RM_ERROR, (rm_loc){0}, "x", "%s", text);
        assert_in_range(r.len, 509, 511);
        assert_int_equal((r.len - shift) % 3, 0);
        assert_memory_equal(r.text, text, r.len);
    }
}

static void errors_and_warnings_are_counted(void **state) {
    (void)state;
    rm_sink sink = {0};
    rm_diag(&sink, RM_ERROR, (rm_loc){0}, "x", "a");
    rm_diag(&sink, RM_WARNING, (rm_loc){0}, "x", "b");
    rm_diag(&sink, RM_WARNING, (rm_loc){0}, "x", "c");
    rm_diag(&sink, RM_NOTE, (rm_loc){0}, "x", "d");
    rm_diag(NULL, RM_NOTE, (rm_loc){0}, "x", "nobody listens");
    assert_int_equal(sink.errors, 1);
    assert_int_equal(sink.warnings, 2);
}

static void every_status_has_its_own_text(void **state) {
    (void)state;
    for (int a = 0; a < RM_STATUS_COUNT; a++) {
        assert_non_null(rm_status_text((rm_status)a));
        for (int b = 0; b < a; b++) {
            assert_string_not_equal(rm_status_text((rm_status)a), rm_status_text((rm_status)b));
        }
    }
    assert_string_equal(rm_status_text(RM_STATUS_COUNT), "unknown status");
}

/* FIPS 180-2, appendices A and B: the digests of "abc". */
static void digests_are_those_of_the_standard(void **state) {
    (void)state;
    uint8_t sha1[20];
    uint8_t sha256[32];
    char text[65];
    rm_sha1(RM_STR("abc"), sha1);
    rm_hex(sha1, sizeof sha1, text);
    assert_string_equal(text, "a9993e364706816aba3e25717850c26c9cd0d89d");
    rm_sha256(RM_STR("abc"), sha256);
    rm_hex(sha256, sizeof sha256, text);
    assert_string_equal(text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    rm_sha256(RM_STR_NONE, sha256);
    rm_hex(sha256, sizeof sha256, text);
    assert_string_equal(text, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(a_diagnostic_is_one_line_with_its_place),
        WITH_FIXTURE(hostile_names_reach_a_terminal_spelled_out),
        WITH_FIXTURE(a_long_message_ends_with_a_whole_character),
        WITH_FIXTURE(errors_and_warnings_are_counted),
        WITH_FIXTURE(every_status_has_its_own_text),
        WITH_FIXTURE(digests_are_those_of_the_standard),
    };
    return cmocka_run_group_tests_name("diagnostics and hashes", tests, NULL, NULL);
}
