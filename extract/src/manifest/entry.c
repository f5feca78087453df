#include "manifest/parse.h"

/*
 * How data of others reaches an app: what an extension registers it for. Source: the package
 * manifest schema reference, <Extension> and the elements below it.
 */

static const struct {
    const char *category; /* without "windows." */
    const char *kind;
    const char *element;   /* that names the way in; NULL: the <Extension> itself */
    const char *attribute; /* NULL: the element's text */
} ways[] = {
    {"protocol", "protocol", "Protocol", "Name"},
    {"dialProtocol", "protocol", "DialProtocol", "Name"},
    {"appUriHandler", "uri_handler", "Host", "Name"},
    {"fileTypeAssociation", "file_type", "FileType", NULL},
    {"appService", "app_service", "AppService", "Name"},
    {"comServer", "com_server", "Class", "Id"},
    {"comInterface", "com_server", "Interface", "Id"},
    {"service", "service", "Service", "Name"},
    {"fullTrustProcess", "full_trust_process", NULL, "Executable"},
    {"startupTask", "startup_task", "StartupTask", "TaskId"},
    {"appExecutionAlias", "execution_alias", "ExecutionAlias", "Alias"},
    {"backgroundTasks", "background_task", "Task", "Type"},
    {"shareTarget", "share_target", "FileType", NULL},
    {"shareTarget", "share_target", "DataFormat", NULL},
    {"autoPlayContent", "autoplay", "LaunchAction", "ContentEvent"},
    {"autoPlayDevice", "autoplay", "LaunchAction", "DeviceEvent"},
    {"fileOpenPicker", "file_picker", "FileType", NULL},
    {"fileSavePicker", "file_picker", "FileType", NULL},
    {"activatableClass.inProcessServer", "winrt_class", "ActivatableClass", "ActivatableClassId"},
    {"activatableClass.outOfProcessServer", "winrt_class", "ActivatableClass",
     "ActivatableClassId"},
    {"firewallRules", "firewall_rule", "Rule", "LocalPortMin"},
};

enum { WAYS = sizeof ways / sizeof ways[0] };

static rm_str without_prefix(rm_str category) {
    rm_str prefix = RM_STR("windows.");
    return rm_str_istarts(category, prefix) ? rm_str_slice(category, prefix.len, category.len)
                                            : category;
}

const char *rm_manifest_entry_kind(rm_str category) {
    for (size_t i = 0; i < WAYS; i++) {
        if (rm_str_ieq(without_prefix(category), rm_str_from(ways[i].category))) {
            return ways[i].kind;
        }
    }
    return "other";
}

/* What serves a COM class: the element that holds it says. */
static void read_server(const rm_xml *class, rm_manifest_entry *entry) {
    for (const rm_xml *e = class->parent; e != NULL; e = e->parent) {
        if (rm_xml_is(e, "ExeServer")) {
            entry->server = rm_str_trim(rm_xml_value(e, "Executable"));
            return;
        }
        if (rm_xml_is(e, "ServiceServer")) {
            entry->service = rm_str_trim(rm_xml_value(e, "ServiceName"));
            return;
        }
        if (rm_xml_is(e, "SurrogateServer")) {
            entry->library = rm_str_trim(rm_xml_value(class, "Path"));
            return;
        }
    }
}

static rm_status add_entry(rm_manifest_reading *r, const rm_xml *e, rm_str name,
                           rm_manifest_entries *list) {
    if (name.len == 0 || !rm_manifest_has_room(r, e, list->count, MANIFEST_MAX_ENTRIES)) {
        return RM_OK;
    }
    rm_manifest_entry *slot = rm_push(r->arena, list);
    if (slot == NULL) {
        return RM_NOMEM;
    }
    *slot = (rm_manifest_entry){.name = name, .loc = e->loc};
    if (rm_xml_is(e, "Class")) {
        read_server(e, slot);
    }
    return RM_OK;
}

static rm_status read_way(rm_manifest_reading *r, const rm_xml *element, size_t way,
                          rm_manifest_entries *list) {
    rm_status st = RM_OK;
    if (ways[way].element == NULL) {
        return add_entry(r, element, rm_str_trim(rm_xml_value(element, ways[way].attribute)), list);
    }
    for (const rm_xml *e = rm_xml_walk(element, element); e != NULL && st == RM_OK;
         e = rm_xml_walk(element, e)) {
        if (rm_xml_is(e, ways[way].element)) {
            rm_str name =
                ways[way].attribute == NULL ? e->text : rm_xml_value(e, ways[way].attribute);
            st = add_entry(r, e, rm_str_trim(name), list);
        }
    }
    return st;
}

rm_status rm_manifest_read_entries(rm_manifest_reading *r, const rm_xml *element,
                                   rm_manifest_extension *extension) {
    rm_str category = without_prefix(extension->category);
    rm_status st = RM_OK;
    for (size_t i = 0; i < WAYS && st == RM_OK; i++) {
        if (rm_str_ieq(category, rm_str_from(ways[i].category))) {
            st = read_way(r, element, i, &extension->entries);
        }
    }
    /* one that we do not know, or that names nothing, is a way in all the same */
    return st == RM_OK && extension->entries.count == 0
               ? add_entry(r, element, extension->category, &extension->entries)
               : st;
}
