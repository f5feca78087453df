DECLARE_INTERFACE_(IFoo, IUnknown) { STDMETHOD_(ULONG, AddRef)(THIS) PURE; };
class C { void C::f(); enum : ULONG { A }; UINT8 : 3; };
void g() { delete [] (T) p; x = new (P, 1) T *[n]; (a->*b)(); }
