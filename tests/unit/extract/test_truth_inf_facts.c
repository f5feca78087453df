#include "truth_inf.h"

#include "inf/package.h"

/*
 * The key facts of the real INF files as another program reads them
 * (../shared/truth/inf/inf.jsonl): each fact is spelled as a line of text, on both sides in the
 * same way, and the two bags must be equal.
 */

RM_LIST(bag, rm_str);

struct kind {
    const char *name;
    unsigned expected, equal;
};

struct tally {
    unsigned files, equal_files, shown;
    struct kind kinds[16];
};

/* ---- bags ---- */

static void put(rm_arena *arena, bag *b, const char *fmt, ...) RM_PRINTF(3, 4);

static void put(rm_arena *arena, bag *b, const char *fmt, ...) {
    char text[4096];
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    rm_str *kept = rm_push(arena, b);
    assert_non_null(kept);
    assert_true(n >= 0);
    assert_int_equal(rm_str_copy(arena, rm_str_from(text), kept), RM_OK);
}

static int by_text(const void *a, const void *b) {
    return rm_str_cmp(*(const rm_str *)a, *(const rm_str *)b);
}

static void show(struct tally *t, rm_str path, const char *side, const char *kind, rm_str fact) {
    if (t->shown++ < 40) {
        print_message("%.*s: only %s: %s %.*s\n", RM_STR_ARG(path), side, kind, RM_STR_ARG(fact));
    }
}

static bool same_bags(struct tally *t, unsigned kind, rm_str path, bag *expected, bag *read) {
    struct kind *k = &t->kinds[kind];
    bool same = true;
    uint32_t i = 0;
    uint32_t j = 0;
    if (expected->count > 0) {
        qsort(expected->at, expected->count, sizeof(rm_str), by_text);
    }
    if (read->count > 0) {
        qsort(read->at, read->count, sizeof(rm_str), by_text);
    }
    while (i < expected->count || j < read->count) {
        int order = i == expected->count ? 1
                    : j == read->count   ? -1
                                         : rm_str_cmp(expected->at[i], read->at[j]);
        if (order == 0) {
            k->equal++;
            i++;
            j++;
            continue;
        }
        same = false;
        if (order < 0) {
            show(t, path, "expected", k->name, expected->at[i++]);
        } else {
            show(t, path, "read", k->name, read->at[j++]);
        }
    }
    k->expected += expected->count;
    return same;
}

/* What a file says twice is one fact. */
static void drop_repeated(bag *b) {
    uint32_t kept = 0;
    if (b->count > 0) {
        qsort(b->at, b->count, sizeof(rm_str), by_text);
    }
    for (uint32_t i = 0; i < b->count; i++) {
        if (kept == 0 || !rm_str_eq(b->at[kept - 1], b->at[i])) {
            b->at[kept++] = b->at[i];
        }
    }
    b->count = kept;
}

/* ---- small things ---- */

static rm_str lower(rm_arena *arena, rm_str s) {
    rm_buf buf = {.arena = arena};
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        rm_buf_char(&buf, c >= 'A' && c <= 'Z' ? (char)(c + 32) : c);
    }
    return rm_buf_view(&buf);
}

#define S(text) RM_STR_ARG(text)

/* The fields from `from` on, each followed by '|'. */
static rm_str fields_of(rm_arena *arena, const rm_inf_item *item, uint32_t from) {
    rm_buf buf = {.arena = arena};
    for (uint32_t i = from; i < item->line->count; i++) {
        rm_buf_str(&buf, rm_inf_item_field(item, i));
        rm_buf_char(&buf, '|');
    }
    return rm_buf_view(&buf);
}

static rm_str values_of(rm_arena *arena, const rm_json *list) {
    rm_buf buf = {.arena = arena};
    for (const rm_json *v = list == NULL ? NULL : list->child; v != NULL; v = v->next) {
        rm_buf_str(&buf, v->text);
        rm_buf_char(&buf, '|');
    }
    return rm_buf_view(&buf);
}

static const char *number(char *buffer, bool known, int64_t value) {
    (void)snprintf(buffer, 24, "%lld", (long long)value);
    return known ? buffer : "-";
}

static const char *json_number(char *buffer, const rm_json *row, const char *key) {
    const rm_json *value = rm_json_get(row, key);
    bool known = value != NULL && value->kind == RM_JSON_NUMBER;
    return number(buffer, known, known ? value->integer : 0);
}

/* Every line of the file, with the name of its section. */
typedef void visit_line(rm_inf_set *set, const rm_inf_item *item, bag *out);

static void each_line(rm_inf_set *set, visit_line *visit, bag *out) {
    rm_inf *inf = set->main;
    for (uint32_t i = 0; i < inf->distinct; i++) {
        const rm_inf_section *section = &inf->sections.at[inf->by_name[i]];
        rm_inf_cursor cursor = rm_inf_lines_of(section);
        for (const rm_inf_line *line; (line = rm_inf_next(inf, &cursor)) != NULL;) {
            const rm_inf_item item = {inf, line, section->name};
            visit(set, &item, out);
        }
    }
}

static bool is_directive(const rm_inf_item *item, const char *key) {
    return item->line->has_key && rm_str_ieq(rm_inf_item_key(item), rm_str_from(key));
}

static uint32_t line_of(const rm_inf_item *item) {
    return rm_inf_item_loc(item).line;
}

/* ---- the kinds of facts: what is expected, what is read ---- */

static void expect_counts(rm_arena *a, const rm_json *row, bag *out) {
    put(a, out, "sections %d strings %d", (int)rm_json_get(row, "n_sections")->integer,
        (int)rm_json_get(row, "n_strings")->integer);
}

static void read_counts(rm_inf_set *set, const rm_inf_package *p, bag *out) {
    unsigned strings = 0;
    rm_inf_cursor cursor = rm_inf_lines_of(rm_inf_section_named(set->main, RM_STR("Strings")));
    (void)p;
    while (rm_inf_next(set->main, &cursor) != NULL) {
        strings++;
    }
    put(set->arena, out, "sections %u strings %u", set->main->distinct, strings);
}

static void expect_version(rm_arena *a, const rm_json *row, bag *out) {
    const rm_json *version = rm_json_get(row, "version");
    for (const rm_json *v = version->child; v != NULL; v = v->next) {
        put(a, out, "%.*s = %.*s", S(v->key), S(v->text));
    }
}

static void version_line(rm_inf_set *set, const rm_inf_item *item, bag *out) {
    if (!rm_str_ieq(item->section, RM_STR("Version")) || !item->line->has_key) {
        return;
    }
    rm_buf value = {.arena = set->arena};
    for (uint32_t i = 0; i < item->line->count; i++) {
        rm_buf_text(&value, i > 0 ? ", " : "");
        rm_buf_str(&value, rm_inf_item_field(item, i));
    }
    rm_str text = rm_buf_view(&value);
    put(set->arena, out, "%.*s = %.*s", S(lower(set->arena, rm_inf_item_key(item))), S(text));
}

static void read_version(rm_inf_set *set, const rm_inf_package *p, bag *out) {
    (void)p;
    each_line(set, version_line, out);
    drop_repeated(out);
}

static void expect_models_sections(rm_arena *a, const rm_json *row, bag *out) {
    for (const rm_json *m = rm_json_get(row, "models_sections")->child; m != NULL; m = m->next) {
        put(a, out, "%.*s|%.*s|%.*s|%d", S(truth_text(m, "mfg")), S(truth_text(m, "section")),
            S(truth_text(m, "target")), rm_json_get(m, "present")->is_true);
    }
}

static void read_models_sections(rm_inf_set *set, const rm_inf_package *p, bag *out) {
    for (uint32_t i = 0; i < p->models_sections.count; i++) {
        if (p->models_sections.at[i].implied) {
            continue;
        }
        const rm_inf_models_section *m = &p->models_sections.at[i];
        put(set->arena, out, "%.*s|%.*s%s%.*s|%.*s|%d", S(m->manufacturer), S(m->base),
            m->target.len > 0 ? "." : "", S(m->target), S(m->target), m->section != NULL);
    }
}

static void expect_models(rm_arena *a, const rm_json *row, bag *out) {
    for (const rm_json *m = rm_json_get(row, "models")->child; m != NULL; m = m->next) {
        put(a, out, "%.*s|%.*s|%.*s|%.*s|%.*s%d", S(truth_text(m, "target")),
            S(truth_text(m, "desc")), S(truth_text(m, "install")), S(truth_text(m, "hwid")),
            S(values_of(a, rm_json_get(m, "compat"))), (int)rm_json_get(m, "line")->integer);
    }
}

static void read_models(rm_inf_set *set, const rm_inf_package *p, bag *out) {
    for (uint32_t i = 0; i < p->models.count; i++) {
        const rm_inf_model *m = &p->models.at[i];
        if (p->models_sections.at[m->models_section].implied) {
            continue; /* the other program does not put architectures in for $ARCH$ */
        }
        const rm_inf_item item = {set->main, m->line, RM_STR_NONE};
        put(set->arena, out, "%.*s|%.*s|%.*s|%.*s|%.*s%u",
            S(p->models_sections.at[m->models_section].target), S(m->description), S(m->install),
            S(m->hwid), S(fields_of(set->arena, &item, 2)), line_of(&item));
    }
}

static void expect_directives(rm_arena *a, const rm_json *row, bag *out) {
    for (const rm_json *s = rm_json_get(row, "install_sections")->child; s != NULL; s = s->next) {
        const rm_json *list = rm_json_get(s, "directives");
        for (const rm_json *d = list->child; d != NULL; d = d->next) {
            put(a, out, "%.*s: %.*s", S(truth_text(s, "section")), S(d->text));
        }
    }
}

static void expect_includes(rm_arena *a, const rm_json *row, bag *out) {
    for (const rm_json *i = rm_json_get(row, "include_needs")->child; i != NULL; i = i->next) {
        put(a, out, "%.*s|%.*s|%.*s", S(truth_text(i, "section")), S(truth_text(i, "directive")),
            S(values_of(a, rm_json_get(i, "values"))));
    }
}

static void include_line(rm_inf_set *set, const rm_inf_item *item, bag *out) {
    if (is_directive(item, "Include") || is_directive(item, "Needs")) {
        put(set->arena, out, "%.*s|%.*s|%.*s", S(item->section),
            S(lower(set->arena, rm_inf_item_key(item))), S(fields_of(set->arena, item, 0)));
    }
}

static void read_includes(rm_inf_set *set, const rm_inf_package *p, bag *out) {
    (void)p;
    each_line(set, include_line, out);
}

static void expect_services(rm_arena *a, const rm_json *row, bag *out) {
    for (const rm_json *s = rm_json_get(row, "services")->child; s != NULL; s = s->next) {
        char n[4][24];
        const rm_json *dependencies = rm_json_get(s, "dependencies");
        put(a, out, "%.*s|%.*s|%s|%.*s|%d|%.*s|%s|%s|%s|%.*s|%.*s|%.*s", S(truth_text(s, "from")),
            S(truth_text(s, "name")), json_number(n[0], s, "flags"), S(truth_text(s, "section")),
            (int)rm_json_get(s, "line")->integer, S(truth_text(s, "displayname")),
            json_number(n[1], s, "servicetype"), json_number(n[2], s, "starttype"),
            json_number(n[3], s, "errorcontrol"), S(truth_text(s, "servicebinary")),
            S(truth_text(s, "loadordergroup")), S(values_of(a, dependencies)));
    }
}

/* "a, b" as values_of() spells a list. */
static rm_str list_of(rm_arena *a, rm_str joined) {
    rm_str spelled = truth_replace(a, joined, RM_STR(", "), RM_STR("|"));
    rm_buf buf = {.arena = a};
    rm_buf_str(&buf, spelled);
    rm_buf_text(&buf, joined.len > 0 ? "|" : "");
    return rm_buf_view(&buf);
}

static void service_line(rm_inf_set *set, const rm_inf_item *item, bag *out) {
    rm_inf_item copy = *item;
    const rm_inf_items one = {&copy, 1, 1};
    rm_inf_services services = {0};
    assert_int_equal(rm_inf_services_added(set, &one, &services), RM_OK);
    for (uint32_t i = 0; i < services.count; i++) {
        const rm_inf_service *s = &services.at[i];
        char n[4][24];
        put(set->arena, out, "%.*s|%.*s|%s|%.*s|%u|%.*s|%s|%s|%s|%.*s|%.*s|%.*s", S(s->from),
            S(s->name), number(n[0], s->flags.known, s->flags.value), S(s->section),
            line_of(&s->item), S(s->display_name), number(n[1], s->type.known, s->type.value),
            number(n[2], s->start.known, s->start.value),
            number(n[3], s->error_control.known, s->error_control.value), S(s->binary),
            S(s->load_order_group), S(list_of(set->arena, s->dependencies)));
    }
}

static void read_services(rm_inf_set *set, const rm_inf_package *p, bag *out) {
    (void)p;
    each_line(set, service_line, out);
}

static void expect_interfaces(rm_arena *a, const rm_json *row, bag *out) {
    for (const rm_json *i = rm_json_get(row, "interfaces")->child; i != NULL; i = i->next) {
        put(a, out, "%.*s|%.*s|%.*s|%.*s|%d", S(truth_text(i, "from")), S(truth_text(i, "guid")),
            S(truth_text(i, "refstring")), S(truth_text(i, "section")),
            (int)rm_json_get(i, "line")->integer);
    }
}

static void interface_line(rm_inf_set *set, const rm_inf_item *item, bag *out) {
    rm_inf_item copy = *item;
    const rm_inf_items one = {&copy, 1, 1};
    rm_inf_interfaces list = {0};
    assert_int_equal(rm_inf_interfaces_added(set, &one, &list), RM_OK);
    for (uint32_t i = 0; i < list.count; i++) {
        put(set->arena, out, "%.*s|%.*s|%.*s|%.*s|%u", S(list.at[i].from), S(list.at[i].guid),
            S(list.at[i].reference), S(list.at[i].section), line_of(&list.at[i].item));
    }
}

static void read_interfaces(rm_inf_set *set, const rm_inf_package *p, bag *out) {
    (void)p;
    each_line(set, interface_line, out);
}

static void expect_filters(rm_arena *a, const rm_json *row, bag *out) {
    for (const rm_json *i = rm_json_get(row, "filters")->child; i != NULL; i = i->next) {
        const rm_json *def = rm_json_get(i, "def");
        rm_str position = values_of(a, rm_json_get(def, "filterposition"));
        put(a, out, "%.*s|%.*s|%.*s|%d|%.*s%s", S(truth_text(i, "from")),
            S(truth_text(i, "filter")), S(truth_text(i, "section")),
            (int)rm_json_get(i, "line")->integer, S(values_of(a, rm_json_get(def, "filterlevel"))),
            rm_str_ieq(position, RM_STR("Upper|"))   ? "upper"
            : rm_str_ieq(position, RM_STR("Lower|")) ? "lower"
                                                     : "");
    }
}

static void filter_line(rm_inf_set *set, const rm_inf_item *item, bag *out) {
    rm_inf_item copy = *item;
    const rm_inf_items one = {&copy, 1, 1};
    rm_inf_filters list = {0};
    assert_int_equal(rm_inf_filters_added(set, &one, &list), RM_OK);
    for (uint32_t i = 0; i < list.count; i++) {
        const rm_inf_filter *filter = &list.at[i];
        put(set->arena, out, "%.*s|%.*s|%.*s|%u|%.*s%s%s", S(filter->from), S(filter->service),
            S(filter->section), filter->loc.line, S(filter->level),
            filter->level.len > 0 ? "|" : "",
            filter->side_known ? (filter->upper ? "upper" : "lower") : "");
    }
}

static void read_filters(rm_inf_set *set, const rm_inf_package *p, bag *out) {
    (void)p;
    each_line(set, filter_line, out);
}

static void expect_wdf(rm_arena *a, const rm_json *row, bag *out) {
    for (const rm_json *k = rm_json_get(row, "kmdf")->child; k != NULL; k = k->next) {
        put(a, out, "%.*s|%.*s|%.*s|%d|%.*s", S(truth_text(k, "from")), S(truth_text(k, "service")),
            S(truth_text(k, "section")), (int)rm_json_get(k, "line")->integer,
            S(truth_text(k, "kmdflibraryversion")));
    }
    for (const rm_json *u = rm_json_get(row, "umdf")->child; u != NULL; u = u->next) {
        put(a, out, "%.*s|%.*s|%d|%.*s", S(truth_text(u, "section")), S(truth_text(u, "directive")),
            (int)rm_json_get(u, "line")->integer, S(values_of(a, rm_json_get(u, "values"))));
    }
}

static void wdf_line(rm_inf_set *set, const rm_inf_item *item, bag *out) {
    rm_inf_item copy = *item;
    const rm_inf_items one = {&copy, 1, 1};
    rm_inf_wdf wdf = {0};
    if (!rm_str_iends(item->section, RM_STR(".Wdf"))) {
        return; /* the sections of UMDF services come with the line that names them */
    }
    assert_int_equal(rm_inf_wdf_read(set, &one, &wdf), RM_OK);
    for (uint32_t i = 0; i < wdf.kmdf.count; i++) {
        const rm_inf_kmdf *k = &wdf.kmdf.at[i];
        put(set->arena, out, "%.*s|%.*s|%.*s|%u|%.*s", S(k->from), S(k->service), S(k->section),
            line_of(&k->item), S(k->version));
    }
    for (uint32_t i = 0; i < wdf.directives.count; i++) {
        const rm_inf_item *d = &wdf.directives.at[i];
        put(set->arena, out, "%.*s|%.*s|%u|%.*s", S(d->section),
            S(lower(set->arena, rm_inf_item_key(d))), line_of(d), S(fields_of(set->arena, d, 0)));
    }
}

static void read_wdf(rm_inf_set *set, const rm_inf_package *p, bag *out) {
    (void)p;
    each_line(set, wdf_line, out);
    drop_repeated(out);
}

static void expect_security(rm_arena *a, const rm_json *row, bag *out) {
    for (const rm_json *s = rm_json_get(row, "security_values")->child; s != NULL; s = s->next) {
        char n[2][24];
        put(a, out, "%.*s|%.*s|%.*s|%.*s|%s|%.*s|%d|%s", S(truth_text(s, "addreg_section")),
            S(truth_text(s, "root")), S(truth_text(s, "subkey")), S(truth_text(s, "value")),
            json_number(n[0], s, "flags"), S(values_of(a, rm_json_get(s, "data"))),
            (int)rm_json_get(s, "line")->integer, json_number(n[1], s, "number"));
    }
}

static bool is_keyword(rm_str name) {
    static const char *const names[] = {"Security",  "DeviceCharacteristics", "DeviceType",
                                        "Exclusive", "UpperFilters",          "LowerFilters"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (rm_str_ieq(name, rm_str_from(names[i]))) {
            return true;
        }
    }
    return false;
}

/* The values of one unit's or class's key; a section may serve several. */
static void security_of(rm_arena *a, const rm_inf_values *values, bag *out) {
    for (uint32_t i = 0; i < values->count; i++) {
        const rm_inf_value *v = &values->at[i];
        char n[2][24];
        if (!is_keyword(v->name)) {
            continue;
        }
        rm_inf_number own =
            rm_inf_value_type(v) == RM_INF_TYPE_DWORD ? rm_inf_value_number(v) : (rm_inf_number){0};
        put(a, out, "%.*s|%.*s|%.*s|%.*s|%s|%.*s|%u|%s", S(v->section), S(v->root), S(v->subkey),
            S(v->name), number(n[0], v->flags.known, v->flags.value),
            S(fields_of(a, &v->item, RM_INF_DATA)), line_of(&v->item),
            number(n[1], own.known, own.value));
    }
}

static void read_security(rm_inf_set *set, const rm_inf_package *p, bag *out) {
    for (uint32_t i = 0; i < p->units.count; i++) {
        security_of(set->arena, &p->units.at[i].hardware, out);
    }
    for (uint32_t i = 0; i < p->classes.count; i++) {
        security_of(set->arena, &p->classes.at[i].values, out);
    }
    drop_repeated(out);
}

static const struct {
    const char *name;
    void (*expect)(rm_arena *arena, const rm_json *row, bag *out);
    void (*read)(rm_inf_set *set, const rm_inf_package *package, bag *out);
} kinds[] = {
    {"counts", expect_counts, read_counts},
    {"version", expect_version, read_version},
    {"models sections", expect_models_sections, read_models_sections},
    {"models", expect_models, read_models},
    {"include, needs", expect_includes, read_includes},
    {"services", expect_services, read_services},
    {"interfaces", expect_interfaces, read_interfaces},
    {"filters", expect_filters, read_filters},
    {"wdf directives", expect_wdf, read_wdf},
    {"device and class keys", expect_security, read_security},
};

/* ---- directives: a section is only expected where the other program saw a use for it ---- */

static bool directives_alike(rm_inf_set *set, const rm_json *row, struct tally *t, rm_str path) {
    bag expected = {0};
    bag read = {0};
    expect_directives(set->arena, row, &expected);
    for (const rm_json *s = rm_json_get(row, "install_sections")->child; s != NULL; s = s->next) {
        rm_str name = truth_text(s, "section");
        rm_inf_cursor cursor = rm_inf_lines_of(rm_inf_section_named(set->main, name));
        for (const rm_inf_line *line; (line = rm_inf_next(set->main, &cursor)) != NULL;) {
            if (line->has_key) {
                put(set->arena, &read, "%.*s: %.*s", S(name),
                    S(lower(set->arena, rm_inf_key(set->main, line))));
            }
        }
    }
    drop_repeated(&read);
    return same_bags(t, sizeof kinds / sizeof kinds[0], path, &expected, &read);
}

static void compare(struct fixture *f, rm_arena *arena, const rm_json *row, void *tally) {
    struct tally *t = tally;
    rm_encoding encoding = RM_ENC_UTF8;
    rm_inf_file file = {.path = truth_text(row, "path")};
    rm_str bytes = truth_corpus_file(arena, truth_text(row, "repo"), file.path);
    rm_inf_set set;
    rm_inf_package package;
    (void)f;
    if (bytes.ptr == NULL) {
        return;
    }
    assert_int_equal(rm_text_decode(arena, NULL, file.path, bytes, &encoding, &file.text), RM_OK);
    assert_int_equal(rm_inf_set_open(&set, arena, NULL, &file, 1, 0), RM_OK);
    assert_int_equal(rm_inf_package_read(&set, &package), RM_OK);
    bool same = directives_alike(&set, row, t, file.path);
    for (unsigned i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        bag expected = {0};
        bag read = {0};
        kinds[i].expect(arena, row, &expected);
        kinds[i].read(&set, &package, &read);
        same = same_bags(t, i, file.path, &expected, &read) && same;
    }
    t->files++;
    t->equal_files += same;
}

static void key_facts_are_those_that_another_program_reads(void **state) {
    struct tally t = {0};
    unsigned count = sizeof kinds / sizeof kinds[0];
    for (unsigned i = 0; i < count; i++) {
        t.kinds[i].name = kinds[i].name;
    }
    t.kinds[count].name = "directives";
    truth_each_row(*state, RINGMAP_SHARED_DIR "/truth/inf/inf.jsonl", compare, &t);
    print_message("inf facts: %u of %u files equal\n", t.equal_files, t.files);
    for (unsigned i = 0; i <= count; i++) {
        print_message("  %-22s %u of %u\n", t.kinds[i].name, t.kinds[i].equal, t.kinds[i].expected);
    }
    assert_int_equal(t.equal_files, t.files);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(key_facts_are_those_that_another_program_reads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
