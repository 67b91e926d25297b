namespace TorchBrain.Native.Tests;

/// <summary>Stencils on lattices: whole and local, with and without borders, every batch, delay and width of sums.</summary>
static class StencilCases
{
    public static IEnumerable<ParityCase> All()
    {
        foreach (var batch in new[] { 1, 3, 64 })
        {
            var side = batch == 64 ? 4 : 1;
            yield return Sheet($"stencil, whole torus, batch {batch}", 23 / side, 17 / side, true, Waves(), batch: batch);
            yield return Sheet($"stencil, whole sheet, delay 3, batch {batch}", 19 / side, 19 / side, false, Waves(), 3, batch);
            yield return Sheet($"stencil, local on a torus, delay 9, batch {batch}", 36 / side, 30 / side, true, Waves(4), 9, batch);
            yield return Sheet($"stencil, local on a sheet, batch {batch}", 33 / side, 33 / side, false, Waves(3), batch: batch);
        }
        yield return Sheet("stencil, large whole torus", 64, 60, true, Waves());
        yield return Sheet("stencil, large whole sheet", 61, 61, false, Waves(), 2);
        yield return Sheet("stencil, ring of offsets on a sheet", 40, 40, false, new DistanceKernel { WeightAt = d => d is > 30 and < 34 ? 1.5 : d < 2 ? 2 : 0 });
        yield return Sheet("stencil, ring of offsets on a torus", 70, 50, true, new DistanceKernel { WeightAt = d => d is > 19 and < 22 ? 0.6 : 0, SelfConnections = true });
        yield return Sheet("stencil, one neighbour", 40, 50, true, new DistanceKernel { WeightAt = d => d is > 3.5 and < 4.5 ? 3 : 0, CutOff = 4.2 });
        yield return Sheet("stencil, all to all", 21, 20, true, new AllToAll { SelfConnections = false }, weight: -0.2);
        yield return Sheet("stencil, all to all by distance", 18, 18, false, new AllToAll(), 4, 3, Parameter.FromDistance(d => 2 - d / 4));
        yield return Sheet("stencil, pitch of a half", 24, 20, true, Waves(3), pitch: 0.5);
        yield return Wide(1);
        yield return Wide(3);
    }

    static DistanceKernel Waves(double cutOff = double.PositiveInfinity) => new() { WeightAt = d => d < 2 ? 4 : d > 2.5 ? -0.7 * Math.Exp(-d / 6) : 0, CutOff = cutOff };

    /// <summary>A lattice of Izhikevich neurons in noise.</summary>
    public static ParityCase Sheet(string name, int rows, int columns, bool torus, Connectivity connectivity, Parameter? delay = null, int batch = 1, Parameter? weight = null, double pitch = 1, RowStorage storage = RowStorage.Stencil)
    {
        Geometry geometry = torus ? new Torus(columns * pitch, rows * pitch) { Placement = NodePlacement.Lattice } : new Square(rows * pitch) { Placement = NodePlacement.Lattice };
        var sheet = new Population("sheet", rows * columns) { Neuron = new Izhikevich { C = Parameter.Uniform(-65, -50), InitialV = Parameter.Uniform(-70, -45) }, Geometry = geometry };
        return ParityCase.Of(name, [sheet], [new Projection(sheet, sheet) { Connectivity = connectivity, Weight = weight ?? 1, DelayMs = delay, Rows = storage }],
            [new GaussianNoise(sheet) { Deviation = 6 }, new CurrentInjection(sheet) { Amplitude = 3 }], batch) with
        { Steps = 80 };
    }

    // Very many copies of one synapse take the sums of all neurons to 64 bits.
    static ParityCase Wide(int batch)
    {
        var one = new Population("one", 3) { Neuron = new PoissonSource { RateHz = 200 } };
        var sheet = new Population("sheet", 280) { Neuron = new LeakyIntegrateAndFire { Synapses = new DeltaSynapses(), RefractoryMs = 1 }, Geometry = new Torus(20, 14) { Placement = NodePlacement.Lattice } };
        var copies = new ExplicitList([.. Enumerable.Range(0, 150_000).Select(k => new Synapse(k % 3, 3, k % 90 == 0 ? -9f : 9f))]);
        return ParityCase.Of($"wide, stencil, batch {batch}", [one, sheet],
            [new Projection(one, sheet) { Connectivity = copies }, new Projection(sheet, sheet) { Connectivity = Waves(), Rows = RowStorage.Stencil, DelayMs = 2 }],
            [new CurrentInjection(sheet) { Amplitude = Parameter.Uniform(300, 500) }], batch) with
        { Steps = 60 };
    }
}
