#include "words.h"

#include "label.h"

const char *rm_verdict_word(rm_validation verdict) {
    static const char *const words[] = {[RM_VALIDATION_UNVALIDATED] = "unvalidated",
                                        [RM_VALIDATION_UNKNOWN] = "unknown",
                                        [RM_VALIDATION_PARTIAL] = "partly validated",
                                        [RM_VALIDATION_VALIDATED] = "validated"};
    return (unsigned)verdict < RM_VALIDATION_COUNT ? words[verdict] : "not judged";
}

const char *rm_verdict_sign(rm_validation verdict) {
    static const char *const signs[] = {[RM_VALIDATION_UNVALIDATED] = "\xE2\x9A\xA0", /* U+26A0 */
                                        [RM_VALIDATION_UNKNOWN] = "?",
                                        [RM_VALIDATION_PARTIAL] = "\xE2\x97\x90",    /* U+25D0 */
                                        [RM_VALIDATION_VALIDATED] = "\xE2\x9C\x93"}; /* U+2713 */
    return (unsigned)verdict < RM_VALIDATION_COUNT ? signs[verdict] : "";
}

static const struct {
    const char *sign, *word;
} changes[] = {[RM_CHANGE_NEW] = {"+", "new"},
               [RM_CHANGE_WORSE] = {"\xE2\x96\xB2", "worse"}, /* U+25B2 */
               [RM_CHANGE_CHANGED] = {"\xE2\x89\xA0", "changed"},
               [RM_CHANGE_BETTER] = {"\xE2\x96\xBC", "better"}, /* U+25BC */
               [RM_CHANGE_GONE] = {"\xE2\x88\x92", "gone"}};

const char *rm_change_word(rm_change change) {
    return (unsigned)change < RM_CHANGE_COUNT ? changes[change].word : "";
}

const char *rm_change_sign(rm_change change) {
    return (unsigned)change < RM_CHANGE_COUNT ? changes[change].sign : "";
}

static void tell_path(const rm_figure *figure, const rm_drawn_path *drawn, rm_buf *out) {
    const rm_path *path = drawn->of;
    if (figure->diff) {
        rm_buf_printf(out, " %s:", rm_change_word(drawn->change));
    }
    rm_buf_printf(out, " %c%u, score %u, %s: ", drawn->gone ? 'G' : 'R', drawn->rank, path->score,
                  rm_severity_name(path->severity));
    rm_buf_str(out, drawn->text);
    rm_buf_printf(out, ", %s", rm_verdict_word(path->validation));
    if (drawn->what.len > 0) {
        rm_buf_printf(out, " (%.*s)", RM_STR_ARG(drawn->what));
    }
    rm_buf_char(out, '.');
}

void rm_figure_words(const rm_figure *figure, rm_buf *out) {
    if (figure->paths.count == 0) {
        rm_buf_str(out, figure->none);
        rm_buf_char(out, '.');
    } else {
        rm_buf_printf(out,
                      figure->diff ? "%u %s to privileged operations that changed."
                                   : "%u %s from user mode to privileged operations, worst first.",
                      figure->paths.count, rm_plural(figure->paths.count, "path", "paths"));
    }
    for (uint32_t i = 0; i < figure->paths.count; i++) {
        tell_path(figure, &figure->paths.at[i], out);
    }
    if (figure->left_out.count > 0) {
        rm_buf_text(out, " Not drawn: ");
        for (uint32_t i = 0; i < figure->left_out.count; i++) {
            rm_buf_text(out, i > 0 ? "; " : "");
            rm_buf_str(out, figure->left_out.at[i]);
        }
        rm_buf_char(out, '.');
    }
}

static void put_mark(const rm_mark *mark, bool steps, rm_buf *out) {
    rm_buf_printf(out, "%c%u", mark->gone ? 'G' : 'R', mark->rank);
    if (steps) {
        rm_buf_printf(out, ".%u", mark->step);
    }
}

/* Where the run of neighbours that begins at `from` ends. */
static uint32_t run_end(const rm_marks *marks, uint32_t from, bool steps) {
    uint32_t to = from + 1;
    while (to < marks->count && marks->at[to].rank == marks->at[to - 1].rank + 1 &&
           marks->at[to].gone == marks->at[from].gone &&
           (!steps || marks->at[to].step == marks->at[from].step)) {
        to++;
    }
    return to;
}

static void put_marks(const rm_marks *marks, bool steps, unsigned most, rm_buf *out) {
    unsigned shown = 0;
    for (uint32_t i = 0; i < marks->count;) {
        uint32_t to = run_end(marks, i, steps);
        shown += to - i > 1 ? 2 : 1;
        if (shown > most) {
            rm_buf_printf(out, " +%u", marks->count - i);
            return;
        }
        rm_buf_text(out, i > 0 ? " " : "");
        put_mark(&marks->at[i], steps, out);
        if (to - i > 1) {
            rm_buf_text(out, to - i > 2 ? "\xE2\x80\x93" : " ");
            put_mark(&marks->at[to - 1], steps, out);
        }
        i = to;
    }
}

void rm_words_marks(const rm_edge *edge, unsigned most, rm_buf *out) {
    put_marks(&edge->marks, true, most, out);
}

void rm_words_ranks(const rm_marks *marks, unsigned most, rm_buf *out) {
    put_marks(marks, false, most, out);
}

enum { PART_MAX = 100 };

static void put_name(rm_str name, rm_buf *out) {
    rm_buf_str(out, rm_label_head(name, PART_MAX));
}

static void tell_end(const rm_figure *figure, uint32_t node, uint32_t row, rm_buf *out) {
    const rm_node *n = &figure->nodes.at[node];
    put_name(n->title, out);
    if (row != RM_NONE) {
        rm_buf_char(out, ' ');
        put_name(n->rows.at[row].name.len > 0 ? n->rows.at[row].name : n->rows.at[row].code, out);
    }
}

void rm_words_edge(const rm_figure *figure, const rm_edge *edge, rm_buf *out) {
    if (figure->diff) {
        rm_buf_printf(out, "%s, ", rm_change_word(edge->change));
    }
    rm_words_marks(edge, UINT32_MAX, out);
    rm_buf_text(out, edge->marks.count > 0 ? ": " : "");
    tell_end(figure, edge->from, edge->from_row, out);
    rm_buf_text(out, edge->link ? ", above " : " \xE2\x86\x92 ");
    tell_end(figure, edge->to, edge->to_row, out);
    if (edge->link) {
        rm_buf_text(out, " in the device stack");
        return;
    }
    rm_buf_printf(out, ", %s", rm_verdict_word(edge->verdict));
    if (edge->crosses > 0) {
        rm_buf_printf(out, ", crosses TB%u", edge->crosses);
    }
    if (edge->note.len > 0) {
        rm_buf_text(out, ", ");
        rm_buf_str(out, edge->note);
    }
    rm_buf_text(out, edge->back ? ", data comes back" : "");
}

void rm_words_node(const rm_figure *figure, const rm_node *node, rm_buf *out) {
    static const char *const kinds[] = {[RM_NODE_PRINCIPAL] = "principal ",
                                        [RM_NODE_SERVICE] = "service ",
                                        [RM_NODE_DEVICE] = "driver ",
                                        [RM_NODE_SINK] = "privileged operation: ",
                                        [RM_NODE_MORE] = ""};
    rm_buf_text(out, kinds[node->kind]);
    put_name(node->title, out);
    if (node->aside.len > 0) {
        rm_buf_text(out, ", ");
        put_name(node->aside, out);
    }
    rm_buf_text(out, ", in ");
    rm_buf_str(out, figure->zones.at[node->zone].title);
}
