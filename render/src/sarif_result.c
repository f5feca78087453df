#include "base/hash.h"
#include "sarif.h"

/* GitHub shows 100 and refuses more than 1,000 locations of a result. */
enum { MAX_PLACES = 100, FINGERPRINT_BYTES = 16 };

/* ---- places ---- */

/* RFC 3986: everything but unreserved characters and '/' as %XX. */
static void uri(rm_json_writer *o, rm_arena *arena, rm_str path) {
    rm_buf text = {.arena = arena};
    for (size_t i = 0; i < path.len; i++) {
        const char c = path.ptr[i];
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~' ||
                           c == '/';
        rm_buf_printf(&text, plain ? "%c" : "%%%02X", plain ? c : (unsigned char)c);
    }
    rm_write_text(o, "uri", rm_buf_view(&text));
}

static void physical(rm_sarif *s, rm_place place) {
    rm_json_writer *o = &s->out;
    if (place.file.len == 0) {
        return;
    }
    rm_write_open(o, "physicalLocation", '{');
    rm_write_open(o, "artifactLocation", '{');
    uri(o, s->arena, place.file);
    rm_write_word(o, "uriBaseId", "SRCROOT");
    rm_write_close(o, '}');
    if (place.line > 0) {
        rm_write_open(o, "region", '{');
        rm_write_number(o, "startLine", place.line);
        rm_write_close(o, '}');
    }
    rm_write_close(o, '}');
}

static void logical(rm_sarif *s, rm_str name) {
    rm_json_writer *o = &s->out;
    if (name.len == 0) {
        return;
    }
    rm_write_open(o, "logicalLocations", '[');
    rm_write_open(o, NULL, '{');
    rm_write_text(o, "fullyQualifiedName", name);
    rm_write_close(o, '}');
    rm_write_close(o, ']');
}

static void said(rm_sarif *s, rm_str text) {
    rm_write_open(&s->out, "message", '{');
    rm_write_text(&s->out, "text", text);
    rm_write_close(&s->out, '}');
}

/* ---- the way ---- */

static bool is_essential(rm_step_kind kind) {
    return kind == RM_STEP_DOOR || kind == RM_STEP_FORWARD || kind == RM_STEP_SINK;
}

static void flow_step(rm_sarif *s, const rm_step *step, uint32_t depth) {
    rm_json_writer *o = &s->out;
    rm_write_line(o);
    rm_write_open(o, NULL, '{');
    rm_write_number(o, "nestingLevel", depth);
    rm_write_word(o, "importance", is_essential(step->kind) ? "essential" : "important");
    rm_write_open(o, "location", '{');
    said(s, step->text);
    physical(s, step->place);
    logical(s, step->node);
    rm_write_close(o, '}');
    rm_write_close(o, '}');
}

static void code_flow(rm_sarif *s, const rm_path *path) {
    rm_json_writer *o = &s->out;
    uint32_t depth = 0;
    if (path->steps.count == 0) {
        return;
    }
    rm_write_open(o, "codeFlows", '[');
    rm_write_open(o, NULL, '{');
    rm_write_open(o, "threadFlows", '[');
    rm_write_open(o, NULL, '{');
    rm_write_open(o, "locations", '[');
    for (uint32_t i = 0; i < path->steps.count; i++) {
        flow_step(s, &path->steps.at[i], depth);
        depth += path->steps.at[i].kind == RM_STEP_FORWARD;
    }
    rm_write_close(o, ']');
    rm_write_close(o, '}');
    rm_write_close(o, ']');
    rm_write_close(o, '}');
    rm_write_close(o, ']');
}

/* ---- what else is said of a result ---- */

static void fingerprint(rm_sarif *s, rm_str id) {
    uint8_t digest[32];
    char text[2 * FINGERPRINT_BYTES + 1];
    rm_sha256(id, digest);
    rm_hex(digest, FINGERPRINT_BYTES, text);
    rm_write_open(&s->out, "partialFingerprints", '{');
    rm_write_word(&s->out, s->options->paths ? "ringmapPath/v1" : "ringmapFinding/v1", text);
    rm_write_close(&s->out, '}');
}

static void suppression(rm_sarif *s, const rm_sarif_subject *subject) {
    rm_json_writer *o = &s->out;
    const rm_waiver *waiver =
        s->options->policy != NULL ? rm_policy_waiver(s->options->policy, subject->id) : NULL;
    rm_write_open(o, "suppressions", '[');
    if (subject->waived) {
        rm_write_open(o, NULL, '{');
        rm_write_word(o, "kind", "external");
        rm_write_word(o, "status", "accepted");
        if (waiver != NULL) {
            rm_buf why = {.arena = s->arena};
            rm_buf_printf(&why, "%.*s (%.*s, until %.*s)", RM_STR_ARG(waiver->reason),
                          RM_STR_ARG(waiver->owner), RM_STR_ARG(waiver->expires));
            rm_write_text(o, "justification", rm_buf_view(&why));
        }
        rm_write_close(o, '}');
    }
    rm_write_close(o, ']');
}

static void more_places(rm_sarif *s, const rm_sarif_subject *subject) {
    rm_json_writer *o = &s->out;
    if (subject->places == NULL || subject->places->count < 2) {
        return;
    }
    rm_write_open(o, "relatedLocations", '[');
    for (uint32_t i = 0; i < subject->places->count && i < MAX_PLACES; i++) {
        rm_write_open(o, NULL, '{');
        said(s, subject->places->at[i].text);
        physical(s, subject->places->at[i].place);
        rm_write_close(o, '}');
    }
    rm_write_close(o, ']');
}

static void properties(rm_sarif *s, const rm_sarif_subject *subject, const rm_path *path) {
    rm_json_writer *o = &s->out;
    rm_write_open(o, "properties", '{');
    rm_write_text(o, "id", subject->id);
    rm_write_word(o, "severity", rm_severity_name(subject->severity));
    if (path != NULL) {
        rm_write_text(o, "path", path->id);
        rm_write_number(o, "score", path->score);
        rm_write_text_if(o, "boundaries", path->boundaries);
    }
    rm_write_text_if(o, "fix", subject->fix);
    rm_write_close(o, '}');
}

static void result_message(rm_sarif *s, const rm_sarif_subject *subject) {
    rm_buf text = {.arena = s->arena};
    rm_buf_str(&text, subject->message);
    if (subject->fix.len > 0) {
        rm_buf_printf(&text, ". Fix: %.*s", RM_STR_ARG(subject->fix));
    }
    said(s, rm_buf_view(&text));
}

/* A result without a place in the sources does not annotate: the end of its path stands in. */
static rm_place anchor(const rm_sarif_subject *subject, const rm_path *path) {
    rm_place place = subject->place;
    for (uint32_t i = path != NULL ? path->steps.count : 0; place.file.len == 0 && i > 0; i--) {
        place = path->steps.at[i - 1].place;
    }
    return place;
}

void rm_sarif_result(rm_sarif *s, const rm_sarif_subject *subject) {
    rm_json_writer *o = &s->out;
    uint32_t rule = 0;
    const rm_path *path =
        subject->path != RM_NONE ? &subject->model->paths.at[subject->path] : NULL;
    rm_write_line(o);
    rm_write_open(o, NULL, '{');
    rm_write_text(o, "ruleId", subject->rule);
    if (rm_map_get(&s->rules, subject->rule, &rule)) {
        rm_write_number(o, "ruleIndex", rule);
    }
    rm_write_word(o, "kind", "fail");
    rm_write_word(o, "level", rm_sarif_level(subject->severity));
    result_message(s, subject);
    rm_write_open(o, "locations", '[');
    rm_write_open(o, NULL, '{');
    physical(s, anchor(subject, path));
    logical(s, subject->name);
    rm_write_close(o, '}');
    rm_write_close(o, ']');
    more_places(s, subject);
    if (path != NULL) {
        code_flow(s, path);
    }
    fingerprint(s, subject->id);
    suppression(s, subject);
    if (subject->state != NULL) {
        rm_write_word(o, "baselineState", subject->state);
    }
    properties(s, subject, path);
    rm_write_close(o, '}');
}
