#include "manifest/parse.h"

/* <assembly>: what a Windows program asks for. Source: "Application manifests". */

static rm_status read_level(rm_manifest_reading *r, const rm_xml *e) {
    rm_manifest_level *slot = rm_push(r->arena, &r->out->levels);
    if (slot == NULL) {
        return RM_NOMEM;
    }
    *slot = (rm_manifest_level){rm_str_trim(rm_xml_value(e, "level")),
                                rm_str_trim(rm_xml_value(e, "uiAccess")), e->ns, e->loc};
    return RM_OK;
}

/* A program with the identity of a package that stands beside it. */
static void read_msix(rm_manifest *m, const rm_xml *e) {
    m->name = rm_str_trim(rm_xml_value(e, "packageName"));
    m->publisher = rm_xml_value(e, "publisher");
    m->application = rm_str_trim(rm_xml_value(e, "applicationId"));
}

rm_status rm_manifest_read_assembly(rm_manifest_reading *r, const rm_xml *root) {
    rm_manifest *m = r->out;
    rm_status st = RM_OK;
    for (const rm_xml *e = rm_xml_walk(root, root); e != NULL && st == RM_OK;
         e = rm_xml_walk(root, e)) {
        if (rm_xml_is(e, "requestedExecutionLevel")) {
            st = read_level(r, e);
        } else if (rm_xml_is(e, "autoElevate")) {
            m->auto_elevate = m->auto_elevate || rm_manifest_yes(e->text);
        } else if (rm_xml_is(e, "msix")) {
            read_msix(m, e);
        } else if (e->parent == root && rm_xml_is(e, "assemblyIdentity") && m->assembly.len == 0) {
            m->assembly = rm_str_trim(rm_xml_value(e, "name"));
        } else if (e->parent == root && rm_xml_is(e, "file")) {
            m->describes_files = true;
        }
    }
    return st;
}
