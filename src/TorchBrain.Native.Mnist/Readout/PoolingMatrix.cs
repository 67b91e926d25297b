namespace TorchBrain.Native.Mnist;

/// <summary>Which inputs each unit of a pooling layer gathers: a binary matrix [inputs x units], kept as one sorted list of inputs for each unit.</summary>
public sealed class PoolingMatrix
{
    /// <summary>Weights above this belong to a unit's pool, as in the published read-out.</summary>
    public const float PublishedThreshold = 0.1f;

    /// <summary>Units with at least this many inputs have not become local and are left out, as in the published read-out.</summary>
    public const int PublishedLimit = 150;

    readonly int[][] _pools;

    /// <summary>Creates a matrix from lists.</summary>
    /// <param name="inputs">The number of inputs, at least 1.</param>
    /// <param name="pools">For each unit the inputs it gathers, each 0 to <paramref name="inputs"/> - 1, no input twice in one list; at least one unit. Copied.</param>
    /// <exception cref="TorchBrainException">TBN1008: an input is out of range or named twice. TBN1002: there are no inputs or no units.</exception>
    public PoolingMatrix(int inputs, IEnumerable<IReadOnlyCollection<int>> pools)
    {
        ArgumentNullException.ThrowIfNull(pools);
        _pools = [.. pools.Select(p => p.Order().ToArray())];
        Inputs = inputs;
        if (inputs < 1 || _pools.Length == 0)
            throw new TorchBrainException(ErrorCode.EmptyPopulation, $"A pooling matrix of {inputs} inputs and {_pools.Length} units; at least one of each is needed.",
                "Check the positions or weights it was made from.");
        for (var unit = 0; unit < _pools.Length; unit++)
            for (var i = 0; i < _pools[unit].Length; i++)
            {
                var input = _pools[unit][i];
                if (input < 0 || input >= inputs || (i > 0 && input == _pools[unit][i - 1]))
                    throw new TorchBrainException(ErrorCode.IndexOutOfRange, $"Pool {unit} names input {input}; allowed are 0 to {inputs - 1}, each once.", "Mend the list.");
            }
    }

    /// <summary>The number of inputs.</summary>
    public int Inputs { get; }

    /// <summary>The number of units.</summary>
    public int Units => _pools.Length;

    /// <summary>The mean number of inputs of a unit.</summary>
    public double MeanPoolSize => _pools.Average(p => (double)p.Length);

    /// <summary>The share of inputs that belong to at least one pool, 0 to 1.</summary>
    public double Coverage => (double)_pools.SelectMany(p => p).Distinct().Count() / Inputs;

    /// <summary>Whether a unit gathers an input.</summary>
    /// <param name="input">0 to <see cref="Inputs"/> - 1.</param>
    /// <param name="unit">0 to <see cref="Units"/> - 1.</param>
    public bool this[int input, int unit] => _pools[unit].AsSpan().BinarySearch(input) >= 0;

    /// <summary>The inputs of a unit, rising.</summary>
    /// <param name="unit">0 to <see cref="Units"/> - 1.</param>
    public ReadOnlySpan<int> Pool(int unit) => _pools[unit];

    /// <summary>The first units as a matrix of their own.</summary>
    /// <param name="units">How many, 1 to <see cref="Units"/>.</param>
    /// <exception cref="TorchBrainException">TBN1001: there are not so many.</exception>
    public PoolingMatrix Take(int units)
    {
        if (units < 1 || units > Units)
            throw new TorchBrainException(ErrorCode.NumberOutOfRange, $"{units} units of a pooling matrix were asked for; it has {Units}.", $"Ask for 1 to {Units}.");
        return new PoolingMatrix(Inputs, _pools.Take(units));
    }

    /// <summary>Hand-made pools: discs round the middles of grid x grid equal squares. Published: 21 x 21 pools of about 101 inputs.</summary>
    /// <param name="x">Horizontal node positions [nodes], 0 to <paramref name="side"/>.</param>
    /// <param name="y">Vertical node positions [nodes], 0 to <paramref name="side"/>.</param>
    /// <param name="side">The side of the sheet, above zero.</param>
    /// <param name="radius">The radius of the discs in the unit of the positions, above zero; see <see cref="RadiusForMean"/>.</param>
    /// <param name="grid">Pools in each direction, 1 to 1000.</param>
    /// <exception cref="TorchBrainException">TBN1009: positions, side or radius are wrong. TBN1001: the grid is out of range.</exception>
    public static PoolingMatrix HandCrafted(ReadOnlySpan<float> x, ReadOnlySpan<float> y, float side, double radius, int grid = 21)
    {
        Sheet.Check(x, y, side);
        CheckGrid(grid);
        if (!(radius > 0) || !double.IsFinite(radius))
            throw new TorchBrainException(ErrorCode.GeometryInvalid, $"The radius of the pools is {radius}; allowed is any finite number above zero.", "Ask RadiusForMean for one.");
        var pools = new List<int>[grid * grid];
        for (var p = 0; p < pools.Length; p++)
        {
            pools[p] = [];
            for (var n = 0; n < x.Length; n++)
                if (SquaredDistance(x[n], y[n], p, side, grid) <= radius * radius) pools[p].Add(n);
        }
        return new PoolingMatrix(x.Length, pools);
    }

    /// <summary>The radius with which <see cref="HandCrafted"/> pools have the mean size asked for.</summary>
    /// <param name="x">Horizontal node positions [nodes], 0 to <paramref name="side"/>.</param>
    /// <param name="y">Vertical node positions [nodes], 0 to <paramref name="side"/>.</param>
    /// <param name="side">The side of the sheet, above zero.</param>
    /// <param name="mean">The mean number of inputs of a pool, above zero, up to the number of nodes.</param>
    /// <param name="grid">Pools in each direction, 1 to 1000.</param>
    /// <exception cref="TorchBrainException">TBN1009: positions or side are wrong. TBN1001: mean or grid are out of range.</exception>
    public static double RadiusForMean(ReadOnlySpan<float> x, ReadOnlySpan<float> y, float side, double mean = 101, int grid = 21)
    {
        Sheet.Check(x, y, side);
        CheckGrid(grid);
        if (!(mean > 0 && mean <= x.Length))
            throw new TorchBrainException(ErrorCode.NumberOutOfRange, $"A mean pool of {mean} inputs; allowed is above 0, up to the {x.Length} nodes.", "Ask for smaller pools.");
        var squares = new double[(long)grid * grid * x.Length];
        for (var p = 0; p < grid * grid; p++)
            for (var n = 0; n < x.Length; n++) squares[p * x.Length + n] = SquaredDistance(x[n], y[n], p, side, grid);
        Array.Sort(squares);
        // The k smallest of all distances are the members of the pools if the radius is the k-th one.
        var members = Math.Clamp((int)Math.Round(mean * grid * grid), 1, squares.Length);
        return Math.Sqrt(Math.BitIncrement(squares[members - 1]));
    }

    /// <summary>Pools of one size whose inputs are drawn from all inputs alike, without repetition.</summary>
    /// <param name="inputs">The number of inputs, at least 1.</param>
    /// <param name="units">The number of units, at least 1.</param>
    /// <param name="poolSize">Inputs of each unit, 0 to <paramref name="inputs"/>.</param>
    /// <param name="seed">The seed; unit i depends on the seed and i alone.</param>
    /// <exception cref="TorchBrainException">TBN1001: a number is out of range.</exception>
    public static PoolingMatrix Random(int inputs, int units, int poolSize, ulong seed)
    {
        if (inputs < 1 || units < 1 || poolSize < 0 || poolSize > inputs)
            throw new TorchBrainException(ErrorCode.NumberOutOfRange,
                $"{units} random pools of {poolSize} out of {inputs} inputs; at least one unit and one input are needed, and no pool may exceed the inputs.",
                "Ask for smaller pools.");
        var pools = new int[units][];
        for (var unit = 0; unit < units; unit++)
        {
            var random = new RandomSequence(seed, RandomStream.Named("mnist/random pools"), (uint)unit);
            var order = Enumerable.Range(0, inputs).ToArray();
            random.Shuffle<int>(order);
            pools[unit] = order[..poolSize];
        }
        return new PoolingMatrix(inputs, pools);
    }

    /// <summary>The pools that learned weights amount to: inputs with a weight above the threshold, of units that have become local.</summary>
    /// <param name="weights">Weights [units x inputs], finite.</param>
    /// <param name="inputs">The number of inputs, at least 1.</param>
    /// <param name="threshold">Weights above it count.</param>
    /// <param name="limit">Units with this many inputs or more are left out.</param>
    /// <exception cref="TorchBrainException">TBN4003: the weights are no whole number of rows, or one is NaN or infinite. TBN1002: no unit is left.</exception>
    public static PoolingMatrix FromWeights(ReadOnlySpan<float> weights, int inputs, float threshold = PublishedThreshold, int limit = PublishedLimit)
    {
        if (inputs < 1 || weights.Length % inputs != 0)
            throw new TorchBrainException(ErrorCode.DataInconsistent, $"{weights.Length} weights for {inputs} inputs; a whole number of units is needed.", "Give weights [units x inputs].");
        var wrong = weights.IndexOfAnyExceptInRange(float.MinValue, float.MaxValue);
        if (wrong >= 0)
            throw new TorchBrainException(ErrorCode.DataInconsistent, $"The weight of unit {wrong / inputs} from input {wrong % inputs} is {weights[wrong]}; allowed are finite numbers.", "Find out why learning diverged.");
        var pools = new List<List<int>>();
        for (var start = 0; start < weights.Length; start += inputs)
        {
            var pool = new List<int>();
            for (var i = 0; i < inputs; i++)
                if (weights[start + i] > threshold) pool.Add(i);
            if (pool.Count < limit) pools.Add(pool);
        }
        return new PoolingMatrix(inputs, pools);
    }

    static void CheckGrid(int grid)
    {
        if (grid is < 1 or > 1000)
            throw new TorchBrainException(ErrorCode.NumberOutOfRange, $"A grid of {grid} x {grid} pools; allowed are 1 to 1000.", "The published grid is 21.");
    }

    static double SquaredDistance(float x, float y, int pool, float side, int grid)
    {
        var dx = x - (pool % grid + 0.5) * side / grid;
        var dy = y - (pool / grid + 0.5) * side / grid;
        return dx * dx + dy * dy;
    }
}
