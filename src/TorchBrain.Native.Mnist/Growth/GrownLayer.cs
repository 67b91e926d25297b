namespace TorchBrain.Native.Mnist;

/// <summary>A pooling layer as it stands: weights and receptive fields.</summary>
public sealed class GrownLayer
{
    /// <summary>Takes over the weights.</summary>
    /// <param name="weights">Weight of input i onto unit j at [j x inputs + i].</param>
    /// <param name="positions">Position of each input.</param>
    /// <param name="options">The options it grew with.</param>
    public GrownLayer(float[] weights, IReadOnlyList<Position> positions, PoolingOptions options)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(positions);
        ArgumentNullException.ThrowIfNull(options);
        Weights = weights;
        Positions = positions;
        Options = options;
        Units = weights.Length / positions.Count;
        FieldSizes = new int[Units];
        for (var unit = 0; unit < Units; unit++)
            foreach (var weight in Row(unit))
                if (weight >= options.FieldThreshold)
                    FieldSizes[unit]++;
    }

    /// <summary>Weights, [unit][input].</summary>
    public float[] Weights { get; }
    /// <summary>Positions of the inputs.</summary>
    public IReadOnlyList<Position> Positions { get; }
    /// <summary>Options it grew with.</summary>
    public PoolingOptions Options { get; }
    /// <summary>Units.</summary>
    public int Units { get; }
    /// <summary>Inputs.</summary>
    public int Inputs => Positions.Count;
    /// <summary>Inputs in the receptive field of each unit.</summary>
    public int[] FieldSizes { get; }

    /// <summary>Turns weights [input][unit], as a simulation gives them, into [unit][input].</summary>
    public static float[] ByUnit(ReadOnlySpan<float> byInput, int inputs, int units)
    {
        var byUnit = new float[byInput.Length];
        for (var i = 0; i < inputs; i++)
            for (var j = 0; j < units; j++)
                byUnit[j * inputs + i] = byInput[i * units + j];
        return byUnit;
    }

    /// <summary>The weights of a unit.</summary>
    public ReadOnlySpan<float> Row(int unit) => Weights.AsSpan(unit * Inputs, Inputs);

    /// <summary>True if a unit's field has formed: smaller than the bound, and more than the one input that a unit of a colony starts with.</summary>
    public bool IsFormed(int unit) => FieldSizes[unit] < Options.FormedBelow && FieldSizes[unit] > 1;

    /// <summary>Number of formed units.</summary>
    public int Formed => Enumerable.Range(0, Units).Count(IsFormed);

    /// <summary>Mean field of formed units, inputs.</summary>
    public double MeanField => Formed == 0 ? double.NaN : Enumerable.Range(0, Units).Where(IsFormed).Average(u => (double)FieldSizes[u]);

    /// <summary>Units with a field smaller than a bound, empty ones included.</summary>
    public int WithFieldBelow(int bound) => FieldSizes.Count(size => size < bound);

    /// <summary>Fraction of inputs in the field of at least one formed unit.</summary>
    public double Coverage
    {
        get
        {
            var covered = new bool[Inputs];
            for (var unit = 0; unit < Units; unit++)
                if (IsFormed(unit))
                    for (var i = 0; i < Inputs; i++)
                        covered[i] |= Weights[unit * Inputs + i] >= Options.FieldThreshold;
            return covered.Count(c => c) / (double)Inputs;
        }
    }

    /// <summary>Centre of a unit's field: the mean position of its inputs, weighted.</summary>
    public Position Centre(int unit)
    {
        double x = 0, y = 0, z = 0, sum = 0;
        for (var i = 0; i < Inputs; i++)
        {
            var w = Weights[unit * Inputs + i];
            if (w < Options.FieldThreshold)
                continue;
            sum += w;
            x += w * Positions[i].X;
            y += w * Positions[i].Y;
            z += w * Positions[i].Z;
        }
        return sum > 0 ? new Position((float)(x / sum), (float)(y / sum), (float)(z / sum)) : default;
    }

    /// <summary>The formed units as a binary matrix for the read-out experiments.</summary>
    public PoolingMatrix Pools() => PoolingMatrix.FromWeights(Weights, Inputs, Options.FieldThreshold, Options.FormedBelow);
}
