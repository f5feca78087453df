#include <stdlib.h>

#include "source/codes.h"
#include "source/macros.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The expansion of an expression without macros is worth what the expression is. */
static void check(const rm_macros *macros, rm_arena *arena, const rm_macro *m) {
    int64_t value = 0;
    int64_t again = 0;
    rm_expansion x = {0};
    rm_scope scope = {m->file, m->at};
    bool known = rm_macros_eval(macros, scope, m->body, &value, NULL);
    if (rm_macros_expand(macros, arena, scope, m->body, &x) == RM_OK && known &&
        (!rm_evaluate(x.text, RM_NAMES_REFUSED, &again) || again != value)) {
        abort();
    }
}

static void read_set(rm_source_set *set, rm_str text) {
    uint32_t index = 0;
    rm_file_bits bits;
    rm_macros *macros = NULL;
    if (rm_set_add(set, RM_STR("a.h"), text, true, &index) != RM_OK || rm_set_join(set) != RM_OK ||
        rm_set_find_codes(set) != RM_OK ||
        rm_bits_new(set->arena, set->files.count, &bits) != RM_OK) {
        return;
    }
    rm_bits_add(&bits, index);
    if (rm_macros_new(set->arena, set, bits, &macros) != RM_OK) {
        return;
    }
    const rm_macro_list *list = &set->files.at[index].scan.macros;
    for (uint32_t i = 0; i < list->count && i < 64; i++) {
        check(macros, set->arena, &list->at[i]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    rm_arena *arena = rm_arena_new((size_t)1 << 26);
    if (arena == NULL) {
        return 0;
    }
    rm_source_set set = {.arena = arena};
    read_set(&set, (rm_str){(const char *)data, size});
    rm_arena_free(arena);
    return 0;
}
