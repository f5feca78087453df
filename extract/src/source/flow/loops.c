#include "source/flow/walk.h"

/*
 * Loops. What a turn changes becomes a symbol of the loop: one of the values it can have at the
 * start of a turn. Bounds that every turn keeps are kept; the rest is given up. A counter whose
 * limit is the caller's is the caller's value.
 */

/* Memory that is only known by values of this very turn: in the next one it has no such name. What
   was stored there may be anywhere in what holds it. */
static uint32_t lasting_cell(const rm_walk *w, uint32_t cell, uint32_t turn_symbol) {
    uint32_t lasting = cell;
    for (uint32_t at = cell; at != RM_NONE; at = w->cells.at[at].parent) {
        const rm_cell *c = &w->cells.at[at];
        if (c->kind == RM_CELL_POINTEE && c->a >= turn_symbol) {
            return RM_NONE;
        }
        if (c->kind == RM_CELL_INDEX && c->index.kind == RM_VALUE_SYMBOL &&
            c->index.id >= turn_symbol) {
            lasting = c->parent;
        }
    }
    return lasting;
}

static void raise(rm_symbol *s, const rm_walk *w, rm_value by) {
    rm_taint taint = rm_value_taint(w, by);
    if (taint > s->taint) {
        const rm_symbol *from = &w->symbols.at[by.id];
        s->taint = taint;
        s->why = from->why;
        s->source = from->source;
        s->is_source = from->is_source;
        s->name = from->name;
        s->owner = from->owner;
    }
}

/* Drops the bounds of the loop's value that this turn's end breaks; true when it changed. */
static bool widen(rm_walk *w, rm_world *head, uint32_t symbol, const rm_world *back, rm_value after,
                  bool force) {
    rm_fact *fact = rm_world_fact(w, head, symbol);
    if (fact == NULL || (after.kind == RM_VALUE_SYMBOL && after.id == symbol)) {
        return false;
    }
    rm_range r = rm_range_of(w, back, after);
    rm_symbol *s = &w->symbols.at[symbol];
    rm_taint was = s->taint;
    bool changed = false;
    raise(s, w, after);
    s->scattered = s->scattered || after.kind == RM_VALUE_POINTER;
    fact->range.equal = false;
    changed = was != s->taint;
    if (fact->range.has_lo && (force || !r.has_lo || r.lo < fact->range.lo)) {
        fact->range.has_lo = false;
        changed = true;
    }
    if (fact->range.has_hi && (force || !r.has_hi || r.hi > fact->range.hi)) {
        fact->range.has_hi = false;
        changed = true;
    }
    bool lo_ok = fact->range.lo_ok && fact->range.has_lo && r.lo_ok;
    bool hi_ok = fact->range.hi_ok && fact->range.has_hi && r.hi_ok;
    changed = changed || lo_ok != fact->range.lo_ok || hi_ok != fact->range.hi_ok;
    fact->range.lo_ok = lo_ok;
    fact->range.hi_ok = hi_ok;
    return changed;
}

/* A pointer that walks through memory stays in the object that it walks through. */
static bool walks_in_place(const rm_walk *w, rm_value a, rm_value b) {
    if (b.kind != RM_VALUE_POINTER) {
        return false;
    }
    const rm_cell *root = &w->cells.at[w->cells.at[b.id].root];
    if (a.kind == RM_VALUE_SYMBOL) {
        return root->kind == RM_CELL_POINTEE && root->a == a.id;
    }
    return a.kind == RM_VALUE_POINTER && w->cells.at[a.id].root == w->cells.at[b.id].root;
}

static rm_value walking_pointer(rm_walk *w, rm_value start, rm_value next, rm_span at) {
    uint32_t base = rm_cell_pointee(w, start);
    rm_type element = w->cells.at[next.id].type;
    if (w->cells.at[next.id].kind == RM_CELL_INDEX) {
        base = w->cells.at[base].kind == RM_CELL_INDEX ? w->cells.at[base].parent : base;
    }
    uint32_t index = rm_symbol_fresh(w, RM_TAINT_NONE, NULL, at);
    w->symbols.at[index].loop = true;
    w->symbols.at[index].bits = 64;
    return rm_value_pointer(rm_cell_index(w, base, rm_value_symbol(index), &element));
}

static rm_value loop_value(rm_walk *w, rm_world *head, uint32_t cell, rm_value start,
                           const rm_world *back, rm_value after, rm_span at) {
    rm_type type = w->cells.at[cell].type;
    if (walks_in_place(w, start, after)) {
        return walking_pointer(w, start, after, at);
    }
    rm_value value = rm_symbol_phi(w, start, after, &type, true);
    if (value.kind != RM_VALUE_SYMBOL) {
        return value; /* one place, or none */
    }
    rm_range a = rm_range_of(w, head, start);
    rm_range b = rm_range_of(w, back, after);
    rm_fact *fact = rm_world_fact(w, head, value.id);
    if (fact == NULL) {
        return value;
    }
    fact->range = a;
    fact->range.equal = false;
    fact->range.hi_open = false;
    fact->range.hi_own = a.hi_own || b.hi_own;
    fact->range.has_lo = a.has_lo && b.has_lo && b.lo >= a.lo;
    fact->range.has_hi = a.has_hi && b.has_hi && b.hi <= a.hi;
    fact->range.lo_ok = a.lo_ok && b.lo_ok && fact->range.has_lo;
    fact->range.hi_ok = a.hi_ok && b.hi_ok && fact->range.has_hi;
    return value;
}

/* An element at the loop's counter that was checked in this turn. */
static bool is_checked_element(const rm_walk *w, const rm_fact *fact) {
    const rm_symbol *s = &w->symbols.at[fact->symbol];
    return s->op == RM_SYMBOL_PART && s->part == RM_CELL_INDEX &&
           s->index.kind == RM_VALUE_SYMBOL && s->index.id < w->symbols.count &&
           w->symbols.at[s->index.id].loop && fact->guard != RM_NONE && fact->range.hi_ok;
}

static void note_checked(const rm_walk *w, const rm_world *back, const rm_fact *fact, rm_fact *mine,
                         bool looped) {
    if (looped) {
        rm_range turns = rm_range_of(w, back, w->symbols.at[fact->symbol].index);
        mine->looped = true;
        mine->last = turns.has_hi ? turns.hi : INT64_MAX;
    }
}

/* Carries what one turn's end has changed back to the loop's head; true when it was something
   new. `own` tells the symbols that this loop made. */
static bool carry_back(rm_walk *w, rm_world *head, const rm_world *back, uint32_t first_symbol,
                       uint32_t turn_symbol, bool force, rm_span at) {
    bool changed = false;
    uint32_t count = back->memory.count;
    for (uint32_t i = 0; i < count && w->status == RM_OK; i++) {
        uint32_t cell = lasting_cell(w, back->memory.at[i].cell, turn_symbol);
        rm_value after = back->memory.at[i].value;
        if (cell == RM_NONE || rm_cell_shared(w, cell)) {
            continue;
        }
        rm_value now = rm_memory_peek(w, head, cell);
        if (rm_value_eq(now, after)) {
            continue;
        }
        bool ours = now.kind == RM_VALUE_SYMBOL && now.id >= first_symbol &&
                    w->symbols.at[now.id].op == RM_SYMBOL_PHI && w->symbols.at[now.id].loop;
        bool walking = now.kind == RM_VALUE_POINTER && now.id < w->cells.count &&
                       walks_in_place(w, now, after) && w->cells.at[now.id].kind == RM_CELL_INDEX &&
                       w->cells.at[now.id].index.kind == RM_VALUE_SYMBOL &&
                       w->cells.at[now.id].index.id >= first_symbol;
        if (ours) {
            changed = widen(w, head, now.id, back, after, force) || changed;
        } else if (!walking) {
            rm_world_set(w, head, cell, loop_value(w, head, cell, now, back, after, at));
            changed = true;
        }
    }
    for (uint32_t i = 0; i < back->facts.count; i++) {
        const rm_fact *fact = &back->facts.at[i];
        bool looped = is_checked_element(w, fact);
        if (fact->asked || fact->changed || looped) {
            rm_fact *mine = rm_world_fact(w, head, fact->symbol);
            if (mine != NULL) {
                note_checked(w, back, fact, mine, looped);
                mine->asked = mine->asked || fact->asked;
                mine->changed = mine->changed || fact->changed;
            }
        }
    }
    return changed;
}

/* One turn from a copy of `head`: `exits` are the worlds in which the loop ends before or after
   it, `backs` those that come to the head again. */
static void turn(rm_walk *w, const rm_stmt *s, const rm_world *head, rm_world_list *exits,
                 rm_world_list *backs) {
    rm_world_list worlds = {0};
    rm_world_list breaks = {0};
    rm_world_list continues = {0};
    rm_world_list stay = {0};
    rm_world_list *outer_breaks = w->frame->breaks;
    rm_world_list *outer_continues = w->frame->continues;
    rm_worlds_add(w, &worlds, rm_world_copy(w, head));
    if (!s->after_body && s->a != NULL) {
        rm_branch_on(w, s->a, &worlds, &stay, exits);
        rm_worlds_move(w, &worlds, &stay);
    }
    w->frame->breaks = &breaks;
    w->frame->continues = &continues;
    rm_walk_stmt(w, s->body, &worlds);
    w->frame->breaks = outer_breaks;
    w->frame->continues = outer_continues;
    rm_worlds_move(w, &worlds, &continues);
    rm_worlds_join(w, &worlds, rm_walk_ways(w));
    if (s->step != NULL) {
        rm_eval(w, s->step, &worlds);
        for (uint32_t i = 0; i < worlds.count; i++) {
            (void)rm_world_pop(worlds.at[i]);
        }
    }
    if (s->after_body && s->a != NULL) {
        rm_branch_on(w, s->a, &worlds, &stay, exits);
        rm_worlds_move(w, &worlds, &stay);
    }
    rm_worlds_move(w, exits, &breaks);
    rm_worlds_join(w, exits, rm_walk_ways(w));
    rm_worlds_move(w, backs, &worlds);
}

/* What the last turn shows: a counter that stays below its limit ends at most at the limit. */
static bool tighten(rm_walk *w, rm_world *head, const rm_world_list *backs, uint32_t first_symbol) {
    bool changed = false;
    for (uint32_t i = 0; i < head->memory.count; i++) {
        rm_value value = head->memory.at[i].value;
        const rm_symbol *s = rm_symbol_of(w, value);
        if (s == NULL || value.id < first_symbol || s->op != RM_SYMBOL_PHI || !s->loop) {
            continue;
        }
        rm_range all = rm_range_of(w, head, s->a);
        for (uint32_t k = 0; k < backs->count; k++) {
            rm_range r = rm_range_of(w, backs->at[k],
                                     rm_memory_peek(w, backs->at[k], head->memory.at[i].cell));
            all = rm_range_join(&all, &r);
        }
        rm_fact *fact = rm_world_fact(w, head, value.id);
        if (fact == NULL) {
            return false;
        }
        if (all.has_hi && (!fact->range.has_hi || all.hi < fact->range.hi)) {
            fact->range.has_hi = true;
            fact->range.hi = all.hi;
            fact->range.hi_ok = all.hi_ok;
            changed = true;
        }
    }
    return changed;
}

static void loop_from(rm_walk *w, const rm_stmt *s, rm_world *head, rm_world_list *out) {
    uint32_t first_symbol = w->symbols.count;
    rm_world_list exits = {0};
    rm_world_list backs = {0};
    bool changed = true;
    for (unsigned i = 0; changed && w->status == RM_OK; i++) {
        uint32_t turn_symbol = w->symbols.count;
        rm_worlds_drop(w, &exits);
        turn(w, s, head, &exits, &backs);
        changed = false;
        for (uint32_t k = 0; k < backs.count; k++) {
            bool force = i >= RM_WALK_LOOP_TURNS;
            changed = carry_back(w, head, backs.at[k], first_symbol, turn_symbol, force, s->span) ||
                      changed;
        }
        if (!changed && tighten(w, head, &backs, first_symbol)) {
            rm_worlds_drop(w, &exits);
            rm_worlds_drop(w, &backs);
            turn(w, s, head, &exits, &backs);
        }
        rm_worlds_drop(w, &backs);
        if (i > 2 * RM_WALK_LOOP_TURNS && changed) {
            rm_walk_limit(w, "a loop does not settle", s->span);
            break;
        }
    }
    rm_world_drop(w, head);
    rm_worlds_move(w, out, &exits);
}

void rm_walk_loop(rm_walk *w, const rm_stmt *s, rm_world_list *worlds) {
    rm_world_list out = {0};
    if (s->init != NULL) {
        rm_walk_stmt(w, s->init, worlds);
    }
    rm_worlds_join(w, worlds, (rm_walk_ways(w) + 2) / 3);
    for (uint32_t i = 0; i < worlds->count && w->status == RM_OK; i++) {
        loop_from(w, s, worlds->at[i], &out);
    }
    worlds->count = 0;
    rm_worlds_move(w, worlds, &out);
    rm_worlds_join(w, worlds, rm_walk_ways(w));
}
