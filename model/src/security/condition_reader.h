#ifndef SECURITY_CONDITION_READER_H
#define SECURITY_CONDITION_READER_H

#include "condition.h"
#include "sddl.h"

/* What the two files that read conditions from text share. */

enum { COND_MAX_BYTES = 65535 }; /* an ACE's size is 16 bits */

bool cond_is_space(int c);
void cond_skip_space(struct sddl *s);
rm_status cond_fail(struct sddl *s, size_t pos, const char *text); /* always RM_SYNTAX */

/* Name characters from the cursor on: plain ones, "%xxxx", and all that is not ASCII. */
rm_str cond_take_name(struct sddl *s, bool (*plain)(uint32_t unit));

bool cond_at_number(const struct sddl *s);
rm_status cond_read_attribute(struct sddl *s, struct cond_token *out) RM_CHECK_RESULT;
rm_status cond_read_literal(struct sddl *s, struct cond_token *out) RM_CHECK_RESULT;

#endif
