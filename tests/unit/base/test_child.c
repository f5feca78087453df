#include "support.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/platform.h"

static const rm_child_limits limits = {
    .cpu_seconds = 5, .wall_seconds = 10, .output_bytes = (size_t)64 << 20};

typedef struct outcome {
    rm_child_end end;
    rm_str output, errors;
} outcome;

static outcome run(struct fixture *f, rm_child_limits with,
                   rm_status (*work)(void *payload, rm_child *child), void *payload) {
    outcome o = {.end = RM_CHILD_CRASHED};
    assert_int_equal(rm_child_run(f->arena, with, work, payload, &o.end, &o.output, &o.errors),
                     RM_OK);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* nobody is left behind */
    assert_int_equal(errno, ECHILD);
    return o;
}

static rm_status two_words(void *payload, rm_child *child) {
    rm_status st = rm_child_write(child, 0, rm_str_from(payload));
    return st == RM_OK ? rm_child_write(child, 1, RM_STR("and a warning")) : st;
}

static void both_channels_come_back(void **state) {
    char word[] = "a picture";
    outcome o = run(*state, limits, two_words, word);
    assert_int_equal(o.end, RM_CHILD_DONE);
    assert_str(o.output, "a picture");
    assert_str(o.errors, "and a warning");
}

/* More than a pipe holds, first on one channel, then on the other, then in turn. */
static rm_status megabytes(void *payload, rm_child *child) {
    (void)payload;
    static const char block[100000];
    static const int order[] = {0, 0, 0, 1, 1, 1, 0, 1, 0, 1, 1, 0};
    for (size_t i = 0; i < 100 * sizeof order / sizeof order[0]; i++) {
        int channel = order[i % (sizeof order / sizeof order[0])];
        rm_status st = rm_child_write(child, channel, (rm_str){block, sizeof block});
        if (st != RM_OK) {
            return st;
        }
    }
    return RM_OK;
}

static void much_output_blocks_nobody(void **state) {
    rm_child_limits much = limits;
    much.output_bytes = (size_t)120 * 1000 * 1000;
    outcome o = run(*state, much, megabytes, NULL);
    assert_int_equal(o.end, RM_CHILD_DONE);
    assert_int_equal(o.output.len, 60000000);
    assert_int_equal(o.errors.len, 60000000);
}

static void output_over_the_limit_is_refused_in_the_child(void **state) {
    rm_child_limits little = limits;
    little.output_bytes = 250000;
    outcome o = run(*state, little, megabytes, NULL);
    assert_int_equal(o.end, RM_CHILD_CRASHED);
    assert_int_equal(o.output.len, 200000);
}

static rm_status fails(void *payload, rm_child *child) {
    (void)payload;
    rm_status st = rm_child_write(child, 1, RM_STR("half"));
    return st == RM_OK ? RM_INTERNAL : st;
}

static void work_that_fails_is_not_done(void **state) {
    outcome o = run(*state, limits, fails, NULL);
    assert_int_equal(o.end, RM_CHILD_CRASHED);
    assert_str(o.errors, "half");
}

static rm_status dies(void *payload, rm_child *child) {
    (void)child;
    (void)raise(*(const int *)payload);
    return RM_OK;
}

static void a_crash_is_told(void **state) {
    static const int signals[] = {SIGSEGV, SIGABRT, SIGKILL, SIGPIPE};
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
        int sig = signals[i];
        assert_int_equal(run(*state, limits, dies, &sig).end, RM_CHILD_CRASHED);
    }
}

static rm_status sleeps(void *payload, rm_child *child) {
    (void)payload;
    rm_status st = rm_child_write(child, 0, RM_STR("so far"));
    while (pause() != 0) {
    }
    return st;
}

static void a_sleeper_is_ended(void **state) {
    rm_child_limits short_time = limits;
    short_time.wall_seconds = 1;
    uint64_t before = rm_clock_ms();
    outcome o = run(*state, short_time, sleeps, NULL);
    assert_int_equal(o.end, RM_CHILD_TIMEOUT);
    assert_str(o.output, "so far");
    assert_in_range(rm_clock_ms() - before, 900, 5000);
}

static rm_status spins(void *payload, rm_child *child) {
    (void)child;
    volatile unsigned *turns = payload;
    while (*turns < UINT32_MAX) {
        *turns += (*turns & 1u) == 0 ? 1 : UINT32_MAX; /* 0, 1, 0, … */
    }
    return RM_OK;
}

static void a_spinner_is_ended(void **state) {
    unsigned turns = 0;
    rm_child_limits short_time = limits;
    short_time.cpu_seconds = 1;
    assert_int_equal(run(*state, short_time, spins, &turns).end, RM_CHILD_TIMEOUT);
}

static rm_status closes_its_channels_and_sleeps(void *payload, rm_child *child) {
    (void)payload;
    (void)child;
    for (int fd = 3; fd < 64; fd++) {
        (void)close(fd);
    }
    while (pause() != 0) {
    }
    return RM_OK;
}

static void a_child_that_only_looks_done_is_ended(void **state) {
    rm_child_limits short_time = limits;
    short_time.wall_seconds = 1;
    outcome o = run(*state, short_time, closes_its_channels_and_sleeps, NULL);
    assert_int_equal(o.end, RM_CHILD_TIMEOUT);
}

static rm_status takes_a_gigabyte(void *payload, rm_child *child) {
    (void)payload;
    char *large = malloc((size_t)1 << 30);
    if (large == NULL) {
        rm_status st = rm_child_write(child, 1, RM_STR("refused"));
        return st == RM_OK ? RM_NOMEM : st;
    }
    *(volatile char *)large = 1;
    free(large);
    return RM_OK;
}

static void memory_has_a_limit(void **state) {
#if defined(__SANITIZE_ADDRESS__)
    (void)state;
    print_message("SKIP: address space is not limited under AddressSanitizer\n");
    skip();
#endif
    rm_child_limits small = limits;
    small.memory_bytes = (size_t)512 << 20;
    outcome o = run(*state, small, takes_a_gigabyte, NULL);
    assert_int_equal(o.end, RM_CHILD_CRASHED);
    assert_str(o.errors, "refused");
    assert_int_equal(run(*state, limits, takes_a_gigabyte, NULL).end, RM_CHILD_DONE);
}

static void an_arena_without_room_ends_the_child(void **state) {
    (void)state;
    rm_arena *small = rm_arena_new(1u << 20);
    rm_child_end end = RM_CHILD_CRASHED;
    rm_str output = RM_STR_NONE;
    rm_str errors = RM_STR_NONE;
    assert_int_equal(rm_child_run(small, limits, megabytes, NULL, &end, &output, &errors),
                     RM_NOMEM);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    rm_arena_free(small);
}

static rm_status writes_to_no_channel(void *payload, rm_child *child) {
    (void)payload;
    bool refused = rm_child_write(child, 2, RM_STR("x")) == RM_USAGE &&
                   rm_child_write(child, -1, RM_STR("x")) == RM_USAGE;
    return refused ? RM_OK : RM_INTERNAL;
}

static void there_are_two_channels(void **state) {
    assert_int_equal(run(*state, limits, writes_to_no_channel, NULL).end, RM_CHILD_DONE);
}

/* A caller that ignores a signal does not make its children immune. */
static void ignored_signals_still_end_the_child(void **state) {
    int sig = SIGPIPE;
    (void)signal(SIGPIPE, SIG_IGN);
    assert_int_equal(run(*state, limits, dies, &sig).end, RM_CHILD_CRASHED);
    (void)signal(SIGPIPE, SIG_DFL);
}

static void descriptors_do_not_leak(void **state) {
    char word[] = "x";
    int before = dup(0);
    (void)close(before);
    for (int i = 0; i < 20; i++) {
        (void)run(*state, limits, two_words, word);
    }
    int after = dup(0);
    (void)close(after);
    assert_int_equal(before, after);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(both_channels_come_back),
        WITH_FIXTURE(much_output_blocks_nobody),
        WITH_FIXTURE(output_over_the_limit_is_refused_in_the_child),
        WITH_FIXTURE(work_that_fails_is_not_done),
        WITH_FIXTURE(a_crash_is_told),
        WITH_FIXTURE(a_sleeper_is_ended),
        WITH_FIXTURE(a_spinner_is_ended),
        WITH_FIXTURE(a_child_that_only_looks_done_is_ended),
        WITH_FIXTURE(memory_has_a_limit),
        WITH_FIXTURE(an_arena_without_room_ends_the_child),
        WITH_FIXTURE(there_are_two_channels),
        WITH_FIXTURE(ignored_signals_still_end_the_child),
        WITH_FIXTURE(descriptors_do_not_leak),
    };
    return cmocka_run_group_tests_name("child process", tests, NULL, NULL);
}
