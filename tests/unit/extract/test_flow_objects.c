#include "class_case.h"

/*
 * Objects by their names, numbers and handles: sections of physical memory, processes, what the
 * access mode lets through. What must be follows from the documentation of the routines.
 */

#define OPEN RM_VALIDATION_UNVALIDATED
#define VALID RM_VALIDATION_VALIDATED
#define PARTIAL RM_VALIDATION_PARTIAL

#define LOCALS                                                                                     \
    "UNICODE_STRING n; OBJECT_ATTRIBUTES oa; HANDLE h, made; PVOID base = 0;\n"                    \
    "LARGE_INTEGER off; SIZE_T size = 0x1000; off.QuadPart = 0xA0000;\n"
#define OPEN_IT                                                                                    \
    "InitializeObjectAttributes(&oa, &n, OBJ_KERNEL_HANDLE, NULL, NULL);\n"                        \
    "ZwOpenSection(&h, SECTION_ALL_ACCESS, &oa);\n"
#define MAP(process, place)                                                                        \
    "ZwMapViewOfSection(h, " process ", " place ", 0, size, &off, &size, 2, 0, 4);"
#define PHYSICAL "n = RTL_CONSTANT_STRING(L\"\\\\Device\\\\PhysicalMemory\");\n"

static void a_section_is_physical_memory_by_its_name(void **state) {
    static const class_case cases[] = {
        {"assigned", NULL, LOCALS PHYSICAL OPEN_IT MAP("ZwCurrentProcess()", "&base"), "phys_map",
         VALID},
        {"initialised", NULL,
         "OBJECT_ATTRIBUTES oa; HANDLE h; PVOID base = 0; SIZE_T size = 0x1000; LARGE_INTEGER "
         "off;\nUNICODE_STRING n = RTL_CONSTANT_STRING(L\"\\\\Device\\\\PhysicalMemory\");\n"
         "off.QuadPart = 0xA0000;\n" OPEN_IT MAP("ZwCurrentProcess()", "&base"),
         "phys_map", VALID},
        {"another section", NULL,
         LOCALS
         "n = RTL_CONSTANT_STRING(L\"\\\\Shared\");\n" OPEN_IT MAP("ZwCurrentProcess()", "&base"),
         "phys_map", NO_SINK},
        {"another section is a section", NULL,
         LOCALS
         "n = RTL_CONSTANT_STRING(L\"\\\\Shared\");\n" OPEN_IT MAP("ZwCurrentProcess()", "&base"),
         "section_map", VALID},
        {"into a process of the caller's", NULL,
         LOCALS PHYSICAL OPEN_IT MAP("(HANDLE)p->Val", "&base"), "phys_map", OPEN},
        {"its base through a pointer of the caller's", NULL,
         LOCALS PHYSICAL OPEN_IT MAP("ZwCurrentProcess()", "(PVOID *)p->Ptr"), "phys_map", OPEN},
        {"at an address that the caller asks for", NULL,
         LOCALS PHYSICAL OPEN_IT "base = p->Ptr;\n" MAP("ZwCurrentProcess()", "&base"), "phys_map",
         VALID},
        {"an offset of the caller's", NULL,
         LOCALS PHYSICAL OPEN_IT "off.QuadPart = p->Val;\n" MAP("ZwCurrentProcess()", "&base"),
         "phys_map", OPEN},
    };
    CHECK_CLASSES(*state, cases);
}

#define BY_HANDLE(mode)                                                                            \
    "PVOID object; if (!NT_SUCCESS(ObReferenceObjectByHandleWithTag((HANDLE)p->Val, 1, "           \
    "*PsProcessType, " mode ", 'x', &object, NULL))) goto out; ObDereferenceObject(object);"
#define BY_NAME(mode)                                                                              \
    "HANDLE h; ObOpenObjectByName((POBJECT_ATTRIBUTES)p->Ptr, *MmSectionObjectType, " mode         \
    ", NULL, p->Reg, NULL, &h);"

static void the_access_mode_says_whose_rights_count(void **state) {
    static const class_case cases[] = {
        {"a handle, the kernel's rights", NULL, BY_HANDLE("KernelMode"), "handle_open", OPEN},
        {"a handle, the caller's", NULL, BY_HANDLE("UserMode"), "handle_open", VALID},
        {"a handle, the mode that called", NULL, BY_HANDLE("ExGetPreviousMode()"), "handle_open",
         VALID},
        {"a handle, the request's mode", NULL, BY_HANDLE("Irp->RequestorMode"), "handle_open",
         VALID},
        {"a name, the kernel's rights", NULL, BY_NAME("KernelMode"), "handle_open", OPEN},
        {"a name, the mode that called", NULL, BY_NAME("ExGetPreviousMode()"), "handle_open",
         VALID},
    };
    CHECK_CLASSES(*state, cases);
}

static void a_process_with_a_number_of_the_driver_s_is_opened_all_the_same(void **state) {
    static const class_case cases[] = {
        {"a fixed process", NULL, "PEPROCESS e; PsLookupProcessByProcessId((HANDLE)4, &e);",
         "process_open", VALID},
        {"the caller's choice", NULL,
         "PEPROCESS e; PsLookupProcessByProcessId((HANDLE)p->Val, &e);", "process_open", OPEN},
        {"the caller himself", NULL,
         "PEPROCESS e; PsLookupProcessByProcessId(PsGetCurrentProcessId(), &e);", "process_open",
         NO_SINK},
    };
    CHECK_CLASSES(*state, cases);
}

#define BY_PID                                                                                     \
    "HANDLE h; OBJECT_ATTRIBUTES oa; CLIENT_ID id; id.UniqueThread = 0;\n"                         \
    "id.UniqueProcess = UlongToHandle(p->Reg);\n"                                                  \
    "if (!NT_SUCCESS(ZwOpenProcess(&h, 1, &oa, &id))) goto out;\n"

static void a_handle_that_the_driver_was_given_is_its_own(void **state) {
    static const class_case cases[] = {
        {"closed", NULL, BY_PID "ZwClose(h);", "handle_close", NO_SINK},
        {"resolved", NULL,
         BY_PID "PVOID o; ObReferenceObjectByHandle(h, 1, *PsProcessType, KernelMode, &o, NULL);",
         "handle_open", NO_SINK},
        {"the process is the caller's choice all the same", NULL,
         BY_PID "ZwTerminateProcess(h, 0);", "process_terminate", OPEN},
        {"and was opened", NULL, BY_PID, "process_open", OPEN},
        {"a handle of the caller's, closed", NULL, "ZwClose((HANDLE)p->Val);", "handle_close",
         OPEN},
        {"a handle of the caller's, resolved", NULL,
         "PVOID o; ObReferenceObjectByHandle((HANDLE)p->Val, 1, *PsProcessType, KernelMode, &o, "
         "NULL);",
         "handle_open", OPEN},
    };
    CHECK_CLASSES(*state, cases);
}

#define BY_DRIVER_NAME(text)                                                                       \
    "UNICODE_STRING n; PDRIVER_OBJECT o; RtlInitUnicodeString(&n, " text ");\n"                    \
    "if (!NT_SUCCESS(ObReferenceObjectByName(&n, 64, NULL, 0, *IoDriverObjectType, KernelMode, "   \
    "NULL, (PVOID *)&o))) goto out;\n"

static void the_dispatch_table_of_another_driver_is_changed(void **state) {
    static const class_case cases[] = {
        {"of the caller's choice", NULL, BY_DRIVER_NAME("(PCWSTR)p") "o->MajorFunction[3] = Disp;",
         "callback_tamper", OPEN},
        {"by an exchange", NULL,
         BY_DRIVER_NAME(
             "(PCWSTR)p") "InterlockedExchangePointer((PVOID *)&o->MajorFunction[3], Disp);",
         "callback_tamper", OPEN},
        {"of a fixed name", NULL,
         BY_DRIVER_NAME("L\"\\\\Driver\\\\Null\"") "o->DriverUnload = NULL;", "callback_tamper",
         VALID},
        {"another member", NULL, BY_DRIVER_NAME("(PCWSTR)p") "r = o->Flags; o->Flags = r;",
         "callback_tamper", NO_SINK},
        {"its own", NULL, "d->DriverObject->MajorFunction[3] = Disp;", "callback_tamper", NO_SINK},
    };
    CHECK_CLASSES(*state, cases);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(a_section_is_physical_memory_by_its_name),
        WITH_FIXTURE(the_access_mode_says_whose_rights_count),
        WITH_FIXTURE(a_handle_that_the_driver_was_given_is_its_own),
        WITH_FIXTURE(the_dispatch_table_of_another_driver_is_changed),
        WITH_FIXTURE(a_process_with_a_number_of_the_driver_s_is_opened_all_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
