#include "manifest/parse.h"

/*
 * What stands in a namespace of somebody else is no part of a manifest: IgnorableNamespaces lets a
 * package carry it, and Windows does not read it. Each version of Windows added namespaces of its
 * own below the same prefixes. A name without namespace counts, as in a manifest that declares
 * none. Sources: the package manifest schema reference, "Application manifests".
 */

static const struct {
    const char *root;
    const char *prefixes[4];
} schemas[] = {
    {"Package", {"http://schemas.microsoft.com/appx/", NULL}},
    {"CustomCapabilityDescriptor", {"http://schemas.microsoft.com/appx/", NULL}},
    {"assembly",
     {"urn:schemas-microsoft-com:asm.v", "urn:schemas-microsoft-com:msix.v",
      "http://schemas.microsoft.com/SMI/", NULL}},
};

static bool is_known(const char *const *prefixes, rm_str ns) {
    bool known = ns.len == 0;
    for (; !known && *prefixes != NULL; prefixes++) {
        known = rm_str_starts(ns, rm_str_from(*prefixes));
    }
    return known;
}

static rm_status copy_attributes(rm_arena *arena, const char *const *prefixes, rm_xml *element) {
    const rm_xml_attribute *a = element->attributes;
    const rm_xml_attribute **end = &element->attributes;
    for (*end = NULL; a != NULL; a = a->next) {
        if (!is_known(prefixes, a->ns)) {
            continue;
        }
        rm_xml_attribute *copy = RM_NEW(arena, rm_xml_attribute);
        if (copy == NULL) {
            return RM_NOMEM;
        }
        *copy = *a;
        copy->next = NULL;
        *end = copy;
        end = &copy->next;
    }
    return RM_OK;
}

/* As deep as the parser let the tree be. */
static rm_status copy_element(rm_arena *arena, const char *const *prefixes, const rm_xml *from,
                              const rm_xml *parent, rm_xml **out) {
    rm_xml *copy = RM_NEW(arena, rm_xml);
    if (copy == NULL) {
        return RM_NOMEM;
    }
    *copy = *from;
    copy->parent = parent;
    copy->child = copy->next = NULL;
    rm_status st = copy_attributes(arena, prefixes, copy);
    const rm_xml **end = &copy->child;
    for (const rm_xml *e = from->child; e != NULL && st == RM_OK; e = e->next) {
        rm_xml *child = NULL;
        if (!is_known(prefixes, e->ns)) {
            continue;
        }
        st = copy_element(arena, prefixes, e, copy, &child);
        if (st == RM_OK) {
            *end = child;
            end = &child->next;
        }
    }
    *out = copy;
    return st;
}

rm_status rm_manifest_without_foreign(rm_arena *arena, const rm_xml *root, const rm_xml **out) {
    *out = NULL;
    for (size_t i = 0; i < sizeof schemas / sizeof schemas[0]; i++) {
        if (rm_xml_is(root, schemas[i].root) && is_known(schemas[i].prefixes, root->ns)) {
            rm_xml *copy = NULL;
            rm_status st = copy_element(arena, schemas[i].prefixes, root, NULL, &copy);
            *out = copy;
            return st;
        }
    }
    return RM_OK;
}
