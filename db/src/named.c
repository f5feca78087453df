#include "named.h"

const rm_named_query *rm_named_queries(uint32_t *count) {
    *count = rm_named_query_table_count;
    return rm_named_query_table;
}

const rm_named_query *rm_named_query_find(rm_str name) {
    for (uint32_t i = 0; i < rm_named_query_table_count; i++) {
        if (rm_str_eq(name, rm_str_from(rm_named_query_table[i].name))) {
            return &rm_named_query_table[i];
        }
    }
    return NULL;
}
