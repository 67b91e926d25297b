using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>
/// Rows that are made for each spike and added at once to the slots of their delays. Every thread makes the whole row and keeps what falls to its targets; instances of a neuron that spike together
/// share the row.
/// </summary>
sealed class ProceduralStatic : SynapseKernel
{
    readonly ProceduralRows _rows;
    readonly ProceduralRow[] _row;
    readonly long[][] _origins;
    readonly bool _oneWeight, _oneDelay;

    public ProceduralStatic(ProjectionPlan plan, CpuPopulation source, CpuPopulation target, int threads) : base(plan, source, target, threads)
    {
        _rows = plan.Procedural!;
        _row = [.. Enumerable.Range(0, threads).Select(_ => _rows.NewRow())];
        _origins = [.. Enumerable.Range(0, threads).Select(_ => new long[plan.MaxDelay - plan.MinDelay + 1])];
        (_oneWeight, _oneDelay) = (_rows.Weights.IsConstant, _rows.Delays.IsConstant);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Propagate(int thread, long step)
    {
        int begin = Target.Starts[thread], end = Target.Starts[thread + 1];
        if (begin == end)
            return;
        // All instances of a neuron have one owner, and padding has no synapses.
        int firstNeuron = begin / Batch, endNeuron = end / Batch, first = 0, last = 0;
        var (row, origins, made, prepared) = (_row[thread], _origins[thread], -1, false);
        for (var k = 0; k < Threads; k++)
            foreach (var spike in Source.NewSpikes(k, step))
            {
                if (!prepared)
                    for (var d = 0; d < origins.Length; d++)
                        origins[d] = Origin(thread, step + Plan.MinDelay + d);
                prepared = true;
                var (source, instance) = Batch == 1 ? (spike, 0) : Math.DivRem(spike, Batch);
                if (source != made)
                    (first, last) = Make(source, row, firstNeuron, endNeuron);
                made = source;
                if (first < last)
                    Deliver(row, instance, first, last, firstNeuron, endNeuron, origins);
            }
    }

    // Where targets ascend, those of a thread follow one another, and it draws weights and delays for them alone.
    (int First, int Last) Make(int source, ProceduralRow row, int firstNeuron, int endNeuron)
    {
        _rows.GenerateTargets(source, row);
        ReadOnlySpan<int> targets = row.Targets;
        var (first, last) = Threads == 1 || _rows.Rule == ProceduralRule.Choose ? (0, targets.Length) : (Before(targets, firstNeuron), Before(targets, endNeuron));
        if (first < last)
            _rows.GenerateValues(source, row, first, last);
        return (first, last);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Deliver(ProceduralRow row, int instance, int first, int last, int firstNeuron, int endNeuron, long[] origins)
    {
        var targets = row.Targets;
        // Nothing is left to ask of a target that is owned for certain.
        var (lowest, count) = Threads == 1 || _rows.Rule != ProceduralRule.Choose ? (0, uint.MaxValue) : (firstNeuron, (uint)(endNeuron - firstNeuron));
        ref var target = ref MemoryMarshal.GetReference(targets);
        ref var weight = ref MemoryMarshal.GetReference(row.Weights);
        ref var delay = ref MemoryMarshal.GetReference(row.Delays);
        if (Ring is null)
        {
            for (var k = first; k < last; k++)
                if ((uint)(targets[k] - lowest) < count)
                    Add(origins[_oneDelay ? 0 : row.Delays[k] - Plan.MinDelay] + (long)targets[k] * Batch + instance, (_oneWeight ? _rows.Weights.First : row.Weights[k]) << Plan.Shift);
            return;
        }
        int batch = Batch, shift = Plan.Shift, least = Plan.MinDelay, shared = _rows.Weights.First << shift;
        ref var sums = ref Ring.At(0);
        ref var slot = ref Unsafe.Add(ref sums, (nint)origins[0] + instance);
        if (_oneDelay && _oneWeight)
            for (nint k = first; k < last; k++)
            {
                var neuron = Unsafe.Add(ref target, k);
                if ((uint)(neuron - lowest) < count)
                    Unsafe.Add(ref slot, (nint)neuron * batch) += shared;
            }
        else if (_oneDelay)
            for (nint k = first; k < last; k++)
            {
                var neuron = Unsafe.Add(ref target, k);
                if ((uint)(neuron - lowest) < count)
                    Unsafe.Add(ref slot, (nint)neuron * batch) += Unsafe.Add(ref weight, k) << shift;
            }
        else
            for (nint k = first; k < last; k++)
            {
                var neuron = Unsafe.Add(ref target, k);
                if ((uint)(neuron - lowest) < count)
                    Unsafe.Add(ref sums, (nint)origins[Unsafe.Add(ref delay, k) - least] + (nint)neuron * batch + instance) += _oneWeight ? shared : Unsafe.Add(ref weight, k) << shift;
            }
    }

    // How many of ascending targets come before a neuron.
    static int Before(ReadOnlySpan<int> targets, int neuron)
    {
        var at = targets.BinarySearch(neuron);
        return at < 0 ? ~at : at;
    }
}
