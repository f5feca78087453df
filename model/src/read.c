#include <stddef.h>
#include <string.h>

#include "model/model.h"

/* What every RM_LIST begins with. */
typedef struct any_list {
    unsigned char *at;
    uint32_t count;
    uint32_t capacity;
} any_list;

#define LIST(id, list) {offsetof(rm_model, list), sizeof *((rm_model *)0)->list.at},
static const struct fact_list {
    size_t list;
    size_t item_size;
} lists[] = {RM_FACT_LIST(LIST)};

static rm_status copy_list(rm_arena *arena, const struct fact_list *which, rm_model *to) {
    any_list list;
    unsigned char *where = (unsigned char *)to + which->list;
    memcpy(&list, where, sizeof list);
    if (list.count == 0) {
        list = (any_list){0};
    } else {
        const unsigned char *items = list.at;
        list.at = rm_arena_alloc(arena, list.count, which->item_size);
        list.capacity = list.count;
        if (list.at == NULL) {
            return RM_NOMEM;
        }
        memcpy(list.at, items, list.count * which->item_size);
    }
    memcpy(where, &list, sizeof list);
    return RM_OK;
}

rm_status rm_model_keep_read(rm_model *model) {
    rm_model *read = RM_NEW(model->arena, rm_model);
    if (read == NULL) {
        return RM_NOMEM;
    }
    *read = *model;
    rm_status st = RM_OK;
    for (size_t i = 0; st == RM_OK && i < sizeof lists / sizeof lists[0]; i++) {
        st = copy_list(model->arena, &lists[i], read);
    }
    model->read = st == RM_OK ? read : NULL;
    return st;
}
