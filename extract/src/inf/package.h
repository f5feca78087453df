#ifndef EXTRACT_INF_PACKAGE_H
#define EXTRACT_INF_PACKAGE_H

#include "inf/copied.h"
#include "inf/filters.h"
#include "inf/interfaces.h"
#include "inf/services.h"
#include "inf/wdf.h"

/*
 * What one INF installs: its models, and the sections that their installation comes down to on
 * each architecture. Sources: Windows driver documentation, "INF Version section", "INF
 * Manufacturer section", "INF Models section", "INF DDInstall section" and those of its
 * extensions .HW, .Services, .Interfaces, .Filters, .Wdf; "INF ClassInstall32 section".
 */

/* A models section that a manufacturer line names: bare, or with a TargetOSVersion. */
typedef struct rm_inf_models_section {
    rm_str manufacturer;
    rm_str base;
    rm_str target;                 /* as written; empty for the bare one */
    const rm_inf_section *section; /* NULL: not in the file, which is usual */
    bool implied; /* what a placeholder in the manufacturer line becomes for an architecture */
} rm_inf_models_section;

RM_LIST(rm_inf_models_sections, rm_inf_models_section);

/* One hardware id of one line of a models section. */
typedef struct rm_inf_model {
    uint32_t models_section;
    rm_str description;
    rm_str install; /* DDInstall, undecorated */
    rm_str hwid;
    const rm_inf_line *line; /* compatible ids are its fields from 2 on */
} rm_inf_model;

RM_LIST(rm_inf_model_list, rm_inf_model);

/* A DDInstall section with the sections that hang on it, read once for all models that use it. */
typedef struct rm_inf_unit {
    rm_str name; /* of the section Windows takes, decoration included */
    rm_str arch; /* empty: any, or not known */
    rm_inf_services services;
    rm_inf_items install;   /* the lines of the section itself */
    rm_inf_values software; /* its AddReg: HKR is the driver's key */
    rm_inf_values hardware; /* AddReg of .HW: HKR is the device's key */
    rm_inf_items wmi;       /* lines of .WMI */
    rm_inf_items extras;    /* lines of .Components and .Software */
    rm_inf_filters filters;
    rm_inf_interfaces interfaces;
    rm_inf_wdf wdf;
    rm_inf_levels levels;    /* for filters, where the INF defines any */
    rm_str services_missing; /* the first section of .Services that is in a file not there */
    rm_inf_need services_unknown, hardware_unknown, filters_unknown; /* of which nothing is known */
    rm_loc loc;
} rm_inf_unit;

RM_LIST(rm_inf_units, rm_inf_unit);

/* A model on an architecture. */
typedef struct rm_inf_use {
    uint32_t model;
    uint32_t unit;
    rm_str arch;
} rm_inf_use;

RM_LIST(rm_inf_uses, rm_inf_use);

/* [ClassInstall32], of each decoration that is there. */
typedef struct rm_inf_class {
    rm_str name;
    rm_inf_values values; /* HKR is the class's key */
    rm_inf_filters filters;
} rm_inf_class;

RM_LIST(rm_inf_classes, rm_inf_class);

typedef struct rm_inf_package {
    rm_str class_name, class_guid, provider;
    bool is_extension;  /* Class = Extension: adds to devices that other INFs install */
    bool creates_class; /* its class is not one of Windows, and it has [ClassInstall32] */
    rm_inf_models_sections models_sections;
    rm_inf_model_list models;
    rm_inf_units units;
    rm_inf_uses uses;
    rm_inf_units defaults; /* [DefaultInstall…]: a driver without a device */
    rm_inf_units orphans;  /* [x.Services] that no model leads to: only their services are read */
    rm_inf_classes classes;
    rm_inf_interface_classes interface_classes;
    rm_inf_copies copies;
} rm_inf_package;

/* Reads the set's main file. Fails with RM_NOMEM only. */
rm_status rm_inf_package_read(rm_inf_set *set, rm_inf_package *out) RM_CHECK_RESULT;

/* A class that Windows itself has: ClassInstall32 for it does nothing. */
bool rm_inf_is_system_class(rm_str class_guid);

/* The parts, for tests and for rm_inf_package_read(). */
rm_status rm_inf_models_read(rm_inf_set *set, rm_inf_package *package) RM_CHECK_RESULT;
rm_status rm_inf_unit_read(rm_inf_set *set, const rm_inf_section *section, rm_str arch,
                           rm_inf_unit *out) RM_CHECK_RESULT;
rm_status rm_inf_unit_services(rm_inf_set *set, rm_inf_unit *unit) RM_CHECK_RESULT;
rm_status rm_inf_classes_read(rm_inf_set *set, rm_inf_package *package) RM_CHECK_RESULT;

#endif
