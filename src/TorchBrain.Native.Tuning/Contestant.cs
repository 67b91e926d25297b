using TorchBrain.Native.Cuda;

namespace TorchBrain.Native.Tuning;

/// <summary>A network compiled with some settings.</summary>
sealed class Contestant : IDisposable
{
    readonly ITunable _target;
    readonly IBackend _backend;
    readonly ICompiledNetwork _network;
    readonly TimeProvider _clock;

    public Contestant(NetworkPlan plan, ITunable target, TuningSettings settings, TimeProvider clock)
    {
        (_target, Settings, _clock) = (target, settings, clock);
        _backend = target.Open(settings);
        try
        {
            _network = _backend.Compile(plan);
        }
        catch
        {
            _backend.Dispose();
            throw;
        }
    }

    public TuningSettings Settings { get; }

    public UInt128 Hash => _network.SpikeHash;

    public string How => _network.Describe();

    public IReadOnlyList<CudaLaunch> Launches => _target.Launches(_backend, _network);

    public void Reset() => _network.Reset();

    /// <summary>Seconds that some steps take. Asking for the hash waits until all spikes are on the host, so that nothing of the work is left out.</summary>
    public double Time(long steps)
    {
        var begin = _clock.GetTimestamp();
        _network.Run(steps);
        _network.Synchronize();
        _ = _network.SpikeHash;
        return _clock.GetElapsedTime(begin).TotalSeconds;
    }

    public void Dispose()
    {
        _network.Dispose();
        _backend.Dispose();
    }
}
