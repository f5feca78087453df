#include "filter_rules.h"

#include "db/query.h"

/* The case of names does not count, as in Windows. */
#define IS(column) "(" column " = :v COLLATE NOCASE)"

/* A device by its own names, or by those of its doors. */
#define DEVICE_IDS                                                                                 \
    "(SELECT device_id FROM v_device"                                                              \
    " WHERE device_id = :v OR same_object(nt_name, :v) OR same_object(name, :v)"                   \
    " UNION SELECT device_id FROM v_door"                                                          \
    " WHERE device_id IS NOT NULL"                                                                 \
    " AND (door_id = :v OR same_object(name, :v) OR " IS("class_guid") "))"

#define DRIVER_NAMES "(SELECT name FROM v_driver WHERE driver_id = :v OR " IS("name") ")"

#define APP_IDS                                                                                    \
    "(SELECT app_id FROM v_app WHERE app_id = :v OR " IS("app") " OR " IS("name") " OR " IS(       \
        "package") " OR " IS("family_name") ")"

#define ENTRY_IDS                                                                                  \
    "(SELECT entry_id FROM v_entry WHERE entry_id = :v OR " IS("name") " OR " IS(                  \
        "kind") " OR code = control_code(:v))"

const rm_filter_rule rm_filter_rules[RM_FILTER_RULE_COUNT] = {
    {
        .at = offsetof(rm_filter, from),
        .what = "principal",
        .path = "p.origin = :v",
        .known = "SELECT 1 FROM v_access WHERE principal = :v"
                 " UNION ALL SELECT 1 FROM v_path WHERE origin = :v"
                 " UNION ALL SELECT 1 FROM v_app WHERE principal = :v",
    },
    {
        .at = offsetof(rm_filter, app),
        .what = "app",
        .path = "p.app_id IN " APP_IDS,
        .finding = "f.subject_id IN " APP_IDS,
        .known = "SELECT 1 FROM " APP_IDS,
    },
    {
        .at = offsetof(rm_filter, device),
        .what = "device",
        .path = "p.device_id IN " DEVICE_IDS
                " OR p.path_id IN (SELECT path_id FROM v_path_step WHERE node IN " DEVICE_IDS ")",
        .finding = "f.subject_id IN " DEVICE_IDS,
        .known = "SELECT 1 FROM " DEVICE_IDS,
    },
    {
        .at = offsetof(rm_filter, driver),
        .what = "driver",
        .path = "EXISTS (SELECT 1 FROM " DRIVER_NAMES
                " WHERE instr(lower(' > ' || p.drivers || ' > '), lower(' > ' || name || ' > ')))",
        .finding = "f.subject_id IN (SELECT driver_id FROM v_driver WHERE name IN " DRIVER_NAMES
                   " UNION SELECT device_id FROM v_device WHERE driver IN " DRIVER_NAMES
                   " UNION SELECT entry_id FROM v_entry WHERE driver IN " DRIVER_NAMES
                   " UNION SELECT ioctl_id FROM v_ioctl WHERE driver IN " DRIVER_NAMES
                   " UNION SELECT sink_id FROM v_sink WHERE driver IN " DRIVER_NAMES
                   " UNION SELECT forward_id FROM v_forward WHERE from_driver IN " DRIVER_NAMES ")",
        .known = "SELECT 1 FROM " DRIVER_NAMES,
    },
    {
        .at = offsetof(rm_filter, entry),
        .what = "entry",
        .path = "p.entry_id IN " ENTRY_IDS,
        .finding = "f.subject_id IN " ENTRY_IDS,
        .known = "SELECT 1 FROM " ENTRY_IDS,
    },
    {
        .at = offsetof(rm_filter, sink),
        .what = "sink class or family",
        .path = "p.sink_class = :v OR p.sink_family = :v",
        .known = "SELECT 1 FROM sink_classes WHERE name = :v OR family = :v"
                 " UNION ALL SELECT 1 FROM v_sink WHERE class = :v",
    },
    {
        .at = offsetof(rm_filter, rule),
        .what = "rule",
        .path = "p.path_id IN (SELECT path_id FROM v_finding WHERE " IS("rule") ")",
        .finding = IS("f.rule"),
        .own = true,
        .known = "SELECT 1 FROM v_rule WHERE " IS(
            "rule") " UNION ALL SELECT 1 FROM v_finding WHERE " IS("rule"),
    },
    {
        .at = offsetof(rm_filter, validation),
        .what = "validation",
        .path = "p.validation = :v",
    },
    {
        .at = offsetof(rm_filter, boundary),
        .what = "boundary",
        .path = "instr(' > ' || p.boundaries || ' > ', ' > ' || :v || ' > ')",
    },
};
