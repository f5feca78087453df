#include "source/codes.h"
#include "source/macros.h"
#include "source/unit.h"

/* The control codes that a driver's files define: a row of the model for each. */

/* A definition that its own file cannot evaluate may be known where the driver includes it. */
static bool value_in_unit(const rm_source_unit *unit, const rm_source_file *file,
                          const rm_code_definition *d, uint32_t *code) {
    int64_t value = (int64_t)d->code;
    bool control_code = true;
    bool known = d->has_code || (rm_macros_eval(unit->macros, (rm_scope){file->in_set, d->at},
                                                d->text, &value, &control_code) &&
                                 control_code);
    *code = (uint32_t)value;
    return known;
}

static rm_status add_row(rm_source_unit *unit, const rm_source_file *file,
                         const rm_code_definition *d) {
    rm_arena *arena = unit->model->arena;
    rm_ioctl *row = rm_push(arena, &unit->model->ioctls);
    if (row == NULL) {
        return RM_NOMEM;
    }
    *row = (rm_ioctl){.driver = unit->driver, .device = RM_NONE};
    row->has_code = value_in_unit(unit, file, d, &row->code);
    row->place = (rm_place){file->path, d->line, d->column};
    return rm_str_copy(arena, d->name, &row->name);
}

rm_status rm_source_ioctls(rm_source_unit *unit) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; i < unit->files.count && st == RM_OK; i++) {
        const rm_source_file *file = &unit->files.at[i];
        const rm_code_definitions *codes = &unit->set->files.at[file->in_set].codes;
        for (uint32_t k = 0; k < codes->count && st == RM_OK; k++) {
            st = add_row(unit, file, &codes->at[k]);
        }
    }
    return st;
}
