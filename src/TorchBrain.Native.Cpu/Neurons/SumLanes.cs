using System.Runtime.CompilerServices;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>The 32-bit sums of one population, as lanes take them. Of a channel with 64 bits only the scale is here.</summary>
sealed class SumLanes<V> where V : struct, ILanes<V>
{
    readonly AlignedBuffer<int> _sums;
    readonly InputSums.Space _space;
    readonly int[][] _local;
    readonly float[] _scale;

    public SumLanes(PopulationPlan population, InputSums sums)
    {
        (_sums, _space) = (sums.Narrow, sums.NarrowSpace);
        _local = [.. population.Channels.Select((_, c) => Enumerable.Range(0, sums.Threads).Select(t => _space.Local(population.Index, c, t)).ToArray())];
        _scale = [.. population.Channels.Select(c => (float)Math.ScaleB(1, -c.ScaleLog2))];
    }

    /// <summary>What one unit of a channel's sums is worth.</summary>
    public float Scale(int channel) => _scale[channel];

    /// <summary>The sums of a block.</summary>
    public ref int At(int channel, Block block) => ref _sums.At(_space.Slot(block.Thread, block.Step) + _local[channel][block.Thread] + block.First);

    /// <summary>Takes sums away and returns what they stand for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Take(ref int sums, V scale)
    {
        var sum = V.IntToFloat(V.LoadBits(ref sums)) * scale;
        V.StoreBits(V.SplatBits(0), ref sums);
        return sum;
    }
}
