#ifndef MODEL_CVSS_H
#define MODEL_CVSS_H

#include "model/model.h"

/*
 * A CVSS 4.0 base vector for the ticket of a path (FIRST, "CVSS v4.0 specification", section 2). An
 * aid, not a rating: the vector knows no chain and puts every local path of one privilege level on
 * one step, so paths are ranked by the score (docs/model.md) and never by it.
 *
 *     AV  L always: requests to a driver are local
 *     AC  H where input is partly or wholly validated, else L
 *     AT  P where a gate, the authorisation or the validation is not known, else N
 *     PR  H from administrators and the system, else L
 *     VC VI VA  by class: what reads, what stops, what does whatever the caller wants
 *
 * `boundary` is that of the token that opens the device. Needs the path's gates and validation.
 */
rm_status rm_cvss_vector(rm_arena *arena, rm_boundary_kind boundary, rm_str sink_class,
                         const rm_path *path, rm_str *out) RM_CHECK_RESULT;

#endif
