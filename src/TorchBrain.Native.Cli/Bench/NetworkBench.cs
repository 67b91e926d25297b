using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using TorchBrain.Native.Cpu;
using TorchBrain.Native.Cuda;

namespace TorchBrain.Native.Cli;

/// <summary>Runs one network for its speed; the spikes of all populations are recorded and read in the time.</summary>
/// <param name="settings">What was typed.</param>
/// <param name="seconds">Simulated seconds of a repeat.</param>
/// <param name="repeats">Repeats.</param>
/// <param name="device">What the device can do, where the networks run on one.</param>
/// <param name="cancellation">Ends it.</param>
sealed partial class NetworkBench(CommonSettings settings, double seconds, int repeats, CudaCeilings? device, CancellationToken cancellation)
{
    /// <summary>Steps that CUDA must do like the processor.</summary>
    const int CheckedSteps = 200;

    /// <summary>Steps between two looks at Ctrl-C, and the window of the recordings.</summary>
    const int Part = 1000;

    /// <summary>Compilation in the background replaces what runs often; until then times are too long.</summary>
    const double WarmSeconds = 0.5, WarmLimitSeconds = 5;

    /// <summary>Networks with at most this many synapses are built twice, so that memory is measured without what the program itself needs the first time.</summary>
    const long BuiltTwice = 20_000_000;

    /// <summary>Times it; null if it was stopped before the first repeat was done.</summary>
    public NetworkPart? Time(Network network, IBackend backend, Action<double> progress)
    {
        var watch = Stopwatch.StartNew();
        var plan = (network with { Recordings = [.. network.Populations.Select(p => new SpikeRecording(p) { Steps = Part })] }).Plan();
        var planned = watch.Elapsed.TotalSeconds;
        var synapses = plan.Projections.Sum(p => p.RowLengths.Sum(n => (long)n));
        var built = 0.0;
        Simulation? first = null;
        if (synapses <= BuiltTwice)
            built = Seconds(() => first = Make(plan, backend));
        var resident = ProcessMemory.Resident();
        Simulation? made = null;
        var last = Seconds(() => made = Make(plan, backend));
        using var simulation = made!;
        var grown = ProcessMemory.Resident() - resident;
        first?.Dispose(); // not earlier: the second would take over its memory
        var steps = Math.Max(1, (long)Math.Round(seconds * 1000 / plan.TimeStepMs));
        var run = new RecordedRun(simulation, Part, cancellation);
        WarmUp(run, steps);
        simulation.Reset();
        run.Go(Math.Clamp(steps / 10, 100, 10_000), _ => { });
        var before = Counts(simulation);
        var times = new List<double>();
        for (var k = 0; k < repeats; k++)
        {
            watch.Restart();
            if (!run.Go(steps, part => progress((k + part) / repeats)))
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
        double[] spikes = [.. counts.Select(c => c.Sum(n => (double)n) / done)];
        double[] events = [.. plan.Projections.Select(p => Enumerable.Range(0, p.Source.Count).Sum(i => (double)counts[p.Source.Index][i] * p.RowLengths[i]) / done)];
        var (neurons, how) = (plan.Populations.Sum(p => (long)p.Count), simulation.Compiled.Describe());
        var threads = Threads(how);
        var floor = threads is { } t ? StepFloor.Of(plan, spikes, events, t, MachineCeilings.Here) : device is { } d ? StepFloor.OnDevice(plan, spikes, events, MeetingsUs(how, d), d) : null;
        return new NetworkPart
        {
            Name = network.Name,
            Neurons = neurons,
            Synapses = synapses,
            StepMs = plan.TimeStepMs,
            PlanSeconds = planned,
            CompileSeconds = built > 0 ? built : last,
            StepsPerRepeat = steps,
            Repeats = times.Count,
            StepUs = middle,
            StepUsLow = times[0],
            StepUsHigh = times[^1],
            RealTimeFactor = middle * 1e-3 / plan.TimeStepMs,
            SpikesPerStep = spikes.Sum(),
            EventsPerSecond = events.Sum() / (middle * 1e-6),
            RatesHz = plan.Populations.ToDictionary(p => p.Name, p => counts[p.Index].Sum(n => (double)n) / (p.Count * done * plan.TimeStepMs * 1e-3)),
            SpikeHash = hash,
            How = how,
            Threads = threads,
            Floor = floor,
            OverFloor = floor is { Us: > 0 } ? middle / floor.Us : null,
            BytesPerSynapse = backend is CpuBackend && synapses >= ProcessMemory.FewestSynapses && grown > 0 ? grown / (double)synapses : null,
            PeakBytes = ProcessMemory.Peak(),
        };
    }

    /// <summary>Whether the first steps of a network give the same spikes on a backend as on the processor.</summary>
    public (int Steps, bool Equal) Check(Network network, IBackend backend)
    {
        var plan = network.Plan();
        using var processor = new CpuBackend(new CpuOptions { Threads = settings.Threads });
        return (CheckedSteps, Hash(plan, backend) == Hash(plan, processor));
    }

    static string Hash(NetworkPlan plan, IBackend backend)
    {
        using var simulation = Simulation.Create(plan, backend);
        simulation.Run(CheckedSteps);
        return simulation.SpikeHash;
    }

    static Simulation Make(NetworkPlan plan, IBackend backend)
    {
        var simulation = Simulation.Create(plan, backend);
        simulation.Synchronize();
        return simulation;
    }

    static double Seconds(Action work)
    {
        var watch = Stopwatch.StartNew();
        work();
        return watch.Elapsed.TotalSeconds;
    }

    // At least a tenth of a repeat and half a second, of the clock and of the processor (on a busy machine the compiler waits too), but never long. How many steps that is depends on the machine: the simulation begins anew after it, so that the spikes do not.
    static void WarmUp(RecordedRun run, long steps)
    {
        var (watch, used) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        var tenth = Math.Max(1, steps / 10);
        for (var done = 0L; (done < tenth || watch.Elapsed.TotalSeconds < WarmSeconds || (Environment.CpuUsage.TotalTime - used).TotalSeconds < WarmSeconds) && watch.Elapsed.TotalSeconds < WarmLimitSeconds;)
        {
            var part = Math.Min(100, tenth);
            if (!run.Go(part, _ => { }))
                return;
            done += part;
        }
    }

    /// <summary>Threads that the processor's backend says it uses; null for another backend.</summary>
    static int? Threads(string how) => ThreadWords().Match(how) is { Success: true } found ? int.Parse(found.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : null;

    /// <summary>The meetings of a step on a device, as its backend describes it: nodes of a graph, or barriers of a grid; those of a single block cost next to nothing.</summary>
    internal static double MeetingsUs(string how, CudaCeilings device)
    {
        static int Number(Match match, int group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
        if (NodeWords().Match(how) is { Success: true } nodes)
            return Number(nodes, 1) * device.NodeUs;
        return BarrierWords().Match(how) is { Success: true } barriers && Number(barriers, 2) > 1 ? Number(barriers, 1) * (device.BarrierUs ?? 0) : 0;
    }

    [GeneratedRegex("([0-9]+) kernels a step")]
    private static partial Regex NodeWords();

    [GeneratedRegex("([0-9]+) barriers a step, .* launch of ([0-9]+) x")]
    private static partial Regex BarrierWords();

    [GeneratedRegex("^cpu: ([0-9]+) thread")]
    private static partial Regex ThreadWords();

    static int[][] Counts(Simulation simulation) => [.. simulation.Plan.Populations.Select(p =>
    {
        var counts = new int[p.Elements];
        simulation.AddSpikeCounts(simulation.Population(p.Name), counts);
        return counts;
    })];
}
