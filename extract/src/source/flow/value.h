#ifndef EXTRACT_SOURCE_FLOW_VALUE_H
#define EXTRACT_SOURCE_FLOW_VALUE_H

#include "source/flow/ir.h"

/*
 * What the walk knows of a value. A symbol is one value that never changes: a field as it was
 * fetched, a length, the sum of two others. What has been checked about it is kept beside it, per
 * way through the code (world.h), so a check holds wherever that same value is used, in helpers
 * too, and for no other.
 */

typedef enum rm_value_kind {
    RM_VALUE_CONST,   /* n */
    RM_VALUE_NAMED,   /* a constant whose number is not known: id in the walk's names */
    RM_VALUE_SYMBOL,  /* id in the walk's symbols */
    RM_VALUE_POINTER, /* to cell id */
    RM_VALUE_FUNCTION /* id in the unit's functions */
} rm_value_kind;

typedef struct rm_value {
    rm_value_kind kind;
    uint32_t id;
    int64_t n;
} rm_value;

static inline rm_value rm_value_const(int64_t n) {
    return (rm_value){.kind = RM_VALUE_CONST, .n = n};
}
static inline rm_value rm_value_symbol(uint32_t id) {
    return (rm_value){.kind = RM_VALUE_SYMBOL, .id = id};
}
static inline rm_value rm_value_pointer(uint32_t cell) {
    return (rm_value){.kind = RM_VALUE_POINTER, .id = cell};
}
static inline bool rm_value_eq(rm_value a, rm_value b) {
    return a.kind == b.kind && a.id == b.id && a.n == b.n;
}

/* Where a value comes from, from the harmless to the worst. */
typedef enum rm_taint {
    RM_TAINT_NONE,    /* the driver made it */
    RM_TAINT_KEPT,    /* from memory that outlives the request: who filled it? */
    RM_TAINT_UNKNOWN, /* could not be followed */
    RM_TAINT_USER     /* the caller chose it */
} rm_taint;

typedef enum rm_symbol_op {
    RM_SYMBOL_SOURCE, /* n: which (rm_source) */
    RM_SYMBOL_PART,   /* field, element of a: component */
    RM_SYMBOL_FETCH,  /* of memory that another thread can change: new each time */
    RM_SYMBOL_FRESH,  /* something made by a call */
    RM_SYMBOL_LOOKUP, /* what a routine found for a: a process for its id, a handle for a process */
    RM_SYMBOL_CAST,   /* a in another type */
    RM_SYMBOL_ARITH,  /* a op b */
    RM_SYMBOL_PHI     /* one of two, where ways through the code meet */
} rm_symbol_op;

/* The values that a request brings and the objects that stand for it. */
typedef enum rm_source {
    RM_SOURCE_IRP,
    RM_SOURCE_STACK_LOCATION,
    RM_SOURCE_REQUEST,
    RM_SOURCE_DEVICE,
    RM_SOURCE_CODE,
    RM_SOURCE_INPUT_LENGTH,
    RM_SOURCE_OUTPUT_LENGTH,
    RM_SOURCE_LENGTH, /* of a read or write */
    RM_SOURCE_SYSTEM_BUFFER,
    RM_SOURCE_TYPE3_BUFFER,
    RM_SOURCE_USER_BUFFER,
    RM_SOURCE_MDL,
    RM_SOURCE_MDL_BUFFER,
    RM_SOURCE_FILE_OBJECT,
    RM_SOURCE_FILE_NAME,
    RM_SOURCE_REQUESTOR_MODE,
    RM_SOURCE_INPUT_MEMORY, /* a WDFMEMORY over the input or output */
    RM_SOURCE_OUTPUT_MEMORY,
    RM_SOURCE_COUNT
} rm_source;

/* What an answer that compares bytes says. */
typedef enum rm_tested {
    RM_TESTED_NOTHING,
    RM_TESTED_EQUAL, /* not zero: they are the same */
    RM_TESTED_ORDER  /* zero: they are the same */
} rm_tested;

typedef struct rm_symbol {
    rm_symbol_op op;
    uint32_t arith; /* RM_OP of ARITH */
    rm_value a, b;
    bool exact; /* ARITH: it does not wrap around */
    rm_taint taint;
    uint8_t bits; /* 0: not known */
    bool is_signed;
    bool loop;                          /* changes from turn to turn of a loop */
    rm_source source;                   /* of SOURCE; of parts: of what they are part */
    bool is_source;                     /* `source` is meant */
    bool physical;                      /* stands for \\Device\\PhysicalMemory */
    const struct rm_judgement *mapping; /* a view of physical memory that the caller chose */
    bool chosen;                        /* a device that the caller named */
    uint32_t name;                      /* for people: Reg, SystemBuffer; id in the walk's names */
    uint32_t owner;                     /* name of the memory that keeps it (KEPT) */
    const char *why;                    /* why it is UNKNOWN, or loses what was checked */
    uint32_t asked;                     /* FRESH: index of the call that made it, or RM_NONE */
    uint8_t tested;                     /* FRESH: a comparison of bytes: rm_tested */
    uint32_t fetched_before; /* FETCH: the symbol of the last fetch of that memory, or RM_NONE */
    rm_span span;            /* where it appeared */
    uint32_t moment;         /* of the walk: what is older has a lower one */
    uint32_t cell;           /* PART, FETCH: the place that it was read from, plus one; 0: none */
    rm_str type;             /* text, for rows */
    uint32_t forward;        /* an IRP made for forwards.at[forward - 1]; 0: none */
    uint32_t shields;        /* the answer whether this process is protected; RM_NONE */
    uint8_t part;            /* PART: rm_cell_kind of the component */
    rm_value index;          /* PART: of an element */
    bool several;            /* KEPT: of more than one memory */
    bool contents;           /* KEPT: what a pointer of the driver's leads to */
    bool kernels;            /* a variable of the kernel's: PsProcessType */
    bool ambiguous;          /* indexed, of a type that is not known */
    bool nowhere;            /* read through NULL */
    bool scattered;          /* an address of one of several places */
    bool of_kernel; /* LOOKUP: an object of the kernel's, not an entry of a driver's table */
    bool unset;     /* what memory holds before anything was stored there */
} rm_symbol;

RM_LIST(rm_symbols, rm_symbol);

/* Numbers a value can be, and how we know. */
typedef struct rm_range {
    bool has_lo, has_hi;
    int64_t lo, hi;
    bool lo_ok, hi_ok; /* a check, mask or clamp against something the driver owns says so */
    bool hi_own;       /* bounded by something of the driver's whose number is not known */
    bool hi_open;      /* that bound is not a number and was tested with <: strictly below */
    bool equal;        /* equals something the driver owns */
    bool based;        /* a bounded distance from something the driver owns */
    bool sign_known;   /* false: its type is not known, so no lower bound comes with it */
    bool caller_hi;    /* its only upper bound is another value of the caller's */
    /* that it is bounded holds only if no request left its own value in this memory: its name in
       the walk's names, plus one; 0: it hangs on none */
    uint32_t kept;
} rm_range;

enum {
    RM_KEPT_NAMELESS = UINT32_MAX, /* memory without a name */
    RM_KEPT_SEVERAL = UINT32_MAX - 1
};

/* What one way through the code has established about a symbol. */
typedef struct rm_fact {
    uint32_t symbol;
    rm_range range;
    bool not_zero;
    bool is_zero;
    bool freed;                     /* given back to the system */
    bool shielded;                  /* a process that PsIsProtectedProcess says is not protected */
    bool probed_read, probed_write; /* a user pointer; for `probe_length` bytes */
    rm_value probe_length, write_length;
    bool looped;     /* an element that every turn of a loop checks, */
    int64_t last;    /* up to this one */
    bool asked;      /* an unknown function judged it and the answer was acted on */
    bool changed;    /* it was checked before, but the memory may have changed since */
    uint32_t guard;  /* the last guard that counted, or RM_NONE */
    uint32_t guard2; /* the one before */
    uint32_t vain;   /* the last one that did not count, or RM_NONE */
} rm_fact;

/* a <= b, or a < b */
typedef struct rm_relation {
    uint32_t symbol;
    rm_value limit;
    bool strict;
} rm_relation;

#endif
