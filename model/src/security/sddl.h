#ifndef SECURITY_SDDL_H
#define SECURITY_SDDL_H

#include "model/descriptor.h"
#include "rights.h"

/* What the pieces of the SDDL reader share. Private to model/src/security. */

/* Forms that no document allows and Windows takes; each is noted once per descriptor. */
enum lax {
    LAX_CASE = 1 << 0,   /* a code in small letters */
    LAX_BLANK = 1 << 1,  /* a blank where none belongs */
    LAX_NUMBER = 1 << 2, /* a number that saturates, wraps, or is hex by its neighbour */
    LAX_RELATIVE = 1 << 3
};

struct sddl {
    rm_arena *arena;
    rm_sink *sink;
    rm_loc at;
    rm_str text;
    size_t pos;
    const rm_sid *domain; /* NULL: not known */
    unsigned noted;       /* of enum lax */
    bool domain_relative;
};

/* Reports an error at byte `pos` of the text; always RM_SYNTAX. */
rm_status sddl_fail(struct sddl *s, size_t pos, const char *id, const char *format, ...)
    RM_PRINTF(4, 5);

/* Notes a lax form at byte `pos`, the first time. */
void sddl_lax(struct sddl *s, size_t pos, enum lax what);

/* The character at the cursor, -1 at the end. */
int sddl_peek(const struct sddl *s);
void sddl_skip_blanks(struct sddl *s);

/*
 * Reads an alias or S-1-… at the cursor, up to `end`, and moves behind it. Blanks before it and
 * after an alias are taken.
 */
rm_status sddl_sid(struct sddl *s, size_t end, rm_sid *out) RM_CHECK_RESULT;

/* Reads one ACE from its '(' to its ')'. */
rm_status sddl_ace(struct sddl *s, bool in_sacl, rm_ace *out) RM_CHECK_RESULT;

/* The condition or resource attribute at the cursor, from '(' to its ')'. */
rm_status sddl_condition(struct sddl *s, const rm_condition **out) RM_CHECK_RESULT;
rm_status sddl_resource(struct sddl *s, rm_str *out) RM_CHECK_RESULT;

/* Pieces that conditions and resource attributes share. */
bool at_sid_literal(const struct sddl *s); /* "SID(" */
rm_status sid_literal_read(struct sddl *s, const rm_sid **out) RM_CHECK_RESULT;
rm_status octets_read(struct sddl *s, rm_str *out) RM_CHECK_RESULT; /* hex digits, '#' is a 0 */

/* Reads S-1-… at text[*pos]; on failure *pos is the place that is wrong. */
bool sid_scan(rm_str text, size_t *pos, unsigned *lax, rm_sid *out);

#endif
