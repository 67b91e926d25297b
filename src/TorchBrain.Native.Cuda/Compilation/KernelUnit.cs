namespace TorchBrain.Native.Cuda;

/// <summary>One kernel file with its definitions, in the order given: what is compiled at once. Equal if file and definitions are.</summary>
/// <param name="File">Path below the kernel folder, with forward slashes, for example <c>neuron/lif.cu</c>.</param>
/// <param name="Defines">Definitions, for example <c>TBN_BLOCK=256</c>.</param>
sealed record KernelUnit(string File, IReadOnlyList<string> Defines)
{
    public bool Equals(KernelUnit? other) => other is not null && File == other.File && Defines.SequenceEqual(other.Defines);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(File);
        foreach (var define in Defines)
            hash.Add(define);
        return hash.ToHashCode();
    }

    public override string ToString() => Defines.Count == 0 ? File : $"{File} ({string.Join(", ", Defines)})";
}
