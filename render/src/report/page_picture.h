#ifndef RENDER_REPORT_PAGE_PICTURE_H
#define RENDER_REPORT_PAGE_PICTURE_H

#include "figure.h"
#include "report.h"

/* One picture of a page. */
typedef struct rm_page_picture {
    rm_str driver; /* empty: the whole system */
    const rm_figure *figure;
    rm_str svg;
} rm_page_picture;

RM_LIST(rm_page_pictures, rm_page_picture);

/*
 * The system, and the drivers at whose doors the worst paths begin. One that cannot be laid out is
 * left out with a diagnostic.
 */
rm_status rm_page_pictures_draw(rm_report *report, rm_page_pictures *out) RM_CHECK_RESULT;

/* Which flows each picture draws, for the script: "pictures". */
void rm_page_pictures_data(const rm_page_pictures *pictures, rm_json_out *json);

#endif
