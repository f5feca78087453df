#include "pe.h"

enum {
    DOS_HEADER = 64,
    SECTION_HEADER = 40,
    DIRECTORY_HEADER = 16, /* of resources; entries of 8 bytes follow */
    RESOURCES = 2,         /* data directory */
    RT_MANIFEST = 24,
    MAX_SECTIONS = 96,  /* what Windows loads */
    MAX_ENTRIES = 4096, /* of one directory */
    MAX_MANIFESTS = 16, /* ids and languages together; a program has one */
    MAX_MANIFEST = 16 << 20
};

static const uint32_t is_directory = 0x80000000; /* of a target, and a name instead of an id */

typedef struct file {
    rm_str bytes;
    size_t sections; /* offset of the section table */
    uint32_t section_count;
    uint32_t resources;     /* RVA */
    size_t resource_offset; /* in the file */
} file;

/* ---- numbers, little-endian; false when they lie outside ---- */

static bool within(const file *f, size_t at, size_t size) {
    return at <= f->bytes.len && size <= f->bytes.len - at;
}

static bool get16(const file *f, size_t at, uint32_t *out) {
    const unsigned char *p = (const unsigned char *)f->bytes.ptr;
    if (!within(f, at, 2)) {
        return false;
    }
    *out = p[at] | (uint32_t)p[at + 1] << 8;
    return true;
}

static bool get32(const file *f, size_t at, uint32_t *out) {
    uint32_t low = 0;
    uint32_t high = 0;
    if (!get16(f, at, &low) || !get16(f, at + 2, &high)) {
        return false;
    }
    *out = low | high << 16;
    return true;
}

/* ---- headers ---- */

/* Where the bytes of a virtual address stand in the file. */
static bool offset_of(const file *f, uint32_t rva, size_t *out) {
    for (uint32_t i = 0; i < f->section_count; i++) {
        size_t at = f->sections + (size_t)i * SECTION_HEADER;
        uint32_t address = 0;
        uint32_t size = 0;
        uint32_t raw = 0;
        if (!get32(f, at + 12, &address) || !get32(f, at + 16, &size) || !get32(f, at + 20, &raw)) {
            return false;
        }
        if (rva >= address && rva - address < size) {
            *out = (size_t)raw + (rva - address);
            return *out <= f->bytes.len;
        }
    }
    return false;
}

/* The optional header: 32 and 64 bits differ in where the data directories begin. */
static bool read_optional(file *f, size_t at, uint32_t size) {
    uint32_t magic = 0;
    uint32_t count = 0;
    uint32_t address = 0;
    if (!get16(f, at, &magic) || (magic != 0x10B && magic != 0x20B)) {
        return false;
    }
    size_t directories = at + (magic == 0x20B ? 112u : 96u);
    if (!get32(f, directories - 4, &count)) {
        return false;
    }
    if (count > RESOURCES && size >= directories - at + (RESOURCES + 1) * 8u) {
        if (!get32(f, directories + RESOURCES * 8u, &address)) {
            return false;
        }
    }
    f->resources = address;
    f->sections = at + size;
    return true;
}

static bool read_headers(file *f, uint32_t pe) {
    uint32_t size = 0;
    if (!get16(f, (size_t)pe + 6, &f->section_count) || f->section_count > MAX_SECTIONS ||
        !get16(f, (size_t)pe + 20, &size) || !read_optional(f, (size_t)pe + 24, size)) {
        return false;
    }
    return f->resources == 0 || offset_of(f, f->resources, &f->resource_offset);
}

/* ---- the resource directory: type, id, language ---- */

typedef struct entry {
    uint32_t id; /* 0 for one with a name */
    uint32_t target;
} entry;

typedef struct directory {
    size_t at;
    uint32_t count;
} directory;

static bool open_directory(const file *f, uint32_t offset, directory *out) {
    uint32_t named = 0;
    uint32_t ids = 0;
    size_t at = f->resource_offset + (offset & ~is_directory);
    if (!get16(f, at + 12, &named) || !get16(f, at + 14, &ids) || named + ids > MAX_ENTRIES ||
        !within(f, at, DIRECTORY_HEADER + (size_t)(named + ids) * 8)) {
        return false;
    }
    *out = (directory){at + DIRECTORY_HEADER, named + ids};
    return true;
}

static entry entry_at(const file *f, const directory *d, uint32_t i) {
    entry e = {0, 0};
    uint32_t name = 0;
    bool is_there =
        get32(f, d->at + (size_t)i * 8, &name) && get32(f, d->at + (size_t)i * 8 + 4, &e.target);
    e.id = is_there && (name & is_directory) == 0 ? name : 0;
    return e;
}

static bool data_of(const file *f, uint32_t target, rm_str *out) {
    uint32_t rva = 0;
    uint32_t size = 0;
    size_t at = f->resource_offset + target;
    size_t offset = 0;
    if (!get32(f, at, &rva) || !get32(f, at + 4, &size) || size > MAX_MANIFEST ||
        !offset_of(f, rva, &offset) || !within(f, offset, size)) {
        return false;
    }
    *out = rm_str_slice(f->bytes, offset, offset + size);
    return true;
}

static rm_status add_languages(rm_arena *arena, const file *f, const entry *id,
                               rm_pe_manifests *out) {
    directory languages;
    if ((id->target & is_directory) == 0 || !open_directory(f, id->target, &languages)) {
        return RM_SYNTAX;
    }
    for (uint32_t i = 0; i < languages.count && out->count < MAX_MANIFESTS; i++) {
        entry language = entry_at(f, &languages, i);
        rm_str bytes = RM_STR_NONE;
        if ((language.target & is_directory) != 0 || !data_of(f, language.target, &bytes)) {
            return RM_SYNTAX;
        }
        rm_pe_manifest *slot = rm_push(arena, out);
        if (slot == NULL) {
            return RM_NOMEM;
        }
        *slot = (rm_pe_manifest){bytes, id->id};
    }
    return RM_OK;
}

static rm_status add_manifests(rm_arena *arena, const file *f, rm_pe_manifests *out) {
    directory types;
    directory ids;
    rm_status st = RM_OK;
    if (!open_directory(f, 0, &types)) {
        return RM_SYNTAX;
    }
    for (uint32_t t = 0; t < types.count; t++) {
        entry type = entry_at(f, &types, t);
        if (type.id != RT_MANIFEST) {
            continue;
        }
        if ((type.target & is_directory) == 0 || !open_directory(f, type.target, &ids)) {
            return RM_SYNTAX;
        }
        for (uint32_t i = 0; st == RM_OK && i < ids.count; i++) {
            entry id = entry_at(f, &ids, i);
            st = add_languages(arena, f, &id, out);
        }
        break; /* a type stands once */
    }
    return st;
}

rm_status rm_pe_manifests_of(rm_arena *arena, rm_sink *sink, rm_str path, rm_str bytes,
                             rm_pe_manifests *out) {
    file f = {.bytes = bytes};
    uint32_t pe = 0;
    uint32_t before = out->count;
    bool is_program = rm_str_starts(bytes, RM_STR("MZ")) && get32(&f, DOS_HEADER - 4, &pe) &&
                      within(&f, pe, 24) &&
                      rm_str_starts(rm_str_slice(bytes, pe, bytes.len), RM_STR("PE\0\0"));
    if (!is_program) {
        rm_diag(sink, RM_NOTE, (rm_loc){.file = path}, "pe-not-one",
                "not a Windows program, whatever its name says");
        return RM_OK;
    }
    rm_status st = read_headers(&f, pe) ? RM_OK : RM_SYNTAX;
    if (st == RM_OK && f.resources != 0) {
        st = add_manifests(arena, &f, out);
    }
    if (st == RM_SYNTAX) {
        out->count = before;
        rm_diag(sink, RM_ERROR, (rm_loc){.file = path}, "pe-damaged",
                "its headers or resources point outside of the file");
    }
    return st;
}
