/*
 * Loading a model that was tampered with. A file of pages and pages of which most are empty is a
 * poor thing to mutate, so the input is a list of changes to a valid model instead: four bytes
 * each, page, place in the page (two bytes), new value. An odd length cuts the file. What loads is
 * merged with itself.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "db/merge.h"
#include "load.h"
#include "valid_model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PAGE = 4096 };

static void tamper(uint8_t *bytes, size_t length, const uint8_t *data, size_t size) {
    for (size_t i = 0; i + 4 <= size; i += 4) {
        const size_t page = data[i] % (length / PAGE);
        const size_t at = ((size_t)data[i + 1] << 8 | data[i + 2]) % PAGE;
        bytes[page * PAGE + at] = data[i + 3];
    }
}

static void merge_twice(const rm_model *model) {
    const rm_model *const both[] = {model, model};
    uint32_t which = 0;
    rm_model *whole = rm_model_new(MODEL_MEMORY);
    if (whole == NULL) {
        abort();
    }
    if (rm_merge(whole, NULL, both, 2, &which) == RM_OK && rm_model_keep_read(whole) == RM_OK &&
        rm_model_link(whole, NULL) != RM_OK) {
        abort();
    }
    rm_model_free(whole);
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
    /* Any answer will do; coming back is the test. */
    if (rm_store_load_bytes((rm_str){(const char *)bytes, length}, model, &why) == RM_OK) {
        merge_twice(model);
    }
    rm_model_free(model);
    free(bytes);
    return 0;
}
