#include "flow_case.h"

/*
 * Code that looks checked and is not, beside code that is. What each must be follows from what C++
 * says that it does, and was written down before the first run. Where a careful reader could only
 * say "I do not know", every word but `validated` will do; where there is nothing wrong, every word
 * but an alarm.
 */

#define VALID RM_VALIDATION_VALIDATED
#define OPEN RM_VALIDATION_UNVALIDATED

static void cpp_references(void **state) {
    static const flow_case cases[] = {
        {"a reference written after the check", NULL,
         "r = p->Reg; ULONG &x = r; if (x > MAX_R) return 1; x = p->Len; __readmsr(r);",
         "__readmsr", OPEN},
        {"a reference to the caller's own", NULL,
         "auto &x = p->Reg; if (x > MAX_R) return 1; p->Reg = p->Len; __readmsr(x);", "__readmsr",
         OPEN},
        {"a reference parameter", "static void Fix(ULONG &x, ULONG y) { x = y; }\n",
         "r = p->Reg; if (r > MAX_R) return 1; Fix(r, p->Len); __readmsr(r);", "__readmsr", OPEN},
        {"a clamp by reference", "static void Clamp(ULONG &x) { if (x > MAX_R) x = MAX_R; }\n",
         "r = p->Reg; Clamp(r); __readmsr(r);", "__readmsr", NO_ALARM},
        {"a predicate by reference", "static bool Ok(const ULONG &x) { return x <= MAX_R; }\n",
         "r = p->Reg; if (!Ok(r)) return 1; __readmsr(r);", "__readmsr", VALID},
        {"a predicate by reference that changes it",
         "static bool Ok(ULONG &x) { bool k = x <= MAX_R; x += 0x1000; return k; }\n",
         "r = p->Reg; if (!Ok(r)) return 1; __readmsr(r);", "__readmsr", NO_ALARM},
        {"changed by std::swap", NULL,
         "ULONG x = p->Reg; if (x > MAX_R) return 1; std::swap(x, p->Len); __readmsr(x);",
         "__readmsr", NOT_VALID},
        {"std::swap of two that were checked", NULL,
         "ULONG x = p->Reg; ULONG y = p->Len; if (x > MAX_R || y > MAX_R) return 1;\n"
         "std::swap(x, y); __readmsr(x);",
         "__readmsr", RM_VALIDATION_VALIDATED},
        {"changed by std::exchange", NULL,
         "ULONG x = p->Reg; if (x > MAX_R) return 1; std::exchange(x, p->Len); __readmsr(x);",
         "__readmsr", NOT_VALID},
        {"names bound to members", NULL,
         "auto &[a, b, c, e, f, g, h, k, m] = *p; if (b > MAX_R) return 1; __readmsr(a);",
         "__readmsr", NOT_VALID},
        {"a member changed by a name that is bound to it", NULL,
         "auto &[a, b, c, e, f, g, h, k, m] = *p; if (p->Reg > MAX_R) return 1; a = b;\n"
         "__readmsr(p->Reg);",
         "__readmsr", NOT_VALID},
        {"an overload that checks, and one that does not",
         "static bool Ok(ULONG a) { return a <= MAX_R; }\n"
         "static bool Ok(ULONGLONG a) { return true; }\n",
         "if (!Ok(p->Val)) return 1; __readmsr((ULONG)p->Val);", "__readmsr", NOT_VALID},
        {"the overload that checks",
         "static bool Ok(ULONGLONG a) { return true; }\n"
         "static bool Ok(ULONG a) { return a <= MAX_R; }\n",
         "if (!Ok(p->Reg)) return 1; __readmsr(p->Reg);", "__readmsr", RM_VALIDATION_VALIDATED},
    };
    CHECK_CASES_IN(*state, cases, "case.cpp");
}

static void cpp_templates(void **state) {
    static const flow_case cases[] = {
        {"a range",
         "template <typename T> bool In(T v, T lo, T hi) { return v >= lo && v <= hi; }\n",
         "if (!In<ULONG>(p->Reg, MIN_R, MAX_R)) return 1; __readmsr(p->Reg);", "__readmsr",
         NO_ALARM},
        {"a range whose answer is not taken",
         "template <typename T> bool In(T v, T lo, T hi) { return v >= lo && v <= hi; }\n",
         "In<ULONG>(p->Reg, MIN_R, MAX_R); __readmsr(p->Reg);", "__readmsr", NOT_VALID},
        {"one that narrows", "template <typename T> bool Low(ULONG v) { return (T)v <= MAX_R; }\n",
         "if (!Low<UCHAR>(p->Reg)) return 1; __readmsr(p->Reg);", "__readmsr", NOT_VALID},
        {"one of a signed type", "template <typename T> bool Low(T v) { return v <= (T)MAX_R; }\n",
         "if (!Low<LONG>(p->Reg)) return 1; __readmsr(p->Reg);", "__readmsr", NOT_VALID},
        {"the library's minimum", NULL, "r = std::min<ULONG>(p->Reg, MAX_R); __readmsr(r);",
         "__readmsr", NO_ALARM},
    };
    CHECK_CASES_IN(*state, cases, "case.cpp");
}

static void cpp_lambdas(void **state) {
    static const flow_case cases[] = {
        {"a predicate", NULL,
         "auto ok2 = [](ULONG v) { return v <= MAX_R; }; if (!ok2(p->Reg)) return 1; "
         "__readmsr(p->Reg);",
         "__readmsr", NO_ALARM},
        {"one that only leaves itself", NULL,
         "auto check = [&]() { if (p->Reg > MAX_R) return; }; check(); __readmsr(p->Reg);",
         "__readmsr", NOT_VALID},
        {"one that clamps its own copy", NULL,
         "r = p->Reg; auto f = [r]() mutable { if (r > MAX_R) r = MAX_R; }; f(); __readmsr(r);",
         "__readmsr", NOT_VALID},
        {"one that writes after the check", NULL,
         "r = p->Reg; if (r > MAX_R) return 1; auto f = [&]() { r = p->Len; }; f(); __readmsr(r);",
         "__readmsr", NOT_VALID},
        {"made before the check, run after it", NULL,
         "r = p->Reg; auto f = [&]() { r = p->Len; }; if (r > MAX_R) return 1; f(); __readmsr(r);",
         "__readmsr", NOT_VALID},
        {"run at once", NULL,
         "r = p->Reg; if (r > MAX_R) return 1; [&] { r = p->Len; }(); __readmsr(r);", "__readmsr",
         NOT_VALID},
        {"handed over", "template <typename F> void Run(F f) { f(); }\n",
         "r = p->Reg; if (r > MAX_R) return 1; Run([&] { r = p->Len; }); __readmsr(r);",
         "__readmsr", NOT_VALID},
        {"a return in one is none of the function's", NULL,
         "r = p->Reg; auto f = [&]() -> NTSTATUS { if (r > MAX_R) return 1; return 0; }; f(); "
         "__readmsr(r);",
         "__readmsr", NOT_VALID},
    };
    CHECK_CASES_IN(*state, cases, "case.cpp");
}

#define WRAP                                                                                       \
    "struct Wrap { PIN1 a; Wrap(PIN1 x) : a(x) {} PIN1 operator->() { return a; }\n"               \
    "  IN1 &operator*() { return *a; } };\n"

static void cpp_objects(void **state) {
    static const flow_case cases[] = {
        {"a destructor writes", "struct S { ULONG &r; ULONG v; ~S() { r = v; } };\n",
         "r = p->Reg; { S keep{r, p->Len}; if (r > MAX_R) return 1; } __readmsr(r);", "__readmsr",
         NOT_VALID},
        {"a comparison of its own",
         "struct Num { ULONG v; bool operator>(ULONG) const { return false; } };\n",
         "Num x; x.v = p->Reg; if (x > MAX_R) return 1; __readmsr(x.v);", "__readmsr", NOT_VALID},
        {"a conversion of its own",
         "struct Num { ULONG v; operator ULONG() const { return v & 7; } };\n",
         "Num x; x.v = p->Reg; if ((ULONG)x > MAX_R) return 1; __readmsr(x.v);", "__readmsr",
         NOT_VALID},
        {"a default argument",
         "static bool Ok(ULONG v, ULONG most = 0xFFFFFFFF) { return v <= most; }\n",
         "if (!Ok(p->Reg)) return 1; __readmsr(p->Reg);", "__readmsr", NOT_VALID},
        {"another overload",
         "static bool Ok(ULONG v) { return v <= MAX_R; } static bool Ok(USHORT v) { return true; "
         "}\n",
         "if (!Ok((USHORT)p->Reg)) return 1; __readmsr(p->Reg);", "__readmsr", NOT_VALID},
        {"another namespace",
         "namespace A { bool Ok(ULONG v) { return true; } } namespace B { bool Ok(ULONG v) { "
         "return v <= MAX_R; } }\n",
         "if (!A::Ok(p->Reg)) return 1; __readmsr(p->Reg);", "__readmsr", NOT_VALID},
        {"another namespace, the right one",
         "namespace A { bool Ok(ULONG v) { return true; } } namespace B { bool Ok(ULONG v) { "
         "return v <= MAX_R; } }\n",
         "if (!B::Ok(p->Reg)) return 1; __readmsr(p->Reg);", "__readmsr", NO_ALARM},
        {"a virtual function",
         "struct Base { virtual bool Ok(ULONG v) { return v <= MAX_R; } }; struct Any : Base { "
         "bool Ok(ULONG v) override { return true; } }; Base *g_b;\n",
         "if (!g_b->Ok(p->Reg)) return 1; __readmsr(p->Reg);", "__readmsr", NOT_VALID},
        {"a member loaded after the check",
         "struct H { ULONG r; bool Check() { return r <= MAX_R; } void Load(PIN1 q) { r = q->Len; "
         "} };\n",
         "H h; h.r = p->Reg; if (!h.Check()) return 1; h.Load(p); __readmsr(h.r);", "__readmsr",
         NOT_VALID},
        {"a member checked", "struct H { ULONG r; bool Check() { return r <= MAX_R; } };\n",
         "H h; h.r = p->Reg; if (!h.Check()) return 1; __readmsr(h.r);", "__readmsr", NO_ALARM},
        {"a value that is there anyway",
         "struct Opt { bool has; ULONG v; }; static Opt Get(PIN1 q) { Opt o{}; o.v = q->Reg; if "
         "(q->Reg <= MAX_R) o.has = true; return o; }\n",
         "auto o2 = Get(p); __readmsr(o2.v);", "__readmsr", NOT_VALID},
        {"narrowed by static_cast", NULL,
         "if (static_cast<UCHAR>(p->Reg) > 4) return 1; __readmsr(p->Reg);", "__readmsr",
         NOT_VALID},
        {"a constant of the compiler's", NULL,
         "constexpr ULONG lim = 0x20; if (p->Reg > lim) return 1; __readmsr(p->Reg);", "__readmsr",
         VALID},
        {"declared in the condition", NULL, "if (ULONG v = p->Reg; v <= MAX_R) __readmsr(v);",
         "__readmsr", NO_ALARM},
        {"each element", NULL, "for (auto v : p->Items) __readmsr(v);", "__readmsr", NOT_VALID},
        {"each element checked", NULL,
         "for (auto v : p->Items) { if (v > MAX_R) return 1; __readmsr(v); }", "__readmsr",
         NO_ALARM},
        {"an operator that assigns something else",
         "struct Num { ULONG v; Num &operator=(ULONG x) { v = x\n",
         "0x1000; return *this; } };\n | Num x; r = p->Reg; if (r > MAX_R) return 1; x = r; "
         "__readmsr(x.v);",
         "__readmsr", NO_ALARM},
        {"a constructor that clamps",
         "struct Low { ULONG v; Low(ULONG x) : v(x > MAX_R ? MAX_R : x) {} };\n",
         "Low x(p->Reg); __readmsr(x.v);", "__readmsr", NO_ALARM},
        {"a constructor that does not",
         "struct Low { ULONG v; Low(ULONG x) : v(x) { if (x > MAX_R) x = MAX_R; } };\n",
         "Low x(p->Reg); __readmsr(x.v);", "__readmsr", NOT_VALID},
        {"a member tested in the open, then a function of the class",
         "struct H { ULONG r; void Load(PIN1 q) { r = q->Len; } };\n",
         "H h; h.r = p->Reg; if (h.r > MAX_R) return 1; h.Load(p); __readmsr(h.r);", "__readmsr",
         NOT_VALID},
        {"an object's own ->", WRAP, "Wrap q(p); __readmsr(q->Reg);", "__readmsr", NOT_VALID},
        {"of one that is made in braces", WRAP, "Wrap q{p}; __readmsr(q->Reg);", "__readmsr",
         NOT_VALID},
        {"of one whose type is not written", WRAP, "auto q = Wrap(p); __readmsr(q->Reg);",
         "__readmsr", NOT_VALID},
        {"of a template's", NULL, "std::unique_ptr<IN1> q(p); __readmsr(q->Reg);", "__readmsr",
         NOT_VALID},
        {"an object's own *", WRAP, "Wrap q{p}; __readmsr((*q).Reg);", "__readmsr", NOT_VALID},
        {"a pointer in an object", WRAP,
         "Wrap q(p); if (q.a->Reg > MAX_R) return 1; __readmsr(q.a->Reg);", "__readmsr", NO_ALARM},
        {"a pointer to an object", WRAP,
         "Wrap q(p); Wrap *s = &q; if (s->a->Reg > MAX_R) return 1; __readmsr(s->a->Reg);",
         "__readmsr", NO_ALARM},
    };
    CHECK_CASES_IN(*state, cases, "case.cpp");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(cpp_references),
        WITH_FIXTURE(cpp_templates),
        WITH_FIXTURE(cpp_lambdas),
        WITH_FIXTURE(cpp_objects),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
