#ifndef EXTRACT_MANIFEST_PUSH_H
#define EXTRACT_MANIFEST_PUSH_H

#include "manifest.h"

/* From what a manifest says to facts; the manifest lives in the model's arena. */
rm_status rm_manifest_push_package(rm_model *model, const rm_manifest *manifest,
                                   bool *used) RM_CHECK_RESULT;
rm_status rm_manifest_push_sccd(rm_model *model, const rm_manifest *manifest,
                                bool *used) RM_CHECK_RESULT;

/* An extension: a row of apps where it runs as somebody else, and its service. */
rm_status rm_manifest_push_process(rm_model *model, const rm_manifest *manifest,
                                   const rm_manifest_extension *extension, rm_app common,
                                   uint32_t first) RM_CHECK_RESULT;

/* Its entries, each at the row whose process takes it, when all rows are there. */
rm_status rm_manifest_push_entries(rm_model *model, const rm_manifest *manifest,
                                   const rm_manifest_extension *extension, rm_app common,
                                   uint32_t first) RM_CHECK_RESULT;

rm_status rm_manifest_add_app(rm_model *model, rm_app app) RM_CHECK_RESULT;
void rm_manifest_set_trust(rm_app *app, rm_trust trust);

/* What an extension's own process runs as; false where it runs within the app's. */
bool rm_manifest_extension_trust(const rm_manifest_extension *extension, rm_trust *out);

#endif
