#ifndef G
#define G
#ifdef Y
#define BASE 1
#else
#define BASE 2
#endif
#define R (BASE ? 3 : 1 / 0)
#undef BASE
#endif
