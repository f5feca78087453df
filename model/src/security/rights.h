#ifndef SECURITY_RIGHTS_H
#define SECURITY_RIGHTS_H

#include "base/str.h"

/* The codes of an ACE's first three fields (Windows: "ACE Strings"; MS-DTYP 2.4.4, 2.5.1.1). */

enum ace_type {
    ACE_ALLOW = 0x00,
    ACE_DENY = 0x01,
    ACE_AUDIT = 0x02,
    ACE_ALARM = 0x03,
    ACE_OBJECT_ALLOW = 0x05,
    ACE_OBJECT_DENY = 0x06,
    ACE_OBJECT_AUDIT = 0x07,
    ACE_OBJECT_ALARM = 0x08,
    ACE_CALLBACK_ALLOW = 0x09,
    ACE_CALLBACK_DENY = 0x0A,
    ACE_CALLBACK_OBJECT_ALLOW = 0x0B,
    ACE_CALLBACK_OBJECT_DENY = 0x0C, /* no SDDL code */
    ACE_CALLBACK_AUDIT = 0x0D,
    ACE_CALLBACK_ALARM = 0x0E, /* no SDDL code, as the next two */
    ACE_CALLBACK_OBJECT_AUDIT = 0x0F,
    ACE_CALLBACK_OBJECT_ALARM = 0x10,
    ACE_MANDATORY_LABEL = 0x11,
    ACE_RESOURCE_ATTRIBUTE = 0x12,
    ACE_SCOPED_POLICY = 0x13,
    ACE_TRUST_LABEL = 0x14,
    ACE_ACCESS_FILTER = 0x15
};

enum ace_flag {
    ACE_OBJECT_INHERIT = 0x01,
    ACE_CONTAINER_INHERIT = 0x02,
    ACE_NO_PROPAGATE = 0x04,
    ACE_INHERIT_ONLY = 0x08,
    ACE_INHERITED = 0x10,
    ACE_CRITICAL = 0x20,
    ACE_AUDIT_SUCCESS = 0x40,
    ACE_AUDIT_FAILURE = 0x80
};

enum access_bit {
    ACCESS_READ_DATA = 0x1,
    ACCESS_WRITE_DATA = 0x2,
    ACCESS_DELETE = 0x10000,
    ACCESS_READ_CONTROL = 0x20000,
    ACCESS_WRITE_DAC = 0x40000,
    ACCESS_WRITE_OWNER = 0x80000,
    ACCESS_SYSTEM_SECURITY = 0x1000000,
    ACCESS_MAXIMUM_ALLOWED = 0x2000000
};

/* What may follow the SID of an ACE of this type. */
enum ace_tail { TAIL_NONE, TAIL_CONDITION, TAIL_OPTIONAL_CONDITION, TAIL_RESOURCE };

struct ace_kind {
    const char *code; /* NULL: has no SDDL form */
    uint8_t type;
    bool in_sacl;
    bool object; /* carries object GUIDs */
    enum ace_tail tail;
};

/* NULL when there is no such type. */
const struct ace_kind *ace_kind_of(uint8_t type);
const struct ace_kind *ace_kind_find(rm_str code); /* in any case */

/* One two-letter code at the head of a field; false when it is none. */
bool ace_flag_find(rm_str code, uint8_t type, uint8_t *out);
bool right_find(rm_str code, uint8_t type, uint32_t *out);
bool right_in_kernel_subset(rm_str code);

/* As Windows prints them. */
void ace_flags_put(rm_buf *buf, uint8_t set, uint8_t type);
void rights_put(rm_buf *buf, uint32_t mask, uint8_t type);

#endif
