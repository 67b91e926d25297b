namespace TorchBrain.Native.Cpu;

/// <summary>The synapses of a slice by their target: for each neuron of the slice where its synapses stand, ascending.</summary>
sealed class SynapseColumns : IDisposable
{
    public SynapseColumns(PlasticSlice slice, int batch, bool hugePages)
    {
        Starts = new long[(slice.EndElement - slice.FirstElement) / batch + 1];
        for (var n = 0L; n < slice.Synapses; n++)
            Starts[slice.Targets.At(n) / batch + 1]++;
        for (var k = 1; k < Starts.Length; k++)
            Starts[k] += Starts[k - 1];
        Places = new AlignedBuffer<SynapsePlace>(slice.Synapses, hugePages, zeroed: false);
        var next = Starts.ToArray();
        for (var run = 0; run < slice.Runs; run++)
            for (var n = slice.Starts.At(run); n < slice.Starts.At(run + 1); n++)
                Places.At(next[slice.Targets.At(n) / batch]++) = new SynapsePlace(run, checked((uint)n));
    }

    /// <summary>First place of each neuron, and the end.</summary>
    public long[] Starts { get; }

    /// <summary>The places.</summary>
    public AlignedBuffer<SynapsePlace> Places { get; }

    public void Dispose() => Places.Dispose();
}

/// <summary>Where a synapse stands in its slice.</summary>
/// <param name="Run">The run: source and delay.</param>
/// <param name="Synapse">The synapse, from the first of the slice.</param>
readonly record struct SynapsePlace(int Run, uint Synapse);
