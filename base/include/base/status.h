#ifndef BASE_STATUS_H
#define BASE_STATUS_H

/* Every status the program can return. X(name, text): append only, never reorder. */
#define RM_STATUS_LIST(X)                                                                          \
    X(OK, "success")                                                                               \
    X(NOMEM, "out of memory")                                                                      \
    X(LIMIT, "a configured limit was reached")                                                     \
    X(SYNTAX, "the input is malformed")                                                            \
    X(IO, "input or output failed")                                                                \
    X(USAGE, "the request makes no sense")                                                         \
    X(FOREIGN, "the file is not a ringmap model, is damaged, or is from a newer version")          \
    X(INTERNAL, "a library failed in a way that should not happen")

typedef enum rm_status {
#define X(name, text) RM_##name,
    RM_STATUS_LIST(X)
#undef X
        RM_STATUS_COUNT
} rm_status;

#if defined(__GNUC__)
#define RM_CHECK_RESULT __attribute__((warn_unused_result))
#define RM_PRINTF(f, a) __attribute__((format(printf, f, a)))
#else
#define RM_CHECK_RESULT
#define RM_PRINTF(f, a)
#endif

/* Never NULL; static storage. */
const char *rm_status_text(rm_status status);

#endif
