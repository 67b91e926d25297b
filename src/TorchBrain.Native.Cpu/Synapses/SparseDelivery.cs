using System.Runtime.CompilerServices;

namespace TorchBrain.Native.Cpu;

/// <summary>
/// Carries spikes through the static sparse synapses of all projections. Two ways with the same sums. Pull: a row waits in a calendar, and each of its runs is added to the
/// sums of the step in which it arrives; these few sums stay in the second-level cache, whatever the delays. Push: a row is added at once to the slots of all its delays; that
/// saves the calendar, where all slots fit the cache.
/// </summary>
sealed class SparseDelivery : ISentInput, IDisposable
{
    // Cache lines that are fetched before they are read: when fewer than the first number are under way, more are asked for, up to the second. Many at once, because between the updates of
    // sums few requests would be in flight at a time; and few enough to lie in the nearest caches when they are read.
    const int FewLines = 256, ManyLines = 512;

    readonly CpuPopulation[] _populations;
    readonly int[] _sources;
    readonly InputSums _sums;
    readonly SparseRows _rows;
    readonly Calendar[] _calendars;
    readonly int[] _firstSlice;
    readonly int _threads, _batch;
    readonly bool _push;

    public SparseDelivery(NetworkPlan plan, CpuPopulation[] populations, InputSums sums, CpuChoices choices, BitmaskRows?[] bitmasks)
    {
        (_populations, _sums, _push, _batch) = (populations, sums, choices.Push, plan.Batch);
        _threads = populations[0].Starts.Length - 1;
        _rows = SparseLayout.Build(plan, populations, sums, choices, bitmasks);
        _sources = [.. Enumerable.Range(0, populations.Length).Where(p => _rows.Starts[p] is not null)];
        _firstSlice = [.. Enumerable.Range(0, _threads + 1).Select(t => _rows.Slices.Count(s => s.Thread < t))];
        var longest = plan.Projections.Where(SparseLayout.Includes).Select(p => p.MaxDelay).DefaultIfEmpty(0).Max();
        var days = _push ? 1 : (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)longest + 1);
        _calendars = [.. _rows.Slices.Select(_ => new Calendar(days, choices.HugePages))];
    }

    public void Clear()
    {
        foreach (var calendar in _calendars)
            calendar.Clear();
    }

    /// <summary>At the start of a step: the runs that arrive in it.</summary>
    public void Arrive(int thread, long step)
    {
        if (_push)
            return;
        for (var s = _firstSlice[thread]; s < _firstSlice[thread + 1]; s++)
        {
            if (_rows.Slices[s].Wide)
                PullWide(_rows.Slices[s], _calendars[s], step);
            else
                Pull(_rows.Slices[s], _calendars[s], step);
            _calendars[s].Forget(step);
        }
    }

    /// <summary>When all threads have listed the spikes of a step: its rows set out.</summary>
    public void Propagate(int thread, long step)
    {
        for (var s = _firstSlice[thread]; s < _firstSlice[thread + 1]; s++)
        {
            foreach (var source in _sources)
                for (var k = 0; k < _threads; k++)
                    if (_populations[source].NewSpikes(k, step) is { IsEmpty: false } spikes)
                        SetOut(_calendars[s], _rows.Starts[source]![s]!, spikes, step);
            if (!_push)
                continue;
            if (_rows.Slices[s].Wide)
                PushWide(_rows.Slices[s], _calendars[s], step);
            else
                Push(_rows.Slices[s], _calendars[s], step);
            _calendars[s].Forget(step);
        }
    }

    // All starts are read before any row, and the rows of all populations together: the fetches of one another then overlap. A calendar of one day takes every step for the same.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void SetOut(Calendar calendar, long[] starts, ReadOnlySpan<int> spikes, long step)
    {
        foreach (var spike in spikes)
        {
            var (source, instance) = _batch == 1 ? (spike, 0) : Math.DivRem(spike, _batch);
            var start = starts[source];
            if (start >= 0)
                calendar.Add(step + SparseRows.FirstDelay(start), SparseRows.Place(start), instance);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Pull(SparseSlice slice, Calendar calendar, long step)
    {
        var words = _rows.Words;
        ref var sums = ref _sums.Narrow.At(_sums.NarrowSpace.Slot(slice.Thread, step) + slice.First);
        ReadOnlySpan<ulong> due = calendar.Due(step);
        for (int i = 0, fetched = 0, underWay = 0; i < due.Length; i++)
        {
            if (underWay < FewLines)
                for (; fetched < due.Length && underWay < ManyLines; fetched++)
                {
                    words.Prefetch(Calendar.Place(due[fetched]));
                    underWay += Calendar.Place(due[fetched]).Lines;
                }
            var place = Calendar.Place(due[i]);
            underWay -= place.Lines;
            ref var first = ref words.At(place.Cursor);
            ref var word = ref first;
            var head = word;
            var delay = head >> 20;
            ref var targets = ref Unsafe.Add(ref sums, Calendar.Instance(due[i]));
            do
            {
                word = ref AddRun(ref word, head, ref targets);
                head = word;
            }
            while (head != 0 && head >> 20 == delay);
            if (head != 0)
                calendar.Add(step + (head >> 20) - delay, new RowPlace(place.Cursor + Unsafe.ByteOffset(ref first, ref word) / sizeof(uint), SparseRows.Length(head) + 2), Calendar.Instance(due[i]));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Push(SparseSlice slice, Calendar calendar, long step)
    {
        var words = _rows.Words;
        ReadOnlySpan<ulong> due = calendar.Due(step);
        for (int i = 0, fetched = 0, underWay = 0; i < due.Length; i++)
        {
            if (underWay < FewLines)
                for (; fetched < due.Length && underWay < ManyLines; fetched++)
                {
                    words.Prefetch(Calendar.Place(due[fetched]));
                    underWay += Calendar.Place(due[fetched]).Lines;
                }
            var place = Calendar.Place(due[i]);
            underWay -= place.Lines;
            ref var word = ref words.At(place.Cursor);
            while (word != 0)
            {
                var head = word;
                ref var targets = ref _sums.Narrow.At(_sums.NarrowSpace.Slot(slice.Thread, step + SparseRows.Delay(head)) + slice.First + Calendar.Instance(due[i]));
                word = ref AddRun(ref word, head, ref targets);
            }
        }
    }

    // Adds one run and returns the word behind it. Most weights need no shift; four words a turn, and long runs have nothing left after it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ref uint AddRun(ref uint word, uint head, ref int targets)
    {
        var shift = SparseRows.Shift(head);
        ref var at = ref Unsafe.Add(ref word, 1);
        ref var end = ref Unsafe.Add(ref at, SparseRows.Length(head));
        ref var lastFour = ref Unsafe.Subtract(ref end, 3);
        if (shift == 0)
            for (; Unsafe.IsAddressLessThan(ref at, ref lastFour); at = ref Unsafe.Add(ref at, 4))
            {
                Add(ref at, 0, ref targets);
                Add(ref Unsafe.Add(ref at, 1), 0, ref targets);
                Add(ref Unsafe.Add(ref at, 2), 0, ref targets);
                Add(ref Unsafe.Add(ref at, 3), 0, ref targets);
            }
        else
            for (; Unsafe.IsAddressLessThan(ref at, ref lastFour); at = ref Unsafe.Add(ref at, 4))
            {
                Add(ref at, shift, ref targets);
                Add(ref Unsafe.Add(ref at, 1), shift, ref targets);
                Add(ref Unsafe.Add(ref at, 2), shift, ref targets);
                Add(ref Unsafe.Add(ref at, 3), shift, ref targets);
            }
        for (; Unsafe.IsAddressLessThan(ref at, ref end); at = ref Unsafe.Add(ref at, 1))
            Add(ref at, shift, ref targets);
        return ref at;
    }

    // Two loads of halves, target and weight, take less than one load, a mask and a shift. Both processors that .NET has vectors for have the lower half first.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Add(ref uint word, int shift, ref int targets) =>
        Unsafe.Add(ref targets, (nint)Unsafe.As<uint, ushort>(ref word)) += Unsafe.Add(ref Unsafe.As<uint, short>(ref word), 1) << shift;

    // 64-bit sums are rare; what arrives is found run by run as everywhere else.
    void PullWide(SparseSlice slice, Calendar calendar, long step)
    {
        foreach (var entry in calendar.Due(step))
        {
            var cursor = Calendar.Place(entry).Cursor;
            var delay = SparseRows.Delay(_rows.Words.At(cursor));
            cursor = AddRuns(cursor, _sums, slice, Calendar.Instance(entry), only: delay, at: step);
            if (_rows.Words.At(cursor) is not 0 and var head)
                calendar.Add(step + SparseRows.Delay(head) - delay, new RowPlace(cursor, SparseRows.Length(head) + 2), Calendar.Instance(entry));
        }
    }

    void PushWide(SparseSlice slice, Calendar calendar, long step)
    {
        foreach (var entry in calendar.Due(step))
            for (var cursor = Calendar.Place(entry).Cursor; _rows.Words.At(cursor) != 0;)
            {
                var delay = SparseRows.Delay(_rows.Words.At(cursor));
                cursor = AddRuns(cursor, _sums, slice, Calendar.Instance(entry), delay, step + delay);
            }
    }

    // Adds the runs of one delay to the slot of a step and returns the cursor behind them.
    long AddRuns(long cursor, InputSums sums, SparseSlice slice, int instance, int only, long at)
    {
        for (uint head; (head = _rows.Words.At(cursor)) != 0 && SparseRows.Delay(head) == only; cursor += 1 + SparseRows.Length(head))
            for (var n = 1; n <= SparseRows.Length(head); n++)
            {
                var word = _rows.Words.At(cursor + n);
                var local = slice.First + (int)(word & 0xFFFF) + instance;
                if (slice.Wide)
                    sums.Wide.At(sums.WideSpace.Slot(slice.Thread, at) + local) += (long)((int)word >> 16) << SparseRows.Shift(head);
                else
                    sums.Narrow.At(sums.NarrowSpace.Slot(slice.Thread, at) + local) += (int)word >> 16 << SparseRows.Shift(head);
            }
        return cursor;
    }

    /// <summary>Empties the calendars: everything that is on its way is added to sums with a slot for every step to come.</summary>
    public void Spread(InputSums sums, long step)
    {
        for (var s = 0; s < _calendars.Length; s++)
            for (var due = step; due < step + _calendars[s].Days; due++)
            {
                foreach (var entry in _calendars[s].Due(due))
                {
                    var cursor = Calendar.Place(entry).Cursor;
                    for (var sent = due - SparseRows.Delay(_rows.Words.At(cursor)); _rows.Words.At(cursor) != 0;)
                    {
                        var delay = SparseRows.Delay(_rows.Words.At(cursor));
                        cursor = AddRuns(cursor, sums, _rows.Slices[s], Calendar.Instance(entry), delay, sent + delay);
                    }
                }
                _calendars[s].Forget(due);
            }
    }

    public void Dispose()
    {
        _rows.Dispose();
        foreach (var calendar in _calendars)
            calendar.Dispose();
    }
}
