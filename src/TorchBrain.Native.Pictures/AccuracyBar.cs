namespace TorchBrain.Native.Pictures;

/// <summary>One line of <see cref="AccuracyBars"/>.</summary>
/// <param name="Name">What was measured, for example a read-out.</param>
/// <param name="Percent">Accuracy, %, 0 to 100.</param>
/// <param name="PlusMinus">Half width of its uncertainty, percentage points, 0 to 100; 0 shows none.</param>
/// <param name="Highlighted">Shown in the strong colour.</param>
public sealed record AccuracyBar(string Name, double Percent, double PlusMinus = 0, bool Highlighted = false);
