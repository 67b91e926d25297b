namespace TorchBrain.Native.Cuda;

/// <summary>
/// Graphs of 1, 8, 64, ... steps, captured when first needed and replayed with one call each. A graph's last node moves the clock on, so a replay needs no argument.
/// </summary>
sealed class StepGraphs : Stepper
{
    readonly IReadOnlyList<PhaseLaunch> _step;
    readonly CudaKernel _advance;
    readonly nint _clock;
    readonly CudaStream _stream;
    readonly bool _checkEvery;
    readonly int[] _sizes;
    readonly CudaGraphExec?[] _graphs;

    /// <param name="step">The launches of a step.</param>
    /// <param name="advance">The kernel that moves the clock on.</param>
    /// <param name="clock">Address of the clock.</param>
    /// <param name="stream">Where work is queued.</param>
    /// <param name="most">Most steps of a graph, a power of two.</param>
    /// <param name="checkEvery">True to launch every kernel by itself and wait for it.</param>
    public StepGraphs(IReadOnlyList<PhaseLaunch> step, CudaKernel advance, nint clock, CudaStream stream, int most, bool checkEvery)
    {
        (_step, _advance, _clock, _stream, _checkEvery) = (step, advance, clock, stream, checkEvery);
        List<int> sizes = [most];
        while (sizes[^1] > 1)
            sizes.Add(Math.Max(1, sizes[^1] / 8));
        _sizes = [.. sizes];
        _graphs = new CudaGraphExec?[_sizes.Length];
    }

    public override int Most => _sizes[0];

    public override IReadOnlyList<StepLaunch> Launches => _step;

    public override string Describe() => $"{_step.Count} kernels a step, up to {Most} steps a graph";

    // As many steps as the largest graph holds that fits.
    public override int Queue(long atMost)
    {
        if (_checkEvery)
        {
            QueueSteps(1);
            return 1;
        }
        var k = 0;
        while (_sizes[k] > atMost)
            k++;
        (_graphs[k] ??= Capture(_sizes[k])).Launch(_stream);
        return _sizes[k];
    }

    CudaGraphExec Capture(int steps)
    {
        _stream.BeginCapture();
        QueueSteps(steps);
        using var graph = _stream.EndCapture();
        return graph.Instantiate();
    }

    void QueueSteps(int steps)
    {
        for (var k = 0; k < steps; k++)
            foreach (var launch in _step)
            {
                launch.Queue(_stream, (ulong)k);
                if (_checkEvery)
                    _stream.Synchronize();
            }
        _advance.Launch(_stream, 1, 32, 0, new AdvanceArguments { Clock = _clock, Steps = (ulong)steps });
    }

    public override void Dispose()
    {
        foreach (var graph in _graphs)
            graph?.Dispose();
    }
}
