// Barriers, warp primitives, fences and time. A source line travels with every call: return addresses would not do,
// because an optimising compiler copies code around a barrier and one barrier then has several.
#define EMU_LINE int line = __builtin_LINE()

EMU_INNER int emu_barrier(int kind, int value, int line) { return emu_api->barrier(kind, value, line); }
EMU_INNER unsigned long long emu_warp(int operation, unsigned mask, unsigned long long value, int source, int line)
{
    return emu_api->warp(operation, mask, value, source, line);
}

EMU_PLAIN void __syncthreads(EMU_LINE) { emu_barrier(EMU_BARRIER, 0, line); }
EMU_PLAIN int __syncthreads_count(int predicate, EMU_LINE) { return emu_barrier(EMU_BARRIER_COUNT, predicate != 0, line); }
EMU_PLAIN int __syncthreads_and(int predicate, EMU_LINE) { return emu_barrier(EMU_BARRIER_AND, predicate != 0, line); }
EMU_PLAIN int __syncthreads_or(int predicate, EMU_LINE) { return emu_barrier(EMU_BARRIER_OR, predicate != 0, line); }

// All threads of a cooperative launch call it; the twin of a hand-made grid barrier.
EMU_INNER void emu_grid_sync(EMU_LINE) { emu_api->grid_barrier(line); }
// For hand-made acquire patterns (the last block to finish reads the others' results): what came before counts as ordered.
EMU_INNER void emu_new_epoch() { emu_api->new_epoch(); }
EMU_INNER void __nanosleep(unsigned) { emu_api->sleep(); }
EMU_PLAIN void __threadfence() { __asm__ volatile("" ::: "memory"); }
EMU_PLAIN void __threadfence_block() { __asm__ volatile("" ::: "memory"); }
EMU_PLAIN void __threadfence_system() { __asm__ volatile("" ::: "memory"); }

// Only the caller's own bit: legal, and the answer that code relying on more cannot stand.
EMU_PLAIN unsigned __activemask() { return 1u << emu_lane(); }
EMU_PLAIN void __syncwarp(unsigned mask = 0xffffffffu, EMU_LINE) { emu_warp(EMU_SYNC, mask, 0, 0, line); }
EMU_PLAIN unsigned __ballot_sync(unsigned mask, int predicate, EMU_LINE) { return (unsigned)emu_warp(EMU_BALLOT, mask, predicate != 0, 0, line); }
EMU_PLAIN int __any_sync(unsigned mask, int predicate, EMU_LINE) { return emu_warp(EMU_BALLOT, mask, predicate != 0, 0, line) != 0; }
EMU_PLAIN int __all_sync(unsigned mask, int predicate, EMU_LINE) { return emu_warp(EMU_BALLOT, mask, predicate == 0, 0, line) == 0; }

// The lane that a shuffle reads, as the PTX manual defines it for segments of `width` lanes.
EMU_PLAIN int emu_lane_indexed(int source, int width) { return (int)(emu_lane() & ~(unsigned)(width - 1)) | (source & (width - 1)); }
EMU_PLAIN int emu_lane_up(unsigned delta, int width)
{
    int lane = (int)emu_lane(), first = lane & ~(width - 1), source = lane - (int)delta;
    return source < first ? lane : source;
}
EMU_PLAIN int emu_lane_down(unsigned delta, int width)
{
    int lane = (int)emu_lane(), last = lane | (width - 1), source = lane + (int)delta;
    return source > last ? lane : source;
}
EMU_PLAIN int emu_lane_xor(int bits, int width)
{
    int lane = (int)emu_lane(), last = lane | (width - 1), source = lane ^ bits;
    return source > last ? lane : source;
}

template <class T> EMU_PLAIN T emu_exchange(unsigned mask, T value, int source, int line)
{
    unsigned long long bits = 0;
    __builtin_memcpy(&bits, &value, sizeof(T));
    bits = emu_warp(EMU_EXCHANGE, mask, bits, source, line);
    __builtin_memcpy(&value, &bits, sizeof(T));
    return value;
}

#define EMU_SHUFFLES(T)                                                                                                                                                      \
    EMU_PLAIN T __shfl_sync(unsigned mask, T value, int source, int width = 32, EMU_LINE) { return emu_exchange(mask, value, emu_lane_indexed(source, width), line); }       \
    EMU_PLAIN T __shfl_up_sync(unsigned mask, T value, unsigned delta, int width = 32, EMU_LINE) { return emu_exchange(mask, value, emu_lane_up(delta, width), line); }      \
    EMU_PLAIN T __shfl_down_sync(unsigned mask, T value, unsigned delta, int width = 32, EMU_LINE) { return emu_exchange(mask, value, emu_lane_down(delta, width), line); } \
    EMU_PLAIN T __shfl_xor_sync(unsigned mask, T value, int bits, int width = 32, EMU_LINE) { return emu_exchange(mask, value, emu_lane_xor(bits, width), line); }

EMU_SHUFFLES(int)
EMU_SHUFFLES(unsigned)
EMU_SHUFFLES(long)
EMU_SHUFFLES(unsigned long)
EMU_SHUFFLES(long long)
EMU_SHUFFLES(unsigned long long)
EMU_SHUFFLES(float)
EMU_SHUFFLES(double)

#define EMU_MATCHES(T)                                                                                        \
    EMU_PLAIN unsigned __match_any_sync(unsigned mask, T value, EMU_LINE)                                     \
    {                                                                                                         \
        unsigned long long bits = 0;                                                                          \
        __builtin_memcpy(&bits, &value, sizeof(T));                                                           \
        return (unsigned)emu_warp(EMU_MATCH_ANY, mask, bits, 0, line);                                        \
    }                                                                                                         \
    EMU_PLAIN unsigned __match_all_sync(unsigned mask, T value, int* predicate, EMU_LINE)                     \
    {                                                                                                         \
        unsigned long long bits = 0;                                                                          \
        __builtin_memcpy(&bits, &value, sizeof(T));                                                           \
        unsigned all = (unsigned)emu_warp(EMU_MATCH_ALL, mask, bits, 0, line);                                \
        *predicate = all != 0;                                                                                \
        return all;                                                                                           \
    }

EMU_MATCHES(int)
EMU_MATCHES(unsigned)
EMU_MATCHES(long)
EMU_MATCHES(unsigned long)
EMU_MATCHES(long long)
EMU_MATCHES(unsigned long long)
EMU_MATCHES(float)
EMU_MATCHES(double)

#define EMU_REDUCTION(name, T, operation) \
    EMU_PLAIN T name(unsigned mask, T value, EMU_LINE) { return (T)emu_warp(operation, mask, (unsigned)value, 0, line); }

EMU_REDUCTION(__reduce_add_sync, unsigned, EMU_ADD)
EMU_REDUCTION(__reduce_add_sync, int, EMU_ADD)
EMU_REDUCTION(__reduce_min_sync, unsigned, EMU_MIN_UNSIGNED)
EMU_REDUCTION(__reduce_min_sync, int, EMU_MIN_SIGNED)
EMU_REDUCTION(__reduce_max_sync, unsigned, EMU_MAX_UNSIGNED)
EMU_REDUCTION(__reduce_max_sync, int, EMU_MAX_SIGNED)
EMU_REDUCTION(__reduce_and_sync, unsigned, EMU_AND)
EMU_REDUCTION(__reduce_or_sync, unsigned, EMU_OR)
EMU_REDUCTION(__reduce_xor_sync, unsigned, EMU_XOR)

extern "C" int clock_gettime(int clock, long* time);
EMU_INNER long long clock64()
{
    long time[2];
    clock_gettime(1, time);
    return time[0] * 1000000000ll + time[1];
}
EMU_PLAIN int clock() { return (int)clock64(); }
EMU_PLAIN unsigned long long __globaltimer() { return (unsigned long long)clock64(); }
