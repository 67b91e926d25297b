namespace TorchBrain.Native.Cli;

/// <summary>
/// The neuron of check 14 once more: double precision, one event after the other, draws of its own, in the engine's order of a step. Spikes that meet in a step do not see each other. What it shares
/// with the engine is the model alone, so where both agree and a published number does not, the number belongs to another order of a step.
/// </summary>
static class CompetitionTwin
{
    const double StepMs = 0.1, Potentiation = 0.005, Depression = 1.05 * Potentiation, TauMs = 20, TauSynapseMs = 5;
    const double RestMv = -70, ThresholdMv = -54, ResetMv = -60, LargestE = 0.015, Inhibition = 0.05, InhibitoryHz = 10;
    const int Excitatory = 1000, Inhibitory = 200;

    /// <summary>The rate over the last seconds, Hz, after the others.</summary>
    /// <param name="seed">Names the draws.</param>
    /// <param name="inputHz">Rate of each excitatory input.</param>
    /// <param name="settleSeconds">Seconds that are not counted.</param>
    /// <param name="measureSeconds">Seconds that are.</param>
    /// <param name="cancellation">Ends it early.</param>
    public static double Rate(ulong seed, double inputHz, double settleSeconds, double measureSeconds, CancellationToken cancellation)
    {
        var random = new RandomSequence(seed, RandomStream.Named("competition/twin"), (uint)inputHz);
        double[] weights = new double[Excitatory], traces = new double[Excitatory];
        var since = new long[Excitatory];
        for (var i = 0; i < Excitatory; i++)
            weights[i] = random.NextUniform();
        double keepTrace = Math.Exp(-StepMs / TauMs), keepConductance = Math.Exp(-StepMs / TauSynapseMs);
        double none = Math.Exp(-Excitatory * inputHz * StepMs * 1e-3), noInhibition = Math.Exp(-Inhibitory * InhibitoryHz * StepMs * 1e-3);
        double v = RestMv, excitation = 0, inhibition = 0, y = 0;
        var arrived = new int[64];
        var (settle, end, spikes) = ((long)(settleSeconds * 1000 / StepMs), (long)((settleSeconds + measureSeconds) * 1000 / StepMs), 0L);
        for (var step = 0L; step < end; step++)
        {
            if (step % 100_000 == 0)
                cancellation.ThrowIfCancellationRequested();
            var count = Math.Min(arrived.Length, Poisson(ref random, none));
            var added = 0.0;
            for (var k = 0; k < count; k++)
            {
                var i = arrived[k] = random.NextBelow(Excitatory);
                weights[i] = Math.Max(0, weights[i] - Depression * y);
                added += weights[i] * LargestE;
            }
            // Conductances move the potential from the next step on.
            var sum = 1 + excitation + inhibition;
            var goal = (RestMv + RestMv * inhibition) / sum;
            v = goal + (v - goal) * Math.Exp(-StepMs / TauMs * sum);
            excitation = excitation * keepConductance + added;
            inhibition = inhibition * keepConductance + Poisson(ref random, noInhibition) * Inhibition;
            if (v >= ThresholdMv)
            {
                v = ResetMv;
                y += 1;
                spikes += step >= settle ? 1 : 0;
                for (var i = 0; i < Excitatory; i++)
                    weights[i] = Math.Min(1, weights[i] + Potentiation * traces[i] * Math.Exp((since[i] - step) * StepMs / TauMs));
            }
            y *= keepTrace;
            foreach (var i in arrived.AsSpan(0, count))
                (traces[i], since[i]) = (traces[i] * Math.Exp((since[i] - step) * StepMs / TauMs) + 1, step);
        }
        return spikes / measureSeconds;
    }

    static int Poisson(ref RandomSequence random, double none)
    {
        var count = 0;
        for (var p = random.NextUniform(); p > none; p *= random.NextUniform())
            count++;
        return count;
    }
}
