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

const char *rm_privilege_name(uint32_t bit) {
    for (size_t i = 0; i < PRIVILEGES; i++) {
        if (privileges[i].bit == bit) {
            return privileges[i].name;
        }
    }
    return NULL;
}
