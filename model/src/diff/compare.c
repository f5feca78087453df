#include "diff.h"
#include "model/ioctl.h"

/* `better` and `worse` cannot both be right: what got worse anywhere is worse. */
static void judge(rm_diff_verdict *v, rm_change change) {
    static const int weight[RM_CHANGE_COUNT + 1] = {[RM_CHANGE_WORSE] = 3,
                                                    [RM_CHANGE_NEW] = 3,
                                                    [RM_CHANGE_GONE] = 2,
                                                    [RM_CHANGE_BETTER] = 2,
                                                    [RM_CHANGE_CHANGED] = 1};
    if (weight[change] > weight[v->change]) {
        v->change = change;
    }
}

static void say(rm_diff_verdict *v, const char *what, rm_str before, rm_str after) {
    rm_buf_printf(&v->text, "%s%s %.*s to %.*s", v->text.len > 0 ? ", " : "", what,
                  RM_STR_ARG(before.len > 0 ? before : RM_STR("none")),
                  RM_STR_ARG(after.len > 0 ? after : RM_STR("none")));
}

/* Two words of a list that goes from bad to good. */
static void compare_words(rm_diff_verdict *v, const char *what, int before, int after,
                          const char *before_word, const char *after_word) {
    if (before != after) {
        judge(v, after < before ? RM_CHANGE_WORSE : RM_CHANGE_BETTER);
        say(v, what, rm_str_from(before_word), rm_str_from(after_word));
    }
}

/* Texts of which none is better by itself. */
static void compare_texts(rm_diff_verdict *v, const char *what, rm_str before, rm_str after) {
    if (!rm_str_eq(before, after)) {
        judge(v, RM_CHANGE_CHANGED);
        say(v, what, before, after);
    }
}

static void compare_validation(rm_diff_verdict *v, rm_validation before, rm_validation after) {
    compare_words(v, "input", (int)before, (int)after, rm_validation_name(before),
                  rm_validation_name(after));
}

/* A number that is bad when it is large. */
static void compare_score(rm_diff_verdict *v, uint32_t before, uint32_t after) {
    if (before != after) {
        judge(v, after > before ? RM_CHANGE_WORSE : RM_CHANGE_BETTER);
        rm_buf_printf(&v->text, "%sscore %u to %u", v->text.len > 0 ? ", " : "", before, after);
    }
}

void rm_compare_paths(const rm_model *before, uint32_t old, const rm_model *after, uint32_t now,
                      rm_diff_verdict *verdict) {
    const rm_path *b = &before->paths.at[old];
    const rm_path *a = &after->paths.at[now];
    compare_score(verdict, b->score, a->score);
    compare_validation(verdict, b->validation, a->validation);
    compare_texts(verdict, "boundaries", b->boundaries, a->boundaries);
    compare_texts(verdict, "authorisation", rm_str_from(rm_authorisation_name(b->authorisation)),
                  rm_str_from(rm_authorisation_name(a->authorisation)));
    compare_texts(verdict, "requestor mode", rm_str_from(rm_mode_name(b->requestor_mode)),
                  rm_str_from(rm_mode_name(a->requestor_mode)));
}

void rm_compare_findings(const rm_model *before, uint32_t old, const rm_model *after, uint32_t now,
                         rm_diff_verdict *verdict) {
    const rm_severity b = before->findings.at[old].severity;
    const rm_severity a = after->findings.at[now].severity;
    compare_words(verdict, "severity", -(int)b, -(int)a, rm_severity_name(b), rm_severity_name(a));
}

static rm_str canonical_of(const rm_model *model, const rm_device *device) {
    if (device->descriptor == RM_NONE) {
        return RM_STR("unknown");
    }
    const rm_descriptor *d = &model->descriptors.at[device->descriptor];
    return d->canonical.len > 0 ? d->canonical : d->sddl;
}

/* From bad to good. */
static int rank_of_tri(rm_tri tri) {
    return tri == RM_TRI_NO ? 0 : tri == RM_TRI_YES ? 2 : 1;
}

static const char *word_of_tri(rm_tri tri) {
    return tri == RM_TRI_NO ? "no" : tri == RM_TRI_YES ? "yes" : "unknown";
}

void rm_compare_devices(const rm_model *before, uint32_t old, const rm_model *after, uint32_t now,
                        rm_diff_verdict *verdict) {
    const rm_device *b = &before->devices.at[old];
    const rm_device *a = &after->devices.at[now];
    compare_words(verdict, "secure open", rank_of_tri(b->secure_open), rank_of_tri(a->secure_open),
                  word_of_tri(b->secure_open), word_of_tri(a->secure_open));
    compare_texts(verdict, "descriptor", canonical_of(before, b), canonical_of(after, a));
}

/* Is each word of `few` one of `many`? Words are separated by blanks. */
static bool all_among(rm_str few, rm_str many) {
    while (few.len > 0) {
        size_t end = few.len;
        (void)rm_str_find_char(few, ' ', &end);
        const rm_str word = rm_str_slice(few, 0, end);
        few = rm_str_slice(few, end + 1, few.len);
        rm_str rest = many;
        bool found = word.len == 0;
        while (!found && rest.len > 0) {
            size_t stop = rest.len;
            (void)rm_str_find_char(rest, ' ', &stop);
            found = rm_str_ieq(rm_str_slice(rest, 0, stop), word);
            rest = rm_str_slice(rest, stop + 1, rest.len);
        }
        if (!found) {
            return false;
        }
    }
    return true;
}

void rm_compare_doors(const rm_model *before, uint32_t old, const rm_model *after, uint32_t now,
                      rm_diff_verdict *verdict) {
    const rm_str b = before->doors.at[old].capabilities;
    const rm_str a = after->doors.at[now].capabilities;
    if (!all_among(a, b)) {
        judge(verdict, RM_CHANGE_WORSE);
    } else if (!all_among(b, a)) {
        judge(verdict, RM_CHANGE_BETTER);
    } else {
        return;
    }
    say(verdict, "capabilities", b, a);
}

/* File rights by bit (Windows: "File Access Rights Constants", "ACCESS_MASK"). */
static const struct {
    uint32_t bit;
    const char *name;
} rights[] = {
    {0x1, "FILE_READ_DATA"},
    {0x2, "FILE_WRITE_DATA"},
    {0x4, "FILE_APPEND_DATA"},
    {0x8, "FILE_READ_EA"},
    {0x10, "FILE_WRITE_EA"},
    {0x20, "FILE_EXECUTE"},
    {0x40, "FILE_DELETE_CHILD"},
    {0x80, "FILE_READ_ATTRIBUTES"},
    {0x100, "FILE_WRITE_ATTRIBUTES"},
    {0x10000, "DELETE"},
    {0x20000, "READ_CONTROL"},
    {0x40000, "WRITE_DAC"},
    {0x80000, "WRITE_OWNER"},
    {0x100000, "SYNCHRONIZE"},
    {0x1000000, "ACCESS_SYSTEM_SECURITY"},
};

static bool has_file_rights(rm_subject kind) {
    return kind != RM_SUBJECT_SERVICE && kind != RM_SUBJECT_KEY;
}

static void say_bits(rm_buf *text, const char *word, uint32_t bits, bool named) {
    bool first = true;
    if (bits == 0) {
        return;
    }
    rm_buf_printf(text, "%s%s ", text->len > 0 ? ", " : "", word);
    for (size_t i = 0; named && i < sizeof rights / sizeof rights[0]; i++) {
        if ((bits & rights[i].bit) != 0) {
            rm_buf_printf(text, "%s%s", first ? "" : " ", rights[i].name);
            bits &= ~rights[i].bit;
            first = false;
        }
    }
    if (bits != 0) {
        rm_buf_printf(text, "%s0x%X", first ? "" : " ", (unsigned)bits);
    }
}

void rm_compare_accesses(const rm_model *before, uint32_t old, const rm_model *after, uint32_t now,
                         rm_diff_verdict *verdict) {
    const rm_access *b = &before->accesses.at[old];
    const rm_access *a = &after->accesses.at[now];
    const uint32_t gained = a->mask & ~b->mask;
    const uint32_t lost = b->mask & ~a->mask;
    if (gained == 0 && lost == 0) {
        return;
    }
    judge(verdict, b->mask == 0   ? RM_CHANGE_NEW
                   : a->mask == 0 ? RM_CHANGE_GONE
                   : gained != 0  ? RM_CHANGE_WORSE
                                  : RM_CHANGE_BETTER);
    say_bits(&verdict->text, "gained", gained, has_file_rights(a->subject_kind));
    say_bits(&verdict->text, "lost", lost, has_file_rights(a->subject_kind));
}

static void compare_codes(rm_diff_verdict *v, uint32_t before, uint32_t after) {
    const rm_ioctl_fields b = rm_ioctl_decode(before);
    const rm_ioctl_fields a = rm_ioctl_decode(after);
    if ((a.access & b.access) != b.access) {
        judge(v, RM_CHANGE_WORSE); /* a bit that a handle needed is needed no more */
    } else if (a.access != b.access) {
        judge(v, RM_CHANGE_BETTER);
    }
    if (a.access != b.access) {
        say(v, "required access", rm_str_from(rm_code_access_name(b.access)),
            rm_str_from(rm_code_access_name(a.access)));
    }
    if (a.method != b.method) {
        judge(v, a.method == RM_METHOD_NEITHER   ? RM_CHANGE_WORSE
                 : b.method == RM_METHOD_NEITHER ? RM_CHANGE_BETTER
                                                 : RM_CHANGE_CHANGED);
        say(v, "method", rm_str_from(rm_method_name(b.method)),
            rm_str_from(rm_method_name(a.method)));
    }
    if (before != after) {
        judge(v, RM_CHANGE_CHANGED);
        rm_buf_printf(&v->text, "%scode 0x%08X to 0x%08X", v->text.len > 0 ? ", " : "",
                      (unsigned)before, (unsigned)after);
    }
}

void rm_compare_ioctls(const rm_model *before, uint32_t old, const rm_model *after, uint32_t now,
                       rm_diff_verdict *verdict) {
    const rm_ioctl *b = &before->ioctls.at[old];
    const rm_ioctl *a = &after->ioctls.at[now];
    if (b->handled != a->handled) {
        judge(verdict, a->handled ? RM_CHANGE_WORSE : RM_CHANGE_BETTER);
        rm_buf_text(&verdict->text, a->handled ? "now handled" : "no longer handled");
    }
    if (b->has_code && a->has_code) {
        compare_codes(verdict, b->code, a->code);
    }
}

void rm_compare_operations(const rm_model *before, uint32_t old, const rm_model *after,
                           uint32_t now, rm_diff_verdict *verdict) {
    const rm_sink_call *b = &before->sinks.at[old];
    const rm_sink_call *a = &after->sinks.at[now];
    compare_validation(verdict, b->validation, a->validation);
    if (verdict->change == RM_CHANGE_WORSE) {
        rm_buf_printf(&verdict->text, "%s%.*s", a->reason.len > 0 ? ": " : "",
                      RM_STR_ARG(a->reason));
    }
}

void rm_compare_checks(const rm_model *before, uint32_t old, const rm_model *after, uint32_t now,
                       rm_diff_verdict *verdict) {
    const rm_check *b = &before->checks.at[old];
    const rm_check *a = &after->checks.at[now];
    const struct {
        const char *what;
        rm_tri before, after;
    } marks[] = {{"well formed", b->well_formed, a->well_formed},
                 {"on every path", b->dominates, a->dominates},
                 {"can refuse", b->can_refuse, a->can_refuse}};
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        compare_words(verdict, marks[i].what, rank_of_tri(marks[i].before),
                      rank_of_tri(marks[i].after), word_of_tri(marks[i].before),
                      word_of_tri(marks[i].after));
    }
    const rm_change limits = rm_compare_limits(b->reason, a->reason, &verdict->text);
    if (limits != RM_CHANGE_COUNT) {
        judge(verdict, limits);
    }
}
