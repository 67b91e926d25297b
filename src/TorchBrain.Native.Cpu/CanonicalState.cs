using System.Numerics;
using System.Runtime.InteropServices;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>Translates packed bits of a population to and from their canonical layout.</summary>
static class CanonicalState
{
    public static void Read(CpuPopulation p, BufferSpec buffer, Span<byte> destination, long step)
    {
        int elements = p.Plan.Elements, words = (elements + 31) / 32;
        destination.Clear();
        switch (buffer.Kind)
        {
            case BufferKind.SpikeHistory:
                var spikes = new int[elements];
                for (var r = 0; r < p.Plan.HistorySlots; r++)
                {
                    var bits = MemoryMarshal.Cast<byte, uint>(destination).Slice(r * words, words);
                    foreach (var e in spikes.AsSpan(0, p.CopySpikes(step - 1 - r, spikes)))
                        bits[e >> 5] |= 1u << (e & 31);
                }
                break;
            case BufferKind.Alive:
                for (var w = 0; w < words; w++)
                    MemoryMarshal.Cast<byte, uint>(destination)[w] = (uint)(p.Alive[w / 2] >> (w % 2 * 32));
                break;
        }
    }

    public static void Write(CpuPopulation p, BufferSpec buffer, ReadOnlySpan<byte> source, long step)
    {
        int elements = p.Plan.Elements, words = (elements + 31) / 32;
        switch (buffer.Kind)
        {
            case BufferKind.SpikeHistory:
                var spikes = new List<int>();
                for (var r = 0; r < p.Plan.HistorySlots; r++)
                {
                    spikes.Clear();
                    var bits = MemoryMarshal.Cast<byte, uint>(source).Slice(r * words, words);
                    for (var w = 0; w < words; w++)
                        for (var left = bits[w]; left != 0; left &= left - 1)
                            spikes.Add(w * 32 + BitOperations.TrailingZeroCount(left));
                    p.SetSpikes(step - 1 - r, CollectionsMarshal.AsSpan(spikes));
                }
                break;
            case BufferKind.Alive:
                for (var g = 0; g < p.Alive.Length; g++)
                {
                    ulong low = MemoryMarshal.Cast<byte, uint>(source)[2 * g], high = 2 * g + 1 < words ? MemoryMarshal.Cast<byte, uint>(source)[2 * g + 1] : 0;
                    p.Alive[g] = (low | high << 32) & p.RealElements(g);
                }
                break;
        }
    }
}
