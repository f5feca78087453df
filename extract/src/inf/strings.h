#ifndef EXTRACT_INF_STRINGS_H
#define EXTRACT_INF_STRINGS_H

#include "inf/lex.h"

/*
 * Chooses the sections that %strkey% is looked up in, best first, for a Windows of that language:
 * [Strings.LANGID] exact, of the language without its country, of the same language with another
 * country, then [Strings] (Windows driver documentation, "INF Strings section").
 */
rm_status rm_inf_strings_choose(rm_inf *inf, uint16_t language) RM_CHECK_RESULT;

/* `text` with its strings put in. Borrowed where nothing changes. Never nested, as in Windows. */
rm_str rm_inf_substitute(rm_inf *inf, rm_loc at, rm_str text);

#endif
