#include "base/arena.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define WITH_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WITH_ASAN 1
#endif
#endif

#ifdef WITH_ASAN
#include <sanitizer/asan_interface.h>
enum { RED_ZONE = 16 }; /* poisoned bytes behind each allocation */
static void hide(void *p, size_t n) {
    ASAN_POISON_MEMORY_REGION(p, n);
}
static void show(void *p, size_t n) {
    ASAN_UNPOISON_MEMORY_REGION(p, n);
}
#else
enum { RED_ZONE = 0 };
static void hide(void *p, size_t n) {
    (void)p;
    (void)n;
}
static void show(void *p, size_t n) {
    (void)p;
    (void)n;
}
#endif

enum { FIRST_BLOCK = 4 * 1024, LARGEST_BLOCK = 1024 * 1024 };

struct block {
    struct block *next;
    size_t size;
    size_t used;
    alignas(max_align_t) unsigned char data[];
};

struct rm_arena {
    struct block *head;
    size_t limit;
    size_t used;
    size_t next_size;
    long fail_after;
};

rm_arena *rm_arena_new(size_t limit) {
    rm_arena *arena = calloc(1, sizeof *arena);
    if (arena == NULL) {
        return NULL;
    }
    arena->limit = limit;
    arena->next_size = FIRST_BLOCK;
    arena->fail_after = -1;
    return arena;
}

void rm_arena_free(rm_arena *arena) {
    if (arena == NULL) {
        return;
    }
    for (struct block *b = arena->head, *next; b != NULL; b = next) {
        next = b->next;
        show(b->data, b->size);
        free(b);
    }
    free(arena);
}

/* Blocks double up to a megabyte, so that small arenas stay small and large ones take few calls. */
static bool add_block(rm_arena *arena, size_t need) {
    size_t size = need > arena->next_size ? need : arena->next_size;
    struct block *b = calloc(1, sizeof *b + size); /* large blocks come zeroed from the system */
    if (b == NULL) {
        return false;
    }
    b->next = arena->head;
    b->size = size;
    arena->head = b;
    if (arena->next_size < LARGEST_BLOCK) {
        arena->next_size *= 2;
    }
    hide(b->data, size);
    return true;
}

/* The bytes that `count` items take with padding; 0 when they cannot be had at all. */
static size_t slot_size(size_t count, size_t size) {
    const size_t align = alignof(max_align_t);
    if (size != 0 && count > (SIZE_MAX / 2) / size) {
        return 0;
    }
    size_t slot = (count * size + RED_ZONE + align - 1) / align * align;
    return slot == 0 ? align : slot;
}

void *rm_arena_alloc(rm_arena *arena, size_t count, size_t size) {
    size_t slot = slot_size(count, size);
    if (slot == 0 || arena->fail_after == 0 || slot > arena->limit - arena->used) {
        return NULL;
    }
    if (arena->head == NULL || slot > arena->head->size - arena->head->used) {
        if (!add_block(arena, slot)) {
            return NULL;
        }
    }
    if (arena->fail_after > 0) {
        arena->fail_after--;
    }
    unsigned char *p = arena->head->data + arena->head->used;
    arena->head->used += slot;
    arena->used += slot;
    show(p, count * size);
    return p;
}

void rm_arena_give_back(rm_arena *arena, void *allocation, size_t had, size_t kept) {
    struct block *b = arena->head;
    const size_t slot = slot_size(had, 1);
    const size_t stays = slot_size(kept, 1);
    unsigned char *p = allocation;
    if (b == NULL || p == NULL || kept >= had || slot > b->used || p != b->data + b->used - slot) {
        return;
    }
    memset(p + kept, 0, had - kept); /* what an arena hands out is zeroed */
    b->used -= slot - stays;
    arena->used -= slot - stays;
    hide(p + kept, slot - kept);
}

size_t rm_arena_used(const rm_arena *arena) {
    return arena->used;
}

void rm_arena_fail_after(rm_arena *arena, long n) {
    arena->fail_after = n;
}
