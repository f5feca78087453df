#ifndef EXTRACT_INF_INTERFACES_H
#define EXTRACT_INF_INTERFACES_H

#include "inf/registry.h"

/* [DDInstall.Interfaces]. Source: Windows driver documentation, "INF AddInterface directive". */

typedef struct rm_inf_interface {
    rm_str guid;
    rm_str reference; /* empty: none */
    rm_str section;
    rm_str from;
    rm_str capabilities;      /* UnrestrictedAppCapabilities, joined by ' '; empty: not set */
    rm_inf_number restricted; /* DEVPKEY_DeviceInterface_Restricted */
    rm_inf_item item;
} rm_inf_interface;

RM_LIST(rm_inf_interfaces, rm_inf_interface);

rm_status rm_inf_interfaces_added(rm_inf_set *set, const rm_inf_items *lines,
                                  rm_inf_interfaces *out) RM_CHECK_RESULT;

/* An interface class that the package makes: a line of [InterfaceInstall32]. */
typedef struct rm_inf_interface_class {
    rm_inf_interface of_class; /* guid, section and the properties that AddProperty sets */
    rm_inf_values values;      /* of its AddReg: HKR is the key of the class */
} rm_inf_interface_class;

RM_LIST(rm_inf_interface_classes, rm_inf_interface_class);

/*
 * Source: Windows driver documentation, "INF InterfaceInstall32 section". Every decoration of an
 * install-interface-section is read, since each serves an architecture.
 */
rm_status rm_inf_interface_classes_read(rm_inf_set *set,
                                        rm_inf_interface_classes *out) RM_CHECK_RESULT;

#endif
