using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cuda;

/// <summary>
/// A network on a device. <see cref="Run"/> queues many steps at a time and returns; whatever reads waits. The step itself is a list of phases, made once from the plan.
/// </summary>
sealed class CudaNetwork : ICompiledNetwork
{
    readonly CudaContext _context;
    readonly DeviceMemory _memory;
    readonly SpikeLog _log;
    readonly CurrentUpload _currents;
    readonly CudaPopulation[] _populations;
    readonly CudaProjection[] _projections;
    readonly SpikeWindow?[] _windows;
    readonly StateSamples?[] _samples;
    readonly long[] _firstRecorded;
    readonly CudaDeviceVariable<ulong> _clock;
    readonly SteppingChoice _choice;
    readonly CudaPlasticity _plasticity;
    readonly Stepper _stepper;
    readonly string _delivery, _compilation;

    public CudaNetwork(NetworkPlan plan, CudaContext context, KernelCompiler compiler, CudaOptions options)
    {
        Plan = plan;
        _context = context;
        _memory = new DeviceMemory(context, new CudaStream(context));
        try
        {
            var (compiled, cached) = (compiler.Compiled, compiler.CacheHits);
            var setup = new SteppingSetup(plan, options, compiler, _memory);
            _choice = setup.Choice;
            _plasticity = setup.Tuning.Plasticity;
            _delivery = PullRule.Describe(plan, setup.Tuning);
            _compilation = $"{compiler.Compiled - compiled} kernel files compiled, {compiler.CacheHits - cached} from the cache, for {compiler.Architecture}";

            _windows = [.. plan.Recordings.Select(r => r.Variable < 0 ? new SpikeWindow(r.Description.Steps, r.Population.Elements) : null)];
            _log = new SpikeLog(plan, _memory, _windows);
            _populations = [.. plan.Populations.Select(p => new CudaPopulation(p, plan.Batch, _memory, _log))];
            _projections = [.. plan.Projections.Select(p => Synapses(p, setup.Tuning))];
            _samples = [.. plan.Recordings.Select(r => r.Variable < 0 ? null : new StateSamples(r, _populations[r.Population.Index], _memory))];
            _firstRecorded = new long[plan.Recordings.Count];
            _currents = new CurrentUpload(plan, _memory);
            _clock = _memory.New<ulong>(1, "clock");
            var binder = new LaunchBinder(plan, setup.Tuning, _memory, _populations, _projections, _samples, compiler.Load, _clock.DevicePointer);
            var most = (int)Math.Min(options.StepsPerGraph > 0 ? options.StepsPerGraph : 64, _log.Quarter);
            _stepper = setup.Bind(binder, _clock.DevicePointer, _memory, most, options.CheckEveryLaunch);
            Reset();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public NetworkPlan Plan { get; }
    public long Step { get; private set; }

    public UInt128 SpikeHash
    {
        get
        {
            _log.CatchUp(Step);
            return _log.Hash;
        }
    }

    public string Describe() => $"cuda: {_context.Device.Name}, {_stepper.Describe()} (stepping {_choice.Stepping}, {_choice.Why}), {_delivery}{Plasticity}, {_memory.Bytes / (double)(1 << 20):0.#} MiB; {_compilation}";

    string Plasticity => _projections.Any(p => p is StdpSynapses) ? $", pair STDP {_plasticity}" : "";

    /// <summary>The kernels that the steps need, in order.</summary>
    public IReadOnlyList<CudaLaunch> Launches => [.. _stepper.Launches.Select(s => s.Describe(_context))];

    CudaProjection Synapses(ProjectionPlan p, CudaTuning tuning)
    {
        var (source, target) = (_populations[p.Source.Index], _populations[p.Target.Index]);
        return p.Storage switch
        {
            SynapseStorage.DenseInt16 => new DenseSynapses(p, source, target, _memory),
            SynapseStorage.SparseInt16 => new SparseSynapses(p, source, target, tuning, _memory),
            SynapseStorage.Stencil => new StencilSynapses(p, source, target, _memory),
            SynapseStorage.Procedural => new ProceduralSynapses(p, source, target, _memory),
            SynapseStorage.DenseFloat => new WinnerSynapses(p, source, target, _memory),
            SynapseStorage.SparseFloat when p.Learning is EligibilityStdpPlan or TripletStdpPlan => new TraceSynapses(p, source, target, _memory),
            SynapseStorage.SparseFloat => new StdpSynapses(p, source, target, _memory, _plasticity),
            _ => throw new InvalidOperationException($"The CUDA backend has no synapses for {p.Storage}."),
        };
    }

    public void Run(long steps)
    {
        for (var end = Step + steps; Step < end;)
        {
            _log.BeforeSteps(Step);
            Step += _stepper.Queue(Math.Min(end - Step, _log.StepsLeft(Step)));
            _log.AfterSteps(Step);
        }
    }

    public void Synchronize() => _memory.Stream.Synchronize();

    public void Reset()
    {
        Synchronize();
        MoveClock(0, 0);
        foreach (var p in _populations)
            p.Reset();
        foreach (var p in _projections)
            p.Reset();
        Synchronize();
    }

    public void SetClock(long step, UInt128 spikeHash)
    {
        foreach (var p in _projections)
            p.LeaveClock(Step, step);
        MoveClock(step, spikeHash);
    }

    void MoveClock(long step, UInt128 spikeHash)
    {
        _log.CatchUp(Step);
        Step = step;
        _log.Reset(step, spikeHash);
        foreach (var p in _populations)
            p.ClearLists();
        _clock.CopyToDevice([(ulong)step], 0, _memory.Stream);
        Array.Fill(_firstRecorded, step);
    }

    public void Read(BufferSpec buffer, Span<byte> destination)
    {
        _log.CatchUp(Step);
        if (IsOfPopulation(buffer))
            _populations[buffer.Owner].Read(buffer, destination, Step);
        else
            _projections[buffer.Owner].Read(buffer, destination, Step);
    }

    public void Write(BufferSpec buffer, ReadOnlySpan<byte> source)
    {
        _log.CatchUp(Step);
        if (IsOfPopulation(buffer))
            _populations[buffer.Owner].Write(buffer, source, Step);
        else
            _projections[buffer.Owner].Write(buffer, source, Step);
    }

    static bool IsOfPopulation(BufferSpec buffer) =>
        buffer.Kind is BufferKind.State or BufferKind.InjectedCurrent or BufferKind.PendingInput or BufferKind.SpikeHistory or BufferKind.Alive;

    public void WriteCurrent(int population, int input, ReadOnlySpan<float> current) => _currents.Queue(_populations[population].Current(input), current);

    public int ReadSpikes(int population, Span<int> elements)
    {
        _log.CatchUp(Step);
        return Step == 0 ? 0 : SpikeLog.Decode(_log.Words(population, Step - 1), elements);
    }

    public void AddSpikeCounts(int population, Span<int> counts) => _populations[population].AddSpikeTotals(counts);

    public (long First, long Count) RecordedSteps(int recording) => (_firstRecorded[recording], Step - _firstRecorded[recording]);

    public void DrainSpikes(int recording, ISpikeSink sink)
    {
        var window = _windows[recording] ?? throw new InvalidOperationException("This recording holds samples, not spikes.");
        _log.CatchUp(Step);
        window.Drain(Step, sink);
        _firstRecorded[recording] = Step;
    }

    public void DrainState(int recording, Action<long, ReadOnlySpan<float>> sink)
    {
        var samples = _samples[recording] ?? throw new InvalidOperationException("This recording holds spikes, not samples.");
        samples.Drain(_firstRecorded[recording], Step, sink);
        _firstRecorded[recording] = Step;
    }

    public void Dispose()
    {
        _stepper?.Dispose();
        _memory.Dispose();
        _memory.Stream.Dispose();
    }
}
