#include "schema.h"

#include <stddef.h>
#include <string.h>

#include "columns.h"

#define TABLE(label, field, where, offset)                                                         \
    {                                                                                              \
        .name = label, .list = offsetof(rm_image, where),                                          \
        .item_size = sizeof *((rm_image *)0)->where.at, .columns = rm_columns_##field,             \
        .shift = offset                                                                            \
    }
#define FACTS(id, list) [RM_TABLE_##id] = TABLE(#list, list, model.list, 0),
#define RESULTS(id, field, where) [RM_TABLE_##id] = TABLE(#field, field, where, 0),
#define READ(id, list) [RM_TABLE_READ_##id] = TABLE("read_" #list, list, read.list, RM_TABLE_READ),
const rm_table rm_tables[RM_TABLE_COUNT] = {RM_FACT_LIST(FACTS) RM_RESULT_LIST(RESULTS)
                                                RM_FACT_LIST(READ)};

rm_table_id rm_column_target(const rm_table *table, const rm_column *column,
                             const unsigned char *item) {
    rm_table_id target = column->target;
    if (column->kind == RM_COLUMN_SUBJECT) {
        rm_subject kind = RM_SUBJECT_COUNT;
        memcpy(&kind, item + column->flag, sizeof kind);
        target = column->targets[kind];
    }
    return target == RM_TABLE_COUNT ? target : target + table->shift;
}

/* What the views and the users' queries look rows up by; every other join goes by `n`. */
static const struct {
    const char *table, *column;
} indexes[] = {
    {"drivers", "name"},
    {"devices", "driver"},
    {"descriptors", "subject"},
    {"doors", "device"},
    {"entries", "driver"},
    {"ioctls", "code"},
    {"inputs", "entry"},
    {"checks", "entry"},
    {"sinks", "entry"},
    {"forwards", "entry"},
    {"flow_steps", "entry"},
    {"accesses", "subject"},
    {"paths", "id"},
    {"steps", "path"},
    {"findings", "id"},
    {"rules", "id"},
    {"sink_classes", "name"},
    {"undecided", "rule"},
    {"finding_places", "finding"},
};
enum { INDEX_COUNT = sizeof indexes / sizeof indexes[0] };

static const char *column_type(const rm_column *column) {
    switch (column->kind) {
    case RM_COLUMN_TEXT:
    case RM_COLUMN_TEXT_IF:
    case RM_COLUMN_WORD_IF: return "TEXT";
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
            rm_buf_printf(sql, " REFERENCES \"%s\"", rm_tables[c->target + table->shift].name);
        }
    }
    rm_buf_text(sql, ") STRICT");
}

/* Ends `sql` and files it as an object. */
static rm_status add_object(rm_ddl *ddl, const char *type, rm_str name, rm_buf *sql) {
    rm_buf_char(sql, '\0');
    if (sql->status != RM_OK) {
        return sql->status;
    }
    ddl->objects[ddl->count++] =
        (rm_object){.type = type, .name = name, .sql = {sql->ptr, sql->len - 1}};
    return RM_OK;
}

static rm_status add_table(rm_arena *arena, rm_ddl *ddl, const rm_table *table) {
    rm_buf sql = {.arena = arena};
    table_ddl(&sql, table);
    return add_object(ddl, "table", rm_str_from(table->name), &sql);
}

static rm_status add_index(rm_arena *arena, rm_ddl *ddl, const char *table, const char *column) {
    rm_str name = RM_STR_NONE;
    rm_status st = rm_str_printf(arena, &name, "%s_%s", table, column);
    if (st != RM_OK) {
        return st;
    }
    rm_buf sql = {.arena = arena};
    rm_buf_printf(&sql, "CREATE INDEX \"%s\" ON \"%s\"(\"%s\")", name.ptr, table, column);
    return add_object(ddl, "index", name, &sql);
}

static rm_status add_view(rm_arena *arena, rm_ddl *ddl, const rm_view *view) {
    rm_buf sql = {.arena = arena};
    rm_buf_printf(&sql, "CREATE VIEW %s(%s) AS\n%s", view->name, view->columns, view->select);
    return add_object(ddl, "view", rm_str_from(view->name), &sql);
}

rm_status rm_schema_ddl(rm_arena *arena, rm_ddl *out) {
    rm_ddl ddl = {.tables = RM_TABLE_COUNT};
    ddl.objects = RM_NEW_ARRAY(arena, rm_object, RM_TABLE_COUNT + INDEX_COUNT + rm_view_count);
    rm_status st = ddl.objects == NULL ? RM_NOMEM : RM_OK;
    for (uint32_t i = 0; i < RM_TABLE_COUNT && st == RM_OK; i++) {
        st = add_table(arena, &ddl, &rm_tables[i]);
    }
    for (uint32_t i = 0; i < INDEX_COUNT && st == RM_OK; i++) {
        st = add_index(arena, &ddl, indexes[i].table, indexes[i].column);
    }
    for (uint32_t i = 0; i < rm_view_count && st == RM_OK; i++) {
        st = add_view(arena, &ddl, &rm_views[i]);
    }
    if (st == RM_OK) {
        *out = ddl;
    }
    return st;
}
