/* Any bytes as an app package: refused or read in memory, never with facts from outside of it. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "archive.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    bool used = false;
    rm_model *model = rm_model_new((size_t)64 << 20);
    if (model == NULL) {
        return 0;
    }
    rm_status st =
        rm_package_read(model, NULL, RM_STR("a.msix"), (rm_str){(const char *)data, size}, &used);
    if (st == RM_OK && used && model->apps.count + model->authorizeds.count == 0) {
        abort(); /* "used" is a promise */
    }
    rm_model_free(model);
    return 0;
}
