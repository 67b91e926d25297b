namespace TorchBrain.Native.Mnist;

/// <summary>A sheet that grew from one cell together with the pooling layer above it.</summary>
/// <param name="Colony">Who was born when and where.</param>
/// <param name="Layer">The pooling layer at the end.</param>
/// <param name="Living">Living nodes at the end of each simulated second.</param>
/// <param name="Units">Living units at the end of each simulated second.</param>
/// <param name="Seconds">Simulated seconds.</param>
/// <param name="SpikeHash">Hash of all spikes.</param>
public sealed record ColonyResult(CellColony Colony, GrownLayer Layer, IReadOnlyList<int> Living, IReadOnlyList<int> Units, int Seconds, string SpikeHash);

/// <summary>
/// Growth from one cell with activity running all the while. The network has a place for every cell and unit that will ever live; those not born yet are silent. Departure from
/// the published script: the mean of a unit's weights is taken over all cells that will ever live, so early fields have larger weights.
/// </summary>
public static class ColonyGrowth
{
    /// <summary>Grows colony and pooling layer.</summary>
    /// <param name="colony">The history of the cells.</param>
    /// <param name="outline">The outline it grew into; measures distances.</param>
    /// <param name="sheet">Coupling and noise; its node count and geometry are taken from the colony. The authors use r_o = 4.</param>
    /// <param name="options">Learning of the pooling layer; its units are the colony's.</param>
    /// <param name="backend">Where to run.</param>
    /// <param name="progress">Told once per simulated second: the fraction of the history that is done.</param>
    /// <param name="cancellation">Ends it early with what has grown.</param>
    public static ColonyResult Run(CellColony colony, Geometry outline, SheetOptions sheet, PoolingOptions options, IBackend backend,
        IProgress<GrowthProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(colony);
        ArgumentNullException.ThrowIfNull(sheet);
        ArgumentNullException.ThrowIfNull(options);
        if (colony.Units.Count == 0)
            throw new TorchBrainException(ErrorCode.Incompatible, $"The colony of {colony.Positions.Count} cells founded no unit.", "Let it grow longer, or raise UnitProbability.");
        var cells = colony.Positions.Count;
        sheet = sheet with { Nodes = cells, Geometry = new Points(colony.Positions) { Metric = outline }, Excitability = Excitability.Shared };
        options = options with { Units = colony.Units.Count };
        var retina = sheet.Population(lesionable: true);
        var pools = options.Population() with { Lesionable = true };
        var own = new float[cells * options.Units];
        for (var unit = 0; unit < options.Units; unit++)
            own[colony.Units[unit].Cell * options.Units + unit] = 1; // the planner scales it to the mean weight
        var network = new Network
        {
            Name = "colony",
            Seed = sheet.Seed,
            Populations = [retina, pools],
            Projections = [sheet.Coupling(retina), options.Feed(retina, pools) with { Weight = Parameter.Values(own) }],
            Inputs = [sheet.Noise(retina)],
        };
        using var simulation = Simulation.Create(network, backend);
        return new Growing(colony, options, simulation).Run(progress, cancellation);
    }

    sealed class Growing(CellColony colony, PoolingOptions options, Simulation simulation)
    {
        readonly PopulationHandle _retina = simulation.Population("retina"), _pools = simulation.Population("pools");
        readonly bool[] _cells = new bool[colony.Positions.Count], _units = new bool[colony.Units.Count];
        readonly float[] _v = new float[colony.Positions.Count], _u = new float[colony.Positions.Count], _theta = new float[colony.Units.Count];
        readonly List<int> _living = [], _livingUnits = [];
        int _nextCell, _nextUnit;

        public ColonyResult Run(IProgress<GrowthProgress>? progress, CancellationToken cancellation)
        {
            var seconds = 0;
            var total = Math.Min(options.MaxSeconds, Math.Max(100, (colony.Steps + 999) / 1000 + 60));
            while (seconds < total && !cancellation.IsCancellationRequested)
            {
                RunSecond(seconds * 1000L);
                seconds++;
                _living.Add(_nextCell);
                _livingUnits.Add(_nextUnit);
                progress?.Report(new GrowthProgress(seconds, (double)seconds / total, total));
            }
            var weights = new float[simulation.Projection("retina", "pools").SynapseCount];
            simulation.ReadWeights(simulation.Projection("retina", "pools"), weights);
            return new ColonyResult(colony, new GrownLayer(GrownLayer.ByUnit(weights, _cells.Length, _units.Length), colony.Positions, options), _living, _livingUnits, seconds, simulation.SpikeHash);
        }

        // Runs from birth to birth within a second.
        void RunSecond(long start)
        {
            var step = start;
            while (step < start + 1000)
            {
                Give(step);
                var next = Math.Min(start + 1000, NextEvent());
                simulation.Run(next - step);
                step = next;
            }
        }

        long NextEvent() => Math.Min(_nextCell < _cells.Length ? colony.BornAt[_nextCell] : long.MaxValue, _nextUnit < _units.Length ? colony.Units[_nextUnit].Step : long.MaxValue);

        // Births that are due: the newborn starts from rest, a new unit from its first threshold.
        void Give(long step)
        {
            if (NextEvent() > step)
                return;
            simulation.ReadState(_retina, "v", _v);
            simulation.ReadState(_retina, "u", _u);
            simulation.ReadState(_pools, "theta", _theta);
            for (; _nextCell < _cells.Length && colony.BornAt[_nextCell] <= step; _nextCell++)
                (_cells[_nextCell], _v[_nextCell], _u[_nextCell]) = (true, -65, -13);
            for (; _nextUnit < _units.Length && colony.Units[_nextUnit].Step <= step; _nextUnit++)
                (_units[_nextUnit], _theta[_nextUnit]) = (true, simulation.Plan.Populations[_pools.Index].Neuron.State[1].Initial[_nextUnit]);
            simulation.WriteState(_retina, "v", _v);
            simulation.WriteState(_retina, "u", _u);
            simulation.WriteState(_pools, "theta", _theta);
            simulation.SetAlive(_retina, _cells);
            simulation.SetAlive(_pools, _units);
        }
    }
}
