namespace TorchBrain.Native.Mnist;

/// <summary>
/// The network that reads images: an eye of integrate-and-fire nodes at the positions of the sheet, whose current is the image; the pools; and local random units
/// above the pools, each with signed weights that sum to zero over the pools within its reach. Nothing in it has seen an image. All neurons are perfect integrators
/// (membrane time constant 1e6 ms) with threshold 1.
/// </summary>
static class ReadingNetwork
{
    public const string Eye = "eye", Pools = "pools", Hidden = "hidden";

    static LeakyIntegrateAndFire Integrator { get; } = new()
    {
        TauMs = 1e6,
        CapacitancePf = 1,
        RestMv = 0,
        ResetMv = 0,
        ThresholdMv = 1,
        RefractoryMs = 0,
        SpikeReset = SpikeReset.BySubtraction,
        InitialMv = Parameter.Uniform(0, 1),
        Synapses = new DeltaSynapses(),
    };

    public static Network Build(PoolingMatrix pools, IReadOnlyList<Position> nodes, ReadingOptions options)
    {
        var eye = new Population(Eye, nodes.Count) { Neuron = Integrator };
        var pooling = new Population(Pools, pools.Units) { Neuron = Integrator };
        List<Population> populations = [eye, pooling];
        List<Projection> projections = [new(eye, pooling) { Connectivity = new AllToAll(), Weight = Parameter.Values(PoolWeights(pools, options.PoolGain)) }];
        List<Input> inputs = [new CurrentInjection(eye)];
        if (options.HiddenUnits > 0)
        {
            var hidden = new Population(Hidden, options.HiddenUnits) { Neuron = Integrator };
            populations.Add(hidden);
            projections.Add(new(pooling, hidden) { Connectivity = new AllToAll(), Weight = Parameter.Values(HiddenWeights(Centres(pools, nodes), options)) });
            inputs.Add(new CurrentInjection(hidden) { Amplitude = Parameter.Normal(0, options.BiasDeviation) });
        }
        return new Network { Name = "reading", Seed = options.Seed, Populations = populations, Projections = projections, Inputs = inputs };
    }

    static float[] PoolWeights(PoolingMatrix pools, double gain)
    {
        var weights = new float[pools.Inputs * pools.Units];
        for (var unit = 0; unit < pools.Units; unit++)
            foreach (var input in pools.Pool(unit))
                weights[input * pools.Units + unit] = (float)(gain / pools.Pool(unit).Length);
        return weights;
    }

    static (double X, double Y)[] Centres(PoolingMatrix pools, IReadOnlyList<Position> nodes)
    {
        var centres = new (double, double)[pools.Units];
        for (var unit = 0; unit < pools.Units; unit++)
        {
            double x = 0, y = 0;
            foreach (var input in pools.Pool(unit))
            {
                x += nodes[input].X;
                y += nodes[input].Y;
            }
            centres[unit] = (x / pools.Pool(unit).Length, y / pools.Pool(unit).Length);
        }
        return centres;
    }

    // Each unit: a centre at a random pool, a reach, and normal weights over the pools within it, made to sum to 0 and scaled to the gain.
    static float[] HiddenWeights((double X, double Y)[] centres, ReadingOptions options)
    {
        var weights = new float[centres.Length * options.HiddenUnits];
        Parallel.For(0, options.HiddenUnits, unit =>
        {
            var random = new RandomSequence(options.Seed, RandomStream.Named("hidden/weights"), (uint)unit);
            var (cx, cy) = centres[random.NextBelow(centres.Length)];
            var reach = options.ReachMin + (options.ReachMax - options.ReachMin) * random.NextUniform();
            List<(int Pool, double Weight)> row = [];
            for (var pool = 0; pool < centres.Length; pool++)
                if (Math.Pow(centres[pool].X - cx, 2) + Math.Pow(centres[pool].Y - cy, 2) <= reach * reach)
                    row.Add((pool, random.NextNormal()));
            var mean = row.Average(w => w.Weight);
            var norm = Math.Sqrt(row.Sum(w => (w.Weight - mean) * (w.Weight - mean)));
            foreach (var (pool, weight) in row)
                weights[pool * options.HiddenUnits + unit] = norm > 0 ? (float)((weight - mean) / norm * options.HiddenGain) : 0f;
        });
        return weights;
    }
}
