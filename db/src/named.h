#ifndef DB_SRC_NAMED_H
#define DB_SRC_NAMED_H

#include "db/query.h"

/* Sorted by name; made from db/queries by the build. */
extern const rm_named_query rm_named_query_table[];
extern const uint32_t rm_named_query_table_count;

#endif
