#define _XOPEN_SOURCE 700 /* realpath */

#include "base/platform.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "posix_io.h"

/*
 * Temporary files are called .ringmap-HASH-PID-RANDOM: the hash of the output's name, so that runs
 * for other outputs are left alone; the process, so that a later run can tell a stale file from one
 * that is being written; a number nobody can guess, since the folder may be writable for others.
 */
#define TEMP_PREFIX ".ringmap-"

typedef enum output_kind {
    REPLACED,       /* a regular file, or nothing yet */
    IN_PLACE,       /* device, pipe, socket */
    STANDARD_OUTPUT /* "-", or a name for what standard output is, such as /dev/stdout */
} output_kind;

/* ---- what the output is ---- */

static rm_status classify(const char *path, output_kind *kind) {
    struct stat info;
    struct stat standard;
    if (strcmp(path, "-") == 0) {
        *kind = STANDARD_OUTPUT;
        return RM_OK;
    }
    if (stat(path, &info) != 0) {
        *kind = REPLACED;
        return errno == ENOENT ? RM_OK : RM_IO;
    }
    if (S_ISDIR(info.st_mode)) {
        errno = EISDIR;
        return RM_IO;
    }
    /* Renaming over the file that standard output was redirected to would lose what follows. */
    if (fstat(STDOUT_FILENO, &standard) == 0 && standard.st_dev == info.st_dev &&
        standard.st_ino == info.st_ino) {
        *kind = STANDARD_OUTPUT;
    } else {
        *kind = S_ISREG(info.st_mode) ? REPLACED : IN_PLACE;
    }
    return RM_OK;
}

/* The file behind links, so that a link stays one; the path itself where there is nothing yet. */
static char *resolve(const char *path) {
    char *real = realpath(path, NULL);
    return real != NULL || errno != ENOENT ? real : strdup(path);
}

/* Not rm_path_base() and rm_path_dir(): here a backslash is a letter like any other. */
static rm_str name_of(const char *path) {
    const char *slash = strrchr(path, '/');
    return rm_str_from(slash == NULL ? path : slash + 1);
}

static rm_str folder_of(const char *path) {
    const char *slash = strrchr(path, '/');
    if (slash == NULL) {
        return RM_STR(".");
    }
    return slash == path ? RM_STR("/") : (rm_str){path, (size_t)(slash - path)};
}

/* What is written in place is made elsewhere first: beside a device is no place for files. */
static rm_str scratch_folder(void) {
    rm_str dir = rm_str_from(getenv("TMPDIR"));
    return dir.len > 0 ? dir : RM_STR("/tmp");
}

/* ---- temporary files ---- */

/* The process that a temporary file of this output belongs to; false for any other file. */
static bool owner_of(rm_str name, rm_str prefix, pid_t *owner) {
    uint64_t pid = 0;
    size_t end = 0;
    if (!rm_str_starts(name, prefix)) {
        return false;
    }
    rm_str rest = rm_str_slice(name, prefix.len, name.len);
    if (!rm_str_find_char(rest, '-', &end) || !rm_str_u64(rm_str_slice(rest, 0, end), &pid) ||
        pid == 0 || pid > INT32_MAX) {
        return false;
    }
    *owner = (pid_t)pid;
    return true;
}

/*
 * Removes what killed runs left, SQLite's files beside it included. A file under our own process
 * number is stale too: in a container each run may have the same one.
 */
static void remove_stale(const char *folder, rm_str prefix) {
    DIR *dir = opendir(folder);
    if (dir == NULL) {
        return;
    }
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        pid_t owner = 0;
        if (owner_of(rm_str_from(entry->d_name), prefix, &owner) &&
            (owner == getpid() || (kill(owner, 0) != 0 && errno == ESRCH))) {
            (void)unlinkat(dirfd(dir), entry->d_name, 0);
        }
    }
    (void)closedir(dir);
}

static rm_status random_number(uint64_t *number) {
    int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return RM_IO;
    }
    ssize_t n = read(fd, number, sizeof *number);
    posix_close_quietly(fd);
    return n == (ssize_t)sizeof *number ? RM_OK : RM_IO;
}

/* With the rights of the file it replaces; a new one gets those that the umask leaves. */
static int create(const char *temp, const char *replaced) {
    struct stat info;
    int fd = open(temp, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (fd >= 0 && stat(replaced, &info) == 0 && S_ISREG(info.st_mode)) {
        (void)fchmod(fd, info.st_mode & 0777); /* where it cannot be had, our own rights do */
    }
    return fd;
}

static rm_status make_temp(rm_arena *arena, const char *output, rm_str folder, rm_str *temp,
                           int *fd) {
    uint64_t number = 0;
    rm_str prefix = RM_STR_NONE;
    rm_str path = RM_STR_NONE;
    const char *dir = rm_str_dup(arena, folder);
    uint64_t hash = rm_str_hash(name_of(output));
    rm_status st =
        dir == NULL ? RM_NOMEM : rm_str_printf(arena, &prefix, TEMP_PREFIX "%016" PRIx64 "-", hash);
    if (st == RM_OK) {
        remove_stale(dir, prefix);
        st = random_number(&number);
    }
    if (st == RM_OK) {
        st = rm_str_printf(arena, &path, "%s/%s%ld-%016" PRIx64, dir, prefix.ptr, (long)getpid(),
                           number);
    }
    if (st != RM_OK) {
        return st;
    }
    *fd = create(path.ptr, output);
    if (*fd < 0) {
        return RM_IO;
    }
    *temp = path;
    return RM_OK;
}

static rm_status begin_for(rm_arena *arena, const char *path, rm_str *temp, int *fd) {
    output_kind kind = REPLACED;
    rm_status st = classify(path, &kind);
    if (st != RM_OK) {
        return st;
    }
    if (kind != REPLACED) {
        return make_temp(arena, path, scratch_folder(), temp, fd);
    }
    char *real = resolve(path);
    if (real == NULL) {
        return RM_IO;
    }
    st = make_temp(arena, real, folder_of(real), temp, fd);
    free(real);
    return st;
}

rm_status rm_replace_begin(rm_arena *arena, const char *path, rm_str *temp) {
    int fd = -1;
    rm_status st = begin_for(arena, path, temp, &fd);
    if (st == RM_OK) {
        posix_close_quietly(fd);
    }
    return st;
}

void rm_replace_abort(const char *temp) {
    int kept = errno;
    (void)unlink(temp);
    errno = kept;
}

/* ---- into place ---- */

/* A folder that can be written but not read cannot be opened, and some file systems refuse: the
   rename has happened all the same. */
static rm_status sync_folder(rm_str path) {
    char *dir = strndup(path.ptr, path.len);
    int fd = dir == NULL ? -1 : open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    free(dir);
    if (fd < 0) {
        return RM_OK;
    }
    rm_status st = fsync(fd) == 0 || errno == EINVAL || errno == EROFS ? RM_OK : RM_IO;
    posix_close_quietly(fd);
    return st;
}

static rm_status sync_file(const char *path) {
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) {
        return RM_IO;
    }
    rm_status st = fsync(fd) == 0 ? RM_OK : RM_IO;
    posix_close_quietly(fd);
    return st;
}

static rm_status rename_over(const char *temp, const char *path) {
    char *real = resolve(path);
    if (real == NULL) {
        return RM_IO;
    }
    rm_status st = sync_file(temp);
    if (st == RM_OK && rename(temp, real) != 0) {
        st = RM_IO;
    }
    if (st == RM_OK) {
        st = sync_folder(folder_of(real));
    }
    free(real);
    return st;
}

/* Opens what is written in place; a duplicate for standard output, so that both can be closed. */
static int open_in_place(const char *path, output_kind kind) {
    return kind == STANDARD_OUTPUT ? dup(STDOUT_FILENO)
                                   : open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
}

static rm_status write_and_close(int fd, rm_str bytes) {
    rm_status st = posix_write_all(fd, bytes);
    if (st != RM_OK) {
        posix_close_quietly(fd);
        return st;
    }
    return close(fd) == 0 ? RM_OK : RM_IO;
}

static rm_status write_in_place(const char *path, output_kind kind, rm_str bytes) {
    int fd = open_in_place(path, kind);
    if (fd < 0) {
        return RM_IO;
    }
    return write_and_close(fd, bytes);
}

static rm_status copy_bytes(int from, int to) {
    char chunk[64 * 1024];
    for (;;) {
        ssize_t n = read(from, chunk, sizeof chunk);
        if (n == 0) {
            return RM_OK;
        }
        if (n < 0 && errno != EINTR) {
            return RM_IO;
        }
        rm_status st = posix_write_all(to, (rm_str){chunk, n > 0 ? (size_t)n : 0});
        if (st != RM_OK) {
            return st;
        }
    }
}

static rm_status copy_in_place(const char *temp, const char *path, output_kind kind) {
    int from = open(temp, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    int to = from < 0 ? -1 : open_in_place(path, kind);
    rm_status st = to < 0 ? RM_IO : copy_bytes(from, to);
    if (to >= 0) {
        posix_close_quietly(to);
    }
    if (from >= 0) {
        posix_close_quietly(from);
    }
    return st;
}

rm_status rm_replace_commit(const char *temp, const char *path) {
    output_kind kind = REPLACED;
    rm_status st = classify(path, &kind);
    if (st == RM_OK) {
        st = kind == REPLACED ? rename_over(temp, path) : copy_in_place(temp, path, kind);
    }
    if (st != RM_OK || kind != REPLACED) {
        rm_replace_abort(temp);
    }
    return st;
}

/* ---- a file whose bytes are at hand ---- */

static rm_status replace_with(rm_arena *arena, const char *path, rm_str bytes) {
    rm_str temp = RM_STR_NONE;
    int fd = -1;
    rm_status st = begin_for(arena, path, &temp, &fd);
    if (st != RM_OK) {
        return st;
    }
    st = write_and_close(fd, bytes);
    if (st != RM_OK) {
        rm_replace_abort(temp.ptr);
        return st;
    }
    return rm_replace_commit(temp.ptr, path);
}

rm_status rm_file_replace(const char *path, rm_str bytes) {
    enum { ENOUGH_FOR_NAMES = 1 << 18 };
    output_kind kind = REPLACED;
    rm_status st = classify(path, &kind);
    if (st != RM_OK) {
        return st;
    }
    if (kind != REPLACED) {
        return write_in_place(path, kind, bytes);
    }
    rm_arena *arena = rm_arena_new(ENOUGH_FOR_NAMES);
    if (arena == NULL) {
        return RM_NOMEM;
    }
    st = replace_with(arena, path, bytes);
    int kept = errno;
    rm_arena_free(arena);
    errno = kept;
    return st;
}
