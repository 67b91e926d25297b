namespace TorchBrain.Native.Planning;

/// <summary>Lists the mutable buffers of a plan. The only place that assigns them.</summary>
static class BufferPlanner
{
    public static List<BufferSpec> Plan(PopulationPlan[] populations, ProjectionPlan[] projections, int batch)
    {
        var buffers = new List<BufferSpec>();
        void Add(string name, BufferKind kind, int owner, int index, ElementType type, long length) =>
            buffers.Add(new BufferSpec(buffers.Count, name, kind, owner, index, type, length));

        foreach (var p in populations)
        {
            long words = (p.Elements + 31) / 32;
            for (var s = 0; s < p.Neuron.State.Count; s++)
                Add($"{p.Name}.{p.Neuron.State[s].Name}", BufferKind.State, p.Index, s, ElementType.Float32, p.Elements);
            for (var c = 0; c < p.Channels.Count; c++)
                Add($"{p.Name}.input[{p.Channels[c].Name}]", BufferKind.PendingInput, p.Index, c, p.Channels[c].Wide ? ElementType.Int64 : ElementType.Int32, (long)p.RingSlots * p.Elements);
            for (var i = 0; i < p.Inputs.Count; i++)
                if (p.Inputs[i] is CurrentPlan)
                    Add(p.Inputs[i].Name, BufferKind.InjectedCurrent, p.Index, i, ElementType.Float32, p.Elements);
            Add($"{p.Name}.spikes", BufferKind.SpikeHistory, p.Index, 0, ElementType.Int32, p.HistorySlots * words);
            if (p.Description.Lesionable)
                Add($"{p.Name}.alive", BufferKind.Alive, p.Index, 0, ElementType.Int32, words);
        }
        foreach (var p in projections)
        {
            if (p.HasWeightBuffer)
                Add($"{p.Name}.weights", BufferKind.Weights, p.Index, 0, ElementType.Float32, p.SynapseCount * (p.Learning is null ? 1 : batch));
            if (p.Learning is WinnerTakeAllPlan)
            {
                Add($"{p.Name}.wins", BufferKind.Wins, p.Index, 0, ElementType.Int32, p.Target.Elements);
                Add($"{p.Name}.largestInput", BufferKind.LargestInput, p.Index, 0, ElementType.Float32, p.Target.Elements);
            }
            if (p.Learning is PairStdpPlan stdp)
            {
                Add($"{p.Name}.preTraces", BufferKind.PreTrace, p.Index, 0, ElementType.Float32, (long)stdp.TraceSlots * p.Source.Elements);
                Add($"{p.Name}.preTrace", BufferKind.PreTraceNow, p.Index, 0, ElementType.Float32, p.Source.Elements);
                Add($"{p.Name}.postTrace", BufferKind.PostTrace, p.Index, 0, ElementType.Float32, p.Target.Elements);
            }
            if (p.Learning is EligibilityStdpPlan or TripletStdpPlan)
                for (var k = 0; k < (p.Learning is TripletStdpPlan ? 2 : 1); k++)
                {
                    Add($"{p.Name}.{(k == 0 ? "preTraces" : "slowPreTraces")}", BufferKind.TraceHistory, p.Index, k, ElementType.Float32, (long)((TracePlan)p.Learning).TraceSlots * p.Source.Elements);
                    Add($"{p.Name}.{(k == 0 ? "postTrace" : "slowPostTrace")}", BufferKind.PostTrace, p.Index, k, ElementType.Float32, p.Target.Elements);
                }
            if (p.Learning is EligibilityStdpPlan)
            {
                Add($"{p.Name}.eligibility", BufferKind.Eligibility, p.Index, 0, ElementType.Float32, p.SynapseCount * batch);
                Add($"{p.Name}.reward", BufferKind.Reward, p.Index, 0, ElementType.Float32, batch);
            }
        }
        return buffers;
    }
}
