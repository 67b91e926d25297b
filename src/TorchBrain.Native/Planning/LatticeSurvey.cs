using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace TorchBrain.Native.Planning;

/// <summary>The survey of a large lattice, from its offsets instead of its rows: what the rows would give, but for the content hash.</summary>
sealed partial class SynapseSurvey
{
    const long MostPairsByRow = 1L << 28;

    SynapseSurvey(int sources, int targets)
    {
        (_positive, _negative) = (new long[targets], new long[targets]);
        (RowLengths, InDegree) = (new int[sources], new int[targets]);
    }

    /// <summary>The survey of a projection.</summary>
    public static SynapseSurvey Of(SynapseGenerator synapses) =>
        (long)synapses.Sources * synapses.Targets > MostPairsByRow && synapses.WeightsByOffset.Length > 0 ? OfLattice(synapses) : new SynapseSurvey(synapses, synapses.WeightBound);

    /// <summary>The survey of a projection whose weights follow from offsets and whose delays are one.</summary>
    public static SynapseSurvey OfLattice(SynapseGenerator synapses)
    {
        var lattice = synapses.Lattice!;
        var weights = synapses.WeightsByOffset;
        var survey = new SynapseSurvey(synapses.Sources, synapses.Targets);
        foreach (var w in weights)
        {
            survey.AllFinite &= float.IsFinite(w);
            survey.LargestWeight = Math.Max(survey.LargestWeight, Math.Abs(w));
            survey.LeastWeight = w != 0 ? Math.Min(survey.LeastWeight, w) : survey.LeastWeight;
            survey.GreatestWeight = w != 0 ? Math.Max(survey.GreatestWeight, w) : survey.GreatestWeight;
        }
        if (!survey.AllFinite)
            return survey;
        survey._quantum = Math.ScaleB(1.0, (survey.LargestWeight > 0 ? Math.ILogB(survey.LargestWeight) + 1 : 0) - 31);
        var perQuantum = 1 / survey._quantum;
        var (positive, negative, count) = (new WindowSums(lattice), new WindowSums(lattice), new WindowSums(lattice));
        for (var at = 0; at < weights.Length; at++)
        {
            positive.Set(at, weights[at] > 0 ? (long)(weights[at] * perQuantum) : 0);
            negative.Set(at, weights[at] < 0 ? (long)(-weights[at] * perQuantum) : 0);
            count.Set(at, weights[at] != 0 ? 1 : 0);
        }
        for (var node = 0; node < synapses.Targets; node++)
        {
            // Offsets have no direction: what comes in is what goes out.
            (survey._positive[node], survey._negative[node]) = (positive.Around(node), negative.Around(node));
            survey.RowLengths[node] = survey.InDegree[node] = (int)count.Around(node);
            survey.Count += survey.InDegree[node];
        }
        if (survey.Count > 0)
            survey.MinDelay = survey.MaxDelay = synapses.ConstantDelay;
        survey.ContentHash = XxHash128.HashToUInt128(MemoryMarshal.AsBytes(weights), survey.MaxDelay) + (UInt128)(uint)lattice.Columns;
        return survey;
    }

    /// <summary>Sums of a number per offset over all nodes of a sheet as a node sees it.</summary>
    sealed class WindowSums(NodeLattice lattice)
    {
        // [row offset][column offset], both without sign; after the first use summed up from 0, the axes apart.
        readonly long[] _sums = new long[lattice.Rows * lattice.Columns];
        bool _summed;

        public void Set(int offset, long value) => _sums[offset] = value;

        public long Around(int node)
        {
            if (!_summed)
                SumUp();
            var (row, column) = Math.DivRem(node, lattice.Columns);
            int below = lattice.Rows - 1 - row, right = lattice.Columns - 1 - column;
            // The node's own row and column are in two quadrants each.
            return Corner(row, column) + Corner(row, right) + Corner(below, column) + Corner(below, right)
                - Corner(row, 0) - Corner(below, 0) - Corner(0, column) - Corner(0, right) + Corner(0, 0);
        }

        long Corner(int rows, int columns) => _sums[rows * lattice.Columns + columns];

        void SumUp()
        {
            for (var r = 0; r < lattice.Rows; r++)
                for (var c = 1; c < lattice.Columns; c++)
                    _sums[r * lattice.Columns + c] += _sums[r * lattice.Columns + c - 1];
            for (var at = lattice.Columns; at < _sums.Length; at++)
                _sums[at] += _sums[at - lattice.Columns];
            _summed = true;
        }
    }
}
