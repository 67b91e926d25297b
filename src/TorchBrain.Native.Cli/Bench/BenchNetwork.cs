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
        new("sheet", (_, seed) => new SheetOptions { Geometry = new Torus(28, 28), Seed = seed }.Network() with { Name = "sheet", Recordings = [] }),
        .. PublishedNetwork.All.Select(n => new BenchNetwork(n.Name, (scale, seed) => n.Make(scale, seed, 0) with { Name = n.Name })),
    ];
}
