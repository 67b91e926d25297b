using System.Runtime.CompilerServices;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>
/// The leaky integrate-and-fire update with two conductances in the usual case: parameters that all neurons share. One loop per scheme takes the sums of the step, updates and lists who
/// fires; nothing but state and sums touches memory, and nothing in it branches.
/// </summary>
sealed class SharedConductanceKernel<V> : NeuronKernel where V : struct, ILanes<V>
{
    const int Group = CpuPopulation.Group;

    readonly ConductanceLifPlan _plan;
    readonly AlignedBuffer<float> _v, _exc, _inh;
    readonly RefractoryCounts _refractory;
    readonly ParameterLanes _leak, _gain;
    readonly SumLanes<V> _sums;
    readonly float _excReversal, _inhReversal, _excDecay, _inhDecay, _threshold, _reset;
    readonly bool _driven, _exponential;

    public SharedConductanceKernel(CpuPopulation population, SumLanes<V> sums)
    {
        _plan = (ConductanceLifPlan)population.Plan.Neuron;
        _sums = sums;
        (_v, _exc, _inh) = (population.State[0], population.State[2], population.State[3]);
        _refractory = new RefractoryCounts(population, _plan.RefractorySteps);
        (_leak, _gain) = (new(population, _plan.Leak), new(population, _plan.Gain));
        (_excReversal, _inhReversal) = (_plan.Reversal[0][0], _plan.Reversal[1][0]);
        (_excDecay, _inhDecay, _threshold, _reset) = (_plan.Decay[0], _plan.Decay[1], _plan.Threshold[0], _plan.Reset[0]);
        _driven = population.Plan.Inputs.Any(i => i is not PoissonPlan);
        _exponential = _plan.Scheme == ConductanceScheme.ExponentialEuler;
    }

    /// <summary>Whether a population is such a case.</summary>
    public static bool Fits(PopulationPlan population) => population.Neuron is ConductanceLifPlan { Subtracts: false, RefractorySteps: <= RefractoryCounts.Most } plan && population.Channels.All(c => !c.Wide)
        && new[] { plan.Leak, plan.Gain, plan.Threshold, plan.Reset }.Concat(plan.Reversal).All(p => p.IsUniform);

    public override bool TakesSums => true;

    public override void UpdateBlock(Block block, ref float input, Span<ulong> fired)
    {
        if (_exponential && _driven)
            Update<Yes, Yes>(block, ref input, ref fired[0]);
        else if (_exponential)
            Update<Yes, No>(block, ref input, ref fired[0]);
        else if (_driven)
            Update<No, Yes>(block, ref input, ref fired[0]);
        else
            Update<No, No>(block, ref input, ref fired[0]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization), SkipLocalsInit]
    void Update<TExponential, TDriven>(Block block, ref float drive, ref ulong fired) where TExponential : struct, IFlag where TDriven : struct, IFlag
    {
        Span<float> buffer = stackalloc float[TExponential.On ? Group : 1];
        ref var share = ref buffer[0];
        ref float u = ref _v.At(block.First), exc = ref _exc.At(block.First), inh = ref _inh.At(block.First);
        ref int excSums = ref _sums.At(0, block), inhSums = ref _sums.At(1, block);
        V minusLeak = V.Splat(-_plan.Leak[0]), gain = V.Splat(_plan.Gain[0]), excReversal = V.Splat(_excReversal), inhReversal = V.Splat(_inhReversal);
        V excDecay = V.Splat(_excDecay), inhDecay = V.Splat(_inhDecay), excScale = V.Splat(_sums.Scale(0)), inhScale = V.Splat(_sums.Scale(1));
        ref var left = ref _refractory.At(block);
        V threshold = V.Splat(_threshold), reset = V.Splat(_reset);
        var steps = _refractory.Steps;
        for (nint group = 0; group < block.Count; group += Group)
        {
            var spikes = 0ul;
            if (TExponential.On)
                ConductanceStep<V>.Shares(ref Unsafe.Add(ref exc, group), ref Unsafe.Add(ref inh, group), ref _leak.At(0), ref _gain.At(0), ref share);
            for (nint k = 0; k < Group; k += V.Count)
            {
                var at = group + k;
                V v = V.Load(ref Unsafe.Add(ref u, at)), e = V.Load(ref Unsafe.Add(ref exc, at)), i = V.Load(ref Unsafe.Add(ref inh, at));
                var increment = ConductanceStep<V>.Increment(v, e, i, TDriven.On ? V.Load(ref Unsafe.Add(ref drive, at)) : V.Splat(0f), minusLeak, gain, excReversal, inhReversal);
                v = TExponential.On ? V.Fma(increment, V.Load(ref Unsafe.Add(ref share, k)), v) : v + increment;
                V.Store(V.Fma(excDecay, e, SumLanes<V>.Take(ref Unsafe.Add(ref excSums, at), excScale)), ref Unsafe.Add(ref exc, at));
                V.Store(V.Fma(inhDecay, i, SumLanes<V>.Take(ref Unsafe.Add(ref inhSums, at), inhScale)), ref Unsafe.Add(ref inh, at));
                spikes |= (ulong)RefractoryCounts.Finish(v, threshold, reset, ref Unsafe.Add(ref left, at), ref Unsafe.Add(ref u, at)) << (int)k;
            }
            RefractoryCounts.CountDown(ref Unsafe.Add(ref left, group), spikes, steps);
            Unsafe.Add(ref fired, group / Group) = spikes;
        }
    }

    public override void Publish(int begin, int end) => _refractory.Publish(begin, end);

    public override void Accept() => _refractory.Accept();

    public override void Dispose()
    {
        _refractory.Dispose();
        _leak.Dispose();
        _gain.Dispose();
    }
}
