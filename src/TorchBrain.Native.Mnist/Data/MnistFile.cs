namespace TorchBrain.Native.Mnist;

/// <summary>One published file.</summary>
/// <param name="Name">Its name without <c>.gz</c>; the mirrors serve it as <c>Name.gz</c>.</param>
/// <param name="Sha256">SHA-256 of the uncompressed bytes, lower-case hexadecimal.</param>
public sealed record MnistFile(string Name, string Sha256);
