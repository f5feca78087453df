#ifndef SECURITY_BYTES_H
#define SECURITY_BYTES_H

#include "model/sid.h"

/* Little-endian data: a cursor over bytes that never reads past their end, and its counterpart. */
struct bytes {
    rm_str data;
    size_t pos;
};

/* Each is false, and the cursor stays, when there is too little left. */
bool bytes_u8(struct bytes *b, uint8_t *out);
bool bytes_u16(struct bytes *b, uint16_t *out);
bool bytes_u32(struct bytes *b, uint32_t *out);
bool bytes_u64(struct bytes *b, uint64_t *out);
bool bytes_take(struct bytes *b, size_t count, rm_str *out);
bool bytes_counted(struct bytes *b, rm_str *out); /* a 32-bit length and as many bytes */
/* MS-DTYP 2.4.2.2; a revision other than 1, no numbers or more than 15 of them are refused. */
bool bytes_sid(struct bytes *b, rm_sid *out);

void bytes_put_u16(rm_buf *buf, uint32_t value);
void bytes_put_u32(rm_buf *buf, uint32_t value);
void bytes_put_u64(rm_buf *buf, uint64_t value);
void bytes_put_sid(rm_buf *buf, const rm_sid *sid);
void bytes_put_zeros(rm_buf *buf, size_t count);
size_t sid_bytes_size(const rm_sid *sid);

#endif
