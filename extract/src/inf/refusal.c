#include "inf/refusal.h"

void rm_inf_refuse(rm_inf *inf, rm_inf_refusal why, uint32_t line) {
    if (inf->refusal == RM_INF_OPENS) {
        inf->refusal = why;
        inf->refusal_line = line;
    }
}

static bool has_signature(rm_inf *inf) {
    static const char *const known[] = {"$Windows NT$", "$Windows 95$", "$Chicago$"};
    const rm_inf_section *version = rm_inf_section_named(inf, RM_STR("Version"));
    const rm_inf_line *line = rm_inf_find(inf, version, RM_STR("Signature"));
    for (size_t i = 0; line != NULL && i < sizeof known / sizeof known[0]; i++) {
        if (rm_str_ieq(rm_inf_field_at(inf, line, 0), rm_str_from(known[i]))) {
            return true;
        }
    }
    return false;
}

void rm_inf_judge(rm_inf *inf, uint32_t stray_line) {
    if (stray_line != 0 && inf->distinct > 0 &&
        rm_inf_section_named(inf, RM_STR("Strings")) == NULL) {
        rm_inf_refuse(inf, RM_INF_EXPECTED_SECTION, stray_line);
        rm_diag(inf->sink, RM_ERROR, (rm_loc){inf->path, stray_line, 1}, "inf-expected-section",
                "text before the first section and no [Strings]; Windows does not open this file");
    }
    if (inf->distinct == 0) {
        rm_inf_refuse(inf, RM_INF_WRONG_STYLE, 0);
        rm_diag(inf->sink, RM_ERROR, (rm_loc){inf->path, 0, 0}, "inf-no-section",
                "the file has no section: it is no INF");
    } else if (!has_signature(inf)) {
        rm_inf_refuse(inf, RM_INF_WRONG_STYLE, 0);
        rm_diag(inf->sink, RM_WARNING, (rm_loc){inf->path, 0, 0}, "inf-no-signature",
                "no [Version] with a known Signature; Windows does not install from this file");
    }
}
