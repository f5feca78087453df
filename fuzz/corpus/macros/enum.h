enum class C : unsigned { A = 1, B, D = B << 4, };
static constexpr ULONG K = A | 0x80;
#define X sizeof(ULONG) + (UCHAR)0x1ff - K
