// Bit functions, conversions and arithmetic. IEEE single precision throughout; the approximate forms are exact here.
template <class To, class From> EMU_PLAIN To emu_bits(From value)
{
    static_assert(sizeof(To) == sizeof(From), "sizes differ");
    To result;
    __builtin_memcpy(&result, &value, sizeof(To));
    return result;
}

EMU_PLAIN unsigned __float_as_uint(float v) { return emu_bits<unsigned>(v); }
EMU_PLAIN int __float_as_int(float v) { return emu_bits<int>(v); }
EMU_PLAIN float __uint_as_float(unsigned v) { return emu_bits<float>(v); }
EMU_PLAIN float __int_as_float(int v) { return emu_bits<float>(v); }
EMU_PLAIN long long __double_as_longlong(double v) { return emu_bits<long long>(v); }
EMU_PLAIN double __longlong_as_double(long long v) { return emu_bits<double>(v); }

EMU_PLAIN int __popc(unsigned v) { return __builtin_popcount(v); }
EMU_PLAIN int __popcll(unsigned long long v) { return __builtin_popcountll(v); }
EMU_PLAIN int __clz(int v) { return v ? __builtin_clz((unsigned)v) : 32; }
EMU_PLAIN int __clzll(long long v) { return v ? __builtin_clzll((unsigned long long)v) : 64; }
EMU_PLAIN int __ffs(int v) { return __builtin_ffs(v); }
EMU_PLAIN int __ffsll(long long v) { return __builtin_ffsll(v); }
EMU_PLAIN unsigned long long __brevll(unsigned long long v)
{
    v = __builtin_bswap64(v);
    v = (v >> 4 & 0x0f0f0f0f0f0f0f0full) | (v & 0x0f0f0f0f0f0f0f0full) << 4;
    v = (v >> 2 & 0x3333333333333333ull) | (v & 0x3333333333333333ull) << 2;
    return (v >> 1 & 0x5555555555555555ull) | (v & 0x5555555555555555ull) << 1;
}
EMU_PLAIN unsigned __brev(unsigned v) { return (unsigned)(__brevll(v) >> 32); }
EMU_PLAIN unsigned __umulhi(unsigned a, unsigned b) { return (unsigned)((unsigned long long)a * b >> 32); }
EMU_PLAIN int __mulhi(int a, int b) { return (int)((long long)a * b >> 32); }
EMU_PLAIN unsigned long long __umul64hi(unsigned long long a, unsigned long long b) { return (unsigned long long)((unsigned __int128)a * b >> 64); }
EMU_PLAIN long long __mul64hi(long long a, long long b) { return (long long)((__int128)a * b >> 64); }
EMU_PLAIN unsigned __funnelshift_l(unsigned low, unsigned high, unsigned shift) { return (unsigned)(((unsigned long long)high << 32 | low) << (shift & 31) >> 32); }
EMU_PLAIN unsigned __funnelshift_r(unsigned low, unsigned high, unsigned shift) { return (unsigned)(((unsigned long long)high << 32 | low) >> (shift & 31)); }
EMU_PLAIN unsigned __byte_perm(unsigned x, unsigned y, unsigned selector)
{
    unsigned long long bytes = (unsigned long long)y << 32 | x;
    unsigned result = 0;
    for (int i = 0; i < 4; i++)
    {
        unsigned pick = selector >> 4 * i & 15, byte = (unsigned)(bytes >> 8 * (pick & 7)) & 255;
        if (pick & 8)
            byte = byte & 128 ? 255 : 0;
        result |= byte << 8 * i;
    }
    return result;
}

#define EMU_ORDER(T)                                           \
    EMU_PLAIN T min(T a, T b) { return b < a ? b : a; }        \
    EMU_PLAIN T max(T a, T b) { return a < b ? b : a; }

EMU_ORDER(int)
EMU_ORDER(unsigned)
EMU_ORDER(long)
EMU_ORDER(unsigned long)
EMU_ORDER(long long)
EMU_ORDER(unsigned long long)
EMU_PLAIN unsigned min(int a, unsigned b) { return min((unsigned)a, b); }
EMU_PLAIN unsigned min(unsigned a, int b) { return min(a, (unsigned)b); }
EMU_PLAIN unsigned max(int a, unsigned b) { return max((unsigned)a, b); }
EMU_PLAIN unsigned max(unsigned a, int b) { return max(a, (unsigned)b); }
EMU_PLAIN float min(float a, float b) { return __builtin_fminf(a, b); }
EMU_PLAIN float max(float a, float b) { return __builtin_fmaxf(a, b); }
EMU_PLAIN double min(double a, double b) { return __builtin_fmin(a, b); }
EMU_PLAIN double max(double a, double b) { return __builtin_fmax(a, b); }
EMU_PLAIN int abs(int v) { return v < 0 ? -v : v; }
EMU_PLAIN long long llabs(long long v) { return v < 0 ? -v : v; }

#define EMU_UNARY(name) EMU_PLAIN float name(float v) { return __builtin_##name(v); }
EMU_UNARY(sqrtf) EMU_UNARY(rintf) EMU_UNARY(floorf) EMU_UNARY(ceilf) EMU_UNARY(truncf) EMU_UNARY(roundf) EMU_UNARY(nearbyintf) EMU_UNARY(fabsf)
EMU_UNARY(expf) EMU_UNARY(exp2f) EMU_UNARY(expm1f) EMU_UNARY(logf) EMU_UNARY(log2f) EMU_UNARY(log1pf) EMU_UNARY(sinf) EMU_UNARY(cosf) EMU_UNARY(tanf) EMU_UNARY(tanhf) EMU_UNARY(erff)
#define EMU_BINARY(name) EMU_PLAIN float name(float a, float b) { return __builtin_##name(a, b); }
EMU_BINARY(fminf) EMU_BINARY(fmaxf) EMU_BINARY(fmodf) EMU_BINARY(powf) EMU_BINARY(copysignf) EMU_BINARY(fdimf)
EMU_PLAIN float fmaf(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
EMU_PLAIN float rsqrtf(float v) { return 1.0f / __builtin_sqrtf(v); }
EMU_PLAIN float ldexpf(float v, int e) { return __builtin_ldexpf(v, e); }
EMU_PLAIN bool isnan(float v) { return __builtin_isnan(v); }
EMU_PLAIN bool isinf(float v) { return __builtin_isinf(v); }
EMU_PLAIN bool isfinite(float v) { return __builtin_isfinite(v); }
EMU_PLAIN bool signbit(float v) { return __builtin_signbit(v); }
#define EMU_UNARY_DOUBLE(name) EMU_PLAIN double name(double v) { return __builtin_##name(v); }
EMU_UNARY_DOUBLE(sqrt) EMU_UNARY_DOUBLE(rint) EMU_UNARY_DOUBLE(floor) EMU_UNARY_DOUBLE(ceil) EMU_UNARY_DOUBLE(trunc) EMU_UNARY_DOUBLE(fabs) EMU_UNARY_DOUBLE(exp) EMU_UNARY_DOUBLE(log)
EMU_PLAIN double fma(double a, double b, double c) { return __builtin_fma(a, b, c); }

EMU_PLAIN float __fadd_rn(float a, float b) { return a + b; }
EMU_PLAIN float __fsub_rn(float a, float b) { return a - b; }
EMU_PLAIN float __fmul_rn(float a, float b) { return a * b; }
EMU_PLAIN float __fdiv_rn(float a, float b) { return a / b; }
EMU_PLAIN float __fmaf_rn(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
EMU_PLAIN float __fsqrt_rn(float v) { return __builtin_sqrtf(v); }
EMU_PLAIN float __frcp_rn(float v) { return 1.0f / v; }
EMU_PLAIN float __fdividef(float a, float b) { return a / b; }
EMU_PLAIN float __expf(float v) { return __builtin_expf(v); }
EMU_PLAIN float __logf(float v) { return __builtin_logf(v); }
EMU_PLAIN float __saturatef(float v) { return v >= 1.0f ? 1.0f : v > 0.0f ? v : 0.0f; }
EMU_PLAIN double __dadd_rn(double a, double b) { return a + b; }
EMU_PLAIN double __dmul_rn(double a, double b) { return a * b; }
EMU_PLAIN double __fma_rn(double a, double b, double c) { return __builtin_fma(a, b, c); }

// Conversions saturate as PTX has it; NaN gives 0 in 32 bits and the top bit in 64.
EMU_PLAIN int emu_to_int(float v) { return v != v ? 0 : v >= 2147483648.0f ? 0x7fffffff : v <= -2147483648.0f ? -0x7fffffff - 1 : (int)v; }
EMU_PLAIN unsigned emu_to_uint(float v) { return v >= 4294967296.0f ? 0xffffffffu : v > 0.0f ? (unsigned)v : 0; }
EMU_PLAIN long long emu_to_ll(float v)
{
    const long long lowest = (long long)(1ull << 63);
    return v != v ? lowest : v >= 9223372036854775808.0f ? ~lowest : v <= -9223372036854775808.0f ? lowest : (long long)v;
}
EMU_PLAIN unsigned long long emu_to_ull(float v)
{
    return v != v ? 1ull << 63 : v >= 18446744073709551616.0f ? ~0ull : v > 0.0f ? (unsigned long long)v : 0;
}
#define EMU_ROUNDED(suffix, round)                                                               \
    EMU_PLAIN int __float2int_##suffix(float v) { return emu_to_int(round(v)); }                 \
    EMU_PLAIN unsigned __float2uint_##suffix(float v) { return emu_to_uint(round(v)); }          \
    EMU_PLAIN long long __float2ll_##suffix(float v) { return emu_to_ll(round(v)); }             \
    EMU_PLAIN unsigned long long __float2ull_##suffix(float v) { return emu_to_ull(round(v)); }
EMU_ROUNDED(rn, __builtin_rintf)
EMU_ROUNDED(rd, __builtin_floorf)
EMU_ROUNDED(ru, __builtin_ceilf)
EMU_ROUNDED(rz, __builtin_truncf)
EMU_PLAIN float __int2float_rn(int v) { return (float)v; }
EMU_PLAIN float __uint2float_rn(unsigned v) { return (float)v; }
EMU_PLAIN float __ll2float_rn(long long v) { return (float)v; }
EMU_PLAIN float __ull2float_rn(unsigned long long v) { return (float)v; }
EMU_PLAIN double __int2double_rn(int v) { return v; }
EMU_PLAIN double __ll2double_rn(long long v) { return (double)v; }
EMU_PLAIN float __double2float_rn(double v) { return (float)v; }

template <class T> EMU_PLAIN T __ldg(const T* address) { return *address; }
template <class T> EMU_PLAIN T __ldcg(const T* address) { return *address; }
template <class T> EMU_PLAIN T __ldca(const T* address) { return *address; }
template <class T> EMU_PLAIN T __ldcs(const T* address) { return *address; }
template <class T> EMU_PLAIN void __stcg(T* address, T value) { *address = value; }
template <class T> EMU_PLAIN void __stcs(T* address, T value) { *address = value; }
