#include "condition.h"
#include "sddl.h"

void condition_put(rm_buf *buf, const rm_condition *condition, const rm_sid *domain) {
    (void)buf;
    (void)condition;
    (void)domain;
}

void resource_put(rm_buf *buf, rm_str claim, const rm_sid *domain) {
    (void)buf;
    (void)claim;
    (void)domain;
}

rm_status sddl_condition(struct sddl *s, const rm_condition **out) {
    (void)out;
    return sddl_fail(s, s->pos, "sddl-condition", "conditions are not read yet");
}

rm_status sddl_resource(struct sddl *s, rm_str *out) {
    (void)out;
    return sddl_fail(s, s->pos, "sddl-resource", "resource attributes are not read yet");
}

rm_status condition_evaluate(rm_arena *arena, const rm_condition *condition, const rm_security *sd,
                             const rm_token *token, bool deny, rm_tri *out) {
    (void)arena;
    (void)condition;
    (void)sd;
    (void)token;
    (void)deny;
    *out = RM_TRI_UNKNOWN;
    return RM_OK;
}
