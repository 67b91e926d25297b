using System.Runtime.CompilerServices;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>
/// The leaky integrate-and-fire update in the usual case: one or two exponential currents and parameters that all neurons share. One loop takes the sums of the step, updates and lists who
/// fires; nothing but state and sums touches memory, and nothing in it branches: where neurons are often refractory a guess would often be wrong.
/// </summary>
sealed class SharedLifKernel<V> : NeuronKernel where V : struct, ILanes<V>
{
    readonly CpuPopulation _population;
    readonly PartedBuffer<float> _u, _first, _second;
    readonly RefractoryCounts _refractory;
    readonly SumLanes<V> _sums;
    readonly float _leak, _p20, _threshold, _reset;
    readonly float[] _p21, _p11;
    readonly bool _two, _driven;

    public SharedLifKernel(CpuPopulation population, SumLanes<V> sums)
    {
        var plan = (LifPlan)population.Plan.Neuron;
        (_population, _sums) = (population, sums);
        (_u, _first) = (new PartedBuffer<float>(population), new PartedBuffer<float>(population));
        _second = plan.P21.Count == 2 ? new PartedBuffer<float>(population) : _first;
        _refractory = new RefractoryCounts(population, plan.RefractorySteps);
        (_leak, _p20, _threshold, _reset) = (-plan.Q22[0], plan.P20[0], plan.Threshold[0], plan.Reset[0]);
        (_p21, _p11) = ([.. plan.P21.Select(p => p[0])], [.. plan.P11]);
        _two = _p21.Length == 2;
        _driven = population.Plan.Inputs.Any(i => i is not PoissonPlan);
    }

    /// <summary>Whether a population is such a case.</summary>
    public static bool Fits(PopulationPlan population) => population.Neuron is LifPlan { Delta: false, Subtracts: false, RefractorySteps: <= RefractoryCounts.Most } plan && population.Channels.All(c => !c.Wide)
        && new[] { plan.Q22, plan.P20, plan.Threshold, plan.Reset }.Concat(plan.P21).All(p => p.IsUniform);

    public override bool TakesSums => true;

    public override void UpdateBlock(Block block, ref float input, Span<ulong> fired)
    {
        if (_two && _driven)
            Update<Yes, Yes>(block, ref input, ref fired[0]);
        else if (_two)
            Update<Yes, No>(block, ref input, ref fired[0]);
        else if (_driven)
            Update<No, Yes>(block, ref input, ref fired[0]);
        else
            Update<No, No>(block, ref input, ref fired[0]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Update<TTwo, TDriven>(Block block, ref float drive, ref ulong fired) where TTwo : struct, IFlag where TDriven : struct, IFlag
    {
        ref float u = ref _u.At(block), first = ref _first.At(block), second = ref _second.At(block);
        ref int firstSums = ref _sums.At(0, block), secondSums = ref _sums.At(TTwo.On ? 1 : 0, block);
        ref var left = ref _refractory.At(block);
        V leak = V.Splat(_leak), p20 = V.Splat(_p20), threshold = V.Splat(_threshold), reset = V.Splat(_reset);
        V firstP21 = V.Splat(_p21[0]), firstP11 = V.Splat(_p11[0]), firstScale = V.Splat(_sums.Scale(0));
        V secondP21 = V.Splat(_p21[^1]), secondP11 = V.Splat(_p11[^1]), secondScale = V.Splat(_sums.Scale(TTwo.On ? 1 : 0));
        var steps = _refractory.Steps;
        for (nint group = 0; group < block.Count; group += CpuPopulation.Group)
        {
            var spikes = 0ul;
            for (nint k = 0; k < CpuPopulation.Group; k += V.Count)
            {
                var at = group + k;
                V v = V.Load(ref Unsafe.Add(ref u, at)), current = V.Load(ref Unsafe.Add(ref first, at));
                v = TDriven.On ? v + V.Fma(leak, v, p20 * V.Load(ref Unsafe.Add(ref drive, at))) : V.Fma(leak, v, v);
                v = V.Fma(firstP21, current, v);
                V.Store(V.Fma(firstP11, current, SumLanes<V>.Take(ref Unsafe.Add(ref firstSums, at), firstScale)), ref Unsafe.Add(ref first, at));
                if (TTwo.On)
                {
                    current = V.Load(ref Unsafe.Add(ref second, at));
                    v = V.Fma(secondP21, current, v);
                    V.Store(V.Fma(secondP11, current, SumLanes<V>.Take(ref Unsafe.Add(ref secondSums, at), secondScale)), ref Unsafe.Add(ref second, at));
                }
                spikes |= (ulong)RefractoryCounts.Finish(v, threshold, reset, ref Unsafe.Add(ref left, at), ref Unsafe.Add(ref u, at)) << (int)k;
            }
            RefractoryCounts.CountDown(ref Unsafe.Add(ref left, group), spikes, steps);
            Unsafe.Add(ref fired, group / CpuPopulation.Group) = spikes;
        }
    }

    public override void Publish(int begin, int end)
    {
        Publish(_u, _population.State[0], begin, end);
        Publish(_first, _population.State[2], begin, end);
        if (_two)
            Publish(_second, _population.State[3], begin, end);
        _refractory.Publish(begin, end);
    }

    static void Publish(PartedBuffer<float> kept, AlignedBuffer<float> state, int begin, int end)
    {
        for (var thread = 0; thread < kept.Parts; thread++)
        {
            var values = kept.Part(thread, begin, end, out var first);
            values.CopyTo(state.Span(first, values.Length));
        }
    }

    public override void Accept()
    {
        Accept(_u, _population.State[0]);
        Accept(_first, _population.State[2]);
        if (_two)
            Accept(_second, _population.State[3]);
        _refractory.Accept();
    }

    void Accept(PartedBuffer<float> kept, AlignedBuffer<float> state)
    {
        for (var thread = 0; thread < kept.Parts; thread++)
        {
            var values = kept.Part(thread, 0, _population.Padded, out var first);
            state.Span(first, values.Length).CopyTo(values);
        }
    }

    public override void Dispose()
    {
        _u.Dispose();
        _first.Dispose();
        _second.Dispose();
        _refractory.Dispose();
    }
}
