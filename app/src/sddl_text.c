#include <inttypes.h>

#include "base/text.h"
#include "grid.h"
#include "sddl_answer.h"

static void put_line(rm_buf *out, const char *label, rm_str text) {
    rm_buf_printf(out, "%-10s ", label);
    rm_text_safe(out, text);
    rm_buf_char(out, '\n');
}

/* "BA (Administrators)" */
static rm_str name_of(rm_arena *arena, const rm_sid *sid, const rm_sid *domain) {
    char text[RM_SID_TEXT];
    rm_str out = RM_STR_NONE;
    const char *words = rm_sid_words(sid, domain);
    rm_sid_text(sid, text);
    rm_status st = words == NULL ? rm_str_copy(arena, rm_str_from(text), &out)
                                 : rm_str_printf(arena, &out, "%s (%s)", text, words);
    return st == RM_OK ? out : RM_STR_NONE;
}

static void put_owner(rm_buf *out, const rm_security *sd, const rm_sid *domain) {
    if (sd->has_owner) {
        put_line(out, "owner", name_of(out->arena, &sd->owner, domain));
    } else {
        put_line(out, "owner", RM_STR("none; judged as S-1-5-32-544 (Administrators)"));
    }
    if (sd->has_group) {
        put_line(out, "group", name_of(out->arena, &sd->group, domain));
    }
}

static void put_ace(rm_buf *out, uint32_t number, const rm_ace *ace, const rm_sid *domain) {
    rm_ace_text text;
    rm_status st = rm_ace_texts(out->arena, ace, domain, &text);
    if (st != RM_OK) {
        out->status = st;
        return;
    }
    rm_buf_printf(out, "  %2" PRIu32 "  %-2.*s %-8.*s 0x%08" PRIx32 " %-12.*s ", number,
                  RM_STR_ARG(text.type), RM_STR_ARG(text.flags), ace->mask,
                  RM_STR_ARG(text.rights));
    rm_text_safe(out, name_of(out->arena, &ace->sid, domain));
    const rm_str more[] = {text.object, text.inherited, text.condition, text.resource};
    for (size_t i = 0; i < sizeof more / sizeof more[0]; i++) {
        if (more[i].len > 0) {
            rm_buf_char(out, ' ');
            rm_text_safe(out, more[i]);
        }
    }
    rm_buf_char(out, '\n');
}

static void put_acl(rm_buf *out, const char *label, const rm_acl *acl, const rm_sid *domain) {
    rm_buf_printf(out, "%-10s %s%s%s%s\n", label,
                  !acl->present          ? "not there"
                  : acl->null            ? "without a list: everything is granted"
                  : acl->aces.count == 0 ? "empty"
                                         : "as follows",
                  acl->is_protected ? ", protected" : "",
                  acl->auto_inherit_req ? ", auto-inherit request" : "",
                  acl->auto_inherited ? ", auto-inherited" : "");
    for (uint32_t i = 0; i < acl->aces.count; i++) {
        put_ace(out, i, &acl->aces.at[i], domain);
    }
}

static const char *rights_of(bool any, bool read, bool write) {
    return read && write ? "read, write" : read ? "read" : write ? "write" : any ? "other" : "-";
}

static void put_cell(rm_grid *grid, rm_str text, rm_buf *out) {
    rm_buf safe = {.arena = grid->arena};
    rm_str *slot = rm_push(grid->arena, &grid->cells);
    rm_text_safe(&safe, text);
    if (slot == NULL || safe.status != RM_OK) {
        out->status = RM_NOMEM;
        return;
    }
    *slot = rm_buf_view(&safe);
}

static void put_mask(rm_grid *grid, uint32_t mask, rm_buf *out) {
    rm_str text = RM_STR_NONE;
    if (rm_str_printf(grid->arena, &text, "0x%" PRIx32, mask) != RM_OK) {
        out->status = RM_NOMEM;
    }
    put_cell(grid, text, out);
}

static void put_rows(rm_buf *out, const sddl_request *request, const sddl_answer *answer,
                     unsigned width, bool color) {
    rm_grid_column columns[] = {
        {.title = RM_STR("principal")}, {.title = RM_STR("NtOpenFile")},
        {.title = RM_STR("mask")},      {.title = RM_STR("CreateFile")},
        {.title = RM_STR("undecided")}, {.title = RM_STR("asked")},
    };
    rm_grid grid = {
        .arena = out->arena, .columns = columns, .column_count = request->has_access ? 6 : 5};
    for (uint32_t i = 0; i < answer->rows.count; i++) {
        const sddl_row *row = &answer->rows.at[i];
        const rm_access_answer *a = &row->answer;
        put_cell(&grid, row->principal->name, out);
        put_cell(&grid, rm_str_from(rights_of(a->any, a->read, a->write)), out);
        put_mask(&grid, a->max, out);
        put_cell(&grid, rm_str_from(rights_of(a->win32_any, a->win32_read, a->win32_write)), out);
        if (a->undecided == 0) {
            put_cell(&grid, RM_STR("-"), out);
        } else {
            put_mask(&grid, a->undecided, out);
        }
        if (request->has_access) {
            put_cell(&grid, row->granted ? RM_STR("granted") : RM_STR("refused"), out);
        }
    }
    if (out->status == RM_OK) {
        rm_grid_print(&grid, width, color, out);
    }
}

static void put_traces(rm_buf *out, const sddl_request *request, const sddl_answer *answer) {
    for (uint32_t i = 0; i < answer->rows.count; i++) {
        const sddl_row *row = &answer->rows.at[i];
        rm_buf_char(out, '\n');
        rm_text_safe(out, row->principal->name);
        rm_buf_printf(out, ": 0x%" PRIx32 " %s\n", request->access,
                      row->granted ? "granted" : "refused");
        for (uint32_t k = 0; k < row->trace.count; k++) {
            const rm_access_step *step = &row->trace.at[k];
            rm_buf_text(out, step->granted ? "  + " : "  - ");
            if (step->ace != RM_NONE) {
                rm_buf_printf(out, "ACE %" PRIu32 " ", step->ace);
            }
            rm_text_safe(out, step->text);
            rm_buf_char(out, '\n');
        }
    }
}

void sddl_answer_text(rm_buf *out, const sddl_request *request, const sddl_answer *answer,
                      unsigned width, bool color) {
    const rm_security *sd = answer->security;
    put_line(out, "sddl", answer->text);
    if (sd == NULL) {
        put_line(out, "canonical", RM_STR("none: Windows rejects the string"));
        return;
    }
    put_line(out, "canonical",
             answer->has_canonical ? answer->canonical : RM_STR("none: it has no text"));
    put_owner(out, sd, answer->domain);
    put_acl(out, "DACL", &sd->dacl, answer->domain);
    put_acl(out, "SACL", &sd->sacl, answer->domain);
    rm_buf_char(out, '\n');
    put_rows(out, request, answer, width, color);
    if (request->has_access) {
        put_traces(out, request, answer);
    } else {
        rm_buf_text(out, "\nSay --access MASK to see who gets exactly that, and which ACE "
                         "decides.\n");
    }
}
