using System.Globalization;
using TorchBrain.Native.Mnist;
using TorchBrain.Native.Pictures;

namespace TorchBrain.Native.Cli;

/// <summary>Figures of a growth from one cell. Cells and units: at the end of the whole history; living: at the end of each second that ran.</summary>
sealed record ColonyPart(int Seconds, int Cells, double Density, int Units, int UnitsFormed, double? MeanField, double Coverage, int FormedBelow, IReadOnlyList<int> LivingCells, IReadOnlyList<int> LivingUnits);

/// <summary><c>--story colony</c>: sheet and pooling layer grow from one cell while waves run.</summary>
sealed class ColonyStory(StoryPlan plan) : GrowStory
{
    /// <summary>Where inhibition begins in the authors' colony.</summary>
    public const double AuthorsRadius = 4;
    /// <summary>The largest square that the cells of a colony fill.</summary>
    public const double LargestSide = 36;
    const string GrowStage = "Growing from one cell";
    const int PublishedFormedBelow = 150;

    public override string Title => "Growth from one cell";

    public override IReadOnlyList<string> Stages => [GrowStage, PictureStage];

    public override StoryEnd Tell(StoryRun run)
    {
        var outline = plan.Sheet.Geometry;
        var total = 0;
        var result = run.Stage(GrowStage, "grow", () =>
        {
            var colony = CellColony.Grow(new ColonyOptions { Outline = outline, Seed = plan.Sheet.Seed });
            var pooling = plan.Pooling with { FormedBelow = Math.Clamp(colony.Positions.Count / 10, 2, PublishedFormedBelow), MaxSeconds = plan.MaxSeconds };
            if (colony.Units.Count == 0)
                throw new TorchBrainException(ErrorCode.Incompatible, $"The colony on a square of side {plan.Side.ToString(CultureInfo.InvariantCulture)} founded no unit of the pooling layer.", "Use a larger --side, or another --seed.");
            return ColonyGrowth.Run(colony, outline, plan.Sheet, pooling, run.Backend, new Told(p =>
            {
                total = p.MaxSeconds;
                run.Stages.Report(GrowStage, p.Formed, $"{p.Seconds} of {p.MaxSeconds} s");
            }), run.Cancellation);
        }, r => $"{r.Seconds} s of sheet time, {Tables.Count(r.Living[^1])} cells, {Learned(r).Formed} of {r.Layer.Units} units formed");
        if (result.Seconds == 0)
            throw new OperationCanceledException(run.Cancellation);
        run.SpikeHash = result.SpikeHash;
        var layer = Learned(result);
        run.Pictures(PictureStage, () => Draw(run.Folder, result, layer));
        var part = new ColonyPart(result.Seconds, result.Colony.Positions.Count, result.Colony.Density, result.Layer.Units, layer.Formed, RunReportNumbers.Finite(layer.MeanField), layer.Coverage,
            layer.Options.FormedBelow, result.Living, result.Units);
        return new StoryEnd(r => r with { Colony = part }, total > 0 && result.Seconds == total,
            string.Create(CultureInfo.InvariantCulture, $"one cell became {result.Living[^1]:N0}, {part.UnitsFormed} of {part.Units} units formed after {result.Seconds} s of sheet time"),
            [
                ("cells", Fraction(result.Living[^1], part.Cells) + " born"),
                ("density when all are born", $"{Tables.Number(part.Density, "0.00")} cells per unit of area"),
                ("units founded", Fraction(result.Units[^1], part.Units)),
                ("units formed", Fraction(part.UnitsFormed, part.Units)),
                ("grown for", $"{part.Seconds} s of sheet time"),
                ("mean receptive field", part.MeanField is { } field ? $"{Tables.Number(field)} cells" : "none"),
                ("sheet covered", Tables.Percent(part.Coverage, "0.0")),
            ]);
    }

    // A unit is born with its founding cell for a field, and has that before its birth too; only what has grown beyond it was learned.
    static GrownLayer Learned(ColonyResult result)
    {
        var layer = result.Layer;
        var units = Enumerable.Range(0, result.Units[^1]).Where(u => layer.FieldSizes[u] != 1);
        return new GrownLayer([.. units.SelectMany(u => layer.Row(u).ToArray())], layer.Positions, layer.Options);
    }

    void Draw(OutputFolder folder, ColonyResult result, GrownLayer learned)
    {
        if (learned.Units > 0)
            SheetPictures.Fields(folder, learned, plan.Sheet.Geometry, result.Seconds, ", grown from one cell");
        float[] seconds = [.. Enumerable.Range(1, result.Seconds).Select(s => (float)s)];
        var few = result.Seconds < 3;
        CurvePlot.Save(folder.PathOf("colony.png"), [new Curve("cells of the sheet", seconds, [.. result.Living.Select(n => (float)n)], Markers: few),
            new Curve("units of the pooling layer", seconds, [.. result.Units.Select(n => (float)n)], Markers: few)], new CurveStyle
            {
                Title = "A sheet and its pooling layer grow from one cell",
                Subtitle = "a cell that has stopped dividing may found a unit",
                XLabel = "simulated time (s)",
                YLabel = "alive at the end of the second",
                XMin = few ? null : 0,
                YMin = 0,
            });
    }
}
