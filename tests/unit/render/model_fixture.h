#ifndef TESTS_UNIT_RENDER_MODEL_FIXTURE_H
#define TESTS_UNIT_RENDER_MODEL_FIXTURE_H

/*
 * The system of the security-model document, derived by hand: App1 (AppContainer), App2
 * (administrator), Driver1 which writes a port and sends requests on to Driver3, Driver2. Paths,
 * boundaries and scores are those computed in the ontology: 863, 810, 285, 225.
 */
#include "model/model.h"
#include "support.h"

static inline rm_place fixture_place(const char *file, uint32_t line) {
    return (rm_place){rm_str_from(file), line, 1};
}

static inline uint32_t fixture_driver(rm_model *m, const char *name, const char *nt_name,
                                      const char *sddl) {
    rm_driver *driver = rm_push(m->arena, &m->drivers);
    rm_device *device = rm_push(m->arena, &m->devices);
    rm_descriptor *descriptor = rm_push(m->arena, &m->descriptors);
    assert_true(driver != NULL && device != NULL && descriptor != NULL);
    uint32_t index = m->drivers.count - 1;
    driver->name = rm_str_from(name);
    assert_int_equal(rm_str_printf(m->arena, &driver->id, "driver:%s", name), RM_OK);
    assert_int_equal(rm_str_printf(m->arena, &device->id, "device:%s", name), RM_OK);
    driver->framework = RM_FRAMEWORK_WDM;
    device->driver = index;
    device->nt_name = rm_str_from(nt_name);
    device->descriptor = index;
    descriptor->subject = index;
    descriptor->sddl = rm_str_from(sddl);
    descriptor->effective = true;
    return index;
}

static inline uint32_t fixture_entry(rm_model *m, uint32_t driver, const char *name,
                                     uint32_t code) {
    rm_entry *entry = rm_push(m->arena, &m->entries);
    assert_non_null(entry);
    entry->driver = driver;
    entry->device = driver;
    entry->name = rm_str_from(name);
    entry->has_code = true;
    entry->code = code;
    assert_int_equal(rm_str_printf(m->arena, &entry->id, "entry:%u:%s", driver, name), RM_OK);
    return m->entries.count - 1;
}

static inline uint32_t fixture_sink(rm_model *m, uint32_t entry, const char *class_name,
                                    const char *api, rm_validation validation) {
    rm_sink_call *sink = rm_push(m->arena, &m->sinks);
    assert_non_null(sink);
    sink->entry = entry;
    sink->class_name = rm_str_from(class_name);
    sink->api = rm_str_from(api);
    sink->validation = validation;
    assert_int_equal(rm_str_printf(m->arena, &sink->id, "sink:%u:%s", entry, class_name), RM_OK);
    return m->sinks.count - 1;
}

static inline uint32_t fixture_app(rm_model *m, const char *name, const char *principal) {
    rm_app *app = rm_push(m->arena, &m->apps);
    assert_non_null(app);
    app->name = rm_str_from(name);
    app->principal = rm_str_from(principal);
    assert_int_equal(rm_str_printf(m->arena, &app->id, "app:%s", name), RM_OK);
    return m->apps.count - 1;
}

static inline rm_step *fixture_step(rm_model *m, rm_path *path, rm_step_kind kind, rm_str node,
                                    rm_validation validation) {
    rm_step *step = rm_push(m->arena, &path->steps);
    assert_non_null(step);
    step->kind = kind;
    step->node = node;
    step->validation = validation;
    return step;
}

/* A path from an app (or, with RM_NONE, from any code of `origin`) to one sink, by `forwards`. */
static inline rm_path *fixture_path(rm_model *m, const char *origin, uint32_t app, uint32_t entry,
                                    const uint32_t *forwards, uint32_t hops, uint32_t target,
                                    uint32_t sink, uint32_t score, const char *drivers,
                                    const char *boundaries) {
    rm_path *path = rm_push(m->arena, &m->paths);
    assert_non_null(path);
    path->origin = rm_str_from(origin);
    path->app = app;
    path->door = RM_NONE;
    path->device = m->entries.at[entry].device;
    path->entry = entry;
    path->sink = sink;
    path->score = score;
    path->severity = score >= 700   ? RM_SEVERITY_CRITICAL
                     : score >= 450 ? RM_SEVERITY_HIGH
                     : score >= 200 ? RM_SEVERITY_MEDIUM
                     : score >= 50  ? RM_SEVERITY_LOW
                                    : RM_SEVERITY_INFO;
    path->drivers = rm_str_from(drivers);
    path->boundaries = rm_str_from(boundaries);
    path->hops = hops + 1;
    path->validation = m->sinks.at[sink].validation;
    path->weakest = app == RM_NONE;
    assert_int_equal(
        rm_str_printf(m->arena, &path->id, "path:%s:%u:%u:%u:%u", origin, app, entry, target, sink),
        RM_OK);
    (void)fixture_step(m, path, RM_STEP_ORIGIN, path->origin, RM_VALIDATION_UNKNOWN);
    (void)fixture_step(m, path, RM_STEP_ENTRY, m->entries.at[entry].id, RM_VALIDATION_UNKNOWN);
    for (uint32_t i = 0; i < hops; i++) {
        (void)fixture_step(m, path, RM_STEP_FORWARD, m->forwards.at[forwards[i]].id,
                           m->forwards.at[forwards[i]].validation);
        (void)fixture_step(m, path, RM_STEP_ENTRY, m->entries.at[target].id, RM_VALIDATION_UNKNOWN);
    }
    (void)fixture_step(m, path, RM_STEP_SINK, m->sinks.at[sink].id, m->sinks.at[sink].validation);
    return path;
}

#define FIXTURE_ADMIN_ONLY "D:P(A;;GA;;;SY)(A;;GA;;;BA)"
#define FIXTURE_OPEN FIXTURE_ADMIN_ONLY "(A;;GRGW;;;BU)(A;;GRGW;;;AC)"

static inline void fixture_three_paths(rm_model *m, rm_arena *arena) {
    *m = (rm_model){.arena = arena};
    uint32_t d1 = fixture_driver(m, "Driver1", "", FIXTURE_OPEN);
    uint32_t d2 = fixture_driver(m, "Driver2", "\\Device\\Driver2", FIXTURE_ADMIN_ONLY);
    uint32_t d3 = fixture_driver(m, "Driver3", "\\Device\\Driver3", "D:P");
    rm_door *door = rm_push(arena, &m->doors);
    assert_non_null(door);
    *door = (rm_door){.device = d1,
                      .service = RM_NONE,
                      .kind = RM_DOOR_INTERFACE,
                      .name = RM_STR("{6f1b7e0a-0c55-4d0e-9a51-2c6ab6a3d001}")};
    door = rm_push(arena, &m->doors);
    assert_non_null(door);
    *door = (rm_door){.device = d2,
                      .service = RM_NONE,
                      .kind = RM_DOOR_SYMLINK,
                      .name = RM_STR("\\DosDevices\\Driver2")};
    uint32_t port1 = fixture_entry(m, d1, "IOCTL_DRIVER1_PORT", 0x8000A000u);
    uint32_t send1 = fixture_entry(m, d1, "IOCTL_DRIVER1_SEND", 0x8000A004u);
    uint32_t port2 = fixture_entry(m, d2, "IOCTL_DRIVER2_PORT", 0x8000A000u);
    uint32_t port3 = fixture_entry(m, d3, "IOCTL_DRIVER3_PORT", 0x8000A000u);
    (void)fixture_entry(m, d1, "IOCTL_DRIVER1_VERSION", 0x8000A008u);
    rm_validation no = RM_VALIDATION_UNVALIDATED;
    uint32_t out1 = fixture_sink(m, port1, "port_out", "__outdword", no);
    uint32_t out2 = fixture_sink(m, port2, "port_out", "__outdword", no);
    uint32_t out3 = fixture_sink(m, port3, "port_out", "__outdword", no);
    rm_forward *f = rm_push(arena, &m->forwards);
    assert_non_null(f);
    *f = (rm_forward){.id = RM_STR("forward:Driver1:Driver3"),
                      .from_driver = d1,
                      .from_service = RM_NONE,
                      .entry = send1,
                      .to_driver = d3,
                      .to_device = d3,
                      .code_sent = m->entries.at[port3].code,
                      .new_irp = true,
                      .requestor_mode_after = RM_AFTER_KERNEL,
                      .carries_user_data = RM_TRI_YES,
                      .validation = no,
                      .via_api = RM_STR("IoBuildDeviceIoControlRequest")};
    uint32_t app1 = fixture_app(m, "App1", "appcontainer");
    uint32_t app2 = fixture_app(m, "App2", "admin_elevated");
    const uint32_t one[] = {0};
    const char *ac = "appcontainer_to_kernel";
    const char *ac2 = "appcontainer_to_kernel > driver_to_driver";
    const char *ad = "admin_to_kernel";
    const char *ad2 = "admin_to_kernel > driver_to_driver";
    const char *us = "user_to_kernel";
    const char *us2 = "user_to_kernel > driver_to_driver";
    (void)fixture_path(m, "appcontainer", app1, port1, NULL, 0, port1, out1, 810, "Driver1", ac);
    (void)fixture_path(m, "appcontainer", app1, send1, one, 1, port3, out3, 863,
                       "Driver1 > Driver3", ac2);
    (void)fixture_path(m, "admin_elevated", app2, port1, NULL, 0, port1, out1, 225, "Driver1", ad);
    (void)fixture_path(m, "admin_elevated", app2, send1, one, 1, port3, out3, 285,
                       "Driver1 > Driver3", ad2);
    (void)fixture_path(m, "admin_elevated", app2, port2, NULL, 0, port2, out2, 225, "Driver2", ad);
    fixture_path(m, "standard_user", RM_NONE, port1, NULL, 0, port1, out1, 630, "Driver1", us)
        ->weakest = false;
    fixture_path(m, "standard_user", RM_NONE, send1, one, 1, port3, out3, 711, "Driver1 > Driver3",
                 us2)
        ->weakest = false;
    (void)fixture_path(m, "appcontainer", RM_NONE, port1, NULL, 0, port1, out1, 810, "Driver1", ac);
    (void)fixture_path(m, "appcontainer", RM_NONE, send1, one, 1, port3, out3, 863,
                       "Driver1 > Driver3", ac2);
}

/* One driver with `n` codes that reach two kinds of operation, in turns of every verdict. */
static inline void fixture_many_codes(rm_model *m, rm_arena *arena, uint32_t n) {
    *m = (rm_model){.arena = arena};
    uint32_t d = fixture_driver(m, "Dense", "\\Device\\Dense", "D:P(A;;GA;;;WD)");
    static const char *const classes[] = {"copy_unbounded", "msr_write", "port_out"};
    for (uint32_t i = 0; i < n; i++) {
        rm_str name = RM_STR_NONE;
        assert_int_equal(rm_str_printf(arena, &name, "IOCTL_DENSE_%02u", i), RM_OK);
        uint32_t entry = fixture_entry(m, d, rm_str_dup(arena, name), 0x222003u + 4 * i);
        rm_validation v = (rm_validation)(i % RM_VALIDATION_COUNT);
        uint32_t sink = fixture_sink(m, entry, classes[i % 3], "RtlCopyMemory", v);
        (void)fixture_path(m, "standard_user", RM_NONE, entry, NULL, 0, entry, sink,
                           i < 65 ? 700 - 10 * i : 50, "Dense", "user_to_kernel");
    }
}

/* `n` drivers of which every third is reached by a user, every third by an administrator. */
static inline void fixture_many_drivers(rm_model *m, rm_arena *arena, uint32_t n) {
    *m = (rm_model){.arena = arena};
    for (uint32_t i = 0; i < n; i++) {
        rm_str name = RM_STR_NONE;
        assert_int_equal(rm_str_printf(arena, &name, "drv%05u", i), RM_OK);
        char *text = rm_str_dup(arena, name);
        uint32_t d = fixture_driver(m, text, "", FIXTURE_ADMIN_ONLY);
        uint32_t entry = fixture_entry(m, d, "IOCTL_A", 0x222003u);
        uint32_t sink = fixture_sink(m, entry, i % 2 == 0 ? "msr_write" : "phys_map", "api",
                                     (rm_validation)(i % 2));
        if (i % 3 == 0) {
            (void)fixture_path(m, "standard_user", RM_NONE, entry, NULL, 0, entry, sink,
                               700 - i % 400, text, "user_to_kernel");
        } else if (i % 3 == 1) {
            (void)fixture_path(m, "admin_elevated", RM_NONE, entry, NULL, 0, entry, sink,
                               250 - i % 100, text, "admin_to_kernel");
        }
    }
}

#endif
