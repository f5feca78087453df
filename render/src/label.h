#ifndef RENDER_LABEL_H
#define RENDER_LABEL_H

#include "base/str.h"

/*
 * The only ways by which a text of an input gets into a picture. Every one of them cuts to `most`
 * code points (an ellipsis says so), makes the text safe (rm_text_safe: no controls, no bidi,
 * valid UTF-8) and escapes it for its writer.
 */

/* The first `most` code points, borrowed: for sentences that are put together from names. */
rm_str rm_label_head(rm_str text, unsigned most);

/* For HTML-like labels of Graphviz: & < > " as entities, every backslash doubled, because
 * Graphviz expands \N \G \L and eats the rest in these labels too. */
void rm_label_html(rm_buf *buf, rm_str text, unsigned most);

/* The same for a name, cut in the middle: names of one family differ at their ends. */
void rm_label_html_name(rm_buf *buf, rm_str name, unsigned most);

/* For a double-quoted label of Mermaid: whatever is not plain becomes a numeric entity (#35;). */
void rm_label_mermaid(rm_buf *buf, rm_str text, unsigned most);

/*
 * For Markdown (CommonMark, GFM tables), in the middle of a line: no markup, no HTML, no link, no
 * mention, no cell's end.
 */
void rm_label_markdown(rm_buf *buf, rm_str text, unsigned most);

/* For text and double-quoted attributes of SVG. */
void rm_label_xml(rm_buf *buf, rm_str text, unsigned most);

/*
 * A part of an id: [a-z0-9-] only, at most 48 bytes, never empty. Where letters were lost a hash of
 * the text keeps two texts apart.
 */
void rm_label_slug(rm_buf *buf, rm_str text);

#endif
