// From the driver's array of argument addresses to a typed call. The compile step appends a table of these.
template <int... I> struct EmuNumbers {};
template <int N, int... I> struct EmuCounting : EmuCounting<N - 1, N - 1, I...> {};
template <int... I> struct EmuCounting<0, I...> { typedef EmuNumbers<I...> Type; };

template <auto Kernel> struct EmuEntry;
template <class... A, void (*Kernel)(A...)> struct EmuEntry<Kernel>
{
    static constexpr int count = sizeof...(A);
    struct Layout
    {
        unsigned sizes[count + 1] = {}, offsets[count + 1] = {};
        constexpr Layout()
        {
            const unsigned size[] = {(unsigned)sizeof(A)..., 0}, alignment[] = {(unsigned)alignof(A)..., 1};
            unsigned offset = 0;
            for (int i = 0; i < count; i++)
            {
                offset = (offset + alignment[i] - 1) / alignment[i] * alignment[i];
                sizes[i] = size[i];
                offsets[i] = offset;
                offset += size[i];
            }
        }
    };
    static constexpr Layout layout{};

    template <int... I> static __attribute__((no_sanitize("thread"))) void unpack(void** arguments, EmuNumbers<I...>) { Kernel(*(A*)arguments[I]...); }
    static __attribute__((no_sanitize("thread"))) void call(void** arguments) { unpack(arguments, typename EmuCounting<count>::Type()); }
};

constexpr int emu_first(int first = 0, ...) { return first; }
