#include "folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/platform.h"

static void assert_content(struct fixture *f, const char *path, const char *expected) {
    assert_str(read_file(f->arena, path), expected);
}

static mode_t mode_of(const char *path) {
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    return info.st_mode & 0777;
}

static void a_new_file_appears_whole(void **state) {
    struct fixture *f = *state;
    mode_t kept = umask(027);
    assert_int_equal(rm_file_replace("new", RM_STR("text")), RM_OK);
    (void)umask(kept);
    assert_content(f, "new", "text");
    assert_int_equal(mode_of("new"), 0640);
    assert_int_equal(count_entries("."), 1);
}

static void an_old_file_is_replaced_and_keeps_its_rights(void **state) {
    struct fixture *f = *state;
    struct stat before;
    struct stat after;
    put_file("old", RM_STR("a much longer old text"));
    assert_int_equal(chmod("old", 0604), 0);
    int reader = open("old", O_RDONLY);
    assert_int_equal(fstat(reader, &before), 0);
    assert_int_equal(rm_file_replace("old", RM_STR("new")), RM_OK);
    assert_int_equal(stat("old", &after), 0);
    assert_true(before.st_ino != after.st_ino); /* who has it open keeps the old text */
    (void)close(reader);
    assert_content(f, "old", "new");
    assert_int_equal(mode_of("old"), 0604);
    assert_int_equal(count_entries("."), 1);
}

static void a_link_stays_a_link(void **state) {
    struct fixture *f = *state;
    char target[16] = {0};
    put_folder("real");
    put_file("real/file", RM_STR("old"));
    assert_int_equal(symlink("real/file", "link"), 0);
    assert_int_equal(rm_file_replace("link", RM_STR("new")), RM_OK);
    assert_int_equal(readlink("link", target, sizeof target - 1), 9);
    assert_string_equal(target, "real/file");
    assert_content(f, "real/file", "new");
    assert_int_equal(count_entries("real"), 1);
}

static void any_name_a_folder_allows_will_do(void **state) {
    struct fixture *f = *state;
    char longest[256];
    memset(longest, 'n', 255);
    longest[255] = '\0';
    assert_int_equal(rm_file_replace(longest, RM_STR("1")), RM_OK);
    assert_content(f, longest, "1");
    assert_int_equal(rm_file_replace("back\\slash", RM_STR("2")), RM_OK);
    assert_content(f, "back\\slash", "2");
    assert_int_equal(rm_file_replace("--", RM_STR("3")), RM_OK);
    assert_content(f, "--", "3");
}

static void what_cannot_be_written_leaves_nothing(void **state) {
    (void)state;
    assert_int_equal(rm_file_replace("absent/file", RM_STR("x")), RM_IO);
    assert_int_equal(errno, ENOENT);
    put_folder("folder");
    assert_int_equal(rm_file_replace("folder", RM_STR("x")), RM_IO);
    assert_int_equal(errno, EISDIR);
    put_file("file", RM_STR_NONE);
    assert_int_equal(rm_file_replace("file/below", RM_STR("x")), RM_IO);
    assert_int_equal(errno, ENOTDIR);
    assert_int_equal(count_entries("."), 2);
    assert_int_equal(count_entries("folder"), 0);
}

static void a_full_device_is_an_error_and_stays_a_device(void **state) {
    (void)state;
    struct stat info;
    if (access("/dev/full", W_OK) != 0) {
        print_message("SKIP: no /dev/full here\n");
        skip();
    }
    assert_int_equal(rm_file_replace("/dev/full", RM_STR("x")), RM_IO);
    assert_int_equal(errno, ENOSPC);
    assert_int_equal(stat("/dev/full", &info), 0);
    assert_true(S_ISCHR(info.st_mode));
    assert_int_equal(rm_file_replace("/dev/null", RM_STR("x")), RM_OK);
}

/* Runs a replacement by rm_file_replace or by begin and commit, in a process of its own. */
static void replace_apart(const char *path, bool in_steps, const char *bytes) {
    rm_arena *arena = rm_arena_new(1u << 20);
    rm_str temp = RM_STR_NONE;
    if (!in_steps) {
        _exit(rm_file_replace(path, rm_str_from(bytes)) == RM_OK ? 0 : 1);
    }
    if (rm_replace_begin(arena, path, &temp) != RM_OK) {
        _exit(2);
    }
    int fd = open(temp.ptr, O_WRONLY);
    if (write(fd, bytes, strlen(bytes)) != (ssize_t)strlen(bytes) || close(fd) != 0) {
        _exit(3);
    }
    if (rm_replace_commit(temp.ptr, path) != RM_OK || access(temp.ptr, F_OK) == 0) {
        _exit(4);
    }
    _exit(0);
}

static void assert_ends_well(pid_t child) {
    int how = 0;
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(WIFEXITED(how));
    assert_int_equal(WEXITSTATUS(how), 0);
}

static void a_pipe_is_written_in_place(void **state) {
    (void)state;
    for (int in_steps = 0; in_steps < 2; in_steps++) {
        char got[16] = {0};
        struct stat info;
        assert_int_equal(mkfifo("pipe", 0600), 0);
        pid_t child = fork();
        if (child == 0) {
            replace_apart("pipe", in_steps == 1, "through");
        }
        int fd = open("pipe", O_RDONLY);
        assert_int_equal(read(fd, got, sizeof got - 1), 7);
        assert_string_equal(got, "through");
        (void)close(fd);
        assert_ends_well(child);
        assert_int_equal(stat("pipe", &info), 0);
        assert_true(S_ISFIFO(info.st_mode));
        assert_int_equal(count_entries("."), 1);
        assert_int_equal(unlink("pipe"), 0);
    }
}

static void every_name_of_standard_output_appends_to_it(void **state) {
    struct fixture *f = *state;
    static const char *const names[] = {"-", "/dev/stdout", "/proc/self/fd/1", "out"};
    for (size_t i = 0; i < 2 * (sizeof names / sizeof names[0]); i++) {
        put_file("out", RM_STR_NONE);
        pid_t child = fork();
        if (child == 0) {
            int fd = open("out", O_WRONLY | O_APPEND);
            if (dup2(fd, STDOUT_FILENO) != STDOUT_FILENO || write(fd, "before ", 7) != 7) {
                _exit(9);
            }
            replace_apart(names[i / 2], i % 2 == 1, "text");
        }
        assert_ends_well(child);
        assert_content(f, "out", "before text");
        assert_int_equal(count_entries("."), 1);
    }
}

static void a_library_can_write_the_file_itself(void **state) {
    struct fixture *f = *state;
    rm_str temp = RM_STR_NONE;
    put_file("m.db", RM_STR("old"));
    assert_int_equal(rm_replace_begin(f->arena, "m.db", &temp), RM_OK);
    assert_content(f, temp.ptr, "");
    put_file(temp.ptr, RM_STR("new"));
    assert_content(f, "m.db", "old");
    assert_int_equal(rm_replace_commit(temp.ptr, "m.db"), RM_OK);
    assert_content(f, "m.db", "new");
    assert_int_equal(count_entries("."), 1);
}

static void an_abandoned_output_is_as_it_was(void **state) {
    struct fixture *f = *state;
    rm_str temp = RM_STR_NONE;
    put_file("m.db", RM_STR("old"));
    assert_int_equal(rm_replace_begin(f->arena, "m.db", &temp), RM_OK);
    rm_replace_abort(temp.ptr);
    assert_content(f, "m.db", "old");
    assert_int_equal(count_entries("."), 1);
}

static void a_commit_that_fails_leaves_no_temporary_file(void **state) {
    struct fixture *f = *state;
    rm_str temp = RM_STR_NONE;
    assert_int_equal(rm_replace_begin(f->arena, "m.db", &temp), RM_OK);
    put_folder("m.db"); /* someone was quicker */
    assert_int_equal(rm_replace_commit(temp.ptr, "m.db"), RM_IO);
    assert_int_equal(errno, EISDIR);
    assert_int_equal(count_entries("."), 1);
}

/* A process that begins and is gone, as by kill -9, with a journal of SQLite's beside. */
static void leave_stale_file(const char *path) {
    pid_t child = fork();
    if (child == 0) {
        rm_arena *arena = rm_arena_new(1u << 20);
        rm_str temp = RM_STR_NONE;
        rm_str journal = RM_STR_NONE;
        if (rm_replace_begin(arena, path, &temp) != RM_OK ||
            rm_str_printf(arena, &journal, "%s-journal", temp.ptr) != RM_OK) {
            _exit(1);
        }
        put_file(journal.ptr, RM_STR("x"));
        _exit(0);
    }
    assert_ends_well(child);
}

static void the_next_run_removes_what_a_killed_one_left(void **state) {
    (void)state;
    leave_stale_file("m.db");
    assert_int_equal(count_entries("."), 2);
    assert_int_equal(rm_file_replace("other.db", RM_STR("x")), RM_OK);
    assert_int_equal(count_entries("."), 3); /* another output's is not ours to judge */
    assert_int_equal(rm_file_replace("m.db", RM_STR("x")), RM_OK);
    assert_int_equal(count_entries("."), 2);
}

static void a_file_that_is_being_written_is_left_alone(void **state) {
    struct fixture *f = *state;
    int ready[2];
    char byte = 0;
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    if (child == 0) {
        rm_str temp = RM_STR_NONE;
        rm_status st = rm_replace_begin(f->arena, "m.db", &temp);
        (void)(write(ready[1], st == RM_OK ? "y" : "n", 1) == 1 && pause());
        _exit(1);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_int_equal(byte, 'y');
    assert_int_equal(rm_file_replace("m.db", RM_STR("x")), RM_OK);
    assert_int_equal(count_entries("."), 2);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(rm_file_replace("m.db", RM_STR("x")), RM_OK);
    assert_int_equal(count_entries("."), 1);
    (void)close(ready[0]);
    (void)close(ready[1]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(a_new_file_appears_whole),
        WITH_FOLDER(an_old_file_is_replaced_and_keeps_its_rights),
        WITH_FOLDER(a_link_stays_a_link),
        WITH_FOLDER(any_name_a_folder_allows_will_do),
        WITH_FOLDER(what_cannot_be_written_leaves_nothing),
        WITH_FOLDER(a_full_device_is_an_error_and_stays_a_device),
        WITH_FOLDER(a_pipe_is_written_in_place),
        WITH_FOLDER(every_name_of_standard_output_appends_to_it),
        WITH_FOLDER(a_library_can_write_the_file_itself),
        WITH_FOLDER(an_abandoned_output_is_as_it_was),
        WITH_FOLDER(a_commit_that_fails_leaves_no_temporary_file),
        WITH_FOLDER(the_next_run_removes_what_a_killed_one_left),
        WITH_FOLDER(a_file_that_is_being_written_is_left_alone),
    };
    return cmocka_run_group_tests_name("replacing", tests, NULL, NULL);
}
