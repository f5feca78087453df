#ifndef APP_EXPLAIN_H
#define APP_EXPLAIN_H

#include "command.h"
#include "document.h"
#include "model/access.h"
#include "model/model.h"

/*
 * What `explain` says of each kind of thing. Trouble is sticky: the document's status has it, and
 * every further call does nothing that matters.
 */
typedef struct rm_explainer {
    rm_arena *arena;
    const rm_model *model;
    rm_principals principals;
    rm_document doc;
} rm_explainer;

/* X(enumerator, function's suffix): the kinds of things, in the order in which a name is tried. */
#define RM_THING_LIST(X)                                                                           \
    X(PATH, path)                                                                                  \
    X(FINDING, finding)                                                                            \
    X(DRIVER, driver)                                                                              \
    X(DEVICE, device)                                                                              \
    X(APP, app)                                                                                    \
    X(SERVICE, service)                                                                            \
    X(ENTRY, entry)                                                                                \
    X(IOCTL, ioctl)                                                                                \
    X(RULE, rule)

typedef enum rm_thing_kind {
#define X(name, suffix) RM_THING_##name,
    RM_THING_LIST(X)
#undef X
        RM_THING_COUNT
} rm_thing_kind;

typedef struct rm_thing {
    rm_thing_kind kind;
    uint32_t index;
} rm_thing;

RM_LIST(rm_things, rm_thing);

/* rm_explain_path(e, index) … : the whole document about one thing. */
#define X(name, suffix) void rm_explain_##suffix(rm_explainer *e, uint32_t index);
RM_THING_LIST(X)
#undef X

/*
 * The things that `name` means: an id, p1 or f1 as the lists number them, or a name. All of one
 * kind; several when a name does not tell them apart. RM_USAGE when there is none.
 */
rm_status rm_explain_find(const rm_explainer *e, rm_str name, rm_things *out) RM_CHECK_RESULT;
rm_str rm_thing_id(const rm_model *model, rm_thing thing);

/* ---- what several of them need ---- */

/* printf into the arena; the empty text when it is exhausted, and the document fails. */
rm_str rm_say(rm_explainer *e, const char *fmt, ...) RM_PRINTF(2, 3);

rm_str rm_device_called(const rm_model *model, uint32_t device); /* empty for RM_NONE */
rm_str rm_driver_called(const rm_model *model, uint32_t driver);
rm_str rm_entry_called(rm_explainer *e, uint32_t entry); /* name, code, method and access */
rm_str rm_app_called(rm_explainer *e, uint32_t app);     /* Package!App */
rm_str rm_code_called(rm_explainer *e, uint32_t code);   /* 0x0022A004 (buffered, write) */

const char *rm_tri_word(rm_tri tri); /* "yes", "no", "not known" */

/* The flow of an entry, or only what leads to one of its operations (RM_NONE: all). */
void rm_explain_flow(rm_explainer *e, uint32_t entry, uint32_t sink);

/* One item of a list of checks. */
void rm_explain_check(rm_explainer *e, const rm_check *check);

/* The paths with `of` of them: worst first, some at most, and how many more. */
typedef bool (*rm_path_test)(const rm_explainer *e, const rm_path *path, uint32_t of);
void rm_explain_paths(rm_explainer *e, rm_path_test test, uint32_t of);

/* The findings about the thing with that id, or with that worst path (RM_NONE: none). */
void rm_explain_findings(rm_explainer *e, rm_str subject_id, uint32_t path);

/* What a rule says, as texts of the object at hand. */
void rm_explain_rule_text(rm_explainer *e, rm_str id);

/* An item: a descriptor, where it comes from, and why another outranks it. */
void rm_explain_descriptor(rm_explainer *e, uint32_t descriptor);

/* Who may start, stop and reconfigure a service, and who may write its key. */
void rm_explain_service_control(rm_explainer *e, uint32_t service);

/* Who gets in, principal by principal, and why. */
void rm_explain_doorkeeper(rm_explainer *e, uint32_t device);

/*
 * Why `origin` (as `app`, or RM_NONE) gets `desired` of a device: the access check again, step by
 * step.
 */
void rm_explain_access(rm_explainer *e, uint32_t device, rm_str origin, uint32_t app,
                       uint32_t desired);

#endif
