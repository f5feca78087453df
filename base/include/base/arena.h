#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

/*
 * A bump allocator: many small allocations, one free.
 *
 * Nothing taken from an arena is freed by itself. `limit` bounds the bytes one arena may hand
 * out, so that a hostile input fails with RM_NOMEM long before the machine is short of memory.
 */
typedef struct rm_arena rm_arena;

/* Returns NULL when memory is short. Destroy with rm_arena_free(). */
rm_arena *rm_arena_new(size_t limit);

/* NULL is allowed. Invalidates every pointer taken from `arena`. */
void rm_arena_free(rm_arena *arena);

/* Zeroed, aligned for any type. NULL when the limit or memory is exhausted. */
void *rm_arena_alloc(rm_arena *arena, size_t count, size_t size);

/*
 * Keeps the first `kept` of the `had` bytes of an allocation. The rest is used again where it was
 * the arena's last allocation, and stays taken otherwise.
 */
void rm_arena_give_back(rm_arena *arena, void *allocation, size_t had, size_t kept);

/* Bytes handed out so far, padding included. */
size_t rm_arena_used(const rm_arena *arena);

/* Test hook: let `n` more allocations succeed, then fail each. n < 0 switches it off. */
void rm_arena_fail_after(rm_arena *arena, long n);

#define RM_NEW(arena, type) ((type *)rm_arena_alloc((arena), 1, sizeof(type)))
#define RM_NEW_ARRAY(arena, type, n) ((type *)rm_arena_alloc((arena), (n), sizeof(type)))

#endif
