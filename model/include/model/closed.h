#ifndef MODEL_CLOSED_H
#define MODEL_CLOSED_H

#include "model/model.h"
#include "model/principal.h"

/*
 * Why a path is not worse: among the principals that are weaker than the one it begins with, the
 * nearest that does not come through, and what stops it.
 */
typedef struct rm_closed {
    rm_str principal;
    const char *gate; /* "open", "deliver", "authorisation" */
    rm_str text;      /* a sentence */
    rm_place place;   /* of the descriptor or the check that closes it */
} rm_closed;

/*
 * *found is false where no weaker principal is stopped, where the descriptor is not known, and
 * behind a service that opens the device with its own token. Texts live in `arena`.
 */
rm_status rm_nearest_closed(rm_arena *arena, const rm_model *model, const rm_principals *principals,
                            uint32_t path, rm_closed *out, bool *found) RM_CHECK_RESULT;

/* What no path tells of, for the foot of every report: a sentence. */
extern const char rm_not_modelled[];

#endif
