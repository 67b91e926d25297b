namespace TorchBrain.Native.Cpu;

/// <summary>What a network was built with, after everything that was left open has been chosen.</summary>
/// <param name="Threads">Threads.</param>
/// <param name="VectorBits">Width of vectors, bits.</param>
/// <param name="Push">True where spikes are pushed, false where they are pulled.</param>
/// <param name="SliceElements">Sums of a slice.</param>
/// <param name="HugePages">Whether large buffers ask for huge pages.</param>
/// <param name="Bitmasks">Whether projections may be kept as one bit a pair.</param>
/// <param name="Why">All of it with its reasons, in words.</param>
sealed record CpuChoices(int Threads, int VectorBits, bool Push, int SliceElements, bool HugePages, bool Bitmasks, string Why)
{
    const string Asked = "as asked";

    public static CpuChoices For(NetworkPlan plan, CpuOptions options)
    {
        var tuning = options.Tuning;
        var (threads, threadsWhy) = options.Threads > 0 ? (options.Threads, Asked) : ThreadChoice.For(plan);
        var (bits, bitsWhy) = options.VectorBits > 0 ? (options.VectorBits, Asked) : (CpuBackend.NativeVectorBits, "the widest here");
        var (push, pushWhy) = tuning.Delivery == SpikeDelivery.Auto ? DeliveryChoice.For(plan, threads) : (tuning.Delivery == SpikeDelivery.Push, Asked);
        var slicesWhy = tuning.SliceElements == SparseRows.LongestSlice ? "as many as 16 bits name" : Asked;
        var pages = !tuning.HugePages ? "no huge pages (as asked)" : Cpu.HugePages.Available ? $"huge pages (for buffers from {Cpu.HugePages.WorthIt >> 20} MiB)" : "no huge pages (not on this system)";
        var bitmasks = tuning.Bitmasks ? "" : ", no bitmasks (as asked)"; // with them, the network says for what
        return new CpuChoices(threads, bits, push, tuning.SliceElements, tuning.HugePages, tuning.Bitmasks, string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"{threads} thread{(threads == 1 ? "" : "s")} ({threadsWhy}), {bits}-bit vectors ({bitsWhy}), {(push ? "push" : "pull")} ({pushWhy}), slices of {tuning.SliceElements:N0} sums ({slicesWhy}), {pages}{bitmasks}"));
    }
}
