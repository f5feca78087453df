#ifndef RENDER_WORDS_H
#define RENDER_WORDS_H

#include "figure.h"

/* Verdicts in the words and signs of the legend. Static storage. */
const char *rm_verdict_word(rm_validation verdict);
const char *rm_verdict_sign(rm_validation verdict);

/* Changes likewise. */
const char *rm_change_word(rm_change change);
const char *rm_change_sign(rm_change change);

/* "R1.1–R3.1 R7.1 +2": neighbours as one run, at most `most` marks written. */
void rm_words_marks(const rm_edge *edge, unsigned most, rm_buf *out);

/* "R1–R3 R7 +2": the same without steps. */
void rm_words_ranks(const rm_marks *marks, unsigned most, rm_buf *out);

/* A part of the picture in a sentence, for titles: raw text, to be escaped by the caller. */
void rm_words_edge(const rm_figure *figure, const rm_edge *edge, rm_buf *out);
void rm_words_node(const rm_figure *figure, const rm_node *node, rm_buf *out);

#endif
