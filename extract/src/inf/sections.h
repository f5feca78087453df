#ifndef EXTRACT_INF_SECTIONS_H
#define EXTRACT_INF_SECTIONS_H

#include "inf/lex.h"

/* Sorts and chains the sections by name, so that they can be found; n log n whatever the names. */
rm_status rm_inf_sections_merge(rm_inf *inf) RM_CHECK_RESULT;

#endif
