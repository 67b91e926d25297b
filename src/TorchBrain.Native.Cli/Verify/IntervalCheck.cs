using System.Globalization;

namespace TorchBrain.Native.Cli;

/// <summary>Check 3: a constant current makes the trace and the intervals of the exact solution on the grid.</summary>
sealed class IntervalCheck : VerifyCheck
{
    const double StepMs = 0.1;

    static readonly LeakyIntegrateAndFire s_cell = new() { RestMv = -70, ResetMv = -70, ThresholdMv = -55, RefractoryMs = 2 };

    public override int Number => 3;
    public override string Title => "constant current";

    public override IEnumerable<VerifyResult> Run(VerifyContext context)
    {
        yield return VerifyResult.Exactly("spikes in 10 s at 375 pA, the rheobase", Spikes(context, 375, 100_000).Length, 0, "spikes",
            "Decision 0005: the step keeps 1 - P22, so that float32 does not reach the threshold either.");
        (double CurrentPa, int Steps)[] expected = [(376, 613), (380, 454), (400, 298), (500, 159), (1000, 68)];
        for (var k = 0; k < expected.Length; k++)
        {
            context.Report((k + 1.0) / (expected.Length + 2));
            var (current, steps) = expected[k];
            var spikes = Spikes(context, current, 20_000);
            long[] intervals = [.. spikes.Zip(spikes.Skip(1), (a, b) => b - a).Distinct()];
            yield return VerifyResult.Exactly(string.Create(CultureInfo.InvariantCulture, $"every interval of 2 s at {current} pA"), intervals.Length == 1 && spikes.Length > 20 ? intervals[0] : double.NaN, steps, "steps of 0.1 ms");
            yield return VerifyResult.Exactly(string.Create(CultureInfo.InvariantCulture, $"the first spike at {current} pA"), spikes.Length > 0 ? spikes[0] + 1 : double.NaN, steps - 20, "steps of 0.1 ms");
        }
        var trace = Trace(context);
        (int Step, double Mv)[] published = [(1, -69.602), (2, -69.2079), (3, -68.8178), (4, -68.4316), (5, -68.0492), (47, -55.0001), (69, -69.602)];
        yield return VerifyResult.AtMost("trace at 1,000 pA against the reference at 7 times", published.Max(p => Math.Abs(trace[p.Step - 1] - p.Mv)), 6e-5, "mV", "The reference has 4 decimals.");
        yield return VerifyResult.Exactly("clamped to the reset from 4.8 ms through 6.8 ms", trace.Skip(47).Take(21).Count(v => v == -70f), 21, "steps");
    }

    static Population Cell() => new("cell", 1) { Neuron = s_cell };

    static long[] Spikes(VerifyContext context, double currentPa, long steps)
    {
        var cell = Cell();
        using var simulation = context.Simulate(new Network
        {
            TimeStepMs = StepMs,
            Populations = [cell],
            Inputs = [new CurrentInjection(cell) { Amplitude = currentPa }],
            Recordings = [new SpikeRecording(cell) { Steps = 100_000 }],
        });
        simulation.Run(steps);
        return [.. SpikeRecorder.Open(simulation, "cell").Drain().Steps];
    }

    static List<float> Trace(VerifyContext context)
    {
        var cell = Cell();
        using var simulation = context.Simulate(new Network
        {
            TimeStepMs = StepMs,
            Populations = [cell],
            Inputs = [new CurrentInjection(cell) { Amplitude = 1000 }],
            Recordings = [new StateRecording(cell, "v")],
        });
        simulation.Run(80);
        var trace = new List<float>();
        StateRecorder.Open(simulation, "cell", "v").Drain((_, v) => trace.Add(v[0]));
        return trace;
    }
}
