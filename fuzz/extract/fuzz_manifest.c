/* Any bytes as a manifest: package, program or SCCD; what comes of it is facts or a diagnostic. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    bool used = false;
    rm_model *model = rm_model_new((size_t)64 << 20);
    if (model == NULL) {
        return 0;
    }
    rm_status st = rm_manifest_read(model, NULL, RM_STR("AppxManifest.xml"),
                                    (rm_str){(const char *)data, size}, RM_STR_NONE, &used);
    if (st == RM_OK && used && model->apps.count + model->authorizeds.count == 0) {
        abort(); /* "used" is a promise */
    }
    rm_model_free(model);
    return 0;
}
