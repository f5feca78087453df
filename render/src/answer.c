#include "answer.h"

#include "model/ioctl.h"

/* Classes of operations whose effect is that somebody learns something. */
static const char *const reading[] = {
    "addr_leak", "addr_translate", "cr_read",  "desc_table_read",
    "file_read", "info_leak",      "msr_read", "pci_read",
    "phys_read", "pmc_read",       "port_in",  "process_memory_read",
    "virt_read",
};

bool rm_entry_answers(const rm_model *model, uint32_t entry) {
    if (entry >= model->entries.count) {
        return false;
    }
    const rm_entry *e = &model->entries.at[entry];
    return e->answers || e->kind == RM_ENTRY_READ ||
           (e->has_code && rm_ioctl_decode(e->code).method == RM_METHOD_OUT_DIRECT);
}

bool rm_sink_answers(const rm_model *model, uint32_t sink) {
    for (size_t i = 0; sink < model->sinks.count && i < sizeof reading / sizeof reading[0]; i++) {
        if (rm_str_eq(model->sinks.at[sink].class_name, rm_str_from(reading[i]))) {
            return true;
        }
    }
    return false;
}
