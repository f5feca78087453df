#include "alias.h"

#include <stddef.h>

/* Where the numbers of an alias hang. */
enum base {
    FIXED,  /* S-1-authority-first[-second…] as it stands */
    DOMAIN_ /* below the domain's (or machine's) own SID: second is the RID */
};

#define BUILTIN(rid)                                                                               \
    FIXED, 5, 2, {                                                                                 \
        32, (rid)                                                                                  \
    }
#define SERVICE(rid)                                                                               \
    FIXED, 5, 1, {                                                                                 \
        (rid)                                                                                      \
    }
#define LABEL(rid)                                                                                 \
    FIXED, 16, 1, {                                                                                \
        (rid)                                                                                      \
    }
#define BELOW(rid)                                                                                 \
    DOMAIN_, 5, 1, {                                                                               \
        (rid)                                                                                      \
    }

/* Sorted by code: found by halves; a test checks the order. */
static const struct alias {
    char code[3];
    enum base base;
    uint8_t authority;
    uint8_t count;
    uint32_t sub[6];
    const char *words;
} aliases[] = {
    {"AA", BUILTIN(579), "Access Control Assistance Operators"},
    {"AC", FIXED, 15, 2, {2, 1}, "all AppContainer packages"},
    {"AN", SERVICE(7), "Anonymous Logon"},
    {"AO", BUILTIN(548), "Account Operators"},
    {"AP", BELOW(525), "Protected Users"},
    {"AS", FIXED, 18, 1, {1}, "authentication authority asserted identity"},
    {"AU", SERVICE(11), "Authenticated Users"},
    {"BA", BUILTIN(544), "Administrators"},
    {"BG", BUILTIN(546), "Guests"},
    {"BO", BUILTIN(551), "Backup Operators"},
    {"BU", BUILTIN(545), "Users"},
    {"CA", BELOW(517), "Cert Publishers"},
    {"CD", BUILTIN(574), "Certificate Service DCOM Access"},
    {"CG", FIXED, 3, 1, {1}, "Creator Group"},
    {"CN", BELOW(522), "Cloneable Domain Controllers"},
    {"CO", FIXED, 3, 1, {0}, "Creator Owner"},
    {"CY", BUILTIN(569), "Cryptographic Operators"},
    {"DA", BELOW(512), "Domain Admins"},
    {"DC", BELOW(515), "Domain Computers"},
    {"DD", BELOW(516), "Domain Controllers"},
    {"DG", BELOW(514), "Domain Guests"},
    {"DU", BELOW(513), "Domain Users"},
    {"EA", BELOW(519), "Enterprise Admins"},
    {"ED", SERVICE(9), "Enterprise Domain Controllers"},
    {"EK", BELOW(527), "Enterprise Key Admins"},
    {"ER", BUILTIN(573), "Event Log Readers"},
    {"ES", BUILTIN(576), "RDS Endpoint Servers"},
    {"HA", BUILTIN(578), "Hyper-V Administrators"},
    {"HI", LABEL(0x3000), "High integrity"},
    {"HO", BUILTIN(584), "User Mode Hardware Operators"},
    {"IS", BUILTIN(568), "IIS_IUSRS"},
    {"IU", SERVICE(4), "Interactive"},
    {"KA", BELOW(526), "Key Admins"},
    {"LA", BELOW(500), "the local Administrator"},
    {"LG", BELOW(501), "the local Guest"},
    {"LS", SERVICE(19), "Local Service"},
    {"LU", BUILTIN(559), "Performance Log Users"},
    {"LW", LABEL(0x1000), "Low integrity"},
    {"ME", LABEL(0x2000), "Medium integrity"},
    {"MP", LABEL(0x2100), "Medium Plus integrity"},
    {"MS", BUILTIN(577), "RDS Management Servers"},
    {"MU", BUILTIN(558), "Performance Monitor Users"},
    {"NO", BUILTIN(556), "Network Configuration Operators"},
    {"NS", SERVICE(20), "Network Service"},
    {"NU", SERVICE(2), "Network"},
    {"OW", FIXED, 3, 1, {4}, "Owner Rights"},
    {"PA", BELOW(520), "Group Policy Creator Owners"},
    {"PO", BUILTIN(550), "Print Operators"},
    {"PS", SERVICE(10), "Principal Self"},
    {"PU", BUILTIN(547), "Power Users"},
    {"RA", BUILTIN(575), "RDS Remote Access Servers"},
    {"RC", SERVICE(12), "Restricted Code"},
    {"RD", BUILTIN(555), "Remote Desktop Users"},
    {"RE", BUILTIN(552), "Replicator"},
    {"RM", BUILTIN(580), "Remote Management Users"},
    {"RO", BELOW(498), "Enterprise Read-only Domain Controllers"},
    {"RS", BELOW(553), "RAS and IAS Servers"},
    {"RU", BUILTIN(554), "Pre-Windows 2000 Compatible Access"},
    {"SA", BELOW(518), "Schema Admins"},
    {"SH", BUILTIN(585), "OpenSSH Users"},
    {"SI", LABEL(0x4000), "System integrity"},
    {"SO", BUILTIN(549), "Server Operators"},
    {"SS", FIXED, 18, 1, {2}, "service asserted identity"},
    {"SU", SERVICE(6), "Service"},
    {"SY", SERVICE(18), "System"},
    {"UD", FIXED, 5, 6, {84, 0, 0, 0, 0, 0}, "user-mode drivers"},
    {"WD", FIXED, 1, 1, {0}, "Everyone"},
    {"WR", SERVICE(33), "Write Restricted"},
};

enum { ALIASES = sizeof aliases / sizeof aliases[0] };

/* Well-known SIDs that have words but no alias. */
static const struct {
    rm_sid sid;
    const char *words;
} unaliased[] = {
    {{.authority = 2, .count = 1, .sub = {0}}, "Local"},
    {{.authority = 2, .count = 1, .sub = {1}}, "Console Logon"},
    {{.authority = 5, .count = 1, .sub = {15}}, "This Organization"},
    {{.authority = 5, .count = 1, .sub = {113}}, "local account"},
    {{.authority = 5, .count = 1, .sub = {114}}, "local account and administrator"},
    {{.authority = 5, .count = 2, .sub = {64, 10}}, "NTLM Authentication"},
    {{.authority = 15, .count = 2, .sub = {2, 2}}, "all restricted AppContainer packages"},
    {{.authority = 15, .count = 2, .sub = {3, 1}}, "capability internetClient"},
    {{.authority = 16, .count = 1, .sub = {0}}, "Untrusted integrity"},
    {{.authority = 16, .count = 1, .sub = {0x5000}}, "Protected integrity"},
};

static int upper(char c) {
    return c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c;
}

static int compare_code(rm_str code, const char *with) {
    int first = upper(code.ptr[0]) - with[0];
    return first != 0 ? first : upper(code.ptr[1]) - with[1];
}

static const struct alias *find_code(rm_str code) {
    size_t low = 0;
    size_t high = code.len == 2 ? ALIASES : 0;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = compare_code(code, aliases[middle].code);
        if (order == 0) {
            return &aliases[middle];
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return NULL;
}

static rm_sid sid_of(const struct alias *alias) {
    rm_sid sid = {.authority = alias->authority,
                  .count = alias->count,
                  .domain_relative = alias->base == DOMAIN_};
    for (unsigned i = 0; i < alias->count; i++) {
        sid.sub[i] = alias->sub[i];
    }
    return sid;
}

bool alias_find(rm_str code, const rm_sid *domain, rm_sid *out) {
    const struct alias *alias = find_code(code);
    if (alias == NULL) {
        return false;
    }
    rm_sid sid = sid_of(alias);
    if (sid.domain_relative && domain != NULL && domain->count < RM_SID_MAX_SUBS) {
        sid = *domain;
        sid.sub[sid.count++] = alias->sub[0];
    }
    *out = sid;
    return true;
}

bool alias_in_kernel_subset(rm_str code) {
    static const char *const codes[] = {"SY", "LS", "NS", "BA", "BU", "BG", "AU",
                                        "AN", "IU", "NU", "WD", "RC", "UD"};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (rm_str_ieq(code, rm_str_from(codes[i]))) {
            return true;
        }
    }
    return false;
}

/* `sid` as an alias would have it: a RID below `domain` becomes domain-relative. */
static rm_sid as_relative(const rm_sid *sid, const rm_sid *domain) {
    uint32_t rid = 0;
    if (domain != NULL && rm_sid_below(sid, domain, &rid)) {
        return (rm_sid){.authority = 5, .count = 1, .sub = {rid}, .domain_relative = true};
    }
    return *sid;
}

/* The last number tells nearly all of them apart, so it is looked at first. */
static bool names(const struct alias *alias, const rm_sid *sid) {
    if (alias->count != sid->count || alias->sub[alias->count - 1] != sid->sub[sid->count - 1] ||
        alias->authority != sid->authority || (alias->base == DOMAIN_) != sid->domain_relative) {
        return false;
    }
    for (unsigned i = 0; i + 1 < alias->count; i++) {
        if (alias->sub[i] != sid->sub[i]) {
            return false;
        }
    }
    return true;
}

static const struct alias *find_sid(const rm_sid *sid, const rm_sid *domain) {
    rm_sid wanted = as_relative(sid, domain);
    if (wanted.count == 0) {
        return NULL;
    }
    for (size_t i = 0; i < ALIASES; i++) {
        if (names(&aliases[i], &wanted)) {
            return &aliases[i];
        }
    }
    return NULL;
}

const char *rm_sid_alias(const rm_sid *sid, const rm_sid *domain) {
    const struct alias *alias = find_sid(sid, domain);
    return alias == NULL ? NULL : alias->code;
}

const char *rm_sid_words(const rm_sid *sid, const rm_sid *domain) {
    const struct alias *alias = find_sid(sid, domain);
    if (alias != NULL) {
        return alias->words;
    }
    for (size_t i = 0; i < sizeof unaliased / sizeof unaliased[0]; i++) {
        if (rm_sid_eq(&unaliased[i].sid, sid)) {
            return unaliased[i].words;
        }
    }
    return NULL;
}
