#include <stdio.h>
#include <string.h>

#include "base/platform.h"
#include "base/text.h"
#include "inf/package.h"

/*
 * Reads INF files as often as told in one process: file, encoding, lines, package; no model. The
 * arguments are how often, then the files. The sums say that something was read.
 */
enum { LARGEST = 1 << 26 };

struct sums {
    unsigned long long bytes, lines, fields, models, services;
};

static rm_status read_one(const char *path, struct sums *sums) {
    rm_arena *arena = rm_arena_new((size_t)1 << 30);
    rm_inf_file file = {.path = rm_str_from(path)};
    rm_encoding encoding = RM_ENC_UTF8;
    rm_str bytes = RM_STR_NONE;
    rm_inf_set set;
    rm_inf_package package;
    rm_status st = arena == NULL ? RM_NOMEM : rm_file_read(arena, path, LARGEST, &bytes);
    if (st == RM_OK) {
        st = rm_text_decode(arena, NULL, file.path, bytes, &encoding, &file.text);
    }
    if (st == RM_OK) {
        st = rm_inf_set_open(&set, arena, NULL, &file, 1, 0);
    }
    if (st == RM_OK) {
        st = rm_inf_package_read(&set, &package);
    }
    if (st == RM_OK) {
        sums->bytes += bytes.len;
        sums->lines += set.main->lines.count;
        sums->fields += set.main->fields.count;
        sums->models += package.models.count;
        for (uint32_t i = 0; i < package.units.count; i++) {
            sums->services += package.units.at[i].services.count;
        }
    }
    rm_arena_free(arena);
    return st;
}

int main(int argc, char **argv) {
    uint64_t times = 0;
    struct sums sums = {0};
    if (argc < 3 || !rm_str_u64(rm_str_from(argv[1]), &times)) {
        (void)fprintf(stderr, "usage: bench_inf TIMES FILE...\n");
        return 2;
    }
    for (uint64_t i = 0; i < times; i++) {
        for (int k = 2; k < argc; k++) {
            rm_status st = read_one(argv[k], &sums);
            if (st != RM_OK) {
                (void)fprintf(stderr, "%s: %s\n", argv[k], rm_status_text(st));
                return 1;
            }
        }
    }
    (void)printf("%llu bytes, %llu lines, %llu fields, %llu models, %llu services\n", sums.bytes,
                 sums.lines, sums.fields, sums.models, sums.services);
    return 0;
}
