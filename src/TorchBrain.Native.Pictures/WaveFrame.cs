namespace TorchBrain.Native.Pictures;

/// <summary>The state of a sheet at one moment, as <see cref="WaveFrames"/> and <see cref="WaveAnimation"/> show it.</summary>
/// <param name="TimeMs">The moment, ms.</param>
/// <param name="Intensity">One value per node: 1 fired at this moment, 0 silent, between them a fading trail. See <see cref="FiringTrail"/>.</param>
/// <param name="PotentialMv">Membrane potential per node, mV, shown as the colour of silent nodes; null paints them light grey.</param>
public sealed record WaveFrame(double TimeMs, float[] Intensity, float[]? PotentialMv = null)
{
    internal static void CheckAll(IReadOnlyList<WaveFrame> frames, int nodes)
    {
        ArgumentNullException.ThrowIfNull(frames);
        Check.NotEmpty("frames", frames.Count);
        for (var f = 0; f < frames.Count; f++)
        {
            var frame = frames[f] ?? throw new ArgumentNullException(nameof(frames), $"frames[{f}] is null.");
            var potential = frame.PotentialMv;
            Check.Finite($"frames[{f}].TimeMs", frame.TimeMs);
            Check.SameLength($"frames[{f}].Intensity", frame.Intensity?.Length ?? 0, "x", nodes);
            foreach (var value in frame.Intensity!)
                if (!(value >= 0f && value <= 1f))
                    Check.Range($"frames[{f}].Intensity", value, 0, 1);
            if (potential is null)
                continue;
            Check.SameLength($"frames[{f}].PotentialMv", potential.Length, "x", nodes);
            Check.Finite($"frames[{f}].PotentialMv", potential);
        }
    }

    internal int Lit
    {
        get
        {
            var lit = 0;
            foreach (var value in Intensity)
                if (value > 0f)
                    lit++;
            return lit;
        }
    }
}
