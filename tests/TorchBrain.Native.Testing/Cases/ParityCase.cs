namespace TorchBrain.Native.Tests;

/// <summary>A network to be run on every backend, with what the host does meanwhile.</summary>
sealed record ParityCase(string Name, Network Network)
{
    public long Steps { get; init; } = 120;

    /// <summary>Each population must spike at least this often, else the comparison says nothing.</summary>
    public int LeastSpikes { get; init; } = 20;

    /// <summary>Populations that may stay silent.</summary>
    public string[] Silent { get; init; } = [];

    /// <summary>Called before each step that is a multiple of <see cref="HostEvery"/>.</summary>
    public Action<Simulation, long>? Host { get; init; }
    public int HostEvery { get; init; } = 40;

    public override string ToString() => Name;

    public static ParityCase Of(string name, IReadOnlyList<Population> populations, IReadOnlyList<Projection>? projections = null, IReadOnlyList<Input>? inputs = null,
        int batch = 1, double dt = 1.0, ulong seed = 11) =>
        new(name, new Network { Name = name, Populations = populations, Projections = projections ?? [], Inputs = inputs ?? [], Batch = batch, TimeStepMs = dt, Seed = seed });

    /// <summary>Runs from where the simulation is to a step.</summary>
    public void Run(Simulation simulation, long until, bool singly = false)
    {
        while (simulation.StepNumber < until)
        {
            var step = simulation.StepNumber;
            if (Host is not null && step % HostEvery == 0)
                Host(simulation, step);
            var part = singly ? 1 : Host is null ? until - step : Math.Min(until - step, HostEvery - step % HostEvery);
            simulation.Run(part);
        }
    }
}
