#ifndef APP_SDDL_ANSWER_H
#define APP_SDDL_ANSWER_H

#include "model/access.h"

/* What 'ringmap sddl' says about one string: worked out here, printed by sddl_json and sddl_text.
 */

typedef struct sddl_message {
    rm_level level;
    uint32_t column;
    const char *id;
    rm_str text;
} sddl_message;

RM_LIST(sddl_messages, sddl_message);

typedef struct sddl_row {
    const rm_principal *principal;
    rm_access_answer answer;
    bool granted; /* the request of sddl_request, when there is one */
    rm_access_trace trace;
} sddl_row;

RM_LIST(sddl_rows, sddl_row);

/* What is asked of every string. */
typedef struct sddl_request {
    const rm_principals *principals;
    const rm_sid *domain; /* NULL: not given */
    rm_object_type type;
    bool has_access;
    uint32_t access;
    bool kernel; /* report what the kernel would not take */
} sddl_request;

typedef struct sddl_answer {
    rm_str text;
    const rm_security *security; /* NULL: rejected */
    const rm_sid *domain;
    rm_str canonical; /* empty and NULL when there is none */
    bool has_canonical;
    rm_str binary; /* lower-case hex */
    bool has_binary;
    sddl_messages messages;
    sddl_rows rows;
} sddl_answer;

/* Everything lives in `arena`; `text` is borrowed. RM_OK for a rejected string too. */
rm_status sddl_answer_make(rm_arena *arena, const sddl_request *request, rm_str text,
                           sddl_answer *out) RM_CHECK_RESULT;

/* One JSON object in one line, without a newline. */
void sddl_answer_json(rm_buf *out, const sddl_request *request, const sddl_answer *answer);

/* For people; ends with a newline. `width` 0 is unlimited. */
void sddl_answer_text(rm_buf *out, const sddl_request *request, const sddl_answer *answer,
                      unsigned width, bool color);

#endif
