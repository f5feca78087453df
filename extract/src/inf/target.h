#ifndef EXTRACT_INF_TARGET_H
#define EXTRACT_INF_TARGET_H

#include "inf/lex.h"

/*
 * Decorations of section names: .nt, .ntx86, .ntamd64.10.0...16299, .NT$ARCH$ before stampinf.
 * Source: Windows driver documentation, "INF Manufacturer section" (TargetOSVersion) and "Creating
 * INF files for multiple platforms and operating systems".
 */

/* What a TargetOSVersion says; `arch` is empty for every architecture and for placeholders. */
typedef struct rm_inf_target {
    rm_str arch;    /* x86 amd64 arm arm64 ia64, static */
    rm_str version; /* "10.0...16299", borrowed */
    bool placeholder;
} rm_inf_target;

/* Parses "NTamd64.10.0...16299" (without a dot in front); false when it is no decoration. */
bool rm_inf_target_parse(rm_str text, rm_inf_target *out);

/* The architectures that have decorations of their own, and how many. */
extern const char *const rm_inf_archs[];
enum { RM_INF_ARCH_COUNT = 5 };

/*
 * The section that Windows of that architecture takes for `base`: decorated with it, else with
 * .nt, else bare. An empty `arch` stands for what is not known: a placeholder, .nt, bare.
 * NULL when there is none.
 */
const rm_inf_section *rm_inf_section_for(const rm_inf *inf, rm_str base, rm_str arch);

/* [base.ntARCH] itself, without the fallbacks; NULL when there is none. */
const rm_inf_section *rm_inf_section_decorated(const rm_inf *inf, rm_str base, rm_str arch);

/* "base.HW": the name of a section that hangs on another. In `buffer` of RM_INF_NAME_SIZE. */
enum { RM_INF_NAME_SIZE = 1088 };
rm_str rm_inf_name_with(char *buffer, rm_str base, const char *suffix);

#endif
