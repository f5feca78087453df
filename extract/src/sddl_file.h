#ifndef EXTRACT_SDDL_FILE_H
#define EXTRACT_SDDL_FILE_H

#include "model/model.h"

/*
 * Descriptor files (*.sddl), state `declared`: lines
 *
 *     device|interface|service|key|port|file NAME SDDL
 *
 * NAME stands in double quotes where it holds blanks. Empty lines and lines that begin with '#' say
 * nothing. The descriptors are parsed when the model is linked, which knows their place to the
 * column; a device or service that nothing else tells of is made then.
 *
 * Pushes the descriptors to `model`, texts copied. A line that is none of these is an error in
 * `sink` (sddl-file-kind, -name, -missing); the others are used. *used is true when one was.
 */
rm_status rm_sddl_file_read(rm_model *model, rm_sink *sink, rm_str path, rm_str text,
                            bool *used) RM_CHECK_RESULT;

#endif
