#include "source/lex.h"
#include "source/macros.h"
#include "source/values.h"

/* Interface and setup classes of the public headers that drivers name without defining them. */
static const struct {
    const char *name;
    const char *guid;
} known[] = {
    {"GUID_DEVINTERFACE_COMPORT", "{86e0d1e0-8089-11d0-9ce4-08003e301f73}"},
    {"GUID_DEVINTERFACE_DISK", "{53f56307-b6bf-11d0-94f2-00a0c91efb8b}"},
    {"GUID_DEVINTERFACE_CDROM", "{53f56308-b6bf-11d0-94f2-00a0c91efb8b}"},
    {"GUID_DEVINTERFACE_PARTITION", "{53f5630a-b6bf-11d0-94f2-00a0c91efb8b}"},
    {"GUID_DEVINTERFACE_TAPE", "{53f5630b-b6bf-11d0-94f2-00a0c91efb8b}"},
    {"GUID_DEVINTERFACE_VOLUME", "{53f5630d-b6bf-11d0-94f2-00a0c91efb8b}"},
    {"GUID_DEVINTERFACE_STORAGEPORT", "{2accfe60-c130-11d2-b082-00a0c91efb8b}"},
    {"GUID_DEVINTERFACE_KEYBOARD", "{884b96c3-56ef-11d1-bc8c-00a0c91405dd}"},
    {"GUID_DEVINTERFACE_MOUSE", "{378de44c-56ef-11d1-bc8c-00a0c91405dd}"},
    {"GUID_DEVINTERFACE_HID", "{4d1e55b2-f16f-11cf-88cb-001111000030}"},
    {"GUID_DEVINTERFACE_USB_DEVICE", "{a5dcbf10-6530-11d2-901f-00c04fb951ed}"},
    {"GUID_DEVINTERFACE_USB_HUB", "{f18a0e88-c30c-11d0-8815-00a0c906bed8}"},
    {"GUID_DEVINTERFACE_USB_HOST_CONTROLLER", "{3abf6f2d-71c4-462a-8a92-1e6861e6af27}"},
    {"GUID_DEVINTERFACE_MODEM", "{2c7089aa-2e0e-11d1-b114-00c04fc2aae4}"},
    {"GUID_DEVINTERFACE_SERENUM_BUS_ENUMERATOR", "{4d36e978-e325-11ce-bfc1-08002be10318}"},
    {"GUID_DEVINTERFACE_NET", "{cac88484-7515-4c03-82e6-71a87abac361}"},
    {"MOUNTDEV_MOUNTED_DEVICE_GUID", "{53f5630d-b6bf-11d0-94f2-00a0c91efb8b}"},
    {"KSCATEGORY_AUDIO", "{6994ad04-93ef-11d0-a3cc-00a0c9223196}"},
    {"KSCATEGORY_VIDEO", "{6994ad05-93ef-11d0-a3cc-00a0c9223196}"},
    {"KSCATEGORY_CAPTURE", "{65e8773d-8f56-11d0-a3b9-00a0c9223196}"},
    {"KSCATEGORY_RENDER", "{65e8773e-8f56-11d0-a3b9-00a0c9223196}"},
    {"KSCATEGORY_TOPOLOGY", "{dda54a40-1e4c-11d1-a050-405705c10000}"},
    {"GUID_DEVICE_BATTERY", "{72631e54-78a4-11d0-bcf7-00aa00b7b32a}"},
    {"GUID_DEVCLASS_SYSTEM", "{4d36e97d-e325-11ce-bfc1-08002be10318}"},
    {"GUID_BUS_TYPE_USB", "{9d7debbc-c85d-11d1-9eb4-006008c3a19a}"},
};

rm_str rm_guid_known(rm_str name) {
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (rm_str_eq(name, rm_str_from(known[i].name))) {
            return rm_str_from(known[i].guid);
        }
    }
    return RM_STR_NONE;
}

/* Eleven numbers as the text of a GUID. */
static rm_status format(rm_arena *arena, const uint64_t n[11], rm_str *out) {
    return rm_str_printf(arena, out, "{%08x-%04x-%04x-%02x%02x-%02x%02x%02x%02x%02x%02x}",
                         (unsigned)n[0], (unsigned)n[1], (unsigned)n[2], (unsigned)n[3],
                         (unsigned)n[4], (unsigned)n[5], (unsigned)n[6], (unsigned)n[7],
                         (unsigned)n[8], (unsigned)n[9], (unsigned)n[10]);
}

/* Reads the numbers of a DEFINE_GUID or an initialiser, braces passed over. */
static bool read_numbers(rm_str text, uint64_t n[11]) {
    rm_lexer lexer = rm_lexer_of(text);
    unsigned count = 0;
    for (rm_token t = rm_lex(&lexer); t.kind != RM_TOKEN_END; t = rm_lex(&lexer)) {
        int64_t value = 0;
        if (t.kind == RM_TOKEN_NUMBER) {
            if (count == 11 || !rm_evaluate(t.text, RM_NAMES_REFUSED, &value)) {
                return false;
            }
            n[count++] = (uint64_t)value;
        } else if (t.kind != RM_TOKEN_MARK) {
            return false;
        }
    }
    return count == 11;
}

rm_status rm_guid_of_numbers(rm_arena *arena, rm_str text, rm_str *out) {
    uint64_t numbers[11];
    *out = RM_STR_NONE;
    return read_numbers(text, numbers) ? format(arena, numbers, out) : RM_OK;
}

static const rm_guid_text *defined(const rm_source_unit *unit, rm_str name) {
    for (uint32_t i = 0; i < unit->files.count; i++) {
        const rm_guid_texts *guids = &unit->set->files.at[unit->files.at[i].in_set].scan.guids;
        for (uint32_t k = 0; k < guids->count; k++) {
            if (rm_str_eq(guids->at[k].name, name)) {
                return &guids->at[k];
            }
        }
    }
    return NULL;
}

/* const GUID name = { 0x…, … }: the initialiser of the name in any file of the unit. */
static TSNode initialiser(const rm_source_unit *unit, rm_str name, const rm_source_file **file) {
    TSNode none = {{0}, NULL, NULL};
    for (uint32_t i = 0; i < unit->files.count; i++) {
        uint32_t at = 0;
        *file = &unit->files.at[i];
        for (;;) {
            TSNode node = rm_next_occurrence(*file, name, &at, (uint32_t)(*file)->clean.len);
            if (ts_node_is_null(node)) {
                break;
            }
            TSNode parent = ts_node_parent(node);
            while (rm_node_is(parent, "reference_declarator") ||
                   rm_node_is(parent, "pointer_declarator")) {
                parent = ts_node_parent(parent);
            }
            if (rm_node_is(parent, "init_declarator")) {
                return rm_node_field(parent, "value");
            }
        }
    }
    return none;
}

/* The last part of a name that stands for another: auto &guid = vhci::GUID_X. */
static rm_str named_by(const rm_source_file *file, TSNode value) {
    TSNode root = ts_node_is_null(value) ? value : rm_value_root(value);
    if (rm_node_is(root, "qualified_identifier")) {
        root = rm_node_field(root, "name");
    }
    return rm_node_is(root, "identifier") ? rm_node_text(file, root) : RM_STR_NONE;
}

static bool numbers_of(const rm_source_unit *unit, rm_str name, unsigned depth, uint64_t n[11]) {
    const rm_guid_text *guid = defined(unit, name);
    if (guid != NULL) {
        return read_numbers(guid->numbers, n);
    }
    const rm_source_file *file = NULL;
    TSNode value = initialiser(unit, name, &file);
    if (ts_node_is_null(value)) {
        return false;
    }
    rm_str other = named_by(file, value);
    if (other.len > 0) {
        return depth < 4 && !rm_str_eq(other, name) && numbers_of(unit, other, depth + 1, n);
    }
    return read_numbers(rm_node_text(file, value), n);
}

rm_status rm_value_guid(const rm_source_unit *unit, const rm_context *in, TSNode expression,
                        rm_str *out) {
    rm_str name = rm_value_root_name(unit, in, expression);
    uint64_t numbers[11];
    *out = RM_STR_NONE;
    if (name.len == 0) {
        return RM_OK;
    }
    if (numbers_of(unit, name, 0, numbers)) {
        return format(unit->arena, numbers, out);
    }
    *out = rm_guid_known(name);
    return RM_OK;
}
