using System.Diagnostics;
using TorchBrain.Native.Cpu;
using TorchBrain.Native.Networks;

namespace TorchBrain.Native.Cli;

/// <summary>A host in the loop: in every step of 1 ms it sets the current of all neurons and reads all spikes.</summary>
sealed class ClosedLoop : IDisposable
{
    const double WarmSeconds = 1;

    const int Attempts = 3;

    readonly Simulation _simulation;
    readonly PopulationHandle[] _populations;
    readonly float[][] _currents;
    readonly int[][] _spikes;

    /// <summary>Makes noisy neurons of Izhikevich with a current that the host sets, joined at random.</summary>
    public ClosedLoop(int neurons, int synapsesPerNeuron, ulong seed, IBackend backend)
    {
        var network = new IzhikevichNetwork { Neurons = neurons, SynapsesPerNeuron = synapsesPerNeuron, Seed = seed }.Network();
        _simulation = Simulation.Create(network with { Name = "loop", Inputs = [.. network.Inputs, .. network.Populations.Select(p => new CurrentInjection(p))] }, backend);
        _populations = [.. network.Populations.Select(p => _simulation.Population(p.Name))];
        _currents = [.. _populations.Select(p => new float[p.Elements])];
        _spikes = [.. _populations.Select(p => new int[p.Elements])];
    }

    public Simulation Simulation => _simulation;

    /// <summary>Runs; null if it was stopped on the way.</summary>
    public LoopPart? Run(int steps, CancellationToken cancellation)
    {
        var ticks = new long[steps];
        for (var watch = Stopwatch.StartNew(); watch.Elapsed.TotalSeconds < WarmSeconds && !cancellation.IsCancellationRequested;)
            Iterate(ticks.AsSpan(0, Math.Min(steps, 10)), cancellation);
        _simulation.Reset();
        Iterate(ticks.AsSpan(0, Math.Min(steps, 10)), cancellation);
        long spikes = 0, allocated = 1;
        // The count is of the whole process, of which other threads may allocate something once; what the loop itself allocates it allocates every time.
        for (var attempt = 0; attempt < Attempts && allocated > 0; attempt++)
        {
            _simulation.Reset();
            var before = GC.GetTotalAllocatedBytes(precise: true);
            spikes = Iterate(ticks, cancellation);
            allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        }
        if (cancellation.IsCancellationRequested)
            return null;
        Array.Sort(ticks);
        var us = 1e6 / Stopwatch.Frequency;
        return new LoopPart
        {
            Processor = CpuBackend.ProcessorName,
            Neurons = _populations.Sum(p => p.Elements),
            Synapses = _simulation.Plan.Projections.Sum(p => p.SynapseCount),
            Steps = steps,
            MedianUs = us * LoopPart.Quantile(ticks, 0.5),
            P99Us = us * LoopPart.Quantile(ticks, 0.99),
            P999Us = us * LoopPart.Quantile(ticks, 0.999),
            MaxUs = us * ticks[^1],
            AllocatedBytes = allocated,
            SpikesPerStep = spikes / (double)steps,
            SpikeHash = _simulation.SpikeHash,
            How = _simulation.Compiled.Describe(),
        };
    }

    public void Dispose() => _simulation.Dispose();

    // Whoever spiked gets a current against it in the next step: what goes in depends on what came out. Nothing here may allocate.
    long Iterate(Span<long> ticks, CancellationToken cancellation)
    {
        var total = 0L;
        foreach (var current in _currents)
            current.AsSpan().Clear();
        for (var step = 0; step < ticks.Length && !cancellation.IsCancellationRequested; step++)
        {
            var begun = Stopwatch.GetTimestamp();
            for (var p = 0; p < _populations.Length; p++)
                _simulation.SetCurrent(_populations[p], _currents[p]);
            _simulation.Step();
            for (var p = 0; p < _populations.Length; p++)
            {
                var count = _simulation.ReadSpikes(_populations[p], _spikes[p]);
                _currents[p].AsSpan().Clear();
                for (var i = 0; i < count; i++)
                    _currents[p][_spikes[p][i]] = -1;
                total += count;
            }
            ticks[step] = Stopwatch.GetTimestamp() - begun;
        }
        return total;
    }
}
