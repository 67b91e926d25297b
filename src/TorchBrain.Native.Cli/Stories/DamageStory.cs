using TorchBrain.Native.Mnist;
using TorchBrain.Native.Pictures;

namespace TorchBrain.Native.Cli;

/// <summary>Figures of damage; shares by second: formed fields free of dead nodes, the first at the strike.</summary>
sealed record DamagePart(int Seconds, int Dead, int FormedBefore, int TouchingBefore, int Formed, int TouchingAfter, double LivingCoverage, IReadOnlyList<float> FreeBySecond);

/// <summary><c>--story damage</c>: part of the sheet dies, and the units pool around the holes.</summary>
sealed class DamageStory(StoryPlan plan) : GrowStory
{
    const string GrowStage = "Growing receptive fields", LearnStage = "Learning around the holes";
    const double AuthorsSide = 28;
    const int GrowSeconds = 50, LearnSeconds = 120;

    // A shorter time is shared out as the authors' is.
    readonly int _grow = Math.Clamp((int)((long)plan.MaxSeconds * GrowSeconds / (GrowSeconds + LearnSeconds)), 1, GrowSeconds);

    int Learn => Math.Min(LearnSeconds, plan.MaxSeconds - _grow);

    public override string Title => "Damage and re-pooling";

    public override IReadOnlyList<string> Stages => [GrowStage, LearnStage, PictureStage];

    Hole[] Holes()
    {
        var s = plan.Side / AuthorsSide;
        return [new(7 * s, 7 * s, 2.5 * s), new(20 * s, 8 * s, 2 * s), new(14 * s, 20 * s, 3 * s)];
    }

    public override StoryEnd Tell(StoryRun run)
    {
        // All of the time, also when the fields have formed before it ends.
        var pooling = plan.Pooling with { MaxSeconds = _grow, FormedFraction = 1 };
        using var growth = new PoolingGrowth(plan.Sheet, pooling, run.Backend);
        var first = run.Stage(GrowStage, "grow",
            () => growth.Run(new Told(p => run.Stages.Report(GrowStage, p.Seconds / (double)_grow, $"{p.Seconds} s of waves, {Tables.Percent(p.Formed, "0")} formed")), run.Cancellation),
            r => $"{r.Seconds} s of sheet time, {r.Layer.Formed} of {r.Layer.Units} units formed");
        var done = first.Seconds == _grow;
        // Once the growth is whole the holes are struck, and a stop in between leaves no time to learn.
        var damage = done ? Strike(run, growth, first.Layer) : null;
        run.SpikeHash = growth.Simulation.SpikeHash;
        run.Pictures(PictureStage, () => Draw(run.Folder, first, damage, growth));
        List<(string, string)> rows = [("grown for", $"{first.Seconds} s of sheet time"), ("units formed before", Fraction(first.Layer.Formed, first.Layer.Units))];
        if (damage is not null)
            rows.AddRange(
            [
                ("dead nodes", Fraction(damage.Dead, plan.Sheet.Nodes)),
                ("formed units touching dead nodes before", Fraction(damage.TouchingBefore, damage.FormedBefore)),
                ("formed units touching dead nodes after", Fraction(damage.TouchingAfter, damage.Formed)),
                ("re-learned for", $"{damage.Seconds} s of sheet time"),
                ("units formed after", Fraction(damage.Formed, first.Layer.Units)),
                ("living nodes covered", Tables.Percent(damage.LivingCoverage, "0.0")),
            ]);
        var complete = damage is not null && (damage.Seconds == Learn || (damage.TouchingAfter == 0 && damage.Formed > 0.8 * first.Layer.Units));
        var line = damage is null ? $"{first.Layer.Formed} units formed after {first.Seconds} s, no damage done yet"
            : $"{damage.TouchingBefore} formed units touched the {damage.Dead} dead nodes, {damage.TouchingAfter} after {damage.Seconds} s of re-learning";
        return new StoryEnd(r => r with { Growth = GrowthPart.Of(first, first.FormedBySecond, 1), Damage = damage }, complete, line, rows);
    }

    DamagePart Strike(StoryRun run, PoolingGrowth growth, GrownLayer before)
    {
        List<float> free = [];
        var result = run.Stage(LearnStage, "learn", () => Damage.Strike(growth, Holes(), Learn, new Told(p =>
        {
            free.Add((float)p.Formed);
            run.Stages.Report(LearnStage, p.Seconds / (double)Learn, $"{p.Seconds} s of waves, {Tables.Percent(p.Formed, "0")} of formed fields free of dead nodes");
        }), run.Cancellation), r => $"{r.Seconds} s of sheet time, {r.TouchingBefore} units touched dead nodes, now {r.TouchingAfter}");
        free.Insert(0, before.Formed == 0 ? 0 : 1 - result.TouchingBefore / (float)before.Formed);
        return new DamagePart(result.Seconds, result.Dead, before.Formed, result.TouchingBefore, result.Formed, result.TouchingAfter, result.LivingCoverage, free);
    }

    void Draw(OutputFolder folder, GrowthResult first, DamagePart? damage, PoolingGrowth growth)
    {
        SheetPictures.Fields(folder, first.Layer, plan.Sheet.Geometry, first.Seconds, ", before damage", "receptive-fields-before.png");
        if (damage is null)
            return;
        SheetPictures.Fields(folder, growth.Layer(), plan.Sheet.Geometry, first.Seconds + damage.Seconds, $", {damage.Seconds} s after {damage.Dead} nodes died", "receptive-fields-after.png");
        CurvePlot.Save(folder.PathOf("re-pooling.png"),
            [new Curve("free of dead nodes", [.. Enumerable.Range(0, damage.FreeBySecond.Count).Select(s => (float)s)], [.. damage.FreeBySecond.Select(f => 100 * f)], Markers: damage.FreeBySecond.Count < 3)],
            new CurveStyle
            {
                Title = $"Units pool around holes: {damage.Dead} of {plan.Sheet.Nodes} nodes dead",
                Subtitle = "formed units whose receptive field holds no dead node",
                XLabel = "simulated time after the damage (s)",
                YLabel = "formed fields free of dead nodes (%)",
                XMin = damage.FreeBySecond.Count < 3 ? null : 0,
                YMin = 0,
                YMax = 100,
            });
    }
}
