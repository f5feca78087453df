/*
 * Loading a model that was tampered with. A file of pages and pages of which most are empty is a
 * poor thing to mutate, so the input is a list of changes to a valid model instead: four bytes
 * each, page, place in the page (two bytes), new value. An odd length cuts the file.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/platform.h"
#include "db/store.h"
#include "load.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PAGE = 4096, MODEL_MEMORY = 64 << 20 };

static void add_facts(rm_model *m) {
    rm_place at = {RM_STR("driver.c"), 3, 7};
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

/* A saved model; it is made once and kept. */
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
    if (rm_store_save(model, path, &why) != RM_OK ||
        rm_file_read(arena, path, MODEL_MEMORY, &bytes) != RM_OK) {
        abort();
    }
    (void)unlink(path);
    (void)rmdir(folder);
    rm_model_free(model);
    return bytes;
}

static void tamper(uint8_t *bytes, size_t length, const uint8_t *data, size_t size) {
    for (size_t i = 0; i + 4 <= size; i += 4) {
        const size_t page = data[i] % (length / PAGE);
        const size_t at = ((size_t)data[i + 1] << 8 | data[i + 2]) % PAGE;
        bytes[page * PAGE + at] = data[i + 3];
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static rm_arena *kept;
    static rm_str valid;
    if (kept == NULL) {
        kept = rm_arena_new(MODEL_MEMORY);
        valid = valid_model(kept);
    }
    uint8_t *bytes = malloc(valid.len);
    rm_model *model = rm_model_new(MODEL_MEMORY);
    if (bytes == NULL || model == NULL) {
        abort();
    }
    memcpy(bytes, valid.ptr, valid.len);
    tamper(bytes, valid.len, data, size);
    const size_t length = size % 2 == 1 ? valid.len * data[size - 1] / 256 : valid.len;
    rm_str why = RM_STR_NONE;
    const rm_status st = rm_store_load_bytes((rm_str){(const char *)bytes, length}, model, &why);
    (void)st; /* any answer will do; coming back is the test */
    rm_model_free(model);
    free(bytes);
    return 0;
}
