namespace TorchBrain.Native.Tuning;

/// <summary>What plans have in common that are likely to be fast with the same settings.</summary>
public static class PlanShape
{
    /// <summary>
    /// The key of a plan's shape: kinds of neurons, orders of magnitude of neurons and synapses, kinds of storage, batch. For example
    /// <c>LeakyIntegrateAndFire+PoissonSource; neurons 1e4; synapses 1e7; SparseInt16; batch 1</c>, where 1e4 stands for 10,000 to 99,999.
    /// </summary>
    public static string Of(NetworkPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return string.Join("; ", Kinds(plan.Populations.Select(p => p.Description.Neuron.GetType().Name)), $"neurons {Magnitude(plan.Populations.Sum(p => (long)p.Count))}",
            $"synapses {Magnitude(plan.Projections.Sum(p => p.SynapseCount))}", Kinds(plan.Projections.Select(p => p.Storage.ToString())), $"batch {plan.Batch}");
    }

    static string Kinds(IEnumerable<string> names) => string.Join('+', names.Distinct().Order(StringComparer.Ordinal).DefaultIfEmpty("none"));

    static string Magnitude(long count)
    {
        if (count == 0)
            return "0";
        var power = 0;
        for (; count >= 10; count /= 10)
            power++;
        return $"1e{power}";
    }
}
