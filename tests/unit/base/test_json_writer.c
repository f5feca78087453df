/* JSON written value by value. */
#include "support.h"

#include "base/json_writer.h"

static void commas_stand_between_values_only(void **state) {
    struct fixture *f = *state;
    rm_buf buf = {.arena = f->arena};
    rm_json_writer out = {.buf = &buf};
    rm_write_open(&out, NULL, '{');
    rm_write_open(&out, "empty", '[');
    rm_write_close(&out, ']');
    rm_write_open(&out, "list", '[');
    rm_write_number(&out, NULL, -3);
    rm_write_flag(&out, NULL, true);
    rm_write_null(&out, NULL);
    rm_write_open(&out, NULL, '{');
    rm_write_close(&out, '}');
    rm_write_close(&out, ']');
    rm_write_text_if(&out, "absent", RM_STR_NONE);
    rm_write_text(&out, "none", RM_STR_NONE);
    rm_write_close(&out, '}');
    assert_str(rm_buf_view(&buf), "{\"empty\":[],\"list\":[-3,true,null,{}],\"none\":\"\"}");
}

static void texts_are_escaped(void **state) {
    struct fixture *f = *state;
    rm_buf buf = {.arena = f->arena};
    rm_json_writer out = {.buf = &buf};
    rm_write_open(&out, NULL, '[');
    rm_write_text(&out, NULL, RM_STR("\"\\\n\x01\xff"));
    rm_write_close(&out, ']');
    assert_str(rm_buf_view(&buf), "[\"\\\"\\\\\\n\\u0001\xef\xbf\xbd\"]");
}

static void a_new_line_keeps_the_commas_right(void **state) {
    struct fixture *f = *state;
    rm_buf buf = {.arena = f->arena};
    rm_json_writer out = {.buf = &buf};
    rm_write_open(&out, NULL, '[');
    rm_write_line(&out);
    rm_write_number(&out, NULL, 1);
    rm_write_line(&out);
    rm_write_word(&out, NULL, "two");
    rm_write_close(&out, ']');
    assert_str(rm_buf_view(&buf), "[\n1,\n\"two\"]");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(commas_stand_between_values_only),
        WITH_FIXTURE(texts_are_escaped),
        WITH_FIXTURE(a_new_line_keeps_the_commas_right),
    };
    return cmocka_run_group_tests_name("json writer", tests, NULL, NULL);
}
