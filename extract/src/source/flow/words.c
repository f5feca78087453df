#include "source/flow/words.h"

static bool listed(rm_str name, const char *const *list, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (rm_str_eq(name, rm_str_from(list[i]))) {
            return true;
        }
    }
    return false;
}

static bool starts_with_one(rm_str name, const char *const *list, size_t count, bool capital) {
    for (size_t i = 0; i < count; i++) {
        rm_str prefix = rm_str_from(list[i]);
        if (name.len > prefix.len && rm_str_starts(name, prefix) &&
            (!capital || (name.ptr[prefix.len] >= 'A' && name.ptr[prefix.len] <= 'Z'))) {
            return true;
        }
    }
    return false;
}

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

/* wdm.h: IRP_MJ_…; ntdef.h; MODE; ntstatus.h only where the number itself is asked for */
static const struct {
    const char *name;
    int64_t value;
} constants[] = {
    {"NULL", 0},
    {"nullptr", 0},
    {"TRUE", 1},
    {"FALSE", 0},
    {"KernelMode", 0},
    {"UserMode", 1},
    {"STATUS_SUCCESS", 0},
    {"STATUS_PENDING", 0x103},
    {"STATUS_TIMEOUT", 0x102},
    {"STATUS_MORE_ENTRIES", 0x105},
    {"STATUS_REPARSE", 0x104},
    {"STATUS_WAIT_0", 0},
    {"STATUS_BUFFER_OVERFLOW", -0x7FFFFFFB}, /* warnings: failures that are no errors */
    {"STATUS_NO_MORE_FILES", -0x7FFFFFFA},
    {"STATUS_DEVICE_OFF_LINE", -0x7FFFFFF0},
    {"STATUS_DEVICE_BUSY", -0x7FFFFFEF},
    {"STATUS_NO_MORE_ENTRIES", -0x7FFFFFE6},
    {"IRP_MJ_CREATE", 0x00},
    {"IRP_MJ_CREATE_NAMED_PIPE", 0x01},
    {"IRP_MJ_CLOSE", 0x02},
    {"IRP_MJ_READ", 0x03},
    {"IRP_MJ_WRITE", 0x04},
    {"IRP_MJ_FILE_SYSTEM_CONTROL", 0x0d},
    {"IRP_MJ_DEVICE_CONTROL", 0x0e},
    {"IRP_MJ_INTERNAL_DEVICE_CONTROL", 0x0f},
    {"IRP_MJ_SHUTDOWN", 0x10},
    {"IRP_MJ_CLEANUP", 0x12},
    {"IRP_MJ_POWER", 0x16},
    {"IRP_MJ_SYSTEM_CONTROL", 0x17},
    {"IRP_MJ_PNP", 0x1b},
    {"IRP_MJ_MAXIMUM_FUNCTION", 0x1b},
    {"IRP_MN_USER_FS_REQUEST", 0x00},
    {"IRP_MN_MOUNT_VOLUME", 0x01},
    {"IRP_MN_VERIFY_VOLUME", 0x02},
    {"IRP_MN_LOAD_FILE_SYSTEM", 0x03},
    {"IRP_MN_KERNEL_CALL", 0x04},
    {"METHOD_BUFFERED", 0},
    {"METHOD_IN_DIRECT", 1},
    {"METHOD_OUT_DIRECT", 2},
    {"METHOD_NEITHER", 3},
    {"PAGE_SIZE", 0x1000},
    {"MAXULONG", 0xFFFFFFFF},
    {"MAXDWORD", 0xFFFFFFFF},
    {"ULONG_MAX", 0xFFFFFFFF},
    {"UINT_MAX", 0xFFFFFFFF},
    {"MAXLONG", 0x7FFFFFFF},
    {"LONG_MAX", 0x7FFFFFFF},
    {"INT_MAX", 0x7FFFFFFF},
    {"MAXUSHORT", 0xFFFF},
    {"USHORT_MAX", 0xFFFF},
    {"MAXUCHAR", 0xFF},
    {"OBJ_INHERIT", 0x2},
    {"OBJ_PERMANENT", 0x10},
    {"OBJ_EXCLUSIVE", 0x20},
    {"OBJ_CASE_INSENSITIVE", 0x40},
    {"OBJ_OPENIF", 0x80},
    {"OBJ_OPENLINK", 0x100},
    {"OBJ_KERNEL_HANDLE", 0x200},
    {"OBJ_FORCE_ACCESS_CHECK", 0x400},
    {"IO_FORCE_ACCESS_CHECK", 0x0001},
};

/* NT_SUCCESS(x) is x >= 0: failures need no exact number, only its sign. */
enum { SOME_FAILURE = -0x3FFFFFFF };

bool rm_word_is_failure(rm_str name) {
    static const char *const kinds[] = {"STATUS_SUCCESS", "STATUS_PENDING", "STATUS_TIMEOUT",
                                        "STATUS_MORE_ENTRIES", "STATUS_REPARSE"};
    return rm_str_starts(name, RM_STR("STATUS_")) && !rm_str_starts(name, RM_STR("STATUS_WAIT_")) &&
           !listed(name, kinds, COUNT(kinds));
}

bool rm_word_constant(rm_str name, int64_t *value) {
    for (size_t i = 0; i < COUNT(constants); i++) {
        if (rm_str_eq(name, rm_str_from(constants[i].name))) {
            *value = constants[i].value;
            return true;
        }
    }
    if (rm_word_is_failure(name)) {
        /* a number of its own for each name, so that two are never taken for equal */
        *value = SOME_FAILURE + (int64_t)(rm_str_hash(name) & 0x0FFFFFFF);
        return true;
    }
    return false;
}

bool rm_word_is_quiet(rm_str name) {
    static const char *const exact[] = {"DbgPrint",
                                        "DbgPrintEx",
                                        "KdPrint",
                                        "KdPrintEx",
                                        "vDbgPrintEx",
                                        "ASSERT",
                                        "NT_ASSERT",
                                        "NT_ASSERTMSG",
                                        "ASSERTMSG",
                                        "RTL_SOFT_ASSERT",
                                        "PAGED_CODE",
                                        "PAGED_CODE_LOCKED",
                                        "UNREFERENCED_PARAMETER",
                                        "DBG_UNREFERENCED_PARAMETER",
                                        "DBG_UNREFERENCED_LOCAL_VARIABLE",
                                        "C_ASSERT",
                                        "static_assert",
                                        "TraceEvents",
                                        "WPP_INIT_TRACING",
                                        "DoTraceMessage",
                                        "DebugPrint",
                                        "TraceLoggingWrite",
                                        "RtlAssert",
                                        "__debugbreak",
                                        "DbgBreakPoint",
                                        "KdBreakPoint",
                                        "IoCompleteRequest",
                                        "IofCompleteRequest",
                                        "printf",
                                        "assert",
                                        "__analysis_assume",
                                        "_Analysis_assume_",
                                        "NT_ANALYSIS_ASSUME",
                                        "KeEnterCriticalRegion",
                                        "KeLeaveCriticalRegion",
                                        "FsRtlEnterFileSystem",
                                        "FsRtlExitFileSystem"};
    return listed(name, exact, COUNT(exact));
}

bool rm_word_never_returns(rm_str name) {
    static const char *const exact[] = {"ExRaiseStatus",
                                        "RtlRaiseStatus",
                                        "RtlRaiseException",
                                        "ExRaiseAccessViolation",
                                        "ExRaiseDatatypeMisalignment",
                                        "FsRtlRaiseStatus",
                                        "KeBugCheck",
                                        "KeBugCheckEx",
                                        "RtlFailFast",
                                        "__fastfail",
                                        "WdfVerifierKeBugCheck"};
    return listed(name, exact, COUNT(exact));
}

static const struct {
    const char *name;
    rm_word_helper helper;
} helpers[] = {
    {"NT_SUCCESS", RM_HELPER_NT_SUCCESS},
    {"SUCCEEDED", RM_HELPER_NT_SUCCESS},
    {"FAILED", RM_HELPER_FAILED},
    {"NT_ERROR", RM_HELPER_NT_ERROR},
    {"min", RM_HELPER_MIN},
    {"MIN", RM_HELPER_MIN},
    {"max", RM_HELPER_MAX},
    {"MAX", RM_HELPER_MAX},
    {"clamp", RM_HELPER_CLAMP},
    {"ARRAYSIZE", RM_HELPER_COUNT},
    {"RTL_NUMBER_OF", RM_HELPER_COUNT},
    {"ARRAY_SIZE", RM_HELPER_COUNT},
    {"_countof", RM_HELPER_COUNT},
    {"FIELD_OFFSET", RM_HELPER_OFFSET},
    {"RTL_SIZEOF_THROUGH_FIELD", RM_HELPER_OFFSET},
    {"RTL_FIELD_SIZE", RM_HELPER_OFFSET},
    {"__alignof", RM_HELPER_OFFSET},
    {"TYPE_ALIGNMENT", RM_HELPER_OFFSET},
    {"offsetof", RM_HELPER_OFFSET},
    /* basetsd.h */
    {"ULongToPtr", RM_HELPER_SAME},
    {"UlongToPtr", RM_HELPER_SAME},
    {"UIntToPtr", RM_HELPER_SAME},
    {"UintToPtr", RM_HELPER_SAME},
    {"IntToPtr", RM_HELPER_SAME},
    {"LongToPtr", RM_HELPER_SAME},
    {"Ptr32ToPtr", RM_HELPER_SAME},
    {"Ptr64ToPtr", RM_HELPER_SAME},
    {"PtrToPtr64", RM_HELPER_SAME},
    {"ULongToHandle", RM_HELPER_SAME},
    {"UlongToHandle", RM_HELPER_SAME},
    {"Handle32ToHandle", RM_HELPER_SAME},
    {"Handle64ToHandle", RM_HELPER_SAME},
    {"HandleToHandle64", RM_HELPER_SAME},
    {"HandleToULong", RM_HELPER_LOW_UNSIGNED},
    {"HandleToUlong", RM_HELPER_LOW_UNSIGNED},
    {"PtrToUlong", RM_HELPER_LOW_UNSIGNED},
    {"PtrToULong", RM_HELPER_LOW_UNSIGNED},
    {"PtrToUint", RM_HELPER_LOW_UNSIGNED},
    {"PtrToUInt", RM_HELPER_LOW_UNSIGNED},
    {"PtrToPtr32", RM_HELPER_LOW_UNSIGNED},
    {"HandleToHandle32", RM_HELPER_LOW_UNSIGNED},
    {"HandleToLong", RM_HELPER_LOW_SIGNED},
    {"PtrToLong", RM_HELPER_LOW_SIGNED},
    {"PtrToInt", RM_HELPER_LOW_SIGNED},
    {"LongToHandle", RM_HELPER_SAME},
};

rm_word_helper rm_word_helper_of(rm_str name) {
    for (size_t i = 0; i < COUNT(helpers); i++) {
        if (rm_str_eq(name, rm_str_from(helpers[i].name))) {
            return helpers[i].helper;
        }
    }
    return RM_HELPER_NONE;
}

bool rm_word_is_system(rm_str name) {
    static const char *const families[] = {
        "Cc",     "Cm",         "Dbg",   "Etw",      "Ex",    "Flt",         "FsRtl",  "Hal",
        "Io",     "Iof",        "Kd",    "Ke",       "Ki",    "Mm",          "Ndis",   "NdisM",
        "NdisF",  "Nt",         "Ob",    "Obf",      "Pc",    "Pcw",         "Po",     "Pof",
        "Ps",     "Rtl",        "Se",    "StorPort", "Tm",    "Vf",          "Wdf",    "Wmi",
        "Wmilib", "Wsk",        "Zw",    "Fwps",     "Fwpm",  "Usbd",        "HidP",   "HidD",
        "Ks",     "ScsiPort",   "Video", "Tdi",      "Probe", "Interlocked", "WdfUsb", "Wdm",
        "Wpp",    "NetAdapter", "Net"};
    static const char *const intrinsics[] = {"__", "_Interlocked", "WDF_", "RtlString",
                                             "SPB_TRANSFER_"};
    static const char *const exact[] = {"memcpy",
                                        "memmove",
                                        "memset",
                                        "memcmp",
                                        "strlen",
                                        "wcslen",
                                        "strcmp",
                                        "wcscmp",
                                        "strncmp",
                                        "wcsncmp",
                                        "_wcsicmp",
                                        "_wcsnicmp",
                                        "_stricmp",
                                        "strcpy",
                                        "strcat",
                                        "wcscpy",
                                        "wcscat",
                                        "sprintf",
                                        "swprintf",
                                        "_snprintf",
                                        "_snwprintf",
                                        "strstr",
                                        "wcsstr",
                                        "strchr",
                                        "wcschr",
                                        "strrchr",
                                        "wcsrchr",
                                        "IsListEmpty",
                                        "InitializeListHead",
                                        "InsertHeadList",
                                        "InsertTailList",
                                        "RemoveHeadList",
                                        "RemoveTailList",
                                        "RemoveEntryList",
                                        "CONTAINING_RECORD",
                                        "BYTES_TO_PAGES",
                                        "ADDRESS_AND_SIZE_TO_SPAN_PAGES"};
    return starts_with_one(name, families, COUNT(families), true) ||
           starts_with_one(name, intrinsics, COUNT(intrinsics), false) ||
           listed(name, exact, COUNT(exact));
}
