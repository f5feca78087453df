/*
 * bench_processor_time ROUNDS COMMAND...: each command by turns, ROUNDS times; prints for each the
 * median of its processor time, children included, in microseconds. By turns, so that whatever
 * else the machine does disturbs all of them alike; processor time, so that waiting does not count.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROUNDS_MAX = 1000, COMMANDS_MAX = 16 };

static long microseconds(const struct rusage *u) {
    return (u->ru_utime.tv_sec + u->ru_stime.tv_sec) * 1000000L + u->ru_utime.tv_usec +
           u->ru_stime.tv_usec;
}

/* -1: it cannot be run. */
static long one_run(const char *command) {
    struct rusage before;
    struct rusage after;
    int how = 0;
    if (getrusage(RUSAGE_CHILDREN, &before) != 0) {
        return -1;
    }
    pid_t pid = fork();
    if (pid == 0) {
        (void)execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(127);
    }
    if (pid < 0 || waitpid(pid, &how, 0) != pid || how != 0 ||
        getrusage(RUSAGE_CHILDREN, &after) != 0) {
        return -1;
    }
    return microseconds(&after) - microseconds(&before);
}

static int ascending(const void *a, const void *b) {
    const long *x = a;
    const long *y = b;
    return (*x > *y) - (*x < *y);
}

int main(int argc, char **argv) {
    static long took[COMMANDS_MAX][ROUNDS_MAX];
    char *end = NULL;
    unsigned long rounds = argc > 2 ? strtoul(argv[1], &end, 10) : 0;
    int commands = argc - 2;
    if (rounds == 0 || rounds > ROUNDS_MAX || commands > COMMANDS_MAX) {
        (void)fprintf(stderr, "usage: bench_processor_time ROUNDS COMMAND...\n");
        return 2;
    }
    for (unsigned long round = 0; round < rounds; round++) {
        for (int c = 0; c < commands; c++) {
            took[c][round] = one_run(argv[c + 2]);
            if (took[c][round] < 0) {
                (void)fprintf(stderr, "failed: %s\n", argv[c + 2]);
                return 1;
            }
        }
    }
    for (int c = 0; c < commands; c++) {
        qsort(took[c], rounds, sizeof took[c][0], ascending);
        (void)printf("%ld%c", took[c][rounds / 2], c + 1 < commands ? ' ' : '\n');
    }
    return 0;
}
