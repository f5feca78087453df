#include "facts.h"

#include "facts/push.h"

enum { FACTS_VERSION = 1 };

/* A file of a version that this reader does not know may mean anything by the keys it shares. */
static bool is_our_version(rm_sink *sink, const rm_json *root) {
    const rm_json *version = rm_json_get(root, "ringmap");
    if (root->kind != RM_JSON_OBJECT || version == NULL) {
        rm_diag(sink, RM_ERROR, root->loc, "facts-version",
                "expected an object that begins {\"ringmap\": %d", FACTS_VERSION);
        return false;
    }
    if (version->kind != RM_JSON_NUMBER || !version->is_integer ||
        version->integer != FACTS_VERSION) {
        rm_diag(sink, RM_ERROR, version->loc, "facts-version", "'ringmap' is %.*s, expected %d",
                RM_STR_ARG(version->text), FACTS_VERSION);
        return false;
    }
    return true;
}

static rm_status reason(rm_facts *facts) {
    if (facts->who.len == 0 && facts->why.len == 0) {
        facts->reason = RM_STR("declared");
        return RM_OK;
    }
    return rm_str_printf(facts->model->arena, &facts->reason, "declared%s%.*s%s%.*s",
                         facts->who.len > 0 ? " by " : "", RM_STR_ARG(facts->who),
                         facts->why.len > 0 ? ": " : "", RM_STR_ARG(facts->why));
}

static rm_status push_all(rm_facts *facts, const rm_fact_file *file) {
    const struct {
        const rm_json *list;
        rm_fact_push *push;
    } sections[] = {
        {file->drivers, rm_fact_push_driver},   {file->devices, rm_fact_push_device},
        {file->doors, rm_fact_push_door},       {file->descriptors, rm_fact_push_descriptor},
        {file->entries, rm_fact_push_entry},    {file->stacks, rm_fact_push_stack},
        {file->services, rm_fact_push_service}, {file->apps, rm_fact_push_app},
        {file->handles, rm_fact_push_handle},   {file->confirm, rm_fact_push_confirm},
    };
    rm_status st = reason(facts);
    for (size_t i = 0; i < sizeof sections / sizeof sections[0] && st == RM_OK; i++) {
        st = rm_fact_each(facts, sections[i].list, sections[i].push);
    }
    return st;
}

/* ---- one file says so much and no more ---- */

enum { MAX_SAID = 200 };

typedef struct capped {
    rm_sink *to;
    uint32_t said;
} capped;

static void say(void *payload, rm_level level, rm_loc loc, const char *id, rm_str text) {
    capped *c = payload;
    if (c->said < MAX_SAID) {
        rm_diag(c->to, level, loc, id, "%.*s", RM_STR_ARG(text));
    } else if (c->said == MAX_SAID) {
        rm_diag(c->to, RM_ERROR, loc, "facts-limit",
                "more than %d things are wrong in this file: the rest is not told", MAX_SAID);
    }
    c->said++;
}

static rm_status read_file(rm_model *model, rm_sink *sink, rm_str path, rm_str text, bool *used) {
    rm_facts facts = {
        .model = model, .sink = sink, .drivers = {.arena = model->arena, .fold = true}};
    rm_fact_file file = {.drivers = NULL};
    const rm_json *root = NULL;
    rm_status st = rm_str_copy(model->arena, path, &path);
    if (st != RM_OK) {
        return st;
    }
    st = rm_json_parse(model->arena, sink, path, text, &root);
    if (st == RM_SYNTAX || st == RM_LIMIT || (st == RM_OK && !is_our_version(sink, root))) {
        *used = false;
        return RM_OK;
    }
    if (st != RM_OK) {
        return st;
    }
    /* A wrong key beside good ones was told; the sections that could be read are. */
    rm_fact_record_read(model->arena, sink, &rm_fact_file_record, root, &file, &st);
    facts.who = file.who;
    facts.why = file.why;
    if (st == RM_OK) {
        st = push_all(&facts, &file);
    }
    if (st == RM_OK) {
        *used = facts.pushed > 0;
    }
    return st;
}

rm_status rm_facts_read(rm_model *model, rm_sink *sink, rm_str path, rm_str text, bool *used) {
    capped told = {.to = sink};
    rm_sink limited = {.emit = say, .payload = &told};
    return read_file(model, sink == NULL ? NULL : &limited, path, text, used);
}
