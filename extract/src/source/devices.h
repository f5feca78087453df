#ifndef EXTRACT_SOURCE_DEVICES_H
#define EXTRACT_SOURCE_DEVICES_H

#include "source/set.h"
#include "source/values.h"

/* What the readers of devices and of their doors share. Private to devices*.c and doors.c. */

/* A device row and the call that made it. */
typedef struct rm_made {
    uint32_t device; /* in the model */
    const rm_function *function;
    uint32_t at;     /* offset of the call */
    rm_str variable; /* that holds the device afterwards */
    rm_created by;
    bool wdf;
} rm_made;

RM_LIST(rm_made_list, rm_made);

typedef struct rm_device_reader {
    rm_source_unit *unit;
    rm_calls calls; /* every call of interest, in order of files and text */
    rm_made_list made;
    rm_calls allocated; /* WdfControlDeviceInitAllocate whose init was seen to become a device */
} rm_device_reader;

/* What one creating call says. Null nodes: not an argument of this call, or not set. */
typedef struct rm_creation {
    rm_created created_by;
    TSNode name, type, characteristics, exclusive, sddl, class_guid;
    /* Where each stands, when not in the creating function; NULL: there. */
    const rm_context *name_in, *type_in, *characteristics_in, *exclusive_in, *sddl_in, *class_in;
    bool unnamed;            /* no name is given at all */
    bool framework_defaults; /* what is not set is known to be WDF's default: not exclusive, 0 */
    bool pnp, filter;
    TSNode variable; /* out: the device */
} rm_creation;

/* Pushes the device with its descriptors and its door by name: a row for each name it may have. */
rm_status rm_device_add(rm_device_reader *reader, const rm_context *in, TSNode call,
                        const rm_creation *creation) RM_CHECK_RESULT;

/* Pushes the descriptors that an SDDL argument may stand for. */
rm_status rm_device_add_descriptors(rm_device_reader *reader, const rm_context *in, TSNode sddl,
                                    uint32_t device, rm_subject kind,
                                    rm_place place) RM_CHECK_RESULT;

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

/* source/doors.c: links, interfaces, and what apps may open them, for the devices made. */
rm_status rm_device_read_doors(rm_device_reader *reader) RM_CHECK_RESULT;

/* source/framework.c: which framework the driver uses, where no project or INF said so. */
void rm_source_framework(const rm_source_unit *unit);

#endif
