#include "inf/inf.h"

#include "inf/services.h"
#include "inf/wdf.h"

/*
 * Every AddService and UmdfService line of the file, on every platform and whether or not a model
 * leads to it: what is built from the sources beside an INF is named there.
 */
struct names {
    rm_inf_set set;
    rm_inf_services services;
    rm_inf_wdf wdf;
};

enum { MAX_BINARIES = 1024 /* a package has a handful */ };

static rm_status collect(struct names *n) {
    rm_inf *inf = n->set.main;
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < inf->lines.count; i++) {
        rm_inf_item item = {.inf = inf, .line = &inf->lines.at[i]};
        const rm_inf_items one = {&item, 1, 1};
        rm_str key = item.line->has_key ? rm_inf_item_key(&item) : RM_STR_NONE;
        if (rm_str_ieq(key, RM_STR("AddService"))) {
            st = rm_inf_services_added(&n->set, &one, &n->services);
        } else if (rm_str_ieq(key, RM_STR("UmdfService"))) {
            st = rm_inf_wdf_read(&n->set, &one, &n->wdf);
        }
    }
    return st;
}

static bool known(const rm_inf_binaries *list, const rm_inf_binary *binary) {
    for (uint32_t i = 0; i < list->count; i++) {
        if (rm_str_ieq(list->at[i].stem, binary->stem) &&
            rm_str_ieq(list->at[i].service, binary->service)) {
            return true;
        }
    }
    return false;
}

static rm_status add(rm_arena *arena, rm_inf_binary binary, rm_inf_binaries *out) {
    if (binary.stem.len == 0 || out->count >= MAX_BINARIES || known(out, &binary)) {
        return RM_OK;
    }
    rm_inf_binary *kept = rm_push(arena, out);
    if (kept == NULL) {
        return RM_NOMEM;
    }
    *kept = binary;
    return RM_OK;
}

static rm_status add_all(struct names *n, rm_inf_binaries *out) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < n->services.count; i++) {
        const rm_inf_service *s = &n->services.at[i];
        st = add(n->set.arena,
                 (rm_inf_binary){.stem = rm_path_stem(s->binary),
                                 .service = s->name,
                                 .kernel = s->type.known ? rm_inf_service_is_driver(s)
                                                         : rm_str_iends(s->binary, RM_STR(".sys")),
                                 .place = rm_inf_item_loc(&s->item)},
                 out);
    }
    for (uint32_t i = 0; st == RM_OK && i < n->wdf.umdf.count; i++) {
        const rm_inf_umdf *u = &n->wdf.umdf.at[i];
        st = add(n->set.arena,
                 (rm_inf_binary){.stem = u->binary.len > 0 ? rm_path_stem(u->binary) : u->name,
                                 .service = u->name,
                                 .umdf = true,
                                 .place = rm_inf_item_loc(&u->item)},
                 out);
    }
    return st;
}

rm_status rm_inf_binaries_of(rm_arena *arena, rm_str path, rm_str text, rm_inf_binaries *out) {
    const rm_inf_file file = {.path = path, .text = text};
    struct names n = {0};
    rm_inf_binaries found = {0};
    rm_status st = rm_inf_set_open(&n.set, arena, NULL, &file, 1, 0);
    if (st == RM_OK) {
        st = collect(&n);
    }
    if (st == RM_OK) {
        st = add_all(&n, &found);
    }
    st = st == RM_OK ? n.set.main->status : st;
    if (st == RM_OK) {
        *out = found;
    }
    return st;
}
