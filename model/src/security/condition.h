#ifndef SECURITY_CONDITION_H
#define SECURITY_CONDITION_H

#include "model/principal.h"

void sid_put(rm_buf *buf, const rm_sid *sid, const rm_sid *domain);
void condition_put(rm_buf *buf, const rm_condition *condition, const rm_sid *domain);
void resource_put(rm_buf *buf, rm_str claim, const rm_sid *domain);

/* Three-valued; `deny`: deny-only groups count as held. NULL is unknown. */
rm_status condition_evaluate(rm_arena *arena, const rm_condition *condition, const rm_security *sd,
                             const rm_token *token, bool deny, rm_tri *out) RM_CHECK_RESULT;

/* Does one of the SIDs count as held? */
bool token_holds(const rm_token_sids *sids, const rm_sid *sid, const rm_security *sd,
                 bool deny_only_too);

#endif
