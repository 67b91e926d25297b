using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Mnist;

/// <summary>Progress of a growth, once per simulated second.</summary>
/// <param name="Seconds">Simulated seconds so far.</param>
/// <param name="Formed">Fraction of units whose field has formed.</param>
/// <param name="MaxSeconds">Longest growth.</param>
public readonly record struct GrowthProgress(int Seconds, double Formed, int MaxSeconds);

/// <summary>Result of a growth.</summary>
/// <param name="Layer">The pooling layer.</param>
/// <param name="Seconds">Simulated seconds it took.</param>
/// <param name="Complete">True if the stop rule was met (false: time was up, or it was cancelled).</param>
/// <param name="FormedBySecond">Fraction of formed units after each simulated second.</param>
/// <param name="SpikeHash">Hash of all spikes.</param>
/// <param name="MeanRateHz">Mean rate of the sheet.</param>
public sealed record GrowthResult(GrownLayer Layer, int Seconds, bool Complete, IReadOnlyList<float> FormedBySecond, string SpikeHash, double MeanRateHz);

/// <summary>
/// Self-organised pooling without data: noise makes waves on a sheet, and the waves teach every unit of a second layer a compact receptive field
/// (Raghavan and Thomson 2019). A sheet, its pooling layer and the simulation that grows them.
/// </summary>
public sealed class PoolingGrowth : IDisposable
{
    const int StepsPerSecond = 1000;

    readonly PoolingOptions _options;
    readonly float[] _bySource;
    readonly List<float> _formed = [];

    /// <summary>Prepares a growth.</summary>
    /// <param name="sheet">The sheet.</param>
    /// <param name="options">The pooling layer.</param>
    /// <param name="backend">Where to run.</param>
    /// <param name="recordingSteps">Window of a spike recording of the sheet; 0 for none.</param>
    public PoolingGrowth(SheetOptions sheet, PoolingOptions options, IBackend backend, int recordingSteps = 0)
    {
        ArgumentNullException.ThrowIfNull(sheet);
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        Sheet = sheet;
        var retina = sheet.Population(lesionable: true);
        var pools = options.Population();
        var network = new Network
        {
            Name = "pooling",
            Seed = sheet.Seed,
            Populations = [retina, pools],
            Projections = [sheet.Coupling(retina), options.Feed(retina, pools)],
            Inputs = [sheet.Noise(retina)],
            Recordings = recordingSteps > 0 ? [new SpikeRecording(retina) { Steps = recordingSteps }] : [],
        };
        Simulation = Simulation.Create(network, backend);
        Retina = Simulation.Population(retina.Name);
        Pools = Simulation.Population(pools.Name);
        Feed = Simulation.Projection(retina.Name, pools.Name);
        _bySource = new float[Feed.SynapseCount];
    }

    /// <summary>The sheet's options.</summary>
    public SheetOptions Sheet { get; }
    /// <summary>The simulation, for recorders and checkpoints.</summary>
    public Simulation Simulation { get; }
    /// <summary>The sheet.</summary>
    public PopulationHandle Retina { get; }
    /// <summary>The pooling layer.</summary>
    public PopulationHandle Pools { get; }
    /// <summary>The plastic projection between them.</summary>
    public ProjectionHandle Feed { get; }
    /// <summary>Positions of the sheet's nodes.</summary>
    public IReadOnlyList<Position> Positions => Simulation.Plan.Populations[0].Positions!;

    /// <summary>The layer as it stands.</summary>
    public GrownLayer Layer()
    {
        Simulation.ReadWeights(Feed, _bySource);
        return new GrownLayer(GrownLayer.ByUnit(_bySource, Retina.Count, Pools.Count), Positions, _options);
    }

    // The same count as GrownLayer's, straight from the weights of the simulation: it runs every simulated second.
    double FormedNow()
    {
        Simulation.ReadWeights(Feed, _bySource);
        var sizes = new int[Pools.Count];
        for (var i = 0; i < Retina.Count; i++)
        {
            var row = _bySource.AsSpan(i * sizes.Length, sizes.Length);
            for (var j = 0; j < row.Length; j++)
                sizes[j] += row[j] >= _options.FieldThreshold ? 1 : 0;
        }
        return sizes.Count(size => size < _options.FormedBelow) / (double)sizes.Length;
    }

    /// <summary>Wins back to 0 and thresholds back to their first values, as after damage.</summary>
    public void ForgetThresholds()
    {
        var plan = Simulation.Plan;
        Simulation.WriteBuffer<int>(plan.Buffer(BufferKind.Wins, Feed.Index)!, new int[Pools.Count]);
        var theta = new float[Pools.Count];
        for (var j = 0; j < theta.Length; j++)
            theta[j] = plan.Populations[Pools.Index].Neuron.State[1].Initial[j];
        Simulation.WriteState(Pools, "theta", theta);
    }

    /// <summary>Runs second by second until the fields have formed, the time is up, or it is cancelled; a cancelled growth keeps what it has.</summary>
    public GrowthResult Run(IProgress<GrowthProgress>? progress = null, CancellationToken cancellation = default)
    {
        var complete = false;
        var seconds = 0;
        while (seconds < _options.MaxSeconds && !complete && !cancellation.IsCancellationRequested)
        {
            Simulation.Run(StepsPerSecond);
            seconds++;
            var formed = FormedNow();
            _formed.Add((float)formed);
            complete = formed > _options.FormedFraction;
            progress?.Report(new GrowthProgress(seconds, formed, _options.MaxSeconds));
        }
        var counts = new int[Retina.Count];
        Simulation.AddSpikeCounts(Retina, counts);
        var rate = Simulation.StepNumber == 0 ? 0 : counts.Sum(c => (double)c) / Retina.Count / (Simulation.TimeMs * 1e-3);
        return new GrowthResult(Layer(), seconds, complete, _formed, Simulation.SpikeHash, rate);
    }

    /// <inheritdoc/>
    public void Dispose() => Simulation.Dispose();
}
