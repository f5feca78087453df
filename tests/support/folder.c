#include "folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int folder_setup(void **state) {
    char path[] = "/tmp/ringmap-test-XXXXXX";
    if (fixture_setup(state) != 0 || mkdtemp(path) == NULL) {
        return 1;
    }
    return chdir(path);
}

/* By descriptors, not by path: some tests make paths that are too long for the system. */
static int empty_folder(int parent, const char *name) {
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    if (dir == NULL) {
        return 1;
    }
    int failed = 0;
    for (const struct dirent *e; (e = readdir(dir)) != NULL;) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) {
            continue;
        }
        if (unlinkat(fd, e->d_name, 0) != 0) {
            failed |= empty_folder(fd, e->d_name) | unlinkat(fd, e->d_name, AT_REMOVEDIR);
        }
    }
    return closedir(dir) | failed;
}

int folder_teardown(void **state) {
    char path[4096];
    int failed = fixture_teardown(state);
    if (getcwd(path, sizeof path) == NULL || strncmp(path, "/tmp/ringmap-test-", 18) != 0 ||
        chdir("/") != 0) {
        return 1;
    }
    return failed | empty_folder(AT_FDCWD, path) | rmdir(path);
}

void put_file(const char *path, rm_str bytes) {
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    if (bytes.len > 0) {
        assert_int_equal(fwrite(bytes.ptr, 1, bytes.len, out), bytes.len);
    }
    assert_int_equal(fclose(out), 0);
}

void put_folder(const char *path) {
    assert_int_equal(mkdir(path, 0777), 0);
}

unsigned count_entries(const char *path) {
    unsigned count = 0;
    DIR *dir = opendir(path);
    assert_non_null(dir);
    while (readdir(dir) != NULL) {
        count++;
    }
    assert_int_equal(closedir(dir), 0);
    return count - 2;
}
