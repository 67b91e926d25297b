using System.Runtime.CompilerServices;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>The leaky integrate-and-fire update in lanes, with delta synapses or one or two exponential currents.</summary>
sealed class LifKernel<V> : NeuronKernel where V : struct, ILanes<V>
{
    readonly LifPlan _plan;
    readonly AlignedBuffer<float> _u, _refractory;
    readonly ParameterLanes _q22, _p20, _threshold, _reset;
    readonly AlignedBuffer<float>[] _currents;
    readonly ParameterLanes[] _p21;
    readonly bool _driven, _shared;

    public LifKernel(CpuPopulation population)
    {
        _plan = (LifPlan)population.Plan.Neuron;
        (_u, _refractory) = (population.State[0], population.State[1]);
        _currents = population.State[2..];
        (_q22, _p20) = (new(population, _plan.Q22), new(population, _plan.P20));
        (_threshold, _reset) = (new(population, _plan.Threshold), new(population, _plan.Reset));
        _p21 = [.. _plan.P21.Select(p => new ParameterLanes(population, p))];
        _driven = population.Plan.Inputs.Any(i => i is not PoissonPlan);
        ParameterArray[] parameters = [_plan.Q22, _plan.P20, _plan.Threshold, _plan.Reset, .. _plan.P21];
        _shared = !_plan.Delta && !_plan.Subtracts && parameters.All(p => p.IsUniform);
    }

    // The usual case, exponential currents and parameters that all neurons share, has a loop of its own: everything but the state stays in registers.
    public override void UpdateBlock(int first, int count, long step, ref float input, Span<ulong> fired)
    {
        if (!_shared)
            base.UpdateBlock(first, count, step, ref input, fired);
        else if (_currents.Length == 1)
            UpdateOneCurrent(first, count, ref input, ref fired[0]);
        else
            UpdateTwoCurrents(first, count, ref input, ref fired[0]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void UpdateOneCurrent(int first, int count, ref float input, ref ulong fired)
    {
        ref float u = ref _u.At(first), refractory = ref _refractory.At(first), current = ref _currents[0].At(first), drive = ref Unsafe.Add(ref input, InputStage<V>.Block);
        V leak = V.Splat(-_plan.Q22[0]), p20 = V.Splat(_plan.P20[0]), p21 = V.Splat(_plan.P21[0][0]), p11 = V.Splat(_plan.P11[0]);
        V threshold = V.Splat(_plan.Threshold[0]), reset = V.Splat(_plan.Reset[0]), steps = V.Splat(_plan.RefractorySteps);
        for (var group = 0; group < count; group += CpuPopulation.Group)
        {
            var spikes = 0ul;
            for (var k = group; k < group + CpuPopulation.Group; k += V.Count)
            {
                V v = V.Load(ref Unsafe.Add(ref u, k)), i = V.Load(ref Unsafe.Add(ref current, k));
                v = _driven ? v + V.Fma(leak, v, p20 * V.Load(ref Unsafe.Add(ref drive, k))) : V.Fma(leak, v, v);
                v = V.Fma(p21, i, v);
                V.Store(V.Fma(p11, i, V.Load(ref Unsafe.Add(ref input, k))), ref Unsafe.Add(ref current, k));
                spikes |= (ulong)Finish(v, threshold, reset, steps, ref Unsafe.Add(ref u, k), ref Unsafe.Add(ref refractory, k)) << (k - group);
            }
            Unsafe.Add(ref fired, group / CpuPopulation.Group) = spikes;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void UpdateTwoCurrents(int first, int count, ref float input, ref ulong fired)
    {
        ref float u = ref _u.At(first), refractory = ref _refractory.At(first), exc = ref _currents[0].At(first), inh = ref _currents[1].At(first);
        ref float inhInput = ref Unsafe.Add(ref input, InputStage<V>.Block), drive = ref Unsafe.Add(ref input, 2 * InputStage<V>.Block);
        V leak = V.Splat(-_plan.Q22[0]), p20 = V.Splat(_plan.P20[0]), excP21 = V.Splat(_plan.P21[0][0]), excP11 = V.Splat(_plan.P11[0]);
        V inhP21 = V.Splat(_plan.P21[1][0]), inhP11 = V.Splat(_plan.P11[1]);
        V threshold = V.Splat(_plan.Threshold[0]), reset = V.Splat(_plan.Reset[0]), steps = V.Splat(_plan.RefractorySteps);
        for (var group = 0; group < count; group += CpuPopulation.Group)
        {
            var spikes = 0ul;
            for (var k = group; k < group + CpuPopulation.Group; k += V.Count)
            {
                V v = V.Load(ref Unsafe.Add(ref u, k)), e = V.Load(ref Unsafe.Add(ref exc, k)), i = V.Load(ref Unsafe.Add(ref inh, k));
                v = _driven ? v + V.Fma(leak, v, p20 * V.Load(ref Unsafe.Add(ref drive, k))) : V.Fma(leak, v, v);
                v = V.Fma(inhP21, i, V.Fma(excP21, e, v));
                V.Store(V.Fma(excP11, e, V.Load(ref Unsafe.Add(ref input, k))), ref Unsafe.Add(ref exc, k));
                V.Store(V.Fma(inhP11, i, V.Load(ref Unsafe.Add(ref inhInput, k))), ref Unsafe.Add(ref inh, k));
                spikes |= (ulong)Finish(v, threshold, reset, steps, ref Unsafe.Add(ref u, k), ref Unsafe.Add(ref refractory, k)) << (k - group);
            }
            Unsafe.Add(ref fired, group / CpuPopulation.Group) = spikes;
        }
    }

    // Refractory clamp, threshold and reset. Most of the time no lane is refractory and none fires: then only the potential is stored.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static uint Finish(V v, V threshold, V reset, V steps, ref float u, ref float refractory)
    {
        if (V.MaskBits(V.Greater(V.Load(ref refractory), V.Splat(0f))) == 0 && V.MaskBits(V.GreaterOrEqual(v, threshold)) == 0)
        {
            V.Store(v, ref u);
            return 0;
        }
        return FinishSome(v, threshold, reset, steps, ref u, ref refractory);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static uint FinishSome(V v, V threshold, V reset, V steps, ref float u, ref float refractory) => LeakyFinish<V>.Store(v, threshold, reset, steps, subtracts: false, ref u, ref refractory);

    /// <summary>Input rows: one per channel (synaptic), then one of currents and noise if the population is driven.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override ulong UpdateGroup(int first, long step, ref float input)
    {
        var spikes = 0ul;
        V zero = V.Splat(0f), minus = V.Splat(-1f), one = V.Splat(1f), refractorySteps = V.Splat(_plan.RefractorySteps);
        ref var drive = ref Unsafe.Add(ref input, _plan.Channels.Count * InputStage<V>.Block);
        for (var k = 0; k < CpuPopulation.Group; k += V.Count)
        {
            ref var uAt = ref _u.At(first + k);
            ref var refractoryAt = ref _refractory.At(first + k);
            V u = V.Load(ref uAt), refractory = V.Load(ref refractoryAt), reset = V.Load(ref _reset.At(first + k));
            var leak = minus * V.Load(ref _q22.At(first + k));
            u = _driven ? u + V.Fma(leak, u, V.Load(ref _p20.At(first + k)) * V.Load(ref Unsafe.Add(ref drive, k))) : V.Fma(leak, u, u);
            for (var c = 0; c < _currents.Length; c++)
            {
                ref var iAt = ref _currents[c].At(first + k);
                var current = V.Load(ref iAt);
                u = V.Fma(V.Load(ref _p21[c].At(first + k)), current, u);
                V.Store(V.Fma(V.Splat(_plan.P11[c]), current, V.Load(ref Unsafe.Add(ref input, c * InputStage<V>.Block + k))), ref iAt);
            }
            if (_plan.Delta)
                u = u + V.Load(ref Unsafe.Add(ref input, k));
            var clamped = V.Greater(refractory, zero);
            u = V.Select(clamped, reset, u);
            var threshold = V.Load(ref _threshold.At(first + k));
            var fired = V.GreaterOrEqual(u, threshold);
            spikes |= (ulong)V.MaskBits(fired) << k;
            V.Store(V.Select(fired, _plan.Subtracts ? u - (threshold - reset) : reset, u), ref uAt);
            V.Store(V.Select(fired, refractorySteps, V.Max(refractory - one, zero)), ref refractoryAt);
        }
        return spikes;
    }

    public override void Dispose()
    {
        foreach (var buffer in (ParameterLanes[])[_q22, _p20, _threshold, _reset, .. _p21])
            buffer.Dispose();
    }
}
