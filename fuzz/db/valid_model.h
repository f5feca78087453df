#ifndef FUZZ_DB_VALID_MODEL_H
#define FUZZ_DB_VALID_MODEL_H

/* A small saved model, for the fuzz targets of this folder. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/platform.h"
#include "db/store.h"

enum { MODEL_MEMORY = 64 << 20 };

static void add_facts(rm_model *m) {
    rm_place at = {RM_STR("driver.c"), 3, 7};
    *rm_push(m->arena, &m->artifacts) =
        (rm_artifact){.path = RM_STR("driver.c"), .sha256 = RM_STR("00"), .used = true};
    for (uint32_t i = 0; i < 12; i++) {
        *rm_push(m->arena, &m->drivers) =
            (rm_driver){.id = RM_STR("drv"), .name = RM_STR("Driver"), .place = at};
        *rm_push(m->arena, &m->devices) =
            (rm_device){.id = RM_STR("dev"), .driver = i, .descriptor = RM_NONE, .place = at};
        *rm_push(m->arena, &m->accesses) = (rm_access){.subject = i, .principal = RM_STR("system")};
        rm_path *path = rm_push(m->arena, &m->paths);
        *path = (rm_path){.id = RM_STR("path"),
                          .app = RM_NONE,
                          .door = RM_NONE,
                          .device = i,
                          .entry = RM_NONE,
                          .sink = RM_NONE};
        *rm_push(m->arena, &path->steps) = (rm_step){.text = RM_STR("opens"), .place = at};
    }
}

/* Its bytes, in `arena`. */
static rm_str valid_model(rm_arena *arena) {
    char folder[] = "/tmp/ringmap-fuzz-XXXXXX";
    char path[64];
    rm_str bytes = RM_STR_NONE;
    rm_str why = RM_STR_NONE;
    rm_model *model = rm_model_new(MODEL_MEMORY);
    if (model == NULL || mkdtemp(folder) == NULL) {
        abort();
    }
    (void)snprintf(path, sizeof path, "%s/m.db", folder);
    add_facts(model);
    if (rm_model_keep_read(model) != RM_OK || rm_store_save(model, path, &why) != RM_OK ||
        rm_file_read(arena, path, MODEL_MEMORY, &bytes) != RM_OK) {
        abort();
    }
    (void)unlink(path);
    (void)rmdir(folder);
    rm_model_free(model);
    return bytes;
}

#endif
