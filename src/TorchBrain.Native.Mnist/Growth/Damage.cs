namespace TorchBrain.Native.Mnist;

/// <summary>A hole in a sheet: all nodes within a radius of a point die.</summary>
/// <param name="X">Centre, sheet units.</param>
/// <param name="Y">Centre, sheet units.</param>
/// <param name="Radius">Radius, sheet units.</param>
public readonly record struct Hole(double X, double Y, double Radius);

/// <summary>What became of a pooling layer after damage.</summary>
/// <param name="Dead">Dead nodes.</param>
/// <param name="TouchingBefore">Formed units whose field held a dead node when the damage struck.</param>
/// <param name="TouchingAfter">The same at the end.</param>
/// <param name="Formed">Formed units at the end.</param>
/// <param name="LivingCoverage">Fraction of living nodes in the field of a formed unit at the end.</param>
/// <param name="Seconds">Simulated seconds of re-learning.</param>
public sealed record DamageResult(int Dead, int TouchingBefore, int TouchingAfter, int Formed, double LivingCoverage, int Seconds);

/// <summary>
/// Damage and re-pooling (Raghavan and Thomson 2019): nodes die, wins and thresholds start afresh, learning goes on, and the units pool around the holes without any retuning.
/// </summary>
public static class Damage
{
    /// <summary>Damages a growing layer and lets it re-learn.</summary>
    /// <param name="growth">A growth that has run for a while (the authors: 50 s).</param>
    /// <param name="holes">The holes.</param>
    /// <param name="seconds">Longest re-learning, simulated seconds; it ends early when no formed unit touches a dead node.</param>
    /// <param name="progress">Told once per simulated second: the fraction of formed units that touch no dead node.</param>
    /// <param name="cancellation">Ends it early.</param>
    public static DamageResult Strike(PoolingGrowth growth, IReadOnlyList<Hole> holes, int seconds, IProgress<GrowthProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(growth);
        ArgumentNullException.ThrowIfNull(holes);
        var alive = new bool[growth.Retina.Count];
        for (var i = 0; i < alive.Length; i++)
            alive[i] = !holes.Any(h => Math.Pow(growth.Positions[i].X - h.X, 2) + Math.Pow(growth.Positions[i].Y - h.Y, 2) <= h.Radius * h.Radius);
        var before = Touching(growth.Layer(), alive);
        growth.Simulation.SetAlive(growth.Retina, alive);
        growth.ForgetThresholds();
        var second = 0;
        var layer = growth.Layer();
        while (second < seconds && !cancellation.IsCancellationRequested)
        {
            growth.Simulation.Run(1000);
            second++;
            layer = growth.Layer();
            var touching = Touching(layer, alive);
            progress?.Report(new GrowthProgress(second, layer.Formed == 0 ? 0 : 1 - (double)touching / layer.Formed, seconds));
            if (touching == 0 && layer.Formed > growth.Pools.Count * 0.8)
                break;
        }
        return new DamageResult(alive.Count(a => !a), before, Touching(layer, alive), layer.Formed, Coverage(layer, alive), second);
    }

    static int Touching(GrownLayer layer, bool[] alive)
    {
        var touching = 0;
        for (var unit = 0; unit < layer.Units; unit++)
        {
            var row = layer.Row(unit);
            var touches = false;
            for (var i = 0; i < alive.Length && !touches; i++)
                touches = !alive[i] && row[i] >= layer.Options.FieldThreshold;
            if (touches && layer.IsFormed(unit))
                touching++;
        }
        return touching;
    }

    static double Coverage(GrownLayer layer, bool[] alive)
    {
        var covered = new bool[alive.Length];
        for (var unit = 0; unit < layer.Units; unit++)
            if (layer.IsFormed(unit))
                for (var i = 0; i < alive.Length; i++)
                    covered[i] |= layer.Row(unit)[i] >= layer.Options.FieldThreshold;
        var living = alive.Count(a => a);
        return living == 0 ? 0 : covered.Where((c, i) => c && alive[i]).Count() / (double)living;
    }
}
