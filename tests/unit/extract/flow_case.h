#ifndef TESTS_EXTRACT_FLOW_CASE_H
#define TESTS_EXTRACT_FLOW_CASE_H

#include "support.h"

#include <stdio.h>

#include "model/model.h"
#include "source/build.h"

/* A driver of one source file, walked: what its entries reach and how it is judged. */

static inline rm_model *flow_of(struct fixture *f, const char *path, rm_str text) {
    rm_source_set *set = RM_NEW(f->arena, rm_source_set);
    rm_source_unit *unit = NULL;
    rm_handler_list handlers = {0};
    rm_model *model = RM_NEW(f->arena, rm_model);
    set->arena = f->arena;
    model->arena = f->arena;
    assert_int_equal(rm_unit_of_text(set, rm_str_from(path), text, model, &f->sink, &unit), RM_OK);
    assert_int_equal(rm_source_ioctls(unit), RM_OK);
    assert_int_equal(rm_source_handlers(unit, &handlers), RM_OK);
    assert_int_equal(rm_source_flow(unit, &handlers), RM_OK);
    rm_unit_free(unit);
    return model;
}

/* The entry of that name; RM_NONE when there is none. */
static inline uint32_t entry_named(const rm_model *model, const char *name) {
    for (uint32_t i = 0; i < model->entries.count; i++) {
        if (rm_str_eq(model->entries.at[i].name, rm_str_from(name))) {
            return i;
        }
    }
    return RM_NONE;
}

/* The worst of the entry's sinks of that api; NULL: it reaches none. */
static inline const rm_sink_call *sink_of(const rm_model *model, uint32_t entry, const char *api) {
    const rm_sink_call *found = NULL;
    for (uint32_t i = 0; i < model->sinks.count; i++) {
        const rm_sink_call *s = &model->sinks.at[i];
        if (s->entry == entry && rm_str_eq(s->api, rm_str_from(api)) &&
            (found == NULL || s->validation < found->validation)) {
            found = s;
        }
    }
    return found;
}

/* What every case stands in: a structure of the caller's, helpers, a dispatch routine. */
#define FLOW_HEAD                                                                                  \
    "typedef struct _IN1 { ULONG Reg; ULONG Len; ULONGLONG Val; PVOID Ptr; LONG Signed;\n"         \
    "  USHORT Port; UCHAR Small; ULONG Items[8]; PHYSICAL_ADDRESS Pa; } IN1, *PIN1;\n"             \
    "#define MIN_R 0x10\n#define MAX_R 0x20\n"                                                     \
    "static const ULONG g_allowed[4] = {0x10, 0x11, 0x12, 0x13};\n"                                \
    "ULONG g_limit; PVOID g_base;\n"
#define FLOW_DISPATCH                                                                              \
    "NTSTATUS Disp(PDEVICE_OBJECT d, PIRP Irp) {\n"                                                \
    "  PIO_STACK_LOCATION sp = IoGetCurrentIrpStackLocation(Irp);\n"                               \
    "  PIN1 p = (PIN1)Irp->AssociatedIrp.SystemBuffer;\n"                                          \
    "  ULONG inLen = sp->Parameters.DeviceIoControl.InputBufferLength;\n"                          \
    "  ULONG outLen = sp->Parameters.DeviceIoControl.OutputBufferLength;\n"                        \
    "  NTSTATUS status = STATUS_SUCCESS; ULONG r, i; LONG s; ULONGLONG o; BOOLEAN ok;\n"           \
    "  UCHAR buf[16]; ULONG data;\n"                                                               \
    "  switch (sp->Parameters.DeviceIoControl.IoControlCode) {\n  case 0x222000:\n"
#define FLOW_TAIL                                                                                  \
    "\n  break;\n  }\nout:\n  Irp->IoStatus.Status = status; return status; }\n"                   \
    "NTSTATUS DriverEntry(PDRIVER_OBJECT D, PUNICODE_STRING R) {\n"                                \
    "  D->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Disp; return 0; }\n"

typedef struct flow_case {
    const char *title;
    const char *before; /* helpers; NULL: none */
    const char *code;   /* the case's body */
    const char *api;
    int wanted; /* rm_validation, NO_SINK, NOT_VALID */
} flow_case;

#define NO_SINK RM_VALIDATION_COUNT
#define NOT_VALID (RM_VALIDATION_COUNT + 1) /* a sink, whatever its word, if not validated */
#define NO_ALARM (RM_VALIDATION_COUNT + 2)  /* validated or unknown, or nothing is seen */

static inline const char *word_of(const rm_sink_call *sink) {
    return sink == NULL ? "no sink" : rm_validation_name(sink->validation);
}

static inline const char *wanted_word(int wanted) {
    return wanted == NO_SINK     ? "no sink"
           : wanted == NOT_VALID ? "anything but validated"
           : wanted == NO_ALARM  ? "no alarm"
                                 : rm_validation_name((rm_validation)wanted);
}

static inline bool is_wanted(const rm_sink_call *sink, int wanted) {
    if (wanted == NO_ALARM) {
        return sink == NULL || sink->validation == RM_VALIDATION_VALIDATED ||
               sink->validation == RM_VALIDATION_UNKNOWN;
    }
    return sink == NULL          ? wanted == NO_SINK
           : wanted == NOT_VALID ? sink->validation != RM_VALIDATION_VALIDATED
                                 : (int)sink->validation == wanted;
}

/* `path` says C or C++. */
static inline bool case_holds_in(struct fixture *f, const flow_case *c, const char *path) {
    rm_buf text = {.arena = f->arena};
    rm_buf_printf(&text, "%s%s%s%s%s", FLOW_HEAD, c->before != NULL ? c->before : "", FLOW_DISPATCH,
                  c->code, FLOW_TAIL);
    rm_model *model = flow_of(f, path, rm_buf_view(&text));
    uint32_t entry = entry_named(model, "0x222000");
    const rm_sink_call *sink = entry == RM_NONE ? NULL : sink_of(model, entry, c->api);
    bool holds = is_wanted(sink, c->wanted);
    if (!holds) {
        print_error("%s: %s is %s, expected %s (%.*s)\n", c->title, c->api, word_of(sink),
                    wanted_word(c->wanted), sink == NULL ? 0 : (int)sink->reason.len,
                    sink == NULL ? "" : sink->reason.ptr);
    }
    return holds;
}

#define CHECK_CASES_IN(f, cases, path)                                                             \
    check_cases((f), (cases), sizeof(cases) / sizeof(cases)[0], (path))
#define CHECK_CASES(f, cases) CHECK_CASES_IN(f, cases, "case.c")

static inline void check_cases(struct fixture *f, const flow_case *cases, size_t count,
                               const char *path) {
    unsigned wrong = 0;
    for (size_t i = 0; i < count; i++) {
        wrong += !case_holds_in(f, &cases[i], path);
    }
    assert_int_equal(wrong, 0);
}

#endif
