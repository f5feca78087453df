#ifndef BASE_PARALLEL_H
#define BASE_PARALLEL_H

#include <stdint.h>

#include "base/status.h"

/*
 * Work on a row of items with several threads, and the same outcome for any number of them: items
 * are made in parallel and taken one after the other, in their order.
 */
typedef struct rm_row {
    uint32_t count;
    void *payload; /* handed to each function below */
    /*
     * Makes item `index`; on any thread. `worker` (below `jobs`) is never used by two threads at
     * once, so that each can have an arena of its own.
     */
    rm_status (*make)(void *payload, unsigned worker, uint32_t index);
    /* Takes an item that was made; on the calling thread, each in its turn. */
    rm_status (*take)(void *payload, uint32_t index);
    /* Lets go of an item that was made and will not be taken; NULL: there is nothing to let go. */
    void (*drop)(void *payload, uint32_t index);
} rm_row;

/*
 * Makes and takes every item, on `jobs` threads with the calling one among them; one
 * item for each thread and one more are made before their turn. The first failure in the order of
 * items ends the work and is returned; later items are dropped. Where threads cannot be had, the
 * calling one does it all.
 */
enum { RM_MAX_JOBS = 256 };
rm_status rm_row_work(const rm_row *row, unsigned jobs) RM_CHECK_RESULT;

#endif
