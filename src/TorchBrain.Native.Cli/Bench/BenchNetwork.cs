using TorchBrain.Native.Mnist;
using TorchBrain.Native.Networks;

namespace TorchBrain.Native.Cli;

/// <summary>A network that is run for its speed.</summary>
/// <param name="Name">The word for --only.</param>
/// <param name="Make">The network at a scale, with a seed.</param>
sealed record BenchNetwork(string Name, Func<double, ulong, Network> Make)
{
    public static IReadOnlyList<BenchNetwork> All { get; } =
    [
        new("microcircuit", (scale, seed) => new Microcircuit { NeuronScale = scale, InDegreeScale = scale, Seed = seed }.Network()),
        new("izhikevich", (scale, seed) => new IzhikevichNetwork { Neurons = Math.Max(5, (int)Math.Round(10_000 * scale)), Seed = seed }.Network()),
        new("sheet", (_, seed) => new SheetOptions { Geometry = new Torus(28, 28), Seed = seed }.Network() with { Name = "sheet", Recordings = [] }),
        new("stdp", (scale, seed) => new PlasticProjection { Scale = scale, Seed = seed }.Network()),
    ];
}
