#ifndef TESTS_EXTRACT_CLASS_CASE_H
#define TESTS_EXTRACT_CLASS_CASE_H

#include "flow_case.h"

/* Cases that ask for the class of what is reached, whatever call it is. */
typedef struct class_case {
    const char *title;
    const char *before; /* declarations and helpers; NULL: none */
    const char *code;   /* the case's body */
    const char *wanted_class;
    rm_validation wanted; /* NO_SINK: nothing of that class */
} class_case;

/* The worst of the entry's operations of that class; NULL: it reaches none. */
static inline const rm_sink_call *worst_of_class(const rm_model *model, uint32_t entry,
                                                 const char *class_name) {
    const rm_sink_call *found = NULL;
    for (uint32_t i = 0; i < model->sinks.count; i++) {
        const rm_sink_call *s = &model->sinks.at[i];
        if (s->entry == entry && rm_str_eq(s->class_name, rm_str_from(class_name)) &&
            (found == NULL || s->validation < found->validation)) {
            found = s;
        }
    }
    return found;
}

static inline void print_reached(const rm_model *model, uint32_t entry) {
    for (uint32_t i = 0; i < model->sinks.count; i++) {
        const rm_sink_call *s = &model->sinks.at[i];
        if (s->entry == entry) {
            print_error("    reached: %.*s %.*s %s (%.*s)\n", RM_STR_ARG(s->class_name),
                        RM_STR_ARG(s->api), rm_validation_name(s->validation),
                        RM_STR_ARG(s->reason));
        }
    }
}

static inline bool class_case_is(const rm_model *model, const class_case *c) {
    uint32_t entry = entry_named(model, "0x222000");
    const rm_sink_call *sink =
        entry == RM_NONE ? NULL : worst_of_class(model, entry, c->wanted_class);
    bool holds =
        c->wanted == NO_SINK ? sink == NULL : sink != NULL && sink->validation == c->wanted;
    if (!holds) {
        print_error("%s: %s is %s, expected %s\n", c->title, c->wanted_class, word_of(sink),
                    c->wanted == NO_SINK ? "no sink" : rm_validation_name(c->wanted));
        print_reached(model, entry);
    }
    return holds;
}

static inline bool class_case_holds(struct fixture *f, const class_case *c) {
    rm_buf text = {.arena = f->arena};
    rm_buf_printf(&text, "%s%s%s%s%s", FLOW_HEAD, c->before != NULL ? c->before : "", FLOW_DISPATCH,
                  c->code, FLOW_TAIL);
    return class_case_is(flow_of(f, "case.c", rm_buf_view(&text)), c);
}

#define CHECK_CLASSES(f, cases) check_classes((f), (cases), sizeof(cases) / sizeof(cases)[0])

static inline void check_classes(struct fixture *f, const class_case *cases, size_t count) {
    unsigned wrong = 0;
    for (size_t i = 0; i < count; i++) {
        wrong += !class_case_holds(f, &cases[i]);
    }
    assert_int_equal(wrong, 0);
}

#define VALID RM_VALIDATION_VALIDATED
#define PARTIAL RM_VALIDATION_PARTIAL
#define OPEN RM_VALIDATION_UNVALIDATED
#define UNKNOWN RM_VALIDATION_UNKNOWN

#endif
