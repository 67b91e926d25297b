using System.Text;

namespace TorchBrain.Native.Planning;

/// <summary>A plan in words.</summary>
static class PlanText
{
    public static string Of(NetworkPlan plan)
    {
        var text = new StringBuilder();
        text.AppendLine($"{plan.Network.Name}: step {plan.TimeStepMs} ms, seed {plan.Seed}, batch {plan.Batch}, plan {plan.Hash:x32}");
        foreach (var p in plan.Populations)
        {
            text.AppendLine($"population {p.Name}: {p.Count:N0} x {p.Description.Neuron.GetType().Name}{Scheme(p)}{Place(p)}");
            foreach (var c in p.Channels)
                text.AppendLine($"  channel {c.Name}: int{(c.Wide ? 64 : 32)} x 2^{-c.ScaleLog2}, worst case {c.WorstCase:G4}, ring of {p.RingSlots} steps");
            foreach (var i in p.Inputs)
                text.AppendLine($"  input {i.Name}: {Input(i)}");
            if (p.Neuron.State.Count > 0)
                text.AppendLine($"  state {string.Join(", ", p.Neuron.State.Select(s => s.Unit == "" ? s.Name : $"{s.Name} [{s.Unit}]"))}");
        }
        foreach (var p in plan.Projections)
            text.AppendLine($"projection {p.Name}: {p.Description.Connectivity.GetType().Name}, {p.SynapseCount:N0} synapses as {Storage(p)}, "
                + $"delay {(p.MinDelay == p.MaxDelay ? p.MinDelay.ToString() : $"{p.MinDelay}..{p.MaxDelay}")} steps{(p.Description.Learning is { } rule ? $", {rule.GetType().Name}" : "")}");
        foreach (var r in plan.Recordings)
            text.AppendLine($"recording {r.Population.Name}{(r.Variable < 0 ? " spikes" : "." + r.Population.Neuron.State[r.Variable].Name)}: window of {r.Description.Steps:N0} steps");
        text.AppendLine("step:");
        foreach (var op in plan.Ops)
            text.AppendLine("  " + Op(op));
        text.AppendLine($"buffers: {plan.Buffers.Count}, {plan.Buffers.Sum(b => b.Bytes):N0} bytes");
        foreach (var b in plan.Buffers)
            text.AppendLine($"  {b.Id} {b.Name}: {b.Type} x {b.Length:N0}");
        return text.ToString();
    }

    /// <summary>The part of the plan that the hash covers, in words. Function-valued parts enter the hash by the numbers they gave.</summary>
    public static string Identity(NetworkPlan plan)
    {
        var text = new StringBuilder($"plan 1;dt={plan.TimeStepMs:R};seed={plan.Seed};batch={plan.Batch}");
        foreach (var p in plan.Populations)
        {
            text.Append($";pop {p.Name},{p.Count},{p.Neuron.GetType().Name},{p.RingSlots},{p.HistorySlots},{p.Description.Lesionable}");
            if (p.Neuron is IzhikevichPlan z)
                text.Append($",{z.Scheme},{z.Dt:R},{z.Peak:R},{z.K2:R},{z.K1:R},{z.K0:R},{z.R:R},{z.E:R}");
            if (p.Neuron is LifPlan l)
                text.Append($",{l.Delta},{l.Subtracts},{l.RefractorySteps:R},{string.Join('/', l.P11.Select(x => x.ToString("R")))}");
            if (p.Neuron is AlphaLifPlan a)
                text.Append($",{string.Join('/', a.RiseToCurrent.Select(x => x.ToString("R")))}");
            if (p.Neuron is ConductanceLifPlan g)
                text.Append($",{g.Scheme},{g.Subtracts},{g.RefractorySteps:R},{string.Join('/', g.Decay.Select(x => x.ToString("R")))}");
            if (p.Neuron is ThresholdLinearPlan t)
                text.Append($",{t.Competition}");
            foreach (var c in p.Channels)
                text.Append($",{c.Name}:{c.ScaleLog2}:{c.Wide}");
            foreach (var i in p.Inputs)
                text.Append($",{i.Name}:{i.Channel}:{(i is PoissonPlan q ? $"{q.FixedWeight}/{q.Table.Rest}/{string.Join('/', q.Table.Upper)}/{string.Join('/', q.Table.Lower)}" : i is PulsePlan u ? $"{u.Amplitude:R}/{u.Among}" : "")}");
        }
        foreach (var p in plan.Projections)
        {
            text.Append($";proj {p.Name},{p.Source.Index},{p.Target.Index},{p.Channel},{p.EqualTo},{p.Shift},{p.MinDelay},{p.MaxDelay},{Stored(p)}");
            text.Append(p.Learning switch
            {
                WinnerTakeAllPlan w => $",wta,{w.LearningRate:R},{w.ThresholdGain:R},{w.WeightSum:R},{w.ResetEverySteps},{w.ResetBelowWins},{w.ResetFraction:R}",
                PairStdpPlan s => $",stdp,{s.DecayPlus:R},{s.DecayMinus:R},{s.APlus:R},{s.AMinus:R},{s.Min:R},{s.Max:R},{s.Multiplicative}{(s.PowerLaw ? $",power,{s.Exponent:R}" : "")}{(s.ArrivalsFirst ? ",arrivals-first" : "")}",
                EligibilityStdpPlan s => $",eligibility,{Traces(s)},{s.ConsolidationSteps},{s.Retention:R},{s.Drift:R},{s.Baseline:R},{s.DecayReward:R}",
                TripletStdpPlan s => $",triplet,{Traces(s)},{s.TripletPlus:R},{s.TripletMinus:R},{s.DecayX:R},{s.DecayY:R}",
                _ => "",
            });
        }
        return text.ToString();
    }

    // A matrix counts its pairs, and what stands for a matrix counts as it.
    static long Stored(ProjectionPlan p) => p.EqualTo is SynapseStorage.DenseInt16 ? (long)p.Source.Count * p.Target.Count : p.SynapseCount;

    static string Traces(TracePlan s) => $"{s.DecayPlus:R},{s.DecayMinus:R},{s.APlus:R},{s.AMinus:R},{s.Min:R},{s.Max:R}";

    public static IEnumerable<ParameterArray> Constants(PopulationPlan p)
    {
        IEnumerable<ParameterArray> model = p.Neuron switch
        {
            IzhikevichPlan z => [z.ADt, z.B, z.C, z.D],
            AlphaLifPlan a => [a.Q22, a.P20, .. a.P21, .. a.RiseToPotential, a.Threshold, a.Reset],
            LifPlan l => [l.Q22, l.P20, .. l.P21, l.Threshold, l.Reset],
            ConductanceLifPlan g => [g.Leak, g.Gain, .. g.Reversal, g.Threshold, g.Reset],
            _ => [],
        };
        return model.Concat(p.Inputs.Select(i => i switch { CurrentPlan c => c.Initial, NoisePlan n => n.Deviation, _ => null }).OfType<ParameterArray>());
    }

    static string Scheme(PopulationPlan p) => p.Neuron switch
    {
        AlphaLifPlan => ", alpha currents",
        ConductanceLifPlan g => $", conductances by {g.Scheme}",
        _ => "",
    };

    static string Place(PopulationPlan p) => p.Description.Geometry is { } g ? $" on {g.GetType().Name}, area {g.Area:G4}" : "";

    static string Input(InputPlan input) => input switch
    {
        CurrentPlan c => $"current {c.Initial}",
        NoisePlan n => $"Gaussian noise, deviation {n.Deviation}",
        PulsePlan p => $"a pulse of {p.Amplitude} to one neuron of {p.Among:N0} in each step",
        PoissonPlan p => $"Poisson, at most {p.Table.MostCount} events a step",
        _ => "",
    };

    static string Storage(ProjectionPlan p) => p.Storage switch
    {
        SynapseStorage.DenseInt16 => $"a matrix of 16-bit weights x 2^{p.Shift - p.Target.Channels[p.Channel].ScaleLog2}",
        SynapseStorage.DenseFloat => "a matrix of float weights",
        SynapseStorage.SparseInt16 => $"rows of 16-bit weights x 2^{p.Shift - p.Target.Channels[p.Channel].ScaleLog2}",
        SynapseStorage.Stencil => $"a stencil of {p.Stencil!.Offsets:N0} 16-bit weights x 2^{p.Shift - p.Target.Channels[p.Channel].ScaleLog2} on a {p.Stencil.Lattice}",
        SynapseStorage.Procedural => $"rows made for each spike, 16-bit weights x 2^{p.Shift - p.Target.Channels[p.Channel].ScaleLog2}",
        _ => "rows of float weights",
    };

    static string Op(StepOp op) => op switch
    {
        ArriveOp a => $"arrive {a.Projection}",
        UpdateNeuronsOp u => $"update {u.Population}",
        LearnOp l => $"learn {l.Projection}",
        PropagateOp p => $"propagate {p.Projection}",
        RecordOp r => $"record {r.Recording.Population}",
        _ => op.ToString()!,
    };
}
