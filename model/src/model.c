#include "model/model.h"

#include <stdarg.h>
#include <stdio.h>

#include <stdlib.h>

rm_model *rm_model_new(size_t limit) {
    rm_model *model = calloc(1, sizeof *model);
    if (model == NULL) {
        return NULL;
    }
    model->arena = rm_arena_new(limit);
    if (model->arena == NULL) {
        free(model);
        return NULL;
    }
    return model;
}

void rm_model_free(rm_model *model) {
    if (model != NULL) {
        rm_arena_free(model->arena);
        free(model);
    }
}

/* A driver told of without a folder and one read from a folder are one, while the name is unique.
 */
static uint32_t find_driver(const rm_model *model, rm_str name, rm_str unit) {
    uint32_t candidate = RM_NONE;
    unsigned of_that_name = 0;
    for (uint32_t i = 0; i < model->drivers.count; i++) {
        const rm_driver *d = &model->drivers.at[i];
        if (!rm_str_ieq(d->name, name)) {
            continue;
        }
        if (rm_str_eq(d->unit, unit)) {
            return i;
        }
        of_that_name++;
        if (unit.len == 0 || d->unit.len == 0) {
            candidate = i;
        }
    }
    return of_that_name == 1 ? candidate : RM_NONE;
}

rm_status rm_model_driver(rm_model *model, rm_str name, rm_str unit, rm_place place,
                          uint32_t *index) {
    uint32_t found = find_driver(model, name, unit);
    if (found != RM_NONE) {
        rm_driver *known = &model->drivers.at[found];
        *index = found;
        return known->unit.len == 0 && unit.len > 0 ? rm_str_copy(model->arena, unit, &known->unit)
                                                    : RM_OK;
    }
    rm_str name_copy = RM_STR_NONE;
    rm_str unit_copy = RM_STR_NONE;
    if (rm_str_copy(model->arena, name, &name_copy) != RM_OK ||
        rm_str_copy(model->arena, unit, &unit_copy) != RM_OK) {
        return RM_NOMEM;
    }
    rm_driver *d = rm_push(model->arena, &model->drivers);
    if (d == NULL) {
        return RM_NOMEM;
    }
    *d = (rm_driver){.name = name_copy, .unit = unit_copy, .place = place};
    *index = model->drivers.count - 1;
    return RM_OK;
}

static void fill(rm_str *known, rm_str told) {
    if (known->len == 0) {
        *known = told;
    }
}

rm_status rm_model_fill_driver(rm_model *model, rm_sink *sink, uint32_t driver,
                               const rm_driver *from) {
    rm_driver *into = &model->drivers.at[driver];
    rm_status st = RM_OK;
    if (into->state == RM_STATE_DECLARED) {
        into->state = from->state;
    }
    if (into->framework == RM_FRAMEWORK_UNKNOWN) {
        into->framework = from->framework;
        into->mode = from->mode;
    } else if (from->state == RM_STATE_DECLARED && from->framework != RM_FRAMEWORK_UNKNOWN &&
               from->framework != into->framework) {
        into->state = RM_STATE_CONFLICTING;
        st = rm_model_conflict(model, sink, into->name, from->place, into->place,
                               "driver '%.*s' is declared %s; it was read as %s",
                               RM_STR_ARG(into->name), rm_framework_name(from->framework),
                               rm_framework_name(into->framework));
    }
    if (into->role == RM_ROLE_UNKNOWN) {
        into->role = from->role;
    }
    fill(&into->service, from->service);
    fill(&into->start_type, from->start_type);
    fill(&into->inf, from->inf);
    return st;
}

/* Whose word goes before the other's. */
static unsigned rank(const rm_driver *driver) {
    return driver->inf.len > 0 ? 0 : driver->state != RM_STATE_DECLARED ? 1 : 2;
}

/* What two tell of one driver; the word of neither is lost that says that they contradict. */
static rm_state joined_state(rm_state a, rm_state b) {
    return a == RM_STATE_CONFLICTING || b == RM_STATE_CONFLICTING ? RM_STATE_CONFLICTING
           : a < b                                                ? a
                                                                  : b;
}

rm_status rm_model_join_driver(rm_model *model, rm_sink *sink, const rm_driver *driver,
                               uint32_t *index) {
    const uint32_t found = find_driver(model, driver->name, driver->unit);
    const rm_driver was = found == RM_NONE ? *driver : model->drivers.at[found];
    rm_status st = rm_model_driver(model, driver->name, driver->unit, driver->place, index);
    if (st != RM_OK) {
        return st;
    }
    rm_driver *known = &model->drivers.at[*index];
    const bool first = rank(&was) <= rank(driver);
    const bool placed = was.unit.len > 0 || (driver->unit.len == 0 && first);
    const rm_str unit = known->unit;
    *known = first ? was : *driver;
    known->unit = unit;
    known->place = placed ? was.place : driver->place; /* where the sources are, if any */
    known->state = joined_state(was.state, driver->state);
    return found == RM_NONE ? RM_OK
                            : rm_model_fill_driver(model, sink, *index, first ? driver : &was);
}

/* What stands before the name proper; the first that fits is taken off, longest first. */
rm_str rm_object_name_bare(rm_str name) {
    static const char *const prefixes[] = {"\\DosDevices\\Global\\",
                                           "\\??\\Global\\",
                                           "\\GLOBAL??\\",
                                           "\\DosDevices\\",
                                           "\\??\\",
                                           "\\\\.\\",
                                           "\\\\?\\"};
    if (name.len == 0 || name.ptr[0] != '\\') {
        return name;
    }
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        rm_str prefix = rm_str_from(prefixes[i]);
        if (rm_str_istarts(name, prefix)) {
            return rm_str_slice(name, prefix.len, name.len);
        }
    }
    return name;
}

bool rm_object_name_eq(rm_str a, rm_str b) {
    return rm_str_ieq(rm_object_name_bare(a), rm_object_name_bare(b));
}

rm_str rm_model_given(const rm_model *model, const char *name) {
    for (uint32_t i = 0; i < model->givens.count; i++) {
        if (rm_str_eq(model->givens.at[i].name, rm_str_from(name))) {
            return model->givens.at[i].value;
        }
    }
    return RM_STR_NONE;
}

rm_status rm_model_give(rm_model *model, const char *name, rm_str value) {
    rm_given_value given = {.name = rm_str_from(name)};
    rm_status st = rm_str_copy(model->arena, value, &given.value);
    rm_given_value *row = st == RM_OK ? rm_push(model->arena, &model->givens) : NULL;
    if (row == NULL) {
        return RM_NOMEM;
    }
    *row = given;
    return RM_OK;
}

rm_status rm_model_conflict(rm_model *model, rm_sink *sink, rm_str subject, rm_place told,
                            rm_place read, const char *fmt, ...) {
    char text[1024];
    va_list arguments;
    va_start(arguments, fmt);
    int length = vsnprintf(text, sizeof text, fmt, arguments);
    va_end(arguments);
    size_t used = length < 0 ? 0 : (size_t)length >= sizeof text ? sizeof text - 1 : (size_t)length;
    rm_conflict conflict = {.subject = subject, .told = told, .read = read};
    rm_status st = rm_str_copy(model->arena, (rm_str){text, used}, &conflict.text);
    rm_conflict *row = st == RM_OK ? rm_push(model->arena, &model->conflicts) : NULL;
    if (row == NULL) {
        return RM_NOMEM;
    }
    *row = conflict;
    rm_diag(sink, RM_WARNING, told, "link-conflicting-fact", "%.*s (%.*s:%u)",
            RM_STR_ARG(conflict.text), RM_STR_ARG(read.file), (unsigned)read.line);
    return RM_OK;
}
