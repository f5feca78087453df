/*
 * How many security descriptors a second: each line of a file is parsed, printed and judged for
 * one token, as a program would that reads many. usage: sddl FILE SECONDS DOMAIN-SID
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/platform.h"
#include "model/access.h"

struct work {
    rm_str text;
    rm_sid domain;
    const rm_token *token;
    unsigned long strings, accepted, granted;
};

static double now(void) {
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool one(struct work *w, rm_str line) {
    rm_arena *arena = rm_arena_new((size_t)256 << 20);
    rm_sddl_options options = {.domain = &w->domain};
    const rm_security *sd = NULL;
    rm_str printed = RM_STR_NONE;
    bool granted = false;
    rm_status st =
        arena == NULL ? RM_NOMEM : rm_sddl_parse(arena, NULL, (rm_loc){0}, line, &options, &sd);
    w->strings++;
    if (st == RM_OK) {
        w->accepted++;
        st = rm_sddl_format(arena, sd, &printed);
    }
    if (st == RM_OK) {
        st = rm_access_check(arena, sd, w->token, 0x120089, RM_OBJECT_FILE, &granted, NULL);
        w->granted += granted;
    }
    rm_arena_free(arena);
    return st == RM_OK || st == RM_SYNTAX;
}

static bool all(struct work *w) {
    rm_str rest = w->text;
    while (rest.len > 0) {
        size_t end = rest.len;
        (void)rm_str_find_char(rest, '\n', &end);
        if (!one(w, rm_str_slice(rest, 0, end))) {
            return false;
        }
        rest = rm_str_slice(rest, end + 1, rest.len);
    }
    return true;
}

int main(int argc, char **argv) {
    rm_arena *arena = rm_arena_new((size_t)1 << 30);
    rm_principals principals = {0};
    struct work w = {0};
    uint64_t seconds = 0;
    if (argc != 4 || arena == NULL || !rm_str_u64(rm_str_from(argv[2]), &seconds) ||
        !rm_sid_from(rm_str_from(argv[3]), &w.domain) ||
        rm_file_read(arena, argv[1], (size_t)256 << 20, &w.text) != RM_OK ||
        rm_principals_builtin(arena, &principals) != RM_OK) {
        (void)fputs("usage: sddl FILE SECONDS DOMAIN-SID\n", stderr);
        return 2;
    }
    w.token = &principals.at[rm_principal_find(&principals, RM_STR("standard_user"))].token;
    double start = now();
    while (now() - start < (double)seconds) {
        if (!all(&w)) {
            return 1;
        }
    }
    double rate = (double)w.strings / (now() - start);
    (void)printf("%.0f %lu %lu %lu\n", rate, w.strings, w.accepted, w.granted);
    rm_arena_free(arena);
    return 0;
}
