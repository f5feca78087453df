#ifndef MODEL_ORIGIN_H
#define MODEL_ORIGIN_H

#include "model/model.h"
#include "model/principal.h"

/*
 * The token an app runs with: its principal's; in an AppContainer with the app's own package and
 * capability SIDs in the place of examples. *out borrows from `principal` and lives in `arena`.
 */
rm_status rm_app_token(rm_arena *arena, const rm_model *model, uint32_t app,
                       const rm_principal *principal, rm_token *out) RM_CHECK_RESULT;

/* NT SERVICE\name: an account of the service's own, with no rights beyond Local Service's. */
bool rm_account_is_virtual(rm_str account);

/*
 * The token of a service of this name: `account`'s with the service's own SID, where that of no
 * service in particular stands in the principals. Restricted as the INF says; without it where the
 * INF says that it has none. A virtual account is the user in Local Service's place. As above.
 */
rm_status rm_service_token(rm_arena *arena, const rm_service *service, const rm_token *account,
                           rm_token *out) RM_CHECK_RESULT;

#endif
