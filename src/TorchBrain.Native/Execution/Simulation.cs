using System.Runtime.InteropServices;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native;

/// <summary>
/// A running network, stepped by the host. The host owns time, threads and buffers: a step happens only inside <see cref="Step"/> or <see cref="Run"/>, and spans
/// handed in are copied. Nothing here allocates once a simulation is created, but for checkpoints.
/// </summary>
public sealed class Simulation : IDisposable
{
    readonly ICompiledNetwork _compiled;
    readonly float[] _reward;
    bool _disposed;
    readonly Dictionary<string, PopulationPlan> _populations;
    readonly Dictionary<string, ProjectionPlan> _projections;

    Simulation(ICompiledNetwork network)
    {
        _compiled = network;
        _reward = new float[network.Plan.Batch];
        _populations = network.Plan.Populations.ToDictionary(p => p.Name);
        _projections = network.Plan.Projections.ToDictionary(p => p.Name);
    }

    /// <summary>Plans and compiles a network.</summary>
    public static Simulation Create(Network network, IBackend backend) => Create(network.Plan(), backend);

    /// <summary>Compiles a plan.</summary>
    public static Simulation Create(NetworkPlan plan, IBackend backend)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(backend);
        return new Simulation(backend.Compile(plan));
    }

    // Every use of the network goes through here, so a disposed simulation says so.
    ICompiledNetwork Live => _disposed ? throw new ObjectDisposedException(nameof(Simulation)) : _compiled;

    /// <summary>The plan.</summary>
    public NetworkPlan Plan => _compiled.Plan;

    /// <summary>The compiled network, for tools.</summary>
    public ICompiledNetwork Compiled => Live;

    /// <summary>Number of the next step.</summary>
    public long StepNumber => Live.Step;

    /// <summary>Simulated time, ms.</summary>
    public double TimeMs => Live.Step * Plan.TimeStepMs;

    /// <summary>Hash of all spikes so far, 32 hexadecimal digits: equal on every backend, thread count and vector width.</summary>
    public string SpikeHash => Live.SpikeHash.ToString("x32");

    /// <summary>A population by name.</summary>
    public PopulationHandle Population(string name) => new(Find(_populations, name, "population"));

    /// <summary>A projection by name.</summary>
    public ProjectionHandle Projection(string name) => new(Find(_projections, name, "projection"));

    /// <summary>A projection by its ends, where only one joins them.</summary>
    public ProjectionHandle Projection(string source, string target) => Projection($"{source} -> {target}");

    PopulationPlan Own(PopulationHandle handle) => handle.Plan is { } plan && Plan.Populations[plan.Index % Plan.Populations.Count] == plan ? plan : throw Foreign("population", handle.Plan?.Name);

    ProjectionPlan Own(ProjectionHandle handle) =>
        handle.Plan is { } plan && Plan.Projections.Count > 0 && Plan.Projections[plan.Index % Plan.Projections.Count] == plan ? plan : throw Foreign("projection", handle.Plan?.Name);

    static TorchBrainException Foreign(string what, string? name) => new(ErrorCode.UnknownName,
        name is null ? $"The {what} handle is empty." : $"The {what} handle '{name}' belongs to another simulation.", $"Ask this simulation for it: simulation.{char.ToUpperInvariant(what[0])}{what[1..]}(name).");

    static T Find<T>(Dictionary<string, T> known, string name, string what) => known.TryGetValue(name, out var found) ? found
        : throw new TorchBrainException(ErrorCode.UnknownName, $"There is no {what} '{name}'; there are: {string.Join(", ", known.Keys.Select(k => $"'{k}'"))}.", "Use one of these names.");

    /// <summary>Advances by one step.</summary>
    public void Step() => Run(1);

    /// <summary>Advances by a number of steps.</summary>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.RecordingOverflow"/>: a recording would overwrite steps that were not drained.</exception>
    public void Run(long steps)
    {
        if (steps < 0)
            throw new TorchBrainException(ErrorCode.ValueOutOfRange, $"Run({steps}): the number of steps is negative.", "Use 0 or more.");
        if (steps > long.MaxValue - Live.Step)
            throw new TorchBrainException(ErrorCode.ValueOutOfRange, $"Run({steps}): beyond the last step that can be counted.", "Use fewer steps.");
        for (var i = 0; i < Plan.Recordings.Count; i++) // not foreach: the enumerator of an interface is an object
            if (steps > Plan.Recordings[i].Description.Steps - Live.RecordedSteps(i).Count)
                ThrowOverflow(Plan.Recordings[i], steps);
        Live.Run(steps);
    }

    void ThrowOverflow(RecordingPlan r, long steps) => throw new TorchBrainException(ErrorCode.RecordingOverflow,
        $"Run({steps}): the recording of '{r.Population.Name}' holds {Live.RecordedSteps(r.Index).Count} steps and has room for {r.Description.Steps}.",
        "Drain its recorder, use a recorder's Run, or set a longer window (Recording.Steps).");

    /// <summary>Waits until all steps are done.</summary>
    public void Synchronize() => Live.Synchronize();

    /// <summary>Back to the initial state and step 0.</summary>
    public void Reset() => Live.Reset();

    /// <summary>Ids of the elements that spiked in the last step, ascending.</summary>
    /// <param name="population">The population.</param>
    /// <param name="elements">At least <see cref="PopulationHandle.Elements"/> long.</param>
    /// <returns>Their number.</returns>
    public int ReadSpikes(PopulationHandle population, Span<int> elements)
    {
        Own(population);
        if (elements.Length < population.Elements)
            throw WrongLength(population.Name, "spikes", elements.Length, population.Elements);
        return Live.ReadSpikes(population.Plan.Index, elements);
    }

    /// <summary>Adds to each element of the span the number of spikes since the start or the last <see cref="Reset"/>.</summary>
    public void AddSpikeCounts(PopulationHandle population, Span<int> counts)
    {
        Own(population);
        if (counts.Length != population.Elements)
            throw WrongLength(population.Name, "spike counts", counts.Length, population.Elements);
        Live.AddSpikeCounts(population.Plan.Index, counts);
    }

    /// <summary>Sets the current of a population's first <see cref="CurrentInjection"/>; it stays until changed.</summary>
    /// <param name="population">The population.</param>
    /// <param name="current">One finite value per element.</param>
    public void SetCurrent(PopulationHandle population, ReadOnlySpan<float> current)
    {
        Own(population);
        var inputs = population.Plan.Inputs;
        for (var i = 0; i < inputs.Count; i++)
            if (inputs[i] is CurrentPlan)
            {
                if (current.Length != population.Elements)
                    throw WrongLength(population.Name, "currents", current.Length, population.Elements);
                RequireFinite(current, population.Name, "current");
                Live.WriteCurrent(population.Plan.Index, i, current);
                return;
            }
        throw new TorchBrainException(ErrorCode.NotInPlan, $"Population '{population.Name}' has no current input.", $"Add new CurrentInjection({population.Name}) to network.Inputs.");
    }

    /// <summary>Reads a state variable in its unit (for example v in mV).</summary>
    /// <param name="population">The population.</param>
    /// <param name="variable">Name of the variable.</param>
    /// <param name="values">One value per element.</param>
    public void ReadState(PopulationHandle population, string variable, Span<float> values)
    {
        var (buffer, state) = StateBuffer(population, variable, values.Length);
        Live.Read(buffer, MemoryMarshal.AsBytes(values));
        if (state.Offset is { } offset)
            for (var e = 0; e < values.Length; e++)
                values[e] += offset[e / Plan.Batch];
    }

    /// <summary>Writes a state variable in its unit.</summary>
    public void WriteState(PopulationHandle population, string variable, ReadOnlySpan<float> values)
    {
        var (buffer, state) = StateBuffer(population, variable, values.Length);
        RequireFinite(values, population.Name, variable);
        var stored = values.ToArray();
        if (state.Offset is { } offset)
            for (var e = 0; e < stored.Length; e++)
                stored[e] -= offset[e / Plan.Batch];
        foreach (var value in stored)
            if (state.MostSteps > 0 && !(value >= 0 && value <= state.MostSteps && value == MathF.Truncate(value)))
                throw new TorchBrainException(ErrorCode.ValueOutOfRange, $"Population '{population.Name}': {variable} of {value} steps; allowed are whole numbers from 0 to {state.MostSteps:N0}.", "Round it; to silence neurons for good, use SetAlive.");
            else if (value < state.Least)
                throw new TorchBrainException(ErrorCode.ValueOutOfRange, $"Population '{population.Name}': {variable} of {value} is below {state.Least}.", "Use values within the range of the variable.");
        Live.Write(buffer, MemoryMarshal.AsBytes(stored.AsSpan()));
    }

    (BufferSpec, StateVariable) StateBuffer(PopulationHandle population, string variable, int length)
    {
        Own(population);
        var states = population.Plan.Neuron.State;
        for (var i = 0; i < states.Count; i++)
            if (states[i].Name == variable)
                return length == population.Elements ? (Plan.Buffer(BufferKind.State, population.Plan.Index, i)!, states[i])
                    : throw WrongLength(population.Name, variable, length, population.Elements);
        throw new TorchBrainException(ErrorCode.UnknownName, $"Population '{population.Name}' has no state '{variable}'; it has: {string.Join(", ", states.Select(s => s.Name))}.", "Use one of these.");
    }

    /// <summary>Says which elements are alive; a dead one emits no spikes. Needs <see cref="Population.Lesionable"/>.</summary>
    /// <param name="population">The population.</param>
    /// <param name="alive">One flag per element.</param>
    public void SetAlive(PopulationHandle population, ReadOnlySpan<bool> alive)
    {
        Own(population);
        var buffer = Plan.Buffer(BufferKind.Alive, population.Plan.Index)
            ?? throw new TorchBrainException(ErrorCode.NotInPlan, $"Population '{population.Name}' cannot be silenced.", "Set Lesionable = true on it.");
        if (alive.Length != population.Elements)
            throw WrongLength(population.Name, "flags", alive.Length, population.Elements);
        var words = new uint[buffer.Length];
        for (var e = 0; e < alive.Length; e++)
            if (alive[e])
                words[e >> 5] |= 1u << (e & 31);
        Live.Write(buffer, MemoryMarshal.AsBytes(words.AsSpan()));
    }

    /// <summary>
    /// Reads the weights of a plastic or writable projection: dense [source][target], sparse in row order (source, delay, target); with a batch, instance innermost.
    /// </summary>
    public void ReadWeights(ProjectionHandle projection, Span<float> weights) => Live.Read(WeightBuffer(projection, weights.Length), MemoryMarshal.AsBytes(weights));

    /// <summary>Replaces the weights, in the layout of <see cref="ReadWeights"/>. Weights of writable static projections are rounded to 16 bits of the bound.</summary>
    public void WriteWeights(ProjectionHandle projection, ReadOnlySpan<float> weights)
    {
        var buffer = WeightBuffer(projection, weights.Length);
        RequireFinite(weights, projection.Name, "weight");
        var (low, high) = projection.Plan switch
        {
            { Description: { WritableUpTo: { } limit, Target: var target } } => (ProjectionValidator.TakesConductances(target) ? 0 : -limit, limit),
            { Learning: TracePlan rule } => (rule.Min, rule.Max),
            _ => (0.0, projection.Plan.Learning is WinnerTakeAllPlan w ? w.WeightSum : double.MaxValue),
        };
        foreach (var weight in weights)
            if (weight < low || weight > high)
                throw new TorchBrainException(ErrorCode.ValueOutOfRange, $"Projection '{projection.Name}': weight {weight} is outside {low} to {high}.", "Keep within the bounds of the description.");
        if (projection.Plan.Learning is WinnerTakeAllPlan { WeightSum: var most })
            RequireColumnSums(projection, weights, most);
        Live.Write(buffer, MemoryMarshal.AsBytes(weights));
    }

    // The fixed-point scale of the target has room for columns that sum to what the rule keeps them at.
    void RequireColumnSums(ProjectionHandle projection, ReadOnlySpan<float> weights, double most)
    {
        var sums = new double[projection.Plan.Target.Elements];
        for (var k = 0; k < weights.Length; k++)
            sums[k % sums.Length] += weights[k];
        for (var e = 0; e < sums.Length; e++)
            if (!(sums[e] > 0 && sums[e] <= most * 1.0001))
                throw new TorchBrainException(ErrorCode.ValueOutOfRange, $"Projection '{projection.Name}': the incoming weights of element {e} sum to {sums[e]}; allowed is above 0, at most {most}.", "Scale them to the mean weight of the rule.");
    }

    BufferSpec WeightBuffer(ProjectionHandle projection, int length)
    {
        Own(projection);
        var buffer = Plan.Buffer(BufferKind.Weights, projection.Plan.Index)
            ?? throw new TorchBrainException(ErrorCode.NotInPlan, $"Projection '{projection.Name}' is static: its weights are not kept for reading or writing.", "Set WritableUpTo or a learning rule.");
        return length == buffer.Length ? buffer : throw WrongLength(projection.Name, "weights", length, (int)buffer.Length);
    }

    /// <summary>Adds to the reward of a projection that learns by <see cref="EligibilityStdp"/>, in every instance. It decays from the next step on.</summary>
    /// <param name="projection">The projection.</param>
    /// <param name="amount">A finite number; negative for a punishment. The reward stays within 1e9 of 0.</param>
    public void AddReward(ProjectionHandle projection, float amount)
    {
        var buffer = RewardBuffer(projection, _reward.Length);
        Live.Read(buffer, MemoryMarshal.AsBytes(_reward.AsSpan()));
        for (var i = 0; i < _reward.Length; i++)
            _reward[i] += amount;
        WriteReward(projection, buffer);
    }

    /// <summary>Adds to the reward of each instance.</summary>
    /// <param name="projection">The projection.</param>
    /// <param name="amounts">One finite number per instance of the batch.</param>
    public void AddReward(ProjectionHandle projection, ReadOnlySpan<float> amounts)
    {
        var buffer = RewardBuffer(projection, amounts.Length);
        Live.Read(buffer, MemoryMarshal.AsBytes(_reward.AsSpan()));
        for (var i = 0; i < _reward.Length; i++)
            _reward[i] += amounts[i];
        WriteReward(projection, buffer);
    }

    /// <summary>Reads the reward of each instance.</summary>
    /// <param name="projection">The projection.</param>
    /// <param name="rewards">One number per instance of the batch.</param>
    public void ReadReward(ProjectionHandle projection, Span<float> rewards) => Live.Read(RewardBuffer(projection, rewards.Length), MemoryMarshal.AsBytes(rewards));

    BufferSpec RewardBuffer(ProjectionHandle projection, int length)
    {
        Own(projection);
        var buffer = Plan.Buffer(BufferKind.Reward, projection.Plan.Index)
            ?? throw new TorchBrainException(ErrorCode.NotInPlan, $"Projection '{projection.Name}' has no reward.", "Let it learn by EligibilityStdp.");
        return length == buffer.Length ? buffer : throw WrongLength(projection.Name, "rewards", length, (int)buffer.Length);
    }

    void WriteReward(ProjectionHandle projection, BufferSpec buffer)
    {
        const float Largest = 1e9f;
        foreach (var reward in _reward)
            if (!(MathF.Abs(reward) <= Largest))
                throw new TorchBrainException(ErrorCode.ValueOutOfRange, $"Projection '{projection.Name}': the reward would be {reward}; allowed is -1e9 to 1e9.", "Add finite amounts.");
        Live.Write(buffer, MemoryMarshal.AsBytes(_reward.AsSpan()));
    }

    /// <summary>Reads a buffer of the plan by kind, for tools: see <see cref="BufferKind"/>.</summary>
    public void ReadBuffer<T>(BufferSpec buffer, Span<T> values) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(buffer);
        var bytes = MemoryMarshal.AsBytes(values);
        if (bytes.Length != buffer.Bytes)
            throw WrongLength(buffer.Name, "bytes", bytes.Length, (int)buffer.Bytes);
        Live.Read(buffer, bytes);
    }

    /// <summary>Writes a buffer of the plan by kind, for tools.</summary>
    public void WriteBuffer<T>(BufferSpec buffer, ReadOnlySpan<T> values) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(buffer);
        var bytes = MemoryMarshal.AsBytes(values);
        if (bytes.Length != buffer.Bytes)
            throw WrongLength(buffer.Name, "bytes", bytes.Length, (int)buffer.Bytes);
        Live.Write(buffer, bytes);
    }

    /// <summary>A copy of the whole state.</summary>
    public Checkpoint Save() => Checkpoint.Of(Live);

    /// <summary>Goes on from a checkpoint of the same plan, bit for bit.</summary>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.CheckpointForeign"/>: it belongs to another plan.</exception>
    public void Load(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        checkpoint.Restore(Live);
    }

    static void RequireFinite(ReadOnlySpan<float> values, string owner, string what)
    {
        for (var i = 0; i < values.Length; i++)
            if (!float.IsFinite(values[i]))
                throw new TorchBrainException(ErrorCode.ValueOutOfRange, $"'{owner}': {what} [{i}] is {values[i]}.", "Use finite numbers.");
    }

    static TorchBrainException WrongLength(string owner, string what, int found, int needed) =>
        new(ErrorCode.WrongLength, $"'{owner}': got {found} {what}, needs {needed}.", "Use a span of the right length (neurons x batch).");

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _compiled.Dispose();
    }
}
