#include "source/flow/names.h"

#include "base/list.h"

enum { FIRST_SLOTS = 64 };

typedef struct slot {
    uint64_t hash;
    uint32_t index; /* + 1; 0: free */
} slot;

typedef struct slots {
    slot *at;
    uint32_t size; /* a power of two */
    uint32_t used;
} slots;

static bool slots_grow(rm_arena *arena, slots *table) {
    if (table->used * 4 < table->size * 3) {
        return true;
    }
    uint32_t size = table->size == 0 ? FIRST_SLOTS : table->size * 2;
    slot *grown = RM_NEW_ARRAY(arena, slot, size);
    if (grown == NULL || size == 0) {
        return false;
    }
    for (uint32_t i = 0; i < table->size; i++) {
        if (table->at[i].index != 0) {
            uint32_t at = (uint32_t)table->at[i].hash & (size - 1);
            while (grown[at].index != 0) {
                at = (at + 1) & (size - 1);
            }
            grown[at] = table->at[i];
        }
    }
    table->at = grown;
    table->size = size;
    return true;
}

typedef struct name_item {
    rm_str text;
} name_item;
RM_LIST(name_items, name_item);

struct rm_names {
    rm_arena *arena;
    name_items items;
    slots table;
};

rm_names *rm_names_new(rm_arena *arena) {
    rm_names *names = RM_NEW(arena, rm_names);
    if (names != NULL) {
        names->arena = arena;
    }
    return names;
}

rm_str rm_names_text(const rm_names *names, uint32_t id) {
    return id < names->items.count ? names->items.at[id].text : RM_STR_NONE;
}

/* The slot that holds `text`, or the free one where it belongs. */
static uint32_t name_slot(const rm_names *names, rm_str text, uint64_t hash) {
    uint32_t at = (uint32_t)hash & (names->table.size - 1);
    while (names->table.at[at].index != 0) {
        const slot *s = &names->table.at[at];
        if (s->hash == hash && rm_str_eq(names->items.at[s->index - 1].text, text)) {
            break;
        }
        at = (at + 1) & (names->table.size - 1);
    }
    return at;
}

bool rm_names_find(const rm_names *names, rm_str text, uint32_t *id) {
    if (names->table.size == 0) {
        return false;
    }
    uint32_t at = name_slot(names, text, rm_str_hash(text));
    if (names->table.at[at].index == 0) {
        return false;
    }
    *id = names->table.at[at].index - 1;
    return true;
}

uint32_t rm_names_id(rm_names *names, rm_str text) {
    if (!slots_grow(names->arena, &names->table)) {
        return UINT32_MAX;
    }
    uint64_t hash = rm_str_hash(text);
    uint32_t at = name_slot(names, text, hash);
    if (names->table.at[at].index != 0) {
        return names->table.at[at].index - 1;
    }
    name_item *item = rm_push(names->arena, &names->items);
    if (item == NULL || rm_str_copy(names->arena, text, &item->text) != RM_OK) {
        return UINT32_MAX;
    }
    names->table.at[at] = (slot){.hash = hash, .index = names->items.count};
    names->table.used++;
    return names->items.count - 1;
}

typedef struct key_item {
    rm_key key;
    uint32_t value;
} key_item;
RM_LIST(key_items, key_item);

struct rm_keys {
    rm_arena *arena;
    key_items items;
    slots table;
};

rm_keys *rm_keys_new(rm_arena *arena) {
    rm_keys *keys = RM_NEW(arena, rm_keys);
    if (keys != NULL) {
        keys->arena = arena;
    }
    return keys;
}

static uint64_t mix(uint64_t hash, uint64_t value) {
    hash ^= value + 0x9E3779B97F4A7C15u + (hash << 6) + (hash >> 2);
    return hash * 0xFF51AFD7ED558CCDu;
}

static bool key_eq(const rm_key *a, const rm_key *b) {
    return a->a == b->a && a->b == b->b && a->c == b->c && a->d == b->d;
}

uint32_t rm_keys_add(rm_keys *keys, rm_key key, uint32_t value) {
    if (!slots_grow(keys->arena, &keys->table)) {
        return UINT32_MAX;
    }
    uint64_t hash = mix(mix(mix(mix(0, key.a), key.b), (uint64_t)key.c), (uint64_t)key.d);
    uint32_t at = (uint32_t)(hash ^ (hash >> 32)) & (keys->table.size - 1);
    while (keys->table.at[at].index != 0) {
        const key_item *item = &keys->items.at[keys->table.at[at].index - 1];
        if (keys->table.at[at].hash == (hash ^ (hash >> 32)) && key_eq(&item->key, &key)) {
            return item->value;
        }
        at = (at + 1) & (keys->table.size - 1);
    }
    key_item *item = rm_push(keys->arena, &keys->items);
    if (item == NULL) {
        return UINT32_MAX;
    }
    *item = (key_item){.key = key, .value = value};
    keys->table.at[at] = (slot){.hash = hash ^ (hash >> 32), .index = keys->items.count};
    keys->table.used++;
    return value;
}
