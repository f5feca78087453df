/*
 * What IoCreateDeviceSecure and WdfDeviceInitAssignSDDLString take: D:P and then allow ACEs
 * (A;;rights;;;SID) (Windows: "SDDL for Device Objects").
 */
#include "condition.h"
#include "rights.h"

static void breach(rm_sink *sink, rm_loc at, uint32_t column, const char *text) {
    if (column != 0) {
        at.column = column;
    }
    rm_diag(sink, RM_WARNING, at, "sddl-kernel-subset", "outside what the kernel takes: %s", text);
}

static void check_ace(rm_sink *sink, rm_loc at, const rm_ace *ace) {
    if (ace->type != ACE_ALLOW) {
        breach(sink, at, ace->column, "an ACE of a type other than A");
        return;
    }
    if (ace->flags != 0) {
        breach(sink, at, ace->column, "an ACE with flags");
    }
    if (ace->beyond_rights) {
        breach(sink, at, ace->column, "rights other than GA GR GW GX RC SD WD WO or a number");
    }
    if (ace->beyond_sid) {
        breach(sink, at, ace->column,
               "a SID alias other than SY LS NS BA BU BG AU AN IU NU WD RC UD");
    }
}

void rm_sddl_kernel_subset(rm_sink *sink, rm_loc at, const rm_security *sd) {
    const rm_acl *dacl = &sd->dacl;
    if (sd->has_owner || sd->has_group) {
        breach(sink, at, 0, "an owner or a group");
    }
    if (!dacl->present || dacl->null || !dacl->is_protected || dacl->auto_inherit_req ||
        dacl->auto_inherited) {
        breach(sink, at, 0, "the DACL must begin with D:P and nothing else");
    }
    for (uint32_t i = 0; i < dacl->aces.count; i++) {
        check_ace(sink, at, &dacl->aces.at[i]);
    }
    if (sd->sacl.present) {
        breach(sink, at, sd->sacl.aces.count > 0 ? sd->sacl.aces.at[0].column : 0, "a SACL");
    }
}
