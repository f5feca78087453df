#include "archive/zip.h"

#include <zip.h>

#include "archive/zip_records.h"
#include "base/list.h"
#include "base/map.h"

typedef struct member {
    rm_str name;
    uint64_t size, packed;
    uint16_t method;
} member;

struct rm_zip {
    rm_arena *arena;
    rm_sink *sink;
    rm_str path;
    zip_t *handle;
    rm_zip_records records;
    member *members;
    uint32_t count;
    rm_map names; /* to indices */
};

static rm_status refuse(const rm_zip *z, const char *id, const char *why, rm_str name) {
    rm_diag(z->sink, RM_ERROR, (rm_loc){.file = z->path}, id, "%s%s%.*s%s", why,
            name.len > 0 ? ": '" : "", RM_STR_ARG(name), name.len > 0 ? "'" : "");
    return RM_SYNTAX;
}

/* ---- names ---- */

static int hex_digit(char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* The packaging format percent-encodes names (OPC part names); Windows' separator counts as '/'. */
static rm_status decode_name(rm_arena *arena, rm_str raw, rm_str *out) {
    rm_buf text = {.arena = arena};
    for (size_t i = 0; i < raw.len; i++) {
        int high = raw.ptr[i] == '%' && i + 2 < raw.len ? hex_digit(raw.ptr[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(raw.ptr[i + 2]) : -1;
        char c = raw.ptr[i] == '\\' ? '/' : raw.ptr[i];
        if (low >= 0) {
            c = (char)(high * 16 + low);
            i += 2;
        }
        rm_buf_char(&text, c == '\\' ? '/' : c);
    }
    *out = rm_buf_view(&text);
    return text.status;
}

/* Would unpacking it write somewhere else than below the folder it is unpacked to? */
static bool leads_outside(rm_str name) {
    size_t start = 0;
    for (size_t i = 0; i <= name.len; i++) {
        if (i < name.len && name.ptr[i] != '/') {
            continue;
        }
        rm_str part = rm_str_slice(name, start, i);
        if (rm_str_eq(part, RM_STR("..")) || (part.len == 0 && i < name.len)) {
            return true; /* an empty part at the start is an absolute path */
        }
        start = i + 1;
    }
    return false;
}

static bool is_odd(rm_str name) {
    for (size_t i = 0; i < name.len; i++) {
        if ((unsigned char)name.ptr[i] < 0x20 || name.ptr[i] == ':') {
            return true;
        }
    }
    return name.len == 0 || name.len > ZIP_MAX_NAME;
}

static rm_status check_name(rm_zip *z, uint32_t index) {
    rm_str name = z->members[index].name;
    uint32_t *place = NULL;
    bool is_new = false;
    if (is_odd(name) || leads_outside(name)) {
        return refuse(z, "archive-name", "a name that leads outside of the package", name);
    }
    rm_status st = rm_map_at(&z->names, name, &place, &is_new);
    if (st != RM_OK) {
        return st;
    }
    *place = index;
    return is_new ? RM_OK : refuse(z, "archive-duplicate", "a name stands twice", name);
}

/* ---- opening ---- */

/* What is read by the directory's name and what is unpacked by the other would be two packages. */
static bool is_of_two_names(const rm_zip *z, uint32_t index, const char *name) {
    return index >= z->records.count || !rm_str_eq(z->records.names[index], rm_str_from(name));
}

static rm_status look_at(rm_zip *z, uint32_t index) {
    enum { NEEDED = ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD };
    zip_stat_t is;
    zip_stat_init(&is);
    if (zip_stat_index(z->handle, index, ZIP_FL_ENC_RAW, &is) != 0 ||
        (is.valid & NEEDED) != NEEDED) {
        return refuse(z, "archive-damaged", "a member without name or size", RM_STR_NONE);
    }
    member *m = &z->members[index];
    *m = (member){.size = is.size, .packed = is.comp_size, .method = is.comp_method};
    rm_status st = decode_name(z->arena, rm_str_from(is.name), &m->name);
    if (st == RM_OK) {
        st = check_name(z, index);
    }
    if (st == RM_OK && is_of_two_names(z, index, is.name)) {
        return refuse(z, "archive-two-names", "a member with another name where its bytes are",
                      m->name);
    }
    if (st == RM_OK && (is.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 &&
        is.encryption_method != ZIP_EM_NONE) {
        return refuse(z, "archive-encrypted", "an encrypted member", m->name);
    }
    return st;
}

static rm_status look_at_all(rm_zip *z) {
    zip_int64_t count = zip_get_num_entries(z->handle, 0);
    if (count < 0 || count > ZIP_MAX_MEMBERS) {
        return refuse(z, "archive-limit", "more than 65,536 members", RM_STR_NONE);
    }
    z->count = (uint32_t)count;
    z->members = RM_NEW_ARRAY(z->arena, member, (size_t)z->count + 1);
    rm_status st = z->members == NULL ? RM_NOMEM : RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < z->count; i++) {
        st = look_at(z, i);
    }
    return st;
}

/* libzip makes room for each entry before it can be asked how many there are. */
static rm_status check_directory(rm_zip *z, zip_source_t *source) {
    if (zip_source_open(source) != 0) {
        return refuse(z, "archive-damaged", "it cannot be read", RM_STR_NONE);
    }
    rm_status st =
        rm_zip_read_records(z->arena, source, ZIP_MAX_DIRECTORY, ZIP_MAX_MEMBERS, &z->records);
    (void)zip_source_close(source);
    if (st == RM_IO) {
        return refuse(z, "archive-damaged", "it cannot be read", RM_STR_NONE);
    }
    return st != RM_OK || z->records.directory_size <= ZIP_MAX_DIRECTORY
               ? st
               : refuse(z, "archive-limit", "a directory of more than 64 MiB", RM_STR_NONE);
}

/* Takes the source over. */
static rm_status open_handle(rm_zip *z, zip_source_t *source) {
    zip_error_t error;
    rm_status st = check_directory(z, source);
    if (st != RM_OK) {
        zip_source_free(source);
        return st;
    }
    zip_error_init(&error);
    z->handle = zip_open_from_source(source, ZIP_RDONLY, &error);
    if (z->handle == NULL) {
        bool memory = zip_error_code_zip(&error) == ZIP_ER_MEMORY;
        st = memory ? RM_NOMEM
                    : refuse(z, "archive-damaged", zip_error_strerror(&error), RM_STR_NONE);
        zip_source_free(source);
    }
    zip_error_fini(&error);
    return st;
}

static rm_status open_source(rm_arena *arena, rm_sink *sink, rm_str path, zip_source_t *source,
                             rm_zip **out) {
    rm_zip *z = RM_NEW(arena, rm_zip);
    if (z == NULL || source == NULL) {
        zip_source_free(source);
        return RM_NOMEM;
    }
    *z = (rm_zip){
        .arena = arena, .sink = sink, .path = path, .names = {.arena = arena, .fold = true}};
    rm_status st = open_handle(z, source);
    if (st == RM_OK) {
        st = look_at_all(z);
    }
    if (st != RM_OK) {
        rm_zip_close(z);
        return st;
    }
    *out = z;
    return RM_OK;
}

rm_status rm_zip_open(rm_arena *arena, rm_sink *sink, rm_str path, rm_str bytes, rm_zip **out) {
    zip_error_t error;
    if (bytes.len == 0) {
        const rm_zip nothing = {.sink = sink, .path = path};
        return refuse(&nothing, "archive-damaged", "an empty file", RM_STR_NONE);
    }
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(bytes.ptr, bytes.len, 0, &error);
    zip_error_fini(&error);
    return open_source(arena, sink, path, source, out);
}

rm_status rm_zip_open_file(rm_arena *arena, rm_sink *sink, rm_str path, const char *on_disk,
                           rm_zip **out) {
    zip_error_t error;
    zip_error_init(&error);
    /* from 0 to its end */
    zip_source_t *source = zip_source_file_create(on_disk, 0, 0, &error);
    zip_error_fini(&error);
    return open_source(arena, sink, path, source, out);
}

void rm_zip_close(rm_zip *z) {
    if (z != NULL && z->handle != NULL) {
        zip_discard(z->handle);
        z->handle = NULL;
    }
}

uint32_t rm_zip_count(const rm_zip *z) {
    return z->count;
}

rm_str rm_zip_name(const rm_zip *z, uint32_t index) {
    return z->members[index].name;
}

uint32_t rm_zip_find(const rm_zip *z, rm_str name) {
    uint32_t index = RM_NONE;
    return rm_map_get(&z->names, name, &index) ? index : RM_NONE;
}

/* ---- reading ---- */

static rm_status check_size(const rm_zip *z, const member *m, size_t limit) {
    if (m->method != ZIP_CM_STORE && m->method != ZIP_CM_DEFLATE) {
        return refuse(z, "archive-method", "neither stored nor deflated", m->name);
    }
    if (m->size > limit) {
        return refuse(z, "archive-limit", "larger than anything of its kind", m->name);
    }
    if (m->size > ZIP_FREE_OF_RATIO && m->size / ZIP_MAX_RATIO > m->packed) {
        return refuse(z, "archive-limit", "packed more than 200 to 1", m->name);
    }
    return RM_OK;
}

/* libzip compares the checksum when it meets the end, so that one byte more is asked for. */
static bool unpack(zip_file_t *file, char *into, size_t size) {
    char beyond;
    size_t got = 0;
    while (got < size) {
        zip_int64_t n = zip_fread(file, into + got, size - got);
        if (n <= 0) {
            return false;
        }
        got += (size_t)n;
    }
    return zip_fread(file, &beyond, 1) == 0;
}

rm_status rm_zip_read(rm_zip *z, rm_arena *arena, uint32_t index, size_t limit, rm_str *out) {
    const member *m = &z->members[index];
    rm_status st = check_size(z, m, limit);
    if (st != RM_OK) {
        return st;
    }
    char *into = RM_NEW_ARRAY(arena, char, (size_t)m->size + 1);
    if (into == NULL) {
        return RM_NOMEM;
    }
    zip_file_t *file = zip_fopen_index(z->handle, index, 0);
    bool whole = file != NULL && unpack(file, into, (size_t)m->size);
    if (file != NULL) {
        (void)zip_fclose(file);
    }
    if (!whole) {
        return refuse(z, "archive-damaged", "a member that cannot be unpacked", m->name);
    }
    *out = (rm_str){into, (size_t)m->size};
    return RM_OK;
}
