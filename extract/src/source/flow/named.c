#include "source/flow/purpose.h"
#include "source/flow/walk.h"

/*
 * Routines that are known by the words of their names. Assembly beside the C sources has no body
 * that is read, but it is named after the instruction it wraps: _rdmsr, ReadIOPort, asm_vmcall.
 * In a driver of a known kind its own functions are named after what the user of it wants done.
 * Nothing that is known by its name alone is called validated.
 */

enum { MOST_WORDS = 2, LONGEST = 64 };

typedef struct named_row {
    const char *words[MOST_WORDS]; /* all of them, in small letters without underscores */
    const char *operation;         /* in the catalogue's expressions */
} named_row;

/* Names that are an instruction and nothing else. */
static const named_row exact[] = {
    {{"inb"}, "port read"},   {{"inw"}, "port read"},   {{"inl"}, "port read"},
    {{"ind"}, "port read"},   {{"inp"}, "port read"},   {{"outb"}, "port write"},
    {{"outw"}, "port write"}, {{"outl"}, "port write"}, {{"outd"}, "port write"},
    {{"outp"}, "port write"},
};

static const named_row wrappers[] = {
    {{"rdmsr"}, "msr read"},
    {{"readmsr"}, "msr read"},
    {{"msrread"}, "msr read"},
    {{"wrmsr"}, "msr write"},
    {{"writemsr"}, "msr write"},
    {{"msrwrite"}, "msr write"},
    {{"rdpmc"}, "pmc read"},
    {{"readpmc"}, "pmc read"},
    {{"inbyte"}, "port read"},
    {{"indword"}, "port read"},
    {{"readioport"}, "port read"},
    {{"readport"}, "port read"},
    {{"ioportread"}, "port read"},
    {{"portin"}, "port read"},
    {{"outbyte"}, "port write"},
    {{"outdword"}, "port write"},
    {{"writeioport"}, "port write"},
    {{"writeport"}, "port write"},
    {{"ioportwrite"}, "port write"},
    {{"portout"}, "port write"},
    {{"readpci"}, "pci read"},
    {{"pciread"}, "pci read"},
    {{"writepci"}, "pci write"},
    {{"pciwrite"}, "pci write"},
    {{"writecr", "0"}, "cr write"},
    {{"writecr", "2"}, "cr write"},
    {{"writecr", "3"}, "cr write"},
    {{"writecr", "4"}, "cr write"},
    {{"writecr", "8"}, "cr write"},
    {{"readcr", "0"}, "cr read"},
    {{"readcr", "2"}, "cr read"},
    {{"readcr", "3"}, "cr read"},
    {{"readcr", "4"}, "cr read"},
    {{"readcr", "8"}, "cr read"},
    {{"sgdt"}, "descriptor table read"},
    {{"sidt"}, "descriptor table read"},
    {{"sldt"}, "descriptor table read"},
    {{"storegdt"}, "descriptor table read"},
    {{"storeidt"}, "descriptor table read"},
    {{"storeldt"}, "descriptor table read"},
    {{"lgdt"}, "descriptor table write"},
    {{"lidt"}, "descriptor table write"},
    {{"lldt"}, "descriptor table write"},
    {{"loadgdt"}, "descriptor table write"},
    {{"loadidt"}, "descriptor table write"},
    {{"vmcall"}, "hypercall"},
    {{"vmmcall"}, "hypercall"},
    {{"hypercall"}, "hypercall"},
    {{"vmxon"}, "hypervisor"},
    {{"vmxrun"}, "hypervisor"},
    {{"vmlaunch"}, "hypervisor"},
    {{"vmresume"}, "hypervisor"},
    {{"vmrun"}, "hypervisor"},
    {{"swsmi"}, "software smi"},
    {{"softwaresmi"}, "software smi"},
    {{"triggersmi"}, "software smi"},
    {{"ucode", "load"}, "microcode"},
    {{"microcode", "update"}, "microcode"},
};

/* The driver's own functions, by the kind of driver. */
static const struct {
    rm_driver_kind kind;
    named_row row;
} own[] = {
    {RM_DRIVER_HYPERVISOR, {{"set", "ram"}, "guest memory"}},
    {RM_DRIVER_HYPERVISOR, {{"add", "ram"}, "guest memory"}},
    {RM_DRIVER_HYPERVISOR, {{"protect", "ram"}, "guest memory"}},
    {RM_DRIVER_HYPERVISOR, {{"memslot", "set"}, "guest memory"}},
    {RM_DRIVER_HYPERVISOR, {{"map", "guest"}, "guest memory"}},
    {RM_DRIVER_HYPERVISOR, {{"map", "gpa"}, "guest memory"}},
    {RM_DRIVER_HYPERVISOR, {{"vcpu", "setmsr"}, "guest msr"}},
    {RM_DRIVER_HYPERVISOR, {{"vcpu", "getmsr"}, "guest msr"}},
    {RM_DRIVER_HYPERVISOR, {{"guest", "msr"}, "guest msr"}},
    {RM_DRIVER_USB, {{"add", "redirect"}, "usb redirection"}},
    {RM_DRIVER_USB, {{"start", "redirect"}, "usb redirection"}},
    {RM_DRIVER_USB, {{"remove", "redirect"}, "usb redirection"}},
    {RM_DRIVER_USB, {{"stop", "redirect"}, "usb redirection"}},
    {RM_DRIVER_FILE_SYSTEM, {{"complete", "irp"}, "file system reply"}},
    {RM_DRIVER_FILE_SYSTEM, {{"event", "info"}, "file system reply"}},
    {RM_DRIVER_FILE_SYSTEM, {{"transact"}, "file system reply"}},
    {RM_DRIVER_FILE_SYSTEM, {{"reply"}, "file system reply"}},
    {RM_DRIVER_FILE_SYSTEM, {{"event", "wait"}, "event registration"}},
    {RM_DRIVER_FILE_SYSTEM, {{"register", "event"}, "event registration"}},
};

/* Small letters, without underscores. */
static rm_str plain(rm_str name, char out[LONGEST]) {
    size_t len = 0;
    for (size_t i = 0; i < name.len && len < LONGEST; i++) {
        char c = name.ptr[i];
        if (c != '_') {
            out[len++] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
        }
    }
    return (rm_str){.ptr = out, .len = len};
}

static bool has_words(rm_str name, const named_row *row) {
    size_t at = 0;
    for (size_t i = 0; i < MOST_WORDS && row->words[i] != NULL; i++) {
        if (!rm_str_find(name, rm_str_from(row->words[i]), &at)) {
            return false;
        }
    }
    return true;
}

const rm_api *rm_named_wrapper(rm_str name) {
    char text[LONGEST];
    rm_str small = plain(name, text);
    for (size_t i = 0; i < sizeof exact / sizeof exact[0]; i++) {
        if (rm_str_eq(small, rm_str_from(exact[i].words[0]))) {
            return rm_api_expression(rm_str_from(exact[i].operation));
        }
    }
    for (size_t i = 0; i < sizeof wrappers / sizeof wrappers[0]; i++) {
        if (has_words(small, &wrappers[i])) {
            return rm_api_expression(rm_str_from(wrappers[i].operation));
        }
    }
    return NULL;
}

const rm_api *rm_named_own(rm_driver_kind kind, rm_str name) {
    char text[LONGEST];
    if (kind == RM_DRIVER_ANY) {
        return NULL;
    }
    rm_str small = plain(name, text);
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
        if (own[i].kind == kind && has_words(small, &own[i].row)) {
            return rm_api_expression(rm_str_from(own[i].row.operation));
        }
    }
    return NULL;
}
