using System.Runtime.CompilerServices;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>
/// Gathers the input of a block of elements for one step, in the order of the plan: integer sums first (synapses, Poisson), then float currents and noise. Each part goes over the
/// whole block, which stays in the first-level cache.
/// </summary>
sealed class InputStage<V> : IDisposable where V : struct, ILanes<V>
{
    const int Group = CpuPopulation.Group;

    readonly CpuPopulation _population;
    readonly ulong _seed;
    readonly int _channels, _driveRow;
    readonly PoissonPlan[][] _poisson;
    readonly PoissonDrive[][] _poissonDrives;
    readonly InputPlan[] _drives;
    readonly AlignedBuffer<float>?[] _currents;
    readonly ParameterLanes?[] _deviations;
    readonly PhiloxBlocks?[] _noise;
    readonly float[] _scale;

    public InputStage(CpuPopulation population, ulong seed)
    {
        _population = population;
        _seed = seed;
        var plan = population.Plan;
        _channels = plan.Channels.Count;
        _poisson = [.. plan.Channels.Select((_, c) => plan.Inputs.OfType<PoissonPlan>().Where(p => p.Channel == c).ToArray())];
        _poissonDrives = [.. _poisson.Select(channel => channel.Select(p => new PoissonDrive(p, seed)).ToArray())];
        _drives = [.. plan.Inputs.Where(i => i is not PoissonPlan)];
        _currents = [.. _drives.Select(d => population.Currents[Index(plan.Inputs, d)])];
        _deviations = [.. _drives.Select(d => d is NoisePlan n ? new ParameterLanes(population, n.Deviation) : null)];
        _noise = [.. _drives.Select(d => d is NoisePlan n ? new PhiloxBlocks(seed, n.Stream) : null)];
        _driveRow = plan.Neuron is LeakyPlan ? _channels : 0;
        _scale = [.. plan.Channels.Select(c => (float)Math.ScaleB(1, -c.ScaleLog2))];
        Rows = _channels + (_driveRow > 0 ? 1 : 0);
    }

    /// <summary>Rows of <see cref="Block.Longest"/> floats that <see cref="Fill"/> writes.</summary>
    public int Rows { get; }

    /// <summary>Fills the rows for the elements of a block; those of the channels only if the kernel does not take the sums itself.</summary>
    public void Fill(Block block, bool takeSums, ref float rows)
    {
        var (thread, first, count, step) = block;
        for (var c = 0; c < _channels; c++)
        {
            ref var row = ref Unsafe.Add(ref rows, c * Block.Longest);
            var at = _population.Origin(c, thread, step) + first;
            if (_population.Sums(c) is { } sums)
            {
                foreach (var poisson in _poissonDrives[c])
                    poisson.Add(ref sums.At(at), first, count, step);
                if (takeSums)
                    TakeNarrow(ref sums.At(at), ref row, count, _scale[c]);
            }
            else
                TakeWide(ref _population.WideSums(c)!.At(at), ref row, c, first, count, step);
        }
        if (_drives.Length == 0)
            return;
        ref var drive = ref Unsafe.Add(ref rows, _driveRow * Block.Longest);
        for (var d = 0; d < _drives.Length; d++)
        {
            var fresh = d == 0 && _driveRow > 0;
            if (_noise[d] is { } noise)
                AddNoise(ref drive, _deviations[d]!, noise, first, count, step, fresh);
            else
                AddCurrent(ref drive, ref _currents[d]!.At(first), count, fresh);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void TakeNarrow(ref int sums, ref float row, int count, float scale)
    {
        var factor = V.Splat(scale);
        for (var k = 0; k < count; k += V.Count)
        {
            V.Store(V.IntToFloat(V.LoadBits(ref Unsafe.Add(ref sums, k))) * factor, ref Unsafe.Add(ref row, k));
            V.StoreBits(V.SplatBits(0), ref Unsafe.Add(ref sums, k));
        }
    }

    // Rare (sums that 32 bits cannot hold), so plain loops.
    void TakeWide(ref long sums, ref float row, int channel, int first, int count, long step)
    {
        foreach (var poisson in _poisson[channel])
            for (var k = 0; k < count; k++)
                Unsafe.Add(ref sums, k) += (long)poisson.FixedWeight * StepMath.PoissonCount(_seed, poisson.Stream, first + k, step, poisson.Table);
        for (var k = 0; k < count; k++)
        {
            Unsafe.Add(ref row, k) = (float)Unsafe.Add(ref sums, k) * _scale[channel];
            Unsafe.Add(ref sums, k) = 0;
        }
    }

    // A row of the drive's own starts at 0.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void AddCurrent(ref float drive, ref float current, int count, bool fresh)
    {
        for (var k = 0; k < count; k += V.Count)
            V.Store((fresh ? V.Splat(0f) : V.Load(ref Unsafe.Add(ref drive, k))) + V.Load(ref Unsafe.Add(ref current, k)), ref Unsafe.Add(ref drive, k));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization), SkipLocalsInit]
    static void AddNoise(ref float drive, ParameterLanes deviation, PhiloxBlocks random, int first, int count, long step, bool fresh)
    {
        Span<int> buffer = stackalloc int[Group];
        ref var words = ref buffer[0];
        for (var group = 0; group < count; group += Group)
        {
            random.Group(first + group, step, ref Unsafe.As<int, uint>(ref words));
            StepNoise<V>.GroupNormals(ref words);
            ref var scale = ref deviation.At(first + group);
            ref var to = ref Unsafe.Add(ref drive, group);
            for (var k = 0; k < Group; k += V.Count)
                V.Store(V.Fma(V.Load(ref Unsafe.Add(ref scale, k)), V.LoadBits(ref Unsafe.Add(ref words, k)), fresh ? V.Splat(0f) : V.Load(ref Unsafe.Add(ref to, k))), ref Unsafe.Add(ref to, k));
        }
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
