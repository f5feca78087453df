#include "manifest/parse.h"

/*
 * <Package>: elements are known by their local names, in whatever of the schema's namespaces they
 * stand, since each version of Windows added one; those of others are gone (namespaces.c).
 */

static rm_str trimmed(const rm_xml *element, const char *attribute) {
    return rm_str_trim(rm_xml_value(element, attribute));
}

/* ---- capabilities ---- */

static rm_status read_device(rm_manifest_reading *r, const rm_xml *device,
                             rm_manifest_devices *list) {
    rm_buf functions = {.arena = r->arena};
    for (const rm_xml *f = rm_xml_child(device, "Function"); f != NULL;
         f = rm_xml_next(f, "Function")) {
        rm_buf_text(&functions, functions.len > 0 ? "; " : "");
        rm_buf_str(&functions, trimmed(f, "Type"));
    }
    rm_manifest_device *slot = rm_push(r->arena, list);
    if (slot == NULL) {
        return RM_NOMEM;
    }
    *slot = (rm_manifest_device){trimmed(device, "Id"), rm_buf_view(&functions), device->loc};
    return functions.status;
}

static bool is_capability(const rm_xml *element) {
    return rm_xml_is(element, "Capability") || rm_xml_is(element, "DeviceCapability") ||
           rm_xml_is(element, "CustomCapability");
}

static rm_status read_capabilities(rm_manifest_reading *r, const rm_xml *list) {
    rm_manifest_capabilities *out = &r->out->capabilities;
    rm_status st = RM_OK;
    for (const rm_xml *e = list->child; e != NULL && st == RM_OK; e = e->next) {
        uint32_t before = out->count;
        if (!is_capability(e)) {
            continue;
        }
        st = rm_manifest_read_capability(r, e, out);
        const rm_xml *d = out->count > before ? rm_xml_child(e, "Device") : NULL;
        for (; d != NULL && st == RM_OK; d = rm_xml_next(d, "Device")) {
            st = read_device(r, d, &out->at[out->count - 1].devices);
        }
    }
    return st;
}

/* ---- extensions ---- */

/* What the element below an <Extension> says: a service, or a COM server of its own process. */
static void read_inner(const rm_xml *extension, rm_manifest_extension *out) {
    for (const rm_xml *e = rm_xml_walk(extension, extension); e != NULL;
         e = rm_xml_walk(extension, e)) {
        if (rm_xml_is(e, "Service")) {
            out->service = trimmed(e, "Name");
            out->start_account = trimmed(e, "StartAccount");
            out->startup_type = trimmed(e, "StartupType");
        } else if (rm_xml_is(e, "ExeServer") && out->server.len == 0) {
            out->server = trimmed(e, "Executable");
        }
    }
}

static rm_status read_extensions(rm_manifest_reading *r, const rm_xml *list, uint32_t app) {
    rm_status st = RM_OK;
    for (const rm_xml *e = rm_xml_child(list, "Extension"); e != NULL && st == RM_OK;
         e = rm_xml_next(e, "Extension")) {
        if (!rm_manifest_has_room(r, e, r->out->extensions.count, MANIFEST_MAX_EXTENSIONS)) {
            return RM_OK;
        }
        rm_manifest_extension *slot = rm_push(r->arena, &r->out->extensions);
        if (slot == NULL) {
            return RM_NOMEM;
        }
        *slot = (rm_manifest_extension){.app = app,
                                        .ns = e->ns,
                                        .category = trimmed(e, "Category"),
                                        .executable = trimmed(e, "Executable"),
                                        .entry_point = trimmed(e, "EntryPoint"),
                                        .runtime_behavior = trimmed(e, "RuntimeBehavior"),
                                        .trust_level = trimmed(e, "TrustLevel"),
                                        .loc = e->loc};
        read_inner(e, slot);
        st = rm_manifest_read_entries(r, e, slot);
    }
    return st;
}

/* ---- applications ---- */

static rm_status read_app(rm_manifest_reading *r, const rm_xml *e) {
    rm_manifest_app app = {.executable = trimmed(e, "Executable"),
                           .entry_point = trimmed(e, "EntryPoint"),
                           .start_page = trimmed(e, "StartPage"),
                           .host_id = trimmed(e, "HostId"),
                           .runtime_behavior = trimmed(e, "RuntimeBehavior"),
                           .trust_level = trimmed(e, "TrustLevel"),
                           .loc = e->loc};
    if (!rm_manifest_has_room(r, e, r->out->apps.count, MANIFEST_MAX_APPS) ||
        !rm_manifest_needs(r, e, "Id", &app.id)) {
        return RM_OK;
    }
    rm_manifest_app *slot = rm_push(r->arena, &r->out->apps);
    if (slot == NULL) {
        return RM_NOMEM;
    }
    *slot = app;
    uint32_t index = r->out->apps.count - 1;
    rm_status st = RM_OK;
    for (const rm_xml *x = rm_xml_child(e, "Extensions"); x != NULL && st == RM_OK;
         x = rm_xml_next(x, "Extensions")) {
        st = read_extensions(r, x, index);
    }
    return st;
}

static rm_status read_apps(rm_manifest_reading *r, const rm_xml *list) {
    rm_status st = RM_OK;
    for (const rm_xml *e = rm_xml_child(list, "Application"); e != NULL && st == RM_OK;
         e = rm_xml_next(e, "Application")) {
        st = read_app(r, e);
    }
    return st;
}

/* ---- the package ---- */

static rm_status read_package_extensions(rm_manifest_reading *r, const rm_xml *list) {
    return read_extensions(r, list, RM_NONE);
}

static rm_status read_identity(rm_manifest_reading *r, const rm_xml *e) {
    rm_manifest *m = r->out;
    if (m->name.len == 0 && rm_manifest_needs(r, e, "Name", &m->name)) {
        m->publisher = rm_xml_value(e, "Publisher"); /* hashed as written, blanks and all */
        m->version = trimmed(e, "Version");
        m->architecture = trimmed(e, "ProcessorArchitecture");
    }
    return RM_OK;
}

static rm_status read_families(rm_manifest_reading *r, const rm_xml *list) {
    for (const rm_xml *e = rm_xml_child(list, "TargetDeviceFamily"); e != NULL;
         e = rm_xml_next(e, "TargetDeviceFamily")) {
        rm_manifest_family *slot = rm_push(r->arena, &r->out->families);
        if (slot == NULL) {
            return RM_NOMEM;
        }
        *slot = (rm_manifest_family){trimmed(e, "Name"), trimmed(e, "MinVersion"),
                                     trimmed(e, "MaxVersionTested")};
    }
    return RM_OK;
}

static const struct {
    const char *name;
    rm_status (*read)(rm_manifest_reading *, const rm_xml *);
} parts[] = {
    {"Identity", read_identity},
    {"Dependencies", read_families},
    {"Capabilities", read_capabilities},
    {"Applications", read_apps},
    {"Extensions", read_package_extensions},
};

rm_status rm_manifest_read_package(rm_manifest_reading *r, const rm_xml *root) {
    rm_status st = RM_OK;
    for (const rm_xml *e = root->child; e != NULL && st == RM_OK; e = e->next) {
        for (size_t i = 0; i < sizeof parts / sizeof parts[0] && st == RM_OK; i++) {
            if (rm_xml_is(e, parts[i].name)) {
                st = parts[i].read(r, e);
            }
        }
    }
    if (st == RM_OK && r->out->name.len == 0) {
        rm_diag(r->sink, RM_ERROR, root->loc, "manifest-no-identity",
                "a package without a name: its apps cannot be told from others");
    }
    return st;
}
