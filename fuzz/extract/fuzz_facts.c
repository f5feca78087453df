/* Any bytes as a facts file, and what was read linked into a model. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "facts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    bool used = false;
    rm_model *model = rm_model_new((size_t)64 << 20);
    if (model == NULL) {
        return 0;
    }
    rm_status st = rm_facts_read(model, NULL, RM_STR("a.ringmap.json"),
                                 (rm_str){(const char *)data, size}, &used);
    if (st == RM_OK && used) {
        st = rm_model_link(model, NULL);
    }
    if (st == RM_SYNTAX || st == RM_USAGE) {
        abort(); /* a bad input is a diagnostic, never a status */
    }
    rm_model_free(model);
    return 0;
}
