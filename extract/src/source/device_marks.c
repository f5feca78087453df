#include "source/device_marks.h"

#include "source/devices.h"
#include "source/flow/words.h"

/* ---- which devices ---- */

static uint32_t place_of(const rm_device_marks *m, uint32_t device) {
    for (uint32_t i = 0; i < m->device_count; i++) {
        if (m->devices[i] == device) {
            return i;
        }
    }
    return RM_NONE;
}

/* False: more than are told apart. */
static bool find_devices(const rm_device_reader *reader, rm_device_marks *out) {
    for (uint32_t i = 0; i < reader->made.count; i++) {
        const rm_made *made = &reader->made.at[i];
        if (made->by == RM_CREATED_FLTPORT || place_of(out, made->device) != RM_NONE) {
            continue;
        }
        if (out->device_count == RM_MAX_MARKED) {
            return false;
        }
        out->devices[out->device_count++] = made->device;
    }
    return true;
}

/* ---- variables ---- */

static void add_variable(rm_device_marks *m, rm_str name, uint32_t device) {
    for (uint32_t i = 0; i < m->variable_count; i++) {
        if (rm_str_eq(m->variables[i].name, name)) {
            m->variables[i].device = m->variables[i].device == device ? device : RM_NONE;
            return;
        }
    }
    if (name.len > 0 && m->variable_count < RM_MAX_MARKS) {
        m->variables[m->variable_count++] = (rm_device_variable){name, device};
    }
}

uint32_t rm_device_marks_variable(const rm_device_marks *marks, rm_str name) {
    for (uint32_t i = 0; i < marks->variable_count; i++) {
        if (rm_str_eq(marks->variables[i].name, name)) {
            return marks->variables[i].device;
        }
    }
    return RM_NONE;
}

/* ---- members of extensions ---- */

static rm_device_member *member_named(rm_device_marks *m, rm_str name) {
    for (uint32_t i = 0; i < m->member_count; i++) {
        if (rm_str_eq(m->members[i].name, name)) {
            return &m->members[i];
        }
    }
    if (m->member_count == RM_MAX_MARKS) {
        return NULL;
    }
    m->members[m->member_count] = (rm_device_member){.name = name};
    return &m->members[m->member_count++];
}

bool rm_device_marks_member(const rm_device_marks *marks, rm_str name, uint32_t device,
                            int64_t *value) {
    uint32_t place = place_of(marks, device);
    for (uint32_t i = 0; i < marks->member_count && place != RM_NONE; i++) {
        const rm_device_member *m = &marks->members[i];
        if (rm_str_eq(m->name, name)) {
            *value = m->set[place] ? m->value[place] : 0;
            return !m->open;
        }
    }
    return false;
}

static bool number_of(const rm_source_unit *unit, const rm_context *in, TSNode value,
                      int64_t *out) {
    rm_str text = rm_node_text(rm_context_file(unit, in), rm_value_root(value));
    return rm_value_number(unit, in, value, out) || rm_word_constant(text, out);
}

/* The assignment whose left side this name is the root of; a null node: there is none. */
static TSNode assignment_to(TSNode name, TSNode *member) {
    TSNode node = ts_node_parent(name);
    TSNode none = {{0}, NULL, NULL};
    if (!rm_node_is(node, "field_expression") || ts_node_eq(rm_node_field(node, "field"), name)) {
        return none;
    }
    *member = rm_node_field(node, "field");
    TSNode parent = ts_node_parent(node);
    return rm_node_is(parent, "assignment_expression") &&
                   ts_node_eq(rm_node_field(parent, "left"), node)
               ? parent
               : none;
}

/* extension->Member = value, in the function that makes the device. */
static void read_members(const rm_source_unit *unit, rm_device_marks *m, const rm_context *in,
                         rm_str extension, uint32_t place, uint32_t from) {
    const rm_source_file *file = rm_context_file(unit, in);
    uint32_t at = from;
    uint32_t end = ts_node_end_byte(in->function->body);
    for (;;) {
        TSNode name = rm_next_occurrence(file, extension, &at, end);
        TSNode field;
        int64_t value = 0;
        if (ts_node_is_null(name)) {
            return;
        }
        TSNode assignment = assignment_to(name, &field);
        rm_device_member *member =
            ts_node_is_null(assignment) ? NULL : member_named(m, rm_node_text(file, field));
        if (member == NULL) {
            continue;
        }
        bool known = number_of(unit, in, rm_node_field(assignment, "right"), &value);
        member->open |= !known || (member->set[place] && member->value[place] != value);
        member->set[place] = true;
        member->value[place] = value;
    }
}

/* Does the expression lead to device->DeviceExtension? */
static bool is_extension(const rm_source_unit *unit, const rm_context *in, TSNode value,
                         rm_str device) {
    TSNode node = rm_value_root(value);
    return rm_node_is(node, "field_expression") &&
           rm_str_eq(rm_node_text(rm_context_file(unit, in), rm_node_field(node, "field")),
                     RM_STR("DeviceExtension")) &&
           rm_str_eq(rm_value_root_name(unit, in, rm_node_field(node, "argument")), device);
}

/* What the function does with the device after it made it: kept = device, ext = device->…. */
static void read_after(const rm_source_unit *unit, rm_device_marks *m, const rm_made *made) {
    rm_context in = {.function = made->function};
    const rm_source_file *file = rm_context_file(unit, &in);
    uint32_t at = made->at;
    uint32_t end = ts_node_end_byte(made->function->body);
    uint32_t place = place_of(m, made->device);
    add_variable(m, made->variable, made->device);
    for (;;) {
        TSNode name = rm_next_occurrence(file, made->variable, &at, end);
        if (ts_node_is_null(name) || place == RM_NONE) {
            return;
        }
        TSNode node = name;
        TSNode parent = ts_node_parent(node);
        while (rm_node_is(parent, "field_expression") || rm_node_is(parent, "cast_expression") ||
               rm_node_is(parent, "parenthesized_expression")) {
            node = parent;
            parent = ts_node_parent(node);
        }
        bool declared = rm_node_is(parent, "init_declarator");
        if (!declared && !rm_node_is(parent, "assignment_expression")) {
            continue;
        }
        TSNode value = rm_node_field(parent, declared ? "value" : "right");
        TSNode target = rm_node_field(parent, declared ? "declarator" : "left");
        for (unsigned i = 0; i < 3 && rm_node_is(target, "pointer_declarator"); i++) {
            target = rm_node_field(target, "declarator");
        }
        rm_str kept = rm_value_root_name(unit, &in, target);
        if (!ts_node_eq(value, node) || kept.len == 0) {
            continue;
        }
        if (is_extension(unit, &in, value, made->variable)) {
            read_members(unit, m, &in, kept, place, ts_node_end_byte(parent));
        } else if (ts_node_eq(rm_value_root(value), name)) {
            add_variable(m, kept, made->device);
        }
    }
}

/* A member that is set anywhere else says nothing for sure. */
static void look_elsewhere(const rm_source_unit *unit, const rm_device_reader *reader,
                           rm_device_marks *m) {
    for (uint32_t k = 0; k < m->member_count; k++) {
        for (uint32_t f = 0; f < unit->files.count && !m->members[k].open; f++) {
            const rm_source_file *file = &unit->files.at[f];
            uint32_t at = 0;
            for (;;) {
                TSNode node =
                    rm_next_occurrence(file, m->members[k].name, &at, (uint32_t)file->clean.len);
                if (ts_node_is_null(node)) {
                    break;
                }
                TSNode whole = ts_node_parent(node);
                TSNode parent = ts_node_parent(whole);
                bool set = rm_node_is(whole, "field_expression") &&
                           rm_node_is(parent, "assignment_expression") &&
                           ts_node_eq(rm_node_field(parent, "left"), whole);
                const rm_function *in = set ? rm_unit_function_at(unit, f, node) : NULL;
                bool where_made = false;
                for (uint32_t i = 0; i < reader->made.count; i++) {
                    where_made |= reader->made.at[i].function == in;
                }
                m->members[k].open |= set && !where_made;
            }
        }
    }
}

void rm_device_marks_read(const rm_source_unit *unit, rm_device_marks *out) {
    *out = (rm_device_marks){.device_count = 0};
    if (unit->devices == NULL) {
        return;
    }
    if (!find_devices(unit->devices, out) || out->device_count < 2) {
        out->device_count = 0;
        return;
    }
    for (uint32_t i = 0; i < unit->devices->made.count; i++) {
        read_after(unit, out, &unit->devices->made.at[i]);
    }
    look_elsewhere(unit, unit->devices, out);
}
