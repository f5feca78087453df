#ifndef TESTS_FOLDER_H
#define TESTS_FOLDER_H

#include "support.h"

/* A fixture whose tests work in an empty folder of their own, which is removed with its content. */
int folder_setup(void **state);
int folder_teardown(void **state);

#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder_setup, folder_teardown)

/* All paths are relative to that folder, which is the working directory. */
void put_file(const char *path, rm_str bytes);
void put_folder(const char *path);

/* Entries of a folder, hidden ones too, without "." and "..". */
unsigned count_entries(const char *path);

#endif
