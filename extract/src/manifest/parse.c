#include "manifest/parse.h"

static const struct {
    const char *root;
    rm_manifest_kind kind;
    rm_status (*read)(rm_manifest_reading *, const rm_xml *);
} roots[] = {
    {"Package", RM_MANIFEST_PACKAGE, rm_manifest_read_package},
    {"assembly", RM_MANIFEST_PROGRAM, rm_manifest_read_assembly},
    {"CustomCapabilityDescriptor", RM_MANIFEST_SCCD, rm_manifest_read_sccd},
};

rm_status rm_manifest_parse(rm_arena *arena, rm_sink *sink, rm_str path, rm_str bytes,
                            rm_manifest *out) {
    rm_manifest manifest = {.kind = RM_MANIFEST_OTHER};
    rm_manifest_reading reading = {.arena = arena, .sink = sink, .out = &manifest};
    const rm_xml *root = NULL;
    rm_status st = rm_xml_parse(arena, sink, path, bytes, NULL, &root);
    if (st != RM_OK) {
        return st;
    }
    manifest.loc = root->loc;
    st = rm_manifest_without_foreign(arena, root, &root);
    for (size_t i = 0; i < sizeof roots / sizeof roots[0] && st == RM_OK && root != NULL; i++) {
        if (rm_xml_is(root, roots[i].root)) {
            manifest.kind = roots[i].kind;
            st = roots[i].read(&reading, root);
        }
    }
    if (st == RM_OK) {
        *out = manifest;
    }
    return st;
}

bool rm_manifest_needs(rm_manifest_reading *r, const rm_xml *element, const char *attribute,
                       rm_str *out) {
    *out = rm_str_trim(rm_xml_value(element, attribute));
    if (out->len > 0) {
        return true;
    }
    rm_diag(r->sink, RM_ERROR, element->loc, "manifest-missing-attribute", "<%.*s> without '%s'",
            RM_STR_ARG(element->name), attribute);
    return false;
}

bool rm_manifest_has_room(rm_manifest_reading *r, const rm_xml *element, uint32_t count,
                          uint32_t limit) {
    if (count < limit) {
        return true;
    }
    if (!r->full) {
        rm_diag(r->sink, RM_ERROR, element->loc, "manifest-limit",
                "more than %u elements <%.*s>: the rest is not read", (unsigned)limit,
                RM_STR_ARG(element->name));
    }
    r->full = true;
    return false;
}

bool rm_manifest_yes(rm_str text) {
    text = rm_str_trim(text);
    return rm_str_ieq(text, RM_STR("true")) || rm_str_eq(text, RM_STR("1"));
}

rm_status rm_manifest_read_capability(rm_manifest_reading *r, const rm_xml *element,
                                      rm_manifest_capabilities *list) {
    rm_manifest_capability capability = {
        .element = element->name, .ns = element->ns, .loc = element->loc};
    if (!rm_manifest_has_room(r, element, list->count, MANIFEST_MAX_CAPABILITIES) ||
        !rm_manifest_needs(r, element, "Name", &capability.name)) {
        return RM_OK;
    }
    size_t at = 0;
    if (rm_xml_is(element, "DeviceCapability")) {
        capability.kind = RM_CAPABILITY_DEVICE;
    } else if (rm_xml_is(element, "CustomCapability")) {
        capability.kind = RM_CAPABILITY_CUSTOM;
    } else if (rm_str_find(element->ns, RM_STR("/restrictedcapabilities"), &at) ||
               rm_str_find(element->ns, RM_STR("/windowscapabilities"), &at)) {
        capability.kind = RM_CAPABILITY_RESTRICTED;
    } else {
        capability.kind = RM_CAPABILITY_GENERAL;
    }
    rm_manifest_capability *slot = rm_push(r->arena, list);
    if (slot == NULL) {
        return RM_NOMEM;
    }
    *slot = capability;
    return RM_OK;
}
