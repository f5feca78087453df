#include "facts/push.h"

/* The requests that documents call by a name of their own. */
static const struct {
    rm_entry_kind kind;
    const char *name;
} request_names[] = {
    {RM_ENTRY_CREATE, "IRP_MJ_CREATE"}, {RM_ENTRY_READ, "IRP_MJ_READ"},
    {RM_ENTRY_WRITE, "IRP_MJ_WRITE"},   {RM_ENTRY_WMI, "IRP_MJ_SYSTEM_CONTROL"},
    {RM_ENTRY_FAST_IO, "fast I/O"},     {RM_ENTRY_MESSAGE, "message"},
};

static rm_status default_name(rm_facts *facts, rm_entry *entry) {
    if (entry->name.len > 0) {
        return RM_OK;
    }
    if (entry->has_code) {
        return rm_str_printf(facts->model->arena, &entry->name, "0x%08X", entry->code);
    }
    for (size_t i = 0; i < sizeof request_names / sizeof request_names[0]; i++) {
        if (request_names[i].kind == entry->kind) {
            entry->name = rm_str_from(request_names[i].name);
        }
    }
    return RM_OK;
}

static bool takes_codes(rm_entry_kind kind) {
    return kind == RM_ENTRY_IOCTL || kind == RM_ENTRY_INTERNAL_IOCTL || kind == RM_ENTRY_FSCTL;
}

/* A control code that is served is defined too. */
static rm_status add_ioctl(rm_facts *facts, const rm_entry *entry) {
    rm_ioctl row = {.driver = entry->driver,
                    .device = RM_NONE,
                    .name = entry->name,
                    .has_code = true,
                    .code = entry->code,
                    .handler = entry->handler,
                    .handled = true,
                    .place = entry->place};
    return entry->has_code && takes_codes(entry->kind) ? rm_fact_add(facts, ioctls, row) : RM_OK;
}

static rm_str reason_or(const rm_facts *facts, rm_str reason) {
    return reason.len > 0 ? reason : facts->reason;
}

static rm_status add_input(rm_facts *facts, const rm_json *object, uint32_t entry) {
    rm_input row = {.entry = entry,
                    .validation = RM_VALIDATION_UNKNOWN,
                    .state = RM_STATE_DECLARED,
                    .place = object->loc};
    bool good = false;
    rm_status st = rm_fact_take(facts, &rm_fact_input_record, object, &row, &good);
    row.reason = reason_or(facts, row.reason);
    return st != RM_OK || !good ? st : rm_fact_add(facts, inputs, row);
}

static rm_status add_sink(rm_facts *facts, const rm_json *object, uint32_t entry) {
    rm_sink_call row = {.entry = entry,
                        .validation = RM_VALIDATION_UNKNOWN,
                        .state = RM_STATE_DECLARED,
                        .place = object->loc};
    bool good = false;
    rm_status st = rm_fact_take(facts, &rm_fact_sink_record, object, &row, &good);
    if (st != RM_OK || !good) {
        return st;
    }
    row.api = row.api.len > 0 ? row.api : row.class_name;
    row.reason = reason_or(facts, row.reason);
    return rm_fact_add(facts, sinks, row);
}

/* A sink of this entry by class or api; those of an entry stand at the end of the list. */
static bool find_sink(const rm_facts *facts, uint32_t entry, rm_str name, uint32_t *out) {
    const rm_sink_calls *sinks = &facts->model->sinks;
    for (uint32_t i = sinks->count; i-- > 0 && sinks->at[i].entry == entry;) {
        if (rm_str_eq(sinks->at[i].class_name, name) || rm_str_eq(sinks->at[i].api, name)) {
            *out = i;
            return true;
        }
    }
    return false;
}

static rm_status add_check(rm_facts *facts, const rm_json *object, uint32_t entry) {
    rm_fact_check told = {.row = {.entry = entry,
                                  .sink = RM_NONE,
                                  .driver = facts->model->entries.at[entry].driver,
                                  .at = RM_AT_ENTRY,
                                  .well_formed = RM_TRI_UNKNOWN,
                                  .dominates = RM_TRI_UNKNOWN,
                                  .can_refuse = RM_TRI_UNKNOWN,
                                  .state = RM_STATE_DECLARED,
                                  .place = object->loc}};
    bool good = false;
    rm_status st = rm_fact_take(facts, &rm_fact_check_record, object, &told, &good);
    if (st != RM_OK || !good) {
        return st;
    }
    if (told.row.at == RM_AT_CREATE) {
        told.row.entry = RM_NONE;
    }
    if (told.sink.len > 0 && !find_sink(facts, entry, told.sink, &told.row.sink)) {
        rm_diag(facts->sink, RM_ERROR, object->loc, "facts-unknown-sink",
                "'%.*s' is no sink of this entry", RM_STR_ARG(told.sink));
        return RM_OK;
    }
    return rm_fact_add(facts, checks, told.row);
}

static rm_status add_forward(rm_facts *facts, const rm_json *object, uint32_t entry) {
    rm_fact_forward told = {.row = {.from_driver = facts->model->entries.at[entry].driver,
                                    .from_service = RM_NONE,
                                    .entry = entry,
                                    .to_driver = RM_NONE,
                                    .to_device = RM_NONE,
                                    .to_entry_kind = RM_ENTRY_IOCTL,
                                    .code_sent = RM_CODE_RECEIVED,
                                    .how_found = RM_FOUND_NAME,
                                    .requestor_mode_after = RM_AFTER_UNKNOWN,
                                    .carries_user_data = RM_TRI_UNKNOWN,
                                    .validation = RM_VALIDATION_UNKNOWN,
                                    .state = RM_STATE_DECLARED,
                                    .place = object->loc}};
    bool good = false;
    rm_status st = rm_fact_take(facts, &rm_fact_forward_record, object, &told, &good);
    if (st != RM_OK || !good) {
        return st;
    }
    if (told.to_device.len > 0) {
        told.row.target = told.to_device;
    }
    told.row.reason = reason_or(facts, told.row.reason);
    told.row.to_driver_name = told.to_driver;
    if (told.row.target.len == 0) {
        told.row.target = told.to_driver;
    }
    return rm_fact_add(facts, forwards, told.row);
}

typedef rm_status add_part(rm_facts *facts, const rm_json *object, uint32_t entry);

static rm_status each_part(rm_facts *facts, const rm_json *list, uint32_t entry, add_part *add) {
    rm_status st = RM_OK;
    const rm_json *item = list != NULL ? list->child : NULL;
    for (uint32_t i = 0; item != NULL && st == RM_OK; item = item->next, i++) {
        if (!rm_fact_has_room(facts, item, i, RM_FACTS_MAX_PARTS)) {
            break;
        }
        st = add(facts, item, entry);
    }
    return st;
}

/* Sinks before checks, which speak of them. */
static rm_status add_parts(rm_facts *facts, const rm_fact_entry *told, uint32_t entry) {
    rm_status st = each_part(facts, told->inputs, entry, add_input);
    if (st == RM_OK) {
        st = each_part(facts, told->sinks, entry, add_sink);
    }
    if (st == RM_OK) {
        st = each_part(facts, told->checks, entry, add_check);
    }
    return st != RM_OK ? st : each_part(facts, told->forwards, entry, add_forward);
}

rm_status rm_fact_push_entry(rm_facts *facts, const rm_json *object) {
    rm_fact_entry told = {
        .row = {.device = RM_NONE, .state = RM_STATE_DECLARED, .place = object->loc}};
    bool good = false;
    rm_status st = rm_fact_take(facts, &rm_fact_entry_record, object, &told, &good);
    if (st != RM_OK || !good) {
        return st;
    }
    told.row.has_code = told.code.set;
    told.row.code = told.code.value;
    if ((st = default_name(facts, &told.row)) != RM_OK ||
        (st = rm_fact_driver_of(facts, told.driver, object->loc, &told.row.driver)) != RM_OK ||
        (st = rm_fact_add(facts, entries, told.row)) != RM_OK ||
        (st = add_ioctl(facts, &told.row)) != RM_OK) {
        return st;
    }
    return add_parts(facts, &told, facts->model->entries.count - 1);
}
