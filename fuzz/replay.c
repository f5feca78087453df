/* Runs every file of a folder through a fuzz target: what the fuzzer once found stays found. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* An exact-size heap copy of the file, so that a sanitizer sees a read past the end. */
static uint8_t *load(const char *path, size_t *size) {
    FILE *in = fopen(path, "rb");
    if (in == NULL || fseek(in, 0, SEEK_END) != 0) {
        return NULL;
    }
    long length = ftell(in);
    rewind(in);
    uint8_t *bytes = length < 0 ? NULL : malloc(length > 0 ? (size_t)length : 1);
    *size = length < 0 ? 0 : (size_t)length;
    if (bytes != NULL && fread(bytes, 1, *size, in) != *size) {
        free(bytes);
        bytes = NULL;
    }
    (void)fclose(in);
    return bytes;
}

static int replay(const char *path) {
    size_t size = 0;
    uint8_t *bytes = load(path, &size);
    if (bytes == NULL) {
        (void)fprintf(stderr, "%s: cannot read\n", path);
        return 1;
    }
    (void)LLVMFuzzerTestOneInput(bytes, size);
    free(bytes);
    return 0;
}

int main(int argc, char **argv) {
    unsigned passed = 0;
    DIR *dir = argc == 2 ? opendir(argv[1]) : NULL;
    if (dir == NULL) {
        perror(argc == 2 ? argv[1] : "usage: replay FOLDER");
        return 2;
    }
    for (struct dirent *d; (d = readdir(dir)) != NULL;) {
        char path[4096];
        if (d->d_name[0] == '.') {
            continue;
        }
        (void)snprintf(path, sizeof path, "%s/%s", argv[1], d->d_name);
        if (replay(path) != 0) {
            (void)closedir(dir);
            return 1;
        }
        passed++;
    }
    (void)closedir(dir);
    (void)printf("%u inputs replayed\n", passed);
    return passed == 0; /* an empty corpus is a mistake, not a success */
}
