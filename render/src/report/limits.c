#include "report.h"

/* Ontology 4.2 and 7: said in every report, whatever was found. */
const char *const rm_report_not_modelled[] = {
    "Devices and firmware as senders: what hardware, its descriptors or its firmware send to a "
    "driver.",
    "Registry values and files as inputs of a driver, beyond the security settings that were read.",
    "Code that was not given: binaries, drivers of Windows itself, libraries whose sources are "
    "absent.",
    "The running system: local policy, groups, driver load order, what an installer changes later.",
    "Conditional code (#if) beyond two configurations: a driver is read as its project declares "
    "it, "
    "and with every #if that a configuration decides turned round, not in every combination.",
    "Races between requests, apart from memory of the caller that is fetched twice.",
    "Timing, power and hardware state, and whether an exploit would succeed: a path is an open way "
    "to "
    "an operation, not a proof.",
    NULL};

bool rm_report_is_unread(const rm_diagnostic *diagnostic) {
    static const char *const notes[] = {
        "app-not-authorized",  "archive-member-missing", "device-link-unknown",
        "device-name-unknown", "device-sddl-unknown",    "inf-include-missing",
        "inf-needs-missing",   "inf-string-undefined",   "paths-cut",
        "paths-too-deep",      "project-missing-file",   "sddl-domain-relative",
        "source-if-unread",
    };
    for (size_t i = 0; i < sizeof notes / sizeof notes[0]; i++) {
        if (rm_str_eq(diagnostic->id, rm_str_from(notes[i]))) {
            return true;
        }
    }
    return diagnostic->level != RM_NOTE;
}
