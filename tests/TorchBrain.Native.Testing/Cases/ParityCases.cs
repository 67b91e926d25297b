namespace TorchBrain.Native.Tests;

/// <summary>Every network of the parity matrix.</summary>
static class ParityCases
{
    public static IReadOnlyList<ParityCase> All { get; } = [.. NeuronCases.All(), .. SynapseModelCases.All(), .. ConnectivityCases.All(), .. BitmaskCases.All(), .. LearningCases.All(), .. PulseCases.All(), .. StencilCases.All(), .. ProceduralCases.All()];
}
