#include "inf/inf.h"

#include "inf/push.h"

/*
 * What one file, with those it includes, may take: lines and fields are bounded, so that only
 * texts grow with the input.
 */
static size_t room_for(const rm_inf_file *file) {
    const size_t base = (size_t)1 << 30;
    return file->text.len > (SIZE_MAX - base) / 8 ? SIZE_MAX : base + file->text.len * 8;
}

static rm_status read_file(rm_inf_push *push, rm_inf_file *files, uint32_t count, uint32_t i,
                           rm_arena *arena) {
    rm_inf_set set;
    rm_inf_package package;
    rm_status st = rm_inf_set_open(&set, arena, push->sink, files, count, i);
    if (st == RM_OK) {
        st = rm_inf_package_read(&set, &package);
    }
    if (st != RM_OK) {
        return st;
    }
    push->set = &set;
    push->package = &package;
    push->used = false;
    st = rm_inf_push_package(push);
    push->set = NULL;
    push->package = NULL;
    files[i].used = push->used;
    files[i].unusable = !push->used && set.main->refusal != RM_INF_OPENS &&
                        (set.main->refusal != RM_INF_WRONG_STYLE || set.main->distinct == 0);
    return st;
}

rm_status rm_inf_read_set(rm_model *model, rm_sink *sink, rm_inf_file *files, uint32_t count) {
    rm_inf_push push = {.model = model, .sink = sink, .built = model->drivers.count};
    push.scratch = rm_arena_new((size_t)1 << 30);
    rm_status st = push.scratch == NULL ? RM_NOMEM : RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < count; i++) {
        rm_arena *arena = rm_arena_new(room_for(&files[i]));
        st = arena == NULL ? RM_NOMEM : read_file(&push, files, count, i, arena);
        rm_arena_free(arena);
    }
    if (st == RM_OK) {
        st = rm_inf_push_finish(&push);
    }
    rm_arena_free(push.scratch);
    return st;
}

rm_status rm_inf_read(rm_model *model, rm_sink *sink, rm_str path, rm_str text, bool *used) {
    rm_inf_file file = {.path = path, .text = text};
    rm_status st = rm_inf_read_set(model, sink, &file, 1);
    if (st == RM_OK) {
        *used = file.used;
    }
    return st;
}
