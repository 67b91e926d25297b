using SkiaSharp;

namespace TorchBrain.Native.Pictures;

/// <summary>
/// How pooling units tile a sheet, in three panels: the outlines of all receptive fields over the nodes, coloured by how many
/// fields cover them; examples with their weights; a histogram of the sizes of the fields.
/// </summary>
public static class ReceptiveFields
{
    const float Margin = 18f;
    const float Top = 88f;
    const float Tall = 400f;

    /// <summary>Writes one PNG. The examples are the numbered fields of the left panel, in the order they lie on the sheet.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="x">First coordinate of each node, sheet units.</param>
    /// <param name="y">Second coordinate of each node, sheet units, growing upwards; as many as <paramref name="x"/>.</param>
    /// <param name="weights">Weight from each node to each unit, <c>weights[unit * nodes + node]</c>, finite.</param>
    /// <param name="units">Number of units, at least 1.</param>
    /// <param name="style">Threshold and limits; null takes the defaults.</param>
    /// <exception cref="TorchBrainException">Lengths differ, a value is not finite or out of range, or the file cannot be written.</exception>
    public static void Save(string path, ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> weights, int units, ReceptiveFieldStyle? style = null)
    {
        style ??= new ReceptiveFieldStyle();
        var nodes = x.Length;
        var sheet = new Sheet(x, y, Tall);
        Check.Range(nameof(units), units, 1, int.MaxValue / nodes);
        Check.SameLength(nameof(weights), weights.Length, "units x nodes", units * nodes);
        Check.Finite(nameof(weights), weights);
        Check.Finite(nameof(style.Threshold), style.Threshold);
        Check.Range(nameof(style.Examples), style.Examples, 1, 10);
        Check.Range(nameof(style.PeriodX), style.PeriodX ?? 1, 1e-6, 1e12);
        Check.Range(nameof(style.PeriodY), style.PeriodY ?? 1, 1e-6, 1e12);
        var below = style.FormedBelow ?? Math.Max(2, nodes * 2 / 15);
        Check.Range(nameof(style.FormedBelow), below, 2, int.MaxValue);

        var sizes = new int[units];
        var covered = new int[nodes];
        var fields = new List<Field>();
        for (var unit = 0; unit < units; unit++)
        {
            var row = weights.Slice(unit * nodes, nodes);
            sizes[unit] = Field.Count(row, style.Threshold);
            if (sizes[unit] == 0 || sizes[unit] >= below)
                continue;
            fields.Add(Field.Of(unit, row, x, y, sheet, style));
            for (var i = 0; i < nodes; i++)
                covered[i] += row[i] >= style.Threshold ? 1 : 0;
        }
        var examples = Field.Spread(fields, style.Examples * style.Examples, style.Examples, style.PeriodX, style.PeriodY);

        var middle = Margin + sheet.Width + 92f;
        var cell = new Sheet(x, y, (Tall - (style.Examples - 1) * 6f) / style.Examples);
        var gridWidth = style.Examples * cell.Width + (style.Examples - 1) * 6f;
        var right = middle + gridWidth + 74f;
        using var page = new Page(right + 270f + 20f, Top + Tall + 62f);
        var coverage = 100.0 * covered.Count(count => count > 0) / nodes;
        page.Title(style.Title ?? Words.Of($"Receptive fields of {Words.Count(units)} units on a sheet of {Words.Count(nodes)} nodes"),
            fields.Count == 0 ? Words.Of($"no unit has between 1 and {below - 1} nodes with a weight of at least {style.Threshold:0.###}") :
            Words.Of($"{Words.Count(fields.Count)} of {Words.Count(units)} units formed (fewer than {Words.Count(below)} nodes), on average {fields.Average(field => field.Size):0.0} nodes; they cover {coverage:0.0} % of the sheet"), Margin);
        Tiling(page, sheet, covered, fields, examples, style);
        Grid(page, cell, weights, nodes, examples, style, middle);
        Histogram(page, new SKRect(right, Top + 4f, right + 262f, Top + Tall - 8f), sizes, below);
        page.Save(path);
    }

    static void Tiling(Page page, Sheet sheet, int[] covered, List<Field> fields, Field[] examples, ReceptiveFieldStyle style)
    {
        page.Text("all fields: centre, outline (2 SD of the weights)", Margin, Top - 12f, Page.Body, Ink.Text, strong: true);
        var top = Top + (Tall - sheet.Height) / 2;
        var most = Math.Max(covered.Max(), 1);
        for (var i = 0; i < sheet.Count; i++)
            page.Disc(Margin + sheet.X[i], top + sheet.Y[i], sheet.Radius, covered[i] == 0 ? Ink.Silent : Covered((float)covered[i] / most));
        page.Canvas.Save();
        page.Canvas.ClipRect(SKRect.Create(Margin - 4f, top - 4f, sheet.Width + 8f, sheet.Height + 8f));
        page.Canvas.Translate(Margin, top);
        foreach (var field in fields)
            Outline(page, sheet, field, style, Ink.Text.WithAlpha(40), 0.6f);
        foreach (var field in fields)
            page.Disc(sheet.ToX(field.X), sheet.ToY(field.Y), 1.3f, Ink.Text);
        foreach (var field in examples)
            Outline(page, sheet, field, style, Ink.Vermilion, 1.2f);
        for (var e = 0; e < examples.Length; e++)
            page.Halo(Words.Of($"{e + 1}"), sheet.ToX(examples[e].X), sheet.ToY(examples[e].Y) + 3.5f, 10f, Ink.Vermilion);
        page.Canvas.Restore();
        sheet.ScaleBar(page, Margin + sheet.Radius, Top + Tall + 28f);
        ColorBar.Upright(page, Covered, SKRect.Create(Margin + sheet.Width + 20f, Top + Tall * 0.2f, 10f, Tall * 0.6f), 0, most, "fields that cover a node");
    }

    static SKColor Covered(float share) => Ramp.Blues.At(0.15f + 0.6f * share);

    static void Outline(Page page, Sheet sheet, Field field, ReceptiveFieldStyle style, SKColor color, float thickness)
    {
        // On a torus a field that leaves one side comes in at the other.
        var (acrossX, acrossY) = (style.PeriodX is null ? 0 : 1, style.PeriodY is null ? 0 : 1);
        var points = new SKPoint[field.Rim.Length];
        for (var j = -acrossY; j <= acrossY; j++)
            for (var i = -acrossX; i <= acrossX; i++)
            {
                for (var k = 0; k < points.Length; k++)
                    points[k] = new SKPoint(sheet.ToX(field.Rim[k].X + i * (style.PeriodX ?? 0)), sheet.ToY(field.Rim[k].Y + j * (style.PeriodY ?? 0)));
                page.Lines(points, color, thickness, closed: true);
            }
    }

    static void Grid(Page page, Sheet cell, ReadOnlySpan<float> weights, int nodes, Field[] examples, ReceptiveFieldStyle style, float left)
    {
        page.Text("examples: weights", left, Top - 12f, Page.Body, Ink.Text, strong: true);
        var high = Math.Max(cell.Height, (Tall - (style.Examples - 1) * 6f) / style.Examples);
        for (var e = 0; e < examples.Length; e++)
        {
            var x = left + e % style.Examples * (cell.Width + 6f);
            var y = Top + e / style.Examples * (high + 6f);
            var row = weights.Slice(examples[e].Unit * nodes, nodes);
            var largest = 0f;
            foreach (var weight in row)
                largest = Math.Max(largest, weight);
            for (var pass = 0; pass < 2; pass++)
                for (var i = 0; i < nodes; i++)
                    if (row[i] >= style.Threshold == (pass == 1))
                        page.Disc(x + cell.X[i], y + cell.Y[i], cell.Radius * (pass == 0 ? 0.8f : 1.25f),
                            pass == 0 ? Ramp.Weights.At(0) : Ramp.Weights.At(0.2f + 0.8f * row[i] / Math.Max(largest, 1e-20f)));
            page.Frame(x, y, cell.Width, cell.Height, Ink.Grid);
            page.Halo(Words.Of($"{e + 1}"), x + 4f, y + 11f, 9f, Ink.Vermilion, SKTextAlign.Left);
        }
        if (examples.Length == 0)
            return;
        var width = style.Examples * cell.Width + (style.Examples - 1) * 6f;
        ColorBar.Lying(page, at => Ramp.Weights.At(0.2f + 0.8f * at), SKRect.Create(left + width / 2 - 60f, Top + Tall + 23f, 100f, 10f), "weight: 0", "largest of unit");
    }

    static void Histogram(Page page, SKRect area, int[] sizes, int below)
    {
        var beyond = sizes.Count(size => size >= below);
        var inside = sizes.Where(size => size > 0 && size < below).ToArray();
        var bin = Math.Max(Axes.Step(below, 40), 1);
        var counts = new int[(int)Math.Ceiling(below / bin)];
        foreach (var size in inside)
            counts[(int)(size / bin)]++;
        var axes = new Axes(page, area, 0, below, 0, Axes.RoundUp(Math.Max(counts.Max() * 1.05, 1)));
        page.Text("sizes of the fields", area.Left - 40f, Top - 12f, Page.Body, Ink.Text, strong: true);
        axes.Grid(vertical: false);
        for (var k = 0; k < counts.Length; k++)
        {
            float x0 = axes.X(k * bin), x1 = axes.X(Math.Min((k + 1) * bin, below)), y = axes.Y(counts[k]);
            page.Fill(x0 + 0.5f, y, Math.Max(x1 - x0 - 1f, 0.5f), area.Bottom - y, Ink.Blue);
        }
        axes.Draw(Words.Of($"nodes per field ({bin:0} per bar)"), "units");
        if (inside.Length > 0)
        {
            var mean = inside.Average();
            page.Line(axes.X(mean), area.Top, axes.X(mean), area.Bottom, Ink.Vermilion, 1.3f, dashed: true);
            var leftHalf = mean < below / 2.0;
            page.Text(Words.Of($"mean {mean:0.0}"), axes.X(mean) + (leftHalf ? 5f : -5f), area.Top + 8f, Page.Small, Ink.Vermilion, leftHalf ? SKTextAlign.Left : SKTextAlign.Right);
        }
        if (beyond > 0)
            page.Text(Words.Of($"not shown: {beyond} with {below} or more"), area.Right, area.Top - 6f, Page.Small, Ink.Quiet, SKTextAlign.Right);
    }
}
