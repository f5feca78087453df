#include <stdio.h>

int main(void) {
    (void)puts("ringmap " RINGMAP_VERSION);
    return 0;
}
