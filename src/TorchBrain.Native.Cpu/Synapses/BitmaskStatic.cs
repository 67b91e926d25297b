using System.Numerics;
using System.Runtime.CompilerServices;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>
/// Synapses of <see cref="BitmaskRows"/>. The rows that arrive in a step are added up bit by bit, eight at a time (carry-save adders: a count of all targets lies in a few vectors
/// of its digits), and each target's sum is touched once, for its count times the weight.
/// </summary>
sealed class BitmaskStatic<V> : SynapseKernel, ISentInput where V : struct, ILanes<V>
{
    const int RowsAtOnce = 8, MostDigits = 10, MostRows = ((1 << MostDigits) - 1) / RowsAtOnce * RowsAtOnce, Lanes = BitmaskRows.Lanes;
    const int FewLines = 256, ManyLines = 512; // as in SparseDelivery

    readonly BitmaskRows _rows;
    readonly Calendar[] _calendars;
    readonly AlignedBuffer<int>[] _digits;
    readonly AlignedBuffer<int> _empty;
    readonly int _weight;

    public BitmaskStatic(ProjectionPlan plan, CpuPopulation source, CpuPopulation target, int threads, BitmaskRows rows) : base(plan, source, target, threads)
    {
        _rows = rows;
        _weight = plan.Quantise(plan.SharedWeight!.Value) << plan.Shift;
        var days = (int)BitOperations.RoundUpToPowerOf2((uint)plan.MaxDelay + 1);
        _calendars = [.. Enumerable.Range(0, threads).Select(_ => new Calendar(days, target.HugePages))];
        _digits = [.. Enumerable.Range(0, threads).Select(t => new AlignedBuffer<int>((long)rows.RowWords(t) * MostDigits, hugePages: false))];
        _empty = new AlignedBuffer<int>(Enumerable.Range(0, threads).Max(rows.RowWords), hugePages: false);
    }

    public string Name => Plan.Name;

    public override void Propagate(int thread, long step)
    {
        if (Target.Starts[thread] == Target.Starts[thread + 1])
            return;
        for (var k = 0; k < Threads; k++)
            foreach (var source in Source.NewSpikes(k, step))
                _calendars[thread].Add(step + Plan.MaxDelay, _rows.Place(thread, source), 0);
    }

    public override void Arrive(int thread, long step)
    {
        if (_calendars[thread].Due(step) is { IsEmpty: false } due)
            Deliver(thread, due, ref Ring!.At(Origin(thread, step) + Target.Starts[thread]));
        _calendars[thread].Forget(step);
    }

    public void Spread(InputSums sums, long step)
    {
        for (var thread = 0; thread < Threads; thread++)
            for (var due = step; due < step + _calendars[thread].Days; due++)
            {
                if (_calendars[thread].Due(due) is { IsEmpty: false } rows)
                    Deliver(thread, rows, ref sums.Narrow.At(sums.Origin(Target.Plan.Index, Plan.Channel, thread, due) + Target.Starts[thread]));
                _calendars[thread].Forget(due);
            }
    }

    public void Clear()
    {
        foreach (var calendar in _calendars)
            calendar.Clear();
    }

    void Deliver(int thread, ReadOnlySpan<ulong> due, ref int sums)
    {
        while (!due.IsEmpty)
        {
            var some = due[..Math.Min(due.Length, MostRows)];
            var digits = BitOperations.Log2((uint)some.Length) + 1;
            Count(thread, some, digits);
            AddCounts(thread, digits, ref sums);
            due = due[some.Length..];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Count(int thread, ReadOnlySpan<ulong> due, int digits)
    {
        var (words, kept) = (_rows.RowWords(thread), Math.Max(digits, 3));
        _digits[thread].Span(0, words * kept).Clear();
        for (int i = 0, fetched = 0, underWay = 0; i < due.Length; i += RowsAtOnce)
        {
            if (underWay < FewLines)
                for (; fetched < due.Length && underWay < ManyLines; fetched++)
                {
                    _rows.Prefetch(thread, Calendar.Place(due[fetched]));
                    underWay += Calendar.Place(due[fetched]).Lines;
                }
            underWay -= RowsAtOnce * Calendar.Place(due[i]).Lines;
            AddEight(ref _digits[thread].At(0), words, kept, ref Row(thread, due, i), ref Row(thread, due, i + 1), ref Row(thread, due, i + 2), ref Row(thread, due, i + 3),
                ref Row(thread, due, i + 4), ref Row(thread, due, i + 5), ref Row(thread, due, i + 6), ref Row(thread, due, i + 7));
        }
    }

    ref int Row(int thread, ReadOnlySpan<ulong> due, int i) => ref i < due.Length ? ref _rows.At(thread, Calendar.Place(due[i])) : ref _empty.At(0);

    // Digits 0 to 2 take eight rows and give one carry, which runs through the digits above.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void AddEight(ref int digits, int words, int kept, ref int r0, ref int r1, ref int r2, ref int r3, ref int r4, ref int r5, ref int r6, ref int r7)
    {
        for (var at = 0; at < words; at += V.Count)
        {
            ref var digit = ref Unsafe.Add(ref digits, at / Lanes * kept * Lanes + at % Lanes);
            var ones = V.LoadBits(ref digit);
            V a = V.LoadBits(ref Unsafe.Add(ref r0, at)), b = V.LoadBits(ref Unsafe.Add(ref r1, at));
            var two0 = V.Majority(ones, a, b);
            ones = V.Parity(ones, a, b);
            (a, b) = (V.LoadBits(ref Unsafe.Add(ref r2, at)), V.LoadBits(ref Unsafe.Add(ref r3, at)));
            var two1 = V.Majority(ones, a, b);
            ones = V.Parity(ones, a, b);
            var twos = V.LoadBits(ref Unsafe.Add(ref digit, Lanes));
            var four0 = V.Majority(twos, two0, two1);
            twos = V.Parity(twos, two0, two1);
            (a, b) = (V.LoadBits(ref Unsafe.Add(ref r4, at)), V.LoadBits(ref Unsafe.Add(ref r5, at)));
            two0 = V.Majority(ones, a, b);
            ones = V.Parity(ones, a, b);
            (a, b) = (V.LoadBits(ref Unsafe.Add(ref r6, at)), V.LoadBits(ref Unsafe.Add(ref r7, at)));
            two1 = V.Majority(ones, a, b);
            V.StoreBits(V.Parity(ones, a, b), ref digit);
            var four1 = V.Majority(twos, two0, two1);
            V.StoreBits(V.Parity(twos, two0, two1), ref Unsafe.Add(ref digit, Lanes));
            var fours = V.LoadBits(ref Unsafe.Add(ref digit, 2 * Lanes));
            var carry = V.Majority(fours, four0, four1);
            V.StoreBits(V.Parity(fours, four0, four1), ref Unsafe.Add(ref digit, 2 * Lanes));
            for (var d = 3; d < kept; d++)
            {
                ref var upper = ref Unsafe.Add(ref digit, d * Lanes);
                var old = V.LoadBits(ref upper);
                V.StoreBits(old ^ carry, ref upper);
                carry = old & carry;
            }
        }
    }

    // Adds to each sum the weight times its count, a digit at a time; targets come in whole groups of 64, four times the lanes of a block.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void AddCounts(int thread, int digits, ref int sums)
    {
        var (targets, kept) = (Target.Starts[thread + 1] - Target.Starts[thread], Math.Max(digits, 3));
        for (var first = 0; first < targets; first += CpuPopulation.Group)
            for (var lane = 0; lane < Lanes; lane += V.Count)
            {
                ref var sum = ref Unsafe.Add(ref sums, first + lane);
                ref var digit = ref _digits[thread].At(first / BitmaskRows.Block * kept * Lanes + lane);
                V sum0 = V.LoadBits(ref sum), sum1 = V.LoadBits(ref Unsafe.Add(ref sum, Lanes)), sum2 = V.LoadBits(ref Unsafe.Add(ref sum, 2 * Lanes)), sum3 = V.LoadBits(ref Unsafe.Add(ref sum, 3 * Lanes));
                var bit = 1u << first % BitmaskRows.Block / Lanes;
                V bit0 = V.SplatBits(bit), bit1 = V.SplatBits(bit << 1), bit2 = V.SplatBits(bit << 2), bit3 = V.SplatBits(bit << 3), amount = V.SplatBits((uint)_weight);
                for (var d = 0; d < digits; d++)
                {
                    var bits = V.LoadBits(ref Unsafe.Add(ref digit, d * Lanes));
                    sum0 = V.AddWhere(sum0, bits, bit0, amount);
                    sum1 = V.AddWhere(sum1, bits, bit1, amount);
                    sum2 = V.AddWhere(sum2, bits, bit2, amount);
                    sum3 = V.AddWhere(sum3, bits, bit3, amount);
                    amount = V.ShiftLeft(amount, 1);
                }
                V.StoreBits(sum0, ref sum);
                V.StoreBits(sum1, ref Unsafe.Add(ref sum, Lanes));
                V.StoreBits(sum2, ref Unsafe.Add(ref sum, 2 * Lanes));
                V.StoreBits(sum3, ref Unsafe.Add(ref sum, 3 * Lanes));
            }
    }

    public override void Dispose()
    {
        _rows.Dispose();
        _empty.Dispose();
        foreach (var calendar in _calendars)
            calendar.Dispose();
        foreach (var digits in _digits)
            digits.Dispose();
    }
}
