#include "source/flow/purpose.h"
#include "source/flow/walk.h"

/* Is the section \Device\PhysicalMemory? Then mapping it is mapping physical memory. */

/* The object manager's names have no case where they are opened so. */
static bool holds_name(rm_str text) {
    rm_str name = RM_STR("PhysicalMemory");
    for (size_t at = 0; at + name.len <= text.len; at++) {
        if (rm_str_ieq(rm_str_slice(text, at, at + name.len), name)) {
            return true;
        }
    }
    return false;
}

static bool names_it(rm_walk *w, const rm_world *world, rm_value value, unsigned depth) {
    if (value.kind == RM_VALUE_NAMED) {
        return holds_name(rm_names_text(w->names, value.id));
    }
    if (depth > 6) {
        return false;
    }
    if (value.kind == RM_VALUE_SYMBOL) {
        const rm_symbol *s = &w->symbols.at[value.id];
        bool follows =
            s->op == RM_SYMBOL_LOOKUP || s->op == RM_SYMBOL_PHI || s->op == RM_SYMBOL_CAST;
        bool kept = s->taint == RM_TAINT_KEPT && s->owner != RM_NONE &&
                    rm_purpose_physical(w->flow->purpose, rm_names_text(w->names, s->owner));
        return s->physical || kept ||
               (follows && (names_it(w, world, s->a, depth + 1) ||
                            (s->op == RM_SYMBOL_PHI && names_it(w, world, s->b, depth + 1))));
    }
    if (value.kind == RM_VALUE_POINTER) {
        rm_type none = {.name = RM_STR_NONE};
        static const char *const members[] = {"ObjectName", "Buffer"};
        rm_value inner;
        for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
            uint32_t cell = rm_cell_field(w, value.id, rm_str_from(members[i]), &none);
            if (rm_world_get(world, cell, &inner) && names_it(w, world, inner, depth + 1)) {
                return true;
            }
        }
        return rm_world_get(world, value.id, &inner) && names_it(w, world, inner, depth + 1);
    }
    return false;
}

bool rm_names_physical(rm_walk *w, const rm_world *world, const rm_api *api,
                       const rm_call_site *site) {
    static const char *const section_calls[] = {"ZwOpenSection", "ZwMapViewOfSection",
                                                "NtOpenSection", "NtMapViewOfSection"};
    for (size_t i = 0; i < sizeof section_calls / sizeof section_calls[0]; i++) {
        if (rm_str_eq(rm_str_from(api->name), rm_str_from(section_calls[i])) && site->count > 0) {
            bool opens = i % 2 == 0;
            uint32_t index = opens && site->count > 2 ? 2 : 0;
            /* token by token, too: the seed's own sample writes the name where attributes stand */
            for (uint32_t k = 0; opens && k < site->count; k++) {
                if (holds_name(rm_span_text(w->flow->unit, site->e->args[k]->span))) {
                    return true;
                }
            }
            return names_it(w, world, site->args[index], 0);
        }
    }
    return false;
}

/* --- through the mapping --- */

static const rm_symbol *pointer_symbol(const rm_walk *w, rm_value pointer) {
    if (pointer.kind == RM_VALUE_POINTER) {
        const rm_cell *root = &w->cells.at[w->cells.at[pointer.id].root];
        return root->kind == RM_CELL_POINTEE && root->a < w->symbols.count ? &w->symbols.at[root->a]
                                                                           : NULL;
    }
    return pointer.kind == RM_VALUE_SYMBOL && pointer.id < w->symbols.count
               ? &w->symbols.at[pointer.id]
               : NULL;
}

const rm_judgement *rm_physical_choice(const rm_walk *w, rm_value pointer) {
    const rm_symbol *s = pointer_symbol(w, pointer);
    for (unsigned depth = 0; s != NULL && depth < 8; depth++) {
        if (s->mapping != NULL) {
            return s->mapping;
        }
        bool sum = s->op == RM_SYMBOL_ARITH && s->arith == RM_OP('+', 0);
        if (s->op != RM_SYMBOL_CAST && !sum) {
            return NULL;
        }
        s = pointer_symbol(w, s->a);
    }
    return NULL;
}

static bool maps_space(const rm_api *api) {
    return rm_str_starts(rm_str_from(api->name), RM_STR("MmMapIoSpace"));
}

static bool maps_view(rm_walk *w, const rm_world *world, const rm_api *api,
                      const rm_call_site *site) {
    return rm_str_iends(rm_str_from(api->name), RM_STR("MapViewOfSection")) &&
           rm_names_physical(w, world, api, site);
}

const rm_judgement *rm_physical_map(rm_walk *w, rm_world *world, const rm_api *api,
                                    const rm_call_site *site) {
    if (!maps_space(api) && !maps_view(w, world, api, site)) {
        return NULL;
    }
    rm_judgement worst = {.carries = false};
    for (uint32_t i = 0; i < RM_API_ARGS && api->args[i].name != NULL; i++) {
        const rm_arg_rule *rule = &api->args[i];
        if (rule->index >= site->count || rule->kind != RM_ARG_ADDRESS) {
            continue;
        }
        rm_judgement j = rm_judge(w, world, site->args[rule->index], rule);
        if (j.carries && (!worst.carries || j.validation < worst.validation)) {
            worst = j;
        }
    }
    rm_judgement *kept = worst.carries ? RM_NEW(w->arena, rm_judgement) : NULL;
    if (kept != NULL) {
        *kept = worst;
    }
    return kept;
}

void rm_physical_mapped(rm_walk *w, const rm_world *world, const rm_api *api,
                        const rm_call_site *site, rm_value result, const rm_judgement *how) {
    enum { BASE = 2 }; /* of ZwMapViewOfSection */
    if (how == NULL) {
        return;
    }
    if (!maps_space(api) && (site->count <= BASE || site->args[BASE].kind != RM_VALUE_POINTER ||
                             !rm_world_get(world, site->args[BASE].id, &result))) {
        return;
    }
    if (rm_symbol_of(w, result) != NULL) {
        w->symbols.at[result.id].mapping = how;
    }
}
