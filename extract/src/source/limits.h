#ifndef EXTRACT_SOURCE_LIMITS_H
#define EXTRACT_SOURCE_LIMITS_H

/* How far the readers of sources follow what they are given, and why no further. */

#define RM_MAX_SOURCE_BYTES ((size_t)64 << 20) /* scanned at all; offsets fit 32 bits */
#define RM_MAX_PARSED_BYTES ((size_t)8 << 20)  /* parsed: hand-written files end far below */
#define RM_MAX_IF_DEPTH 128u                   /* nested #if; C promises 63 */
#define RM_MAX_MACRO_PARAMS 127u               /* C's own minimum */
#define RM_MAX_PARAMETER_LIST 8192u            /* bytes of one function's parameters */
#define RM_MAX_CONST_LENGTH 4096u              /* bytes of one constant's initialiser */
#define RM_MAX_EXPANSION 65536u                /* bytes of one expression, macros replaced */
#define RM_MAX_MACRO_DEPTH 64u                 /* macros in macros */
#define RM_MAX_EXPRESSION_DEPTH 200u           /* nested parentheses */
#define RM_MAX_INCLUDE_DEPTH 64u               /* headers in headers */

#endif
