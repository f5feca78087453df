#include "graph.h"

#include <string.h>

#include "base/list.h"
#include "base/map.h"

RM_LIST(name_list, char *);

/* One text being read: the discipline, as cgraph hands it back, and what its functions need. */
typedef struct reading {
    Agdisc_t disc; /* first: cgraph knows a reading by this address */
    rm_arena *arena;
    rm_map numbers; /* name -> place in `names` */
    name_list names;
    IDTYPE anonymous;
    rm_str rest; /* of the text */
} reading;

/* ---- numbers: even ones for names, in the order in which they come; odd ones for the rest ---- */

static void *open_ids(Agraph_t *graph, Agdisc_t *disc) {
    (void)graph;
    return disc;
}

static bool number_of(reading *r, char *name, bool create, uint32_t *number) {
    uint32_t *place = NULL;
    bool is_new = false;
    if (!create) {
        return rm_map_get(&r->numbers, rm_str_from(name), number);
    }
    if (rm_map_get(&r->numbers, rm_str_from(name), number)) {
        return true;
    }
    char *kept = rm_str_dup(r->arena, rm_str_from(name));
    char **slot = kept == NULL ? NULL : rm_push(r->arena, &r->names);
    if (slot == NULL || rm_map_at(&r->numbers, rm_str_from(kept), &place, &is_new) != RM_OK) {
        return false;
    }
    *slot = kept;
    *number = *place = r->names.count - 1;
    return true;
}

static long map_id(void *state, int type, char *name, IDTYPE *id, int create) {
    reading *r = state;
    uint32_t number = 0;
    (void)type;
    if (name == NULL) {
        *id = r->anonymous;
        r->anonymous += 2;
        return 1;
    }
    if (!number_of(r, name, create != 0, &number)) {
        return 0;
    }
    *id = ((IDTYPE)number + 1) * 2;
    return 1;
}

static long allocate_id(void *state, int type, IDTYPE id) {
    (void)state;
    (void)type;
    (void)id;
    return 0;
}

static void free_id(void *state, int type, IDTYPE id) {
    (void)state;
    (void)type;
    (void)id;
}

static char *name_of_id(void *state, int type, IDTYPE id) {
    const reading *r = state;
    (void)type;
    return id % 2 == 0 && id / 2 <= r->names.count ? r->names.at[id / 2 - 1] : NULL;
}

static void close_ids(void *state) {
    (void)state;
}

static void register_id(void *state, int type, void *object) {
    (void)state;
    (void)type;
    (void)object;
}

/* ---- the text ---- */

static int read_text(void *channel, char *buffer, int size) {
    reading *r = channel;
    size_t length = r->rest.len < (size_t)size ? r->rest.len : (size_t)size;
    if (length > 0) {
        memcpy(buffer, r->rest.ptr, length);
        r->rest = rm_str_slice(r->rest, length, r->rest.len);
    }
    return (int)length;
}

static int put_nothing(void *channel, const char *text) {
    (void)channel;
    (void)text;
    return 0;
}

static int flush_nothing(void *channel) {
    (void)channel;
    return 0;
}

Agraph_t *rm_graph_read(rm_arena *arena, rm_str dot) {
    reading *r = RM_NEW(arena, reading);
    Agiddisc_t *ids = RM_NEW(arena, Agiddisc_t);
    Agiodisc_t *io = RM_NEW(arena, Agiodisc_t);
    if (r == NULL || ids == NULL || io == NULL) {
        return NULL;
    }
    *ids = (Agiddisc_t){open_ids, map_id, allocate_id, free_id, name_of_id, close_ids, register_id};
    *io = (Agiodisc_t){read_text, put_nothing, flush_nothing};
    *r = (reading){.disc = {.mem = &AgMemDisc, .id = ids, .io = io},
                   .arena = arena,
                   .numbers = {.arena = arena},
                   .anonymous = 1,
                   .rest = dot};
    return agread(r, &r->disc);
}
