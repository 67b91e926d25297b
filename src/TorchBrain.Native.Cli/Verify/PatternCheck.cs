namespace TorchBrain.Native.Cli;

/// <summary>Check 5: the twenty patterns of Izhikevich (2004).</summary>
sealed class PatternCheck : VerifyCheck
{
    // State at the end, to the six decimals that are published.
    static readonly (char Letter, double V, double U)[] s_ends =
        [('A', -67.441869, -1.800988), ('I', -71.725634, -12.886168), ('M', -64.411917, -16.103641), ('P', -60.435870, -15.855995), ('T', -63.860993, 63.825375)];

    public override int Number => 5;
    public override string Title => "twenty Izhikevich patterns";

    public override IEnumerable<VerifyResult> Run(VerifyContext context)
    {
        int doubleWrong = 0, engineWrong = 0, done = 0;
        double doubleOff = 0, engineOff = 0;
        var counts = new List<VerifyResult>();
        foreach (var pattern in IzhikevichPattern.All)
        {
            context.Report(done++ / (double)IzhikevichPattern.All.Length);
            var exact = pattern.InDouble(out var v, out var u);
            var found = InEngine(context, pattern, out var engineV, out var engineU);
            doubleWrong += Misses(exact, pattern);
            if (pattern.Letter != 'H')
                engineWrong += Misses(found, pattern) + (found.Count == exact.Count ? found.Zip(exact).Count(x => !Same(x.First, x.Second)) : Math.Max(found.Count, exact.Count));
            counts.Add(VerifyResult.Exactly($"{pattern}", found.Count, pattern.Spikes, "spikes", pattern.Letter == 'H' ? "On the edge of its limit cycle: float32 keeps the number, not each time." : ""));
            foreach (var end in s_ends)
                if (end.Letter == pattern.Letter)
                {
                    doubleOff = Math.Max(doubleOff, Math.Max(Math.Abs(v - end.V), Math.Abs(u - end.U)));
                    engineOff = Math.Max(engineOff, Math.Max(Math.Abs(engineV - end.V), Math.Abs(engineU - end.U)));
                }
        }
        yield return VerifyResult.Exactly("float64: spikes off the published times, all 20", doubleWrong, 0, "spikes");
        yield return VerifyResult.Exactly("engine: spikes off the published times or those of float64, all but H", engineWrong, 0, "spikes");
        foreach (var count in counts)
            yield return count;
        yield return VerifyResult.AtMost("float64: v and u at the end of A, I, M, P, T", doubleOff, 5.1e-7, "mV", "Half of the last digit that is published.");
        yield return VerifyResult.AtMost("engine: v and u at the end of A, I, M, P, T", engineOff, 0.02, "mV", "float32: the phase of the last oscillation is off by some 1e-3; the relative 1e-9 of the reference is for float64.");
    }

    static bool Same(double a, double b) => Math.Abs(a - b) < 1e-9;

    // Published times that are not met, and spikes too many or too few. A list with a gap gives its head and its last time.
    static int Misses(List<double> found, IzhikevichPattern pattern)
    {
        var gap = Array.FindIndex(pattern.Times, double.IsNaN);
        var head = gap < 0 ? pattern.Times : pattern.Times[..gap];
        var misses = Math.Abs(found.Count - pattern.Spikes) + head.Where((t, k) => k >= found.Count || !Same(found[k], t)).Count();
        return gap >= 0 && (found.Count == 0 || !Same(found[^1], pattern.Times[^1])) ? misses + 1 : misses;
    }

    static List<double> InEngine(VerifyContext context, IzhikevichPattern pattern, out double v, out double u)
    {
        var cell = new Population("cell", 1) { Neuron = pattern.Model };
        using var simulation = context.Simulate(new Network { TimeStepMs = pattern.Tau, Populations = [cell], Inputs = [new CurrentInjection(cell)] });
        var handle = simulation.Population("cell");
        var times = new List<double>();
        var (spikes, value) = (new int[1], new float[1]);
        for (var k = 0; k < pattern.Steps; k++)
        {
            simulation.SetCurrent(handle, [(float)pattern.Current(k * pattern.Tau)]);
            simulation.Step();
            if (simulation.ReadSpikes(handle, spikes) > 0)
                times.Add(k * pattern.Tau);
        }
        simulation.ReadState(handle, "v", value);
        v = value[0];
        simulation.ReadState(handle, "u", value);
        u = value[0];
        return times;
    }
}
