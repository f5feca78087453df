#include <string.h>

#include "source/devices.h"

/* Devices that other frameworks make for a driver: NDIS control devices, minifilter ports. */

/* ---- members of a structure that a call takes ---- */

/* variable.member = value, variable->member = value, { .member = value }; a null node: none. */
static TSNode member_value(const rm_source_unit *unit, const rm_context *in, rm_str variable,
                           TSNode member) {
    TSNode none = {{0}, NULL, NULL};
    TSNode whole = ts_node_parent(member);
    TSNode holder = ts_node_parent(whole);
    if (rm_node_is(holder, "assignment_expression") &&
        ts_node_eq(rm_node_field(holder, "left"), whole) &&
        rm_str_eq(rm_value_root_name(unit, in, rm_node_field(whole, "argument")), variable)) {
        return rm_node_field(holder, "right");
    }
    if (rm_node_is(whole, "field_designator") && rm_node_is(holder, "initializer_pair")) {
        TSNode declared = ts_node_parent(ts_node_parent(holder));
        TSNode name = rm_node_field(declared, "declarator");
        return rm_str_eq(rm_node_text(rm_context_file(unit, in), name), variable)
                   ? rm_node_field(holder, "value")
                   : none;
    }
    return none;
}

static rm_status take_choice(const rm_source_unit *unit, const rm_context *in, TSNode value,
                             TSNode at, uint32_t end, rm_choices *out) {
    rm_passage passage;
    rm_choice next = {.node = value, .in = in, .at = ts_node_start_byte(at)};
    if (ts_node_is_null(value)) {
        return RM_OK;
    }
    rm_status st =
        rm_passage_of(unit->arena, rm_context_file(unit, in), at, end, RM_STR_NONE, &passage);
    next.condition = passage.condition;
    if (st == RM_OK && !passage.excluded) {
        rm_choices_take(out, next, &passage);
    }
    return st;
}

/* What the function may have given the member of the variable before `end`. */
static rm_status member_choices(const rm_source_unit *unit, const rm_context *in, rm_str variable,
                                const char *member, uint32_t end, rm_choices *out) {
    const rm_source_file *file = rm_context_file(unit, in);
    uint32_t at = ts_node_start_byte(in->function->body);
    rm_status st = RM_OK;
    while (st == RM_OK) {
        TSNode node = rm_next_occurrence(file, rm_str_from(member), &at, end);
        if (ts_node_is_null(node)) {
            break;
        }
        st = take_choice(unit, in, member_value(unit, in, variable, node), node, end, out);
    }
    return st;
}

/* ---- NDIS ---- */

static rm_status add_link(rm_device_reader *reader, const rm_context *in, const rm_choices *links,
                          uint32_t first) {
    rm_source_unit *unit = reader->unit;
    rm_values values = {0};
    if (links->count == 0 || reader->made.count == first) {
        return RM_OK;
    }
    rm_status st = rm_choices_values(unit, in, links, &values);
    for (uint32_t i = 0; i < values.count && st == RM_OK; i++) {
        rm_door *door = rm_push(unit->model->arena, &unit->model->doors);
        if (door == NULL) {
            return RM_NOMEM;
        }
        *door = (rm_door){.device = reader->made.at[first].device,
                          .service = RM_NONE,
                          .kind = RM_DOOR_SYMLINK,
                          .state = RM_STATE_CONFIRMED,
                          .place = rm_node_place(rm_context_file(unit, in), links->at[0].node)};
        st = rm_str_copy(unit->model->arena, values.at[i].text, &door->name);
    }
    return st;
}

/* What the call's arguments say: of NdisRegisterDeviceEx the structure of its second one. */
static rm_status ndis_creation(const rm_source_unit *unit, const rm_context *in,
                               const rm_call *call, rm_creation *c, rm_choices *links) {
    uint32_t end = ts_node_start_byte(call->node);
    bool extended = rm_str_eq(call->name, RM_STR("NdisRegisterDeviceEx"));
    rm_choices guids = {0};
    *c = (rm_creation){.created_by = RM_CREATED_NDIS};
    if (!extended) {
        c->names = rm_choice_of(rm_call_argument(call->node, 1));
        c->variable = rm_call_argument(call->node, 4);
        *links = rm_choice_of(rm_call_argument(call->node, 2));
        return RM_OK;
    }
    rm_str attributes = rm_value_root_name(unit, in, rm_call_argument(call->node, 1));
    struct {
        const char *member;
        rm_choices *out;
    } members[] = {{"DeviceName", &c->names},
                   {"DefaultSDDLString", &c->sddls},
                   {"DeviceClassGuid", &guids},
                   {"SymbolicName", links}};
    rm_status st = RM_OK;
    for (size_t i = 0; i < sizeof members / sizeof members[0] && st == RM_OK; i++) {
        st = member_choices(unit, in, attributes, members[i].member, end, members[i].out);
    }
    c->class_guid = guids.count == 1 ? guids.at[0].node : c->class_guid;
    c->variable = rm_call_argument(call->node, 2);
    return st;
}

static bool is_ndis_wrapper(rm_device_reader *reader, const rm_context *in, const rm_call *call) {
    rm_creation c;
    rm_choices links = {0};
    return ndis_creation(reader->unit, in, call, &c, &links) == RM_OK &&
           (rm_choices_are_of_caller(reader->unit, in, &c.names) ||
            rm_choices_are_of_caller(reader->unit, in, &c.sddls));
}

static rm_status make_ndis(rm_device_reader *reader, const rm_context *in, const rm_call *call) {
    rm_creation c;
    rm_choices links = {0};
    uint32_t first = reader->made.count;
    rm_status st = ndis_creation(reader->unit, in, call, &c, &links);
    if (st == RM_OK) {
        st = rm_device_add(reader, in, call->node, &c);
    }
    return st == RM_OK ? add_link(reader, in, &links, first) : st;
}

rm_status rm_device_read_ndis(rm_device_reader *reader, const rm_call *call) {
    static const rm_maker maker = {is_ndis_wrapper, make_ndis};
    return rm_device_for_callers(reader, &maker, call);
}

/* ---- descriptors that are built at run time ---- */

enum { MAX_FOLLOWED = 4 };

/* What a security descriptor may have become: bits, one for each possibility. */
enum { SD_BUILT = 1, SD_OPEN = 2, SD_OTHER = 4 };

typedef struct descriptor_search {
    rm_device_reader *reader;
    unsigned may_be;
    rm_place built, open; /* where */
    bool of_caller;       /* a parameter of the outermost function */
    rm_status status;
} descriptor_search;

/*
 * FltBuildDefaultSecurityDescriptor gives system and administrators the access asked for (Windows:
 * "FltBuildDefaultSecurityDescriptor"); a DACL that is NULL or absent admits everyone.
 */
static unsigned what_call_makes(const rm_source_file *file, TSNode call) {
    rm_str name = rm_call_name(file, call);
    if (rm_str_eq(name, RM_STR("FltBuildDefaultSecurityDescriptor"))) {
        return SD_BUILT;
    }
    if (rm_str_eq(name, RM_STR("RtlCreateSecurityDescriptor"))) {
        return SD_OPEN;
    }
    if (rm_str_eq(name, RM_STR("RtlSetDaclSecurityDescriptor"))) {
        rm_str present = rm_node_text(file, rm_call_argument(call, 1));
        bool absent = rm_str_eq(present, RM_STR("FALSE")) || rm_str_eq(present, RM_STR("0"));
        bool null = rm_node_is(rm_value_root(rm_call_argument(call, 2)), "null");
        return absent || null ? SD_OPEN : SD_OTHER;
    }
    return 0;
}

static void note_descriptor(descriptor_search *s, const rm_context *in, TSNode call, unsigned made,
                            uint32_t end) {
    const rm_source_file *file = rm_context_file(s->reader->unit, in);
    rm_passage passage;
    rm_status st = rm_passage_of(s->reader->unit->arena, file, call, end, RM_STR_NONE, &passage);
    s->status = st != RM_OK ? st : s->status;
    if (st != RM_OK || passage.excluded) {
        return;
    }
    s->may_be = passage.condition.len == 0 ? made : s->may_be | made;
    if (made == SD_BUILT) {
        s->built = rm_node_place(file, call);
    } else if (made == SD_OPEN) {
        s->open = rm_node_place(file, call);
    }
}

static void follow_descriptor(descriptor_search *s, const rm_context *in, rm_str variable,
                              uint32_t end, unsigned depth);

/* A helper that is handed the descriptor, or its address, and makes it. */
static void follow_helper(descriptor_search *s, const rm_context *in, TSNode call, rm_str variable,
                          unsigned depth) {
    const rm_source_unit *unit = s->reader->unit;
    const rm_function *helper =
        rm_unit_function(unit, rm_call_name(rm_context_file(unit, in), call), NULL);
    if (helper == NULL || helper == in->function || depth >= MAX_FOLLOWED) {
        return;
    }
    rm_context inner = {.function = helper, .call = call, .outer = in};
    for (uint32_t i = 0; i < helper->param_count; i++) {
        if (rm_str_eq(rm_value_root_name(unit, in, rm_call_argument(call, i)), variable)) {
            follow_descriptor(s, &inner, helper->params[i].name, UINT32_MAX, depth + 1);
        }
    }
}

static uint32_t parameter_of(const rm_function *function, rm_str name) {
    for (uint32_t i = 0; i < function->param_count; i++) {
        if (rm_str_eq(function->params[i].name, name)) {
            return i;
        }
    }
    return RM_NONE;
}

static void follow_descriptor(descriptor_search *s, const rm_context *in, rm_str variable,
                              uint32_t end, unsigned depth) {
    const rm_source_unit *unit = s->reader->unit;
    const rm_source_file *file = rm_context_file(unit, in);
    uint32_t at = ts_node_start_byte(in->function->body);
    uint32_t body_end = ts_node_end_byte(in->function->body);
    uint32_t parameter = parameter_of(in->function, variable);
    bool inwards = end == UINT32_MAX;
    if (parameter != RM_NONE && !inwards && depth < MAX_FOLLOWED) {
        if (in->outer == NULL || ts_node_is_null(in->call)) {
            s->of_caller = true;
        } else {
            rm_str given =
                rm_value_root_name(unit, in->outer, rm_call_argument(in->call, parameter));
            follow_descriptor(s, in->outer, given, ts_node_start_byte(in->call), depth + 1);
        }
    }
    for (;;) {
        TSNode node = rm_next_occurrence(file, variable, &at, end < body_end ? end : body_end);
        if (ts_node_is_null(node)) {
            return;
        }
        TSNode list = ts_node_parent(node);
        for (unsigned i = 0;
             i < 4 && (rm_node_is(list, "pointer_expression") ||
                       rm_node_is(list, "field_expression") || rm_node_is(list, "cast_expression"));
             i++) {
            list = ts_node_parent(list);
        }
        TSNode call = ts_node_parent(list);
        if (!rm_node_is(list, "argument_list") || !rm_node_is(call, "call_expression")) {
            continue;
        }
        unsigned made = what_call_makes(file, call);
        if (made == 0) {
            follow_helper(s, in, call, variable, depth);
        } else if (rm_str_eq(rm_value_root_name(unit, in, rm_call_argument(call, 0)), variable)) {
            note_descriptor(s, in, call, made, end);
        }
    }
}

/* A descriptor that is kept: what any function of the driver makes of it. */
static void follow_kept(descriptor_search *s, const rm_context *in, rm_str variable) {
    const rm_source_unit *unit = s->reader->unit;
    for (uint32_t i = 0; i < unit->functions.count && variable.len > 0; i++) {
        rm_context at = {.function = &unit->functions.at[i]};
        if (at.function != in->function && parameter_of(at.function, variable) == RM_NONE) {
            unsigned before = s->may_be;
            follow_descriptor(s, &at, variable, UINT32_MAX, MAX_FOLLOWED);
            s->may_be |= before;
        }
    }
}

static rm_status push_port_descriptor(rm_device_reader *reader, uint32_t device, const char *sddl,
                                      rm_state state, rm_place place) {
    bool port = reader->unit->model->devices.at[device].created_by == RM_CREATED_FLTPORT;
    rm_descriptor row = {.subject_kind = port ? RM_SUBJECT_PORT : RM_SUBJECT_DEVICE,
                         .subject = device,
                         .source = sddl[0] == '\0' ? RM_SDDL_RUNTIME : RM_SDDL_CODE,
                         .state = state,
                         .place = place};
    return rm_device_add_descriptor(reader, row, rm_str_from(sddl), RM_STR_NONE);
}

static descriptor_search search_descriptor(rm_device_reader *reader, const rm_context *in,
                                           TSNode descriptor, uint32_t end) {
    descriptor_search s = {.reader = reader};
    rm_str variable = rm_value_root_name(reader->unit, in, descriptor);
    follow_descriptor(&s, in, variable, end, 0);
    if (s.may_be == 0 && !s.of_caller) {
        follow_kept(&s, in, variable);
    }
    return s;
}

static rm_status push_port_descriptors(rm_device_reader *reader, const descriptor_search *s,
                                       uint32_t device, rm_place place) {
    rm_status st = s->status;
    if (st == RM_OK && (s->may_be & SD_BUILT) != 0) {
        st = push_port_descriptor(reader, device, "D:P(A;;0x1f0001;;;SY)(A;;0x1f0001;;;BA)",
                                  RM_STATE_CONFIRMED, s->built);
    }
    if (st == RM_OK && (s->may_be & SD_OPEN) != 0) {
        st = push_port_descriptor(reader, device, "D:NO_ACCESS_CONTROL", RM_STATE_CONFIRMED,
                                  s->open);
    }
    if (st == RM_OK && ((s->may_be & SD_OTHER) != 0 || s->may_be == 0)) {
        st = push_port_descriptor(reader, device, "", RM_STATE_UNKNOWN, place);
    }
    return st;
}

rm_status rm_device_read_built(rm_device_reader *reader, const rm_context *in, TSNode descriptor,
                               TSNode call, uint32_t device) {
    descriptor_search s = search_descriptor(reader, in, descriptor, ts_node_start_byte(call));
    rm_place place = rm_node_place(rm_context_file(reader->unit, in), call);
    if ((s.may_be & SD_OTHER) != 0 || s.may_be == 0) {
        rm_diag(reader->unit->sink, RM_NOTE, place, "device-sddl-unknown",
                "the descriptor is not known: it is built at run time");
    }
    return push_port_descriptors(reader, &s, device, place);
}

/* ---- minifilter ports ---- */

/* InitializeObjectAttributes(&oa, &name, attributes, root, sd), oa.ObjectName = …: the last. */
static rm_status port_attributes(const rm_source_unit *unit, const rm_context *in, rm_str variable,
                                 uint32_t end, rm_choices *names, rm_choices *descriptors) {
    const rm_source_file *file = rm_context_file(unit, in);
    uint32_t at = ts_node_start_byte(in->function->body);
    rm_status st = RM_OK;
    while (st == RM_OK) {
        TSNode node = rm_next_occurrence(file, variable, &at, end);
        if (ts_node_is_null(node)) {
            break;
        }
        TSNode around = ts_node_parent(node);
        around = rm_node_is(around, "pointer_expression") ? ts_node_parent(around) : around;
        TSNode call = ts_node_parent(around);
        TSNode member = rm_node_field(around, "field");
        if (rm_node_is(call, "call_expression") &&
            rm_str_eq(rm_call_name(file, call), RM_STR("InitializeObjectAttributes"))) {
            st = take_choice(unit, in, rm_call_argument(call, 1), call, end, names);
            if (st == RM_OK) {
                st = take_choice(unit, in, rm_call_argument(call, 4), call, end, descriptors);
            }
        } else if (!ts_node_is_null(member)) {
            rm_str name = rm_node_text(file, member);
            bool is_name = rm_str_eq(name, RM_STR("ObjectName"));
            if (is_name || rm_str_eq(name, RM_STR("SecurityDescriptor"))) {
                st = take_choice(unit, in, member_value(unit, in, variable, member), around, end,
                                 is_name ? names : descriptors);
            }
        }
    }
    return st;
}

typedef struct port_call {
    rm_creation creation;
    rm_choices descriptors;
    uint32_t end;
} port_call;

static rm_status read_port(const rm_source_unit *unit, const rm_context *in, const rm_call *call,
                           port_call *out) {
    rm_str variable = rm_value_root_name(unit, in, rm_call_argument(call->node, 2));
    *out = (port_call){.end = ts_node_start_byte(call->node)};
    out->creation.created_by = RM_CREATED_FLTPORT;
    out->creation.variable = rm_call_argument(call->node, 1);
    rm_choices *names = &out->creation.names;
    rm_status st = port_attributes(unit, in, variable, out->end, names, &out->descriptors);
    if (names->count == 0) {
        names->unknown = "its attributes are not filled here";
    }
    return st;
}

static bool is_port_wrapper(rm_device_reader *reader, const rm_context *in, const rm_call *call) {
    port_call port;
    if (read_port(reader->unit, in, call, &port) != RM_OK) {
        return false;
    }
    bool of_caller = rm_choices_are_of_caller(reader->unit, in, &port.creation.names);
    for (uint32_t i = 0; i < port.descriptors.count && !of_caller; i++) {
        of_caller = search_descriptor(reader, in, port.descriptors.at[i].node, port.end).of_caller;
    }
    return of_caller;
}

static rm_status make_port(rm_device_reader *reader, const rm_context *in, const rm_call *call) {
    port_call port;
    uint32_t first = reader->made.count;
    rm_status st = read_port(reader->unit, in, call, &port);
    if (st == RM_OK) {
        st = rm_device_add(reader, in, call->node, &port.creation);
    }
    rm_place place = rm_node_place(rm_context_file(reader->unit, in), call->node);
    for (uint32_t i = first; i < reader->made.count && st == RM_OK; i++) {
        uint32_t device = reader->made.at[i].device;
        for (uint32_t k = 0; k < port.descriptors.count && st == RM_OK; k++) {
            descriptor_search s =
                search_descriptor(reader, in, port.descriptors.at[k].node, port.end);
            st = push_port_descriptors(reader, &s, device, place);
        }
        if (st == RM_OK && (port.descriptors.count == 0 || port.descriptors.may_lack)) {
            st = push_port_descriptor(reader, device, "", RM_STATE_UNKNOWN, place);
        }
    }
    return st;
}

rm_status rm_device_read_port(rm_device_reader *reader, const rm_call *call) {
    static const rm_maker maker = {is_port_wrapper, make_port};
    return rm_device_for_callers(reader, &maker, call);
}
