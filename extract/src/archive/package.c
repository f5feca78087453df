#include "archive.h"

#include "archive/zip.h"
#include "base/list.h"
#include "manifest.h"
#include "xml.h"

/* What a bundle leads to: packages, which are not opened a second time. */

typedef struct opening {
    rm_model *model;
    rm_sink *sink;
    rm_str path;
    rm_arena *arena; /* for the time of the reading */
    bool used;
} opening;

static const size_t arena_limit = (size_t)2 << 30;

static rm_status read_member(opening *o, rm_zip *zip, uint32_t member) {
    rm_str path = RM_STR_NONE;
    rm_str bytes = RM_STR_NONE;
    bool used = false;
    rm_status st = rm_str_printf(o->model->arena, &path, "%.*s/%.*s", RM_STR_ARG(o->path),
                                 RM_STR_ARG(rm_zip_name(zip, member)));
    if (st == RM_OK) {
        st = rm_zip_read(zip, o->arena, member, ZIP_MAX_TEXT, &bytes);
    }
    if (st == RM_OK) {
        st = rm_manifest_read(o->model, o->sink, path, bytes, RM_STR_NONE, &used);
    }
    o->used = o->used || used;
    return st == RM_SYNTAX ? RM_OK : st;
}

/* ---- the programs of a package, for the level in their resources ---- */

static rm_status read_program(opening *o, rm_zip *zip, rm_str executable, uint32_t app) {
    rm_buf name = {.arena = o->arena};
    rm_str path = RM_STR_NONE;
    rm_str bytes = RM_STR_NONE;
    for (size_t i = 0; i < executable.len; i++) {
        rm_buf_char(&name, executable.ptr[i] == '\\' ? '/' : executable.ptr[i]);
    }
    uint32_t member = rm_zip_find(zip, rm_buf_view(&name));
    if (name.status != RM_OK || member == RM_NONE) {
        return name.status;
    }
    rm_status st = rm_str_printf(o->model->arena, &path, "%.*s/%.*s", RM_STR_ARG(o->path),
                                 RM_STR_ARG(rm_zip_name(zip, member)));
    if (st == RM_OK) {
        st = rm_zip_read(zip, o->arena, member, ZIP_MAX_PROGRAM, &bytes);
    }
    return st == RM_OK ? rm_manifest_packaged(o->model, o->sink, path, bytes, app) : st;
}

/* In a container a program's level counts for nothing: it stays there. */
static rm_status read_programs(opening *o, rm_zip *zip, const rm_manifest *m, uint32_t first) {
    rm_apps *apps = &o->model->apps;
    const uint32_t end = apps->count;
    rm_status st = RM_OK;
    for (uint32_t i = first; st == RM_OK && i < end; i++) {
        for (uint32_t k = 0; st == RM_OK && k < m->apps.count; k++) {
            if (rm_str_eq(apps->at[i].name, m->apps.at[k].id) &&
                rm_str_eq(apps->at[i].principal, RM_STR("standard_user"))) {
                st = read_program(o, zip, m->apps.at[k].executable, i);
            }
        }
    }
    return st;
}

static rm_status read_manifest(opening *o, rm_zip *zip, uint32_t member) {
    rm_manifest manifest = {.kind = RM_MANIFEST_OTHER};
    rm_str bytes = RM_STR_NONE;
    uint32_t first = o->model->apps.count;
    rm_status st = read_member(o, zip, member);
    if (st != RM_OK || o->model->apps.count == first) {
        return st;
    }
    st = rm_zip_read(zip, o->arena, member, ZIP_MAX_TEXT, &bytes);
    if (st == RM_OK) { /* a second time, for what the model does not keep; told once */
        st = rm_manifest_parse(o->arena, NULL, o->path, bytes, &manifest);
    }
    if (st == RM_OK) {
        st = read_programs(o, zip, &manifest, first);
    }
    return st == RM_SYNTAX ? RM_OK : st;
}

/* Who may use the package's custom capabilities: *.SCCD in its root. */
static bool is_sccd(rm_str name) {
    size_t at = 0;
    return rm_str_iends(name, RM_STR(".sccd")) && !rm_str_find(name, RM_STR("/"), &at);
}

static rm_status read_package(opening *o, rm_zip *zip, uint32_t manifest) {
    rm_status st = read_manifest(o, zip, manifest);
    for (uint32_t i = 0; st == RM_OK && i < rm_zip_count(zip); i++) {
        if (is_sccd(rm_zip_name(zip, i))) {
            st = read_member(o, zip, i);
        }
    }
    return st;
}

/* ---- bundles ---- */

static rm_status open_package(opening *o, rm_zip *bundle, uint32_t member) {
    opening inner = {.model = o->model, .sink = o->sink, .arena = rm_arena_new(arena_limit)};
    rm_str bytes = RM_STR_NONE;
    rm_zip *zip = NULL;
    if (inner.arena == NULL) {
        return RM_NOMEM;
    }
    rm_status st = rm_str_printf(o->model->arena, &inner.path, "%.*s/%.*s", RM_STR_ARG(o->path),
                                 RM_STR_ARG(rm_zip_name(bundle, member)));
    if (st == RM_OK) {
        st = rm_zip_read(bundle, inner.arena, member, ZIP_MAX_PACKAGE, &bytes);
    }
    if (st == RM_OK) {
        st = rm_zip_open(inner.arena, o->sink, inner.path, bytes, &zip);
    }
    if (st == RM_OK) {
        uint32_t manifest = rm_zip_find(zip, RM_STR("AppxManifest.xml"));
        st = manifest == RM_NONE ? RM_OK : read_package(&inner, zip, manifest);
        rm_zip_close(zip);
    }
    o->used = o->used || inner.used;
    rm_arena_free(inner.arena);
    return st == RM_SYNTAX ? RM_OK : st;
}

/* The bundle's manifest says which packages are applications; the others are languages and scales.
 */
static rm_status read_listed(opening *o, rm_zip *zip, const rm_xml *listed) {
    rm_status st = RM_OK;
    for (const rm_xml *p = rm_xml_child(listed, "Package"); st == RM_OK && p != NULL;
         p = rm_xml_next(p, "Package")) {
        rm_str name = rm_str_trim(rm_xml_value(p, "FileName"));
        uint32_t member = rm_zip_find(zip, name);
        if (!rm_str_ieq(rm_str_trim(rm_xml_value(p, "Type")), RM_STR("application"))) {
            continue;
        }
        if (member == RM_NONE) {
            rm_diag(o->sink, RM_NOTE, p->loc, "archive-member-missing",
                    "the bundle names '%.*s', which is not in it", RM_STR_ARG(name));
            continue;
        }
        st = open_package(o, zip, member);
    }
    return st;
}

static rm_status read_bundle(opening *o, rm_zip *zip, uint32_t manifest) {
    rm_str path = RM_STR_NONE;
    rm_str bytes = RM_STR_NONE;
    const rm_xml *root = NULL;
    rm_manifest_mark mark = rm_manifest_mark_of(o->model);
    rm_status st = rm_str_printf(o->model->arena, &path, "%.*s/%.*s", RM_STR_ARG(o->path),
                                 RM_STR_ARG(rm_zip_name(zip, manifest)));
    if (st == RM_OK) {
        st = rm_zip_read(zip, o->arena, manifest, ZIP_MAX_TEXT, &bytes);
    }
    if (st == RM_OK) {
        st = rm_xml_parse(o->arena, o->sink, path, bytes, NULL, &root);
    }
    const rm_xml *listed = st == RM_OK ? rm_xml_child(root, "Packages") : NULL;
    if (listed != NULL) {
        st = read_listed(o, zip, listed);
    }
    if (st == RM_OK) {
        st = rm_manifest_merge(o->model, o->arena, &mark);
    }
    return st == RM_SYNTAX ? RM_OK : st;
}

static rm_status read_archive(opening *o, rm_zip *zip) {
    rm_status st = RM_OK;
    uint32_t bundle = rm_zip_find(zip, RM_STR("AppxMetadata/AppxBundleManifest.xml"));
    uint32_t package = rm_zip_find(zip, RM_STR("AppxManifest.xml"));
    if (bundle != RM_NONE) {
        st = read_bundle(o, zip, bundle);
    } else if (package != RM_NONE) {
        st = read_package(o, zip, package);
    } else {
        rm_diag(o->sink, RM_ERROR, (rm_loc){.file = o->path}, "archive-no-manifest",
                "neither AppxManifest.xml nor AppxMetadata/AppxBundleManifest.xml is in it");
    }
    rm_zip_close(zip);
    return st;
}

/* `on_disk` NULL: it is in `bytes`. */
static rm_status read_from(rm_model *model, rm_sink *sink, rm_str path, rm_str bytes,
                           const char *on_disk, bool *used) {
    opening o = {.model = model, .sink = sink, .arena = rm_arena_new(arena_limit)};
    rm_zip *zip = NULL;
    if (o.arena == NULL) {
        return RM_NOMEM;
    }
    rm_status st = rm_str_copy(model->arena, path, &o.path);
    if (st == RM_OK) {
        st = on_disk != NULL ? rm_zip_open_file(o.arena, sink, o.path, on_disk, &zip)
                             : rm_zip_open(o.arena, sink, o.path, bytes, &zip);
    }
    if (st == RM_OK) {
        st = read_archive(&o, zip);
    }
    rm_arena_free(o.arena);
    st = st == RM_SYNTAX ? RM_OK : st;
    *used = st == RM_OK && o.used;
    return st;
}

rm_status rm_package_read(rm_model *model, rm_sink *sink, rm_str path, rm_str bytes, bool *used) {
    return read_from(model, sink, path, bytes, NULL, used);
}

rm_status rm_package_read_file(rm_model *model, rm_sink *sink, rm_str path, const char *on_disk,
                               bool *used) {
    return read_from(model, sink, path, RM_STR_NONE, on_disk, used);
}
