namespace TorchBrain.Native.Mnist;

/// <summary>How the excitability of the sheet's cells is spread.</summary>
public enum Excitability
{
    /// <summary>c = -65 + 15 r^2 and d = 8 - 6 r^2 with one r per cell (published network scheme).</summary>
    Shared,
    /// <summary>c as above; d = 8 - 6 exp(-distance to the centre / 10): cells in the middle fire more easily (the developmental scripts).</summary>
    Centre,
}

/// <summary>
/// A layer-I sheet of noisy Izhikevich cells with centre-surround coupling (Raghavan and Thomson 2019), whose only input is noise and whose activity is travelling waves.
/// The defaults are those of the pooling experiment.
/// </summary>
public sealed record SheetOptions
{
    /// <summary>Nodes of the sheet.</summary>
    public int Nodes { get; init; } = 1500;
    /// <summary>Outline and metric.</summary>
    public Geometry Geometry { get; init; } = new Square(28);
    /// <summary>r_i, reach of excitation, sheet units.</summary>
    public double ExciteRadius { get; init; } = 2;
    /// <summary>r_o, where inhibition begins, sheet units: the size of the waves grows with it.</summary>
    public double InhibitRadius { get; init; } = 6;
    /// <summary>A_e.</summary>
    public double ExciteWeight { get; init; } = 5;
    /// <summary>A_i, positive.</summary>
    public double InhibitWeight { get; init; } = 2;
    /// <summary>lambda, decay length of the inhibition, sheet units.</summary>
    public double DecayLength { get; init; } = 10;
    /// <summary>Distance beyond which there is no inhibition; infinity as published.</summary>
    public double CutOff { get; init; } = double.PositiveInfinity;
    /// <summary>Standard deviation of the noise of each ms.</summary>
    public double NoiseDeviation { get; init; } = 3;
    /// <summary>Spread of excitability.</summary>
    public Excitability Excitability { get; init; } = Excitability.Centre;
    /// <summary>Seed of positions, cells and noise.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The sheet as a population; positions and cells follow from the seed of the network it is put into.</summary>
    /// <param name="name">Name of the population.</param>
    /// <param name="lesionable">True if cells may be silenced while it runs.</param>
    public Population Population(string name = "retina", bool lesionable = false)
    {
        var (x, y, z) = ((Geometry.MinX + Geometry.MaxX) / 2, (Geometry.MinY + Geometry.MaxY) / 2, (Geometry.MinZ + Geometry.MaxZ) / 2);
        var centre = new Position((float)x, (float)y, (float)z);
        return new Population(name, Nodes)
        {
            Geometry = Geometry,
            Lesionable = lesionable,
            Neuron = new Izhikevich
            {
                C = Parameter.FromUniform(r => -65 + 15 * r * r, "rho"),
                D = Excitability == Excitability.Shared ? Parameter.FromUniform(r => 8 - 6 * r * r, "rho")
                    : Parameter.FromPosition((p, _) => 8 - 6 * Math.Exp(-Straight(p, centre) / 10)),
                InitialU = -13.0,
            },
        };
    }

    /// <summary>The lateral coupling.</summary>
    public Projection Coupling(Population sheet) => new(sheet, sheet)
    {
        Connectivity = DistanceKernel.CentreSurround(ExciteRadius, InhibitRadius, ExciteWeight, InhibitWeight, DecayLength, CutOff),
    };

    /// <summary>The noise.</summary>
    public Input Noise(Population sheet) => new GaussianNoise(sheet) { Deviation = NoiseDeviation };

    /// <summary>The sheet as a network of its own, spikes recorded.</summary>
    public Network Network(int recordingSteps = 1000)
    {
        var sheet = Population();
        return new Network
        {
            Name = "waves",
            Seed = Seed,
            Populations = [sheet],
            Projections = [Coupling(sheet)],
            Inputs = [Noise(sheet)],
            Recordings = [new SpikeRecording(sheet) { Steps = recordingSteps }],
        };
    }

    static double Straight(in Position a, in Position b)
    {
        double x = a.X - b.X, y = a.Y - b.Y, z = a.Z - b.Z;
        return Math.Sqrt(x * x + y * y + z * z);
    }
}
