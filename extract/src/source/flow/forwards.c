#include <string.h>

#include "source/flow/walk.h"

/* Requests handed on: to whom, which bytes, and in whose name. */

typedef enum rm_forward_shape {
    SHAPE_SAME_IRP, /* the IRP or request itself */
    SHAPE_NEW_IRP,  /* one made for it, in the kernel's name */
    SHAPE_FORMAT,   /* the driver's own request is filled in; it is sent later */
    SHAPE_PARENT_QUEUE,
    SHAPE_OPEN /* opens the other driver, sends nothing yet */
} rm_forward_shape;

/* Which argument is what; -1: there is none. */
static const struct {
    const char *name;
    rm_forward_shape shape;
    int8_t target, request, code, input, input_length;
    rm_entry_kind as; /* what a request of the driver's own arrives as */
} forwards[] = {
    {"IoCallDriver", SHAPE_SAME_IRP, 0, 1, -1, -1, -1, RM_ENTRY_IOCTL},
    {"IofCallDriver", SHAPE_SAME_IRP, 0, 1, -1, -1, -1, RM_ENTRY_IOCTL},
    {"PoCallDriver", SHAPE_SAME_IRP, 0, 1, -1, -1, -1, RM_ENTRY_IOCTL},
    {"WdfRequestSend", SHAPE_SAME_IRP, 1, 0, -1, -1, -1, RM_ENTRY_IOCTL},
    {"WdfRequestForwardToParentDeviceIoQueue", SHAPE_PARENT_QUEUE, 1, 0, -1, -1, -1,
     RM_ENTRY_IOCTL},
    {"IoBuildDeviceIoControlRequest", SHAPE_NEW_IRP, 1, -1, 0, 2, 3, RM_ENTRY_IOCTL},
    {"IoBuildSynchronousFsdRequest", SHAPE_NEW_IRP, 1, -1, -1, 2, 3, RM_ENTRY_WRITE},
    {"IoBuildAsynchronousFsdRequest", SHAPE_NEW_IRP, 1, -1, -1, 2, 3, RM_ENTRY_WRITE},
    {"WdfIoTargetSendIoctlSynchronously", SHAPE_NEW_IRP, 0, -1, 2, 3, -1, RM_ENTRY_IOCTL},
    {"WdfIoTargetSendInternalIoctlSynchronously", SHAPE_NEW_IRP, 0, -1, 2, 3, -1,
     RM_ENTRY_INTERNAL_IOCTL},
    {"WdfIoTargetSendInternalIoctlOthersSynchronously", SHAPE_NEW_IRP, 0, -1, 2, 3, -1,
     RM_ENTRY_INTERNAL_IOCTL},
    {"WdfIoTargetSendWriteSynchronously", SHAPE_NEW_IRP, 0, -1, -1, 2, -1, RM_ENTRY_WRITE},
    {"WdfIoTargetSendReadSynchronously", SHAPE_NEW_IRP, 0, -1, -1, -1, -1, RM_ENTRY_READ},
    {"WdfIoTargetFormatRequestForIoctl", SHAPE_FORMAT, 0, 1, 2, 3, -1, RM_ENTRY_IOCTL},
    {"WdfIoTargetFormatRequestForInternalIoctl", SHAPE_FORMAT, 0, 1, 2, 3, -1,
     RM_ENTRY_INTERNAL_IOCTL},
    {"WdfIoTargetFormatRequestForInternalIoctlOthers", SHAPE_FORMAT, 0, 1, 2, 3, -1,
     RM_ENTRY_INTERNAL_IOCTL},
    {"WdfIoTargetFormatRequestForWrite", SHAPE_FORMAT, 0, 1, -1, 2, -1, RM_ENTRY_WRITE},
    {"WdfIoTargetFormatRequestForRead", SHAPE_FORMAT, 0, 1, -1, -1, -1, RM_ENTRY_READ},
    {"ZwDeviceIoControlFile", SHAPE_NEW_IRP, 0, -1, 5, 6, 7, RM_ENTRY_IOCTL},
    {"ZwFsControlFile", SHAPE_NEW_IRP, 0, -1, 5, 6, 7, RM_ENTRY_FSCTL},
    {"DeviceIoControl", SHAPE_NEW_IRP, 0, -1, 1, 2, 3, RM_ENTRY_IOCTL}, /* of a UMDF driver */
    {"FltDeviceIoControlFile", SHAPE_NEW_IRP, 0, -1, 2, 3, 4, RM_ENTRY_IOCTL},
    {"NdisOidRequest", SHAPE_NEW_IRP, 0, -1, -1, 1, -1, RM_ENTRY_INTERNAL_IOCTL},
    {"NdisFOidRequest", SHAPE_NEW_IRP, 0, -1, -1, 1, -1, RM_ENTRY_INTERNAL_IOCTL},
    {"NdisCoOidRequest", SHAPE_NEW_IRP, 0, -1, -1, 1, -1, RM_ENTRY_INTERNAL_IOCTL},
    {"WdfUsbTargetDeviceSendControlTransferSynchronously", SHAPE_NEW_IRP, 0, -1, -1, 4, -1,
     RM_ENTRY_INTERNAL_IOCTL},
    {"WdfUsbTargetDeviceSendUrbSynchronously", SHAPE_NEW_IRP, 0, -1, -1, 3, -1,
     RM_ENTRY_INTERNAL_IOCTL},
    {"IoGetDeviceObjectPointer", SHAPE_OPEN, -1, -1, -1, -1, -1, RM_ENTRY_IOCTL},
    {"WdfIoTargetOpen", SHAPE_OPEN, 0, -1, -1, -1, -1, RM_ENTRY_IOCTL},
};

static rm_value arg(const rm_call_site *site, int8_t index) {
    return index >= 0 && (uint32_t)index < site->count ? site->args[index] : rm_value_const(0);
}

static bool is_own_request(rm_walk *w, rm_value value) {
    const rm_symbol *s = rm_symbol_of(w, value);
    return s != NULL && s->op == RM_SYMBOL_SOURCE &&
           (s->source == RM_SOURCE_IRP || s->source == RM_SOURCE_REQUEST);
}

static rm_found_forward *find_forward(rm_walk *w, const rm_call_site *site) {
    for (uint32_t i = 0; i < w->forwards.count; i++) {
        rm_found_forward *f = &w->forwards.at[i];
        if (f->span.file == site->e->span.file && f->span.start == site->e->span.start) {
            return f;
        }
    }
    rm_found_forward *f = rm_push(w->arena, &w->forwards);
    if (f == NULL) {
        w->status = RM_NOMEM;
        return NULL;
    }
    *f = (rm_found_forward){.span = site->e->span,
                            .function = w->frame->body->function->name,
                            .api = site->name,
                            .carries = RM_TRI_NO,
                            .validation = RM_VALIDATION_VALIDATED,
                            .symbol = RM_NONE,
                            .code = RM_CODE_RECEIVED,
                            .trail = rm_walk_trail(w)};
    return f;
}

/* --- to whom --- */

/* The member or variable that holds the target, as the source writes it: ext->LowerDevice. */
static rm_str holder_of(const rm_expr *e) {
    while (e->kind == RM_EXPR_CAST) {
        e = e->a;
    }
    return e->kind == RM_EXPR_MEMBER || e->kind == RM_EXPR_LOCAL || e->kind == RM_EXPR_GLOBAL ||
                   e->kind == RM_EXPR_CALL
               ? e->name
               : RM_STR_NONE;
}

static void set_target(rm_walk *w, rm_found_forward *f, const rm_call_site *site, int8_t index) {
    rm_value target = arg(site, index);
    const rm_symbol *s = rm_symbol_of(w, target);
    if (rm_value_taint(w, target) == RM_TAINT_USER || (s != NULL && s->chosen)) {
        f->how = RM_FOUND_USER_CHOSEN;
        f->target = RM_STR("any device");
        return;
    }
    rm_str holder =
        index >= 0 && (uint32_t)index < site->count ? holder_of(site->e->args[index]) : RM_STR_NONE;
    const rm_target *known = rm_target_find(w->targets, holder);
    f->how = known != NULL ? known->how : RM_FOUND_STACK;
    f->target = known != NULL ? known->text : RM_STR_NONE;
    f->target_unknown = known == NULL;
}

/* --- which bytes, and were they checked --- */

static void add_value(rm_walk *w, rm_world *world, rm_found_forward *f, rm_value payload) {
    rm_arg_rule rule = {.kind = RM_ARG_DATA, .name = "data"};
    rm_judgement j = rm_judge(w, world, payload, &rule);
    if (!j.carries) {
        return;
    }
    if (f->carries != RM_TRI_YES || j.validation < f->validation) {
        f->validation = j.validation;
        f->reason = j.reason;
        f->symbol = j.symbol;
    }
    f->carries = RM_TRI_YES;
}

/* Is the cell the structure itself or, by members alone, a part of it? */
static bool is_member_of(const rm_walk *w, uint32_t cell, uint32_t of) {
    while (cell != of && w->cells.at[cell].kind == RM_CELL_FIELD) {
        cell = w->cells.at[cell].parent;
    }
    return cell == of;
}

/*
 * A structure of the driver's own that was filled member by member, and in no other way but with
 * one number before: then it is as good as the worst of its members.
 */
static bool is_filled_by_members(const rm_walk *w, const rm_world *world, rm_value payload) {
    bool any = false;
    if (payload.kind != RM_VALUE_POINTER || w->cells.at[payload.id].kind != RM_CELL_LOCAL) {
        return false;
    }
    for (uint32_t i = 0; i < world->memory.count; i++) {
        uint32_t cell = world->memory.at[i].cell;
        if (w->cells.at[cell].root != payload.id) {
            continue;
        }
        bool cleared = cell == payload.id && world->memory.at[i].value.kind == RM_VALUE_CONST;
        if (!cleared && (cell == payload.id || !is_member_of(w, cell, payload.id))) {
            return false;
        }
        any = any || !cleared;
    }
    return any;
}

/* A descriptor of memory stands for the memory that it describes. */
static rm_value described(const rm_world *world, rm_value payload) {
    rm_value inner;
    for (unsigned i = 0; i < 4 && payload.kind == RM_VALUE_POINTER &&
                         rm_world_get(world, payload.id, &inner) && inner.kind == RM_VALUE_POINTER;
         i++) {
        payload = inner;
    }
    return payload;
}

enum { MOST_MEMBERS = 64, DEEPEST = 3 };

/* Each member of a structure, as it is when it is sent. */
static void add_members(rm_walk *w, rm_world *world, rm_found_forward *f, uint32_t cell,
                        const rm_type *type, unsigned depth) {
    rm_span nowhere = {.file = RM_NONE};
    for (uint32_t i = 0; i < type->record->fields.count; i++) {
        const rm_field *field = &type->record->fields.at[i];
        uint32_t member = rm_cell_field(w, cell, field->name, type);
        bool inner =
            field->type.record != NULL && field->type.pointers == 0 && field->type.dims == 0;
        if (inner && depth < DEEPEST) {
            add_members(w, world, f, member, &field->type, depth + 1);
        } else {
            add_value(w, world, f, rm_memory_load(w, world, member, &field->type, nowhere));
        }
    }
}

/* No member shares its bytes with another, none is an array: each is a value of its own. */
static bool is_plain(const rm_type *type, unsigned depth) {
    if (type->record == NULL || type->record->is_union || type->record->has_union ||
        type->record->fields.count == 0 || type->record->fields.count > MOST_MEMBERS ||
        depth > DEEPEST) {
        return false;
    }
    for (uint32_t i = 0; i < type->record->fields.count; i++) {
        const rm_type *member = &type->record->fields.at[i].type;
        bool number = member->bits > 0 && member->pointers == 0;
        if (member->dims > 0 ||
            (!number && (member->pointers > 0 || !is_plain(member, depth + 1)))) {
            return false;
        }
    }
    return true;
}

/* The structure that an argument points to, as the source has it. */
static rm_type pointed_type(const rm_walk *w, const rm_expr *e, rm_value payload) {
    while (e != NULL && e->kind == RM_EXPR_CAST) {
        e = e->a;
    }
    if (e != NULL && e->kind == RM_EXPR_ADDRESS) {
        return e->a->type;
    }
    if (e != NULL && e->type.pointers == 1 && e->type.record != NULL) {
        return rm_type_deref(&e->type);
    }
    return w->cells.at[payload.id].type;
}

/* Are no more bytes sent than the structure has? */
static bool within(const rm_walk *w, const rm_type *type, rm_value length) {
    rm_str name = rm_type_size_name(type);
    size_t at = 0;
    int64_t size = rm_type_size(type);
    return (length.kind == RM_VALUE_CONST && size > 0 && length.n <= size) ||
           (length.kind == RM_VALUE_NAMED && name.len > 0 &&
            rm_str_find(rm_names_text(w->names, length.id), name, &at));
}

/* The caller's structure, copied or not, of which every member may have been checked. */
static bool add_structure(rm_walk *w, rm_world *world, rm_found_forward *f, rm_value payload,
                          const rm_call_site *site, size_t row) {
    int8_t input = forwards[row].input;
    int8_t length = forwards[row].input_length;
    if (payload.kind != RM_VALUE_POINTER || input < 0 || (uint32_t)input >= site->count ||
        rm_cell_shared(w, payload.id) || length < 0) {
        return false;
    }
    rm_type type = pointed_type(w, site->e->args[input], payload);
    if (!is_plain(&type, 0) || !within(w, &type, arg(site, length))) {
        return false;
    }
    add_members(w, world, f, payload.id, &type, 0);
    return f->carries == RM_TRI_YES;
}

static void add_payload(rm_walk *w, rm_world *world, rm_found_forward *f, rm_value payload,
                        const rm_call_site *site, size_t row) {
    payload = described(world, payload);
    if (!is_filled_by_members(w, world, payload)) {
        if (!add_structure(w, world, f, payload, site, row)) {
            add_value(w, world, f, payload);
        }
        return;
    }
    for (uint32_t i = 0; i < world->memory.count; i++) { /* which judging may add to */
        rm_binding b = world->memory.at[i];
        if (w->cells.at[b.cell].root == payload.id) {
            add_value(w, world, f, b.value);
        }
    }
}

/* The caller's own IRP goes on with everything that came with it. */
static void add_whole_request(rm_walk *w, rm_world *world, rm_found_forward *f) {
    rm_value buffer = rm_value_pointer(rm_cell_root(w, RM_CELL_BUFFER, RM_SOURCE_SYSTEM_BUFFER, 0));
    f->carries = RM_TRI_YES;
    f->validation = RM_VALIDATION_UNVALIDATED;
    f->reason = RM_STR("the caller's request is passed on as it came");
    rm_value whole = rm_memory_peek(w, world, buffer.id);
    f->symbol = whole.kind == RM_VALUE_SYMBOL ? whole.id : RM_NONE;
    if (whole.kind == RM_VALUE_SYMBOL) {
        const rm_fact *fact = rm_world_find_fact(world, whole.id);
        if (fact != NULL && fact->asked) {
            f->validation = RM_VALIDATION_UNKNOWN;
            f->reason = RM_STR("a function that is not in these sources judged it");
        }
    }
}

/* A code that the caller picks is the caller's choice of what is done, be there data or not. */
static void judge_code(rm_walk *w, rm_world *world, rm_found_forward *f, rm_value code) {
    rm_arg_rule rule = {.kind = RM_ARG_DATA, .name = "code"};
    rm_judgement j = rm_judge(w, world, code, &rule);
    if (j.carries && j.validation < f->validation) {
        f->validation = j.validation;
        f->reason = j.reason;
        f->symbol = j.symbol;
    }
}

static void set_code(rm_walk *w, rm_world *world, rm_found_forward *f, rm_value code) {
    rm_range r = rm_range_of(w, world, code);
    const rm_symbol *s = rm_symbol_of(w, code);
    if (r.has_lo && r.has_hi && r.lo == r.hi && r.lo >= INT32_MIN && r.lo <= UINT32_MAX) {
        f->code = (uint32_t)r.lo; /* CTL_CODE from 0x80000000 on is an int below 0 */
    } else if (s != NULL && s->op == RM_SYMBOL_SOURCE && s->source == RM_SOURCE_CODE) {
        f->code = RM_CODE_RECEIVED;
    } else if (rm_value_taint(w, code) == RM_TAINT_USER) {
        f->code = RM_CODE_CHOSEN;
        judge_code(w, world, f, code);
    } else {
        f->code_unknown = true;
    }
}

/* IoBuildDeviceIoControlRequest makes an IRP in the kernel's name unless the driver says
   otherwise (ontology 0, fact 2); what goes out with IoCallDriver later is that IRP. */
static rm_value made_irp(rm_walk *w, const rm_call_site *site, uint32_t forward) {
    uint32_t id = rm_symbol_fresh(w, RM_TAINT_NONE, NULL, site->e->span);
    w->symbols.at[id].forward = forward + 1;
    return rm_value_symbol(id);
}

/* The mode that the driver gave its IRP before it sent it. */
static void sent_as(rm_walk *w, const rm_world *world, rm_found_forward *f, rm_value irp) {
    rm_type none = {.name = RM_STR_NONE};
    rm_type named = rm_type_named(w->flow->decls, RM_STR("PIRP"));
    rm_type irp_type = rm_type_deref(&named);
    const rm_type *types[] = {&none, &irp_type};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        rm_value mode;
        uint32_t cell =
            rm_cell_field(w, rm_cell_pointee(w, irp), RM_STR("RequestorMode"), types[i]);
        if (rm_world_get(world, cell, &mode)) {
            f->mode = mode.kind != RM_VALUE_CONST ? RM_AFTER_PRESERVED
                      : mode.n == 1               ? RM_AFTER_USER
                                                  : RM_AFTER_KERNEL;
        }
    }
}

/* What a UMDF driver sends, the reflector sends from user mode. */
static bool in_user_mode(const rm_walk *w) {
    const rm_source_unit *unit = w->flow->unit;
    if (unit->driver == RM_NONE) {
        return false;
    }
    rm_framework framework = unit->model->drivers.at[unit->driver].framework;
    return framework == RM_FRAMEWORK_UMDF1 || framework == RM_FRAMEWORK_UMDF2;
}

/* A WDFMEMORY of the request stands for its bytes. */
static rm_value bytes_sent(rm_walk *w, rm_value payload) {
    uint32_t cell = 0;
    return rm_source_memory(w, payload, &cell) ? rm_value_pointer(cell) : payload;
}

enum {
    MJ_READ = 3,
    SUBMIT_URB = 0x220003
}; /* wdm.h; IOCTL_INTERNAL_USB_SUBMIT_URB of usbioctl.h */

/* The routines for file system requests are told which one. */
static rm_entry_kind as_what(rm_walk *w, rm_world *world, const rm_call_site *site,
                             rm_entry_kind as) {
    size_t at = 0;
    if (!rm_str_find(site->name, RM_STR("FsdRequest"), &at)) {
        return as;
    }
    rm_range major = rm_range_of(w, world, arg(site, 0));
    return major.has_lo && major.has_hi && major.lo == MJ_READ && major.hi == MJ_READ
               ? RM_ENTRY_READ
               : RM_ENTRY_WRITE;
}

/* usbioctl.h: IOCTL_INTERNAL_USB_SUBMIT_URB, …_RESET_PORT, …_CYCLE_PORT. */
static bool is_usb_request(int64_t code) {
    return code == 0x220003 || code == 0x220007 || code == 0x22001F;
}

static bool is_named_by_caller(rm_walk *w, rm_world *world, const rm_api *api,
                               const rm_call_site *site) {
    for (size_t i = 0; i < sizeof api->args / sizeof api->args[0] && api->args[i].name != NULL;
         i++) {
        const rm_arg_rule *rule = &api->args[i];
        if (rule->kind == RM_ARG_NAME && rule->index < site->count) {
            rm_judgement j = rm_judge(w, world, site->args[rule->index], rule);
            return j.carries && j.validation != RM_VALIDATION_VALIDATED;
        }
    }
    return false;
}

/* The device of a name that the caller gave is the caller's choice wherever it is used. */
static void open_target(rm_walk *w, rm_world *world, const rm_api *api, const rm_call_site *site) {
    const bool chosen = is_named_by_caller(w, world, api, site);
    rm_symbol *target = rm_symbol_of(w, arg(site, 0));
    if (chosen && api->out == 0 && target != NULL) {
        target->chosen = true; /* WdfIoTargetOpen: the target was made before */
    }
    (void)rm_effect_call(w, world, api, site);
    for (uint32_t i = 0; chosen && i < site->count && i < 16; i++) {
        rm_value opened;
        if ((api->out >> i & 1) != 0 && site->args[i].kind == RM_VALUE_POINTER &&
            rm_world_get(world, site->args[i].id, &opened) && opened.kind == RM_VALUE_SYMBOL) {
            w->symbols.at[opened.id].chosen = true;
        }
    }
}

enum { PACKET = 3, DESCRIPTOR = 4 }; /* of …SendControlTransferSynchronously */

/* A constant or variable of the kit's with that name. */
static bool is_called(rm_walk *w, rm_value value, rm_str name) {
    const rm_symbol *s = rm_symbol_of(w, value);
    uint32_t id = value.kind == RM_VALUE_NAMED ? value.id
                  : s != NULL && s->kernels    ? s->name
                                               : RM_NONE;
    return id != RM_NONE && rm_str_eq(rm_names_text(w->names, id), name);
}

/* A control transfer whose setup packet says that the device sends, and nothing else. */
static bool takes_from_device(rm_walk *w, const rm_world *world, const rm_call_site *site) {
    rm_value packet = arg(site, PACKET);
    if (packet.kind != RM_VALUE_POINTER || site->count <= DESCRIPTOR ||
        !rm_str_eq(site->name, RM_STR("WdfUsbTargetDeviceSendControlTransferSynchronously"))) {
        return false;
    }
    bool found = false;
    for (uint32_t i = 0; i < world->memory.count; i++) {
        const rm_binding *b = &world->memory.at[i];
        const rm_cell *c = &w->cells.at[b->cell];
        if (c->kind != RM_CELL_FIELD || !rm_cell_within(w, b->cell, packet.id) ||
            !rm_str_eq(rm_names_text(w->names, c->a), RM_STR(RM_SETUP_DIRECTION))) {
            continue;
        }
        if (!is_called(w, b->value, RM_STR("BmRequestDeviceToHost"))) {
            return false;
        }
        found = true;
    }
    return found;
}

bool rm_forward_call(rm_walk *w, rm_world *world, const rm_api *api, const rm_call_site *site,
                     rm_value *result) {
    size_t row = 0;
    size_t count = sizeof forwards / sizeof forwards[0];
    while (row < count && !rm_str_eq(site->name, rm_str_from(forwards[row].name))) {
        row++;
    }
    if (row == count || (rm_str_eq(site->name, RM_STR("DeviceIoControl")) && !in_user_mode(w))) {
        return false;
    }
    rm_value request = arg(site, forwards[row].request);
    const rm_symbol *r = rm_symbol_of(w, request);
    *result = rm_value_symbol(rm_symbol_fresh(w, RM_TAINT_NONE, NULL, site->e->span));
    if (forwards[row].shape == SHAPE_OPEN) {
        if (api->args[0].name != NULL) {
            rm_sink_call_met(w, world, api, site);
            open_target(w, world, api, site);
        }
        return true;
    }
    bool formats = forwards[row].shape == SHAPE_FORMAT;
    if (formats && is_own_request(w, request)) {
        return true; /* the caller's request, sent on: reported where it is sent */
    }
    if (!formats && r != NULL && r->forward != 0) {
        sent_as(w, world, &w->forwards.at[r->forward - 1], request);
        return true; /* the IRP that IoBuild… made: reported there */
    }
    rm_found_forward *f = find_forward(w, site);
    if (f == NULL) {
        return true;
    }
    f->as = as_what(w, world, site, forwards[row].as);
    f->new_irp = formats || forwards[row].shape == SHAPE_NEW_IRP;
    f->mode = !f->new_irp ? RM_AFTER_PRESERVED : in_user_mode(w) ? RM_AFTER_USER : RM_AFTER_KERNEL;
    set_target(w, f, site, forwards[row].target);
    if (forwards[row].shape == SHAPE_PARENT_QUEUE) {
        f->how = RM_FOUND_STACK;
        f->target = RM_STR(RM_PARENT_QUEUE);
        f->target_unknown = false;
    }
    rm_questions_at_sink(w, world);
    rm_value args[RM_WALK_ARGS];
    rm_call_site received = *site;
    if (takes_from_device(w, world, site)) { /* the buffer is where the answer goes */
        memcpy(args, site->args, site->count * sizeof args[0]);
        args[DESCRIPTOR] = rm_value_const(0);
        received.args = args;
        site = &received;
    }
    if (api != NULL && !rm_str_eq(rm_str_from(api->classes[0]), RM_STR("irp_forward"))) {
        rm_sink_call_met(w, world, api, site); /* to a device that is no driver of the model's */
    }
    if (f->new_irp) {
        if (forwards[row].code >= 0) {
            set_code(w, world, f, arg(site, forwards[row].code));
        } else if (rm_str_starts(site->name, RM_STR("WdfUsb"))) {
            f->code = SUBMIT_URB;
        }
        add_payload(w, world, f, bytes_sent(w, arg(site, forwards[row].input)), site, row);
        if (is_usb_request(f->code) && !rm_str_starts(site->name, RM_STR("WdfUsb"))) {
            rm_sink_named(w, world, rm_api_expression(RM_STR("usb request")), site, true);
        }
        if (formats && request.kind == RM_VALUE_SYMBOL) {
            w->symbols.at[request.id].forward = (uint32_t)(f - w->forwards.at) + 1;
        }
        if (rm_str_starts(site->name, RM_STR("IoBuild"))) {
            *result = made_irp(w, site, (uint32_t)(f - w->forwards.at));
        }
    } else if (is_own_request(w, request)) {
        add_whole_request(w, world, f);
    } else {
        f->carries = RM_TRI_UNKNOWN;
        f->validation = RM_VALIDATION_UNKNOWN;
        f->mode = RM_AFTER_UNKNOWN;
        f->new_irp = true;
        f->reason = RM_STR("which request it is, is not known");
    }
    return true;
}
