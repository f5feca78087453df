/* realpath() is in POSIX with the XSI option. */
#define _XOPEN_SOURCE 700
#include "posix_io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/platform.h"

enum { FIRST_READ = 64 * 1024 };

rm_status posix_write_all(int fd, rm_str bytes) {
    for (size_t done = 0; done < bytes.len;) {
        ssize_t n = write(fd, bytes.ptr + done, bytes.len - done);
        if (n >= 0) {
            done += (size_t)n;
        } else if (errno != EINTR) {
            return RM_IO;
        }
    }
    return RM_OK;
}

void posix_close_quietly(int fd) {
    int kept = errno;
    (void)close(fd);
    errno = kept;
}

/* A buffer twice as large with the same bytes; NULL when the arena is exhausted. */
static char *enlarge(rm_arena *arena, const char *bytes, size_t used, size_t *capacity) {
    if (*capacity > SIZE_MAX / 2) {
        return NULL;
    }
    char *larger = RM_NEW_ARRAY(arena, char, *capacity * 2);
    if (larger != NULL) {
        memcpy(larger, bytes, used);
        *capacity *= 2;
    }
    return larger;
}

rm_status posix_read_all(rm_arena *arena, int fd, size_t expected, size_t max, rm_str *out) {
    size_t capacity = expected + 2; /* one byte to see the end by, one for NUL */
    size_t used = 0;
    char *bytes = RM_NEW_ARRAY(arena, char, capacity);
    while (bytes != NULL) {
        ssize_t n = read(fd, bytes + used, capacity - 1 - used);
        if (n < 0 && errno != EINTR) {
            return RM_IO;
        }
        if (n == 0) {
            *out = (rm_str){bytes, used};
            return RM_OK;
        }
        used += n > 0 ? (size_t)n : 0;
        if (used > max) {
            return RM_LIMIT;
        }
        if (used == capacity - 1) {
            bytes = enlarge(arena, bytes, used, &capacity);
        }
    }
    return RM_NOMEM;
}

static rm_status size_of_regular(int fd, uint64_t max, uint64_t *size) {
    struct stat info;
    if (fstat(fd, &info) != 0) {
        return RM_IO;
    }
    if (!S_ISREG(info.st_mode)) {
        errno = S_ISDIR(info.st_mode) ? EISDIR : EINVAL;
        return RM_IO;
    }
    *size = (uint64_t)info.st_size;
    return *size > max ? RM_LIMIT : RM_OK;
}

static rm_status read_regular(rm_arena *arena, int fd, size_t max, rm_str *out) {
    uint64_t size = 0;
    rm_status st = size_of_regular(fd, max < SIZE_MAX - 2 ? max : SIZE_MAX - 2, &size);
    return st != RM_OK ? st : posix_read_all(arena, fd, (size_t)size, max, out);
}

/* Without O_NONBLOCK a pipe of that name would hold us until someone writes to it. */
static int open_to_read(const char *path) {
    return open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
}

rm_status rm_file_read(rm_arena *arena, const char *path, size_t max, rm_str *out) {
    int fd = open_to_read(path);
    if (fd < 0) {
        return RM_IO;
    }
    rm_status st = read_regular(arena, fd, max, out);
    posix_close_quietly(fd);
    return st;
}

typedef struct pieces {
    int fd;
    uint64_t left;
    bool failed;
    char bytes[FIRST_READ];
} pieces;

static bool next_piece(void *payload, rm_str *piece) {
    pieces *p = payload;
    ssize_t n = 0;
    do {
        n = p->left == 0 ? 0 : read(p->fd, p->bytes, sizeof p->bytes);
    } while (n < 0 && errno == EINTR);
    p->failed = n < 0;
    size_t got = n < 0 ? 0 : (size_t)n;
    got = got > p->left ? (size_t)p->left : got; /* a file that grows under our eyes */
    p->left -= got;
    *piece = (rm_str){p->bytes, got};
    return got > 0;
}

rm_status rm_file_sha256(const char *path, uint64_t max, uint8_t digest[32], uint64_t *size) {
    pieces p = {.fd = open_to_read(path)};
    if (p.fd < 0) {
        return RM_IO;
    }
    rm_status st = size_of_regular(p.fd, max, size);
    p.left = *size;
    if (st == RM_OK) {
        rm_sha256_pieces(next_piece, &p, digest);
        st = p.failed ? RM_IO : RM_OK;
    }
    posix_close_quietly(p.fd);
    return st;
}

rm_status rm_stdin_read(rm_arena *arena, size_t max, rm_str *out) {
    return posix_read_all(arena, STDIN_FILENO, FIRST_READ, max, out);
}

rm_status rm_file_real(rm_arena *arena, const char *path, rm_str *out) {
    char *real = realpath(path, NULL);
    if (real == NULL) {
        return errno == ENOMEM ? RM_NOMEM : RM_IO;
    }
    rm_status st = rm_str_copy(arena, rm_str_from(real), out);
    free(real);
    return st;
}
