#include "model/sinks.h"

#include <stdlib.h>

/* Sorted by name: rm_sink_class_find() searches it by halves; a test checks the order. */
static const rm_sink_class classes[] = {
    {"addr_leak", "kernel_memory", 700, "kernel address leaked"},
    {"addr_translate", "phys", 500, "address translated"},
    {"apc_inject", "thread", 1000, "APC inject"},
    {"bugcheck", "system", 500, "bugcheck"},
    {"callback_register", "driver", 800, "callback register"},
    {"callback_tamper", "driver", 1000, "callback tamper"},
    {"code_exec", "code_exec", 1000, "call through a caller-chosen pointer"},
    {"config_state", "device", 200, "driver configuration or state changed"},
    {"copy_unbounded", "kernel_memory", 900, "memory copy whose length or end the caller chooses"},
    {"cr_read", "control_register", 700, "control register read"},
    {"cr_write", "control_register", 1000, "control register write"},
    {"debug_control", "system", 700, "debug control"},
    {"deref_object", "kernel_memory", 800, "object pointer dereferenced"},
    {"desc_table_read", "control_register", 700, "descriptor table read"},
    {"desc_table_write", "control_register", 1000, "descriptor table write"},
    {"device_create", "driver", 400, "device create"},
    {"device_delete", "driver", 400, "device delete"},
    {"device_open_by_name", "driver", 700, "device opened by a caller-chosen name"},
    {"device_specific", "device", 100, "bounded effect on the device itself"},
    {"double_fetch", "kernel_memory", 800, "double fetch"},
    {"dr_access", "control_register", 700, "debug register access"},
    {"driver_load", "driver", 1000, "driver load"},
    {"driver_object_open", "handle", 700, "driver object open"},
    {"driver_unload", "driver", 800, "driver unload"},
    {"event_register", "device", 200, "event register"},
    {"event_signal", "device", 200, "event signal"},
    {"file_delete", "file", 800, "file delete"},
    {"file_open", "file", 700, "file open"},
    {"file_read", "file", 700, "file read"},
    {"file_write", "file", 800, "file write"},
    {"fs_reply", "device", 200, "fs reply"},
    {"guest_map", "phys", 500, "guest map"},
    {"guest_msr", "msr", 700, "guest MSR"},
    {"halt", "control_register", 700, "halt"},
    {"handle_close", "handle", 700, "handle close"},
    {"handle_modify", "handle", 800, "handle modify"},
    {"handle_open", "handle", 800, "handle open"},
    {"hv_launch", "control_register", 1000, "hypervisor launch"},
    {"hw_counters", "device", 200, "hardware counters"},
    {"hw_trace", "device", 400, "hardware trace"},
    {"hypercall", "control_register", 700, "hypercall"},
    {"info_leak", "kernel_memory", 500, "kernel memory leaked"},
    {"interrupt_flag", "control_register", 700, "interrupt flag"},
    {"interrupt_hook", "driver", 800, "interrupt hook"},
    {"iopl", "port", 1000, "I/O privilege level"},
    {"irp_forward", "forward", 400, "request passed to another driver"},
    {"mdl_lock", "user_map", 700, "MDL lock"},
    {"mdl_unlock_arbitrary", "kernel_memory", 900, "MDL unlock arbitrary"},
    {"mdl_user_map", "user_map", 1000, "kernel or physical pages mapped into a process"},
    {"msr_read", "msr", 700, "MSR read"},
    {"msr_write", "msr", 1000, "MSR write"},
    {"null_deref", "kernel_memory", 400, "null deref"},
    {"nvram_write", "firmware", 900, "NVRAM write"},
    {"oid_request", "forward", 400, "OID request"},
    {"packet_capture", "network", 300, "packet capture"},
    {"packet_filter", "network", 300, "packet filter"},
    {"packet_inject", "network", 300, "packet inject"},
    {"page_protection", "user_map", 700, "page protection"},
    {"pci_read", "pci", 500, "PCI read"},
    {"pci_write", "pci", 900, "PCI write"},
    {"phys_alloc", "phys", 500, "physical memory allocated"},
    {"phys_map", "phys", 1000, "physical memory mapped"},
    {"phys_read", "phys", 700, "physical memory read"},
    {"phys_write", "phys", 1000, "physical memory written"},
    {"pmc_read", "msr", 500, "PMC read"},
    {"pool_alloc", "kernel_memory", 400, "pool alloc"},
    {"pool_free", "kernel_memory", 900, "pool free"},
    {"port_in", "port", 500, "I/O port read"},
    {"port_out", "port", 900, "I/O port write"},
    {"process_attach", "process", 800, "process attach"},
    {"process_memory_read", "process", 700, "process memory read"},
    {"process_memory_write", "process", 1000, "process memory write"},
    {"process_modify", "process", 800, "process modify"},
    {"process_open", "process", 500, "process open"},
    {"process_suspend", "process", 800, "process suspend"},
    {"process_terminate", "process", 800, "process terminate"},
    {"protection_change", "user_map", 700, "protection change"},
    {"registry_open", "registry", 500, "registry open"},
    {"registry_write", "registry", 800, "registry write"},
    {"remote_alloc", "process", 1000, "remote alloc"},
    {"section_map", "phys", 1000, "section mapped"},
    {"smi", "control_register", 1000, "SMI"},
    {"stack_alloc", "kernel_memory", 400, "stack alloc"},
    {"store_access", "device", 200, "store access"},
    {"thread_modify", "thread", 800, "thread modify"},
    {"thread_open", "thread", 500, "thread open"},
    {"thread_priority", "thread", 300, "thread priority"},
    {"thread_suspend", "thread", 800, "thread suspend"},
    {"token_open", "token", 800, "token open"},
    {"token_privs", "token", 1000, "token privileges"},
    {"token_steal", "token", 1000, "token steal"},
    {"ucode_load", "control_register", 1000, "microcode load"},
    {"uninit", "kernel_memory", 500, "uninit"},
    {"unknown_body", "other", 400, "handled, effect not analysed"},
    {"unmap_arbitrary", "kernel_memory", 900, "arbitrary unmap"},
    {"usb_io", "forward", 400, "USB I/O"},
    {"usb_redirect", "device", 200, "USB redirect"},
    {"use_after_free", "kernel_memory", 900, "use after free"},
    {"virt_read", "kernel_memory", 700, "kernel virtual memory read at a caller-chosen address"},
    {"virt_write", "kernel_memory", 1000, "kernel virtual memory written at a caller-chosen address"},
};

enum { CLASS_COUNT = sizeof classes / sizeof classes[0] };

static int by_name(const void *key, const void *item) {
    const rm_str *name = key;
    const rm_sink_class *c = item;
    return rm_str_cmp(*name, rm_str_from(c->name));
}

const rm_sink_class *rm_sink_class_find(rm_str name) {
    return bsearch(&name, classes, CLASS_COUNT, sizeof classes[0], by_name);
}

const rm_sink_class *rm_sink_classes(uint32_t *count) {
    *count = CLASS_COUNT;
    return classes;
}
