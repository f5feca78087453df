#include "roots.h"

#include "base/platform.h"

enum { MOST_COMPONENTS = 32 };

/* The last components of a path; all of it when it has no more. */
static rm_str last_components(rm_str path, unsigned count) {
    size_t start = path.len;
    while (start > 0 && count > 0) {
        start--;
        count -= start > 0 && path.ptr[start - 1] == '/';
    }
    return rm_str_slice(path, start, path.len);
}

static bool has_name(rm_str name) {
    return name.len > 0 && !rm_str_eq(name, RM_STR(".")) && !rm_str_eq(name, RM_STR(".."));
}

/* As it was given where that is a name; else what it really is. */
static rm_str own_name(const char *path, rm_str real) {
    const rm_str name = rm_path_base(rm_str_from(path));
    return has_name(name) ? name : rm_path_base(real);
}

static bool is_one_of_several(const rm_str *names, const rm_str *real, unsigned count,
                              unsigned of) {
    for (unsigned i = 0; i < count; i++) {
        if (rm_str_eq(names[i], names[of]) && !rm_str_eq(real[i], real[of])) {
            return true;
        }
    }
    return false;
}

/* One component more for each name that two folders have; false when there was none. */
static bool lengthen(rm_str *names, const rm_str *real, unsigned count, unsigned components,
                     bool *shared) {
    bool any = false;
    for (unsigned i = 0; i < count; i++) {
        shared[i] = is_one_of_several(names, real, count, i);
        any = any || shared[i];
    }
    for (unsigned i = 0; i < count; i++) {
        names[i] = shared[i] ? last_components(real[i], components) : names[i];
    }
    return any;
}

rm_status rm_root_names(rm_arena *arena, char *const *paths, unsigned count, rm_str *names) {
    rm_str *real = RM_NEW_ARRAY(arena, rm_str, (size_t)count + 1);
    bool *shared = RM_NEW_ARRAY(arena, bool, (size_t)count + 1);
    if (real == NULL || shared == NULL) {
        return RM_NOMEM;
    }
    for (unsigned i = 0; i < count; i++) {
        rm_status st = rm_file_real(arena, paths[i], &real[i]);
        if (st != RM_OK && st != RM_IO) {
            return st;
        }
        real[i] = st == RM_OK ? real[i] : rm_str_from(paths[i]); /* is told when it is read */
        names[i] = own_name(paths[i], real[i]);
    }
    unsigned components = 2;
    while (components < MOST_COMPONENTS && lengthen(names, real, count, components, shared)) {
        components++;
    }
    return RM_OK;
}
