using System.Runtime.InteropServices;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>Spikes on their way, kept in a form of its own.</summary>
interface ISentInput
{
    /// <summary>Forgets all that was sent.</summary>
    void Clear();

    /// <summary>Adds what was sent to sums with a slot for every step to come, from a step on, and forgets it.</summary>
    void Spread(InputSums sums, long step);
}

/// <summary>
/// Input that was sent and has not arrived, in its canonical layout: [slot][element], slot r for step now + r. The backend itself keeps most of it as rows that are still to be
/// read; to show it, and to take it from a checkpoint, it is spread out over one slot per step.
/// </summary>
sealed class PendingInput(NetworkPlan plan, CpuPopulation[] populations, InputSums sums, IReadOnlyList<ISentInput> sent) : IDisposable
{
    InputSums? _spread;
    long _spreadEnd;

    /// <summary>Forgets all that was sent.</summary>
    public void Reset()
    {
        foreach (var s in sent)
            s.Clear();
        sums.Clear();
        _spread?.Clear();
        _spreadEnd = 0;
    }

    /// <summary>At the start of a step: what was spread out for it joins the sums of a thread.</summary>
    public void Arrive(int thread, long step)
    {
        if (_spread is null || step >= _spreadEnd)
            return;
        var from = _spread.Narrow.Span(_spread.NarrowSpace.Slot(thread, step), sums.NarrowSpace.Length(thread));
        var to = sums.Narrow.Span(sums.NarrowSpace.Slot(thread, step), from.Length);
        for (var i = 0; i < from.Length; i++)
            to[i] += from[i];
        from.Clear();
        var fromWide = _spread.Wide.Span(_spread.WideSpace.Slot(thread, step), sums.WideSpace.Length(thread));
        var toWide = sums.Wide.Span(sums.WideSpace.Slot(thread, step), fromWide.Length);
        for (var i = 0; i < fromWide.Length; i++)
            toWide[i] += fromWide[i];
        fromWide.Clear();
    }

    InputSums Spread(long step)
    {
        _spread ??= new InputSums(plan, [.. populations.Select(p => p.Starts)], plan.Populations.Max(p => p.RingSlots), sums.HugePages);
        foreach (var s in sent)
            s.Spread(_spread, step);
        _spreadEnd = step + _spread.Slots;
        return _spread;
    }

    public void Read(BufferSpec buffer, Span<byte> destination, long step)
    {
        var (spread, p) = (Spread(step), populations[buffer.Owner]);
        for (var r = 0; r < p.Plan.RingSlots; r++)
            for (var thread = 0; thread + 1 < p.Starts.Length; thread++)
                for (var e = p.Starts[thread]; e < Math.Min(p.Starts[thread + 1], p.Plan.Elements); e++)
                {
                    var at = r * p.Plan.Elements + e;
                    long here = spread.Origin(buffer.Owner, buffer.Index, thread, step + r) + e, now = sums.Origin(buffer.Owner, buffer.Index, thread, step + r) + e;
                    if (buffer.Type == ElementType.Int64)
                        MemoryMarshal.Cast<byte, long>(destination)[at] = spread.Wide.At(here) + (r < sums.Slots ? sums.Wide.At(now) : 0);
                    else
                        MemoryMarshal.Cast<byte, int>(destination)[at] = spread.Narrow.At(here) + (r < sums.Slots ? sums.Narrow.At(now) : 0);
                }
    }

    public void Write(BufferSpec buffer, ReadOnlySpan<byte> source, long step)
    {
        var (spread, p) = (Spread(step), populations[buffer.Owner]);
        for (var r = 0; r < p.Plan.RingSlots; r++)
            for (var thread = 0; thread + 1 < p.Starts.Length; thread++)
                for (var e = p.Starts[thread]; e < Math.Min(p.Starts[thread + 1], p.Plan.Elements); e++)
                {
                    var at = r * p.Plan.Elements + e;
                    long here = spread.Origin(buffer.Owner, buffer.Index, thread, step + r) + e, now = sums.Origin(buffer.Owner, buffer.Index, thread, step + r) + e;
                    if (buffer.Type == ElementType.Int64)
                        (spread.Wide.At(here), sums.Wide.At(now)) = (MemoryMarshal.Cast<byte, long>(source)[at], r < sums.Slots ? 0 : sums.Wide.At(now));
                    else
                        (spread.Narrow.At(here), sums.Narrow.At(now)) = (MemoryMarshal.Cast<byte, int>(source)[at], r < sums.Slots ? 0 : sums.Narrow.At(now));
                }
    }

    public void Dispose() => _spread?.Dispose();
}
