namespace TorchBrain.Native.Cli;

/// <summary>What bench scaling says in run.json.</summary>
/// <param name="Processor">Name of the processor or device.</param>
/// <param name="Rows">The networks that ran.</param>
sealed record ScalingPart(string Processor, IReadOnlyList<ScalingRow> Rows);

/// <summary>One size of one kind of network.</summary>
/// <param name="Series">The kind, a line of the charts.</param>
/// <param name="Against">The charts in which it stands: neurons, synapses, rate, threads.</param>
/// <param name="RateHz">Rate of the sources, where it is given.</param>
/// <param name="Network">What was measured.</param>
sealed record ScalingRow(string Series, IReadOnlyList<string> Against, double? RateHz, NetworkPart Network);
