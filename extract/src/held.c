#include "held.h"

static void hold(void *payload, rm_level level, rm_loc loc, const char *id, rm_str text) {
    rm_held *held = payload;
    rm_held_diagnostic d = {.level = level, .place = loc, .id = id};
    rm_held_diagnostic *slot = NULL;
    if (rm_str_copy(held->arena, loc.file, &d.place.file) == RM_OK &&
        rm_str_copy(held->arena, text, &d.text) == RM_OK) {
        slot = rm_push(held->arena, &held->list);
    }
    if (slot != NULL) {
        *slot = d;
    }
}

void rm_held_init(rm_held *held, rm_arena *arena) {
    *held = (rm_held){.sink = {.emit = hold, .payload = held}, .arena = arena};
}

void rm_held_release(const rm_held *held, rm_sink *sink) {
    for (uint32_t i = 0; i < held->list.count; i++) {
        const rm_held_diagnostic *d = &held->list.at[i];
        rm_diag(sink, d->level, d->place, d->id, "%.*s", RM_STR_ARG(d->text));
    }
}
