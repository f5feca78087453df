#define A 'a'
#define B 'abcd'
#define C L'\x41' + '\n' + '\101'
#define D 1'000ui64 + 0b11ll
