#ifndef MODEL_DESCRIPTOR_H
#define MODEL_DESCRIPTOR_H

#include "base/diag.h"
#include "base/list.h"
#include "model/sid.h"

/*
 * Security descriptors: SDDL text, binary self-relative form, and the parsed form both come to.
 * Source: MS-DTYP 2.4 and 2.5.1.1; Windows' laxer habits as in docs/security-model.md.
 */

typedef struct rm_condition rm_condition; /* a conditional expression; model/condition.h */

typedef struct rm_ace {
    uint8_t type;  /* 0x00 allow, 0x01 deny, … MS-DTYP 2.4.4.1 */
    uint8_t flags; /* OI 1 CI 2 NP 4 IO 8 ID 0x10 … */
    uint32_t mask;
    rm_sid sid;
    bool has_object, has_inherited;
    bool was_object; /* OA, OD, … without a GUID: Windows makes it plain, but keeps its room */
    uint8_t object[16], inherited[16]; /* GUIDs as they lie in memory */
    const rm_condition *condition;     /* XA XD ZA XU; NULL otherwise */
    rm_str resource;                   /* RA: the binary claim; otherwise application data */
    uint32_t column;                   /* of '(' in the text it came from, 0 for binary */
    bool beyond_rights, beyond_sid;    /* written with codes that the kernel subset lacks */
} rm_ace;

RM_LIST(rm_aces, rm_ace);

typedef struct rm_acl {
    bool present;
    bool null; /* NO_ACCESS_CONTROL */
    bool is_protected, auto_inherit_req, auto_inherited;
    rm_aces aces;
} rm_acl;

typedef struct rm_security {
    bool has_owner, has_group;
    rm_sid owner, group;
    rm_acl dacl, sacl;
    bool domain_relative; /* an alias needed a domain SID that was not given */
    bool has_domain;      /* the domain that domain-relative aliases mean, where it was given */
    rm_sid domain;
} rm_security;

/* What kind of object, for rights codes and generic mapping. */
typedef enum rm_object_type {
    RM_OBJECT_DEVICE, /* = file */
    RM_OBJECT_FILE,
    RM_OBJECT_KEY,
    RM_OBJECT_SERVICE
} rm_object_type;

typedef struct rm_generic_mapping {
    uint32_t read, write, execute, all;
} rm_generic_mapping;

rm_generic_mapping rm_object_mapping(rm_object_type type);

typedef struct rm_sddl_options {
    const rm_sid *domain; /* for domain-relative aliases; NULL: reported as such */
} rm_sddl_options;

/*
 * Parses SDDL as Windows does. `text` is borrowed and must outlive *out, which lives in `arena`.
 * `at` is the place of its first byte; columns in diagnostics count from there. RM_SYNTAX when
 * Windows would reject it (an error is in `sink`); lax forms that Windows takes are notes.
 * On failure *out is left as it was. `options` may be NULL.
 */
rm_status rm_sddl_parse(rm_arena *arena, rm_sink *sink, rm_loc at, rm_str text,
                        const rm_sddl_options *options, const rm_security **out) RM_CHECK_RESULT;

/* As Windows prints it. */
rm_status rm_sddl_format(rm_arena *arena, const rm_security *sd, rm_str *out) RM_CHECK_RESULT;

/* The pieces of an ACE as SDDL writes them; a piece that is not there is empty. */
typedef struct rm_ace_text {
    rm_str type;   /* "A"; "?" for a type without a code */
    rm_str flags;  /* "OICI" */
    rm_str rights; /* "GRGW", "0x100080" */
    rm_str object; /* GUIDs */
    rm_str inherited;
    rm_str sid;       /* alias or S-1-… */
    rm_str condition; /* in parentheses, as the next one */
    rm_str resource;
} rm_ace_text;

/* `domain` as in rm_sddl_options. */
rm_status rm_ace_texts(rm_arena *arena, const rm_ace *ace, const rm_sid *domain,
                       rm_ace_text *out) RM_CHECK_RESULT;

/* The self-relative form, and back. Reading refuses what is damaged (RM_SYNTAX, error in sink). */
rm_status rm_security_to_binary(rm_arena *arena, const rm_security *sd,
                                rm_str *out) RM_CHECK_RESULT;
rm_status rm_security_from_binary(rm_arena *arena, rm_sink *sink, rm_loc at, rm_str bytes,
                                  const rm_security **out) RM_CHECK_RESULT;

/* The text of an SDDL_DEVOBJ_* name (wdmsec.h); NULL when it is none of the eight (or aliases). */
const char *rm_sddl_devobj(rm_str name);

/* The name that stands for such a text; NULL: none does. */
const char *rm_sddl_devobj_name(rm_str sddl);

/* The documented default of a device made by IoCreateDevice, by FILE_DEVICE_ type. */
const char *rm_sddl_device_default(uint32_t device_type);

/*
 * Breaches of the subset that IoCreateDeviceSecure takes go to `sink` (warnings, id
 * sddl-kernel-subset). `at` as it was for rm_sddl_parse(). Windows: "SDDL for Device Objects".
 */
void rm_sddl_kernel_subset(rm_sink *sink, rm_loc at, const rm_security *sd);

#endif
