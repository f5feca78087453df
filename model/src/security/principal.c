#include "model/principal.h"

/*
 * The sixteen principals of the map: what a default Windows 10 or 11 token of that kind holds.
 * Lists are SIDs parted by blanks: an alias, S-1-…, or @RID for a RID of the machine's or domain's
 * own SID, whatever that is. A '-' in front makes a group deny-only.
 */

#define LOGON "S-1-5-5-0-100001"
#define LOCAL "S-1-2-0"
#define CONSOLE "S-1-2-1"
#define THIS_ORGANIZATION "S-1-5-15"
#define LOCAL_ACCOUNT "S-1-5-113"
#define LOCAL_ADMIN_ACCOUNT "S-1-5-114"
#define NTLM "S-1-5-64-10"
#define DOMAIN_USERS "@513"

/*
 * A service in general has the SID of no service in particular: no name gives this one, so that a
 * descriptor which names a service lets in that service alone (rm_service_token()).
 */
#define OWN_SERVICE "S-1-5-80-1-2-3-4-5"

#define AT_THE_CONSOLE                                                                             \
    "WD BU IU " CONSOLE " AU " THIS_ORGANIZATION " " LOCAL_ACCOUNT " " LOCAL " " NTLM " " LOGON    \
    " " DOMAIN_USERS
#define OVER_THE_NETWORK                                                                           \
    "WD BU NU AU " THIS_ORGANIZATION " " LOCAL_ACCOUNT " " NTLM " " LOGON " " DOMAIN_USERS
#define AS_A_SERVICE                                                                               \
    "WD BU SU " CONSOLE " AU " THIS_ORGANIZATION " " LOCAL " " LOGON " " OWN_SERVICE

/* Legacy Edge's: a package like any other, whose SID is public. */
#define PACKAGE                                                                                    \
    "S-1-15-2-3624051433-2125758914-1423191267-1740899205-1073925389-3782572162-737981194"
#define INTERNET_CLIENT "S-1-15-3-1"

enum {
    UNTRUSTED = 0,
    LOW = 0x1000,
    MEDIUM = 0x2000,
    HIGH = 0x3000,
    SYSTEM = 0x4000,

    NOTIFY = RM_PRIV_CHANGE_NOTIFY,
    STANDARD = RM_PRIV_CHANGE_NOTIFY | RM_PRIV_SHUTDOWN | RM_PRIV_UNDOCK |
               RM_PRIV_INCREASE_WORKING_SET | RM_PRIV_TIME_ZONE,
    SERVICE = RM_PRIV_CHANGE_NOTIFY | RM_PRIV_IMPERSONATE | RM_PRIV_ASSIGN_PRIMARY_TOKEN |
              RM_PRIV_INCREASE_QUOTA | RM_PRIV_INCREASE_WORKING_SET,
    ADMIN = STANDARD | RM_PRIV_BACKUP | RM_PRIV_RESTORE | RM_PRIV_DEBUG | RM_PRIV_TAKE_OWNERSHIP |
            RM_PRIV_SECURITY | RM_PRIV_LOAD_DRIVER | RM_PRIV_IMPERSONATE | RM_PRIV_MANAGE_VOLUME,
    EVERYTHING = ADMIN | RM_PRIV_TCB | RM_PRIV_RELABEL
};

enum form { PLAIN, APPCONTAINER, APPCONTAINER_ANY_CAPABILITY, LPAC, RESTRICTED, WRITE_RESTRICTED };

/* In the order of the contract; disparity and boundary are the ontology's section 4.2. */
static const struct row {
    const char *name, *title;
    const char *user, *groups, *restricting;
    enum form form;
    uint32_t integrity, privileges;
    uint32_t disparity;
    rm_boundary_kind boundary;
} rows[] = {
    {"lpac", "any less privileged AppContainer", "@1001", AT_THE_CONSOLE, "", LPAC, LOW, NOTIFY,
     1000, RM_BOUNDARY_LPAC},
    {"appcontainer", "any AppContainer app", "@1001", AT_THE_CONSOLE, "", APPCONTAINER, LOW, NOTIFY,
     900, RM_BOUNDARY_APPCONTAINER},
    {"appcontainer_with_caps", "an AppContainer app with every capability that is asked for",
     "@1001", AT_THE_CONSOLE, "", APPCONTAINER_ANY_CAPABILITY, LOW, NOTIFY, 900,
     RM_BOUNDARY_APPCONTAINER},
    {"low_il_user", "a user's process at low integrity", "@1001", AT_THE_CONSOLE, "", PLAIN, LOW,
     STANDARD, 800, RM_BOUNDARY_LOW},
    {"restricted_user", "a user's process with a restricted token", "@1001", AT_THE_CONSOLE,
     "RC " LOGON, RESTRICTED, MEDIUM, NOTIFY, 800, RM_BOUNDARY_RESTRICTED},
    {"guest", "the guest account", "@501", "WD BG IU " CONSOLE " " LOCAL " " LOGON, "", PLAIN,
     MEDIUM, NOTIFY, 800, RM_BOUNDARY_GUEST},
    {"anonymous", "an anonymous caller", "AN", "NU " LOGON, "", PLAIN, UNTRUSTED, 0, 800,
     RM_BOUNDARY_GUEST},
    {"remote_user", "a user logged on over the network", "@1001", OVER_THE_NETWORK, "", PLAIN,
     MEDIUM, NOTIFY, 800, RM_BOUNDARY_NETWORK},
    {"standard_user", "any user", "@1001", AT_THE_CONSOLE, "", PLAIN, MEDIUM, STANDARD, 700,
     RM_BOUNDARY_USER},
    {"admin_filtered", "an administrator before elevation", "@1002",
     AT_THE_CONSOLE " -BA -" LOCAL_ADMIN_ACCOUNT, "", PLAIN, MEDIUM, STANDARD, 700,
     RM_BOUNDARY_USER},
    {"write_restricted_service", "a write-restricted service", "LS", AS_A_SERVICE " WR",
     OWN_SERVICE " " LOGON " WD WR", WRITE_RESTRICTED, SYSTEM, NOTIFY | RM_PRIV_IMPERSONATE, 500,
     RM_BOUNDARY_SERVICE},
    {"local_service", "a service as Local Service", "LS", AS_A_SERVICE, "", PLAIN, SYSTEM, SERVICE,
     500, RM_BOUNDARY_SERVICE},
    {"network_service", "a service as Network Service", "NS", AS_A_SERVICE, "", PLAIN, SYSTEM,
     SERVICE, 500, RM_BOUNDARY_SERVICE},
    {"umdf_host", "the host of user-mode drivers", "LS", AS_A_SERVICE " UD", "", PLAIN, SYSTEM,
     SERVICE, 500, RM_BOUNDARY_UMDF},
    {"admin_elevated", "an elevated administrator", "@1002",
     AT_THE_CONSOLE " BA " LOCAL_ADMIN_ACCOUNT, "", PLAIN, HIGH, ADMIN, 250, RM_BOUNDARY_ADMIN},
    {"system", "a service as SYSTEM", "SY", "BA WD AU", "", PLAIN, SYSTEM, EVERYTHING, 150,
     RM_BOUNDARY_SYSTEM},
};

enum { ROWS = sizeof rows / sizeof rows[0] };

static bool read_sid(rm_str text, rm_sid *out) {
    uint64_t rid = 0;
    if (text.len > 0 && text.ptr[0] == '@') {
        if (!rm_str_u64(rm_str_slice(text, 1, text.len), &rid) || rid > UINT32_MAX) {
            return false;
        }
        *out =
            (rm_sid){.authority = 5, .count = 1, .sub = {(uint32_t)rid}, .domain_relative = true};
        return true;
    }
    return rm_sid_from(text, out);
}

static rm_status add_sid(rm_arena *arena, rm_str text, rm_token_sids *list) {
    bool deny_only = text.len > 0 && text.ptr[0] == '-';
    rm_sid sid = {0};
    if (!read_sid(rm_str_slice(text, deny_only, text.len), &sid)) {
        return RM_INTERNAL; /* a slip in the table above; a test reads every row */
    }
    rm_token_sid *slot = rm_push(arena, list);
    if (slot == NULL) {
        return RM_NOMEM;
    }
    *slot = (rm_token_sid){.sid = sid, .enabled = !deny_only, .deny_only = deny_only};
    return RM_OK;
}

static rm_status add_sids(rm_arena *arena, const char *list, rm_token_sids *out) {
    rm_str rest = rm_str_from(list);
    rm_status st = RM_OK;
    while (st == RM_OK && rest.len > 0) {
        size_t blank = rest.len;
        (void)rm_str_find_char(rest, ' ', &blank);
        st = add_sid(arena, rm_str_slice(rest, 0, blank), out);
        rest = rm_str_slice(rest, blank + 1, rest.len);
    }
    return st;
}

static rm_status make_container(rm_arena *arena, enum form form, rm_token *token) {
    token->appcontainer = true;
    token->lpac = form == LPAC;
    token->all_capabilities = form == APPCONTAINER_ANY_CAPABILITY;
    if (!rm_sid_from(RM_STR(PACKAGE), &token->package)) {
        return RM_INTERNAL;
    }
    return form == LPAC ? RM_OK : add_sids(arena, INTERNET_CLIENT, &token->capabilities);
}

static rm_status make_token(rm_arena *arena, const struct row *row, rm_token *token) {
    *token = (rm_token){.integrity = row->integrity,
                        .privileges = row->privileges,
                        .restricted = row->form == RESTRICTED || row->form == WRITE_RESTRICTED,
                        .write_restricted = row->form == WRITE_RESTRICTED};
    rm_status st = add_sids(arena, row->user, &token->sids);
    if (st == RM_OK) {
        st = add_sids(arena, row->groups, &token->sids);
    }
    if (st == RM_OK) {
        st = add_sids(arena, row->restricting, &token->restricting);
    }
    bool container =
        row->form == APPCONTAINER || row->form == LPAC || row->form == APPCONTAINER_ANY_CAPABILITY;
    return st == RM_OK && container ? make_container(arena, row->form, token) : st;
}

rm_status rm_principals_builtin(rm_arena *arena, rm_principals *out) {
    for (size_t i = 0; i < ROWS; i++) {
        rm_principal principal = {.name = rm_str_from(rows[i].name),
                                  .title = rm_str_from(rows[i].title),
                                  .disparity = rows[i].disparity,
                                  .boundary = rows[i].boundary,
                                  .builtin = true};
        rm_status st = make_token(arena, &rows[i], &principal.token);
        rm_principal *slot = st == RM_OK ? rm_push(arena, out) : NULL;
        if (slot == NULL) {
            return st == RM_OK ? RM_NOMEM : st;
        }
        *slot = principal;
    }
    return RM_OK;
}

uint32_t rm_principal_find(const rm_principals *principals, rm_str name) {
    static const struct {
        rm_str brief, full;
    } brief_forms[] = {
        {{"low", 3}, {"low_il_user", 11}},
        {{"user", 4}, {"standard_user", 13}},
        {{"admin", 5}, {"admin_elevated", 14}},
    };
    for (size_t i = 0; i < sizeof brief_forms / sizeof brief_forms[0]; i++) {
        if (rm_str_eq(name, brief_forms[i].brief)) {
            name = brief_forms[i].full;
        }
    }
    for (uint32_t i = 0; i < principals->count; i++) {
        if (rm_str_eq(principals->at[i].name, name)) {
            return i;
        }
    }
    return RM_NONE;
}
