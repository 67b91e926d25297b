namespace TorchBrain.Native.Mnist;

/// <summary>Rules of growth from one cell; defaults as published (Raghavan and Thomson 2019, supplementary script).</summary>
public sealed record ColonyOptions
{
    /// <summary>Outline that the sheet grows into.</summary>
    public Geometry Outline { get; init; } = new Square(28);
    /// <summary>Where the first cell lies.</summary>
    public Position? FirstCell { get; init; }
    /// <summary>A cell divides if at most this many cells (itself included) lie within 1.</summary>
    public int DivideBelow { get; init; } = 3;
    /// <summary>Most cells within 1 of a new cell.</summary>
    public int CrowdedAbove { get; init; } = 11;
    /// <summary>Divisions left to the first cell; each daughter has one less.</summary>
    public int Divisions { get; init; } = 40;
    /// <summary>Visits without division until a cell stops trying and may form a unit of the second layer.</summary>
    public int Patience { get; init; } = 25;
    /// <summary>Probability that a cell that stopped forms a unit, if no cell within 1 has.</summary>
    public double UnitProbability { get; init; } = 0.4;
    /// <summary>Most cells: growth ends there.</summary>
    public int MaxCells { get; init; } = 4000;
    /// <summary>Most steps of growth.</summary>
    public int MaxSteps { get; init; } = 400_000;
    /// <summary>Seed.</summary>
    public ulong Seed { get; init; } = 1;
}

/// <summary>
/// How a sheet grows from one cell: each step visits one cell, which divides if it has room, and otherwise grows old and may found a unit of the second layer. Nothing in these
/// rules asks what the network does, so the whole history is worked out first: who is born when and where, and which cell founds a unit when.
/// </summary>
public sealed class CellColony
{
    const double Near = 1, DaughterMin = 1, DaughterMax = 2;
    const int Tries = 50;

    readonly ColonyOptions _options;
    readonly List<Position> _positions = [];
    readonly List<int> _born = [], _divisions = [], _timers = [];
    readonly List<bool> _founded = [];
    readonly List<(int Cell, int Step)> _units = [];
    readonly Dictionary<(int, int), List<int>> _cells = [];
    RandomSequence _random;

    CellColony(ColonyOptions options)
    {
        _options = options;
        _random = new RandomSequence(options.Seed, RandomStream.Named("colony"));
    }

    /// <summary>Position of each cell, in order of birth.</summary>
    public IReadOnlyList<Position> Positions => _positions;
    /// <summary>Step at which each cell is born; 0 for the first.</summary>
    public IReadOnlyList<int> BornAt => _born;
    /// <summary>Founding cell and step of each unit of the second layer.</summary>
    public IReadOnlyList<(int Cell, int Step)> Units => _units;
    /// <summary>Step at which nothing more would happen.</summary>
    public int Steps { get; private set; }
    /// <summary>Cells per unit area of the outline.</summary>
    public double Density => _positions.Count / _options.Outline.Area;

    /// <summary>Works out a growth.</summary>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.GeometryInvalid"/>: the first cell lies outside the outline.</exception>
    public static CellColony Grow(ColonyOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var colony = new CellColony(options);
        colony.Run();
        return colony;
    }

    void Run()
    {
        var o = _options.Outline;
        var first = _options.FirstCell ?? new Position((float)((o.MinX + o.MaxX) / 2), (float)((o.MinY + o.MaxY) / 2), 0);
        if (!o.Contains(first))
            throw new TorchBrainException(ErrorCode.GeometryInvalid, $"ColonyOptions.FirstCell {first} lies outside the outline.", "Choose a point inside it.");
        Add(first, 0, _options.Divisions);
        var idle = 0;
        for (int step = 0, cell = 0; step < _options.MaxSteps && idle < _positions.Count; step++)
        {
            idle = Visit(cell, step) ? 0 : idle + 1;
            cell = (cell + 1) % _positions.Count;
            Steps = step + 1;
        }
    }

    // True if anything happened, or still can.
    bool Visit(int cell, int step)
    {
        if (_timers[cell] <= 0)
            return false;
        if (_divisions[cell] > 0 && _positions.Count < _options.MaxCells && CountNear(_positions[cell]) <= _options.DivideBelow && Divide(cell, step))
            return true;
        if (--_timers[cell] == 0 && !AnyFoundedNear(cell) && _random.NextUniform() < _options.UnitProbability)
        {
            _founded[cell] = true;
            _units.Add((cell, step));
        }
        return true;
    }

    bool Divide(int cell, int step)
    {
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            var angle = 2 * Math.PI * _random.NextUniform();
            var distance = DaughterMin + (DaughterMax - DaughterMin) * _random.NextUniform();
            var daughter = new Position((float)(_positions[cell].X + distance * Math.Cos(angle)), (float)(_positions[cell].Y + distance * Math.Sin(angle)), 0);
            if (!_options.Outline.Contains(daughter) || CountNear(daughter) > _options.CrowdedAbove)
                continue;
            _divisions[cell]--;
            _timers[cell] = _options.Patience;
            Add(daughter, step, _divisions[cell]);
            return true;
        }
        return false;
    }

    void Add(Position at, int step, int divisions)
    {
        var bin = Bin(at);
        if (!_cells.TryGetValue(bin, out var list))
            _cells[bin] = list = [];
        list.Add(_positions.Count);
        _positions.Add(at);
        _born.Add(step);
        _divisions.Add(divisions);
        _timers.Add(_options.Patience);
        _founded.Add(false);
    }

    static (int, int) Bin(Position p) => ((int)Math.Floor(p.X / Near), (int)Math.Floor(p.Y / Near));

    int CountNear(Position p)
    {
        var count = 0;
        foreach (var _ in NearCells(p))
            count++;
        return count;
    }

    bool AnyFoundedNear(int cell)
    {
        foreach (var other in NearCells(_positions[cell]))
            if (_founded[other])
                return true;
        return false;
    }

    IEnumerable<int> NearCells(Position p)
    {
        var (bx, by) = Bin(p);
        for (var x = bx - 1; x <= bx + 1; x++)
            for (var y = by - 1; y <= by + 1; y++)
                if (_cells.TryGetValue((x, y), out var list))
                    foreach (var other in list)
                        if (_options.Outline.Distance(_positions[other], p) <= Near)
                            yield return other;
    }
}
