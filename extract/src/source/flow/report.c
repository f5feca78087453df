#include "source/flow/report.h"

/* The rows of one walk: the entry, what it hands on; the rest stands in report_*.c. */

rm_str rm_writing_text(rm_writing *out, rm_str text) {
    rm_str copy = RM_STR_NONE;
    if (out->status == RM_OK) {
        out->status = rm_str_copy(out->model->arena, text, &copy);
    }
    return copy;
}

rm_place rm_writing_place(rm_writing *out, rm_span span) {
    rm_place place = rm_span_place(out->report->unit, span);
    place.file = rm_writing_text(out, place.file);
    return place;
}

void *rm_write_failed(rm_writing *out, void *item) {
    if (item == NULL) {
        out->status = RM_NOMEM;
    }
    return item;
}

/* --- the entry --- */

static const struct {
    rm_entry_kind kind;
    const char *name;
} plain_names[] = {
    {RM_ENTRY_CREATE, "IRP_MJ_CREATE"}, {RM_ENTRY_READ, "IRP_MJ_READ"},
    {RM_ENTRY_WRITE, "IRP_MJ_WRITE"},   {RM_ENTRY_WMI, "IRP_MJ_SYSTEM_CONTROL"},
    {RM_ENTRY_MESSAGE, "message"},
};

static bool has_codes(rm_entry_kind kind) {
    return kind == RM_ENTRY_IOCTL || kind == RM_ENTRY_INTERNAL_IOCTL || kind == RM_ENTRY_FSCTL ||
           kind == RM_ENTRY_FAST_IO;
}

static bool is_word(rm_str text) {
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        if (!letter && !(i > 0 && c >= '0' && c <= '9')) {
            return false;
        }
    }
    return text.len > 0;
}

/* The name that the driver gives the number; else the label's text. */
static rm_str name_of_code(const rm_writing *out, uint32_t code) {
    if (is_word(out->w->matched_name)) {
        return out->w->matched_name;
    }
    for (uint32_t i = 0; i < out->model->ioctls.count; i++) {
        const rm_ioctl *ioctl = &out->model->ioctls.at[i];
        if (ioctl->driver == out->report->unit->driver && ioctl->has_code && ioctl->code == code &&
            ioctl->name.len > 0) {
            return ioctl->name;
        }
    }
    return rm_span_text(out->report->unit, out->w->matched_at);
}

static rm_str plain_name(rm_entry_kind kind) {
    for (size_t i = 0; i < sizeof plain_names / sizeof plain_names[0]; i++) {
        if (plain_names[i].kind == kind) {
            return rm_str_from(plain_names[i].name);
        }
    }
    return RM_STR("any");
}

static void mark_handled(rm_writing *out, const rm_entry *entry) {
    for (uint32_t i = 0; i < out->model->ioctls.count; i++) {
        rm_ioctl *ioctl = &out->model->ioctls.at[i];
        bool same = entry->has_code ? ioctl->has_code && ioctl->code == entry->code
                                    : rm_str_eq(ioctl->name, entry->name);
        if (ioctl->driver == out->report->unit->driver && same) {
            ioctl->handled = true;
            ioctl->handler = entry->handler;
        }
    }
}

static void note_walked(rm_report *report, uint32_t entry) {
    if (report->turned && entry < report->old_entries && report->entry_seen != NULL) {
        report->entry_seen[entry] = true;
    }
}

static rm_entry entry_of(const rm_writing *out, bool any_code) {
    const rm_handler *h = out->w->handler;
    rm_value code = out->w->code;
    rm_entry entry = {.driver = out->report->unit->driver,
                      .device = h->device,
                      .kind = h->kind,
                      .any_code = has_codes(h->kind) && any_code,
                      .answers = rm_walk_answers(out->w),
                      .state = RM_STATE_CONFIRMED};
    if (has_codes(h->kind) && !any_code && code.kind == RM_VALUE_CONST) {
        entry.has_code = true;
        entry.code = (uint32_t)code.n;
        entry.name = name_of_code(out, entry.code);
    } else if (has_codes(h->kind) && !any_code) {
        entry.name = out->w->matched_name;
        entry.state = RM_STATE_UNKNOWN;
    } else {
        entry.name = h->port ? RM_STR("connect") : plain_name(h->kind);
    }
    return entry;
}

static uint32_t find_entry(const rm_writing *out, const rm_entry *entry) {
    for (uint32_t i = 0; i < out->model->entries.count; i++) {
        const rm_entry *e = &out->model->entries.at[i];
        bool device = e->device == entry->device ||
                      (out->report->turned && entry->device == RM_NONE); /* told in the other */
        if (e->driver == entry->driver && device && e->kind == entry->kind &&
            e->has_code == entry->has_code && e->code == entry->code &&
            e->any_code == entry->any_code && (e->has_code || rm_str_eq(e->name, entry->name))) {
            return i;
        }
    }
    return RM_NONE;
}

/* The entry's row; one that is there already is used again. */
static uint32_t entry_row(rm_writing *out, bool any_code) {
    const rm_handler *h = out->w->handler;
    rm_entry entry = entry_of(out, any_code);
    uint32_t known = find_entry(out, &entry);
    if (known != RM_NONE) {
        out->had_entry = true;
        out->model->entries.at[known].answers |= entry.answers;
        note_walked(out->report, known);
        return known;
    }
    rm_entry *row = RM_WRITE(out, &out->model->entries);
    if (row == NULL) {
        return RM_NONE;
    }
    entry.name = rm_writing_text(out, entry.name);
    entry.handler = rm_writing_text(out, h->function->name);
    entry.place = any_code || !has_codes(h->kind) ? h->place : (rm_place){.line = 0};
    if (entry.place.line == 0) {
        entry.place = rm_writing_place(out, out->w->matched_at);
    } else {
        entry.place.file = rm_writing_text(out, entry.place.file);
    }
    *row = entry;
    mark_handled(out, row);
    return out->model->entries.count - 1;
}

/* --- what it hands on --- */

static bool has_forward(const rm_writing *out, const rm_found_forward *f) {
    rm_place place = rm_span_place(out->report->unit, f->span);
    for (uint32_t i = 0; i < out->model->forwards.count; i++) {
        const rm_forward *row = &out->model->forwards.at[i];
        if (row->entry == out->entry && row->place.line == place.line &&
            row->place.column == place.column && rm_str_eq(row->place.file, place.file)) {
            return true;
        }
    }
    return false;
}

/* What is done by sending it. */
static rm_str operation_of(const rm_found_forward *f) {
    enum { SUBMIT_URB = 0x220003, RESET_PORT = 0x220007, CYCLE_PORT = 0x22001F }; /* usbioctl.h */
    size_t at = 0;
    bool usb = f->code == SUBMIT_URB || f->code == RESET_PORT || f->code == CYCLE_PORT ||
               rm_str_find(f->api, RM_STR("Usb"), &at);
    return usb                                       ? RM_STR("usb_io")
           : rm_str_find(f->api, RM_STR("Oid"), &at) ? RM_STR("oid_request")
                                                     : RM_STR("irp_forward");
}

/*
 * A request of the driver's own to another device is where the caller's request ends, too. USB and
 * OID requests with his data in them are operations that the walk met.
 */
static void sent_row(rm_writing *out, const rm_found_forward *f) {
    rm_str class_name = operation_of(f);
    bool met = !rm_str_eq(class_name, RM_STR("irp_forward")) && f->carries != RM_TRI_NO;
    bool empty = f->carries == RM_TRI_NO;
    rm_sink_call *row = !f->new_irp || met ? NULL : RM_WRITE(out, &out->model->sinks);
    if (row == NULL) {
        return;
    }
    *row = (rm_sink_call){.entry = out->entry,
                          .class_name = class_name,
                          .api = rm_writing_text(out, f->api),
                          .argument = empty ? RM_STR_NONE : RM_STR("data"),
                          .validation = empty ? RM_VALIDATION_UNKNOWN : f->validation,
                          .reason = empty ? RM_STR("passed to another driver, without data of the "
                                                   "caller's that was seen")
                                          : rm_writing_text(out, f->reason),
                          .text = rm_writing_text(out, rm_span_line(out->report->unit, f->span)),
                          .function = rm_writing_text(out, f->function),
                          .state = RM_STATE_DERIVED,
                          .place = rm_writing_place(out, f->span),
                          .ending = true};
}

static void forward_row(rm_writing *out, const rm_found_forward *f) {
    if (out->had_entry && has_forward(out, f)) {
        return;
    }
    rm_write_forward_way(out, f);
    sent_row(out, f);
    rm_forward *row = RM_WRITE(out, &out->model->forwards);
    if (row == NULL) {
        return;
    }
    rm_entry_kind kind = out->w->handler->kind;
    bool unknown = f->target_unknown || f->code_unknown;
    *row = (rm_forward){.from_driver = out->report->unit->driver,
                        .from_service = RM_NONE,
                        .entry = out->entry,
                        .to_driver = RM_NONE,
                        .to_device = RM_NONE,
                        .to_entry_kind = f->new_irp ? f->as : kind,
                        .code_sent = f->code,
                        .target = rm_writing_text(out, f->target),
                        .how_found = f->how,
                        .via_api = rm_writing_text(out, f->api),
                        .new_irp = f->new_irp,
                        .requestor_mode_after = f->mode,
                        .carries_user_data = f->carries,
                        .validation = f->validation,
                        .reason = rm_writing_text(out, f->reason),
                        .text = rm_writing_text(out, rm_span_line(out->report->unit, f->span)),
                        .state = unknown ? RM_STATE_UNKNOWN : RM_STATE_DERIVED,
                        .place = rm_writing_place(out, f->span)};
    if (f->carries == RM_TRI_YES && f->symbol != RM_NONE) {
        rm_argument_verdict v = {.carries = true,
                                 .validation = f->validation,
                                 .symbol = f->symbol,
                                 .reason = f->reason,
                                 .buffer = RM_BUFFER_SYSTEM};
        rm_write_input(out, &v);
    }
}

/* The walk ended early, or the code could not be read, and nothing was found: that is a fact. */
static void unknown_body(rm_writing *out) {
    rm_walk *w = out->w;
    const rm_body *body = rm_flow_body(w->flow, w->handler->function);
    bool broken = body != NULL && body->broken;
    if (w->sinks.count > 0 || (w->limit == NULL && !broken)) {
        return;
    }
    rm_sink_call *row = RM_WRITE(out, &out->model->sinks);
    if (row != NULL) {
        rm_str why = w->limit != NULL ? rm_str_from(w->limit) : body->why;
        *row = (rm_sink_call){.entry = out->entry,
                              .class_name = RM_STR("unknown_body"),
                              .api = rm_writing_text(out, w->handler->function->name),
                              .validation = RM_VALIDATION_UNKNOWN,
                              .reason = rm_writing_text(out, why),
                              .function = rm_writing_text(out, w->handler->function->name),
                              .state = RM_STATE_UNKNOWN,
                              .place = out->model->entries.at[out->entry].place};
    }
}

/* Nothing but what is the driver's own affair. */
static bool does_little(const rm_walk *w) {
    for (uint32_t i = 0; i < w->sinks.count; i++) {
        if (!w->sinks.at[i].slight) {
            return false;
        }
    }
    return true;
}

static bool is_known(const rm_writing *out, bool any_code) {
    rm_entry entry = entry_of(out, any_code);
    return find_entry(out, &entry) != RM_NONE;
}

rm_status rm_report_walk(rm_report *report, rm_walk *walk, bool any_code) {
    rm_writing out = {.report = report, .model = report->unit->model, .w = walk, .status = RM_OK};
    bool codes = has_codes(walk->handler->kind);
    if (codes && any_code && walk->sinks.count == 0 && walk->forwards.count == 0 &&
        walk->limit == NULL) {
        return RM_OK;
    }
    if (codes && report->turned && walk->sinks.count == 0 && walk->forwards.count == 0 &&
        !is_known(&out, any_code)) {
        return RM_OK; /* a label of a debug build that does nothing handles nothing */
    }
    out.entry = entry_row(&out, any_code);
    bool little = walk->forwards.count == 0 && does_little(walk);
    for (uint32_t i = 0; i < walk->sinks.count && out.status == RM_OK; i++) {
        if (!walk->sinks.at[i].slight || little) {
            rm_write_sink(&out, &walk->sinks.at[i]);
        }
    }
    for (uint32_t i = 0; i < walk->forwards.count && out.status == RM_OK; i++) {
        forward_row(&out, &walk->forwards.at[i]);
    }
    for (uint32_t i = 0; i < walk->freed.count && out.status == RM_OK; i++) {
        rm_write_freed(&out, &walk->freed.at[i]);
    }
    if (out.status == RM_OK && !any_code) {
        rm_write_reached(&out);
    }
    for (uint32_t i = 0; i < walk->questions.count && out.status == RM_OK; i++) {
        rm_write_question(&out, &walk->questions.at[i]);
    }
    if (out.status == RM_OK) {
        unknown_body(&out);
        rm_write_steps(&out);
    }
    return out.status;
}
