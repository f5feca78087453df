#ifndef RENDER_WORDS_H
#define RENDER_WORDS_H

#include "figure.h"

/* Verdicts in the words and signs of the legend. Static storage. */
const char *rm_verdict_word(rm_validation verdict);
const char *rm_verdict_sign(rm_validation verdict);

/* "R1.1 R3.1 +2": at most `most` marks. */
void rm_words_marks(const rm_edge *edge, unsigned most, rm_buf *out);

/* A part of the picture in a sentence, for titles: raw text, to be escaped by the caller. */
void rm_words_edge(const rm_figure *figure, const rm_edge *edge, rm_buf *out);
void rm_words_node(const rm_figure *figure, const rm_node *node, rm_buf *out);

#endif
