#include "project/index.h"

#include <stdlib.h>
#include <string.h>

static bool is_slash(char c) {
    return c == '/' || c == '\\';
}

static bool is_absolute(rm_str path) {
    return (path.len > 0 && is_slash(path.ptr[0])) || (path.len > 1 && path.ptr[1] == ':');
}

/* Takes the last component off; false when there is none left: the path leaves the root. */
static bool go_up(rm_file_path *path) {
    if (path->len == 0) {
        return false;
    }
    while (path->len > 0 && path->text[path->len - 1] != '/') {
        path->len--;
    }
    path->len -= path->len > 0;
    return true;
}

static bool go_down(rm_file_path *path, rm_str name) {
    if (path->len + 1 + name.len > sizeof path->text) {
        return false;
    }
    if (path->len > 0) {
        path->text[path->len++] = '/';
    }
    memcpy(path->text + path->len, name.ptr, name.len);
    path->len += name.len;
    return true;
}

static bool follow(rm_file_path *path, rm_str relative) {
    size_t at = 0;
    while (at < relative.len) {
        size_t end = at;
        while (end < relative.len && !is_slash(relative.ptr[end])) {
            end++;
        }
        rm_str name = rm_str_slice(relative, at, end);
        at = end + 1;
        if (name.len == 0 || rm_str_eq(name, RM_STR("."))) {
            continue;
        }
        if (rm_str_eq(name, RM_STR("..")) ? !go_up(path) : !go_down(path, name)) {
            return false;
        }
    }
    return true;
}

bool rm_path_join(rm_str folder, rm_str relative, rm_file_path *out) {
    rm_file_path path = {.len = 0};
    if (is_absolute(relative) || !follow(&path, folder) || !follow(&path, relative)) {
        return false;
    }
    *out = path;
    return true;
}

rm_str rm_path_text(const rm_file_path *path) {
    return (rm_str){path->text, path->len};
}

bool rm_path_resolve(rm_arena *arena, rm_str folder, rm_str path, rm_str *out) {
    rm_file_path joined;
    return rm_path_join(folder, path, &joined) &&
           rm_str_copy(arena, rm_path_text(&joined), out) == RM_OK;
}

/* ---- the index ---- */

static int by_path(const void *a, const void *b) {
    const rm_input_file *const *left = a;
    const rm_input_file *const *right = b;
    int order = rm_str_icmp((*left)->path, (*right)->path);
    return order != 0 ? order : rm_str_cmp((*left)->path, (*right)->path);
}

rm_status rm_file_index_new(rm_arena *arena, const rm_input_files *files,
                            const rm_file_index **out) {
    rm_file_index *index = RM_NEW(arena, rm_file_index);
    if (index == NULL) {
        return RM_NOMEM;
    }
    index->count = files->count;
    if (files->count > 0) {
        index->at = RM_NEW_ARRAY(arena, const rm_input_file *, files->count);
        if (index->at == NULL) {
            return RM_NOMEM;
        }
        for (uint32_t i = 0; i < files->count; i++) {
            index->at[i] = &files->at[i];
        }
        qsort(index->at, files->count, sizeof(const rm_input_file *), by_path);
    }
    *out = index;
    return RM_OK;
}

uint32_t rm_file_index_from(const rm_file_index *index, rm_str path) {
    uint32_t low = 0;
    uint32_t high = index->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (rm_str_icmp(index->at[middle]->path, path) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

const rm_input_file *rm_file_index_find(const rm_file_index *index, rm_str path) {
    rm_file_path joined;
    if (!rm_path_join(RM_STR_NONE, path, &joined)) {
        return NULL;
    }
    rm_str wanted = rm_path_text(&joined);
    uint32_t first = rm_file_index_from(index, wanted);
    const rm_input_file *found = NULL;
    for (uint32_t i = first; i < index->count && rm_str_ieq(index->at[i]->path, wanted); i++) {
        if (found == NULL || rm_str_eq(index->at[i]->path, wanted)) {
            found = index->at[i];
        }
    }
    return found;
}

/* ---- patterns ---- */

static char fold(char c) {
    return c == '\\' ? '/' : c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

/* One component; only the last '*' is ever tried again, so that the work is m times n. */
static bool matches_name(rm_str pattern, rm_str name) {
    size_t p = 0;
    size_t star = pattern.len;
    size_t retry = 0;
    for (size_t n = 0; n < name.len;) {
        if (p < pattern.len && pattern.ptr[p] == '*') {
            star = p++;
            retry = n;
        } else if (p < pattern.len &&
                   (pattern.ptr[p] == '?' || fold(pattern.ptr[p]) == fold(name.ptr[n]))) {
            p++;
            n++;
        } else if (star < pattern.len) {
            p = star + 1;
            n = ++retry;
        } else {
            return false;
        }
    }
    while (p < pattern.len && pattern.ptr[p] == '*') {
        p++;
    }
    return p == pattern.len;
}

/* Takes the first component off `path`. */
static rm_str take_name(rm_str *path) {
    size_t end = 0;
    while (end < path->len && !is_slash(path->ptr[end])) {
        end++;
    }
    rm_str name = rm_str_slice(*path, 0, end);
    *path = rm_str_slice(*path, end + 1, path->len);
    return name;
}

/* "**" stands for any number of components; `deep` bounds how many of them are tried. */
static bool matches(rm_str pattern, rm_str path, unsigned deep) {
    while (pattern.len > 0) {
        rm_str name = take_name(&pattern);
        if (!rm_str_eq(name, RM_STR("**"))) {
            if (path.len == 0 || !matches_name(name, take_name(&path))) {
                return false;
            }
            continue;
        }
        if (pattern.len == 0) {
            return path.len > 0;
        }
        for (; deep > 0 && path.len > 0; (void)take_name(&path)) {
            if (matches(pattern, path, deep - 1)) {
                return true;
            }
        }
        return false;
    }
    return path.len == 0;
}

bool rm_path_matches(rm_str pattern, rm_str path) {
    return matches(pattern, path, 2);
}

bool rm_path_is_pattern(rm_str path) {
    size_t at = 0;
    return rm_str_find_char(path, '*', &at) || rm_str_find_char(path, '?', &at);
}
