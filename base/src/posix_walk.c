#include "base/platform.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "posix_io.h"

/* Folders still to be read; the path of the root's is as the caller gave it, its relative empty. */
typedef struct folder {
    rm_str path;
    rm_str relative;
} folder;

RM_LIST(folders, folder);

typedef struct walker {
    rm_arena *arena;
    bool (*leave_out)(rm_str folder);
    rm_walk_files *files;
    rm_walk_skips *skips;
    folders todo;
} walker;

static rm_status join(rm_arena *arena, rm_str dir, rm_str name, rm_str *out) {
    rm_buf buf = {.arena = arena};
    rm_buf_str(&buf, dir);
    if (dir.len > 0 && dir.ptr[dir.len - 1] != '/') {
        rm_buf_char(&buf, '/');
    }
    rm_buf_str(&buf, name);
    rm_buf_char(&buf, '\0');
    if (buf.status == RM_OK) {
        *out = rm_str_slice(rm_buf_view(&buf), 0, buf.len - 1);
    }
    return buf.status;
}

static rm_status skip(walker *w, rm_str relative, int error) {
    rm_walk_skip *skipped = rm_push(w->arena, w->skips);
    if (skipped == NULL) {
        return RM_NOMEM;
    }
    *skipped = (rm_walk_skip){relative, error};
    return RM_OK;
}

static rm_status add_file(walker *w, rm_str path, rm_str relative, const struct stat *info) {
    rm_walk_file *file = rm_push(w->arena, w->files);
    if (file == NULL) {
        return RM_NOMEM;
    }
    *file = (rm_walk_file){path, relative, (uint64_t)info->st_size};
    return RM_OK;
}

static rm_status add_folder(walker *w, rm_str path, rm_str relative) {
    folder *found = rm_push(w->arena, &w->todo);
    if (found == NULL) {
        return RM_NOMEM;
    }
    *found = (folder){path, relative};
    return RM_OK;
}

/* A link counts as what it points to, but for folders: those could lead round in a circle. */
static rm_status visit(walker *w, const folder *in, int dir_fd, const char *name) {
    struct stat info;
    folder at;
    rm_str text = rm_str_from(name);
    rm_status st = join(w->arena, in->relative, text, &at.relative);
    if (st == RM_OK) {
        st = join(w->arena, in->path, text, &at.path);
    }
    if (st != RM_OK) {
        return st;
    }
    if (fstatat(dir_fd, name, &info, AT_SYMLINK_NOFOLLOW) != 0) {
        return skip(w, at.relative, errno);
    }
    if (S_ISDIR(info.st_mode)) {
        bool unwanted = w->leave_out != NULL && w->leave_out(text);
        return unwanted ? RM_OK : add_folder(w, at.path, at.relative);
    }
    if (S_ISLNK(info.st_mode) && fstatat(dir_fd, name, &info, 0) != 0) {
        return skip(w, at.relative, errno);
    }
    return S_ISREG(info.st_mode) ? add_file(w, at.path, at.relative, &info) : RM_OK;
}

static rm_status read_entries(walker *w, const folder *in, DIR *dir) {
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(dir);
        if (entry == NULL) {
            return errno == 0 ? RM_OK : skip(w, in->relative, errno);
        }
        rm_str name = rm_str_from(entry->d_name);
        if (rm_str_eq(name, RM_STR(".")) || rm_str_eq(name, RM_STR(".."))) {
            continue;
        }
        rm_status st = visit(w, in, dirfd(dir), entry->d_name);
        if (st != RM_OK) {
            return st;
        }
    }
}

/* O_NOFOLLOW: a folder may have become a link since it was seen. The root may be one. */
static rm_status read_folder(walker *w, const folder *in) {
    bool is_root = in->relative.len == 0;
    int fd = open(in->path.ptr, O_RDONLY | O_DIRECTORY | O_CLOEXEC | (is_root ? 0 : O_NOFOLLOW));
    if (fd < 0) {
        return is_root ? RM_IO : skip(w, in->relative, errno);
    }
    DIR *dir = fdopendir(fd);
    if (dir == NULL) {
        posix_close_quietly(fd);
        return is_root ? RM_IO : skip(w, in->relative, errno);
    }
    rm_status st = read_entries(w, in, dir);
    (void)closedir(dir);
    return st;
}

static int file_order(const void *a, const void *b) {
    return rm_str_cmp(((const rm_walk_file *)a)->relative, ((const rm_walk_file *)b)->relative);
}

static int skip_order(const void *a, const void *b) {
    return rm_str_cmp(((const rm_walk_skip *)a)->path, ((const rm_walk_skip *)b)->path);
}

/* Only what this walk added: the lists may hold other roots' files. */
static void sort_from(walker *w, uint32_t first_file, uint32_t first_skip) {
    if (w->files->count > first_file) {
        qsort(w->files->at + first_file, w->files->count - first_file, sizeof(rm_walk_file),
              file_order);
    }
    if (w->skips->count > first_skip) {
        qsort(w->skips->at + first_skip, w->skips->count - first_skip, sizeof(rm_walk_skip),
              skip_order);
    }
}

static rm_status walk_tree(walker *w, rm_str root) {
    rm_status st = add_folder(w, root, RM_STR_NONE);
    while (st == RM_OK && w->todo.count > 0) {
        folder next = w->todo.at[--w->todo.count];
        st = read_folder(w, &next);
    }
    return st;
}

rm_status rm_walk(rm_arena *arena, const char *root, bool (*leave_out)(rm_str folder),
                  rm_walk_files *files, rm_walk_skips *skips) {
    walker w = {.arena = arena, .leave_out = leave_out, .files = files, .skips = skips};
    uint32_t first_file = files->count;
    uint32_t first_skip = skips->count;
    struct stat info;
    rm_str path = RM_STR_NONE;
    if (stat(root, &info) != 0) {
        return RM_IO;
    }
    rm_status st = rm_str_copy(arena, rm_str_from(root), &path);
    if (st != RM_OK) {
        return st;
    }
    if (S_ISREG(info.st_mode)) {
        return add_file(&w, path, rm_path_base(path), &info);
    }
    if (!S_ISDIR(info.st_mode)) {
        errno = EINVAL;
        return RM_IO;
    }
    st = walk_tree(&w, path);
    sort_from(&w, first_file, first_skip);
    return st;
}

rm_status rm_folder_make(const char *path) {
    struct stat info;
    if (mkdir(path, 0777) == 0) {
        return RM_OK;
    }
    if (errno != EEXIST || stat(path, &info) != 0) {
        return RM_IO;
    }
    if (!S_ISDIR(info.st_mode)) {
        errno = ENOTDIR;
        return RM_IO;
    }
    return RM_OK;
}
