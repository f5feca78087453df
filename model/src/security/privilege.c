#include "model/principal.h"

#include <stddef.h>

/* Windows: "Privilege Constants (Authorization)"; the ones that change an answer of ours. */
static const struct {
    uint32_t bit;
    const char *name;     /* as the system prints it */
    const char *constant; /* as winnt.h calls it */
} privileges[] = {
    {RM_PRIV_CHANGE_NOTIFY, "SeChangeNotifyPrivilege", "SE_CHANGE_NOTIFY_PRIVILEGE"},
    {RM_PRIV_SECURITY, "SeSecurityPrivilege", "SE_SECURITY_PRIVILEGE"},
    {RM_PRIV_TAKE_OWNERSHIP, "SeTakeOwnershipPrivilege", "SE_TAKE_OWNERSHIP_PRIVILEGE"},
    {RM_PRIV_RELABEL, "SeRelabelPrivilege", "SE_RELABEL_PRIVILEGE"},
    {RM_PRIV_BACKUP, "SeBackupPrivilege", "SE_BACKUP_PRIVILEGE"},
    {RM_PRIV_RESTORE, "SeRestorePrivilege", "SE_RESTORE_PRIVILEGE"},
    {RM_PRIV_DEBUG, "SeDebugPrivilege", "SE_DEBUG_PRIVILEGE"},
    {RM_PRIV_LOAD_DRIVER, "SeLoadDriverPrivilege", "SE_LOAD_DRIVER_PRIVILEGE"},
    {RM_PRIV_IMPERSONATE, "SeImpersonatePrivilege", "SE_IMPERSONATE_PRIVILEGE"},
    {RM_PRIV_MANAGE_VOLUME, "SeManageVolumePrivilege", "SE_MANAGE_VOLUME_PRIVILEGE"},
    {RM_PRIV_TCB, "SeTcbPrivilege", "SE_TCB_PRIVILEGE"},
    {RM_PRIV_ASSIGN_PRIMARY_TOKEN, "SeAssignPrimaryTokenPrivilege",
     "SE_ASSIGNPRIMARYTOKEN_PRIVILEGE"},
    {RM_PRIV_SHUTDOWN, "SeShutdownPrivilege", "SE_SHUTDOWN_PRIVILEGE"},
    {RM_PRIV_UNDOCK, "SeUndockPrivilege", "SE_UNDOCK_PRIVILEGE"},
    {RM_PRIV_INCREASE_WORKING_SET, "SeIncreaseWorkingSetPrivilege", "SE_INC_WORKING_SET_PRIVILEGE"},
    {RM_PRIV_TIME_ZONE, "SeTimeZonePrivilege", "SE_TIME_ZONE_PRIVILEGE"},
    {RM_PRIV_INCREASE_QUOTA, "SeIncreaseQuotaPrivilege", "SE_INCREASE_QUOTA_PRIVILEGE"},
};

enum { PRIVILEGES = sizeof privileges / sizeof privileges[0] };

bool rm_privilege_from(rm_str name, uint32_t *bit) {
    for (size_t i = 0; i < PRIVILEGES; i++) {
        if (rm_str_ieq(name, rm_str_from(privileges[i].name)) ||
            rm_str_eq(name, rm_str_from(privileges[i].constant))) {
            *bit = privileges[i].bit;
            return true;
        }
    }
    return false;
}

static bool in_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static bool has_word(rm_str text, rm_str word) {
    for (size_t from = 0, at = 0; rm_str_find(rm_str_slice(text, from, text.len), word, &at);
         from += at + 1) {
        const size_t begin = from + at;
        const size_t end = begin + word.len;
        if ((begin == 0 || !in_word(text.ptr[begin - 1])) &&
            (end == text.len || !in_word(text.ptr[end]))) {
            return true;
        }
    }
    return false;
}

bool rm_privilege_in(rm_str expression, uint32_t *bit) {
    uint32_t found = 0;
    for (size_t i = 0; i < PRIVILEGES; i++) {
        if (has_word(expression, rm_str_from(privileges[i].name)) ||
            has_word(expression, rm_str_from(privileges[i].constant))) {
            found |= privileges[i].bit;
        }
    }
    *bit = found;
    return found != 0 && (found & (found - 1)) == 0;
}

const char *rm_privilege_name(uint32_t bit) {
    for (size_t i = 0; i < PRIVILEGES; i++) {
        if (privileges[i].bit == bit) {
            return privileges[i].name;
        }
    }
    return NULL;
}
