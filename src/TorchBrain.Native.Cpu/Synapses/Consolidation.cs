using System.Runtime.CompilerServices;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>Turns eligibility into weight, gated by a reward. Every thread keeps the reward for itself: the same operations leave the same bits, and nobody waits.</summary>
sealed class Consolidation<V>(EligibilityStdpPlan plan, int batch, int threads) where V : struct, ILanes<V>
{
    readonly float[][] _reward = [.. Enumerable.Range(0, threads).Select(_ => new float[batch])];

    /// <summary>The reward of each instance.</summary>
    public ReadOnlySpan<float> Reward => _reward[0];

    /// <summary>Replaces the reward.</summary>
    public void SetReward(ReadOnlySpan<float> reward)
    {
        foreach (var own in _reward)
            reward.CopyTo(own);
    }

    /// <summary>No reward.</summary>
    public void Reset()
    {
        foreach (var own in _reward)
            Array.Clear(own);
    }

    /// <summary>Decays the reward of a thread; true if weights change in this step.</summary>
    public bool Advance(int thread, long step)
    {
        foreach (ref var reward in _reward[thread].AsSpan())
            reward *= plan.DecayReward;
        return (step + 1) % plan.ConsolidationSteps == 0;
    }

    /// <summary>Changes all weights of a slice.</summary>
    public void Apply(PlasticSlice slice, AlignedBuffer<float> eligibility, int thread)
    {
        // Without a batch all synapses lie in one row.
        if (batch == 1)
            Apply(slice, eligibility, 0, slice.Synapses, _reward[thread][0]);
        else
            for (var run = 0; run < slice.Runs; run++)
                for (var instance = 0; instance < batch; instance++)
                    Apply(slice, eligibility, slice.WeightStart(run, instance), slice.Starts.At(run + 1) - slice.Starts.At(run), _reward[thread][instance]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Apply(PlasticSlice slice, AlignedBuffer<float> eligibility, long from, long count, float reward)
    {
        ref var weights = ref slice.Weights.At(from);
        ref var values = ref eligibility.At(from);
        var (gain, drift, retention, bounds) = (V.Splat(plan.Baseline + reward), V.Splat(plan.Drift), V.Splat(plan.Retention), new WeightBounds<V>(plan));
        for (nint k = 0; k < count; k += V.Count)
        {
            ref var weight = ref Unsafe.Add(ref weights, k);
            ref var value = ref Unsafe.Add(ref values, k);
            V w = V.Load(ref weight), e = V.Load(ref value);
            V nextWeight = bounds.Clamp(V.Fma(gain, e, w + drift)), next = e * retention;
            if (k + V.Count > count)
            {
                // What lies behind is of the same thread and stays as it is.
                var mine = V.Greater(V.Splat(count - k), V.IntToFloat(V.Iota));
                (nextWeight, next) = (V.Select(mine, nextWeight, w), V.Select(mine, next, e));
            }
            V.Store(nextWeight, ref weight);
            V.Store(next, ref value);
        }
    }
}
