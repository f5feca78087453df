#ifndef EXTRACT_SOURCE_DEVICE_PATH_H
#define EXTRACT_SOURCE_DEVICE_PATH_H

#include "base/str.h"

/* What the texts of programs open. Source: "Naming Files, Paths, and Namespaces", "Pipe Names". */

/* \\.\Name (also behind Global), \Device\Name behind GLOBALROOT; empty: no device of a driver. */
rm_status rm_device_path(rm_arena *arena, rm_str text, rm_str *out) RM_CHECK_RESULT;

/* \\.\pipe\Name of a pipe on this machine; empty: none. */
rm_status rm_pipe_path(rm_arena *arena, rm_str text, rm_str *out) RM_CHECK_RESULT;

/* The class of a selector: System.Devices.InterfaceClassGuid:="{…}", in lower case; empty: none. */
rm_status rm_selector_class(rm_arena *arena, rm_str text, rm_str *out) RM_CHECK_RESULT;

/* A GUID's text with or without braces, in lower case with them; empty: none. */
rm_status rm_guid_of_text(rm_arena *arena, rm_str text, rm_str *out) RM_CHECK_RESULT;

#endif
