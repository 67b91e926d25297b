using System.Diagnostics;
using System.IO.Hashing;

namespace TorchBrain.Native.Mnist;

/// <summary>What a digit experiment does, stage by stage.</summary>
public enum ExperimentStage
{
    /// <summary>Waves teach the pooling layer; no image is seen.</summary>
    Grow,
    /// <summary>Training images run through the spiking layers; the read-out gathers their counts.</summary>
    ReadTraining,
    /// <summary>The read-out is solved.</summary>
    Solve,
    /// <summary>Test images run through the spiking layers and are classified.</summary>
    ReadTest,
    /// <summary>Baselines for comparison.</summary>
    Baselines,
}

/// <summary>Progress of an experiment.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Done">Units of work done.</param>
/// <param name="Total">Units of work in all.</param>
public readonly record struct ExperimentProgress(ExperimentStage Stage, long Done, long Total);

/// <summary>Settings of a digit experiment.</summary>
public sealed record ExperimentOptions
{
    /// <summary>The sheet; its geometry must be a <see cref="Square"/>, over which the image is laid.</summary>
    public SheetOptions Sheet { get; init; } = new();
    /// <summary>The pooling layer.</summary>
    public PoolingOptions Pooling { get; init; } = new();
    /// <summary>The layers that read images.</summary>
    public ReadingOptions Reading { get; init; } = new();
    /// <summary>Ridge strength, as a fraction of the mean diagonal of the Gram matrix.</summary>
    public double RidgeStrength { get; init; } = 1e-3;
    /// <summary>Simulations side by side.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;
    /// <summary>Whether to compute the baselines.</summary>
    public bool Baselines { get; init; } = true;
}

/// <summary>Accuracy of something to compare with.</summary>
/// <param name="Name">What it is.</param>
/// <param name="TrainingDigits">Training digits it saw.</param>
/// <param name="TestAccuracy">Share of test digits classified right, 0 to 1.</param>
public sealed record Baseline(string Name, int TrainingDigits, double TestAccuracy);

/// <summary>Wall time of a stage.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Seconds">Seconds.</param>
public sealed record StageTime(ExperimentStage Stage, double Seconds);

/// <summary>Result of a digit experiment; what was not reached before a cancellation is null or empty.</summary>
public sealed record ExperimentResult
{
    /// <summary>The growth of the pooling layer.</summary>
    public required GrowthResult Growth { get; init; }
    /// <summary>Confusion over the test digits.</summary>
    public ConfusionMatrix? Confusion { get; init; }
    /// <summary>Predicted class of each test digit.</summary>
    public byte[] Predictions { get; init; } = [];
    /// <summary>Share of the first training digits (at most 10,000) classified right.</summary>
    public double? TrainAccuracy { get; init; }
    /// <summary>Features per digit.</summary>
    public int Features { get; init; }
    /// <summary>XxHash128 of the spike counts of all test digits: equal wherever the engine keeps its promise.</summary>
    public string? CountHash { get; init; }
    /// <summary>Baselines.</summary>
    public IReadOnlyList<Baseline> Baselines { get; init; } = [];
    /// <summary>Time per stage.</summary>
    public required IReadOnlyList<StageTime> Times { get; init; }
    /// <summary>True if it was cancelled on the way.</summary>
    public bool Cancelled { get; init; }
    /// <summary>Share of the test digits classified right, 0 to 1; null if not reached.</summary>
    public double? TestAccuracy => Confusion?.Accuracy;
}

/// <summary>
/// The main job of Torch Brain: grow a pooling layer from noise, stack local random units on it, read digits as spike counts, and classify them with a ridge read-out. The only
/// part that ever sees a label, or an image before the test, is the read-out.
/// </summary>
public sealed class DigitExperiment
{
    const int Block = 1000, KeptForTrainAccuracy = 10_000;

    readonly DigitData _data;
    readonly ExperimentOptions _options;
    readonly IBackend _backend;
    readonly IProgress<ExperimentProgress>? _progress;
    readonly CancellationToken _cancellation;
    readonly List<StageTime> _times = [];

    DigitExperiment(DigitData data, ExperimentOptions options, IBackend backend, IProgress<ExperimentProgress>? progress, CancellationToken cancellation) =>
        (_data, _options, _backend, _progress, _cancellation) = (data, options, backend, progress, cancellation);

    /// <summary>Runs the experiment.</summary>
    /// <param name="data">Training and test digits.</param>
    /// <param name="options">Settings.</param>
    /// <param name="backend">Where to run; it should use one thread per simulation, as <see cref="ExperimentOptions.Workers"/> run side by side.</param>
    /// <param name="progress">Told of progress, from the calling thread.</param>
    /// <param name="cancellation">Ends the run early with what was reached.</param>
    public static ExperimentResult Run(DigitData data, ExperimentOptions options, IBackend backend, IProgress<ExperimentProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Sheet.Geometry is not Square)
            throw new TorchBrainException(ErrorCode.Incompatible, $"The image is laid over a Square; the sheet's geometry is {options.Sheet.Geometry.GetType().Name}.", "Use a Square.");
        return new DigitExperiment(data, options, backend, progress, cancellation).Run();
    }

    float Side => (float)((Square)_options.Sheet.Geometry).Side;

    ExperimentResult Run()
    {
        using var growth = Timed(ExperimentStage.Grow, () => new PoolingGrowth(_options.Sheet, _options.Pooling, _backend));
        var grown = Timed(ExperimentStage.Grow, () => growth.Run(new Forward(this), _cancellation));
        var result = new ExperimentResult { Growth = grown, Times = _times };
        if (_cancellation.IsCancellationRequested)
            return result with { Cancelled = true };
        try
        {
            result = Classify(result, growth.Positions);
            return _options.Baselines ? result with { Baselines = Timed(ExperimentStage.Baselines, () => Compare(grown.Layer, growth.Positions)) } : result;
        }
        catch (OperationCanceledException)
        {
            return result with { Cancelled = true };
        }
    }

    ExperimentResult Classify(ExperimentResult result, IReadOnlyList<Position> nodes)
    {
        using var reader = new SpikingReader(result.Growth.Layer.Pools(), nodes, Side, _options.Reading, _backend, _options.Workers);
        var fit = new RidgeFit(reader.Features, DigitSet.Classes, new RidgeOptions { Strength = _options.RidgeStrength, Threads = _options.Workers });
        var kept = new byte[Math.Min(KeptForTrainAccuracy, _data.Train.Count) * (long)reader.Features];
        Timed(ExperimentStage.ReadTraining, () => ReadAll(reader, _data.Train, ExperimentStage.ReadTraining, (first, counts) =>
        {
            fit.Add(counts, _data.Train.Labels.AsSpan(first, counts.Length / reader.Features));
            var at = first * (long)reader.Features;
            if (at + counts.Length <= kept.Length)
                counts.CopyTo(kept.AsSpan((int)at));
        }));
        Report(ExperimentStage.Solve, 0, 1);
        var readout = Timed(ExperimentStage.Solve, fit.Solve);
        Report(ExperimentStage.Solve, 1, 1);
        var predictions = new byte[_data.Test.Count];
        var hash = new XxHash128();
        Timed(ExperimentStage.ReadTest, () => ReadAll(reader, _data.Test, ExperimentStage.ReadTest, (first, counts) =>
        {
            hash.Append(counts);
            readout.Predict(counts, predictions.AsSpan(first, counts.Length / reader.Features));
        }));
        var keptDigits = kept.Length / reader.Features;
        return result with
        {
            Confusion = ConfusionMatrix.Of(_data.Test.Labels, predictions),
            Predictions = predictions,
            TrainAccuracy = readout.Accuracy(kept, _data.Train.Labels.AsSpan(0, keptDigits)),
            Features = reader.Features,
            CountHash = hash.GetCurrentHashAsUInt128().ToString("x32"),
        };
    }

    delegate void BlockSink(int first, ReadOnlySpan<byte> counts);

    void ReadAll(SpikingReader reader, DigitSet digits, ExperimentStage stage, BlockSink sink)
    {
        var buffer = new byte[Block * reader.Features];
        for (var first = 0; first < digits.Count; first += Block)
        {
            _cancellation.ThrowIfCancellationRequested();
            var count = Math.Min(Block, digits.Count - first);
            var counts = buffer.AsMemory(0, count * reader.Features);
            reader.Read(digits, first, counts);
            sink(first, counts.Span);
            Report(stage, first + count, digits.Count);
        }
    }

    List<Baseline> Compare(GrownLayer layer, IReadOnlyList<Position> nodes)
    {
        float[] x = [.. nodes.Select(p => p.X)], y = [.. nodes.Select(p => p.Y)];
        var sampler = new ImageSampler(x, y, Side);
        var grown = layer.Pools();
        (string, PoolingMatrix)[] layers =
        [
            ("self-organised pools alone", grown),
            ("hand-crafted pools alone", PoolingMatrix.HandCrafted(x, y, Side, PoolingMatrix.RadiusForMean(x, y, Side))),
            ("random layer of equal width", PoolingMatrix.Random(nodes.Count, grown.Units, (int)Math.Round(1.3 * grown.MeanPoolSize), _options.Sheet.Seed)),
        ];
        var sizes = _data.Train.Count > 10_000 ? new[] { 10_000, _data.Train.Count } : [_data.Train.Count];
        long total = sizes.Length * layers.Length + 1, done = 0;
        var baselines = new List<Baseline>();
        var pixels = RidgeReadout.Fit(_data.Train.Pixels, _data.Train.Rows * _data.Train.Columns, _data.Train.Labels, options: new RidgeOptions { Strength = 0.1, Threads = _options.Workers });
        baselines.Add(new Baseline("raw pixels", _data.Train.Count, pixels.Accuracy(_data.Test.Pixels, _data.Test.Labels)));
        Report(ExperimentStage.Baselines, ++done, total);
        foreach (var size in sizes)
            foreach (var (name, pools) in layers)
            {
                _cancellation.ThrowIfCancellationRequested();
                var readout = ExtremeLearningReadout.Fit(pools, sampler, _data.Train.Take(size), new ExtremeLearningOptions { Threads = _options.Workers });
                baselines.Add(new Baseline(name, size, readout.Accuracy(_data.Test)));
                Report(ExperimentStage.Baselines, ++done, total);
            }
        return baselines;
    }

    void Report(ExperimentStage stage, long done, long total) => _progress?.Report(new ExperimentProgress(stage, done, total));

    sealed class Forward(DigitExperiment experiment) : IProgress<GrowthProgress>
    {
        // The share of formed units against the share that ends the growth: near enough to time for a bar.
        public void Report(GrowthProgress value) =>
            experiment.Report(ExperimentStage.Grow, (long)(1000 * Math.Min(1, value.Formed / experiment._options.Pooling.FormedFraction)), 1000);
    }

    T Timed<T>(ExperimentStage stage, Func<T> work)
    {
        var watch = Stopwatch.StartNew();
        try
        {
            return work();
        }
        finally
        {
            var at = _times.FindIndex(t => t.Stage == stage);
            if (at < 0)
                _times.Add(new StageTime(stage, watch.Elapsed.TotalSeconds));
            else
                _times[at] = new StageTime(stage, _times[at].Seconds + watch.Elapsed.TotalSeconds);
        }
    }

    void Timed(ExperimentStage stage, Action work) => Timed(stage, () =>
    {
        work();
        return 0;
    });
}
