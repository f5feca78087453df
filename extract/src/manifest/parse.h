#ifndef EXTRACT_MANIFEST_PARSE_H
#define EXTRACT_MANIFEST_PARSE_H

#include "manifest.h"
#include "xml.h"

/* Each app has each capability as a row, each capability each entity: so that rows stay few. */
enum {
    MANIFEST_MAX_APPS = 256,         /* the schema allows 100 */
    MANIFEST_MAX_CAPABILITIES = 512, /* some 300 are defined */
    MANIFEST_MAX_EXTENSIONS = 4096,
    MANIFEST_MAX_ENTRIES = 4096, /* of one extension: a viewer has some hundred file types */
    MANIFEST_MAX_ENTITIES = 4096
};

typedef struct rm_manifest_reading {
    rm_arena *arena;
    rm_sink *sink;
    rm_manifest *out;
    bool full; /* a limit was told */
} rm_manifest_reading;

rm_status rm_manifest_read_package(rm_manifest_reading *r, const rm_xml *root) RM_CHECK_RESULT;
rm_status rm_manifest_read_assembly(rm_manifest_reading *r, const rm_xml *root) RM_CHECK_RESULT;
rm_status rm_manifest_read_sccd(rm_manifest_reading *r, const rm_xml *root) RM_CHECK_RESULT;

/* A copy without what stands in foreign namespaces; NULL where the root is no manifest's. */
rm_status rm_manifest_without_foreign(rm_arena *arena, const rm_xml *root,
                                      const rm_xml **out) RM_CHECK_RESULT;

/* The attribute, trimmed; an error and false where it is missing or empty. */
bool rm_manifest_needs(rm_manifest_reading *r, const rm_xml *element, const char *attribute,
                       rm_str *out);

/* False when `count` has reached `limit`, which is told once, at the element that is too many. */
bool rm_manifest_has_room(rm_manifest_reading *r, const rm_xml *element, uint32_t count,
                          uint32_t limit);

/* The ways in that an <Extension> declares. */
rm_status rm_manifest_read_entries(rm_manifest_reading *r, const rm_xml *element,
                                   rm_manifest_extension *extension) RM_CHECK_RESULT;

/* true, True, 1: a boolean of XML Schema, as loosely as manifests write it. */
bool rm_manifest_yes(rm_str text);

/* Adds a capability element without its devices. */
rm_status rm_manifest_read_capability(rm_manifest_reading *r, const rm_xml *element,
                                      rm_manifest_capabilities *list) RM_CHECK_RESULT;

#endif
