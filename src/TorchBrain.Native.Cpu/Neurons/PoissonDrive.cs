using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>
/// Adds Poisson input to 32-bit sums, 16 counts at a time, or 128 in vectors of 512 bits: half words are compared with the upper bounds of the table. The few draws that need more bits are
/// mended one by one; <see cref="StepMath.PoissonCount"/> is the specification.
/// </summary>
sealed class PoissonDrive
{
    const int Unrolled = 2;

    readonly PoissonPlan _plan;
    readonly ulong _seed;
    readonly PhiloxBlocks _random;
    readonly Vector256<short>[] _below;
    readonly Vector256<short> _belowRest;
    readonly Vector512<short>[] _wideBelow;
    readonly int _alwaysPassed, _countOfRest;

    public PoissonDrive(PoissonPlan plan, ulong seed, int vectorBits)
    {
        _plan = plan;
        _seed = seed;
        _random = new PhiloxBlocks(seed, plan.Stream, vectorBits);
        var table = plan.Table;
        _alwaysPassed = table.Upper.Count(b => b == 0);
        // Bounds from the rest on are reached by numbers of the rest alone, which are mended anyhow.
        var bounds = table.Upper.Where(b => b > 0 && b < table.Rest).ToList();
        _countOfRest = _alwaysPassed + bounds.Count;
        _wideBelow = [.. bounds.Select(b => Vector512.Create(Below(b)[0]))];
        // What fills the last pair, or the first, is passed by nothing.
        while (bounds.Count == 0 || bounds.Count % Unrolled != 0)
            bounds.Add(1 << 16);
        _below = [.. bounds.Select(Below)];
        _belowRest = Below(table.Rest);
    }

    // At or above a bound is above the number before it; half words are compared as signed numbers, with the top bit flipped. Nothing is above 65,535.
    static Vector256<short> Below(uint bound) => Vector256.Create((short)(bound - 1 ^ 0x8000));

    /// <summary>Adds weight x count to the sums of the elements [first, first + count), count a multiple of 64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ref int sums, int first, int count, long step)
    {
        var group = 0;
        if (_random.Sixteens)
            for (; group + 2 * CpuPopulation.Group <= count; group += 2 * CpuPopulation.Group)
                AddPair(ref Unsafe.Add(ref sums, group), first + group, step);
        for (; group < count; group += CpuPopulation.Group)
        {
            _random.Eight((uint)(first + group) / 8, step, out var w0, out var w1, out var w2, out var w3);
            AddWord(w0, ref Unsafe.Add(ref sums, group), first + group, step);
            AddWord(w1, ref Unsafe.Add(ref sums, group + 16), first + group + 16, step);
            AddWord(w2, ref Unsafe.Add(ref sums, group + 32), first + group + 32, step);
            AddWord(w3, ref Unsafe.Add(ref sums, group + 48), first + group + 48, step);
        }
    }

    // Two groups: the blocks of the first are the lower lanes of each word.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void AddPair(ref int sums, int first, long step)
    {
        _random.Sixteen((uint)first / 8, step, out var w0, out var w1, out var w2, out var w3);
        var flip = Vector512.Create(unchecked((short)0x8000));
        Vector512<short> h0 = w0.AsInt16() ^ flip, h1 = w1.AsInt16() ^ flip, h2 = w2.AsInt16() ^ flip, h3 = w3.AsInt16() ^ flip;
        Vector512<short> c0 = Vector512.Create((short)_alwaysPassed), c1 = c0, c2 = c0, c3 = c0, one = Vector512<short>.One;
        foreach (ref readonly var below in _wideBelow.AsSpan())
        {
            c0 = Vector512.ConditionalSelect(Vector512.GreaterThan(h0, below), c0 + one, c0);
            c1 = Vector512.ConditionalSelect(Vector512.GreaterThan(h1, below), c1 + one, c1);
            c2 = Vector512.ConditionalSelect(Vector512.GreaterThan(h2, below), c2 + one, c2);
            c3 = Vector512.ConditionalSelect(Vector512.GreaterThan(h3, below), c3 + one, c3);
        }
        var weight = Vector512.Create(_plan.FixedWeight);
        AddCounts(c0.AsInt32(), weight, ref sums);
        AddCounts(c1.AsInt32(), weight, ref Unsafe.Add(ref sums, 16));
        AddCounts(c2.AsInt32(), weight, ref Unsafe.Add(ref sums, 32));
        AddCounts(c3.AsInt32(), weight, ref Unsafe.Add(ref sums, 48));
        var rest = Vector512.Create(_belowRest, _belowRest);
        if (!Vector512.GreaterThanAny(Vector512.Max(Vector512.Max(h0, h1), Vector512.Max(h2, h3)), rest))
            return;
        MendPair(Vector512.GreaterThan(h0, rest).ExtractMostSignificantBits(), ref sums, first, step);
        MendPair(Vector512.GreaterThan(h1, rest).ExtractMostSignificantBits(), ref Unsafe.Add(ref sums, 16), first + 16, step);
        MendPair(Vector512.GreaterThan(h2, rest).ExtractMostSignificantBits(), ref Unsafe.Add(ref sums, 32), first + 32, step);
        MendPair(Vector512.GreaterThan(h3, rest).ExtractMostSignificantBits(), ref Unsafe.Add(ref sums, 48), first + 48, step);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void AddCounts(Vector512<int> both, Vector512<int> weight, ref int sums)
    {
        Vector512<int> lower = (both & Vector512.Create(0xFFFF)) * weight, upper = (both >>> 16) * weight;
        ref var second = ref Unsafe.Add(ref sums, CpuPopulation.Group);
        (Vector512.LoadUnsafe(ref sums) + Vector512.Create(lower.GetLower(), upper.GetLower())).StoreUnsafe(ref sums);
        (Vector512.LoadUnsafe(ref second) + Vector512.Create(lower.GetUpper(), upper.GetUpper())).StoreUnsafe(ref second);
    }

    void MendPair(ulong halves, ref int sums, int first, long step)
    {
        Mend((uint)halves & 0xFFFF, ref sums, first, step);
        Mend((uint)(halves >> 16), ref Unsafe.Add(ref sums, CpuPopulation.Group), first + CpuPopulation.Group, step);
    }

    // All bounds are compared, without a look whether more can be passed: a wrong guess of the processor would cost more.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    void AddWord(Vector256<uint> word, ref int sums, int first, long step)
    {
        var half = (word.AsUInt16() ^ Vector256.Create((ushort)0x8000)).AsInt16();
        var counts = Vector256.Create((short)_alwaysPassed);
        ref var below = ref _below[0];
        ref var end = ref Unsafe.Add(ref below, _below.Length);
        for (; Unsafe.IsAddressLessThan(ref below, ref end); below = ref Unsafe.Add(ref below, Unrolled))
        {
            counts -= Vector256.GreaterThan(half, below);
            counts -= Vector256.GreaterThan(half, Unsafe.Add(ref below, 1));
        }
        // The lower halves of the words are the counts of the elements 0 to 7, the upper ones of 8 to 15.
        var weight = Vector256.Create(_plan.FixedWeight);
        var both = counts.AsInt32();
        (Vector256.LoadUnsafe(ref sums) + (both & Vector256.Create(0xFFFF)) * weight).StoreUnsafe(ref sums);
        ref var upper = ref Unsafe.Add(ref sums, 8);
        (Vector256.LoadUnsafe(ref upper) + (both >>> 16) * weight).StoreUnsafe(ref upper);
        var rest = Vector256.GreaterThan(half, _belowRest);
        if (rest != default)
            Mend(rest.ExtractMostSignificantBits(), ref sums, first, step);
    }

    // Halves of words, two bits each: the elements k and 8 + k.
    [MethodImpl(MethodImplOptions.NoInlining)]
    void Mend(uint halves, ref int sums, int first, long step)
    {
        for (; halves != 0; halves &= halves - 1)
        {
            var half = BitOperations.TrailingZeroCount(halves);
            var element = half / 2 + half % 2 * 8;
            Unsafe.Add(ref sums, element) += _plan.FixedWeight * (StepMath.PoissonCount(_seed, _plan.Stream, first + element, step, _plan.Table) - _countOfRest);
        }
    }
}
