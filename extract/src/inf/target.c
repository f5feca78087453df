#include "inf/target.h"

#include <string.h>

const char *const rm_inf_archs[RM_INF_ARCH_COUNT] = {"x86", "amd64", "arm", "arm64", "ia64"};

/* stampinf replaces $ARCH$; other build systems use @…@ or %…% in its place. */
static bool is_placeholder(rm_str text) {
    return text.len >= 2 && strchr("$@%", text.ptr[0]) != NULL &&
           text.ptr[text.len - 1] == text.ptr[0];
}

/* Numbers and dots, or what a build puts in for them. Not "Services" of "x.NT.Services". */
static bool is_version(rm_str text) {
    for (size_t i = 0; i < text.len; i++) {
        if (strchr("0123456789.", text.ptr[i]) == NULL || text.ptr[i] == '\0') {
            return is_placeholder(text);
        }
    }
    return true;
}

bool rm_inf_target_parse(rm_str text, rm_inf_target *out) {
    rm_inf_target target = {0};
    size_t dot = text.len;
    if (!rm_str_istarts(text, RM_STR("nt"))) {
        return false;
    }
    (void)rm_str_find_char(text, '.', &dot);
    rm_str arch = rm_str_slice(text, 2, dot);
    target.version = rm_str_slice(text, dot + 1, text.len);
    target.placeholder = is_placeholder(arch);
    for (size_t i = 0; i < RM_INF_ARCH_COUNT; i++) {
        if (rm_str_ieq(arch, rm_str_from(rm_inf_archs[i]))) {
            target.arch = rm_str_from(rm_inf_archs[i]);
        }
    }
    if ((arch.len > 0 && target.arch.len == 0 && !target.placeholder) ||
        !is_version(target.version)) {
        return false;
    }
    *out = target;
    return true;
}

rm_str rm_inf_name_with(char *buffer, rm_str base, const char *suffix) {
    size_t n = strlen(suffix);
    if (base.len > RM_INF_NAME_SIZE / 2 || n > RM_INF_NAME_SIZE / 2) {
        return RM_STR_NONE; /* no section can have so long a name */
    }
    if (base.len > 0) {
        memmove(buffer, base.ptr, base.len);
    }
    memcpy(buffer + base.len, suffix, n);
    return (rm_str){buffer, base.len + n};
}

const rm_inf_section *rm_inf_section_decorated(const rm_inf *inf, rm_str base, rm_str arch) {
    char buffer[RM_INF_NAME_SIZE];
    char suffix[16] = ".nt";
    if (arch.len >= sizeof suffix - 3) {
        return NULL;
    }
    if (arch.len > 0) {
        memcpy(suffix + 3, arch.ptr, arch.len);
    }
    suffix[3 + arch.len] = '\0';
    rm_str name = rm_inf_name_with(buffer, base, suffix);
    return name.len == 0 ? NULL : rm_inf_section_named(inf, name);
}

const rm_inf_section *rm_inf_section_for(const rm_inf *inf, rm_str base, rm_str arch) {
    const rm_inf_section *section =
        rm_inf_section_decorated(inf, base, arch.len > 0 ? arch : RM_STR("$ARCH$"));
    if (section == NULL) {
        section = rm_inf_section_decorated(inf, base, RM_STR_NONE);
    }
    return section != NULL ? section : rm_inf_section_named(inf, base);
}
