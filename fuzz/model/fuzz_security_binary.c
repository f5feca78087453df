#include <stdlib.h>

#include "model/access.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds) {
    if (!holds) {
        abort();
    }
}

/* What is read can be written, and what was written reads and writes the same. */
static void round_trip(rm_arena *arena, const rm_security *sd) {
    rm_str bytes = RM_STR_NONE;
    rm_str again = RM_STR_NONE;
    rm_str text = RM_STR_NONE;
    const rm_security *second = NULL;
    rm_status st = rm_security_to_binary(arena, sd, &bytes);
    must(st == RM_OK || st == RM_LIMIT); /* parts that lay on one another need more room apart */
    if (st == RM_OK) {
        must(rm_security_from_binary(arena, NULL, (rm_loc){0}, bytes, &second) == RM_OK);
        must(rm_security_to_binary(arena, second, &again) == RM_OK);
        must(rm_str_eq(bytes, again));
    }
    st = rm_sddl_format(arena, sd, &text);
    must(st == RM_OK || st == RM_USAGE); /* some types of ACE have no text */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    rm_arena *arena = rm_arena_new((size_t)256 << 20);
    const rm_security *sd = NULL;
    rm_principals principals = {0};
    if (arena == NULL || size > (1u << 16)) {
        rm_arena_free(arena);
        return 0;
    }
    rm_str bytes = {(const char *)data, size};
    rm_status st = rm_security_from_binary(arena, NULL, (rm_loc){0}, bytes, &sd);
    must(st == RM_OK || st == RM_SYNTAX);
    if (st == RM_OK) {
        rm_access_answer a;
        round_trip(arena, sd);
        must(rm_principals_builtin(arena, &principals) == RM_OK);
        must(rm_access_answer_of(arena, sd, &principals.at[1].token, RM_OBJECT_DEVICE, &a) ==
             RM_OK);
    }
    rm_arena_free(arena);
    return 0;
}
