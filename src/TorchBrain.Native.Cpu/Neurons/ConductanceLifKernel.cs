using System.Runtime.CompilerServices;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>The leaky integrate-and-fire update with two conductances in lanes, any parameters, either scheme; <see cref="SharedConductanceKernel{V}"/> does the usual case.</summary>
sealed class ConductanceLifKernel<V> : GroupKernel where V : struct, ILanes<V>
{
    const int Group = CpuPopulation.Group, Row = Block.Longest;

    readonly ConductanceLifPlan _plan;
    readonly AlignedBuffer<float> _v, _refractory, _exc, _inh, _noDrive = new(Row, hugePages: false);
    readonly ParameterLanes _leak, _gain, _excReversal, _inhReversal, _threshold, _reset;
    readonly float _excDecay, _inhDecay;
    readonly bool _driven, _exponential;

    public ConductanceLifKernel(CpuPopulation population)
    {
        _plan = (ConductanceLifPlan)population.Plan.Neuron;
        (_v, _refractory, _exc, _inh) = (population.State[0], population.State[1], population.State[2], population.State[3]);
        (_leak, _gain) = (new(population, _plan.Leak), new(population, _plan.Gain));
        (_excReversal, _inhReversal) = (new(population, _plan.Reversal[0]), new(population, _plan.Reversal[1]));
        (_threshold, _reset) = (new(population, _plan.Threshold), new(population, _plan.Reset));
        (_excDecay, _inhDecay) = (_plan.Decay[0], _plan.Decay[1]);
        _driven = population.Plan.Inputs.Any(i => i is not PoissonPlan);
        _exponential = _plan.Scheme == ConductanceScheme.ExponentialEuler;
    }

    // The row of currents and noise; zeros where the population has neither.
    ref float Drive(ref float input)
    {
        if (_driven)
            return ref Unsafe.Add(ref input, 2 * Row);
        return ref _noDrive.At(0);
    }

    /// <summary>Input rows: excitatory, inhibitory, then currents and noise if the population is driven.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization), SkipLocalsInit]
    public override ulong UpdateGroup(int first, long step, ref float input)
    {
        Span<float> buffer = stackalloc float[Group];
        ref var share = ref buffer[0];
        if (_exponential)
            ConductanceStep<V>.Shares(ref _exc.At(first), ref _inh.At(first), ref _leak.At(first), ref _gain.At(first), ref share);
        ref float leak = ref _leak.At(first), gain = ref _gain.At(first), excReversal = ref _excReversal.At(first), inhReversal = ref _inhReversal.At(first);
        ref float threshold = ref _threshold.At(first), reset = ref _reset.At(first), drive = ref Drive(ref input);
        V minus = V.Splat(-1f), excDecay = V.Splat(_excDecay), inhDecay = V.Splat(_inhDecay), steps = V.Splat(_plan.RefractorySteps);
        var (subtracts, spikes) = (_plan.Subtracts, 0ul);
        for (var k = 0; k < Group; k += V.Count)
        {
            ref float u = ref _v.At(first + k), exc = ref _exc.At(first + k), inh = ref _inh.At(first + k);
            V v = V.Load(ref u), e = V.Load(ref exc), i = V.Load(ref inh);
            var increment = ConductanceStep<V>.Increment(v, e, i, V.Load(ref Unsafe.Add(ref drive, k)), minus * V.Load(ref Unsafe.Add(ref leak, k)), V.Load(ref Unsafe.Add(ref gain, k)),
                V.Load(ref Unsafe.Add(ref excReversal, k)), V.Load(ref Unsafe.Add(ref inhReversal, k)));
            v = _exponential ? V.Fma(increment, V.Load(ref Unsafe.Add(ref share, k)), v) : v + increment;
            V.Store(V.Fma(excDecay, e, V.Load(ref Unsafe.Add(ref input, k))), ref exc);
            V.Store(V.Fma(inhDecay, i, V.Load(ref Unsafe.Add(ref input, Row + k))), ref inh);
            spikes |= (ulong)LeakyFinish<V>.Store(v, V.Load(ref Unsafe.Add(ref threshold, k)), V.Load(ref Unsafe.Add(ref reset, k)), steps, subtracts, ref u, ref _refractory.At(first + k)) << k;
        }
        return spikes;
    }

    public override void Dispose()
    {
        foreach (var buffer in (ParameterLanes[])[_leak, _gain, _excReversal, _inhReversal, _threshold, _reset])
            buffer.Dispose();
        _noDrive.Dispose();
    }
}
