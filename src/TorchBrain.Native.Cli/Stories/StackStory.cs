using System.Globalization;
using TorchBrain.Native.Mnist;
using TorchBrain.Native.Pictures;

namespace TorchBrain.Native.Cli;

/// <summary>Figures of the second sheet and pooling layer; fields and coverage count nodes of the second sheet.</summary>
sealed record StackPart(int Seconds, bool Complete, int Nodes, int Units, int UnitsFormed, double? MeanField, double Coverage, double RateHz, int FormedBelow, IReadOnlyList<float> FormedBySecond);

/// <summary><c>--story stack</c>: a second sheet and pooling layer grow above the first.</summary>
sealed class StackStory(StoryPlan plan) : GrowStory
{
    const string FirstStage = "Growing the first layer", SecondStage = "Growing the second layer";
    /// <summary>A node is drawn in a field where it drives the unit at least half as strongly as the strongest node.</summary>
    const float ShareOfPeak = 0.5f;

    public override string Title => "Second layer above the first";

    public override IReadOnlyList<string> Stages => [FirstStage, SecondStage, PictureStage];

    public override StoryEnd Tell(StoryRun run)
    {
        var pooling = plan.Pooling with { MaxSeconds = plan.MaxSeconds };
        var options = new StackOptions();
        options = options with { MaxSeconds = Math.Min(options.MaxSeconds, plan.MaxSeconds) };
        var stack = Grow(run, pooling, options);
        run.SpikeHash = stack.SpikeHash;
        run.Pictures(PictureStage, () => Draw(run.Folder, stack));
        var first = GrowthPart.Of(stack.First, stack.First.FormedBySecond, 1);
        var upper = stack.Second;
        var part = new StackPart(stack.SecondSeconds, stack.SecondComplete, upper.Inputs, upper.Units, upper.Formed, RunReportNumbers.Finite(upper.MeanField), upper.Coverage, stack.RateHz,
            upper.Options.FormedBelow, stack.FormedBySecond);
        return new StoryEnd(r => r with { Growth = first, Stack = part }, stack.SecondComplete || stack.SecondSeconds == options.MaxSeconds,
            $"first layer {first.UnitsFormed} of {first.Units} units formed after {first.Seconds} s, second layer {part.UnitsFormed} of {part.Units} after {part.Seconds} s",
            [
                ("first layer: units formed", Fraction(first.UnitsFormed, first.Units)),
                ("first layer: grown for", $"{first.Seconds} s of sheet time"),
                ("first layer: mean receptive field", Field(first.MeanField, "nodes")),
                ("first layer: sheet covered", Tables.Percent(first.Coverage, "0.0")),
                ("first layer: rate of the sheet", $"{Tables.Number(first.RateHz)} Hz"),
                ("second layer: units formed", Fraction(part.UnitsFormed, part.Units)),
                ("second layer: grown for", $"{part.Seconds} s of sheet time"),
                ("second layer: mean receptive field", Field(part.MeanField, string.Create(CultureInfo.InvariantCulture, $"of {part.Nodes:N0} nodes of the second sheet"))),
                ("second layer: second sheet covered", Tables.Percent(part.Coverage, "0.0")),
                ("second layer: rate of the second sheet", part.Seconds > 0 ? $"{Tables.Number(part.RateHz)} Hz" : "not measured"),
            ]);
    }

    static string Field(double? mean, string unit) => mean is { } field ? $"{Tables.Number(field)} {unit}" : "none";

    // The library tells of both stages through one progress; the count of seconds begins anew with the second.
    StackResult Grow(StoryRun run, PoolingOptions pooling, StackOptions options)
    {
        var (stage, last) = (FirstStage, 0);
        var told = new Told(p =>
        {
            if (stage == FirstStage && p.Seconds <= last)
            {
                run.Stages.End(FirstStage, $"{last} s of sheet time");
                stage = SecondStage;
            }
            last = p.Seconds;
            run.Stages.Report(stage, Math.Max(p.Formed / pooling.FormedFraction, p.Seconds / (double)p.MaxSeconds), $"{p.Seconds} s of waves, {Tables.Percent(p.Formed, "0")} formed");
        });
        try
        {
            return run.Stage(() => stage, "grow", () => LayerStack.Grow(plan.Sheet, pooling, options, run.Backend, told, run.Cancellation),
                r => $"{r.SecondSeconds} s of sheet time, {r.Second.Formed} of {r.Second.Units} units formed");
        }
        catch (TorchBrainException e) when (e.Code == ErrorCode.Incompatible && run.Cancellation.IsCancellationRequested)
        {
            // Stopped before there was anything to stack upon.
            throw new OperationCanceledException(e.Message, e, run.Cancellation);
        }
        catch (TorchBrainException e) when (e.Code == ErrorCode.Incompatible && stage == FirstStage)
        {
            throw new TorchBrainException(e.Code, $"No unit of the first layer formed in {last} s of sheet time, so there is nothing to stack a second layer upon.",
                "Raise --max-seconds, or use a sheet nearer to the default: a small one has no waves that fit it.", e);
        }
    }

    void Draw(OutputFolder folder, StackResult stack)
    {
        var first = stack.First.Layer;
        SheetPictures.Fields(folder, first, plan.Sheet.Geometry, stack.First.Seconds, ", first layer");
        var weights = new float[stack.Second.Units * first.Inputs];
        var largest = 1;
        foreach (var unit in Enumerable.Range(0, stack.Second.Units).Where(stack.Second.IsFormed))
        {
            var field = stack.FieldOnFirstSheet(unit);
            var peak = field.Max();
            for (var i = 0; i < field.Length && peak > 0; i++)
                weights[unit * field.Length + i] = field[i] / peak;
            largest = Math.Max(largest, field.Count(f => peak > 0 && f / peak >= ShareOfPeak));
        }
        var map = Shape.Flatten(first.Positions, plan.Sheet.Geometry);
        ReceptiveFields.Save(folder.PathOf("second-fields.png"), map.X, map.Y, weights, stack.Second.Units, new ReceptiveFieldStyle
        {
            Title = "Second layer, seen on the first sheet: nodes with at least half of a unit's strongest drive",
            Threshold = ShareOfPeak,
            FormedBelow = largest + 1, // those that have formed, whatever their size here
        });
    }
}
