using TorchBrain.Native.Cpu;
using TorchBrain.Native.Mnist;

namespace TorchBrain.Native.Tests;

/// <summary>The plans of the networks behind the command: waves, pooling, damage, colony, stack and the reading of digits, all at their default sizes.</summary>
static class MnistPlans
{
    public static IReadOnlyList<NetworkPlan> All()
    {
        using var backend = new Witness();
        var (sheet, pooling) = (new SheetOptions(), new PoolingOptions());
        using (new PoolingGrowth(sheet, pooling, backend)) { }
        using (new PoolingGrowth(sheet with { Geometry = new Torus(30, 30), Excitability = Excitability.Shared }, pooling, backend, recordingSteps: 100)) { }

        var done = new CancellationToken(canceled: true);
        _ = LayerStack.Grow(sheet, pooling with { FormedBelow = int.MaxValue }, new StackOptions(), backend, cancellation: done);
        var outline = new Square(12);
        _ = ColonyGrowth.Run(CellColony.Grow(new ColonyOptions { Outline = outline }), outline, sheet, pooling, backend, cancellation: done);

        var reading = new ReadingOptions();
        foreach (var options in new[] { reading, reading with { HiddenUnits = 0 } })
            using (new SpikingReader(PoolingMatrix.Random(sheet.Nodes, pooling.Units, 100, 1), sheet.Network().Plan().Populations[0].Positions!, 28, options, backend, workers: 1)) { }
        return [sheet.Network().Plan(), .. backend.Seen];
    }

    /// <summary>Notes every plan that passes and leaves the work to the CPU.</summary>
    sealed class Witness : IBackend
    {
        readonly CpuBackend _cpu = new(new CpuOptions { Threads = 1 });

        public List<NetworkPlan> Seen { get; } = [];
        public string Name => _cpu.Name;

        public ICompiledNetwork Compile(NetworkPlan plan)
        {
            Seen.Add(plan);
            return _cpu.Compile(plan);
        }

        public void Dispose() => _cpu.Dispose();
    }
}
