#include "base/parallel.h"

#include <pthread.h>
#include <stdbool.h>

/* Items between the one whose turn it is and the last that may be begun; a ring. */
enum { MOST_AHEAD = RM_MAX_JOBS + 1 };

typedef enum state { NOT_MADE, MADE } state;

typedef struct crew {
    const rm_row *row;
    pthread_mutex_t lock;
    pthread_cond_t made;   /* some item was */
    pthread_cond_t wanted; /* there is room for another, or the work is over */
    uint32_t next;         /* to be begun */
    uint32_t turn;         /* to be taken */
    uint32_t ahead;
    bool over;
    state states[MOST_AHEAD];
    rm_status results[MOST_AHEAD];
} crew;

typedef struct member {
    crew *crew;
    unsigned worker;
    pthread_t thread;
} member;

/* With the lock held: lets go of it while the item is made. */
static void make_one(crew *c, unsigned worker) {
    uint32_t index = c->next++;
    (void)pthread_mutex_unlock(&c->lock);
    rm_status st = c->row->make(c->row->payload, worker, index);
    (void)pthread_mutex_lock(&c->lock);
    c->results[index % c->ahead] = st;
    c->states[index % c->ahead] = MADE;
    (void)pthread_cond_signal(&c->made);
}

static bool may_begin(const crew *c) {
    return c->next < c->row->count && c->next - c->turn < c->ahead;
}

static void *work(void *payload) {
    member *m = payload;
    crew *c = m->crew;
    (void)pthread_mutex_lock(&c->lock);
    while (!c->over && c->next < c->row->count) {
        if (may_begin(c)) {
            make_one(c, m->worker);
        } else {
            (void)pthread_cond_wait(&c->wanted, &c->lock);
        }
    }
    (void)pthread_mutex_unlock(&c->lock);
    return NULL;
}

/* With the lock held: waits for the item whose turn it is, and makes others meanwhile. */
static rm_status await(crew *c) {
    uint32_t slot = c->turn % c->ahead;
    while (c->states[slot] != MADE) {
        if (may_begin(c)) {
            make_one(c, 0);
        } else {
            (void)pthread_cond_wait(&c->made, &c->lock);
        }
    }
    c->states[slot] = NOT_MADE;
    return c->results[slot];
}

static rm_status take_all(crew *c) {
    rm_status st = RM_OK;
    (void)pthread_mutex_lock(&c->lock);
    while (st == RM_OK && c->turn < c->row->count) {
        st = await(c);
        uint32_t index = c->turn++;
        (void)pthread_cond_broadcast(&c->wanted);
        (void)pthread_mutex_unlock(&c->lock);
        if (st == RM_OK) {
            st = c->row->take(c->row->payload, index);
        } else if (c->row->drop != NULL) {
            c->row->drop(c->row->payload, index);
        }
        (void)pthread_mutex_lock(&c->lock);
    }
    c->over = true;
    (void)pthread_cond_broadcast(&c->wanted);
    (void)pthread_mutex_unlock(&c->lock);
    return st;
}

static unsigned hire(crew *c, member *members, unsigned count) {
    unsigned hired = 0;
    for (; hired < count; hired++) {
        members[hired] = (member){.crew = c, .worker = hired + 1};
        if (pthread_create(&members[hired].thread, NULL, work, &members[hired]) != 0) {
            break;
        }
    }
    return hired;
}

/* What was made and not taken, when the work ended early. */
static void drop_rest(const crew *c) {
    for (uint32_t i = c->turn; i < c->next; i++) {
        if (c->row->drop != NULL && c->states[i % c->ahead] == MADE) {
            c->row->drop(c->row->payload, i);
        }
    }
}

rm_status rm_row_work(const rm_row *row, unsigned jobs) {
    crew c = {.row = row};
    member members[RM_MAX_JOBS];
    jobs = jobs == 0 ? 1 : jobs > RM_MAX_JOBS ? RM_MAX_JOBS : jobs;
    c.ahead = jobs == 1 ? 1 : jobs + 1;
    (void)pthread_mutex_init(&c.lock, NULL);
    (void)pthread_cond_init(&c.made, NULL);
    (void)pthread_cond_init(&c.wanted, NULL);
    unsigned hired = hire(&c, members, jobs - 1);
    rm_status st = take_all(&c);
    for (unsigned i = 0; i < hired; i++) {
        (void)pthread_join(members[i].thread, NULL);
    }
    drop_rest(&c);
    (void)pthread_cond_destroy(&c.wanted);
    (void)pthread_cond_destroy(&c.made);
    (void)pthread_mutex_destroy(&c.lock);
    return st;
}
