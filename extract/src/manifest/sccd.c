#include "manifest/parse.h"

/* SCCD: which packages may use a custom capability. Source: "Hardware support app". */

static rm_status add_entity(rm_manifest_reading *r, const rm_xml *e, rm_manifest_entity entity) {
    if (!rm_manifest_has_room(r, e, r->out->entities.count, MANIFEST_MAX_ENTITIES)) {
        return RM_OK;
    }
    rm_manifest_entity *slot = rm_push(r->arena, &r->out->entities);
    if (slot == NULL) {
        return RM_NOMEM;
    }
    *slot = entity;
    return RM_OK;
}

static rm_status read_entity(rm_manifest_reading *r, const rm_xml *e) {
    rm_manifest_entity entity = {.loc = e->loc};
    if (!rm_manifest_needs(r, e, "AppPackageFamilyName", &entity.family_name)) {
        return RM_OK;
    }
    entity.certificate_hash = rm_str_trim(rm_xml_value(e, "CertificateSignatureHash"));
    return add_entity(r, e, entity);
}

/* "FFFF", "0000" and "xxxx" stand where the signed catalog of a shipped SCCD is. */
static bool is_placeholder(rm_str catalog) {
    static const char *const signs = "F0x";
    catalog = rm_str_trim(catalog);
    for (const char *sign = signs; *sign != '\0'; sign++) {
        const char both[] = {*sign, '\0'};
        size_t same = 0;
        while (same < catalog.len &&
               rm_str_ieq(rm_str_slice(catalog, same, same + 1), rm_str_from(both))) {
            same++;
        }
        if (same == catalog.len) {
            return true;
        }
    }
    return false;
}

rm_status rm_manifest_read_sccd(rm_manifest_reading *r, const rm_xml *root) {
    rm_status st = RM_OK;
    for (const rm_xml *e = rm_xml_walk(root, root); e != NULL && st == RM_OK;
         e = rm_xml_walk(root, e)) {
        if (rm_xml_is(e, "CustomCapability")) {
            st = rm_manifest_read_capability(r, e, &r->out->custom);
        } else if (rm_xml_is(e, "AuthorizedEntity")) {
            st = read_entity(r, e);
        } else if (rm_xml_is(e, "AuthorizedEntities") &&
                   rm_manifest_yes(rm_xml_value(e, "AllowAny"))) {
            st = add_entity(r, e, (rm_manifest_entity){.allow_any = true, .loc = e->loc});
        } else if (rm_xml_is(e, "DeveloperModeOnly")) {
            r->out->developer_mode = rm_manifest_yes(rm_xml_value(e, "Value"));
        } else if (rm_xml_is(e, "Catalog")) {
            r->out->unsigned_catalog = is_placeholder(e->text);
        }
    }
    if (st == RM_OK && r->out->custom.count > 0 && r->out->entities.count == 0) {
        rm_diag(r->sink, RM_NOTE, root->loc, "sccd-names-nobody",
                "lets no app use '%.*s': neither an AuthorizedEntity nor AllowAny",
                RM_STR_ARG(r->out->custom.at[0].name));
    }
    return st;
}
