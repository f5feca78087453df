/* The columns of what follows from the facts, and of the tables that queries join with. */
#include "columns.h"

/* Whom access is asked to, by kind. */
static const rm_table_id accesses_subjects[RM_SUBJECT_COUNT] = {
    [RM_SUBJECT_DEVICE] = RM_TABLE_DEVICES,  [RM_SUBJECT_INTERFACE] = RM_TABLE_DOORS,
    [RM_SUBJECT_PORT] = RM_TABLE_DEVICES,    [RM_SUBJECT_SERVICE] = RM_TABLE_SERVICES,
    [RM_SUBJECT_KEY] = RM_TABLE_DESCRIPTORS, [RM_SUBJECT_FILE] = RM_TABLE_DESCRIPTORS,
};

const rm_column rm_columns_accesses[] = {
    WORD(rm_access, subject_kind, subject),
    SUBJECT(rm_access, accesses_subjects),
    TEXT(rm_access, principal),
    U32(rm_access, mask),
    U32(rm_access, win32_mask),
    FLAG(rm_access, dacl_grants),
    WORD(rm_access, via, via),
    WORD(rm_access, state, state),
    END,
};

const rm_column rm_columns_boundaries[] = {
    TEXT(rm_boundary, id),
    WORD(rm_boundary, kind, boundary_kind),
    TEXT(rm_boundary, from_level),
    TEXT(rm_boundary, to_level),
    TEXT(rm_boundary, from_node),
    TEXT(rm_boundary, to_node),
    END,
};

const rm_column rm_columns_paths[] = {
    TEXT(rm_path, id),
    TEXT(rm_path, origin),
    REF(rm_path, app, APPS),
    REF(rm_path, door, DOORS),
    REF(rm_path, device, DEVICES),
    REF(rm_path, entry, ENTRIES),
    TEXT(rm_path, drivers),
    U32(rm_path, hops),
    TEXT(rm_path, boundaries),
    REF(rm_path, sink, SINKS),
    WORD(rm_path, validation, validation),
    U32(rm_path, score),
    WORD(rm_path, severity, severity),
    FLAG(rm_path, weakest),
    WORD(rm_path, gate_open, gate),
    WORD(rm_path, gate_name, gate),
    WORD(rm_path, gate_deliver, gate),
    WORD(rm_path, gate_handle, gate),
    WORD(rm_path, authorisation, authorisation),
    WORD(rm_path, requestor_mode, mode),
    WORD(rm_path, confidence, confidence),
    WORD(rm_path, state, state),
    TEXT(rm_path, summary),
    TEXT(rm_path, score_text),
    TEXT(rm_path, cvss),
    FLAG(rm_path, waived),
    END,
};

const rm_column rm_columns_findings[] = {
    TEXT(rm_finding, id),
    TEXT(rm_finding, rule),
    WORD(rm_finding, severity, severity),
    TEXT(rm_finding, subject),
    TEXT(rm_finding, subject_id),
    TEXT(rm_finding, message),
    WORD(rm_finding, confidence, confidence),
    REF(rm_finding, path, PATHS),
    FLAG(rm_finding, waived),
    TEXT(rm_finding, fix),
    TEXT(rm_finding, part_of),
    PLACE(rm_finding),
    END,
};

const rm_column rm_columns_weights[] = {
    TEXT(rm_weight, factor),
    TEXT(rm_weight, name),
    U32(rm_weight, value),
    U32(rm_weight, standard),
    END,
};

const rm_column rm_columns_givens[] = {
    TEXT(rm_given_value, name),
    TEXT(rm_given_value, value),
    END,
};

const rm_column rm_columns_steps[] = {
    REF(rm_path_step, path, PATHS),
    U32(rm_path_step, number),
    WORD_AS(rm_path_step, kind, is.kind, step_kind),
    TEXT_AS(rm_path_step, node, is.node),
    TEXT_AS(rm_path_step, boundary, is.boundary),
    WORD_IF_AS(rm_path_step, validation, is.validation, validation),
    WORD_IF_AS(rm_path_step, requestor_mode, is.requestor_mode, mode),
    TEXT_AS(rm_path_step, evidence, is.evidence),
    TEXT_AS(rm_path_step, text, is.text),
    PLACE_IN(rm_path_step, is.place),
    END,
};

const rm_column rm_columns_rules[] = {
    TEXT(rm_rule_row, id),
    TEXT(rm_rule_row, title),
    TEXT(rm_rule_row, statement),
    WORD(rm_rule_row, severity, severity),
    TEXT(rm_rule_row, cwe),
    TEXT(rm_rule_row, stride),
    TEXT(rm_rule_row, source),
    TEXT(rm_rule_row, evidence),
    WORD(rm_rule_row, kind, rule_kind),
    FLAG(rm_rule_row, enabled),
    U32(rm_rule_row, subjects),
    END,
};

const rm_column rm_columns_finding_places[] = {
    REF(rm_finding_place, finding, FINDINGS),
    U32(rm_finding_place, number),
    TEXT_AS(rm_finding_place, text, is.text),
    PLACE_IN(rm_finding_place, is.place),
    END,
};

const rm_column rm_columns_undecided[] = {
    TEXT(rm_undecided, rule),   TEXT(rm_undecided, subject), TEXT(rm_undecided, subject_id),
    TEXT(rm_undecided, reason), PLACE(rm_undecided),         END,
};

const rm_column rm_columns_sink_classes[] = {
    TEXT(rm_sink_class_row, name),
    TEXT(rm_sink_class_row, family),
    U32(rm_sink_class_row, severity),
    TEXT(rm_sink_class_row, title),
    END,
};
