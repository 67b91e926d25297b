namespace TorchBrain.Native.Tuning;

/// <summary>A backend that compiles every plan with what a tuning file knows about its shape, else with the defaults.</summary>
/// <param name="file">The file.</param>
/// <param name="target">The device.</param>
public sealed class TunedBackend(TuningFile file, ITunable target) : IBackend
{
    readonly Lock _gate = new();
    readonly Dictionary<string, IBackend> _backends = [];

    /// <inheritdoc/>
    public string Name => target.Backend;

    /// <inheritdoc/>
    public ICompiledNetwork Compile(NetworkPlan plan) => For(file.Find(target, plan)?.Settings ?? TuningSettings.Defaults).Compile(plan);

    IBackend For(TuningSettings settings)
    {
        lock (_gate)
        {
            if (!_backends.TryGetValue(settings.ToString(), out var backend))
                _backends.Add(settings.ToString(), backend = target.Open(settings));
            return backend;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var backend in _backends.Values)
            backend.Dispose();
    }
}
