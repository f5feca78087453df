#include "diff.h"

/*
 * What a check lets pass, as its reason has it in words (v_check.reason): "0x60 to 0x80 can pass",
 * "only 0x5 can pass", "at least 8 bytes of it". A check that stays and lets more pass guards less.
 */

typedef struct limit {
    uint64_t low, high;
    bool known;
} limit;

/* The number at the start of *text, which is moved behind it. */
static bool take_number(rm_str *text, uint64_t *out) {
    size_t end = 0;
    while (end < text->len && text->ptr[end] != ' ') {
        end++;
    }
    if (!rm_str_u64(rm_str_slice(*text, 0, end), out)) {
        return false;
    }
    *text = rm_str_slice(*text, end, text->len);
    return true;
}

static bool take(rm_str *text, const char *words) {
    const rm_str wanted = rm_str_from(words);
    if (!rm_str_starts(*text, wanted)) {
        return false;
    }
    *text = rm_str_slice(*text, wanted.len, text->len);
    return true;
}

static limit limit_of(rm_str reason) {
    const limit none = {0, 0, false};
    limit found = {.high = UINT64_MAX, .known = true};
    if (take(&reason, "at least ")) {
        return take_number(&reason, &found.low) && take(&reason, " byte") ? found : none;
    }
    const bool one = take(&reason, "only ");
    if (!take_number(&reason, &found.low)) {
        return none;
    }
    found.high = found.low;
    if (!one && !(take(&reason, " to ") && take_number(&reason, &found.high))) {
        return none;
    }
    return take(&reason, " can pass") ? found : none;
}

/* It is there and guards nothing. */
static bool is_in_vain(rm_str reason) {
    return rm_str_starts(reason, RM_STR("not enough: ")) ||
           rm_str_starts(reason, RM_STR("it does not keep "));
}

/* Up to where the reason goes on with what every check of its kind has. */
static rm_str in_short(rm_str reason) {
    size_t end = reason.len;
    (void)rm_str_find(reason, RM_STR(", and every way"), &end);
    (void)rm_str_find(rm_str_slice(reason, 0, end), RM_STR(" of it:"), &end);
    return rm_str_slice(reason, 0, end);
}

rm_change rm_compare_limits(rm_str before, rm_str after, rm_buf *text) {
    const limit b = limit_of(before);
    const limit a = limit_of(after);
    const bool wider = b.known && (a.known ? a.low < b.low || a.high > b.high : is_in_vain(after));
    const bool tighter =
        a.known && (b.known ? a.low > b.low || a.high < b.high : is_in_vain(before));
    if (!wider && !tighter) {
        return RM_CHANGE_COUNT;
    }
    const rm_str was = in_short(before);
    const rm_str is = in_short(after);
    rm_buf_printf(text, "%swhat passes: '%.*s', now '%.*s'", text->len > 0 ? ", " : "",
                  RM_STR_ARG(was), RM_STR_ARG(is));
    return wider ? RM_CHANGE_WORSE : RM_CHANGE_BETTER;
}
