#ifndef SECURITY_BINARY_H
#define SECURITY_BINARY_H

#include "model/descriptor.h"

/* Bytes that the ACE takes in an ACL, padding included. */
size_t ace_bytes_size(const rm_ace *ace);

#endif
