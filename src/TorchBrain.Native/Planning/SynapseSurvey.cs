using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace TorchBrain.Native.Planning;

/// <summary>
/// One pass over all rows of a projection, in parallel, that finds what the planner needs: counts, delays, the largest weight, and how much can
/// meet at each target in one step. All sums are of integers, so they do not depend on the order of threads.
/// </summary>
sealed partial class SynapseSurvey
{
    readonly Lock _gate = new();
    readonly long[] _positive, _negative;
    double _quantum;

    public SynapseSurvey(SynapseGenerator synapses, double weightBound)
    {
        _positive = new long[synapses.Targets];
        _negative = new long[synapses.Targets];
        RowLengths = new int[synapses.Sources];
        InDegree = new int[synapses.Targets];
        if (double.IsNaN(weightBound))
        {
            Pass(synapses, new Partial(0, 0, false));
            weightBound = LargestWeight;
            Count = 0;
            ContentHash = 0;
        }
        _quantum = Math.ScaleB(1.0, (weightBound > 0 ? Math.ILogB(weightBound) + 1 : 0) - 31);
        Pass(synapses, new Partial(synapses.Targets, synapses.ByTarget ? synapses.Sources : 0, true));
    }

    public long Count { get; private set; }
    public int MinDelay { get; private set; } = int.MaxValue;
    public int MaxDelay { get; private set; }
    public double LargestWeight { get; private set; }
    public bool AllFinite { get; private set; } = true;
    public float LeastWeight { get; private set; } = float.PositiveInfinity;
    public float GreatestWeight { get; private set; } = float.NegativeInfinity;
    public int[] RowLengths { get; }
    public int[] InDegree { get; }
    public UInt128 ContentHash { get; private set; }

    /// <summary>Upper bounds of the sum of positive and of negative weights onto a target.</summary>
    public (double Positive, double Negative) WorstCase(int target) =>
        ((_positive[target] + InDegree[target]) * _quantum, (_negative[target] + InDegree[target]) * _quantum);

    sealed class Partial(int targets, int sources, bool sums)
    {
        public readonly SynapseBuffer Buffer = new();
        public readonly long[] Positive = new long[targets], Negative = new long[targets];
        public readonly int[] InDegree = new int[targets], RowLengths = new int[sources];
        public readonly bool Sums = sums;
        public long Count;
        public int MinDelay = int.MaxValue, MaxDelay;
        public float Largest, Least = float.PositiveInfinity, Greatest = float.NegativeInfinity;
        public bool Finite = true;
        public UInt128 Hash;

        public Partial Fresh() => new(targets, sources, Sums);
    }

    void Pass(SynapseGenerator synapses, Partial prototype) =>
        RowWorkers.For(synapses.Rows, prototype.Fresh, (row, partial) => Visit(synapses, row, partial), Merge);

    void Visit(SynapseGenerator synapses, int row, Partial p)
    {
        synapses.Generate(row, p.Buffer);
        var partner = p.Buffer.Partner;
        var weight = p.Buffer.Weight;
        var delay = p.Buffer.Delay;
        var perQuantum = 1 / _quantum; // a power of two
        p.Count += partner.Length;
        if (!synapses.ByTarget)
            RowLengths[row] = partner.Length;
        for (var k = 0; k < partner.Length; k++)
        {
            var w = weight[k];
            p.Finite &= float.IsFinite(w);
            p.Largest = Math.Max(p.Largest, Math.Abs(w));
            p.Least = Math.Min(p.Least, w);
            p.Greatest = Math.Max(p.Greatest, w);
            p.MinDelay = Math.Min(p.MinDelay, delay[k]);
            p.MaxDelay = Math.Max(p.MaxDelay, delay[k]);
            if (!p.Sums)
                continue;
            var target = synapses.ByTarget ? row : partner[k];
            if (synapses.ByTarget)
                p.RowLengths[partner[k]]++;
            p.InDegree[target]++;
            if (w > 0)
                p.Positive[target] += (long)(w * perQuantum);
            else
                p.Negative[target] += (long)(-w * perQuantum);
        }
        var hash = new UInt128((ulong)row, 0);
        hash += XxHash128.HashToUInt128(MemoryMarshal.AsBytes(partner), row);
        hash += XxHash128.HashToUInt128(MemoryMarshal.AsBytes(weight), row + 1L);
        hash += XxHash128.HashToUInt128(MemoryMarshal.AsBytes(delay), row + 2L);
        p.Hash += hash * new UInt128(0x9E3779B97F4A7C15, 2 * (ulong)row + 1);
    }

    void Merge(Partial p)
    {
        lock (_gate)
        {
            Count += p.Count;
            MinDelay = Math.Min(MinDelay, p.MinDelay);
            MaxDelay = Math.Max(MaxDelay, p.MaxDelay);
            LargestWeight = Math.Max(LargestWeight, p.Largest);
            LeastWeight = Math.Min(LeastWeight, p.Least);
            GreatestWeight = Math.Max(GreatestWeight, p.Greatest);
            AllFinite &= p.Finite;
            ContentHash += p.Hash;
            for (var t = 0; t < p.Positive.Length; t++)
            {
                _positive[t] += p.Positive[t];
                _negative[t] += p.Negative[t];
                InDegree[t] += p.InDegree[t];
            }
            for (var s = 0; s < p.RowLengths.Length; s++)
                RowLengths[s] += p.RowLengths[s];
        }
    }
}
