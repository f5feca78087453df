#include "class_case.h"

/* Which class an operation has: instructions between C, calls whose arguments decide, addresses
   that are given away, other address spaces. Beside each the near miss that is not one. */

static void machine_code_is_an_operation(void **state) {
    static const class_case cases[] = {
        {"a block", NULL, "r = p->Reg; __asm { mov ecx, r\n rdmsr\n mov data, eax\n }", "msr_read",
         UNKNOWN},
        {"a line", NULL, "r = p->Reg;\n__asm wrmsr\n", "msr_write", UNKNOWN},
        {"in capitals", NULL, "__asm { MOV ECX, r\n WRMSR }", "msr_write", UNKNOWN},
        {"as GNU writes it", NULL,
         "__asm__ volatile (\"outb %0, %1\" : : \"a\"(data),\n \"Nd\"(p->Port));", "port_out",
         UNKNOWN},
        {"several in one string", NULL, "__asm__(\"cli\\n\\trdmsr\\n\\tsti\");", "msr_read",
         UNKNOWN},
        {"interrupts off", NULL, "_asm cli\n", "interrupt_flag", VALID},
        {"a control register", NULL, "__asm { mov eax, cr0\n and eax, 0fffeffffh\n mov cr0, eax }",
         "cr_write", UNKNOWN},
        {"reading it", NULL, "__asm { mov eax, cr0\n mov data, eax }", "cr_read", VALID},
        {"a comment", NULL, "__asm { nop ; rdmsr is not here\n }", "msr_read", NO_SINK},
        {"an operand of that name", NULL, "__asm { mov eax, rdmsr }", "msr_read", NO_SINK},
        {"what follows is still read", NULL, "__asm { nop }\n WRITE_PORT_UCHAR(p->Port, 1);",
         "port_out", OPEN},
    };
    CHECK_CLASSES(*state, cases);
}

/* The variable was checked, and then written by code that is not followed. */
static void machine_code_takes_knowledge_away(void **state) {
    static const class_case cases[] = {
        {"checked", NULL, "r = p->Reg; if (r > 15) goto out; data = __readmsr(r);", "msr_read",
         VALID},
        {"checked, then written", NULL,
         "r = p->Reg; if (r > 15) goto out; __asm { mov r, eax }\n data = __readmsr(r);",
         "msr_read", UNKNOWN},
    };
    CHECK_CLASSES(*state, cases);
}

static void arguments_decide_the_class(void **state) {
    static const class_case cases[] = {
        {"a driver object", NULL,
         "ObOpenObjectByName(p->Ptr, *IoDriverObjectType, KernelMode, 0, 0, 0, &g_base);",
         "driver_object_open", OPEN},
        {"another object", NULL,
         "ObOpenObjectByName(p->Ptr, *PsProcessType, KernelMode, 0, 0, 0, &g_base);",
         "driver_object_open", NO_SINK},
        {"a key to write", NULL, "ZwOpenKey(&g_base, KEY_ALL_ACCESS, p->Ptr);", "registry_write",
         OPEN},
        {"a key to read", NULL, "ZwOpenKey(&g_base, KEY_READ, p->Ptr);", "registry_write", NO_SINK},
        {"a key to read is opened", NULL, "ZwOpenKey(&g_base, KEY_READ, p->Ptr);", "registry_open",
         OPEN},
        {"a callback goes", NULL, "PsSetCreateProcessNotifyRoutine(g_base, TRUE);",
         "callback_tamper", VALID},
        {"a callback comes", NULL, "PsSetCreateProcessNotifyRoutine(g_base, FALSE);",
         "callback_register", VALID},
        {"attributes of a handle", NULL,
         "OBJECT_HANDLE_FLAG_INFORMATION f; ObSetHandleAttributes(p->Ptr, &f, KernelMode);",
         "handle_modify", OPEN},
        {"the system's own view of physical memory", NULL,
         "HANDLE h; OBJECT_ATTRIBUTES oa; UNICODE_STRING n; PVOID v = 0; SIZE_T z = 4096;\n"
         "RtlInitUnicodeString(&n, L\"\\\\Device\\\\PhysicalMemory\");\n"
         "InitializeObjectAttributes(&oa, &n, 0x40, 0, 0); ZwOpenSection(&h, 6, &oa);\n"
         "ZwMapViewOfSection(h, (HANDLE)-1, &v, 0, z, &p->Pa, &z, 2, 0, 4);",
         "phys_map", OPEN},
        {"another section", NULL,
         "HANDLE h; OBJECT_ATTRIBUTES oa; UNICODE_STRING n; PVOID v = 0; SIZE_T z = 4096;\n"
         "RtlInitUnicodeString(&n, L\"\\\\BaseNamedObjects\\\\Shared\");\n"
         "InitializeObjectAttributes(&oa, &n, 0x40, 0, 0); ZwOpenSection(&h, 6, &oa);\n"
         "ZwMapViewOfSection(h, (HANDLE)-1, &v, 0, z, &p->Pa, &z, 2, 0, 4);",
         "phys_map", NO_SINK},
        {"a hypervisor's store", NULL, "STORE(Read, g_base, NULL, NULL, p->Ptr, &data);",
         "store_access", OPEN},
        {"a macro of that name", NULL, "STORE(g_base, p->Ptr);", "store_access", NO_SINK},
    };
    CHECK_CLASSES(*state, cases);
}

#define OUTPUT "typedef struct _OUT { PVOID Start; ULONG Size; HANDLE Id; } OUT, *POUT;\n"
#define TO_CALLER "POUT o1 = (POUT)p;\n"

static void addresses_that_are_given_away(void **state) {
    static const class_case cases[] = {
        {"of a function", OUTPUT, TO_CALLER "o1->Start = (PVOID)Disp;", "addr_leak", OPEN},
        {"of a global", OUTPUT, TO_CALLER "o1->Start = &g_limit;", "addr_leak", OPEN},
        {"of a block", OUTPUT, TO_CALLER "o1->Start = ExAllocatePoolWithTag(0, 64, 'x');",
         "addr_leak", OPEN},
        {"of a stack", OUTPUT, TO_CALLER "o1->Start = buf;", "addr_leak", OPEN},
        {"a pointer of a kernel object", OUTPUT,
         TO_CALLER "o1->Start = d->DriverObject->DriverStart;", "addr_leak", UNKNOWN},
        {"the stack's return addresses", NULL,
         "PVOID frames[8]; RtlWalkFrameChain(frames, 8, 0); RtlCopyMemory(p, frames, 64);",
         "addr_leak", VALID},
        {"a number of a kernel object", OUTPUT, TO_CALLER "o1->Size = d->DriverObject->DriverSize;",
         "addr_leak", NO_SINK},
        {"in a structure that is assigned", OUTPUT,
         TO_CALLER "OUT whole = {0}; whole.Start = &g_limit; *o1 = whole;", "addr_leak", OPEN},
        {"in a structure that is copied", OUTPUT,
         TO_CALLER "OUT whole = {0}; whole.Start = (PVOID)Disp; RtlCopyMemory(o1, &whole, "
                   "sizeof(whole));",
         "addr_leak", OPEN},
        {"of a member of an object, in a structure", OUTPUT,
         TO_CALLER "OUT whole = {0}; whole.Start = &d->DriverObject->DriverSize; *o1 = whole;",
         "addr_leak", UNKNOWN},
        {"a structure without one", OUTPUT,
         TO_CALLER "OUT whole = {0}; whole.Start = NULL; *o1 = whole;", "addr_leak", NO_SINK},
        {"the caller's own pointer", OUTPUT, TO_CALLER "o1->Start = p->Ptr;", "addr_leak", NO_SINK},
        {"nothing", OUTPUT, TO_CALLER "o1->Start = NULL;", "addr_leak", NO_SINK},
        {"into the driver's own structure", OUTPUT, "OUT local; local.Start = buf;", "addr_leak",
         NO_SINK},
    };
    CHECK_CLASSES(*state, cases);
}

#define ATTACH                                                                                     \
    "PEPROCESS e; KAPC_STATE a; PsLookupProcessByProcessId(p->Ptr, &e);\n"                         \
    "KeStackAttachProcess(e, &a);\n"

static void copies_in_another_process_are_its_memory(void **state) {
    static const class_case cases[] = {
        {"read", NULL, ATTACH "RtlCopyMemory(buf, p->Items, 8); RtlCopyMemory(buf, p->Ptr, 8);",
         "process_memory_read", OPEN},
        {"written", NULL, ATTACH "RtlCopyMemory(p->Ptr, buf, 8);", "process_memory_write", OPEN},
        {"after detaching", NULL,
         ATTACH "KeUnstackDetachProcess(&a); RtlCopyMemory(buf, p->Ptr, 8);", "process_memory_read",
         NO_SINK},
        {"without attaching", NULL, "RtlCopyMemory(buf, p->Ptr, 8);", "process_memory_read",
         NO_SINK},
        {"attached to a process of the driver's", NULL,
         "KAPC_STATE a; KeStackAttachProcess(PsInitialSystemProcess, &a);\n"
         "RtlCopyMemory(buf, p->Ptr, 8);",
         "process_memory_read", NO_SINK},
    };
    CHECK_CLASSES(*state, cases);
}

#define OFFSETS "typedef struct _DYN { ULONG Protection, Dep, Stack; } DYN; DYN g_dyn;\n"
#define LOOKUP                                                                                     \
    "PEPROCESS e = 0; if (!NT_SUCCESS(PsLookupProcessByProcessId(p->Ptr, &e))) goto out;\n"

static void members_of_kernel_objects(void **state) {
    static const class_case cases[] = {
        {"a process at an offset", OFFSETS, LOOKUP "*((PUCHAR)e + g_dyn.Dep) = 7;",
         "process_modify", OPEN},
        {"its protection", OFFSETS, LOOKUP "PUCHAR v = (PUCHAR)e + g_dyn.Protection; *v = 0;",
         "protection_change", OPEN},
        {"a thread", OFFSETS,
         "PETHREAD t; PsLookupThreadByThreadId(p->Ptr, &t); *((PUCHAR)t + g_dyn.Stack) = 1;",
         "thread_modify", OPEN},
        {"one process only", OFFSETS,
         "if (p->Reg != 4) goto out;\n"
         "PEPROCESS e; PsLookupProcessByProcessId((HANDLE)p->Reg, &e);\n"
         "*((PUCHAR)e + g_dyn.Dep) = 7;",
         "process_modify", VALID},
        {"the driver's own process", OFFSETS, "*((PUCHAR)PsInitialSystemProcess + g_dyn.Dep) = 7;",
         "process_modify", NO_SINK},
        {"reading a process", OFFSETS, LOOKUP "data = *((PUCHAR)e + g_dyn.Dep);", "process_modify",
         NO_SINK},
    };
    CHECK_CLASSES(*state, cases);
}

#define SECTION_HEAD                                                                               \
    "typedef struct _EXT { HANDLE Memory; HANDLE Other; } EXT, *PEXT;\n"                           \
    "NTSTATUS Init(PEXT x) { UNICODE_STRING n; OBJECT_ATTRIBUTES a;\n"                             \
    "  RtlInitUnicodeString(&n, L\"\\\\Device\\\\PhysicalMemory\");\n"                             \
    "  InitializeObjectAttributes(&a, &n, 0x200, 0, 0);\n"                                         \
    "  return ZwOpenSection(&x->Memory, 6, &a); }\n"
#define MAP(handle)                                                                                \
    "PEXT x = (PEXT)d->DeviceExtension; PVOID v = 0; SIZE_T z = 4096;\n"                           \
    "ZwMapViewOfSection(x->" handle ", (HANDLE)-1, &v, 0, z, &p->Pa, &z, 2, 0, 4);"

static void a_section_that_was_opened_before(void **state) {
    static const class_case cases[] = {
        {"of physical memory", SECTION_HEAD, MAP("Memory"), "phys_map", OPEN},
        {"another", SECTION_HEAD, MAP("Other"), "phys_map", NO_SINK},
        {"another is a section", SECTION_HEAD, MAP("Other"), "section_map", OPEN},
    };
    CHECK_CLASSES(*state, cases);
}

/* Addresses of the kernel's that the caller is given. */
static void kernel_addresses_given_away(void **state) {
    static const class_case cases[] = {
        {"of a mapping, copied", NULL,
         "{ PVOID va = MmMapIoSpace(p->Pa, 16, 0); RtlCopyMemory(p, &va, sizeof(va)); }",
         "addr_leak", OPEN},
        {"of a mapping, stored as a number", NULL,
         "p->Val = (ULONGLONG)MmMapIoSpace(p->Pa, 16, 0);", "addr_leak", OPEN},
        {"of a process", NULL,
         "{ PEPROCESS e; PsLookupProcessByProcessId((HANDLE)p->Ptr, &e); p->Val = (ULONGLONG)e; }",
         "addr_leak", OPEN},
        {"of a process, half of it", NULL,
         "{ PEPROCESS e; PsLookupProcessByProcessId((HANDLE)p->Ptr, &e); p->Reg = (ULONG)e; }",
         "addr_leak", NO_SINK},
        {"of a routine", NULL,
         "{ UNICODE_STRING n; RtlInitUnicodeString(&n, L\"ZwClose\");"
         " p->Val = (ULONGLONG)MmGetSystemRoutineAddress(&n); }",
         "addr_leak", OPEN},
        {"a number is none", NULL, "data = 5; RtlCopyMemory(p, &data, sizeof(data));", "addr_leak",
         NO_SINK},
    };
    CHECK_CLASSES(*state, cases);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(kernel_addresses_given_away),
        WITH_FIXTURE(machine_code_is_an_operation),
        WITH_FIXTURE(machine_code_takes_knowledge_away),
        WITH_FIXTURE(arguments_decide_the_class),
        WITH_FIXTURE(addresses_that_are_given_away),
        WITH_FIXTURE(copies_in_another_process_are_its_memory),
        WITH_FIXTURE(members_of_kernel_objects),
        WITH_FIXTURE(a_section_that_was_opened_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
