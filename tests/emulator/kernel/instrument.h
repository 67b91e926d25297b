// Check mode: the kernel is compiled with -fsanitize=thread but linked without its library; these are the hooks it calls.
#if EMU_CHECK
#define EMU_HOOK(name, size, kind)                                                                       \
    extern "C" __attribute__((noinline, used, no_sanitize("thread"))) void __tsan_##name(void* address)  \
    {                                                                                                    \
        emu_api->access(address, size, kind, __builtin_return_address(0));                               \
    }
#define EMU_HOOKS(size)                                                   \
    EMU_HOOK(read##size, size, EMU_READ)                                  \
    EMU_HOOK(write##size, size, EMU_WRITE)                                \
    EMU_HOOK(unaligned_read##size, size, EMU_READ | EMU_UNALIGNED)                        \
    EMU_HOOK(unaligned_write##size, size, EMU_WRITE | EMU_UNALIGNED)                      \
    EMU_HOOK(volatile_read##size, size, EMU_READ | EMU_VOLATILE)            \
    EMU_HOOK(volatile_write##size, size, EMU_WRITE | EMU_VOLATILE)          \
    EMU_HOOK(unaligned_volatile_read##size, size, EMU_READ | EMU_UNALIGNED | EMU_VOLATILE)  \
    EMU_HOOK(unaligned_volatile_write##size, size, EMU_WRITE | EMU_UNALIGNED | EMU_VOLATILE)
EMU_HOOKS(1)
EMU_HOOKS(2)
EMU_HOOKS(4)
EMU_HOOKS(8)
EMU_HOOKS(16)

#define EMU_RANGE_HOOK(name, kind)                                                                                           \
    extern "C" __attribute__((noinline, used, no_sanitize("thread"))) void __tsan_##name(void* address, unsigned long size)  \
    {                                                                                                                        \
        emu_api->access(address, size, kind, __builtin_return_address(0));                                                   \
    }
EMU_RANGE_HOOK(read_range, EMU_READ | EMU_UNALIGNED)
EMU_RANGE_HOOK(write_range, EMU_WRITE | EMU_UNALIGNED)
extern "C" __attribute__((used)) void __tsan_init() {}
extern "C" __attribute__((used)) void __tsan_func_entry(void*) {}
extern "C" __attribute__((used)) void __tsan_func_exit() {}
#endif
