#ifndef EXTRACT_SOURCE_DEVICES_H
#define EXTRACT_SOURCE_DEVICES_H

#include "source/passage.h"
#include "source/set.h"
#include "source/values.h"

/* What the readers of devices and of their doors share. Private to devices*.c and doors.c. */

/* A device row and the call that made it. */
typedef struct rm_made {
    uint32_t device; /* in the model */
    const rm_function *function;
    uint32_t at;     /* offset of the call */
    TSNode site;     /* the wrapper's call that it was made for; a null node: no wrapper */
    rm_str variable; /* that holds the device afterwards */
    rm_created by;
    bool wdf;
    bool described; /* the call gives a descriptor */
} rm_made;

RM_LIST(rm_made_list, rm_made);

typedef struct rm_device_reader {
    rm_source_unit *unit;
    rm_calls calls; /* every call of interest, in order of files and text */
    rm_made_list made;
    rm_calls allocated; /* WdfControlDeviceInitAllocate whose init was seen to become a device */
} rm_device_reader;

/* An argument that a device may have been given, and when. */
typedef struct rm_choice {
    TSNode node;
    const rm_context *in; /* where it stands; NULL: in the creating function */
    rm_str condition;     /* empty: always */
    uint32_t at;          /* offset of the call that gives it */
} rm_choice;

enum { RM_MAX_CHOICES = 8 };

/* What it was given last, and what conditions may have put in its place. */
typedef struct rm_choices {
    rm_choice at[RM_MAX_CHOICES];
    uint32_t count;
    bool may_lack;       /* or nothing at all: each of them is conditional */
    const char *unknown; /* why there may be another; static text, NULL: there is none */
} rm_choices;

/* The argument of the creating call itself; a null node: none. */
rm_choices rm_choice_of(TSNode node);

/* A later call gives another one. */
void rm_choices_take(rm_choices *choices, rm_choice next, const rm_passage *passage);

/* What all of them stand for, each under its condition; `in`: the creating function. */
rm_status rm_choices_values(const rm_source_unit *unit, const rm_context *in,
                            const rm_choices *choices, rm_values *out) RM_CHECK_RESULT;

/* What one creating call says. Null nodes: not an argument of this call, or not set. */
typedef struct rm_creation {
    rm_created created_by;
    rm_choices names, sddls; /* without any name the device has none */
    TSNode type, characteristics, exclusive, class_guid;
    /* Where each stands, when not in the creating function; NULL: there. */
    const rm_context *type_in, *characteristics_in, *exclusive_in, *class_in;
    /* Set under a condition: what it is, is not known. */
    bool type_open, characteristics_open, exclusive_open;
    bool framework_defaults; /* what is not set is known to be WDF's default: not exclusive, 0 */
    bool pnp, filter;
    TSNode variable; /* out: the device */
} rm_creation;

/*
 * Wrappers: a creating call is read once for each way that callers come to it, where these decide
 * what it makes (`is_wrapper`); `in` of `make` leads out to them.
 */
typedef struct rm_maker {
    bool (*is_wrapper)(rm_device_reader *reader, const rm_context *in, const rm_call *call);
    rm_status (*make)(rm_device_reader *reader, const rm_context *in, const rm_call *call);
} rm_maker;
rm_status rm_device_for_callers(rm_device_reader *reader, const rm_maker *maker,
                                const rm_call *call) RM_CHECK_RESULT;

/* Is one of the values what a caller of the outermost function passes? */
bool rm_choices_are_of_caller(const rm_source_unit *unit, const rm_context *in,
                              const rm_choices *choices);

/* Pushes the device with its descriptors and its door by name: a row for each name it may have. */
rm_status rm_device_add(rm_device_reader *reader, const rm_context *in, TSNode call,
                        const rm_creation *creation) RM_CHECK_RESULT;

/* Pushes a descriptor of a device, unless it has that already. */
rm_status rm_device_add_descriptor(rm_device_reader *reader, rm_descriptor row, rm_str sddl,
                                   rm_str condition) RM_CHECK_RESULT;

/* Does the function attach to a stack, or is it AddDevice? Then what it creates is PnP's. */
bool rm_device_is_pnp(const rm_source_unit *unit, const rm_function *function);

/* source/devices_wdf.c: WdfDeviceCreate with what the WDFDEVICE_INIT was told before. */
rm_status rm_device_read_wdf(rm_device_reader *reader, const rm_call *call) RM_CHECK_RESULT;

/*
 * A control device whose init is kept in an object: WdfControlDeviceInitAllocate, when no creating
 * call was seen to take what it gives.
 */
rm_status rm_device_read_allocation(rm_device_reader *reader, const rm_call *call) RM_CHECK_RESULT;

/* source/ports.c: NdisRegisterDeviceEx, NdisMRegisterDevice, FltCreateCommunicationPort. */
rm_status rm_device_read_ndis(rm_device_reader *reader, const rm_call *call) RM_CHECK_RESULT;
rm_status rm_device_read_port(rm_device_reader *reader, const rm_call *call) RM_CHECK_RESULT;

/* What a descriptor that is built at run time may be, as a descriptor of the device. */
rm_status rm_device_read_built(rm_device_reader *reader, const rm_context *in, TSNode descriptor,
                               TSNode call, uint32_t device) RM_CHECK_RESULT;

/* source/security_set.c: descriptors that are put on devices after they were made. */
rm_status rm_device_read_set(rm_device_reader *reader) RM_CHECK_RESULT;

/* source/serving.c: the device that an expression in a function means; RM_NONE: not known. */
uint32_t rm_device_meant(const rm_device_reader *reader, const rm_function *function,
                         TSNode expression);

/* source/doors.c: links, interfaces, and what apps may open them, for the devices made. */
rm_status rm_device_read_doors(rm_device_reader *reader) RM_CHECK_RESULT;

/* source/framework.c: which framework the driver uses, where no project or INF said so. */
void rm_source_framework(const rm_source_unit *unit);

#endif
