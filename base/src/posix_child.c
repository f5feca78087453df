#include "base/platform.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "posix_io.h"

#if defined(__SANITIZE_ADDRESS__)
#define WITH_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WITH_ASAN 1
#endif
#endif

enum { CHANNELS = 2 };

/* What `work` sees of itself. */
struct rm_child {
    int fd[CHANNELS];
    size_t left; /* bytes it may still write */
};

/* ---- in the child ---- */

rm_status rm_child_write(rm_child *child, int channel, rm_str bytes) {
    if (channel < 0 || channel >= CHANNELS) {
        return RM_USAGE;
    }
    if (bytes.len > child->left) {
        return RM_LIMIT;
    }
    child->left -= bytes.len;
    return posix_write_all(child->fd[channel], bytes);
}

static bool limit(int resource, rlim_t soft, rlim_t hard) {
    struct rlimit now;
    if (getrlimit(resource, &now) != 0) {
        return false;
    }
    /* What is already tighter stays so: it may not be raised. */
    if (now.rlim_max != RLIM_INFINITY && now.rlim_max < hard) {
        hard = now.rlim_max;
    }
    struct rlimit wanted = {soft < hard ? soft : hard, hard};
    return setrlimit(resource, &wanted) == 0;
}

static bool limit_memory(size_t bytes) {
#ifdef WITH_ASAN
    (void)bytes; /* its shadow alone takes terabytes of address space */
    return true;
#else
    return bytes == 0 || limit(RLIMIT_AS, bytes, bytes);
#endif
}

/* SIGXCPU a second before SIGKILL, so that we can tell why it died. */
static bool apply_limits(const rm_child_limits *limits) {
    if (limits->cpu_seconds > 0 &&
        !limit(RLIMIT_CPU, limits->cpu_seconds, (rlim_t)limits->cpu_seconds + 1)) {
        return false;
    }
    if (limits->wall_seconds > 0) {
        /* We time it from outside; this is for the case that we are killed ourselves. */
        (void)alarm(limits->wall_seconds < 1u << 30 ? limits->wall_seconds + 2 : 0);
    }
    return limit(RLIMIT_CORE, 0, 0) && limit_memory(limits->memory_bytes);
}

/* A caller may have taken these signals for itself; in the child they mean the end. */
static void restore_signals(void) {
    static const int ours[] = {SIGALRM, SIGXCPU, SIGPIPE, SIGINT, SIGTERM, SIGSEGV, SIGABRT};
    sigset_t none;
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++) {
        (void)signal(ours[i], SIG_DFL);
    }
    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
}

typedef struct job {
    rm_child_limits limits;
    rm_status (*work)(void *payload, rm_child *child);
    void *payload;
} job;

static _Noreturn void be_child(const job *j, const int pipes[CHANNELS][2]) {
    rm_child self = {.left = j->limits.output_bytes > 0 ? j->limits.output_bytes : SIZE_MAX};
    for (int c = 0; c < CHANNELS; c++) {
        (void)close(pipes[c][0]);
        self.fd[c] = pipes[c][1];
    }
    restore_signals();
    _exit(apply_limits(&j->limits) && j->work(j->payload, &self) == RM_OK ? 0 : 1);
}

/* ---- in the parent ---- */

typedef struct watch {
    pid_t pid;
    int fd[CHANNELS]; /* -1 when at its end */
    rm_buf text[CHANNELS];
    size_t most;
    uint64_t deadline; /* UINT64_MAX: none */
    bool killed;       /* by us, for its time */
    rm_status status;
} watch;

static int milliseconds_left(const watch *w) {
    if (w->deadline == UINT64_MAX) {
        return -1;
    }
    uint64_t now = rm_clock_ms();
    uint64_t left = now >= w->deadline ? 0 : w->deadline - now;
    return left > 60000 ? 60000 : (int)left;
}

static void end_channel(watch *w, int channel) {
    (void)close(w->fd[channel]);
    w->fd[channel] = -1;
}

static void drain(watch *w, int channel) {
    char chunk[16 * 1024];
    ssize_t n = read(w->fd[channel], chunk, sizeof chunk);
    if (n < 0 && errno == EINTR) {
        return;
    }
    if (n <= 0) {
        end_channel(w, channel);
        return;
    }
    rm_buf_str(&w->text[channel], (rm_str){chunk, (size_t)n});
    if (w->text[channel].status != RM_OK) {
        w->status = w->text[channel].status;
    } else if (w->text[0].len + w->text[1].len > w->most) {
        w->status = RM_LIMIT; /* it went past rm_child_write(): it is no longer itself */
    }
}

/* Reads both channels as they fill, until both end, the time is up or we cannot go on. */
static void follow(watch *w) {
    while ((w->fd[0] >= 0 || w->fd[1] >= 0) && w->status == RM_OK) {
        struct pollfd ready[CHANNELS] = {{.fd = w->fd[0], .events = POLLIN},
                                         {.fd = w->fd[1], .events = POLLIN}};
        int left = milliseconds_left(w);
        if (left == 0) {
            return;
        }
        int n = poll(ready, CHANNELS, left);
        if (n < 0 && errno != EINTR) {
            w->status = RM_IO;
        }
        for (int c = 0; c < CHANNELS && n > 0; c++) {
            if (w->fd[c] >= 0 && ready[c].revents != 0) {
                drain(w, c);
            }
        }
    }
}

/* Its exit follows the end of its channels at once, unless it is stuck: then until the deadline. */
static int reap(watch *w) {
    const struct timespec moment = {0, 1000000};
    int how = 0;
    for (;;) {
        bool stop = w->status != RM_OK || milliseconds_left(w) == 0;
        if (stop) {
            (void)kill(w->pid, SIGKILL);
        }
        pid_t got = waitpid(w->pid, &how, stop ? 0 : WNOHANG);
        if (got == w->pid) {
            w->killed = stop && WIFSIGNALED(how) && WTERMSIG(how) == SIGKILL;
            return how;
        }
        if (got < 0 && errno != EINTR) {
            w->status = RM_IO;
            return 0;
        }
        (void)nanosleep(&moment, NULL);
    }
}

static rm_child_end end_of(const watch *w, int how) {
    if (WIFEXITED(how)) {
        return WEXITSTATUS(how) == 0 ? RM_CHILD_DONE : RM_CHILD_CRASHED;
    }
    int sig = WTERMSIG(how);
    return w->killed || sig == SIGXCPU || sig == SIGALRM ? RM_CHILD_TIMEOUT : RM_CHILD_CRASHED;
}

static void close_pipe(int pipe_fd[2]) {
    posix_close_quietly(pipe_fd[0]);
    posix_close_quietly(pipe_fd[1]);
}

static rm_status make_pipes(int pipes[CHANNELS][2]) {
    if (pipe(pipes[0]) != 0) {
        return RM_IO;
    }
    if (pipe(pipes[1]) != 0) {
        close_pipe(pipes[0]);
        return RM_IO;
    }
    return RM_OK;
}

static rm_status start(const job *j, watch *w) {
    int pipes[CHANNELS][2];
    rm_status st = make_pipes(pipes);
    if (st != RM_OK) {
        return st;
    }
    w->pid = fork();
    if (w->pid < 0) {
        close_pipe(pipes[0]);
        close_pipe(pipes[1]);
        return RM_IO;
    }
    if (w->pid == 0) {
        be_child(j, (const int(*)[2])pipes);
    }
    for (int c = 0; c < CHANNELS; c++) {
        (void)close(pipes[c][1]);
        w->fd[c] = pipes[c][0];
    }
    return RM_OK;
}

rm_status rm_child_run(rm_arena *arena, rm_child_limits limits,
                       rm_status (*work)(void *payload, rm_child *child), void *payload,
                       rm_child_end *end, rm_str *output, rm_str *errors) {
    job j = {limits, work, payload};
    watch w = {
        .text = {{.arena = arena}, {.arena = arena}},
        .most = limits.output_bytes > 0 ? limits.output_bytes : SIZE_MAX,
        .deadline = limits.wall_seconds == 0 ? UINT64_MAX
                                             : rm_clock_ms() + (uint64_t)limits.wall_seconds * 1000,
    };
    rm_status st = start(&j, &w);
    if (st != RM_OK) {
        return st;
    }
    follow(&w);
    int how = reap(&w);
    for (int c = 0; c < CHANNELS; c++) {
        if (w.fd[c] >= 0) {
            end_channel(&w, c);
        }
    }
    if (w.status == RM_OK) {
        *end = end_of(&w, how);
        *output = rm_buf_view(&w.text[0]);
        *errors = rm_buf_view(&w.text[1]);
    }
    return w.status;
}
