#ifndef DB_SRC_SQL_H
#define DB_SRC_SQL_H

#include <stddef.h>

/* The functions that free SQL may call, sorted by ASCII case-folded name. */
extern const char *const rm_sql_functions[];
extern const size_t rm_sql_function_count;

#endif
