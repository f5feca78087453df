#ifndef EXTRACT_MANIFEST_H
#define EXTRACT_MANIFEST_H

#include "model/model.h"
#include "project.h"

/*
 * What apps declare: package manifests (AppxManifest.xml, *.appxmanifest), manifests of Windows
 * programs (*.manifest), and SCCD files. Sources: the package manifest schema reference,
 * "Application manifests", "Hardware support app".
 *
 * Nothing is fetched, no entity expanded, a DOCTYPE refused (xml.h). Everything lives in the arena.
 */

typedef enum rm_manifest_kind {
    RM_MANIFEST_OTHER,   /* none of ours: a bundle, a ClickOnce deployment, instrumentation */
    RM_MANIFEST_PACKAGE, /* <Package> */
    RM_MANIFEST_PROGRAM, /* <assembly> */
    RM_MANIFEST_SCCD     /* <CustomCapabilityDescriptor> */
} rm_manifest_kind;

/* A device of a <DeviceCapability>: Id and the functions that are asked for. */
typedef struct rm_manifest_device {
    rm_str id;        /* any, vidpid:xxxx xxxx, model:… */
    rm_str functions; /* Type attributes, joined by "; " */
    rm_loc loc;
} rm_manifest_device;

RM_LIST(rm_manifest_devices, rm_manifest_device);

typedef struct rm_manifest_capability {
    rm_str element; /* Capability, DeviceCapability, CustomCapability */
    rm_str ns;
    rm_str name;
    rm_capability_kind kind;
    rm_manifest_devices devices;
    rm_loc loc;
} rm_manifest_capability;

RM_LIST(rm_manifest_capabilities, rm_manifest_capability);

typedef struct rm_manifest_app {
    rm_str id, executable, entry_point, start_page;
    rm_str host_id;                       /* it runs in this host runtime of another package */
    rm_str runtime_behavior, trust_level; /* as written */
    rm_loc loc;
} rm_manifest_app;

RM_LIST(rm_manifest_apps, rm_manifest_app);

/* A way in that an extension declares. */
typedef struct rm_manifest_entry {
    rm_str name;
    rm_str server;  /* of a COM class: the program that serves it, where it is one */
    rm_str service; /* or the service */
    rm_str library; /* or the library, in a surrogate's process */
    rm_loc loc;
} rm_manifest_entry;

RM_LIST(rm_manifest_entries, rm_manifest_entry);

typedef struct rm_manifest_extension {
    uint32_t app; /* RM_NONE: of the package */
    rm_str ns, category, executable, entry_point;
    rm_str runtime_behavior, trust_level;
    rm_str service, start_account, startup_type; /* of a packaged service */
    rm_str server;                               /* executable of a COM server */
    rm_manifest_entries entries;
    rm_loc loc;
} rm_manifest_extension;

RM_LIST(rm_manifest_extensions, rm_manifest_extension);

typedef struct rm_manifest_family {
    rm_str name, min_version, max_version_tested;
} rm_manifest_family;

RM_LIST(rm_manifest_families, rm_manifest_family);

/* A <requestedExecutionLevel>. */
typedef struct rm_manifest_level {
    rm_str level, ui_access, ns;
    rm_loc loc;
} rm_manifest_level;

RM_LIST(rm_manifest_levels, rm_manifest_level);

/* One who may use a custom capability; the family name is empty for AllowAny. */
typedef struct rm_manifest_entity {
    bool allow_any;
    rm_str family_name, certificate_hash;
    rm_loc loc;
} rm_manifest_entity;

RM_LIST(rm_manifest_entities, rm_manifest_entity);

typedef struct rm_manifest {
    rm_manifest_kind kind;
    rm_loc loc;
    /* a package; a program with <msix> belongs to that package */
    rm_str name, publisher, version, architecture;
    rm_str application; /* of <msix> */
    rm_manifest_capabilities capabilities;
    rm_manifest_apps apps;
    rm_manifest_extensions extensions;
    rm_manifest_families families;
    /* a program */
    rm_str assembly; /* assemblyIdentity's name */
    rm_manifest_levels levels;
    bool auto_elevate;
    bool describes_files; /* a component, not a program */
    /* an SCCD */
    rm_manifest_entities entities;
    rm_manifest_capabilities custom;
    bool developer_mode;
    bool unsigned_catalog; /* SCCD: its Catalog is the placeholder that tools write */
} rm_manifest;

/*
 * Takes a manifest apart. RM_SYNTAX with an error in `sink` for what is no XML that can be trusted;
 * elements without what they need are errors there too (manifest-*) and are left out.
 */
rm_status rm_manifest_parse(rm_arena *arena, rm_sink *sink, rm_str path, rm_str bytes,
                            rm_manifest *out) RM_CHECK_RESULT;

/* The word of v_app_entry.kind for a category; "other" for one without. */
const char *rm_manifest_entry_kind(rm_str category);

/* What code runs as: principals of the contract, "appContainer" or "mediumIL". */
typedef struct rm_trust {
    const char *principal;
    const char *level;
    rm_state state; /* derived where the manifest leaves it to the build */
} rm_trust;

rm_trust rm_manifest_trust(const rm_manifest *manifest, const rm_manifest_app *app);

/* Was the capability declared? */
bool rm_manifest_has(const rm_manifest *manifest, const char *capability);

/*
 * Reads a manifest and pushes what it says to `model`: apps with principal, family name and SIDs;
 * capabilities; services; who is authorised. `program` is the file name of the program that the
 * manifest is built into, empty where no project says so. *used is true when a fact came of it.
 * RM_OK also for a file of which nothing could be used.
 */
rm_status rm_manifest_read(rm_model *model, rm_sink *sink, rm_str path, rm_str bytes,
                           rm_str program, bool *used) RM_CHECK_RESULT;

/*
 * Reads the manifests that are resources of a program file; places are "path/RT_MANIFEST". A
 * library's makes a row only where it asks for a level.
 */
rm_status rm_manifest_binary(rm_model *model, rm_sink *sink, rm_str path, rm_str bytes,
                             bool *used) RM_CHECK_RESULT;

/*
 * The same for a program within a package, `bytes`, that is the application of row `app`: its
 * execution level is that row's, which runs elevated where it asks for it.
 */
rm_status rm_manifest_packaged(rm_model *model, rm_sink *sink, rm_str path, rm_str bytes,
                               uint32_t app) RM_CHECK_RESULT;

/* The program that a project builds with this manifest in it: "Tool.exe", in `arena`. */
rm_status rm_manifest_program(rm_arena *arena, const rm_projects *projects, rm_str path,
                              rm_str *out) RM_CHECK_RESULT;

/*
 * Adds to the project's manifests those that its resource script `path` names, or holds as strings
 * between BEGIN and END. `path` is borrowed; what is made lives in `arena`.
 */
rm_status rm_manifest_resources(rm_arena *arena, rm_str path, rm_str text,
                                rm_project *project) RM_CHECK_RESULT;

/*
 * A program whose manifest stands in its resource script, or whose execution level in its project
 * or in a #pragma of its sources.
 */
rm_status rm_manifest_project(rm_model *model, rm_sink *sink,
                              const rm_project *project) RM_CHECK_RESULT;

/* ---- the same app of several packages: a bundle has one for each processor ---- */

typedef struct rm_manifest_mark {
    uint32_t apps, capabilities, entries, services, authorizeds;
} rm_manifest_mark;

/* How much the model holds now. */
rm_manifest_mark rm_manifest_mark_of(const rm_model *model);

/*
 * Makes one of those apps, capabilities, entries and services that came since `mark` and are alike.
 * `scratch` is for the time of the call.
 */
rm_status rm_manifest_merge(rm_model *model, rm_arena *scratch,
                            const rm_manifest_mark *mark) RM_CHECK_RESULT;

/* ---- capabilities, also for facts files ---- */

/* The kind that a capability of that name has. */
rm_capability_kind rm_capability_kind_of(rm_str name);

/* Its SID as text; empty for a device capability without a GUID, whose SID is not documented. */
rm_status rm_capability_sid(rm_arena *arena, rm_str name, rm_capability_kind kind,
                            rm_str *out) RM_CHECK_RESULT;

/* Pushes an app, once for each principal that its execution level stands for. */
rm_status rm_manifest_push_program(rm_model *model, rm_app app) RM_CHECK_RESULT;

#endif
