#include <string.h>

#include "source/lex.h"
#include "source/limits.h"
#include "source/normalise.h"

/* Words of the public headers that a grammar of plain C or C++ does not know. */
static const struct {
    const char *word;
    rm_word_action action;
    const char *replacement;
} table[] = {
    /* parameters, before there was SAL */
    {"IN", RM_ACTION_QUALIFIER, NULL},
    {"OUT", RM_ACTION_QUALIFIER, NULL},
    {"INOUT", RM_ACTION_QUALIFIER, NULL},
    {"OPTIONAL", RM_ACTION_BLANK, NULL},
    {"FAR", RM_ACTION_QUALIFIER, NULL},
    {"NEAR", RM_ACTION_QUALIFIER, NULL},
    {"CONST", RM_ACTION_REPLACE, "const"},
    {"VOLATILE", RM_ACTION_REPLACE, "volatile"},
    {"__volatile", RM_ACTION_REPLACE, "volatile"},
    {"__const", RM_ACTION_REPLACE, "const"},
    {"UNALIGNED", RM_ACTION_BLANK, NULL},
    {"POINTER_32", RM_ACTION_BLANK, NULL},
    {"POINTER_64", RM_ACTION_BLANK, NULL},
    {"POINTER_SIGNED", RM_ACTION_BLANK, NULL},
    {"POINTER_UNSIGNED", RM_ACTION_BLANK, NULL},
    {"RESTRICTED_POINTER", RM_ACTION_BLANK, NULL},
    {"CRITICAL", RM_ACTION_QUALIFIER, NULL},
    {"__unaligned", RM_ACTION_BLANK, NULL},
    {"__restrict", RM_ACTION_BLANK, NULL},
    {"__ptr32", RM_ACTION_BLANK, NULL},
    {"__ptr64", RM_ACTION_BLANK, NULL},
    {"__sptr", RM_ACTION_BLANK, NULL},
    {"__uptr", RM_ACTION_BLANK, NULL},
    {"__w64", RM_ACTION_BLANK, NULL},
    /* calling conventions and linkage */
    {"NTAPI", RM_ACTION_BLANK, NULL},
    {"WINAPI", RM_ACTION_BLANK, NULL},
    {"APIENTRY", RM_ACTION_BLANK, NULL},
    {"CALLBACK", RM_ACTION_BLANK, NULL},
    {"FASTCALL", RM_ACTION_BLANK, NULL},
    {"STDCALL", RM_ACTION_BLANK, NULL},
    {"PASCAL", RM_ACTION_BLANK, NULL},
    {"WINAPIV", RM_ACTION_BLANK, NULL},
    {"STDMETHODCALLTYPE", RM_ACTION_BLANK, NULL},
    {"STDAPICALLTYPE", RM_ACTION_BLANK, NULL},
    {"__stdcall", RM_ACTION_BLANK, NULL},
    {"_stdcall", RM_ACTION_BLANK, NULL},
    {"__cdecl", RM_ACTION_BLANK, NULL},
    {"_cdecl", RM_ACTION_BLANK, NULL},
    {"__fastcall", RM_ACTION_BLANK, NULL},
    {"_fastcall", RM_ACTION_BLANK, NULL},
    {"__thiscall", RM_ACTION_BLANK, NULL},
    {"__vectorcall", RM_ACTION_BLANK, NULL},
    {"EXTERN_C", RM_ACTION_BLANK, NULL},
    {"EXTERN_C_START", RM_ACTION_BLANK, NULL},
    {"EXTERN_C_END", RM_ACTION_BLANK, NULL},
    {"NTKERNELAPI", RM_ACTION_BLANK, NULL},
    {"FLTAPI", RM_ACTION_BLANK, NULL},
    {"WSKAPI", RM_ACTION_BLANK, NULL},
    {"KSDDKAPI", RM_ACTION_BLANK, NULL},
    {"SCSIPORT_API", RM_ACTION_BLANK, NULL},
    {"CODE_SEG", RM_ACTION_BLANK_CALL, NULL},
    {"DECLSPEC_CODE_SEG", RM_ACTION_BLANK_CALL, NULL},
    {"NTSYSAPI", RM_ACTION_BLANK, NULL},
    {"NTSYSCALLAPI", RM_ACTION_BLANK, NULL},
    {"NTHALAPI", RM_ACTION_BLANK, NULL},
    {"WINBASEAPI", RM_ACTION_BLANK, NULL},
    {"NDIS_EXPORTED_ROUTINE", RM_ACTION_BLANK, NULL},
    {"DECLSPEC_IMPORT", RM_ACTION_BLANK, NULL},
    {"DECLSPEC_EXPORT", RM_ACTION_BLANK, NULL},
    {"DECLSPEC_NORETURN", RM_ACTION_BLANK, NULL},
    {"DECLSPEC_RESTRICT", RM_ACTION_BLANK, NULL},
    {"DECLSPEC_ALLOCATOR", RM_ACTION_BLANK, NULL},
    {"NTAPI_INLINE", RM_ACTION_BLANK, NULL},
    {"STDAPIVCALLTYPE", RM_ACTION_BLANK, NULL},
    {"DECLSPEC_NOINLINE", RM_ACTION_BLANK, NULL},
    {"DECLSPEC_NOTHROW", RM_ACTION_BLANK, NULL},
    {"DECLSPEC_NOVTABLE", RM_ACTION_BLANK, NULL},
    {"DECLSPEC_SELECTANY", RM_ACTION_BLANK, NULL},
    {"DECLSPEC_CACHEALIGN", RM_ACTION_BLANK, NULL},
    {"DECLSPEC_ALIGN", RM_ACTION_BLANK_CALL, NULL},
    {"DECLSPEC_UUID", RM_ACTION_BLANK_CALL, NULL},
    {"DECLSPEC_DEPRECATED_DDK", RM_ACTION_BLANK, NULL},
    {"MIDL_INTERFACE", RM_ACTION_BLANK_CALL, NULL},
    {"__declspec", RM_ACTION_BLANK_CALL, NULL},
    {"_declspec", RM_ACTION_BLANK_CALL, NULL},
    {"__pragma", RM_ACTION_BLANK_CALL, NULL},
    {"_Pragma", RM_ACTION_BLANK_CALL, NULL},
    {"__attribute__", RM_ACTION_BLANK_CALL, NULL},
    {"__extension__", RM_ACTION_BLANK, NULL},
    {"INLINE", RM_ACTION_BLANK, NULL},
    {"FORCEINLINE", RM_ACTION_BLANK, NULL},
    {"CFORCEINLINE", RM_ACTION_BLANK, NULL},
    {"__inline", RM_ACTION_BLANK, NULL},
    {"_inline", RM_ACTION_BLANK, NULL},
    {"__forceinline", RM_ACTION_BLANK, NULL},
    {"_forceinline", RM_ACTION_BLANK, NULL},
    {"DECLSPEC_GUARDNOCF", RM_ACTION_BLANK, NULL},
    {"DECLSPEC_NOSANITIZEADDRESS", RM_ACTION_BLANK, NULL},
    /* annotations that are not shaped like SAL */
    {"__callback", RM_ACTION_BLANK, NULL},
    {"__checkReturn", RM_ACTION_BLANK, NULL},
    {"__notnull", RM_ACTION_BLANK, NULL},
    {"__maybenull", RM_ACTION_BLANK, NULL},
    {"__nullterminated", RM_ACTION_BLANK, NULL},
    {"__nullnullterminated", RM_ACTION_BLANK, NULL},
    {"__reserved", RM_ACTION_BLANK, NULL},
    {"__success", RM_ACTION_BLANK_CALL, NULL},
    {"__format_string", RM_ACTION_BLANK, NULL},
    {"__override", RM_ACTION_BLANK, NULL},
    {"__kernel_driver", RM_ACTION_BLANK, NULL},
    {"__kernel_code", RM_ACTION_BLANK, NULL},
    {"__user_code", RM_ACTION_BLANK, NULL},
    {"__useHeader", RM_ACTION_BLANK, NULL},
    {"__range", RM_ACTION_BLANK_CALL, NULL},
    {"__bcount", RM_ACTION_BLANK_CALL, NULL},
    {"__ecount", RM_ACTION_BLANK_CALL, NULL},
    {"__post", RM_ACTION_BLANK, NULL},
    {"__pre", RM_ACTION_BLANK, NULL},
    {"__deref", RM_ACTION_BLANK, NULL},
    {"__valid", RM_ACTION_BLANK, NULL},
    {"__null", RM_ACTION_BLANK, NULL},
    {"__typefix", RM_ACTION_BLANK_CALL, NULL},
    {"__analysis_assume", RM_ACTION_BLANK_CALL, NULL},
    {"__analysis_assert", RM_ACTION_BLANK_CALL, NULL},
    {"__control_entrypoint", RM_ACTION_BLANK_CALL, NULL},
    {"__on_failure", RM_ACTION_BLANK_CALL, NULL},
    /* declarations by macro, mostly without a semicolon */
    {"WDF_EXTERN_C_START", RM_ACTION_BLANK, NULL},
    {"WDF_EXTERN_C_END", RM_ACTION_BLANK, NULL},
    {"WDF_DECLARE_CONTEXT_TYPE", RM_ACTION_BLANK_CALL, NULL},
    {"WDF_DECLARE_CONTEXT_TYPE_WITH_NAME", RM_ACTION_BLANK_CALL, NULL},
    {"WDF_DECLARE_CUSTOM_TYPE", RM_ACTION_BLANK_CALL, NULL},
    {"WDF_DECLARE_TYPE_AND_GLOBALS", RM_ACTION_BLANK_CALL, NULL},
    {"DEFINE_ENUM_FLAG_OPERATORS", RM_ACTION_BLANK_CALL, NULL},
    {"INIT_SEGMENT", RM_ACTION_BLANK, NULL},
    {"BEGIN_INTERFACE", RM_ACTION_BLANK, NULL},
    {"END_INTERFACE", RM_ACTION_BLANK, NULL},
    {"DEFAULT_UNREACHABLE", RM_ACTION_REPLACE, "default:"},
    /* statements */
    {"TRY", RM_ACTION_BLANK, NULL},
    {"FINALLY", RM_ACTION_BLANK, NULL},
    {"WHILE", RM_ACTION_REPLACE, "while"},
    /* COM */
    {"STDMETHOD", RM_ACTION_UNWRAP, NULL},
    {"STDMETHOD_", RM_ACTION_UNWRAP, NULL},
    {"STDMETHODIMP", RM_ACTION_REPLACE, "HRESULT"},
    {"STDMETHODIMP_", RM_ACTION_UNWRAP, NULL},
    {"IFACEMETHOD", RM_ACTION_UNWRAP, NULL},
    {"IFACEMETHOD_", RM_ACTION_UNWRAP, NULL},
    {"IFACEMETHODIMP", RM_ACTION_REPLACE, "HRESULT"},
    {"IFACEMETHODIMP_", RM_ACTION_UNWRAP, NULL},
    {"STDAPI", RM_ACTION_REPLACE, "long"},
    {"STDAPI_", RM_ACTION_UNWRAP, NULL},
    {"PURE", RM_ACTION_REPLACE, "=0"},
    {"THIS", RM_ACTION_REPLACE, "void"},
    {"THIS_", RM_ACTION_BLANK, NULL},
    {"DECLARE_INTERFACE", RM_ACTION_INTERFACE, NULL},
    {"DECLARE_INTERFACE_", RM_ACTION_INTERFACE, NULL},
    /* machine code */
    {"asm", RM_ACTION_ASM, NULL},
    {"_asm", RM_ACTION_ASM, NULL},
    {"__asm", RM_ACTION_ASM, NULL},
    {"__asm__", RM_ACTION_ASM, NULL},
};

_Static_assert(sizeof table / sizeof table[0] < 255, "an index plus one must fit a byte");

void rm_annotations_init(rm_annotations *annotations) {
    memset(annotations->slots, 0, sizeof annotations->slots);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        uint64_t slot = rm_str_hash(rm_str_from(table[i].word)) % RM_ANNOTATION_SLOTS;
        while (annotations->slots[slot] != 0) {
            slot = (slot + 1) % RM_ANNOTATION_SLOTS;
        }
        annotations->slots[slot] = (unsigned char)(i + 1);
    }
}

static bool has_lower(rm_str s) {
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] >= 'a' && s.ptr[i] <= 'z') {
            return true;
        }
    }
    return false;
}

/* SAL 2: _In_, _Out_writes_bytes_, _IRQL_requires_max_. */
static bool is_sal2(rm_str s) {
    return s.len > 3 && s.ptr[0] == '_' && s.ptr[1] >= 'A' && s.ptr[1] <= 'Z' &&
           s.ptr[s.len - 1] == '_' && has_lower(s);
}

/* SAL 1: __in, __in_opt, __out_bcount_part, __drv_maxIRQL; but not __inbyte or __int64. */
static bool is_sal1(rm_str s) {
    static const char *const prefixes[] = {
        "__in",          "__out",           "__inout", "__deref_in", "__deref_out",
        "__deref_inout", "__deref_opt_out", "__drv",   "__field",    "__struct",
        "__byte",        "__elem",          "__post",  "__pre",      "__nonlocking"};
    if (s.len < 4 || s.ptr[0] != '_' || s.ptr[1] != '_') {
        return false;
    }
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        rm_str prefix = rm_str_from(prefixes[i]);
        if (rm_str_starts(s, prefix) && (i < 3 ? s.len == prefix.len || s.ptr[prefix.len] == '_'
                                               : s.len > prefix.len && s.ptr[prefix.len] == '_')) {
            return true;
        }
        if (i >= 3 && i < 7 && rm_str_eq(s, prefix)) {
            return true;
        }
    }
    return false;
}

rm_word_action rm_annotation(const rm_annotations *annotations, rm_str word, uint64_t hash,
                             const char **replacement) {
    uint64_t slot = hash % RM_ANNOTATION_SLOTS;
    while (annotations->slots[slot] != 0) {
        size_t i = annotations->slots[slot] - 1u;
        if (rm_str_eq(word, rm_str_from(table[i].word))) {
            *replacement = table[i].replacement;
            return table[i].action;
        }
        slot = (slot + 1) % RM_ANNOTATION_SLOTS;
    }
    return word.ptr[0] == '_' && (is_sal2(word) || is_sal1(word)) ? RM_ACTION_BLANK_CALL
                                                                  : RM_ACTION_KEEP;
}

/* ---- the driver's own ---- */

enum { UNASKED = 0, ASKING, NO, YES };

static bool name_is_annotation(const rm_macros *macros, const rm_annotations *annotations,
                               rm_str name, uint64_t hash, unsigned depth);

/* Is every word of the body an annotation? Parentheses behind one belong to it. */
static bool body_is_annotation(const rm_macros *macros, const rm_annotations *annotations,
                               rm_str body, unsigned depth) {
    rm_lexer lexer = rm_lexer_of(body);
    for (;;) {
        rm_token token = rm_lex(&lexer);
        const char *replacement = NULL;
        if (token.kind == RM_TOKEN_END) {
            return true;
        }
        if (token.kind != RM_TOKEN_NAME) {
            return false;
        }
        uint64_t hash = rm_str_hash(token.text);
        rm_word_action action = rm_annotation(annotations, token.text, hash, &replacement);
        bool plain = rm_token_is(token, "inline") || rm_token_is(token, "static");
        if (rm_token_is(token, "extern") && rm_lex_peek(&lexer).kind == RM_TOKEN_STRING) {
            (void)rm_lex(&lexer);
        } else if (action == RM_ACTION_BLANK || action == RM_ACTION_BLANK_CALL || plain ||
                   name_is_annotation(macros, annotations, token.text, hash, depth + 1)) {
            if (rm_token_is(rm_lex_peek(&lexer), "(")) {
                (void)rm_lex(&lexer);
                (void)rm_lex_skip_group(&lexer, NULL);
            }
        } else {
            return false;
        }
    }
}

/*
 * Definitions that are compiled out do not count, or a stub of another configuration would hide the
 * function of its name; but an object-like one may be all there is of an annotation.
 */
static bool all_are_annotations(const rm_macros *macros, const rm_annotations *annotations,
                                uint32_t first, unsigned depth) {
    bool any = false;
    for (uint32_t i = first; i != RM_NONE; i = macros->set->all.at[i].next) {
        const rm_macro *m = &macros->set->all.at[i];
        if (m->file == RM_NONE || !rm_bits_has(&macros->visible, m->file)) {
            continue;
        }
        bool out = m->branch != RM_NONE && !rm_macros_active(macros, m->file, m->branch);
        if (out && m->kind == RM_MACRO_FUNCTION) {
            continue;
        }
        if ((m->kind != RM_MACRO_OBJECT && m->kind != RM_MACRO_FUNCTION) ||
            !body_is_annotation(macros, annotations, m->body, depth)) {
            return false;
        }
        any = true;
    }
    return any;
}

/* A chain of macros that is longer than anyone's is no annotation. */
static bool name_is_annotation(const rm_macros *macros, const rm_annotations *annotations,
                               rm_str name, uint64_t hash, unsigned depth) {
    uint32_t first = rm_set_first_of_hash(macros->set, name, hash);
    if (first == RM_NONE || depth > RM_MAX_MACRO_DEPTH) {
        return false;
    }
    signed char *state = &macros->annotations[first];
    if (*state == UNASKED) {
        *state = ASKING; /* a macro defined by itself is none */
        *state = all_are_annotations(macros, annotations, first, depth) ? YES : NO;
    }
    return *state == YES;
}

rm_status rm_macros_remember(rm_macros *macros) {
    macros->annotations = RM_NEW_ARRAY(macros->arena, signed char, macros->set->all.count + 1);
    return macros->annotations == NULL ? RM_NOMEM : RM_OK;
}

bool rm_macro_is_annotation(const rm_macros *macros, const rm_annotations *annotations, rm_str name,
                            uint64_t hash) {
    return name_is_annotation(macros, annotations, name, hash, 0);
}
