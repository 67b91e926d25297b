using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>
/// Adds Poisson input to 32-bit sums, 16 counts at a time: the half words of a group are compared with the upper halves of the bounds. Draws that equal one (a few in ten thousand)
/// are done again by <see cref="StepMath.PoissonCount"/>, which is the specification.
/// </summary>
sealed class PoissonDrive
{
    readonly PoissonPlan _plan;
    readonly ulong _seed;
    readonly Vector256<short>[] _bounds;

    public PoissonDrive(PoissonPlan plan, ulong seed)
    {
        _plan = plan;
        _seed = seed;
        _bounds = [.. plan.Bounds.Select(b => Vector256.Create(Signed((ushort)(b >> 16))))];
    }

    // Half words are compared as signed numbers, with the top bit flipped.
    static short Signed(ushort half) => (short)(half ^ 0x8000);

    /// <summary>Adds weight x count to the sums of the elements [first, first + count), count a multiple of 64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization), SkipLocalsInit]
    public void Add(ref int sums, int first, int count, long step)
    {
        Span<int> words = stackalloc int[32];
        ref var word = ref words[0];
        for (var group = 0; group < count; group += CpuPopulation.Group)
        {
            StepNoise<Lanes256>.GroupHalfWords(_seed, _plan.Stream, first + group, step, ref word);
            for (var w = 0; w < 4; w++)
                AddWord(ref Unsafe.Add(ref word, 8 * w), ref Unsafe.Add(ref sums, group + 16 * w), first + group + 16 * w, step);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void AddWord(ref int word, ref int sums, int first, long step)
    {
        var half = (Vector256.LoadUnsafe(ref word).AsUInt16() ^ Vector256.Create((ushort)0x8000)).AsInt16();
        Vector256<short> counts = default, ties = default;
        foreach (var bound in _bounds)
        {
            var above = Vector256.GreaterThan(half, bound);
            ties |= Vector256.Equals(half, bound);
            if (above == default)
                break;
            counts -= above;
        }
        if (ties != default)
        {
            AddTied(ref sums, first, step);
            return;
        }
        // The lower halves of the words are the counts of the elements 0 to 7, the upper ones of 8 to 15.
        var weight = Vector256.Create(_plan.FixedWeight);
        var both = counts.AsInt32();
        (Vector256.LoadUnsafe(ref sums) + (both & Vector256.Create(0xFFFF)) * weight).StoreUnsafe(ref sums);
        ref var upper = ref Unsafe.Add(ref sums, 8);
        (Vector256.LoadUnsafe(ref upper) + (both >>> 16) * weight).StoreUnsafe(ref upper);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    void AddTied(ref int sums, int first, long step)
    {
        for (var k = 0; k < 16; k++)
            Unsafe.Add(ref sums, k) += _plan.FixedWeight * StepMath.PoissonCount(_seed, _plan.Stream, first + k, step, _plan.Bounds);
    }
}
