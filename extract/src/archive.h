#ifndef EXTRACT_ARCHIVE_H
#define EXTRACT_ARCHIVE_H

#include "model/model.h"

/*
 * App packages as they are shipped: .appx, .msix and their bundles (ZIP). The manifests and SCCD
 * files inside are read, in memory; nothing is written, nothing else is unpacked.
 *
 * Refused whole, with an error (archive-*) at `path`: what is no ZIP, or damaged; a name that is
 * absolute, has "..", a drive or a control character, stands twice, or is another in the directory
 * than where the member's bytes are; encryption; more members or
 * more bytes, or a higher ratio, than the limits of archive/zip.h.
 */

/*
 * Reads a package or a bundle of packages and pushes what their manifests say, the same app of
 * several architectures once. Places are "path/member". RM_OK also for a refused file; *used is
 * true when a fact came of it. `bytes` is borrowed during the call.
 */
rm_status rm_package_read(rm_model *model, rm_sink *sink, rm_str path, rm_str bytes,
                          bool *used) RM_CHECK_RESULT;

/* The same of a package on disk, of which only the directory and what is wanted are read. */
rm_status rm_package_read_file(rm_model *model, rm_sink *sink, rm_str path, const char *on_disk,
                               bool *used) RM_CHECK_RESULT;

#endif
