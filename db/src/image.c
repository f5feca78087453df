#include "image.h"

#include <string.h>

#include "model/rules.h"
#include "model/sinks.h"

rm_any_list rm_image_list(const rm_image *image, size_t list) {
    rm_any_list found;
    memcpy(&found, (const unsigned char *)image + list, sizeof found);
    return found;
}

void *rm_image_push(rm_arena *arena, rm_image *image, size_t list, size_t item_size) {
    rm_any_list found = rm_image_list(image, list);
    if (rm_list_grow(arena, &found.at, &found.capacity, found.count, item_size) != RM_OK) {
        return NULL;
    }
    unsigned char *item = found.at + item_size * found.count++;
    memcpy((unsigned char *)image + list, &found, sizeof found);
    return item;
}

static rm_status flatten_steps(rm_arena *arena, rm_image *image) {
    const rm_paths *paths = &image->model.paths;
    uint64_t count = 0;
    for (uint32_t p = 0; p < paths->count; p++) {
        count += paths->at[p].steps.count;
    }
    rm_path_step *rows = count < UINT32_MAX ? RM_NEW_ARRAY(arena, rm_path_step, count + 1) : NULL;
    if (rows == NULL) {
        return RM_NOMEM;
    }
    image->steps = (rm_path_steps){rows, 0, (uint32_t)count};
    for (uint32_t p = 0; p < paths->count; p++) {
        const rm_steps *steps = &paths->at[p].steps;
        for (uint32_t s = 0; s < steps->count; s++) {
            rows[image->steps.count++] =
                (rm_path_step){.path = p, .number = s + 1, .is = steps->at[s]};
        }
    }
    return RM_OK;
}

static rm_status flatten_places(rm_arena *arena, rm_image *image) {
    const rm_findings *findings = &image->model.findings;
    for (uint32_t f = 0; f < findings->count; f++) {
        const rm_evidences *places = &findings->at[f].places;
        for (uint32_t i = 0; i < places->count; i++) {
            rm_finding_place *row = rm_push(arena, &image->finding_places);
            if (row == NULL) {
                return RM_NOMEM;
            }
            *row = (rm_finding_place){.finding = f, .number = i + 1, .is = places->at[i]};
        }
    }
    return RM_OK;
}

/* A model that no rule was applied to has the program's rules all the same. */
static rm_status list_rules(rm_arena *arena, rm_rule_rows *rows) {
    return rows->count > 0 ? RM_OK : rm_rules_list(arena, rows);
}

static rm_status list_sink_classes(rm_arena *arena, rm_sink_class_rows *rows) {
    uint32_t count = 0;
    const rm_sink_class *classes = rm_sink_classes(&count);
    for (uint32_t i = 0; i < count; i++) {
        rm_sink_class_row *row = rm_push(arena, rows);
        if (row == NULL) {
            return RM_NOMEM;
        }
        *row = (rm_sink_class_row){.name = rm_str_from(classes[i].name),
                                   .family = rm_str_from(classes[i].family),
                                   .title = rm_str_from(classes[i].title),
                                   .severity = classes[i].severity};
    }
    return RM_OK;
}

rm_status rm_image_of(rm_arena *arena, const rm_model *model, rm_image *out) {
    rm_image image = {.model = *model};
    if (model->read != NULL) {
        image.read = *model->read;
    }
    rm_status st = flatten_steps(arena, &image);
    if (st == RM_OK) {
        st = flatten_places(arena, &image);
    }
    if (st == RM_OK) {
        st = list_rules(arena, &image.model.rules);
    }
    if (st == RM_OK) {
        st = list_sink_classes(arena, &image.sink_classes);
    }
    if (st == RM_OK) {
        *out = image;
    }
    return st;
}

static rm_status settle_steps(rm_arena *arena, rm_image *image) {
    rm_paths *paths = &image->model.paths;
    uint32_t last = 0;
    for (uint32_t i = 0; i < image->steps.count; i++) {
        const rm_path_step *row = &image->steps.at[i];
        if (row->path >= paths->count || row->path < last ||
            row->number != paths->at[row->path].steps.count + 1) {
            return RM_FOREIGN;
        }
        last = row->path;
        rm_step *step = rm_push(arena, &paths->at[row->path].steps);
        if (step == NULL) {
            return RM_NOMEM;
        }
        *step = row->is;
    }
    return RM_OK;
}

static rm_status settle_places(rm_arena *arena, rm_image *image) {
    rm_findings *findings = &image->model.findings;
    uint32_t last = 0;
    for (uint32_t i = 0; i < image->finding_places.count; i++) {
        const rm_finding_place *row = &image->finding_places.at[i];
        if (row->finding >= findings->count || row->finding < last ||
            row->number != findings->at[row->finding].places.count + 1) {
            return RM_FOREIGN;
        }
        last = row->finding;
        rm_evidence *place = rm_push(arena, &findings->at[row->finding].places);
        if (place == NULL) {
            return RM_NOMEM;
        }
        *place = row->is;
    }
    return RM_OK;
}

/* A model without artifacts was not read from anything. */
static rm_status settle_read(rm_arena *arena, rm_image *image) {
    if (image->read.artifacts.count == 0) {
        return RM_OK;
    }
    image->model.read = RM_NEW(arena, rm_model);
    if (image->model.read == NULL) {
        return RM_NOMEM;
    }
    *image->model.read = image->read;
    image->model.read->arena = arena;
    return RM_OK;
}

rm_status rm_image_settle(rm_arena *arena, rm_image *image) {
    rm_status st = settle_steps(arena, image);
    if (st == RM_OK) {
        st = settle_places(arena, image);
    }
    return st == RM_OK ? settle_read(arena, image) : st;
}
