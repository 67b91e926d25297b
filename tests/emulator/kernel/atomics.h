// Atomics are plain read-modify-write: one OS thread at a time runs kernels. Before each of them another CUDA thread may go on.
#if EMU_CHECK
#define EMU_ATOMIC_POINT(address) emu_api->access(address, sizeof(*address), EMU_WRITE | EMU_ATOMIC, __builtin_return_address(0))
#else
#define EMU_ATOMIC_POINT(address)                \
    do                                           \
    {                                            \
        if (__builtin_expect(emu_preempt, 0))    \
            emu_api->yield();                    \
    } while (0)
#endif

#define EMU_ATOMIC(name, T, result)                          \
    EMU_INNER T name(T* address, T value)                    \
    {                                                        \
        EMU_ATOMIC_POINT(address);                           \
        T old = *(volatile T*)address;                       \
        *(volatile T*)address = (result);                    \
        return old;                                          \
    }                                                        \
    EMU_PLAIN T name##_block(T* address, T value) { return name(address, value); } \
    EMU_PLAIN T name##_system(T* address, T value) { return name(address, value); }

EMU_ATOMIC(atomicAdd, int, (int)((unsigned)old + (unsigned)value))
EMU_ATOMIC(atomicAdd, unsigned, old + value)
EMU_ATOMIC(atomicAdd, unsigned long long, old + value)
EMU_ATOMIC(atomicAdd, float, old + value)
EMU_ATOMIC(atomicAdd, double, old + value)
EMU_ATOMIC(atomicSub, int, (int)((unsigned)old - (unsigned)value))
EMU_ATOMIC(atomicSub, unsigned, old - value)

#define EMU_ATOMIC_ORDER(T)                           \
    EMU_ATOMIC(atomicMin, T, value < old ? value : old) \
    EMU_ATOMIC(atomicMax, T, value > old ? value : old)

EMU_ATOMIC_ORDER(int)
EMU_ATOMIC_ORDER(unsigned)
EMU_ATOMIC_ORDER(long long)
EMU_ATOMIC_ORDER(unsigned long long)

#define EMU_ATOMIC_BITS(T)                 \
    EMU_ATOMIC(atomicAnd, T, old & value)  \
    EMU_ATOMIC(atomicOr, T, old | value)   \
    EMU_ATOMIC(atomicXor, T, old ^ value)

EMU_ATOMIC_BITS(int)
EMU_ATOMIC_BITS(unsigned)
EMU_ATOMIC_BITS(unsigned long long)

EMU_ATOMIC(atomicExch, int, value)
EMU_ATOMIC(atomicExch, unsigned, value)
EMU_ATOMIC(atomicExch, unsigned long long, value)
EMU_ATOMIC(atomicExch, float, value)
EMU_ATOMIC(atomicInc, unsigned, old >= value ? 0 : old + 1)
EMU_ATOMIC(atomicDec, unsigned, old == 0 || old > value ? value : old - 1)

#define EMU_ATOMIC_SWAP(T)                                     \
    EMU_INNER T atomicCAS(T* address, T expected, T value)     \
    {                                                          \
        EMU_ATOMIC_POINT(address);                             \
        T old = *(volatile T*)address;                         \
        if (old == expected)                                   \
            *(volatile T*)address = value;                     \
        return old;                                            \
    }

EMU_ATOMIC_SWAP(int)
EMU_ATOMIC_SWAP(unsigned)
EMU_ATOMIC_SWAP(unsigned short)
EMU_ATOMIC_SWAP(unsigned long long)
