#include "folder.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/platform.h"

typedef struct walked {
    rm_walk_files files;
    rm_walk_skips skips;
} walked;

static walked walk(struct fixture *f, const char *root) {
    walked w = {0};
    assert_int_equal(rm_walk(f->arena, root, NULL, &w.files, &w.skips), RM_OK);
    return w;
}

static void assert_files(const walked *w, const char *const *relative, uint32_t count) {
    assert_int_equal(w->files.count, count);
    for (uint32_t i = 0; i < count; i++) {
        assert_str(w->files.at[i].relative, relative[i]);
    }
}

static void files_come_in_the_order_of_their_bytes(void **state) {
    struct fixture *f = *state;
    static const char *const expected[] = {"B", "a-b", "a/x/deep", "a/y", "a0"};
    put_folder("t");
    put_folder("t/a");
    put_folder("t/a/x");
    put_file("t/a/x/deep", RM_STR("1234"));
    put_file("t/a/y", RM_STR_NONE);
    put_file("t/a0", RM_STR_NONE);
    put_file("t/a-b", RM_STR_NONE);
    put_file("t/B", RM_STR_NONE);
    walked w = walk(f, "t");
    assert_files(&w, expected, 5);
    assert_int_equal(w.skips.count, 0);
    assert_str(w.files.at[2].path, "t/a/x/deep");
    assert_int_equal(w.files.at[2].bytes, 4);
    assert_int_equal(strlen(w.files.at[2].path.ptr), w.files.at[2].path.len);
    w = walk(f, "t/");
    assert_files(&w, expected, 5);
    assert_str(w.files.at[2].path, "t/a/x/deep");
}

static void a_file_is_its_own_tree(void **state) {
    struct fixture *f = *state;
    put_folder("t");
    put_file("t/x.inf", RM_STR("1"));
    walked w = walk(f, "t/x.inf");
    assert_files(&w, (const char *const[]){"x.inf"}, 1);
    assert_str(w.files.at[0].path, "t/x.inf");
}

static bool is_git(rm_str folder) {
    return rm_str_eq(folder, RM_STR(".git"));
}

static void unwanted_folders_are_left_out(void **state) {
    struct fixture *f = *state;
    walked w = {0};
    put_folder(".git");
    put_file(".git/config", RM_STR_NONE);
    put_folder("a");
    put_folder("a/.git");
    put_file("a/.git/x.inf", RM_STR_NONE);
    put_file("a/x.inf", RM_STR_NONE);
    assert_int_equal(rm_walk(f->arena, ".", is_git, &w.files, &w.skips), RM_OK);
    assert_files(&w, (const char *const[]){"a/x.inf"}, 1);
    assert_str(w.files.at[0].path, "./a/x.inf");
}

static void links_are_followed_to_files_and_never_to_folders(void **state) {
    struct fixture *f = *state;
    put_folder("t");
    put_folder("other");
    put_file("other/x", RM_STR("12"));
    assert_int_equal(symlink("..", "t/up"), 0);
    assert_int_equal(symlink("../other", "t/sideways"), 0);
    assert_int_equal(symlink("../other/x", "t/file"), 0);
    walked w = walk(f, "t");
    assert_files(&w, (const char *const[]){"file"}, 1);
    assert_int_equal(w.files.at[0].bytes, 2);
    assert_int_equal(symlink("t", "root"), 0);
    w = walk(f, "root"); /* what was named is meant */
    assert_files(&w, (const char *const[]){"file"}, 1);
}

static void what_cannot_be_read_is_told_and_the_walk_goes_on(void **state) {
    struct fixture *f = *state;
    put_file("z", RM_STR_NONE);
    assert_int_equal(symlink("nowhere", "dangling"), 0);
    assert_int_equal(symlink("round", "round"), 0);
    assert_int_equal(mkfifo("pipe", 0600), 0);
    walked w = walk(f, ".");
    assert_files(&w, (const char *const[]){"z"}, 1);
    assert_int_equal(w.skips.count, 2);
    assert_str(w.skips.at[0].path, "dangling");
    assert_int_equal(w.skips.at[0].error, ENOENT);
    assert_str(w.skips.at[1].path, "round");
    assert_int_equal(w.skips.at[1].error, ELOOP);
}

static void a_closed_folder_is_told(void **state) {
    struct fixture *f = *state;
    if (geteuid() == 0) {
        print_message("SKIP: no folder is closed to root\n");
        skip();
    }
    put_folder("closed");
    assert_int_equal(chmod("closed", 0), 0);
    walked w = walk(f, ".");
    assert_int_equal(chmod("closed", 0700), 0);
    assert_int_equal(w.skips.count, 1);
    assert_str(w.skips.at[0].path, "closed");
    assert_int_equal(w.skips.at[0].error, EACCES);
}

static void a_root_that_is_not_there_is_refused(void **state) {
    struct fixture *f = *state;
    walked w = {0};
    assert_int_equal(rm_walk(f->arena, "absent", NULL, &w.files, &w.skips), RM_IO);
    assert_int_equal(errno, ENOENT);
    assert_int_equal(rm_walk(f->arena, "/dev/null", NULL, &w.files, &w.skips), RM_IO);
}

/* Folders so deep that their path has no name any more: the walk tells it and ends. */
static void a_bottomless_tree_ends(void **state) {
    struct fixture *f = *state;
    static const char name[] = "0123456789012345678901234567890123456789012345678901234567890123"
                               "0123456789012345678901234567890123456789012345678901234567890123";
    char home[256];
    assert_non_null(getcwd(home, sizeof home));
    for (int i = 0; i < 40; i++) {
        put_folder(name);
        assert_int_equal(chdir(name), 0);
    }
    assert_int_equal(chdir(home), 0);
    walked w = walk(f, ".");
    assert_int_equal(w.files.count, 0);
    assert_int_equal(w.skips.count, 1);
    assert_int_equal(w.skips.at[0].error, ENAMETOOLONG);
}

static void several_roots_share_one_list(void **state) {
    struct fixture *f = *state;
    walked w = {0};
    put_file("b", RM_STR_NONE);
    put_file("a", RM_STR_NONE);
    assert_int_equal(rm_walk(f->arena, "b", NULL, &w.files, &w.skips), RM_OK);
    assert_int_equal(rm_walk(f->arena, "a", NULL, &w.files, &w.skips), RM_OK);
    assert_files(&w, (const char *const[]){"b", "a"}, 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(files_come_in_the_order_of_their_bytes),
        WITH_FOLDER(a_file_is_its_own_tree),
        WITH_FOLDER(unwanted_folders_are_left_out),
        WITH_FOLDER(links_are_followed_to_files_and_never_to_folders),
        WITH_FOLDER(what_cannot_be_read_is_told_and_the_walk_goes_on),
        WITH_FOLDER(a_closed_folder_is_told),
        WITH_FOLDER(a_root_that_is_not_there_is_refused),
        WITH_FOLDER(a_bottomless_tree_ends),
        WITH_FOLDER(several_roots_share_one_list),
    };
    return cmocka_run_group_tests_name("walking", tests, NULL, NULL);
}
