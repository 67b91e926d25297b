// Keywords, built-in variables and types of CUDA C, for g++. The compile step of the emulator replaces the __emu_*__ marks.
#define TBN_EMULATOR 1
#define __CUDACC__ 1
#define __CUDACC_RTC__ 1
#define __CUDACC_VER_MAJOR__ 12
#define __CUDACC_VER_MINOR__ 4
#define __CUDA_ARCH__ (EMU_ARCHITECTURE * 10)

#define __global__ __emu_global__
#define __shared__ __emu_shared__
#define __launch_bounds__(...) __emu_bounds__(__VA_ARGS__)
// Protected: found by dlsym, yet addressed directly.
#define __device__ __attribute__((visibility("protected")))
#define __constant__ __attribute__((visibility("protected")))
#define __managed__
#define __host__
#define __grid_constant__
#define __forceinline__ inline __attribute__((always_inline))
#define __noinline__ __attribute__((noinline))
#define __align__(n) __attribute__((aligned(n)))
#if EMU_CHECK
// An always_inline function would lose its instrumentation mark in an instrumented caller and the reverse.
#define EMU_INNER static __attribute__((noinline, unused, no_sanitize("thread")))
#else
#define EMU_INNER static inline __attribute__((unused))
#endif
#define EMU_PLAIN static inline __attribute__((unused))

typedef __SIZE_TYPE__ size_t;
typedef __PTRDIFF_TYPE__ ptrdiff_t;

#define EMU_VECTORS(name, type, width2, width4)                                             \
    struct name##1 { type x; };                                                             \
    struct alignas(width2) name##2 { type x, y; };                                          \
    struct name##3 { type x, y, z; };                                                       \
    struct alignas(width4) name##4 { type x, y, z, w; };                                    \
    EMU_PLAIN name##1 make_##name##1(type x) { return {x}; }                                \
    EMU_PLAIN name##2 make_##name##2(type x, type y) { return {x, y}; }                     \
    EMU_PLAIN name##3 make_##name##3(type x, type y, type z) { return {x, y, z}; }          \
    EMU_PLAIN name##4 make_##name##4(type x, type y, type z, type w) { return {x, y, z, w}; }

EMU_VECTORS(char, signed char, 2, 4)
EMU_VECTORS(uchar, unsigned char, 2, 4)
EMU_VECTORS(short, short, 4, 8)
EMU_VECTORS(ushort, unsigned short, 4, 8)
EMU_VECTORS(int, int, 8, 16)
EMU_VECTORS(uint, unsigned, 8, 16)
EMU_VECTORS(longlong, long long, 16, 16)
EMU_VECTORS(ulonglong, unsigned long long, 16, 16)
EMU_VECTORS(float, float, 8, 16)
EMU_VECTORS(double, double, 16, 16)

struct dim3
{
    unsigned x, y, z;
    constexpr dim3(unsigned vx = 1, unsigned vy = 1, unsigned vz = 1) : x(vx), y(vy), z(vz) {}
    constexpr dim3(uint3 v) : x(v.x), y(v.y), z(v.z) {}
    constexpr operator uint3() const { return {x, y, z}; }
};

#define EMU_OWN static __attribute__((used))
EMU_OWN const EmuApi* emu_api;
EMU_OWN const EmuThread* emu_current;
EMU_OWN EmuDimensions emu_dimensions;
EMU_OWN void* emu_dynamic_shared;
EMU_OWN int emu_preempt;

#if EMU_CHECK
// By value and out of line, so that reading an index is no memory access of the kernel.
EMU_INNER EmuIndex emu_thread_index() { return emu_current->thread; }
EMU_INNER EmuIndex emu_block_index() { return emu_current->block; }
EMU_INNER EmuIndex emu_block_size() { return emu_dimensions.block; }
EMU_INNER EmuIndex emu_grid_size() { return emu_dimensions.grid; }
EMU_INNER unsigned emu_lane() { return emu_current->lane; }
EMU_INNER void* emu_dynamic() { return emu_dynamic_shared; }
#else
EMU_PLAIN const EmuIndex& emu_thread_index() { return emu_current->thread; }
EMU_PLAIN const EmuIndex& emu_block_index() { return emu_current->block; }
EMU_PLAIN const EmuIndex& emu_block_size() { return emu_dimensions.block; }
EMU_PLAIN const EmuIndex& emu_grid_size() { return emu_dimensions.grid; }
EMU_PLAIN unsigned emu_lane() { return emu_current->lane; }
EMU_PLAIN void* emu_dynamic() { return emu_dynamic_shared; }
#endif

#define threadIdx (emu_thread_index())
#define blockIdx (emu_block_index())
#define blockDim (emu_block_size())
#define gridDim (emu_grid_size())
#define warpSize 32

extern "C" int printf(const char* format, ...) __attribute__((format(printf, 1, 2)));
extern "C" void* memcpy(void* to, const void* from, size_t bytes);
extern "C" void* memset(void* to, int value, size_t bytes);

[[noreturn]] EMU_INNER void emu_fail(int what, const char* text, const char* file, int line)
{
    emu_api->fail(what, text, file, line);
    __builtin_unreachable();
}

EMU_PLAIN void __trap(const char* file = __builtin_FILE(), int line = __builtin_LINE()) { emu_fail(EMU_TRAP, "__trap()", file, line); }

#ifdef NDEBUG
#define assert(condition) ((void)0)
#else
#define assert(condition) ((condition) ? (void)0 : emu_fail(EMU_ASSERT, #condition, __FILE__, __LINE__))
#endif
