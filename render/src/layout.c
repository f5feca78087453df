#include "layout.h"

#include <graphviz/gvc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph.h"

const rm_child_limits rm_layout_limits = {.cpu_seconds = 10,
                                          .wall_seconds = 30,
                                          .memory_bytes = (size_t)4 << 30,
                                          .output_bytes = (size_t)256 << 20};

enum { OUTPUT = 0, ERRORS = 1 };

static rm_status complain(rm_child *child, const char *text) {
    rm_status st = rm_child_write(child, ERRORS, rm_str_from(text));
    return st == RM_OK ? RM_INTERNAL : st;
}

/*
 * Graphviz keeps the last of what it was told not to print. agerrors() does not count warnings, and
 * a warning is "port unrecognized", too: anything it said is a failure.
 */
static rm_status check_messages(rm_child *child) {
    const char *last = aglasterr();
    return last == NULL || last[0] == '\0' ? RM_OK : complain(child, last);
}

/* Works around char * parameters that the library only reads. */
static char *writable(char *buffer, size_t size, const char *text) {
    (void)snprintf(buffer, size, "%s", text);
    return buffer;
}

static rm_status render(GVC_t *context, Agraph_t *graph, const rm_layout_job *job,
                        rm_child *child) {
    char *bytes = NULL;
    unsigned length = 0;
    if (gvRenderData(context, graph, job->format, &bytes, &length) != 0 || bytes == NULL) {
        return complain(child, "rendering failed");
    }
    rm_status st = check_messages(child);
    return st == RM_OK ? rm_child_write(child, OUTPUT, (rm_str){bytes, length}) : st;
}

/* Before the layout, which is when Graphviz reads it; it changes no coordinate. A PNG would have 96
 * otherwise. */
static void set_dpi(Agraph_t *graph, unsigned dpi) {
    char name[16];
    char value[16];
    char empty[1] = "";
    (void)snprintf(value, sizeof value, "%u", dpi);
    (void)agsafeset(graph, writable(name, sizeof name, "dpi"), value, empty);
}

/* In the child: nothing is freed, since it ends here. */
static rm_status lay_out(void *payload, rm_child *child) {
    const rm_layout_job *job = payload;
    (void)agseterr(AGMAX);
    (void)setenv("TZ", "UTC0", 1); /* a PDF tells when it was made: at least in one notation */
    rm_arena *arena = rm_arena_new(rm_layout_limits.memory_bytes);
    GVC_t *context = arena != NULL ? gvContext() : NULL;
    Agraph_t *graph = context != NULL ? rm_graph_read(arena, job->dot) : NULL;
    if (graph == NULL) {
        const char *last = aglasterr();
        return complain(child, last != NULL ? last : "the text cannot be read");
    }
    set_dpi(graph, job->dpi);
    if (gvLayout(context, graph, "dot") != 0) {
        return complain(child, "layout failed");
    }
    rm_status st = check_messages(child);
    return st == RM_OK ? render(context, graph, job, child) : st;
}

static rm_str reason(rm_child_end end, rm_str errors) {
    if (end == RM_CHILD_TIMEOUT) {
        return RM_STR("the layout did not end in time");
    }
    errors = rm_str_trim(errors);
    size_t line = errors.len;
    (void)rm_str_find_char(errors, '\n', &line);
    return errors.len > 0 ? rm_str_slice(errors, 0, line) : RM_STR("the layout crashed");
}

rm_status rm_layout_run(rm_arena *arena, const rm_layout_job *job, rm_child_limits limits,
                        rm_str *out, rm_str *why) {
    rm_child_end end = RM_CHILD_CRASHED;
    rm_str output = RM_STR_NONE;
    rm_str errors = RM_STR_NONE;
    rm_str text = RM_STR_NONE;
    rm_status st = rm_str_copy(arena, job->dot, &text); /* NUL-terminated */
    if (st != RM_OK) {
        return st;
    }
    rm_layout_job terminated = {text, job->format, job->dpi};
    st = rm_child_run(arena, limits, lay_out, &terminated, &end, &output, &errors);
    if (st != RM_OK) {
        *why = RM_STR("no process for the layout");
        return st;
    }
    if (end == RM_CHILD_DONE) {
        *out = output;
        return RM_OK;
    }
    *why = reason(end, errors);
    return end == RM_CHILD_TIMEOUT ? RM_LIMIT : RM_INTERNAL;
}
