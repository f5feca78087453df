#ifndef EXTRACT_INF_REGISTRY_H
#define EXTRACT_INF_REGISTRY_H

#include "inf/set.h"

/*
 * AddReg: lines `root, subkey, value, flags, data...` of the sections it names.
 * Source: Windows driver documentation, "INF AddReg directive".
 */

/* Types and manners of a value; the type is in the bits of RM_INF_TYPE_MASK. */
enum {
    RM_INF_TYPE_SZ = 0x00000,
    RM_INF_TYPE_BINARY = 0x00001,
    RM_INF_TYPE_MULTI_SZ = 0x10000,
    RM_INF_TYPE_DWORD = 0x10001,
    RM_INF_TYPE_EXPAND_SZ = 0x20000,
    RM_INF_NO_CLOBBER = 0x2,
    RM_INF_DELETE_VALUE = 0x4,
    RM_INF_APPEND = 0x8,
};
#define RM_INF_TYPE_MASK UINT32_C(0xFFFF0001)

/* A number of an INF; known = false where there is none, or it is none. */
typedef struct rm_inf_number {
    bool known;
    uint32_t value;
} rm_inf_number;

typedef struct rm_inf_value {
    rm_str section; /* the add-registry section */
    rm_str root;    /* HKR HKLM HKCR … */
    rm_str subkey;
    rm_str name;
    rm_inf_number flags;
    rm_inf_item item; /* data are its fields from RM_INF_DATA on */
} rm_inf_value;

enum { RM_INF_DATA = 4 };

RM_LIST(rm_inf_values, rm_inf_value);

/* "0x10", "16", "-1"; hexadecimal and decimal as SetupAPI reads them. */
rm_inf_number rm_inf_number_from(rm_str text);

/* The values of every section that an AddReg among `lines` names. A missing one is a diagnostic. */
rm_status rm_inf_values_added(rm_inf_set *set, const rm_inf_items *lines,
                              rm_inf_values *out) RM_CHECK_RESULT;

uint32_t rm_inf_value_type(const rm_inf_value *value); /* RM_INF_TYPE_… or another number */

/* The number a value sets: REG_DWORD, or REG_BINARY of up to four bytes. */
rm_inf_number rm_inf_value_number(const rm_inf_value *value);

/* The bytes of a REG_BINARY; RM_SYNTAX, with a diagnostic, where a field is no byte. */
rm_status rm_inf_value_bytes(rm_inf_set *set, const rm_inf_value *value,
                             rm_str *out) RM_CHECK_RESULT;

#endif
