#ifndef MODEL_RULES_ASK_H
#define MODEL_RULES_ASK_H

#include "rules.h"

/* What several rules ask of the model. Indices, RM_NONE for none. */

/* The row of v_access that says what a principal may do at a device; RM_NONE: none. */
uint32_t rm_ask_access(const rm_rule_run *run, rm_str principal, uint32_t device);

/* The first observation of that kind in a driver. */
uint32_t rm_ask_observed(const rm_rule_run *run, uint32_t driver, rm_observed kind);

/* A check of that kind before an entry (its own, or the driver's at create) that can refuse. */
bool rm_ask_checked(const rm_rule_run *run, uint32_t entry, rm_check_kind kind);

/* S of a privileged operation's class; 0 for a class that is not known. */
uint32_t rm_ask_severity(const rm_sink_call *call);

/* The worst operation of an entry, of a driver: of at least that severity. */
uint32_t rm_ask_sink_of_entry(const rm_rule_run *run, uint32_t entry, uint32_t least);
uint32_t rm_ask_sink_of_driver(const rm_rule_run *run, uint32_t driver, uint32_t least);

/*
 * The worst thing of severity 700 or more that it does to hardware, processes, drivers or the
 * system: what has to be logged, and what makes a driver worth bringing along.
 */
uint32_t rm_ask_action_of_driver(const rm_rule_run *run, uint32_t driver);

/* Were sources of the driver read, and does it handle anything? */
bool rm_ask_has_entries(const rm_rule_run *run, uint32_t driver, rm_entry_kind kind);
bool rm_ask_has_sources(const rm_model *model, uint32_t driver);

/* The value of a directive in a section of an INF; empty when it is not there. */
rm_str rm_ask_directive(const rm_model *model, rm_str inf, rm_str section, rm_str name);

/* Is the word one of the list, which NULL ends? ASCII case is ignored. */
bool rm_ask_in(rm_str word, const char *const *list);

/* `of_rule` where code below administrators can open a device of the driver, else less. */
rm_severity rm_rule_by_opener(const rm_rule_run *run, uint32_t driver, rm_severity of_rule);

/*
 * What makes the id of a finding about an INF: the service that it installs, else its driver. The
 * file's path only where it installs none: ids outlast a file that is moved.
 */
rm_str rm_ask_package(const rm_model *model, rm_str inf);

/* A verdict about a driver, an entry, and about what an observation saw there, by function. */
rm_verdict rm_driver_verdict(const rm_rule_run *run, uint32_t driver, rm_place place);
rm_verdict rm_handled_verdict(rm_rule_run *run, uint32_t entry, rm_place place);
rm_verdict rm_observed_verdict(rm_rule_run *run, const rm_observation *seen);

/* Who holds a call: verdicts of one rule on one function are one finding. */
rm_str rm_sink_holder(rm_rule_run *run, const rm_sink_call *call);
uint32_t rm_sink_driver(const rm_model *model, const rm_sink_call *call);

/* A bounded copy and the like: what every driver does, no privileged operation. */
bool rm_sink_is_ordinary(const rm_sink_call *call);

/* The same where nothing is known of what the caller has to do with it. */
bool rm_sink_is_everyday(const rm_sink_call *call);

/*
 * Is it a lead to look at and no more: all caller's values that its reason names (in brackets) are
 * lengths of a transfer, computed of others, or part of a file's name?
 */
bool rm_sink_is_lead(const rm_rule_run *run, const rm_sink_call *call);

/*
 * The raw pointer of a code with a direct method: a driver takes it where there is no MDL, which is
 * where there are no bytes.
 */
bool rm_sink_is_spare_pointer(const rm_rule_run *run, const rm_sink_call *call);

/* The place is the driver's, and only what is written there is the caller's. */
bool rm_sink_is_value_alone(const rm_sink_call *call);

/* sinks.c: the PB rule that a class of operations belongs to; "" for none. */
const char *rm_rule_of_class(rm_str class_name);

/* Is it known of each operation of 500 or more behind an entry whether the caller steers it? */
bool rm_ask_is_steered(const rm_rule_run *run, uint32_t entry);

/* One of Microsoft's that a driver defines again because its kit has no header for it? */
bool rm_ask_is_microsofts(const rm_ioctl *code, uint32_t device_type);

/* Is the code the driver's to define, or one of Microsoft's that it serves? */
bool rm_ask_is_own_code(const rm_rule_run *run, uint32_t entry);

/* Causes: what stands at a place, and the descriptor that a device has or lacks. */
rm_str rm_cause_at(rm_rule_run *run, const char *what, rm_place place);
rm_str rm_device_cause(rm_rule_run *run, uint32_t device);

/* The caller's data is known to arrive there unchecked, or partly so. */
bool rm_sink_is_loose(const rm_sink_call *call);

/* "in HANDLER, ARGUMENT of API: what": where a design has no functions yet, its entry is named. */
rm_str rm_sink_fix(rm_rule_run *run, const rm_sink_call *call, const char *what);

/* A verdict about a privileged operation that the caller steers, without message and fix. */
rm_verdict rm_sink_verdict(rm_rule_run *run, uint32_t sink, rm_severity of_rule);

#endif
