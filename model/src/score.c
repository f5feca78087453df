#include "model/derive.h"

const rm_weights rm_default_weights = {
    .per_boundary = 150,
    .kernel_mode = 200,
    .unvalidated = 1000,
    .unknown = 900,
    .partial = 500,
    .validated = 100,
    .reach_undecided = 600,
    .reach_allow_any = 800,
    .reach_named = 600,
    .reach_held = 400,
    .reach_hardware = 600,
};

enum { ONE = 1000 };

static uint32_t scaled(uint32_t value, uint32_t permille) {
    return (uint32_t)((uint64_t)value * permille / ONE);
}

static uint32_t weight_of(const rm_weights *w, rm_validation validation) {
    switch (validation) {
    case RM_VALIDATION_UNVALIDATED: return w->unvalidated;
    case RM_VALIDATION_UNKNOWN: return w->unknown;
    case RM_VALIDATION_PARTIAL: return w->partial;
    case RM_VALIDATION_VALIDATED: return w->validated;
    case RM_VALIDATION_COUNT: break;
    }
    return w->unvalidated;
}

/* V: the product over hops and sink, truncated at each factor like the rest. */
static uint32_t validation_product(const rm_weights *w, const rm_score_input *in) {
    uint32_t v = ONE;
    for (uint32_t i = 0; i < in->validation_count; i++) {
        v = scaled(v, weight_of(w, in->validations[i]));
    }
    return v;
}

/* c: what chaining adds; a single boundary adds nothing, and the term never exceeds one. */
static uint32_t chain_term(const rm_weights *w, const rm_score_input *in) {
    uint64_t c = in->boundaries > 1 ? (uint64_t)(in->boundaries - 1) * w->per_boundary : 0;
    c += in->kernel_hop ? w->kernel_mode : 0;
    return c > ONE ? ONE : (uint32_t)c;
}

static uint32_t without_chain(const rm_weights *w, const rm_score_input *in) {
    uint32_t p = scaled(in->disparity, in->reach);
    p = scaled(p, in->severity);
    return scaled(p, validation_product(w, in));
}

uint32_t rm_score(const rm_weights *weights, const rm_score_input *in) {
    uint32_t p = without_chain(weights, in);
    return p >= ONE ? ONE : p + scaled(scaled(chain_term(weights, in), p), ONE - p);
}

rm_severity rm_score_band(uint32_t score) {
    static const uint32_t least[] = {0, 50, 200, 450, 700};
    unsigned band = RM_SEVERITY_CRITICAL;
    while (band > RM_SEVERITY_INFO && score < least[band]) {
        band--;
    }
    return (rm_severity)band;
}

rm_status rm_score_sentence(rm_arena *arena, const rm_weights *weights, const rm_score_input *in,
                            rm_str *out) {
    uint32_t p = without_chain(weights, in);
    uint32_t c = chain_term(weights, in);
    rm_buf text = {.arena = arena};
    rm_buf_printf(&text, "origin D %u, reach R %u, operation S %u, validation V %u: p = %u",
                  (unsigned)in->disparity, (unsigned)in->reach, (unsigned)in->severity,
                  (unsigned)validation_product(weights, in), (unsigned)p);
    if (c > 0) {
        rm_buf_printf(&text, "; chain c %u (%u %s%s) raises it by %u * %u / 1000", (unsigned)c,
                      (unsigned)in->boundaries, rm_plural(in->boundaries, "boundary", "boundaries"),
                      in->kernel_hop ? ", a hop made the request KernelMode" : "",
                      (unsigned)scaled(c, p), p >= ONE ? 0 : (unsigned)(ONE - p));
    }
    rm_buf_printf(&text, "; score %u", (unsigned)rm_score(weights, in));
    *out = rm_buf_take(&text);
    return text.status;
}
