using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace TorchBrain.Native.Cpu;

/// <summary>
/// The spike hash: for each step and population with spikes, in order, hash = XxHash128(hash, step, population, count, elements ascending), all little-endian
/// (16 + 8 + 4 + 4 + 4 count bytes). A chain, so that it goes on from a checkpoint.
/// </summary>
sealed class SpikeHasher(CpuPopulation[] populations)
{
    const int HeaderInts = 8;

    readonly int[] _block = new int[HeaderInts + populations.Max(p => p.Plan.Elements)];

    public UInt128 Value { get; set; }

    public void Add(long step)
    {
        for (var p = 0; p < populations.Length; p++)
        {
            var count = populations[p].CopySpikes(step, _block.AsSpan(HeaderInts));
            if (count == 0)
                continue;
            var bytes = MemoryMarshal.AsBytes(_block.AsSpan(0, HeaderInts + count));
            System.Buffers.Binary.BinaryPrimitives.WriteUInt128LittleEndian(bytes, Value);
            System.Buffers.Binary.BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], step);
            _block[6] = p;
            _block[7] = count;
            Value = XxHash128.HashToUInt128(bytes);
        }
    }
}
