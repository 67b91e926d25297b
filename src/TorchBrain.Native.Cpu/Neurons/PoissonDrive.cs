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
    const int Unrolled = 4;

    readonly PoissonPlan _plan;
    readonly ulong _seed;
    readonly PhiloxBlocks _random;
    readonly Vector256<short>[] _bounds;

    public PoissonDrive(PoissonPlan plan, ulong seed)
    {
        _plan = plan;
        _seed = seed;
        _random = new PhiloxBlocks(seed, plan.Stream);
        // Bounds whose upper half is the largest there is are never passed, only met; one of them stands for all, and for what fills the last four.
        var halves = plan.Bounds.Select(b => (ushort)(b >> 16)).TakeWhile(h => h < ushort.MaxValue).ToList();
        do
            halves.Add(ushort.MaxValue);
        while (halves.Count % Unrolled != 0);
        _bounds = [.. halves.Select(h => Vector256.Create(Signed(h)))];
    }

    // Half words are compared as signed numbers, with the top bit flipped.
    static short Signed(ushort half) => (short)(half ^ 0x8000);

    /// <summary>Adds weight x count to the sums of the elements [first, first + count), count a multiple of 64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ref int sums, int first, int count, long step)
    {
        for (var group = 0; group < count; group += CpuPopulation.Group)
        {
            _random.Eight((uint)(first + group) / 8, step, out var w0, out var w1, out var w2, out var w3);
            AddWord(w0, ref Unsafe.Add(ref sums, group), first + group, step);
            AddWord(w1, ref Unsafe.Add(ref sums, group + 16), first + group + 16, step);
            AddWord(w2, ref Unsafe.Add(ref sums, group + 32), first + group + 32, step);
            AddWord(w3, ref Unsafe.Add(ref sums, group + 48), first + group + 48, step);
        }
    }

    // All bounds are compared, without a look whether more can be passed: a wrong guess of the processor would cost more.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    void AddWord(Vector256<uint> word, ref int sums, int first, long step)
    {
        var half = (word.AsUInt16() ^ Vector256.Create((ushort)0x8000)).AsInt16();
        Vector256<short> minusCounts = default, ties = default;
        ref var bound = ref _bounds[0];
        ref var end = ref Unsafe.Add(ref bound, _bounds.Length);
        for (; Unsafe.IsAddressLessThan(ref bound, ref end); bound = ref Unsafe.Add(ref bound, Unrolled))
        {
            minusCounts += Vector256.GreaterThan(half, bound);
            ties |= Vector256.Equals(half, bound);
            minusCounts += Vector256.GreaterThan(half, Unsafe.Add(ref bound, 1));
            ties |= Vector256.Equals(half, Unsafe.Add(ref bound, 1));
            minusCounts += Vector256.GreaterThan(half, Unsafe.Add(ref bound, 2));
            ties |= Vector256.Equals(half, Unsafe.Add(ref bound, 2));
            minusCounts += Vector256.GreaterThan(half, Unsafe.Add(ref bound, 3));
            ties |= Vector256.Equals(half, Unsafe.Add(ref bound, 3));
        }
        if (ties != default)
        {
            AddTied(ref sums, first, step);
            return;
        }
        // The lower halves of the words are the counts of the elements 0 to 7, the upper ones of 8 to 15.
        var weight = Vector256.Create(_plan.FixedWeight);
        var both = Vector256.Negate(minusCounts).AsInt32();
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
