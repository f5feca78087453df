#include "schema.h"

#include <stddef.h>

#include "columns.h"

#define X(id, field, where)                                                                        \
    [RM_TABLE_##id] = {.name = #field,                                                             \
                       .list = offsetof(rm_image, where),                                          \
                       .item_size = sizeof *((rm_image *)0)->where.at,                             \
                       .columns = rm_columns_##field},
const rm_table rm_tables[RM_TABLE_COUNT] = {RM_TABLE_LIST(X)};
#undef X

/* What the views and the users' queries look rows up by; every other join goes by `n`. */
static const struct {
    const char *table, *column;
} indexes[] = {
    {"drivers", "name"},      {"devices", "driver"},   {"descriptors", "subject"},
    {"doors", "device"},      {"entries", "driver"},   {"ioctls", "code"},
    {"inputs", "entry"},      {"checks", "entry"},     {"sinks", "entry"},
    {"forwards", "entry"},    {"accesses", "subject"}, {"paths", "id"},
    {"steps", "path"},        {"findings", "id"},      {"rules", "id"},
    {"sink_classes", "name"},
};
enum { INDEX_COUNT = sizeof indexes / sizeof indexes[0] };

static const char *column_type(const rm_column *column) {
    switch (column->kind) {
    case RM_COLUMN_TEXT:
    case RM_COLUMN_TEXT_IF: return "TEXT";
    case RM_COLUMN_WORD: return "TEXT NOT NULL";
    case RM_COLUMN_FLAG:
    case RM_COLUMN_U32:
    case RM_COLUMN_U64: return "INTEGER NOT NULL";
    case RM_COLUMN_TRI:
    case RM_COLUMN_U32_KNOWN:
    case RM_COLUMN_U32_IF:
    case RM_COLUMN_REF:
    case RM_COLUMN_SUBJECT:
    case RM_COLUMN_CODE_SENT: return "INTEGER";
    }
    return "";
}

static void table_ddl(rm_buf *sql, const rm_table *table) {
    rm_buf_printf(sql, "CREATE TABLE \"%s\"(n INTEGER PRIMARY KEY", table->name);
    for (const rm_column *c = table->columns; c->name != NULL; c++) {
        rm_buf_printf(sql, ", \"%s\" %s", c->name, column_type(c));
        if (c->kind == RM_COLUMN_REF) {
            rm_buf_printf(sql, " REFERENCES \"%s\"", rm_tables[c->target].name);
        }
    }
    rm_buf_text(sql, ") STRICT");
}

static void statement_ddl(rm_buf *sql, uint32_t i) {
    if (i < RM_TABLE_COUNT) {
        table_ddl(sql, &rm_tables[i]);
        return;
    }
    i -= RM_TABLE_COUNT;
    if (i < INDEX_COUNT) {
        rm_buf_printf(sql, "CREATE INDEX \"%s_%s\" ON \"%s\"(\"%s\")", indexes[i].table,
                      indexes[i].column, indexes[i].table, indexes[i].column);
        return;
    }
    const rm_view *view = &rm_views[i - INDEX_COUNT];
    rm_buf_printf(sql, "CREATE VIEW %s(%s) AS\n%s", view->name, view->columns, view->select);
}

rm_status rm_schema_ddl(rm_arena *arena, rm_ddl *out) {
    rm_ddl ddl = {.count = RM_TABLE_COUNT + INDEX_COUNT + rm_view_count, .tables = RM_TABLE_COUNT};
    ddl.statements = RM_NEW_ARRAY(arena, rm_str, ddl.count);
    if (ddl.statements == NULL) {
        return RM_NOMEM;
    }
    for (uint32_t i = 0; i < ddl.count; i++) {
        rm_buf sql = {.arena = arena};
        statement_ddl(&sql, i);
        rm_buf_char(&sql, '\0');
        if (sql.status != RM_OK) {
            return sql.status;
        }
        ddl.statements[i] = rm_str_slice(rm_buf_view(&sql), 0, sql.len - 1);
    }
    *out = ddl;
    return RM_OK;
}
