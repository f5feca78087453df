#include "domain.h"

int rm_given_domain(const rm_invocation *in, const rm_sid **out) {
    const char *text = rm_given(in, "--domain-sid");
    *out = NULL;
    if (text == NULL) {
        return RM_EXIT_OK;
    }
    rm_sid *sid = RM_NEW(in->arena, rm_sid);
    if (sid == NULL) {
        return rm_fail(in, RM_EXIT_OUTPUT, "%s", rm_status_text(RM_NOMEM));
    }
    if (!rm_sid_from(rm_str_from(text), sid) || sid->domain_relative) {
        return rm_fail(in, RM_EXIT_USAGE,
                       "--domain-sid takes a SID such as S-1-5-21-1-2-3, not '%s'", text);
    }
    *out = sid;
    return RM_EXIT_OK;
}
