using System.Diagnostics;

namespace TorchBrain.Native.Cli;

/// <summary>Runs one network for its speed.</summary>
sealed class NetworkBench(CommonSettings settings, double seconds, int repeats, CancellationToken cancellation)
{
    /// <summary>Steps that CUDA must do like the processor.</summary>
    const int CheckedSteps = 200;

    /// <summary>Steps between two looks at the clock and at Ctrl-C.</summary>
    const int Part = 6400;

    /// <summary>Times it; null if it was stopped before the first repeat was done.</summary>
    public NetworkPart? Time(Network network, IBackend backend, Action<double> progress)
    {
        var watch = Stopwatch.StartNew();
        var plan = network.Plan();
        var planned = watch.Elapsed.TotalSeconds;
        using var simulation = Simulation.Create(plan, backend);
        simulation.Synchronize();
        var built = watch.Elapsed.TotalSeconds;
        var steps = Math.Max(1, (long)Math.Round(seconds * 1000 / plan.TimeStepMs));
        Run(simulation, Math.Clamp(steps / 10, 100, 10_000), _ => { });
        var before = Counts(simulation);
        var times = new List<double>();
        for (var k = 0; k < repeats; k++)
        {
            watch.Restart();
            if (!Run(simulation, steps, part => progress((k + part) / repeats)))
                break;
            times.Add(watch.Elapsed.TotalMicroseconds / steps);
        }
        if (times.Count == 0)
            return null;
        var hash = simulation.SpikeHash;
        int[][] counts = [.. Counts(simulation).Zip(before, (now, then) => now.Zip(then, (a, b) => a - b).ToArray())];
        var done = times.Count * steps;
        times.Sort();
        var middle = times.Count % 2 == 1 ? times[times.Count / 2] : (times[times.Count / 2 - 1] + times[times.Count / 2]) / 2;
        var events = plan.Projections.Sum(p => Enumerable.Range(0, p.Source.Count).Sum(i => (double)counts[p.Source.Index][i] * p.RowLengths[i]));
        return new NetworkPart
        {
            Name = network.Name,
            Neurons = plan.Populations.Sum(p => (long)p.Count),
            Synapses = plan.Projections.Sum(p => p.RowLengths.Sum(n => (long)n)),
            StepMs = plan.TimeStepMs,
            PlanSeconds = planned,
            CompileSeconds = built - planned,
            StepsPerRepeat = steps,
            Repeats = times.Count,
            StepUs = middle,
            StepUsLow = times[0],
            StepUsHigh = times[^1],
            RealTimeFactor = middle * 1e-3 / plan.TimeStepMs,
            SpikesPerStep = counts.Sum(c => c.Sum(n => (double)n)) / done,
            EventsPerSecond = events / done / (middle * 1e-6),
            RatesHz = plan.Populations.ToDictionary(p => p.Name, p => counts[p.Index].Sum(n => (double)n) / (p.Count * done * plan.TimeStepMs * 1e-3)),
            SpikeHash = hash,
            How = simulation.Compiled.Describe(),
        };
    }

    /// <summary>Whether the first steps of a network give the same spikes on a backend as on the processor.</summary>
    public (int Steps, bool Equal) Check(Network network, IBackend backend)
    {
        var plan = network.Plan();
        using var processor = new Cpu.CpuBackend(new Cpu.CpuOptions { Threads = settings.Threads });
        return (CheckedSteps, Hash(plan, backend) == Hash(plan, processor));
    }

    static string Hash(NetworkPlan plan, IBackend backend)
    {
        using var simulation = Simulation.Create(plan, backend);
        simulation.Run(CheckedSteps);
        return simulation.SpikeHash;
    }

    // Asking for the hash waits until all spikes are on the host, so that nothing of the work is left out of the time.
    bool Run(Simulation simulation, long steps, Action<double> progress)
    {
        for (var done = 0L; done < steps;)
        {
            if (cancellation.IsCancellationRequested)
                return false;
            var part = Math.Min(Part, steps - done);
            simulation.Run(part);
            done += part;
            progress(done / (double)steps);
        }
        return simulation.SpikeHash.Length > 0;
    }

    static int[][] Counts(Simulation simulation) => [.. simulation.Plan.Populations.Select(p =>
    {
        var counts = new int[p.Elements];
        simulation.AddSpikeCounts(simulation.Population(p.Name), counts);
        return counts;
    })];
}
