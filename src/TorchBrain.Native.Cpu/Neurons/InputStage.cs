using System.Runtime.CompilerServices;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>Gathers the input of a group for one step, in the order of the plan: integer sums first (ring, Poisson), then float currents and noise.</summary>
sealed class InputStage<V> : IDisposable where V : struct, ILanes<V>
{
    const int Group = CpuPopulation.Group;

    readonly CpuPopulation _population;
    readonly ulong _seed;
    readonly int _channels, _driveRow;
    readonly PoissonPlan[][] _poisson;
    readonly InputPlan[] _drives;
    readonly AlignedBuffer<float>?[] _currents;
    readonly ParameterLanes?[] _deviations;
    readonly float[] _scale;

    public InputStage(CpuPopulation population, ulong seed)
    {
        _population = population;
        _seed = seed;
        var plan = population.Plan;
        _channels = plan.Channels.Count;
        _poisson = [.. plan.Channels.Select((_, c) => plan.Inputs.OfType<PoissonPlan>().Where(p => p.Channel == c).ToArray())];
        _drives = [.. plan.Inputs.Where(i => i is not PoissonPlan)];
        _currents = [.. _drives.Select(d => population.Currents[Index(plan.Inputs, d)])];
        _deviations = [.. _drives.Select(d => d is NoisePlan n ? new ParameterLanes(population, n.Deviation) : null)];
        _driveRow = plan.Neuron is LifPlan ? _channels : 0;
        _scale = [.. plan.Channels.Select(c => (float)Math.ScaleB(1, -c.ScaleLog2))];
        Rows = _channels + (_driveRow > 0 ? 1 : 0);
    }

    /// <summary>Rows of 64 floats that <see cref="Fill"/> writes.</summary>
    public int Rows { get; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fill(int thread, int first, long step, ref float rows)
    {
        for (var c = 0; c < _channels; c++)
        {
            ref var row = ref Unsafe.Add(ref rows, c * Group);
            var at = _population.Origin(c, thread, step) + first;
            if (_population.Sums(c) is { } sums)
                TakeNarrow(ref sums.At(at), ref row, c, first, step);
            else
                TakeWide(ref _population.WideSums(c)!.At(at), ref row, c, first, step);
        }
        if (_drives.Length == 0)
            return;
        ref var drive = ref Unsafe.Add(ref rows, _driveRow * Group);
        if (_driveRow > 0)
            for (var k = 0; k < Group; k += V.Count)
                V.Store(V.Splat(0f), ref Unsafe.Add(ref drive, k));
        for (var d = 0; d < _drives.Length; d++)
            if (_drives[d] is NoisePlan noise)
                AddNoise(ref drive, ref _deviations[d]!.At(first), noise.Stream, first, step);
            else
                for (var k = 0; k < Group; k += V.Count)
                    V.Store(V.Load(ref Unsafe.Add(ref drive, k)) + V.Load(ref Unsafe.Add(ref _currents[d]!.At(first), k)), ref Unsafe.Add(ref drive, k));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void TakeNarrow(ref int ring, ref float row, int channel, int first, long step)
    {
        foreach (var poisson in _poisson[channel])
            AddPoisson(ref ring, poisson, first, step);
        var scale = V.Splat(_scale[channel]);
        for (var k = 0; k < Group; k += V.Count)
        {
            V.Store(V.IntToFloat(V.LoadBits(ref Unsafe.Add(ref ring, k))) * scale, ref Unsafe.Add(ref row, k));
            V.StoreBits(V.SplatBits(0), ref Unsafe.Add(ref ring, k));
        }
    }

    // Rare (sums that 32 bits cannot hold), so plain loops.
    void TakeWide(ref long ring, ref float row, int channel, int first, long step)
    {
        foreach (var poisson in _poisson[channel])
            for (var k = 0; k < Group; k++)
            {
                var word = StepMath.Word(_seed, poisson.Stream, first + k, step);
                foreach (var bound in poisson.Bounds)
                    if (word >= bound)
                        Unsafe.Add(ref ring, k) += poisson.FixedWeight;
            }
        for (var k = 0; k < Group; k++)
        {
            Unsafe.Add(ref row, k) = (float)Unsafe.Add(ref ring, k) * _scale[channel];
            Unsafe.Add(ref ring, k) = 0;
        }
    }

    // Each bound at or below the word adds one weight. The bounds ascend, so the loop ends with the last lane.
    [MethodImpl(MethodImplOptions.AggressiveOptimization), SkipLocalsInit]
    void AddPoisson(ref int sums, PoissonPlan poisson, int first, long step)
    {
        Span<int> words = stackalloc int[Group];
        StepNoise<V>.GroupWords(_seed, poisson.Stream, first, step, ref words[0]);
        V weight = V.SplatBits((uint)poisson.FixedWeight), all = V.SplatBits(uint.MaxValue);
        for (var k = 0; k < Group; k += V.Count)
        {
            V word = V.LoadBits(ref words[k]), sum = V.LoadBits(ref Unsafe.Add(ref sums, k));
            foreach (var bound in poisson.Bounds)
            {
                var reached = V.LessUnsigned(word, V.SplatBits(bound)) ^ all;
                if (V.MaskBits(reached) == 0)
                    break;
                sum = V.AddInt(sum, reached & weight);
            }
            V.StoreBits(sum, ref Unsafe.Add(ref sums, k));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization), SkipLocalsInit]
    void AddNoise(ref float drive, ref float deviation, uint stream, int first, long step)
    {
        Span<int> words = stackalloc int[Group];
        StepNoise<V>.GroupWords(_seed, stream, first, step, ref words[0]);
        StepNoise<V>.GroupNormals(ref words[0]);
        for (var k = 0; k < Group; k += V.Count)
            V.Store(V.Fma(V.Load(ref Unsafe.Add(ref deviation, k)), V.LoadBits(ref words[k]), V.Load(ref Unsafe.Add(ref drive, k))), ref Unsafe.Add(ref drive, k));
    }

    static int Index(IReadOnlyList<InputPlan> inputs, InputPlan wanted)
    {
        var i = 0;
        while (!ReferenceEquals(inputs[i], wanted))
            i++;
        return i;
    }

    public void Dispose()
    {
        foreach (var deviation in _deviations)
            deviation?.Dispose();
    }
}
