#include <stdlib.h>

#include "model/access.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds) {
    if (!holds) {
        abort();
    }
}

/* What is accepted prints, and what is printed means the same and prints the same. */
static void round_trip(rm_arena *arena, const rm_security *sd) {
    rm_str printed = RM_STR_NONE;
    rm_str again = RM_STR_NONE;
    rm_str bytes = RM_STR_NONE;
    rm_str bytes_again = RM_STR_NONE;
    const rm_security *second = NULL;
    must(rm_sddl_format(arena, sd, &printed) == RM_OK);
    must(rm_sddl_parse(arena, NULL, (rm_loc){0}, printed, NULL, &second) == RM_OK);
    must(rm_sddl_format(arena, second, &again) == RM_OK);
    must(rm_str_eq(printed, again));
    if (sd->domain_relative) {
        return;
    }
    must(rm_security_to_binary(arena, sd, &bytes) == RM_OK);
    must(rm_security_from_binary(arena, NULL, (rm_loc){0}, bytes, &second) == RM_OK);
    must(rm_security_to_binary(arena, second, &bytes_again) == RM_OK);
    must(bytes_again.len <= bytes.len);
}

static void check_access(rm_arena *arena, const rm_security *sd) {
    rm_principals principals = {0};
    must(rm_principals_builtin(arena, &principals) == RM_OK);
    for (uint32_t i = 0; i < principals.count; i++) {
        rm_access_answer a;
        rm_access_trace trace = {0};
        bool granted = false;
        const rm_token *token = &principals.at[i].token;
        must(rm_access_answer_of(arena, sd, token, RM_OBJECT_DEVICE, &a) == RM_OK);
        must((a.dacl & ~a.max) == 0);
        must(rm_access_check(arena, sd, token, 1, RM_OBJECT_DEVICE, &granted, &trace) == RM_OK);
        must(granted == a.read);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    rm_arena *arena = rm_arena_new((size_t)256 << 20);
    const rm_security *sd = NULL;
    rm_sink sink = {0};
    if (arena == NULL || size > (1u << 14)) {
        rm_arena_free(arena);
        return 0;
    }
    rm_str text = {(const char *)data, size};
    rm_status st = rm_sddl_parse(arena, &sink, (rm_loc){.line = 1, .column = 1}, text, NULL, &sd);
    must(st == RM_OK || st == RM_SYNTAX);
    if (st == RM_OK) {
        round_trip(arena, sd);
        check_access(arena, sd);
        rm_sddl_kernel_subset(&sink, (rm_loc){0}, sd);
    }
    rm_arena_free(arena);
    return 0;
}
