#include "base/status.h"

const char *rm_status_text(rm_status status) {
    static const char *const text[] = {
#define X(name, txt) [RM_##name] = txt,
        RM_STATUS_LIST(X)
#undef X
    };
    if ((unsigned)status >= RM_STATUS_COUNT) {
        return "unknown status";
    }
    return text[status];
}
