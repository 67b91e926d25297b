namespace TorchBrain.Native.Mnist;

/// <summary>A training and a test set of digits of the same image size.</summary>
/// <param name="Train">The images to learn from.</param>
/// <param name="Test">The images to be judged by.</param>
/// <param name="IsDrawn">True for the built-in drawn digits, whose accuracies must not be compared with published MNIST figures.</param>
/// <param name="Source">Where they come from, for people: a folder, or "drawn".</param>
/// <param name="IsCanonical">True if all four files are byte for byte (uncompressed) the published MNIST files.</param>
public sealed record DigitData(DigitSet Train, DigitSet Test, bool IsDrawn, string Source, bool IsCanonical);
