using System.Runtime.CompilerServices;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>
/// The leaky integrate-and-fire update with two conductances in lanes. Where all neurons share the parameters each scheme has a loop of its own that keeps them in registers.
/// </summary>
sealed class ConductanceLifKernel<V> : NeuronKernel where V : struct, ILanes<V>
{
    const int Group = CpuPopulation.Group, Block = InputStage<V>.Block;

    readonly ConductanceLifPlan _plan;
    readonly AlignedBuffer<float> _v, _refractory, _exc, _inh, _noDrive = new(Block, hugePages: false);
    readonly ParameterLanes _leak, _gain, _excReversal, _inhReversal, _threshold, _reset;
    readonly float _sharedExcReversal, _sharedInhReversal, _excDecay, _inhDecay;
    readonly bool _driven, _shared, _exponential;

    public ConductanceLifKernel(CpuPopulation population)
    {
        _plan = (ConductanceLifPlan)population.Plan.Neuron;
        (_v, _refractory, _exc, _inh) = (population.State[0], population.State[1], population.State[2], population.State[3]);
        (_leak, _gain) = (new(population, _plan.Leak), new(population, _plan.Gain));
        (_excReversal, _inhReversal) = (new(population, _plan.Reversal[0]), new(population, _plan.Reversal[1]));
        (_threshold, _reset) = (new(population, _plan.Threshold), new(population, _plan.Reset));
        (_sharedExcReversal, _sharedInhReversal) = (_plan.Reversal[0][0], _plan.Reversal[1][0]);
        (_excDecay, _inhDecay) = (_plan.Decay[0], _plan.Decay[1]);
        _driven = population.Plan.Inputs.Any(i => i is not PoissonPlan);
        ParameterArray[] parameters = [_plan.Leak, _plan.Gain, .. _plan.Reversal, _plan.Threshold, _plan.Reset];
        _shared = !_plan.Subtracts && parameters.All(p => p.IsUniform);
        _exponential = _plan.Scheme == ConductanceScheme.ExponentialEuler;
    }

    public override void UpdateBlock(int first, int count, long step, ref float input, Span<ulong> fired)
    {
        if (!_shared)
            base.UpdateBlock(first, count, step, ref input, fired);
        else if (_exponential)
            UpdateExponential(first, count, ref input, ref Drive(ref input), ref fired[0]);
        else
            UpdateEuler(first, count, ref input, ref Drive(ref input), ref fired[0]);
    }

    // The row of currents and noise; zeros where the population has neither.
    ref float Drive(ref float input)
    {
        if (_driven)
            return ref Unsafe.Add(ref input, 2 * Block);
        return ref _noDrive.At(0);
    }

    // What forward Euler adds to the potential.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V Increment(V v, V exc, V inh, V drive, V minusLeak, V gain, V excReversal, V inhReversal) =>
        V.Fma(minusLeak, v, gain * V.Fma(exc, excReversal - v, V.Fma(inh, inhReversal - v, drive)));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void UpdateEuler(int first, int count, ref float input, ref float drive, ref ulong fired)
    {
        ref float u = ref _v.At(first), refractory = ref _refractory.At(first), exc = ref _exc.At(first), inh = ref _inh.At(first);
        V minusLeak = V.Splat(-_plan.Leak[0]), gain = V.Splat(_plan.Gain[0]), excReversal = V.Splat(_sharedExcReversal), inhReversal = V.Splat(_sharedInhReversal);
        V excDecay = V.Splat(_excDecay), inhDecay = V.Splat(_inhDecay);
        V threshold = V.Splat(_plan.Threshold[0]), reset = V.Splat(_plan.Reset[0]), steps = V.Splat(_plan.RefractorySteps);
        for (var group = 0; group < count; group += Group)
        {
            var spikes = 0ul;
            for (var k = group; k < group + Group; k += V.Count)
            {
                V v = V.Load(ref Unsafe.Add(ref u, k)), e = V.Load(ref Unsafe.Add(ref exc, k)), i = V.Load(ref Unsafe.Add(ref inh, k));
                v = v + Increment(v, e, i, V.Load(ref Unsafe.Add(ref drive, k)), minusLeak, gain, excReversal, inhReversal);
                V.Store(V.Fma(excDecay, e, V.Load(ref Unsafe.Add(ref input, k))), ref Unsafe.Add(ref exc, k));
                V.Store(V.Fma(inhDecay, i, V.Load(ref Unsafe.Add(ref input, k + Block))), ref Unsafe.Add(ref inh, k));
                spikes |= (ulong)LeakyFinish<V>.Store(v, threshold, reset, steps, false, ref Unsafe.Add(ref u, k), ref Unsafe.Add(ref refractory, k)) << (k - group);
            }
            Unsafe.Add(ref fired, group / Group) = spikes;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization), SkipLocalsInit]
    void UpdateExponential(int first, int count, ref float input, ref float drive, ref ulong fired)
    {
        Span<float> buffer = stackalloc float[Group];
        ref var share = ref buffer[0];
        ref float u = ref _v.At(first), refractory = ref _refractory.At(first), exc = ref _exc.At(first), inh = ref _inh.At(first);
        V minusLeak = V.Splat(-_plan.Leak[0]), gain = V.Splat(_plan.Gain[0]), excReversal = V.Splat(_sharedExcReversal), inhReversal = V.Splat(_sharedInhReversal);
        V excDecay = V.Splat(_excDecay), inhDecay = V.Splat(_inhDecay);
        V threshold = V.Splat(_plan.Threshold[0]), reset = V.Splat(_plan.Reset[0]), steps = V.Splat(_plan.RefractorySteps);
        for (var group = 0; group < count; group += Group)
        {
            var spikes = 0ul;
            Shares(first + group, ref share);
            for (var k = group; k < group + Group; k += V.Count)
            {
                V v = V.Load(ref Unsafe.Add(ref u, k)), e = V.Load(ref Unsafe.Add(ref exc, k)), i = V.Load(ref Unsafe.Add(ref inh, k));
                v = V.Fma(Increment(v, e, i, V.Load(ref Unsafe.Add(ref drive, k)), minusLeak, gain, excReversal, inhReversal), V.Load(ref Unsafe.Add(ref share, k - group)), v);
                V.Store(V.Fma(excDecay, e, V.Load(ref Unsafe.Add(ref input, k))), ref Unsafe.Add(ref exc, k));
                V.Store(V.Fma(inhDecay, i, V.Load(ref Unsafe.Add(ref input, k + Block))), ref Unsafe.Add(ref inh, k));
                spikes |= (ulong)LeakyFinish<V>.Store(v, threshold, reset, steps, false, ref Unsafe.Add(ref u, k), ref Unsafe.Add(ref refractory, k)) << (k - group);
            }
            Unsafe.Add(ref fired, group / Group) = spikes;
        }
    }

    // The share of forward Euler's increment that exponential Euler takes, of a group: (e^y - 1) / y. A loop of its own: the compiler stops inlining lane operations when a method holds too many.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    void Shares(int first, ref float share)
    {
        ref float exc = ref _exc.At(first), inh = ref _inh.At(first), leak = ref _leak.At(first), gain = ref _gain.At(first);
        V minus = V.Splat(-1f);
        for (var k = 0; k < Group; k += V.Count)
        {
            var total = V.Load(ref Unsafe.Add(ref exc, k)) + V.Load(ref Unsafe.Add(ref inh, k));
            var y = V.Fma(minus * V.Load(ref Unsafe.Add(ref gain, k)), total, minus * V.Load(ref Unsafe.Add(ref leak, k)));
            V.Store(StepExp<V>.ExpM1(y) / y, ref Unsafe.Add(ref share, k));
        }
    }

    /// <summary>Any parameters, either scheme. Input rows: excitatory, inhibitory, then currents and noise if the population is driven.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization), SkipLocalsInit]
    public override ulong UpdateGroup(int first, long step, ref float input)
    {
        Span<float> buffer = stackalloc float[Group];
        ref var share = ref buffer[0];
        if (_exponential)
            Shares(first, ref share);
        ref float leak = ref _leak.At(first), gain = ref _gain.At(first), excReversal = ref _excReversal.At(first), inhReversal = ref _inhReversal.At(first);
        ref float threshold = ref _threshold.At(first), reset = ref _reset.At(first), drive = ref Drive(ref input);
        V minus = V.Splat(-1f), excDecay = V.Splat(_excDecay), inhDecay = V.Splat(_inhDecay), steps = V.Splat(_plan.RefractorySteps);
        var (subtracts, spikes) = (_plan.Subtracts, 0ul);
        for (var k = 0; k < Group; k += V.Count)
        {
            ref float u = ref _v.At(first + k), exc = ref _exc.At(first + k), inh = ref _inh.At(first + k);
            V v = V.Load(ref u), e = V.Load(ref exc), i = V.Load(ref inh);
            var increment = Increment(v, e, i, V.Load(ref Unsafe.Add(ref drive, k)), minus * V.Load(ref Unsafe.Add(ref leak, k)), V.Load(ref Unsafe.Add(ref gain, k)),
                V.Load(ref Unsafe.Add(ref excReversal, k)), V.Load(ref Unsafe.Add(ref inhReversal, k)));
            v = _exponential ? V.Fma(increment, V.Load(ref Unsafe.Add(ref share, k)), v) : v + increment;
            V.Store(V.Fma(excDecay, e, V.Load(ref Unsafe.Add(ref input, k))), ref exc);
            V.Store(V.Fma(inhDecay, i, V.Load(ref Unsafe.Add(ref input, Block + k))), ref inh);
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
