using TorchBrain.Native.Cuda;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Tuning.Tests;

/// <summary>A clock that stands still until somebody works.</summary>
sealed class FakeClock : TimeProvider
{
    long _nanoseconds;

    public override long TimestampFrequency => 1_000_000_000;

    public override long GetTimestamp() => _nanoseconds;

    public double Seconds => _nanoseconds * 1e-9;

    public void Work(double seconds) => _nanoseconds += (long)Math.Round(seconds * 1e9);
}

/// <summary>A backend whose speed, spikes and failures a test decides.</summary>
sealed class FakeTarget(FakeClock clock, params Tunable[] tunables) : ITunable
{
    /// <summary>Seconds of a step.</summary>
    public Func<TuningSettings, double> StepSeconds { get; set; } = _ => 1e-4;
    /// <summary>Whether the spikes are wrong from a step on.</summary>
    public Func<TuningSettings, long, bool> Wrong { get; set; } = (_, _) => false;
    /// <summary>Called when a network is compiled and when it runs; may throw.</summary>
    public Action<TuningSettings> OnCompile { get; set; } = _ => { };
    public Action<TuningSettings> OnRun { get; set; } = _ => { };

    internal List<FakeNetwork> Networks { get; } = [];
    public int MostAtOnce { get; private set; }

    public string Backend => "fake";
    public string Device => "a fake device";
    public IReadOnlyList<Tunable> Tunables(NetworkPlan plan) => tunables;
    public IBackend Open(TuningSettings settings) => new FakeBackend(this, settings);
    public IReadOnlyList<CudaLaunch> Launches(IBackend backend, ICompiledNetwork network) => [];

    /// <summary>Steps that networks of some settings ran in all.</summary>
    public long StepsOf(string settings) => Networks.Where(n => n.Settings.ToString() == settings).Sum(n => n.StepsRun);

    sealed class FakeBackend(FakeTarget target, TuningSettings settings) : IBackend
    {
        public string Name => "fake";

        public ICompiledNetwork Compile(NetworkPlan plan)
        {
            target.Work(0.01);
            target.OnCompile(settings);
            var network = new FakeNetwork(target, settings, plan);
            target.Networks.Add(network);
            target.MostAtOnce = Math.Max(target.MostAtOnce, target.Networks.Count(n => !n.Disposed));
            return network;
        }

        public void Dispose() { }
    }

    void Work(double seconds) => clock.Work(seconds);

    internal sealed class FakeNetwork(FakeTarget target, TuningSettings settings, NetworkPlan plan) : ICompiledNetwork
    {
        public TuningSettings Settings => settings;
        public long StepsRun { get; private set; }
        public bool Disposed { get; private set; }
        public NetworkPlan Plan => plan;
        public long Step { get; private set; }
        public UInt128 SpikeHash => (UInt128)(Step * 7 + (target.Wrong(settings, Step) ? 1 : 0));
        public string Describe() => $"fake with {settings}";

        public void Run(long steps)
        {
            target.OnRun(settings);
            (Step, StepsRun) = (Step + steps, StepsRun + steps);
            target.Work(steps * target.StepSeconds(settings));
        }

        public void Synchronize() { }
        public void Reset() => Step = 0;
        public void Dispose() => Disposed = true;
        public void Read(BufferSpec buffer, Span<byte> destination) => throw new NotSupportedException();
        public void Write(BufferSpec buffer, ReadOnlySpan<byte> source) => throw new NotSupportedException();
        public void SetClock(long step, UInt128 spikeHash) => throw new NotSupportedException();
        public void WriteCurrent(int population, int input, ReadOnlySpan<float> current) => throw new NotSupportedException();
        public int ReadSpikes(int population, Span<int> elements) => throw new NotSupportedException();
        public void AddSpikeCounts(int population, Span<int> counts) => throw new NotSupportedException();
        public (long First, long Count) RecordedSteps(int recording) => throw new NotSupportedException();
        public void DrainSpikes(int recording, ISpikeSink sink) => throw new NotSupportedException();
        public void DrainState(int recording, Action<long, ReadOnlySpan<float>> sink) => throw new NotSupportedException();
    }
}

/// <summary>Networks to tune.</summary>
static class Nets
{
    public static Network Tiny(int cells = 200)
    {
        var source = new Population("source", 40) { Neuron = new PoissonSource { RateHz = 60 } };
        var target = new Population("cells", cells) { Neuron = new LeakyIntegrateAndFire { Synapses = new DeltaSynapses() } };
        return new Network
        {
            Populations = [source, target],
            Projections = [new Projection(source, target) { Connectivity = new FixedInDegree(10), Weight = 8, DelayMs = Parameter.Uniform(1, 6) }],
            Seed = 3,
        };
    }
}
