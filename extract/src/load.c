#include "load.h"

#include <string.h>

#include "base/hash.h"
#include "base/parallel.h"
#include "held.h"
#include "source/limits.h"

#define MEMORY ((size_t)4 << 30) /* of one thread */

typedef struct loading {
    const rm_input_files *files;
    rm_loads *loads;
    rm_held *held; /* per file */
    rm_sink *sink;
} loading;

static bool is_source(const rm_input_file *file) {
    return (file->kind == RM_ARTIFACT_SOURCE || file->kind == RM_ARTIFACT_HEADER) &&
           !rm_is_csharp(file->path);
}

static bool is_text(rm_artifact_kind kind) {
    return kind == RM_ARTIFACT_SOURCE || kind == RM_ARTIFACT_HEADER || kind == RM_ARTIFACT_INF ||
           kind == RM_ARTIFACT_SDDL || kind == RM_ARTIFACT_FACTS || kind == RM_ARTIFACT_PROJECT;
}

static rm_status scan(rm_arena *arena, rm_sink *sink, rm_str path, rm_loaded *file) {
    if (file->text.len > RM_MAX_SOURCE_BYTES) {
        rm_diag(sink, RM_ERROR, (rm_loc){path, 0, 0}, "source-too-large",
                "larger than %zu bytes: not read", RM_MAX_SOURCE_BYTES);
        file->text = RM_STR_NONE;
        file->unusable = true;
    }
    return rm_scan_file(arena, file->text, file->in_set, &file->scan);
}

static rm_status load(void *payload, unsigned worker, uint32_t index) {
    loading *l = payload;
    const rm_input_file *file = &l->files->at[index];
    rm_loaded *out = &l->loads->at[index];
    rm_arena *arena = l->loads->arenas[worker];
    rm_held *held = &l->held[index];
    rm_held_init(held, arena);
    if (file->on_disk.len > 0) {
        memcpy(out->digest, file->digest, sizeof out->digest);
        out->encoding = RM_ENC_BINARY;
        return RM_OK;
    }
    rm_sha256(file->bytes, out->digest);
    if (!is_text(file->kind)) {
        out->encoding = rm_text_encoding(file->bytes);
        return RM_OK;
    }
    rm_status st =
        rm_text_decode(arena, &held->sink, file->path, file->bytes, &out->encoding, &out->text);
    return st == RM_OK && is_source(file) ? scan(arena, &held->sink, file->path, out) : st;
}

static rm_status report(void *payload, uint32_t index) {
    loading *l = payload;
    rm_held_release(&l->held[index], l->sink);
    return RM_OK;
}

static rm_status make_room(rm_arena *arena, unsigned jobs, loading *l) {
    uint32_t count = l->files->count;
    l->loads->at = RM_NEW_ARRAY(arena, rm_loaded, (size_t)count + 1);
    l->held = RM_NEW_ARRAY(arena, rm_held, (size_t)count + 1);
    l->loads->arenas = RM_NEW_ARRAY(arena, rm_arena *, jobs);
    if (l->loads->at == NULL || l->held == NULL || l->loads->arenas == NULL) {
        return RM_NOMEM;
    }
    uint32_t sources = 0;
    for (uint32_t i = 0; i < count; i++) {
        l->loads->at[i].in_set = is_source(&l->files->at[i]) ? sources++ : RM_NONE;
    }
    for (; l->loads->arena_count < jobs; l->loads->arena_count++) {
        rm_arena *one = rm_arena_new(MEMORY);
        if (one == NULL) {
            return RM_NOMEM;
        }
        l->loads->arenas[l->loads->arena_count] = one;
    }
    return RM_OK;
}

rm_status rm_load_files(rm_arena *arena, const rm_input_files *files, rm_sink *sink, unsigned jobs,
                        rm_loads *out) {
    *out = (rm_loads){0};
    jobs = jobs == 0 ? 1 : jobs > RM_MAX_JOBS ? RM_MAX_JOBS : jobs;
    loading l = {.files = files, .loads = out, .sink = sink};
    rm_status st = make_room(arena, jobs, &l);
    if (st != RM_OK) {
        return st;
    }
    rm_row row = {.count = files->count, .payload = &l, .make = load, .take = report};
    return rm_row_work(&row, jobs);
}

void rm_loads_done(rm_loads *loads) {
    for (unsigned i = 0; i < loads->arena_count; i++) {
        rm_arena_free(loads->arenas[i]);
    }
    *loads = (rm_loads){0};
}
