#include "source/set.h"

#include <string.h>

#include "source/kit.h"
#include "source/limits.h"

rm_status rm_set_add_scanned(rm_source_set *set, rm_str path, rm_str text, bool is_header,
                             const rm_scan *scan) {
    rm_set_file *file = rm_push(set->arena, &set->files);
    if (file == NULL) {
        return RM_NOMEM;
    }
    bool is_c = rm_str_iends(path, RM_STR(".c"));
    *file = (rm_set_file){
        .path = path, .text = text, .scan = *scan, .is_header = is_header, .is_cpp = !is_c};
    return RM_OK;
}

rm_status rm_set_add(rm_source_set *set, rm_str path, rm_str text, bool is_header,
                     uint32_t *index) {
    rm_scan scan;
    rm_status st = rm_scan_file(set->arena, text, set->files.count, &scan);
    if (st == RM_OK) {
        st = rm_set_add_scanned(set, path, text, is_header, &scan);
    }
    if (st == RM_OK) {
        *index = set->files.count - 1;
    }
    return st;
}

/* ---- which file an #include means ---- */

static bool is_slash(char c) {
    return c == '/' || c == '\\';
}

/* Paths as equal, case ignored, either slash. */
static bool same_path(rm_str a, rm_str b) {
    if (a.len != b.len) {
        return false;
    }
    for (size_t i = 0; i < a.len; i++) {
        bool slashes = is_slash(a.ptr[i]) && is_slash(b.ptr[i]);
        if (!slashes && !rm_str_ieq(rm_str_slice(a, i, i + 1), rm_str_slice(b, i, i + 1))) {
            return false;
        }
    }
    return true;
}

/* Takes leading "./" and "../" off a name. */
static rm_str without_dots(rm_str name) {
    for (;;) {
        if (name.len >= 2 && name.ptr[0] == '.' && is_slash(name.ptr[1])) {
            name = rm_str_slice(name, 2, name.len);
        } else if (name.len >= 3 && name.ptr[0] == '.' && name.ptr[1] == '.' &&
                   is_slash(name.ptr[2])) {
            name = rm_str_slice(name, 3, name.len);
        } else {
            return name;
        }
    }
}

static bool ends_with_path(rm_str path, rm_str name) {
    if (path.len < name.len) {
        return false;
    }
    size_t at = path.len - name.len;
    return same_path(rm_str_slice(path, at, path.len), name) &&
           (at == 0 || is_slash(path.ptr[at - 1]));
}

/* The folder that `name`, with its dots, starts from: one level up for each "../". */
static bool climb(rm_str folder, rm_str name, rm_str *out) {
    while (name.len >= 2 && name.ptr[0] == '.') {
        if (is_slash(name.ptr[1])) {
            name = rm_str_slice(name, 2, name.len);
        } else if (name.len >= 3 && name.ptr[1] == '.' && is_slash(name.ptr[2])) {
            if (folder.len == 0) {
                return false;
            }
            folder = rm_path_dir(folder);
            name = rm_str_slice(name, 3, name.len);
        } else {
            break;
        }
    }
    *out = folder;
    return true;
}

/* How many leading folders two paths share. */
static unsigned shared_folders(rm_str a, rm_str b) {
    unsigned shared = 0;
    for (size_t i = 0; i < a.len && i < b.len; i++) {
        if (a.ptr[i] != b.ptr[i]) {
            break;
        }
        shared += is_slash(a.ptr[i]);
    }
    return shared;
}

/* Files of the set by base name: chains of indices. */
typedef struct name_index {
    uint32_t *heads;
    uint32_t *next;
    uint32_t mask;
} name_index;

static rm_status index_names(rm_source_set *set, name_index *index) {
    uint32_t size = 64;
    while (size < set->files.count * 2) {
        size *= 2;
    }
    index->heads = RM_NEW_ARRAY(set->arena, uint32_t, size);
    index->next = RM_NEW_ARRAY(set->arena, uint32_t, set->files.count + 1);
    if (index->heads == NULL || index->next == NULL) {
        return RM_NOMEM;
    }
    index->mask = size - 1;
    memset(index->heads, 0xFF, size * sizeof *index->heads);
    for (uint32_t i = set->files.count; i-- > 0;) {
        uint64_t hash = rm_str_ihash(rm_path_base(set->files.at[i].path));
        uint32_t *head = &index->heads[hash & index->mask];
        index->next[i] = *head;
        *head = i;
    }
    return RM_OK;
}

/*
 * The file that is meant: one at exactly the place that the name says, from the including file's
 * folder or a folder above it; else, among those whose path ends so, the nearest.
 */
static uint32_t resolve(const rm_source_set *set, const name_index *index, rm_str from,
                        rm_str name) {
    rm_str tail = without_dots(name);
    rm_str folder = rm_path_dir(from);
    rm_str start = RM_STR_NONE;
    bool inside = climb(folder, name, &start);
    uint32_t best = RM_NONE;
    unsigned best_score = 0;
    uint64_t hash = rm_str_ihash(rm_path_base(tail));
    for (uint32_t i = index->heads[hash & index->mask]; i != RM_NONE; i = index->next[i]) {
        rm_str path = set->files.at[i].path;
        if (!ends_with_path(path, tail) || rm_str_eq(path, from)) {
            continue;
        }
        rm_str rest = rm_str_slice(path, 0, path.len - tail.len);
        bool exact =
            inside && (rest.len == 0 ? start.len == 0
                                     : same_path(rm_str_slice(rest, 0, rest.len - 1), start));
        unsigned score = exact ? UINT32_MAX : 1 + shared_folders(path, from);
        if (score > best_score) {
            best = i;
            best_score = score;
        }
    }
    return best;
}

static rm_status resolve_includes(rm_source_set *set) {
    name_index index;
    rm_status st = index_names(set, &index);
    for (uint32_t i = 0; st == RM_OK && i < set->files.count; i++) {
        rm_set_file *file = &set->files.at[i];
        uint32_t count = file->scan.includes.count;
        file->includes = RM_NEW_ARRAY(set->arena, uint32_t, count + 1);
        if (file->includes == NULL) {
            return RM_NOMEM;
        }
        for (uint32_t k = 0; k < count; k++) {
            file->includes[k] = resolve(set, &index, file->path, file->scan.includes.at[k].name);
        }
    }
    return st;
}

/* ---- where a name is defined ---- */

static void chain(rm_source_set *set, uint32_t macro) {
    rm_macro *added = &set->all.at[macro];
    uint32_t *slot = &set->buckets[rm_str_hash(added->name) & set->bucket_mask];
    while (*slot != RM_NONE && !rm_str_eq(set->all.at[*slot].name, added->name)) {
        slot = &set->buckets[(uint32_t)(slot - set->buckets + 1) & set->bucket_mask];
    }
    added->next = *slot;
    *slot = macro;
}

static rm_status make_buckets(rm_source_set *set) {
    uint32_t size = 1024;
    while (size < set->all.count * 2) {
        size *= 2;
    }
    set->buckets = RM_NEW_ARRAY(set->arena, uint32_t, size);
    if (set->buckets == NULL) {
        return RM_NOMEM;
    }
    memset(set->buckets, 0xFF, size * sizeof *set->buckets);
    set->bucket_mask = size - 1;
    return RM_OK;
}

static rm_status gather(rm_source_set *set) {
    rm_status st = rm_kit_macros(set->arena, &set->all);
    if (st != RM_OK) {
        return st;
    }
    uint32_t total = set->all.count;
    for (uint32_t i = 0; i < set->files.count; i++) {
        total += set->files.at[i].scan.macros.count;
    }
    rm_macro *all = RM_NEW_ARRAY(set->arena, rm_macro, total);
    if (all == NULL) {
        return RM_NOMEM;
    }
    memcpy(all, set->all.at, set->all.count * sizeof *all);
    uint32_t used = set->all.count;
    for (uint32_t i = 0; i < set->files.count; i++) {
        const rm_macro_list *list = &set->files.at[i].scan.macros;
        if (list->count > 0) {
            memcpy(all + used, list->at, list->count * sizeof *all);
            used += list->count;
        }
    }
    set->all = (rm_macro_list){all, total, total};
    return RM_OK;
}

rm_status rm_set_join(rm_source_set *set) {
    rm_status st = resolve_includes(set);
    if (st == RM_OK) {
        st = gather(set);
    }
    if (st == RM_OK) {
        st = make_buckets(set);
    }
    for (uint32_t i = set->all.count; st == RM_OK && i-- > 0;) {
        chain(set, i);
    }
    return st;
}

uint32_t rm_set_first(const rm_source_set *set, rm_str name) {
    return rm_set_first_of_hash(set, name, rm_str_hash(name));
}

uint32_t rm_set_first_of_hash(const rm_source_set *set, rm_str name, uint64_t hash) {
    uint32_t slot = (uint32_t)hash & set->bucket_mask;
    while (set->buckets[slot] != RM_NONE) {
        if (rm_str_eq(set->all.at[set->buckets[slot]].name, name)) {
            return set->buckets[slot];
        }
        slot = (slot + 1) & set->bucket_mask;
    }
    return RM_NONE;
}

/* ---- sets of files ---- */

rm_status rm_bits_new(rm_arena *arena, uint32_t files, rm_file_bits *out) {
    uint64_t *words = RM_NEW_ARRAY(arena, uint64_t, files / 64 + 1);
    if (words == NULL) {
        return RM_NOMEM;
    }
    *out = (rm_file_bits){words, files};
    return RM_OK;
}

bool rm_bits_has(const rm_file_bits *bits, uint32_t file) {
    return file < bits->count && (bits->words[file / 64] >> (file % 64) & 1) != 0;
}

void rm_bits_add(rm_file_bits *bits, uint32_t file) {
    if (file < bits->count) {
        bits->words[file / 64] |= (uint64_t)1 << (file % 64);
    }
}

static void close_over(const rm_source_set *set, uint32_t file, unsigned depth,
                       rm_file_bits *bits) {
    if (file == RM_NONE || depth > RM_MAX_INCLUDE_DEPTH || rm_bits_has(bits, file)) {
        return;
    }
    rm_bits_add(bits, file);
    const rm_set_file *f = &set->files.at[file];
    for (uint32_t i = 0; f->includes != NULL && i < f->scan.includes.count; i++) {
        close_over(set, f->includes[i], depth + 1, bits);
    }
}

void rm_set_closure(const rm_source_set *set, uint32_t file, rm_file_bits *bits) {
    close_over(set, file, 0, bits);
}
