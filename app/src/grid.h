#ifndef APP_GRID_H
#define APP_GRID_H

#include "base/list.h"
#include "base/str.h"

/* Cells in columns, for people: aligned, no wider than the terminal, harmless to it. */
typedef struct rm_grid_column {
    rm_str title;
    bool spare;    /* goes first where the grid is too wide */
    bool flows;    /* goes on in the next line instead of being cut */
    bool numbers;  /* aligned at the right */
    bool severity; /* coloured by its word */
    bool below; /* no column: a line of its own below the row, "title: …", where there is one */
} rm_grid_column;

RM_LIST(rm_grid_cells, rm_str);

typedef struct rm_grid {
    rm_arena *arena;
    rm_grid_column *columns;
    uint32_t column_count;
    rm_grid_cells cells; /* row by row, already neutralised */
} rm_grid;

/* `width` 0 is unlimited. Every line ends with '\n'. */
void rm_grid_print(const rm_grid *grid, unsigned width, bool color, rm_buf *out);

/* Columns that a terminal needs for a text: 0 for combining signs, 2 for wide ones. */
size_t rm_text_width(rm_str text);

#endif
