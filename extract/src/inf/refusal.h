#ifndef EXTRACT_INF_REFUSAL_H
#define EXTRACT_INF_REFUSAL_H

#include "inf/lex.h"

/* What SetupAPI would not open; ringmap tells and reads on. */

/* The first reason stays. */
void rm_inf_refuse(rm_inf *inf, rm_inf_refusal why, uint32_t line);

/*
 * What can be said only when all is read: text that stood before the first section, at
 * `stray_line` (0: none), sections at all, and the signature.
 */
void rm_inf_judge(rm_inf *inf, uint32_t stray_line);

#endif
