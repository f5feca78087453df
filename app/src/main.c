#include <signal.h>

#include "options.h"

int main(int argc, char **argv) {
    /* A reader that went away (a pager, head) is an error code of write(), not a silent death. */
    (void)signal(SIGPIPE, SIG_IGN);
    return rm_program(argc, argv);
}
