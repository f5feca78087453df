/* Any bytes as a weights file; what is taken of them scores within 0 and 1000. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "extract/weights.h"
#include "model/derive.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void score(const rm_weights *w) {
    static const rm_validation words[] = {RM_VALIDATION_UNVALIDATED, RM_VALIDATION_UNKNOWN,
                                          RM_VALIDATION_PARTIAL, RM_VALIDATION_VALIDATED};
    const rm_score_input in = {.disparity = rm_weight_of(w, "D", RM_STR("lpac"), 1000),
                               .reach = w->reach_held,
                               .severity = rm_severity_of(w, RM_STR("msr_write")),
                               .validations = words,
                               .validation_count = sizeof words / sizeof words[0],
                               .boundaries = 64,
                               .kernel_hop = true};
    if (rm_score(w, &in) > 1000) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    rm_arena *arena = rm_arena_new((size_t)64 << 20);
    rm_principals principals = {0};
    rm_weights weights = rm_default_weights;
    if (arena == NULL) {
        return 0;
    }
    rm_status st = rm_principals_builtin(arena, &principals);
    if (st == RM_OK) {
        st = rm_weights_read(arena, NULL, RM_STR("w.json"), (rm_str){(const char *)data, size},
                             &principals, &weights);
    }
    if (st == RM_OK) {
        score(&weights);
    }
    rm_arena_free(arena);
    return 0;
}
