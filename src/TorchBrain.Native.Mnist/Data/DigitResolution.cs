namespace TorchBrain.Native.Mnist;

/// <summary>The digits that were found, and how.</summary>
/// <param name="Data">The digits.</param>
/// <param name="Message">One paragraph for people: what is used and, for drawn digits, why nothing better was found.</param>
/// <param name="Tried">Each place that was tried before and why it gave nothing.</param>
public sealed record DigitResolution(DigitData Data, string Message, IReadOnlyList<string> Tried);
