#include "words.h"
#include "figure.h"

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

static void tell_path(const rm_figure *figure, const rm_drawn_path *drawn, rm_buf *out) {
    const rm_path *path = &figure->model->paths.at[drawn->path];
    rm_buf_printf(out, " R%u, score %u, %s: ", drawn->rank, path->score,
                  rm_severity_name(path->severity));
    rm_buf_str(out, drawn->text);
    rm_buf_printf(out, ", %s.", rm_verdict_word(path->validation));
}

void rm_figure_words(const rm_figure *figure, rm_buf *out) {
    rm_buf_printf(out, "%u paths from user mode to privileged operations, worst first.",
                  figure->paths.count);
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

void rm_words_marks(const rm_edge *edge, unsigned most, rm_buf *out) {
    for (uint32_t i = 0; i < edge->marks.count; i++) {
        if (i == most) {
            rm_buf_printf(out, " +%u", edge->marks.count - most);
            return;
        }
        rm_buf_printf(out, "%sR%u.%u", i > 0 ? " " : "", edge->marks.at[i].rank,
                      edge->marks.at[i].step);
    }
}

static void tell_end(const rm_figure *figure, uint32_t node, uint32_t row, rm_buf *out) {
    const rm_node *n = &figure->nodes.at[node];
    rm_buf_str(out, n->title);
    if (row != RM_NONE) {
        rm_buf_char(out, ' ');
        rm_buf_str(out, n->rows.at[row].name.len > 0 ? n->rows.at[row].name : n->rows.at[row].code);
    }
}

void rm_words_edge(const rm_figure *figure, const rm_edge *edge, rm_buf *out) {
    rm_words_marks(edge, UINT32_MAX, out);
    rm_buf_text(out, edge->marks.count > 0 ? ": " : "");
    tell_end(figure, edge->from, edge->from_row, out);
    rm_buf_text(out, " \xE2\x86\x92 ");
    tell_end(figure, edge->to, edge->to_row, out);
    rm_buf_printf(out, ", %s", rm_verdict_word(edge->verdict));
    if (edge->note.len > 0) {
        rm_buf_text(out, ", ");
        rm_buf_str(out, edge->note);
    }
}

void rm_words_node(const rm_figure *figure, const rm_node *node, rm_buf *out) {
    static const char *const kinds[] = {[RM_NODE_PRINCIPAL] = "principal ",
                                        [RM_NODE_SERVICE] = "service ",
                                        [RM_NODE_DEVICE] = "driver ",
                                        [RM_NODE_SINK] = "privileged operation: ",
                                        [RM_NODE_MORE] = ""};
    rm_buf_text(out, kinds[node->kind]);
    rm_buf_str(out, node->title);
    if (node->aside.len > 0) {
        rm_buf_text(out, ", ");
        rm_buf_str(out, node->aside);
    }
    rm_buf_text(out, ", in ");
    rm_buf_str(out, figure->zones.at[node->zone].title);
}
