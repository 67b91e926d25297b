using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TorchBrain.Native.Cpu;

/// <summary>
/// The steps for which neurons are still refractory, in 16 bits: half the memory of the state "refractory", which they stand for. All of a group are counted down at once;
/// what a spike sets is written where a spike is.
/// </summary>
sealed class RefractoryCounts : IDisposable
{
    /// <summary>Most steps that can be counted.</summary>
    public const int Most = short.MaxValue;

    readonly AlignedBuffer<float> _state;
    readonly PartedBuffer<short> _counts;
    readonly int _elements;
    readonly short _steps;

    /// <param name="population">The population, whose second state variable it is.</param>
    /// <param name="steps">Steps that follow a spike, at most <see cref="Most"/>.</param>
    public RefractoryCounts(CpuPopulation population, float steps)
    {
        _state = population.State[1];
        (_counts, _elements) = (new PartedBuffer<short>(population), population.Padded);
        _steps = (short)steps;
    }

    /// <summary>The counts of a block.</summary>
    public ref short At(Block block) => ref _counts.At(block);

    /// <summary>Clamps refractory lanes to the reset and lets the others spike.</summary>
    /// <returns>Who spikes, lane 0 lowest.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Finish<V>(V v, V threshold, V reset, ref short left, ref float u) where V : struct, ILanes<V>
    {
        v = V.SelectPositive(V.LoadInt16(ref left), reset, v);
        V.Store(V.SelectReached(v, threshold, reset, v), ref u);
        return V.ReachedBits(v, threshold);
    }

    /// <summary>The end of a step for a group of 64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void CountDown(ref short left, ulong spikes, short steps)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            ref var second = ref Unsafe.Add(ref left, Vector512<short>.Count);
            Vector512.Max(Vector512.LoadUnsafe(ref left) - Vector512<short>.One, default).StoreUnsafe(ref left);
            Vector512.Max(Vector512.LoadUnsafe(ref second) - Vector512<short>.One, default).StoreUnsafe(ref second);
        }
        else
            for (nint k = 0; k < CpuPopulation.Group; k += Vector256<short>.Count)
            {
                ref var at = ref Unsafe.Add(ref left, k);
                Vector256.Max(Vector256.LoadUnsafe(ref at) - Vector256<short>.One, default).StoreUnsafe(ref at);
            }
        for (; spikes != 0; spikes &= spikes - 1)
            Unsafe.Add(ref left, System.Numerics.BitOperations.TrailingZeroCount(spikes)) = steps;
    }

    /// <summary>Steps that follow a spike.</summary>
    public short Steps => _steps;

    /// <summary>Writes the counts to the state.</summary>
    public void Publish(int begin, int end)
    {
        for (var thread = 0; thread < _counts.Parts; thread++)
        {
            var counts = _counts.Part(thread, begin, end, out var first);
            for (var k = 0; k < counts.Length; k++)
                _state.At(first + k) = counts[k];
        }
    }

    /// <summary>Takes the counts from the state.</summary>
    public void Accept()
    {
        for (var thread = 0; thread < _counts.Parts; thread++)
        {
            var counts = _counts.Part(thread, 0, _elements, out var first);
            for (var k = 0; k < counts.Length; k++)
                counts[k] = (short)Math.Clamp(_state.At(first + k), 0, Most);
        }
    }

    public void Dispose() => _counts.Dispose();
}
