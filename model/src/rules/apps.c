#include "ask.h"

/* AM: apps, their capabilities, and who may use a custom one. */

/* AM-01 */
rm_status rm_judge_am_01(rm_rule_run *run, uint32_t index) {
    const rm_authorized *a = &run->model->authorizeds.at[index];
    if (!a->allow_any) {
        return RM_OK;
    }
    rm_verdict v = {.severity = run->rule->severity,
                    .subject_id = a->capability,
                    .subject = a->capability,
                    .confidence = RM_CONFIDENCE_HIGH,
                    .path = RM_NONE,
                    .place = a->place};
    v.message = rm_rule_say(run, "AllowAny lets every AppContainer app have %.*s",
                            RM_STR_ARG(a->capability));
    v.fix = RM_STR("list the packages in AuthorizedEntities, each with its certificate's hash, and "
                   "take AllowAny out");
    return rm_rule_fires(run, &v);
}

/* ---- AM-02 ---- */

static bool is_one_of(char c, const char *set) {
    for (; *set != '\0'; set++) {
        if (c == *set) {
            return true;
        }
    }
    return false;
}

static bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

enum { PUBLISHER_LENGTH = 13 };

/* company.capability_ and the 13 letters of a publisher's hash, which has no i, l, o, u. */
static bool is_well_formed(rm_str name) {
    if (name.len < PUBLISHER_LENGTH + 2 || !is_letter_or_digit(name.ptr[0]) ||
        name.ptr[name.len - PUBLISHER_LENGTH - 1] != '_') {
        return false;
    }
    for (size_t i = 0; i < name.len - PUBLISHER_LENGTH - 1; i++) {
        if (!is_letter_or_digit(name.ptr[i]) && !is_one_of(name.ptr[i], "-_.")) {
            return false;
        }
    }
    for (size_t i = name.len - PUBLISHER_LENGTH; i < name.len; i++) {
        if (!is_one_of(name.ptr[i], "abcdefghjkmnpqrstvwxyz0123456789")) {
            return false;
        }
    }
    return true;
}

typedef struct listing {
    bool any, listed, developer, unsigned_catalog;
} listing;

static listing listing_of(const rm_model *m, rm_str capability, rm_str family) {
    listing l = {false, false, false, false};
    for (uint32_t i = 0; i < m->authorizeds.count; i++) {
        const rm_authorized *a = &m->authorizeds.at[i];
        if (!rm_str_ieq(a->capability, capability)) {
            continue;
        }
        l.any = true;
        l.listed = l.listed || a->allow_any || rm_str_ieq(a->family_name, family);
        l.developer = l.developer || a->developer_mode;
        l.unsigned_catalog = l.unsigned_catalog || a->unsigned_catalog;
    }
    return l;
}

rm_status rm_judge_am_02(rm_rule_run *run, uint32_t index) {
    const rm_model *m = run->model;
    const rm_capability *c = &m->capabilities.at[index];
    if (c->kind != RM_CAPABILITY_CUSTOM || c->app == RM_NONE) {
        return RM_OK;
    }
    rm_str family = m->apps.at[c->app].family_name;
    listing l = listing_of(m, c->name, family);
    rm_verdict v = {.severity = run->rule->severity,
                    .subject_id = rm_rule_say(run, "%.*s %.*s", RM_STR_ARG(m->apps.at[c->app].id),
                                              RM_STR_ARG(c->name)),
                    .subject = c->name,
                    .confidence = RM_CONFIDENCE_HIGH,
                    .path = RM_NONE,
                    .place = c->place,
                    .fix = RM_STR("get the capability's name and a signed SCCD from its owner, and "
                                  "have this package listed there")};
    if (!is_well_formed(c->name)) {
        v.message = RM_STR("the name of the custom capability is not company.capability_ with a "
                           "publisher's hash of 13 letters");
    } else if (!l.any) {
        return rm_rule_undecided(run, v.subject_id, c->name, "no SCCD for it was read", c->place);
    } else if (!l.listed) {
        v.message = rm_rule_say(run, "the SCCD does not list %.*s", RM_STR_ARG(family));
    } else if (l.developer) {
        v.message = RM_STR("the SCCD is for developer mode only: it must not ship");
    } else if (l.unsigned_catalog) {
        v.cause = rm_rule_say(run, "catalog %.*s", RM_STR_ARG(m->apps.at[c->app].id));
        v.severity = RM_SEVERITY_LOW;
        v.message = RM_STR("the SCCD holds a placeholder in place of its signed catalog: it works "
                           "in developer mode only");
    } else {
        return RM_OK;
    }
    return rm_rule_fires(run, &v);
}

/* ---- AM-03, AM-04 ---- */

static bool is_contained(const rm_app *a) {
    return rm_str_istarts(a->principal, RM_STR("appcontainer")) ||
           rm_str_ieq(a->principal, RM_STR("lpac"));
}

static rm_str has_capability(const rm_model *m, uint32_t app, const char *const *names) {
    for (uint32_t i = 0; i < m->capabilities.count; i++) {
        if (m->capabilities.at[i].app == app && rm_ask_in(m->capabilities.at[i].name, names)) {
            return m->capabilities.at[i].name;
        }
    }
    return RM_STR_NONE;
}

static uint32_t worst_of_app(const rm_model *m, uint32_t app) {
    for (uint32_t i = 0; i < m->paths.count; i++) {
        if (m->paths.at[i].app == app) {
            return i;
        }
    }
    return RM_NONE;
}

static rm_verdict app_verdict(rm_rule_run *run, uint32_t app) {
    const rm_app *a = &run->model->apps.at[app];
    return (rm_verdict){.severity = run->rule->severity,
                        .subject_id = a->id,
                        .subject = a->name,
                        .confidence = RM_CONFIDENCE_HIGH,
                        .path = worst_of_app(run->model, app),
                        .place = a->place};
}

rm_status rm_judge_am_03(rm_rule_run *run, uint32_t app) {
    static const char *const strong[] = {
        "runFullTrust",         "allowElevation", "localSystemServices", "packagedServices",
        "customInstallActions", "uiAccess",       "modifiableApp",       NULL};
    const rm_model *m = run->model;
    const rm_app *a = &m->apps.at[app];
    rm_str capability = has_capability(m, app, strong);
    bool packaged = a->package.len > 0;
    bool admin = rm_str_ieq(a->execution_level, RM_STR("requireAdministrator"));
    rm_verdict v = app_verdict(run, app);
    if (packaged && (capability.len > 0 || (a->principal.len > 0 && !is_contained(a)))) {
        v.message = rm_rule_say(run,
                                "the package asks for %.*s and runs as %.*s: it is no "
                                "AppContainer, whatever its kind",
                                RM_STR_ARG(capability.len > 0 ? capability : a->trust_level),
                                RM_STR_ARG(a->principal));
        v.fix = RM_STR("move what needs it into a helper, and keep the app in the AppContainer");
    } else if (admin) {
        v.severity = RM_SEVERITY_LOW;
        v.message = RM_STR("the program asks for administrator rights: what it opens is opened as "
                           "administrator");
        v.fix =
            RM_STR("run asInvoker, and let a service with the least account do what needs more");
    } else {
        return RM_OK;
    }
    return rm_rule_fires(run, &v);
}

static bool is_guid(rm_str name) {
    return name.len == 36 && name.ptr[8] == '-' && name.ptr[13] == '-' && name.ptr[18] == '-' &&
           name.ptr[23] == '-';
}

rm_status rm_judge_am_04(rm_rule_run *run, uint32_t index) {
    static const char *const through[] = {"interopServices", "lowLevel", "lowLevelDevices",
                                          "lowlevel", NULL};
    const rm_model *m = run->model;
    const rm_capability *c = &m->capabilities.at[index];
    if (c->app == RM_NONE || !is_contained(&m->apps.at[c->app]) ||
        (!rm_ask_in(c->name, through) && !(c->kind == RM_CAPABILITY_DEVICE && is_guid(c->name)))) {
        return RM_OK;
    }
    rm_verdict v = app_verdict(run, c->app);
    v.place = c->place;
    v.evidence = c->name;
    v.message = rm_rule_say(run,
                            "%.*s runs in an AppContainer and has %.*s, which lets it talk to "
                            "devices%s",
                            RM_STR_ARG(v.subject), RM_STR_ARG(c->name),
                            v.path == RM_NONE ? "; no operation was found behind them" : "");
    v.fix = RM_STR("use a custom capability of the one device that the app is for");
    return rm_rule_fires(run, &v);
}
