#ifndef RENDER_REPORT_ASSETS_H
#define RENDER_REPORT_ASSETS_H

/* The files of render/assets, put into the program by the build (cmake/Embed.cmake). */
extern const unsigned char rm_asset_report_html[], rm_asset_report_css[], rm_asset_report_js[];
extern const unsigned long rm_asset_report_html_size, rm_asset_report_css_size,
    rm_asset_report_js_size;

#endif
