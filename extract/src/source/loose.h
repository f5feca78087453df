#ifndef EXTRACT_SOURCE_LOOSE_H
#define EXTRACT_SOURCE_LOOSE_H

#include "source/opens.h"

/*
 * Programs that no project file which was read tells of: a source with main() or one of Windows'
 * other beginnings. Where a folder has one such source and no driver, its other sources belong to
 * it. The program has the name of the source, or of the folder for a main.c.
 */
rm_status rm_loose_programs(rm_arena *arena, const rm_program_input *in,
                            rm_projects *out) RM_CHECK_RESULT;

#endif
