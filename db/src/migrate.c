#include "migrate.h"

#include "db/store.h"
#include "load.h"
#include "save.h"
#include "sqlite.h"

rm_status rm_migrate(rm_arena *arena, rm_arena *why_arena, rm_str *bytes, rm_str *why) {
    const uint32_t version = rm_guard_version(*bytes);
    if (version == 0 || version >= RM_SCHEMA_VERSION) {
        return RM_OK; /* of this program, or to be refused by rm_guard_open() */
    }
    rm_model *model = rm_model_new(RM_GUARD_MAX_FILE);
    if (model == NULL) {
        return RM_NOMEM;
    }
    rm_str inner = RM_STR_NONE;
    rm_status st = rm_store_load_bytes(*bytes, model, &inner);
    if (st == RM_OK) {
        st = rm_save_bytes(arena, model, bytes, &inner);
    }
    if (st == RM_OK) {
        (void)rm_because(why_arena, RM_OK, why,
                         "it has schema %u, this program's is %u: what that did not have is empty "
                         "or unknown; scan again",
                         (unsigned)version, (unsigned)RM_SCHEMA_VERSION);
    } else if (inner.len > 0) {
        (void)rm_because(why_arena, st, why, "%.*s", RM_STR_ARG(inner));
    }
    rm_model_free(model);
    return st;
}

rm_status rm_bytes_of_model(rm_arena *arena, rm_arena *why_arena, const char *path, rm_str *bytes,
                            rm_str *why) {
    rm_status st = rm_guard_read(arena, why_arena, path, bytes, why);
    return st == RM_OK ? rm_migrate(arena, why_arena, bytes, why) : st;
}
