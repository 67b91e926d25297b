using TorchBrain.Native.Planning;

namespace TorchBrain.Native;

/// <summary>A population of a simulation, resolved once by name.</summary>
public readonly record struct PopulationHandle
{
    internal PopulationHandle(PopulationPlan plan) => Plan = plan;
    internal PopulationPlan Plan { get; }
    /// <summary>Position in the plan.</summary>
    public int Index => Plan.Index;
    /// <summary>Name.</summary>
    public string Name => Plan.Name;
    /// <summary>Neurons.</summary>
    public int Count => Plan.Count;
    /// <summary>Elements: neurons x batch; element = neuron x batch + instance.</summary>
    public int Elements => Plan.Elements;
}

/// <summary>A projection of a simulation, resolved once by name.</summary>
public readonly record struct ProjectionHandle
{
    internal ProjectionHandle(ProjectionPlan plan) => Plan = plan;
    internal ProjectionPlan Plan { get; }
    /// <summary>Position in the plan.</summary>
    public int Index => Plan.Index;
    /// <summary>Name.</summary>
    public string Name => Plan.Name;
    /// <summary>Number of synapses; sources x targets for dense storage.</summary>
    public long SynapseCount => Plan.SynapseCount;
}
