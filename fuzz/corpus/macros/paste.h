#define J(a, b) a##b
#define S(...) (0 + __VA_ARGS__)
#define Q(x) #x
#define V J(0x, 10) + S((1, 2))
#define L L + 1
#define E Q(5)
