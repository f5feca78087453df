#include "manifest/push.h"

/*
 * What an application of a package runs as. Source: the schema's pages on Application and
 * Extension: TrustLevel and RuntimeBehavior (uap10), before them the well-known entry points.
 */

static const rm_trust container = {"appcontainer", "appContainer", RM_STATE_CONFIRMED};
static const rm_trust full = {"standard_user", "mediumIL", RM_STATE_CONFIRMED};

bool rm_manifest_has(const rm_manifest *manifest, const char *capability) {
    for (uint32_t i = 0; i < manifest->capabilities.count; i++) {
        if (rm_str_eq(manifest->capabilities.at[i].name, rm_str_from(capability))) {
            return true;
        }
    }
    return false;
}

/* A name that the build fills in: "$targetentrypoint$". */
static bool is_placeholder(rm_str text) {
    return text.len > 1 && text.ptr[0] == '$' && text.ptr[text.len - 1] == '$';
}

static bool is(rm_str text, const char *word) {
    return rm_str_ieq(text, rm_str_from(word));
}

static bool told_by(rm_str level, rm_str behavior, rm_str entry_point, rm_trust *out) {
    bool is_full = is(level, "mediumIL") || is(behavior, "win32App") ||
                   (level.len == 0 && is(entry_point, "windows.fullTrustApplication"));
    bool is_container = is(level, "appContainer") || is(behavior, "windowsApp") ||
                        is(behavior, "packagedClassicApp") || is(behavior, "appSilo") ||
                        is(entry_point, "Isolated.App") ||
                        is(entry_point, "windows.partialTrustApplication");
    if (is_full || is_container) {
        *out = is_full ? full : container;
    }
    return is_full || is_container;
}

rm_trust rm_manifest_trust(const rm_manifest *manifest, const rm_manifest_app *app) {
    rm_trust trust = container;
    if (told_by(app->trust_level, app->runtime_behavior, app->entry_point, &trust)) {
        return trust;
    }
    /* With runFullTrust, a desktop program's project leaves its entry point to the build. */
    bool open = is_placeholder(app->entry_point) || app->host_id.len > 0 ||
                (app->entry_point.len == 0 && app->start_page.len == 0 && app->executable.len > 0);
    if (open && rm_manifest_has(manifest, "runFullTrust")) {
        trust = full;
    }
    /* a host runtime's trust stands in the manifest of its own package */
    trust.state =
        trust.principal == full.principal || app->host_id.len > 0 ? RM_STATE_DERIVED : trust.state;
    return trust;
}

bool rm_manifest_extension_trust(const rm_manifest_extension *extension, rm_trust *out) {
    static const struct {
        const char *account;
        const char *principal;
    } accounts[] = {
        {"localSystem", "system"},
        {"localService", "local_service"},
        {"networkService", "network_service"},
    };
    if (is(extension->category, "windows.service")) {
        *out = (rm_trust){"system", "", RM_STATE_CONFIRMED};
        for (size_t i = 0; i < sizeof accounts / sizeof accounts[0]; i++) {
            if (is(extension->start_account, accounts[i].account)) {
                out->principal = accounts[i].principal;
            }
        }
        return true;
    }
    if (is(extension->category, "windows.fullTrustProcess") || extension->server.len > 0) {
        *out = full;
        return true;
    }
    return told_by(extension->trust_level, extension->runtime_behavior, extension->entry_point,
                   out);
}
