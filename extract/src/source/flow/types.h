#ifndef EXTRACT_SOURCE_FLOW_TYPES_H
#define EXTRACT_SOURCE_FLOW_TYPES_H

#include "source/unit.h"

/*
 * What a driver's sources say about types: width and sign of integers (a one-sided test of a
 * signed value is no range), fields and unions (two names for the same bytes), lengths of arrays
 * (what an index may reach). Types of the driver kit come from a small table; anything else is
 * "not known", and whatever depends on it becomes `unknown`.
 */

enum {
    RM_TYPE_DIMS = 2,
    RM_TYPE_DECLARATORS = 32 /* of one declaration; more are not looked at */
};

typedef struct rm_record rm_record;

typedef struct rm_type {
    rm_str name;             /* of the base type, without const and struct; empty: not known */
    const rm_record *record; /* its definition, where the sources have one */
    uint8_t bits;            /* of an integer: 8 16 32 64; 0: not an integer, or not known */
    bool is_signed;
    uint8_t pointers;            /* levels of * */
    uint8_t dims;                /* of an array, outside the pointers */
    int64_t count[RM_TYPE_DIMS]; /* elements; 0: not a number that is known */
    rm_str count_text[RM_TYPE_DIMS];
} rm_type;

typedef struct rm_field {
    rm_str name;
    rm_type type;
    int64_t offset;         /* in bytes from the record's start; -1: not known */
    const rm_record *group; /* a nameless struct or union that it comes from; NULL: none */
    uint32_t in_group;      /* which of its members */
} rm_field;

RM_LIST(rm_fields, rm_field);

struct rm_record {
    rm_str name; /* tag, or the first typedef name */
    bool is_union;
    rm_fields fields;      /* members of nameless inner structs and unions included */
    bool has_union;        /* a nameless union inside: members share bytes */
    bool ends_with_stores; /* its destructor changes memory */
    bool irregular;        /* bit fields, base classes, #if inside: no layout is worked out */
    uint32_t pack;         /* the largest alignment of a member (#pragma pack); 0: its own */
    int64_t size;          /* in bytes on a 64-bit system; 0: not known */
    int64_t align;
};

/* A variable at file level. */
typedef struct rm_global {
    rm_str name;
    rm_type type;
    uint32_t file;
    TSNode value; /* initialiser; null node: none */
    bool is_const;
    bool several; /* more than one initialised definition of that name */
} rm_global;

typedef struct rm_decls rm_decls;

/* Reads the parsed files of `unit`. Everything lives in `arena`. NULL: memory. */
rm_decls *rm_decls_read(rm_arena *arena, const rm_source_unit *unit);

/* The type that a declaration's `type` node and declarator give; `*name` may be empty. */
rm_type rm_type_of_declarator(rm_decls *decls, const rm_source_file *file, TSNode type,
                              TSNode declarator, rm_str *name);

/* Did that run out of memory? */
bool rm_decls_failed(const rm_decls *decls);
/* A typedef in a function's body; the first of a name is that name's. */
void rm_decls_typedef(rm_decls *decls, const rm_source_file *file, TSNode node);

/* The children that stand in a field of `node`, at most `max` of them: declarators. */
uint32_t rm_node_children(TSNode node, const char *field, TSNode *out, uint32_t max);

/* Does code below the node assign anything? */
bool rm_node_stores(TSNode node, unsigned depth);

/* A type by its text: "PULONG", "const IN1 *". */
rm_type rm_type_named(const rm_decls *decls, rm_str text);

/* An integer of C or of the kit, or a pointer to one by its name; false: neither. */
bool rm_type_plain(rm_str name, rm_type *out);

/* Is the name one of a type that the sources or the kit define? */
bool rm_type_known(const rm_decls *decls, rm_str name);

/* Works out size and alignment once all members are known. */
void rm_record_measure(rm_record *record);

/*
 * #pragma pack and the kit's pshpack1.h, …, poppack.h, followed through one file's text. A scan
 * is zeroed at first and remembers how far it has come.
 */
enum { RM_PACK_DEPTH = 16 };
typedef struct rm_pack_scan {
    rm_str text;
    size_t at;
    uint32_t stack[RM_PACK_DEPTH];
    uint32_t depth;
    uint32_t pack;
} rm_pack_scan;

/* What reigns at a byte of `text`: 1, 2, 4, 8, 16, or 0 for the natural alignment. */
uint32_t rm_pack_at(rm_pack_scan *scan, rm_str text, size_t byte);

/* Is it the name of a member of any structure or class? */
bool rm_decls_is_member(const rm_decls *decls, rm_str name);
/* Is it a member of one structure of the sources, and of no other? */
bool rm_decls_is_only_member(const rm_decls *decls, rm_str name);

const rm_global *rm_decls_global(const rm_decls *decls, rm_str name);

/* The member's type; a type without name when it is not known. */
rm_type rm_type_member(const rm_type *of, rm_str field);
/* Do two members of one record share bytes (union), as far as is known? Unknown says yes. */
bool rm_type_overlaps(const rm_record *record, rm_str a, rm_str b);

bool rm_type_is_large_integer(const rm_type *type); /* a union of the kit's for one number */
rm_type rm_type_deref(const rm_type *type);         /* what a pointer or array leads to */
rm_type rm_type_pointer(const rm_type *type);
rm_type rm_type_integer(uint8_t bits, bool is_signed);
/* The name by which an unknown size goes; empty: none. */
rm_str rm_type_size_name(const rm_type *type);
int64_t rm_type_size(const rm_type *type); /* in bytes on a 64-bit system; 0: not known */

#endif
