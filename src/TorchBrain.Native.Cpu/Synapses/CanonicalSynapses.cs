namespace TorchBrain.Native.Cpu;

/// <summary>One number per plastic synapse and instance between the layout of slices and the canonical one: run by run, over all slices, instance innermost.</summary>
static class CanonicalSynapses
{
    /// <summary>Copies a buffer of the slices.</summary>
    public static void Read(PlasticSlice[] slices, Func<PlasticSlice, AlignedBuffer<float>> buffer, int batch, Span<float> values)
    {
        var place = 0;
        for (var run = 0; run < Runs(slices); run++)
            foreach (var slice in slices)
            {
                var length = (int)(slice.Starts.At(run + 1) - slice.Starts.At(run));
                var here = buffer(slice).Span(slice.WeightStart(run, 0), length * batch);
                for (var n = 0; n < length; n++)
                    for (var b = 0; b < batch; b++)
                        values[place++] = here[b * length + n];
            }
    }

    /// <summary>Replaces a buffer of the slices.</summary>
    public static void Write(PlasticSlice[] slices, Func<PlasticSlice, AlignedBuffer<float>> buffer, int batch, ReadOnlySpan<float> values)
    {
        var place = 0;
        for (var run = 0; run < Runs(slices); run++)
            foreach (var slice in slices)
            {
                var length = (int)(slice.Starts.At(run + 1) - slice.Starts.At(run));
                var here = buffer(slice).Span(slice.WeightStart(run, 0), length * batch);
                for (var n = 0; n < length; n++)
                    for (var b = 0; b < batch; b++)
                        here[b * length + n] = values[place++];
            }
    }

    static int Runs(PlasticSlice[] slices) => slices.Length == 0 ? 0 : slices[0].Runs;
}
