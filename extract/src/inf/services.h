#ifndef EXTRACT_INF_SERVICES_H
#define EXTRACT_INF_SERVICES_H

#include "inf/registry.h"

/* [DDInstall.Services]. Source: Windows driver documentation, "INF AddService directive". */

enum {
    RM_INF_SERVICE_FUNCTION = 0x2, /* SPSVCINST_ASSOCSERVICE: the device's function driver */
    RM_INF_SERVICE_CLOBBER_SECURITY = 0x400 /* overwrites the descriptor of a service that exists */
};

typedef struct rm_inf_service {
    rm_str name; /* empty, with the function flag: the device has no function driver */
    rm_inf_number flags;
    rm_str section; /* that says how; empty when the line names none */
    rm_str from;    /* the section with the AddService line */
    bool section_missing;
    rm_str display_name, description, binary, account, security, load_order_group, dependencies;
    rm_inf_number type, start, error_control, sid_type;
    rm_inf_items lines;   /* of its section */
    rm_inf_values values; /* of its AddReg: HKR is the service's key */
    rm_inf_item item;
    rm_loc security_loc;
} rm_inf_service;

RM_LIST(rm_inf_services, rm_inf_service);

/* The services that AddService lines among `lines` add. */
rm_status rm_inf_services_added(rm_inf_set *set, const rm_inf_items *lines,
                                rm_inf_services *out) RM_CHECK_RESULT;

bool rm_inf_service_is_function(const rm_inf_service *service);
bool rm_inf_service_is_driver(const rm_inf_service *service); /* a kernel driver's, by its type */

/* The words of v_service: "kernel filesystem own_process …", "boot system auto demand disabled". */
rm_str rm_inf_service_kind(rm_inf_number type);
rm_str rm_inf_service_start(rm_inf_number start);
rm_str rm_inf_service_sid_type(rm_inf_number type); /* none unrestricted restricted */

#endif
