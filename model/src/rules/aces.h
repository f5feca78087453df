#ifndef MODEL_RULES_ACES_H
#define MODEL_RULES_ACES_H

#include "model/descriptor.h"
#include "rules.h"

/* Questions about the ACEs of a descriptor, for rules and for the fixes that they name. */

/* SYSTEM, administrators, and what stands for the object's owner or the service itself. */
bool rm_sid_is_trusted(const rm_sid *sid);

bool rm_sid_is_service(const rm_sid *sid); /* LocalService, NetworkService, UMDF's hosts */

/* The mask of an ACE with its generic bits spelled out, for that kind of object. */
uint32_t rm_ace_mask(const rm_ace *ace, rm_object_type type);

/*
 * Does the ACE grant any of `bits` to somebody who is not trusted? Service accounts are, but for
 * the right to change the descriptor.
 */
bool rm_ace_grants(const rm_ace *ace, rm_object_type type, uint32_t bits);

rm_object_type rm_subject_object(rm_subject subject);

/*
 * The fix of a descriptor that grants `bits` too widely: which ACEs have to go, and what is left.
 * *out is a general sentence where the descriptor cannot be parsed.
 */
rm_status rm_aces_fix(rm_rule_run *run, const rm_descriptor *row, uint32_t bits,
                      rm_str *out) RM_CHECK_RESULT;

/* A device behind a name: what DS and NS rules look at. */
bool rm_device_is_door(const rm_device *device);

/* namespace.c: a file system's control device, which is for everyone and checks each file. */
bool rm_device_owns_namespace(const rm_device *device);

/* A verdict about a device with everything but message and fix. */
rm_verdict rm_device_verdict(const rm_rule_run *run, uint32_t device);

#endif
