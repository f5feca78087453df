#ifndef APP_SCAN_H
#define APP_SCAN_H

#include "command.h"
#include "domain.h"
#include "model/model.h"
#include "principals.h"
#include "team_rules.h"

/* The options of scan and map that tell how to read. */
/* clang-format off */
#define RM_SCAN_OPTIONS                                                                            \
    {"--facts", "FILE", "read a facts file as if it were found", NULL, true},                      \
    {"--define", "NAME[=VALUE]", "a macro to read driver sources with", NULL, true},               \
    RM_PRINCIPALS_OPTION,                                                                          \
    {"--weights", "FILE", "other weights of the score than the standard ones", NULL, false},       \
    RM_TEAM_RULES_OPTION,                                                                          \
    RM_DOMAIN_OPTION,                                                                              \
    {"--all-origins", NULL, "keep every path row above 100,000", NULL, false},                     \
    {"--strict", NULL, "a file that cannot be used makes the exit code 3", NULL, false},           \
    {"--parse-all", NULL, "parse every file of a driver and say how well", NULL, false},           \
    {"--jobs", "N", "files read at once (default: processors)", NULL, false}
/* clang-format on */

/*
 * Reads every artifact below the operands [first, first + count) into a new model, links and
 * derives it, and prints the summary. The model is the caller's to free. Returns an exit code;
 * *model is NULL unless it is RM_EXIT_OK, or RM_EXIT_INPUT because of --strict.
 */
int rm_scan(rm_invocation *in, char **paths, unsigned count, rm_model **model);

#endif
