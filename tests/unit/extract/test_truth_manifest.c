#include "truth_inf.h"

#include "manifest.h"

/*
 * Every real manifest of the corpus, as another parser has it
 * (../shared/truth/manifest/manifest.jsonl; its README says how far to trust it).
 */
struct tally {
    unsigned files, absent, equal;
};

/* Facts as lines of text, so that a difference can be read. */
typedef struct spelled {
    rm_buf theirs, ours;
} spelled;

static void say(rm_buf *buf, const char *what, rm_str value) {
    rm_buf_printf(buf, " %s=%.*s", what, RM_STR_ARG(value));
}

static void say_key(rm_buf *buf, const rm_json *object, const char *key, const char *what) {
    say(buf, what, truth_text(object, key));
}

static const rm_json *first(const rm_json *row, const char *key) {
    const rm_json *list = rm_json_get(row, key);
    return list == NULL ? NULL : list->child;
}

/* ---- packages ---- */

static void their_capabilities(rm_buf *buf, const rm_json *row) {
    for (const rm_json *c = first(row, "capabilities"); c != NULL; c = c->next) {
        say_key(buf, c, "element", "\ncapability");
        say_key(buf, c, "ns", "ns");
        say_key(buf, c, "name", "name");
        for (const rm_json *d = first(c, "devices"); d != NULL; d = d->next) {
            say_key(buf, d, "id", "device");
            const char *between = " functions=";
            for (const rm_json *x = first(d, "functions"); x != NULL; x = x->next) {
                rm_buf_printf(buf, "%s%.*s", between, RM_STR_ARG(x->text));
                between = "; ";
            }
        }
    }
}

static void our_capabilities(rm_buf *buf, const rm_manifest *m) {
    for (uint32_t i = 0; i < m->capabilities.count; i++) {
        const rm_manifest_capability *c = &m->capabilities.at[i];
        say(buf, "\ncapability", c->element);
        say(buf, "ns", c->ns);
        say(buf, "name", c->name);
        for (uint32_t d = 0; d < c->devices.count; d++) {
            say(buf, "device", c->devices.at[d].id);
            if (c->devices.at[d].functions.len > 0) {
                say(buf, "functions", c->devices.at[d].functions);
            }
        }
    }
}

static void their_apps(rm_buf *buf, const rm_json *row) {
    for (const rm_json *a = first(row, "applications"); a != NULL; a = a->next) {
        say_key(buf, a, "Id", "\napp");
        say_key(buf, a, "Executable", "exe");
        say_key(buf, a, "EntryPoint", "entry");
        say_key(buf, a, "StartPage", "page");
    }
    for (const rm_json *e = first(row, "extensions"); e != NULL; e = e->next) {
        say_key(buf, e, "app", "\nextension of");
        say_key(buf, e, "Category", "category");
        say_key(buf, e, "Executable", "exe");
        say_key(buf, e, "EntryPoint", "entry");
    }
    for (const rm_json *f = first(row, "target_device_families"); f != NULL; f = f->next) {
        say_key(buf, f, "Name", "\nfamily");
        say_key(buf, f, "MinVersion", "from");
        say_key(buf, f, "MaxVersionTested", "to");
    }
}

static void our_apps(rm_buf *buf, const rm_manifest *m) {
    for (uint32_t i = 0; i < m->apps.count; i++) {
        say(buf, "\napp", m->apps.at[i].id);
        say(buf, "exe", m->apps.at[i].executable);
        say(buf, "entry", m->apps.at[i].entry_point);
        say(buf, "page", m->apps.at[i].start_page);
    }
    for (uint32_t i = 0; i < m->extensions.count; i++) {
        const rm_manifest_extension *e = &m->extensions.at[i];
        say(buf, "\nextension of", e->app == RM_NONE ? RM_STR_NONE : m->apps.at[e->app].id);
        say(buf, "category", e->category);
        say(buf, "exe", e->executable);
        say(buf, "entry", e->entry_point);
    }
    for (uint32_t i = 0; i < m->families.count; i++) {
        say(buf, "\nfamily", m->families.at[i].name);
        say(buf, "from", m->families.at[i].min_version);
        say(buf, "to", m->families.at[i].max_version_tested);
    }
}

static bool has_full_trust(const rm_manifest *m) {
    for (uint32_t i = 0; i < m->apps.count; i++) {
        if (strcmp(rm_manifest_trust(m, &m->apps.at[i]).principal, "standard_user") == 0) {
            return true;
        }
    }
    return false;
}

static void spell_package(spelled *s, const rm_json *row, const rm_manifest *m) {
    const rm_json *identity = rm_json_get(row, "identity");
    const rm_json *full = rm_json_get(row, "any_full_trust");
    say_key(&s->theirs, identity, "Name", "name");
    say_key(&s->theirs, identity, "Publisher", "publisher");
    say_key(&s->theirs, identity, "Version", "version");
    rm_buf_printf(&s->theirs, " full=%d", full != NULL && full->is_true);
    their_capabilities(&s->theirs, row);
    their_apps(&s->theirs, row);
    say(&s->ours, "name", m->name);
    say(&s->ours, "publisher", m->publisher);
    say(&s->ours, "version", m->version);
    rm_buf_printf(&s->ours, " full=%d", has_full_trust(m));
    our_capabilities(&s->ours, m);
    our_apps(&s->ours, m);
}

/* ---- programs ---- */

static void spell_program(spelled *s, const rm_json *row, const rm_manifest *m) {
    const rm_json *identity = rm_json_get(row, "assemblyIdentity");
    const rm_json *elevate = first(row, "autoElevate");
    const rm_json *msix = first(row, "msix");
    say(&s->theirs, "assembly",
        identity == NULL || identity->kind != RM_JSON_OBJECT ? RM_STR_NONE
                                                             : truth_text(identity, "name"));
    for (const rm_json *l = first(row, "requestedExecutionLevel"); l != NULL; l = l->next) {
        say_key(&s->theirs, l, "level", "level");
        say_key(&s->theirs, l, "uiAccess", "ui");
        say_key(&s->theirs, l, "ns", "ns");
    }
    rm_buf_printf(&s->theirs, " auto=%d", elevate != NULL);
    say(&s->theirs, "package", msix == NULL ? RM_STR_NONE : truth_text(msix, "packageName"));
    say(&s->theirs, "app", msix == NULL ? RM_STR_NONE : truth_text(msix, "applicationId"));
    say(&s->theirs, "publisher", msix == NULL ? RM_STR_NONE : truth_text(msix, "publisher"));
    say(&s->ours, "assembly", m->assembly);
    for (uint32_t i = 0; i < m->levels.count; i++) {
        say(&s->ours, "level", m->levels.at[i].level);
        say(&s->ours, "ui", m->levels.at[i].ui_access);
        say(&s->ours, "ns", m->levels.at[i].ns);
    }
    rm_buf_printf(&s->ours, " auto=%d", m->auto_elevate);
    say(&s->ours, "package", m->name);
    say(&s->ours, "app", m->application);
    say(&s->ours, "publisher", m->publisher);
}

/* ---- one file ---- */

static bool same(rm_arena *arena, const rm_json *row, rm_str path, rm_str bytes) {
    rm_manifest m = {.kind = RM_MANIFEST_OTHER};
    spelled s = {{.arena = arena}, {.arena = arena}};
    rm_str kind = truth_text(row, "kind");
    rm_status st = rm_manifest_parse(arena, NULL, path, bytes, &m);
    if (rm_str_eq(kind, RM_STR("not-well-formed"))) {
        return st == RM_SYNTAX;
    }
    assert_int_equal(st, RM_OK);
    if (rm_str_eq(kind, RM_STR("appx"))) {
        assert_int_equal(m.kind, RM_MANIFEST_PACKAGE);
        spell_package(&s, row, &m);
    } else {
        assert_int_equal(m.kind, RM_MANIFEST_PROGRAM);
        spell_program(&s, row, &m);
    }
    bool equal = rm_str_eq(rm_buf_view(&s.theirs), rm_buf_view(&s.ours));
    if (!equal) {
        print_error("%.*s\n theirs:%.*s\n ours:%.*s\n", RM_STR_ARG(path),
                    RM_STR_ARG(rm_buf_view(&s.theirs)), RM_STR_ARG(rm_buf_view(&s.ours)));
    }
    return equal;
}

static void compare(struct fixture *f, rm_arena *arena, const rm_json *row, void *payload) {
    struct tally *t = payload;
    rm_str path = truth_text(row, "path");
    rm_str bytes = truth_corpus_file(arena, truth_text(row, "repo"), path);
    (void)f;
    if (bytes.ptr == NULL) {
        t->absent++;
        return;
    }
    t->files++;
    t->equal += same(arena, row, path, bytes);
}

static void every_manifest_of_the_corpus_is_read_as_another_parser_reads_it(void **state) {
    struct tally t = {0};
    truth_each_row(*state, RINGMAP_SHARED_DIR "/truth/manifest/manifest.jsonl", compare, &t);
    print_message("manifests: %u of %u equal, %u files not at hand\n", t.equal, t.files, t.absent);
    assert_int_equal(t.equal, t.files);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(every_manifest_of_the_corpus_is_read_as_another_parser_reads_it),
    };
    return cmocka_run_group_tests_name("truth_manifest", tests, NULL, NULL);
}
