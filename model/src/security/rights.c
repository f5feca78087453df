#include "rights.h"

#include <inttypes.h>
#include <stddef.h>

static char upper(char c) {
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

/* Is the text this code of two capital letters, in any case? */
static bool is_code(rm_str text, const char *code) {
    return text.len == 2 && upper(text.ptr[0]) == code[0] && upper(text.ptr[1]) == code[1];
}

static const struct ace_kind kinds[] = {
    {"A", ACE_ALLOW, false, false, TAIL_NONE},
    {"D", ACE_DENY, false, false, TAIL_NONE},
    {"AU", ACE_AUDIT, true, false, TAIL_NONE},
    {"AL", ACE_ALARM, true, false, TAIL_NONE},
    {"OA", ACE_OBJECT_ALLOW, false, true, TAIL_NONE},
    {"OD", ACE_OBJECT_DENY, false, true, TAIL_NONE},
    {"OU", ACE_OBJECT_AUDIT, true, true, TAIL_NONE},
    {"OL", ACE_OBJECT_ALARM, true, true, TAIL_NONE},
    {"XA", ACE_CALLBACK_ALLOW, false, false, TAIL_CONDITION},
    {"XD", ACE_CALLBACK_DENY, false, false, TAIL_CONDITION},
    {"ZA", ACE_CALLBACK_OBJECT_ALLOW, false, true, TAIL_CONDITION},
    {NULL, ACE_CALLBACK_OBJECT_DENY, false, true, TAIL_CONDITION},
    {"XU", ACE_CALLBACK_AUDIT, true, false, TAIL_CONDITION},
    {NULL, ACE_CALLBACK_ALARM, true, false, TAIL_CONDITION},
    {NULL, ACE_CALLBACK_OBJECT_AUDIT, true, true, TAIL_CONDITION},
    {NULL, ACE_CALLBACK_OBJECT_ALARM, true, true, TAIL_CONDITION},
    {"ML", ACE_MANDATORY_LABEL, true, false, TAIL_NONE},
    {"RA", ACE_RESOURCE_ATTRIBUTE, true, false, TAIL_RESOURCE},
    {"SP", ACE_SCOPED_POLICY, true, false, TAIL_NONE},
    {"TL", ACE_TRUST_LABEL, true, false, TAIL_NONE},
    {"FL", ACE_ACCESS_FILTER, true, false, TAIL_OPTIONAL_CONDITION},
};

enum { KINDS = sizeof kinds / sizeof kinds[0] };

const struct ace_kind *ace_kind_of(uint8_t type) {
    for (size_t i = 0; i < KINDS; i++) {
        if (kinds[i].type == type) {
            return &kinds[i];
        }
    }
    return NULL;
}

const struct ace_kind *ace_kind_find(rm_str code) {
    for (size_t i = 0; i < KINDS; i++) {
        if (kinds[i].code != NULL && rm_str_ieq(code, rm_str_from(kinds[i].code))) {
            return &kinds[i];
        }
    }
    return NULL;
}

/* In the order in which Windows prints them. */
static const struct {
    char code[3];
    uint8_t bit;
} flags[] = {
    {"OI", ACE_OBJECT_INHERIT}, {"CI", ACE_CONTAINER_INHERIT}, {"NP", ACE_NO_PROPAGATE},
    {"IO", ACE_INHERIT_ONLY},   {"ID", ACE_INHERITED},         {"CR", ACE_CRITICAL},
    {"SA", ACE_AUDIT_SUCCESS},  {"FA", ACE_AUDIT_FAILURE},
};

enum { FLAGS = sizeof flags / sizeof flags[0] };

/* In an access filter bit 0x40 has a name of its own: trust protected. */
static const char *flag_code(size_t i, uint8_t type) {
    bool filter = type == ACE_ACCESS_FILTER && flags[i].bit == ACE_AUDIT_SUCCESS;
    return filter ? "TP" : flags[i].code;
}

bool ace_flag_find(rm_str code, uint8_t type, uint8_t *out) {
    for (size_t i = 0; i < FLAGS; i++) {
        if (is_code(code, flag_code(i, type))) {
            *out = flags[i].bit;
            return true;
        }
    }
    return false;
}

void ace_flags_put(rm_buf *buf, uint8_t set, uint8_t type) {
    for (size_t i = 0; i < FLAGS; i++) {
        if ((set & flags[i].bit) != 0) {
            rm_buf_text(buf, flag_code(i, type));
        }
    }
}

struct right {
    char code[3];
    uint32_t mask;
};

/* One bit each, ascending: the order in which Windows prints them. */
static const struct right single_rights[] = {
    {"CC", 0x1},        {"DC", 0x2},        {"LC", 0x4},     {"SW", 0x8},        {"RP", 0x10},
    {"WP", 0x20},       {"DT", 0x40},       {"LO", 0x80},    {"CR", 0x100},      {"SD", 0x10000},
    {"RC", 0x20000},    {"WD", 0x40000},    {"WO", 0x80000}, {"GA", 0x10000000}, {"GX", 0x20000000},
    {"GW", 0x40000000}, {"GR", 0x80000000},
};

/* Printed when the mask is exactly this. KX equals KR, which comes first. */
static const struct right whole_rights[] = {
    {"FA", 0x1F01FF}, {"FR", 0x120089}, {"FW", 0x120116}, {"FX", 0x1200A0},
    {"KA", 0xF003F},  {"KR", 0x20019},  {"KW", 0x20006},  {"KX", 0x20019},
};

static const struct right label_rights[] = {{"NW", 0x1}, {"NR", 0x2}, {"NX", 0x4}};

enum {
    SINGLE_RIGHTS = sizeof single_rights / sizeof single_rights[0],
    WHOLE_RIGHTS = sizeof whole_rights / sizeof whole_rights[0],
    LABEL_RIGHTS = sizeof label_rights / sizeof label_rights[0]
};

static bool find_in(const struct right *table, size_t count, rm_str code, uint32_t *out) {
    for (size_t i = 0; i < count; i++) {
        if (is_code(code, table[i].code)) {
            *out = table[i].mask;
            return true;
        }
    }
    return false;
}

bool right_find(rm_str code, uint8_t type, uint32_t *out) {
    return find_in(single_rights, SINGLE_RIGHTS, code, out) ||
           find_in(whole_rights, WHOLE_RIGHTS, code, out) ||
           (type == ACE_MANDATORY_LABEL && find_in(label_rights, LABEL_RIGHTS, code, out));
}

/* Windows: "SDDL for Device Objects". */
bool right_in_kernel_subset(rm_str code) {
    static const char *const codes[] = {"GA", "GR", "GW", "GX", "RC", "SD", "WD", "WO"};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (is_code(code, codes[i])) {
            return true;
        }
    }
    return false;
}

/* The bits of `mask` that the table names, as one text; false when some bit has no name. */
static bool put_bits(rm_buf *buf, const struct right *table, size_t count, uint32_t mask) {
    uint32_t named = 0;
    for (size_t i = 0; i < count; i++) {
        named |= table[i].mask;
    }
    if ((mask & ~named) != 0) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if ((mask & table[i].mask) != 0) {
            rm_buf_str(buf, (rm_str){table[i].code, 2});
        }
    }
    return true;
}

void rights_put(rm_buf *buf, uint32_t mask, uint8_t type) {
    if (type == ACE_MANDATORY_LABEL && put_bits(buf, label_rights, LABEL_RIGHTS, mask)) {
        return;
    }
    for (size_t i = 0; i < WHOLE_RIGHTS; i++) {
        if (mask == whole_rights[i].mask) {
            rm_buf_str(buf, (rm_str){whole_rights[i].code, 2});
            return;
        }
    }
    if (!put_bits(buf, single_rights, SINGLE_RIGHTS, mask)) {
        rm_buf_printf(buf, "0x%" PRIx32, mask);
    }
}
