namespace TorchBrain.Native.Mnist;

/// <summary>
/// Turns images into spike counts: each image drives the eye for a number of steps, and the counts of pools and hidden units (0 to 255) are its features. Images are read
/// by several workers, each with its own simulation; the counts do not depend on how many.
/// </summary>
public sealed class SpikingReader : IDisposable
{
    readonly ReadingOptions _options;
    readonly Simulation[] _simulations;
    readonly ImageSampler _sampler;

    /// <summary>Builds the reader.</summary>
    /// <param name="pools">The pooling layer: which nodes feed which pool.</param>
    /// <param name="nodes">Positions of the nodes in a square of the given side.</param>
    /// <param name="side">Side of the square that the image is laid over.</param>
    /// <param name="options">How images run.</param>
    /// <param name="backend">Where to run; with one thread per simulation.</param>
    /// <param name="workers">Simulations side by side, at least 1.</param>
    public SpikingReader(PoolingMatrix pools, IReadOnlyList<Position> nodes, float side, ReadingOptions options, IBackend backend, int workers)
    {
        ArgumentNullException.ThrowIfNull(pools);
        ArgumentNullException.ThrowIfNull(nodes);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(backend);
        _options = options;
        _sampler = new ImageSampler([.. nodes.Select(p => p.X)], [.. nodes.Select(p => p.Y)], side);
        var plan = ReadingNetwork.Build(pools, nodes, options).Plan();
        _simulations = [.. Enumerable.Range(0, Math.Max(1, workers)).Select(_ => Simulation.Create(plan, backend))];
        Features = pools.Units + options.HiddenUnits;
    }

    /// <summary>Features per image: pools, then hidden units.</summary>
    public int Features { get; }

    /// <summary>Reads images into spike counts, image after image.</summary>
    /// <param name="digits">The images.</param>
    /// <param name="first">First image.</param>
    /// <param name="counts">count x <see cref="Features"/> bytes.</param>
    public void Read(DigitSet digits, int first, Memory<byte> counts)
    {
        ArgumentNullException.ThrowIfNull(digits);
        var count = counts.Length / Features;
        Parallel.For(0, _simulations.Length, new ParallelOptions { MaxDegreeOfParallelism = _simulations.Length }, worker =>
        {
            var simulation = _simulations[worker];
            PopulationHandle eye = simulation.Population(ReadingNetwork.Eye), pools = simulation.Population(ReadingNetwork.Pools);
            var current = new float[eye.Count];
            var totals = new int[Features];
            for (var image = worker; image < count; image += _simulations.Length)
            {
                _sampler.Sample(digits.Image(first + image), current);
                for (var i = 0; i < current.Length; i++)
                    current[i] *= (float)_options.EyeGain;
                simulation.Reset();
                simulation.SetCurrent(eye, current);
                simulation.Run(_options.Steps);
                Array.Clear(totals);
                simulation.AddSpikeCounts(pools, totals.AsSpan(0, pools.Count));
                if (_options.HiddenUnits > 0)
                    simulation.AddSpikeCounts(simulation.Population(ReadingNetwork.Hidden), totals.AsSpan(pools.Count));
                var row = counts.Span.Slice(image * Features, Features);
                for (var f = 0; f < row.Length; f++)
                    row[f] = (byte)Math.Min(255, totals[f]);
            }
        });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var simulation in _simulations)
            simulation.Dispose();
    }
}
