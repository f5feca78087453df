#include "base/platform.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

bool rm_terminal_is(int descriptor) {
    return isatty(descriptor) == 1;
}

/* What the user prefers goes first, as POSIX has it for COLUMNS; 0: not said, or no width. */
static unsigned preferred_width(void) {
    enum { LEAST = 20, MOST = 10000 };
    uint64_t width = 0;
    const bool said = rm_str_u64(rm_str_from(getenv("COLUMNS")), &width);
    return said && width >= LEAST && width <= MOST ? (unsigned)width : 0;
}

unsigned rm_terminal_width(void) {
    enum { USUAL = 80 }; /* of a terminal that does not say */
    struct winsize size;
    const unsigned preferred = preferred_width();
    if (preferred > 0) {
        return preferred;
    }
    if (!rm_terminal_is(STDOUT_FILENO)) {
        return 0;
    }
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : USUAL;
}

uint64_t rm_clock_ms(void) {
    struct timespec now;
    if (clock_gettime(CLOCK_MONOTONIC, &now) != 0) {
        return 0;
    }
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

void rm_clock_today(char out[RM_DATE_ROOM]) {
    const time_t now = time(NULL);
    struct tm day;
    if (now == (time_t)-1 || gmtime_r(&now, &day) == NULL ||
        strftime(out, RM_DATE_ROOM, "%Y-%m-%d", &day) == 0) {
        out[0] = '\0';
    }
}

unsigned rm_processor_count(void) {
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count > 0 && count < 1 << 16 ? (unsigned)count : 1;
}
