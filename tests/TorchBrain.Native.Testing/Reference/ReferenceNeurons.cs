using TorchBrain.Native.Planning;
using static System.MathF;

namespace TorchBrain.Native.Tests;

/// <summary>One step of one neuron, as docs/numerics.md has it. Returns whether it spikes.</summary>
static class ReferenceNeurons
{
    public static bool Izhikevich(IzhikevichPlan p, int neuron, float input, ref float v, ref float u)
    {
        float Slope(float at, float s) => FusedMultiplyAdd(FusedMultiplyAdd(p.K2, at, p.K1), at, s);

        var s = p.K0 - u + input;
        var w = v;
        switch (p.Scheme)
        {
            case IzhikevichScheme.TwoHalfSteps:
                v = FusedMultiplyAdd(p.HalfDt, Slope(v, s), v);
                v = FusedMultiplyAdd(p.HalfDt, Slope(v, s), v);
                w = v;
                break;
            case IzhikevichScheme.Euler:
                v = FusedMultiplyAdd(p.Dt, Slope(v, s), v);
                w = v;
                break;
            case IzhikevichScheme.EulerConsistent:
                v = FusedMultiplyAdd(p.Dt, Slope(v, s), v);
                break;
        }
        var pull = p.B[neuron] * (w - p.R);
        var decay = p.E * u;
        u = FusedMultiplyAdd(p.ADt[neuron], pull - decay, u);
        if (!(p.Scheme == IzhikevichScheme.Euler ? v > p.Peak : v >= p.Peak))
            return false;
        v = p.C[neuron];
        u += p.D[neuron];
        return true;
    }

    public static bool Leaky(LifPlan p, int neuron, int e, bool driven, float[] drive, float[][] inputs, float[][] currents, ref float v, ref float refractory)
    {
        v = driven ? v + FusedMultiplyAdd(-p.Q22[neuron], v, p.P20[neuron] * drive[e]) : FusedMultiplyAdd(-p.Q22[neuron], v, v);
        for (var k = 0; k < currents.Length; k++)
        {
            v = FusedMultiplyAdd(p.P21[k][neuron], currents[k][e], v);
            currents[k][e] = FusedMultiplyAdd(p.P11[k], currents[k][e], inputs[k][e]);
        }
        if (p.Delta)
            v += inputs[0][e];
        return Finish(p, neuron, ref v, ref refractory);
    }

    public static bool Alpha(AlphaLifPlan p, int neuron, int e, bool driven, float[] drive, float[][] inputs, float[][] state)
    {
        ref float v = ref state[0][e], refractory = ref state[1][e];
        v = driven ? v + FusedMultiplyAdd(-p.Q22[neuron], v, p.P20[neuron] * drive[e]) : FusedMultiplyAdd(-p.Q22[neuron], v, v);
        for (var k = 0; k < inputs.Length; k++)
        {
            ref float current = ref state[2 + 2 * k][e], rise = ref state[3 + 2 * k][e];
            v = FusedMultiplyAdd(p.RiseToPotential[k][neuron], rise, v);
            v = FusedMultiplyAdd(p.P21[k][neuron], current, v);
            current = FusedMultiplyAdd(p.RiseToCurrent[k], rise, p.P11[k] * current);
            rise = FusedMultiplyAdd(p.P11[k], rise, inputs[k][e]);
        }
        return Finish(p, neuron, ref v, ref refractory);
    }

    public static bool Conductance(ConductanceLifPlan p, int neuron, int e, float drive, float[][] inputs, float[][] state)
    {
        ref float v = ref state[0][e], exc = ref state[2][e], inh = ref state[3][e];
        var current = FusedMultiplyAdd(exc, p.Reversal[0][neuron] - v, FusedMultiplyAdd(inh, p.Reversal[1][neuron] - v, drive));
        var increment = FusedMultiplyAdd(-p.Leak[neuron], v, p.Gain[neuron] * current);
        var y = FusedMultiplyAdd(-p.Gain[neuron], exc + inh, -p.Leak[neuron]);
        v = p.Scheme == ConductanceScheme.ForwardEuler ? v + increment : FusedMultiplyAdd(increment, StepMath.ExpM1(y) / y, v);
        exc = FusedMultiplyAdd(p.Decay[0], exc, inputs[0][e]);
        inh = FusedMultiplyAdd(p.Decay[1], inh, inputs[1][e]);
        return Finish(p, neuron, ref v, ref state[1][e]);
    }

    static bool Finish(LeakyPlan p, int neuron, ref float v, ref float refractory)
    {
        if (refractory > 0)
            v = p.Reset[neuron];
        var spike = v >= p.Threshold[neuron];
        if (spike)
            v = p.Subtracts ? v - (p.Threshold[neuron] - p.Reset[neuron]) : p.Reset[neuron];
        refractory = spike ? p.RefractorySteps : Max(refractory - 1, 0);
        return spike;
    }
}
