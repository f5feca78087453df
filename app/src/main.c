#include <signal.h>

#include "options.h"

int main(int argc, char **argv) {
    /* A reader that went away (a pager, head) is an error code of write(), not a silent death. */
    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGXFSZ,
                 SIG_IGN); /* so is a file that may not grow: temporary files are removed */
    return rm_program(argc, argv);
}
