#include "ask.h"

/* IV-02: is the caller's buffer as long as what is read of it? */

static bool reads_system_buffer(const rm_rule_run *run, uint32_t entry, uint32_t *input) {
    for (rm_span s = rm_span_of(&run->of.inputs_of_entry, entry); s.at < s.end; s.at++) {
        const rm_input *in = &run->model->inputs.at[*s.at];
        size_t at = 0;
        bool passed_on = rm_str_find(in->reason, RM_STR("passed on"), &at);
        if (in->buffer == RM_BUFFER_SYSTEM && !passed_on) {
            *input = *s.at;
            return true;
        }
    }
    return false;
}

/* What tests of the input's length keep out, on the ways to the operations of an entry. */
typedef struct rm_measure {
    bool asked;     /* some test refuses a short buffer */
    bool lost;      /* a test is known of whose worth nothing was kept */
    uint32_t vain;  /* the line of one that lets short buffers through; 0: none */
    uint64_t least; /* bytes that the longest of them makes sure of; 0: not a number */
} rm_measure;

static bool is_input_length(const rm_check *c) {
    bool length = c->kind == RM_CHECK_LENGTH || c->kind == RM_CHECK_RANGE;
    return length &&
           (rm_str_eq(c->argument, RM_STR("InputBufferLength")) ||
            (c->kind == RM_CHECK_LENGTH && !rm_str_eq(c->argument, RM_STR("OutputBufferLength"))));
}

/* "at least 24 bytes of it: …"; 0: it names no number. */
static uint64_t least_of(const rm_check *c) {
    rm_str start = RM_STR("at least ");
    rm_str rest = c->reason;
    uint64_t least = 0;
    size_t end = 0;
    if (!rm_str_starts(rest, start)) {
        return 0;
    }
    rest = rm_str_slice(rest, start.len, rest.len);
    return rm_str_find_char(rest, ' ', &end) && rm_str_u64(rm_str_slice(rest, 0, end), &least)
               ? least
               : 0;
}

/* Is there a row for the test of this step? */
static bool is_kept(const rm_rule_run *run, uint32_t entry, const rm_flow_step *step) {
    const rm_model *m = run->model;
    for (rm_span s = rm_span_of(&run->of.checks_of_entry, entry); s.at < s.end; s.at++) {
        const rm_check *c = &m->checks.at[*s.at];
        if (is_input_length(c) && c->place.line == step->place.line &&
            rm_str_eq(c->place.file, step->place.file)) {
            return true;
        }
    }
    return false;
}

static bool is_length_step(const rm_flow_step *step) {
    return step->kind == RM_FLOW_GUARD &&
           (rm_str_eq(step->what, RM_STR("range InputBufferLength")) ||
            (rm_str_starts(step->what, RM_STR("length ")) &&
             !rm_str_eq(step->what, RM_STR("length OutputBufferLength"))));
}

static rm_measure measure_input(const rm_rule_run *run, uint32_t entry) {
    const rm_model *m = run->model;
    rm_measure out = {0};
    bool numbers = true;
    for (rm_span s = rm_span_of(&run->of.checks_of_entry, entry); s.at < s.end; s.at++) {
        const rm_check *c = &m->checks.at[*s.at];
        bool vain = rm_str_starts(c->reason, RM_STR("it does not keep a short buffer out"));
        out.vain = is_input_length(c) && vain ? c->place.line : out.vain;
        if (is_input_length(c) && c->can_refuse != RM_TRI_NO && c->well_formed != RM_TRI_NO &&
            !vain) {
            uint64_t least = least_of(c);
            out.asked = true;
            numbers = numbers && least > 0;
            out.least = least > out.least ? least : out.least;
        }
    }
    for (rm_span s = rm_span_of(&run->of.steps_of_entry, entry); s.at < s.end; s.at++) {
        const rm_flow_step *step = &m->flow_steps.at[*s.at];
        out.lost = out.lost || (is_length_step(step) && !is_kept(run, entry, step));
    }
    out.least = numbers ? out.least : 0;
    return out;
}

/* The member of the buffer that ends last; RM_NONE: no end is known. */
static uint32_t last_member(const rm_rule_run *run, uint32_t entry, uint64_t *end) {
    uint32_t found = RM_NONE;
    for (rm_span s = rm_span_of(&run->of.inputs_of_entry, entry); s.at < s.end; s.at++) {
        const rm_input *in = &run->model->inputs.at[*s.at];
        uint64_t its = (uint64_t)in->offset + in->size;
        if (in->buffer == RM_BUFFER_SYSTEM && in->has_offset && in->size > 0 && its > *end) {
            *end = its;
            found = *s.at;
        }
    }
    return found;
}

/* Is a value read from the buffer before any test of its length? The test's line, else 0. */
static uint32_t read_before_test(const rm_rule_run *run, uint32_t entry) {
    const rm_flow_step *read = NULL;
    const rm_flow_step *test = NULL;
    for (rm_span s = rm_span_of(&run->of.steps_of_entry, entry); s.at < s.end; s.at++) {
        const rm_flow_step *step = &run->model->flow_steps.at[*s.at];
        bool reads =
            step->kind == RM_FLOW_INPUT && rm_str_iends(step->reason, RM_STR(" of SystemBuffer"));
        if (reads && (read == NULL || step->number < read->number)) {
            read = step;
        }
        if (is_length_step(step) && (test == NULL || step->number < test->number)) {
            test = step;
        }
    }
    bool before = read != NULL && test != NULL && read->number < test->number &&
                  rm_str_eq(read->place.file, test->place.file) &&
                  read->place.line < test->place.line;
    return before ? test->place.line : 0;
}

/* What is wrong with the tests of the input's length; empty: nothing that was seen. */
static rm_str short_of(rm_rule_run *run, uint32_t entry, uint32_t *input) {
    const rm_model *m = run->model;
    rm_str name = m->entries.at[entry].name;
    rm_measure measure = measure_input(run, entry);
    uint32_t late = read_before_test(run, entry);
    uint64_t end = 0;
    uint32_t last = last_member(run, entry, &end);
    if (!measure.asked && measure.vain != 0) {
        return rm_rule_say(run,
                           "%.*s reads %.*s, and the test of the input's length (line %u) lets a "
                           "short buffer through",
                           RM_STR_ARG(name), RM_STR_ARG(m->inputs.at[*input].name),
                           (unsigned)measure.vain);
    }
    if (!measure.asked) {
        return rm_rule_say(run, "%.*s reads %.*s and no check of the input's length was seen",
                           RM_STR_ARG(name), RM_STR_ARG(m->inputs.at[*input].name));
    }
    if (late != 0) {
        return rm_rule_say(run, "%.*s reads %.*s before it checks the input's length (line %u)",
                           RM_STR_ARG(name), RM_STR_ARG(m->inputs.at[*input].name), (unsigned)late);
    }
    if (last != RM_NONE && measure.least > 0 && measure.least < end && !measure.lost) {
        *input = last;
        return rm_rule_say(run,
                           "%.*s asks for %llu bytes of input and reads %.*s, which ends at "
                           "%llu",
                           RM_STR_ARG(name), (unsigned long long)measure.least,
                           RM_STR_ARG(m->inputs.at[last].name), (unsigned long long)end);
    }
    return RM_STR_NONE;
}

/* A reason why it cannot be told; NULL: it can. */
static const char *no_measure(const rm_rule_run *run, uint32_t entry) {
    rm_measure measure = measure_input(run, entry);
    if (run->model->entries.at[entry].state == RM_STATE_DECLARED) {
        return "it is declared, and a design does not tell of each check";
    }
    if (rm_ask_sink_of_entry(run, entry, 0) == RM_NONE) {
        return "checks of a code that reaches no operation are not kept";
    }
    return !measure.asked && measure.lost && read_before_test(run, entry) == 0
               ? "a length is tested, and what comes of it was not kept for an access of memory"
               : NULL;
}

/* sizeof(SAMPLE_INPUT) of the member SAMPLE_INPUT.Index. */
static rm_str size_asked(rm_rule_run *run, const rm_input *in) {
    size_t dot = 0;
    return rm_str_find_char(in->member, '.', &dot)
               ? rm_rule_say(run, "sizeof(%.*s)", RM_STR_ARG(rm_str_slice(in->member, 0, dot)))
               : RM_STR("what is read of it");
}

/* IV-02 */
rm_status rm_judge_iv_02(rm_rule_run *run, uint32_t entry) {
    const rm_model *m = run->model;
    const rm_entry *e = &m->entries.at[entry];
    uint32_t input = RM_NONE;
    bool code = (e->kind == RM_ENTRY_IOCTL || e->kind == RM_ENTRY_FSCTL) && e->has_code;
    bool wdm = e->driver != RM_NONE && m->drivers.at[e->driver].framework == RM_FRAMEWORK_WDM;
    if (!code || !wdm || /* WDF asks for a least length in the call that gives the buffer */
        !reads_system_buffer(run, entry, &input)) {
        return RM_OK;
    }
    rm_str message = short_of(run, entry, &input);
    if (message.len == 0) {
        return RM_OK;
    }
    const char *why = no_measure(run, entry);
    if (why != NULL) {
        return rm_rule_undecided(run, e->id, e->name, why, e->place);
    }
    rm_place place = m->inputs.at[input].place.line > 0 ? m->inputs.at[input].place : e->place;
    rm_verdict v = rm_handled_verdict(run, entry, place);
    v.subject_id = rm_rule_say(run, "%.*s %.*s", RM_STR_ARG(v.subject_id), RM_STR_ARG(e->handler));
    v.confidence = RM_CONFIDENCE_MEDIUM;
    v.message = message;
    v.fix = rm_rule_say(run,
                        "before the first use of %.*s, fail with STATUS_BUFFER_TOO_SMALL when "
                        "InputBufferLength is less than %.*s",
                        RM_STR_ARG(m->inputs.at[input].name),
                        RM_STR_ARG(size_asked(run, &m->inputs.at[input])));
    return rm_rule_fires(run, &v);
}
