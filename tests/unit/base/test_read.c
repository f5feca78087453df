#include "folder.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/platform.h"

static void a_file_is_read_whole(void **state) {
    struct fixture *f = *state;
    rm_str text = RM_STR_NONE;
    put_file("a", RM_STR("one\0two"));
    assert_int_equal(rm_file_read(f->arena, "a", 7, &text), RM_OK);
    assert_true(rm_str_eq(text, RM_STR("one\0two")));
    assert_int_equal(text.ptr[text.len], 0);
    put_file("empty", RM_STR_NONE);
    assert_int_equal(rm_file_read(f->arena, "empty", 0, &text), RM_OK);
    assert_int_equal(text.len, 0);
}

static void a_file_over_the_limit_is_not_read(void **state) {
    struct fixture *f = *state;
    rm_str text = RM_STR("untouched");
    put_file("a", RM_STR("12345"));
    assert_int_equal(rm_file_read(f->arena, "a", 4, &text), RM_LIMIT);
    assert_str(text, "untouched");
}

/* Files of /proc say that they have no bytes and have some. */
static void a_file_that_lies_about_its_size_is_read_to_its_end(void **state) {
    struct fixture *f = *state;
    rm_str text = RM_STR_NONE;
    if (access("/proc/self/maps", R_OK) != 0) {
        print_message("SKIP: no /proc here\n");
        skip();
    }
    assert_int_equal(rm_file_read(f->arena, "/proc/self/maps", 1u << 24, &text), RM_OK);
    assert_true(text.len > 500);
    assert_int_equal(rm_file_read(f->arena, "/proc/self/maps", 100, &text), RM_LIMIT);
}

static void what_is_no_regular_file_is_refused_without_waiting(void **state) {
    struct fixture *f = *state;
    rm_str text = RM_STR_NONE;
    assert_int_equal(rm_file_read(f->arena, "absent", 10, &text), RM_IO);
    assert_int_equal(errno, ENOENT);
    assert_int_equal(rm_file_read(f->arena, ".", 10, &text), RM_IO);
    assert_int_equal(errno, EISDIR);
    assert_int_equal(rm_file_read(f->arena, "/dev/zero", 10, &text), RM_IO);
    assert_int_equal(mkfifo("pipe", 0600), 0);
    assert_int_equal(rm_file_read(f->arena, "pipe", 10, &text), RM_IO);
}

static rm_status read_as_stdin(struct fixture *f, const char *path, size_t max, rm_str *text) {
    int kept = dup(STDIN_FILENO);
    int fd = open(path, O_RDONLY);
    assert_true(fd >= 0 && dup2(fd, STDIN_FILENO) == STDIN_FILENO);
    rm_status st = rm_stdin_read(f->arena, max, text);
    if (kept >= 0) {
        assert_int_equal(dup2(kept, STDIN_FILENO), STDIN_FILENO);
        (void)close(kept);
    }
    (void)close(fd);
    return st;
}

static void standard_input_is_read_up_to_the_limit(void **state) {
    struct fixture *f = *state;
    rm_str text = RM_STR_NONE;
    rm_buf large = {.arena = f->arena};
    for (int i = 0; i < 50000; i++) {
        rm_buf_text(&large, "0123456789");
    }
    put_file("large", rm_buf_view(&large));
    assert_int_equal(read_as_stdin(f, "large", 500000, &text), RM_OK);
    assert_true(rm_str_eq(text, rm_buf_view(&large)));
    assert_int_equal(read_as_stdin(f, "large", 499999, &text), RM_LIMIT);
}

static void an_arena_without_room_is_told(void **state) {
    (void)state;
    rm_arena *small = rm_arena_new(64);
    rm_str text = RM_STR_NONE;
    put_file("a", RM_STR("0123456789012345678901234567890123456789012345678901234567890123456"));
    assert_int_equal(rm_file_read(small, "a", 1000, &text), RM_NOMEM);
    rm_arena_free(small);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(a_file_is_read_whole),
        WITH_FOLDER(a_file_over_the_limit_is_not_read),
        WITH_FOLDER(a_file_that_lies_about_its_size_is_read_to_its_end),
        WITH_FOLDER(what_is_no_regular_file_is_refused_without_waiting),
        WITH_FOLDER(standard_input_is_read_up_to_the_limit),
        WITH_FOLDER(an_arena_without_room_is_told),
    };
    return cmocka_run_group_tests_name("reading", tests, NULL, NULL);
}
