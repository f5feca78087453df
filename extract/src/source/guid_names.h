#ifndef EXTRACT_SOURCE_GUID_NAMES_H
#define EXTRACT_SOURCE_GUID_NAMES_H

#include "base/map.h"
#include "source/set.h"

/* The GUIDs that a program's files give names: DEFINE_GUID(NAME, …), GUID NAME = {…}. */
typedef struct rm_guid_names {
    rm_map names; /* to `texts` */
    rm_guid_texts texts;
} rm_guid_names;

rm_status rm_guid_names_collect(rm_arena *arena, const rm_source_set *set,
                                const rm_file_bits *files, rm_guid_names *out) RM_CHECK_RESULT;

bool rm_guid_names_find(const rm_guid_names *names, rm_str name, uint32_t *index);

/* {guid} in lower case; empty where its numbers are none. */
rm_status rm_guid_names_text(const rm_guid_names *names, rm_arena *arena, uint32_t index,
                             rm_str *out) RM_CHECK_RESULT;

/* The same by name, also of the classes of public headers; *known is false for other names. */
rm_status rm_guid_names_get(const rm_guid_names *names, rm_arena *arena, rm_str name, rm_str *out,
                            bool *known) RM_CHECK_RESULT;

/* GUID, CLSID, IID, guid */
bool rm_guid_names_is_type(rm_str word);

#endif
