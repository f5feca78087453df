#include "grid.h"

#include <string.h>

#include "base/text.h"

enum { GAP = 2, LEAST_WIDTH = 8, LEAST_FLOW = 24 };

/* ---- how wide a text is ---- */

typedef struct range {
    uint32_t first, last;
} range;

static const range combining[] = {
    {0x300, 0x36F},   {0x483, 0x489},   {0x591, 0x5BD},   {0x610, 0x61A},   {0x64B, 0x65F},
    {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}};

static const range wide[] = {{0x1100, 0x115F},   {0x2E80, 0x303E},  {0x3041, 0xA4CF},
                             {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},  {0xFE30, 0xFE6F},
                             {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},  {0x1F300, 0x1F64F},
                             {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD}};

static bool is_among(uint32_t c, const range *ranges, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (c >= ranges[i].first && c <= ranges[i].last) {
            return true;
        }
    }
    return false;
}

static size_t character_width(uint32_t c) {
    if (c < 0x300) {
        return 1;
    }
    if (is_among(c, combining, sizeof combining / sizeof combining[0])) {
        return 0;
    }
    return is_among(c, wide, sizeof wide / sizeof wide[0]) ? 2 : 1;
}

size_t rm_text_width(rm_str text) {
    size_t width = 0;
    for (size_t at = 0; at < text.len;) {
        width += character_width(rm_text_next(text, &at));
    }
    return width;
}

/* The longest beginning that is at most `width` wide. */
static rm_str beginning(rm_str text, size_t width) {
    size_t used = 0;
    size_t at = 0;
    while (at < text.len) {
        size_t next = at;
        used += character_width(rm_text_next(text, &next));
        if (used > width) {
            break;
        }
        at = next;
    }
    return rm_str_slice(text, 0, at);
}

/* ---- fitting ---- */

typedef struct layout {
    size_t *widths; /* 0: the column is left out */
    uint32_t count;
} layout;

static size_t total(const layout *l) {
    size_t sum = 0;
    for (uint32_t i = 0; i < l->count; i++) {
        sum += l->widths[i] == 0 ? 0 : l->widths[i] + GAP;
    }
    return sum == 0 ? 0 : sum - GAP;
}

static void measure(const rm_grid *grid, layout *l) {
    for (uint32_t i = 0; i < grid->column_count; i++) {
        if (grid->columns[i].below) {
            continue;
        }
        l->widths[i] = rm_text_width(grid->columns[i].title);
        l->widths[i] = l->widths[i] == 0 ? 1 : l->widths[i];
    }
    for (uint32_t i = 0; i < grid->cells.count; i++) {
        if (grid->columns[i % grid->column_count].below) {
            continue;
        }
        const size_t width = rm_text_width(grid->cells.at[i]);
        size_t *widest = &l->widths[i % grid->column_count];
        *widest = width > *widest ? width : *widest;
    }
}

/* The widest column that can still give way; RM_NONE when each is at its least. */
static uint32_t widest_column(const rm_grid *grid, const layout *l, size_t least_flow) {
    uint32_t found = RM_NONE;
    for (uint32_t i = 0; i < l->count; i++) {
        const size_t least = grid->columns[i].flows ? least_flow : LEAST_WIDTH;
        if (l->widths[i] > least && (found == RM_NONE || l->widths[i] > l->widths[found])) {
            found = i;
        }
    }
    return found;
}

/* The last column but those that flow; the first one stays. */
static bool drop_column(const rm_grid *grid, layout *l) {
    for (uint32_t i = l->count; i-- > 1;) {
        if (l->widths[i] > 0 && !grid->columns[i].flows) {
            l->widths[i] = 0;
            return true;
        }
    }
    return false;
}

static void fit(const rm_grid *grid, layout *l, size_t width) {
    for (uint32_t i = l->count; i-- > 0 && total(l) > width;) {
        l->widths[i] = grid->columns[i].spare ? 0 : l->widths[i];
    }
    size_t least_flow = LEAST_FLOW;
    while (total(l) > width) {
        const uint32_t widest = widest_column(grid, l, least_flow);
        if (widest != RM_NONE) {
            l->widths[widest]--;
        } else if (!drop_column(grid, l)) {
            if (least_flow == LEAST_WIDTH) {
                return; /* as narrow as it gets */
            }
            least_flow = LEAST_WIDTH; /* sentences in narrow columns, at last */
        }
    }
}

/* ---- printing ---- */

static const char *severity_color(rm_str severity) {
    static const struct {
        const char *word, *color;
    } colors[] = {
        {"critical", "\033[1;31m"},
        {"high", "\033[31m"},
        {"medium", "\033[33m"},
        {"low", "\033[36m"},
    };
    for (size_t i = 0; i < sizeof colors / sizeof colors[0]; i++) {
        if (rm_str_eq(severity, rm_str_from(colors[i].word))) {
            return colors[i].color;
        }
    }
    return NULL;
}

static void pad(rm_buf *out, size_t count) {
    for (size_t i = 0; i < count; i++) {
        rm_buf_char(out, ' ');
    }
}

typedef struct cell_style {
    size_t width;
    bool right;
    const char *color;
} cell_style;

static void print_cell(rm_buf *out, rm_str cell, cell_style style) {
    const bool cut = rm_text_width(cell) > style.width;
    const rm_str shown = cut ? beginning(cell, style.width - 1) : cell;
    const size_t used = rm_text_width(shown) + cut;
    pad(out, style.right ? style.width - used : 0);
    rm_buf_text(out, style.color == NULL ? "" : style.color);
    rm_buf_str(out, shown);
    rm_buf_text(out, cut ? "\xe2\x80\xa6" : ""); /* an ellipsis */
    rm_buf_text(out, style.color == NULL ? "" : "\033[0m");
    pad(out, style.right ? 0 : style.width - used);
}

/* Takes the next line of a cell that flows: whole words where they fit. */
static rm_str next_line(rm_str *rest, size_t width) {
    rm_str line = beginning(*rest, width);
    size_t end = line.len;
    while (line.len < rest->len && end > 0 && rest->ptr[end] != ' ') {
        end--;
    }
    line.len = end > 0 ? end : line.len;
    *rest = rm_str_trim(rm_str_slice(*rest, line.len, rest->len));
    return line;
}

/* No blanks at the end of a line. */
static void end_line(rm_buf *out) {
    while (out->len > 0 && out->ptr[out->len - 1] == ' ') {
        out->len--;
    }
    rm_buf_char(out, '\n');
}

/* One line of a row; `rest` keeps what is still to be printed of each cell. */
static void print_line(const rm_grid *grid, const layout *l, rm_str *rest, bool color,
                       rm_buf *out) {
    bool first = true;
    for (uint32_t i = 0; i < grid->column_count; i++) {
        const rm_grid_column *column = &grid->columns[i];
        if (l->widths[i] == 0) {
            continue;
        }
        pad(out, first ? 0 : GAP);
        first = false;
        const rm_str text = column->flows ? next_line(&rest[i], l->widths[i]) : rest[i];
        rest[i] = column->flows ? rest[i] : RM_STR_NONE;
        print_cell(out, text,
                   (cell_style){.width = l->widths[i],
                                .right = column->numbers,
                                .color = color && column->severity ? severity_color(text) : NULL});
    }
    end_line(out);
}

static bool is_done(const rm_grid *grid, const layout *l, const rm_str *rest) {
    for (uint32_t i = 0; i < grid->column_count; i++) {
        if (l->widths[i] > 0 && rest[i].len > 0) {
            return false;
        }
    }
    return true;
}

enum { BELOW_INDENT = 4, BELOW_LEAST = 10 };

/* What stands below a row: each text after its title, broken at the width. */
static void print_below(const rm_grid *grid, const rm_str *cells, unsigned width, rm_buf *out) {
    for (uint32_t i = 0; i < grid->column_count; i++) {
        const rm_grid_column *column = &grid->columns[i];
        rm_str rest = column->below ? cells[i] : RM_STR_NONE;
        const size_t indent = BELOW_INDENT + rm_text_width(column->title) + 2;
        const size_t room = width > indent + BELOW_LEAST ? width - indent : BELOW_LEAST;
        for (bool first = true; rest.len > 0; first = false) {
            pad(out, first ? BELOW_INDENT : indent);
            if (first) {
                rm_buf_str(out, column->title);
                rm_buf_text(out, ": ");
            }
            rm_buf_str(out, width == 0 ? rest : next_line(&rest, room));
            rest = width == 0 ? RM_STR_NONE : rest;
            end_line(out);
        }
    }
}

void rm_grid_print(const rm_grid *grid, unsigned width, bool color, rm_buf *out) {
    const uint32_t count = grid->column_count;
    if (count == 0) {
        return;
    }
    layout l = {RM_NEW_ARRAY(grid->arena, size_t, count), count};
    rm_str *rest = RM_NEW_ARRAY(grid->arena, rm_str, count);
    if (l.widths == NULL || rest == NULL) {
        out->status = RM_NOMEM;
        return;
    }
    measure(grid, &l);
    if (width > 0) {
        fit(grid, &l, width);
    }
    for (uint32_t i = 0; i < count; i++) {
        rest[i] = grid->columns[i].title;
    }
    print_line(grid, &l, rest, false, out);
    for (uint32_t row = 0; row + count <= grid->cells.count; row += count) {
        memcpy(rest, &grid->cells.at[row], count * sizeof *rest);
        do {
            print_line(grid, &l, rest, color, out);
        } while (!is_done(grid, &l, rest));
        print_below(grid, &grid->cells.at[row], width, out);
    }
}
