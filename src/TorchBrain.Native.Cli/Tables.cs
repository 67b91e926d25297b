using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace TorchBrain.Native.Cli;

/// <summary>Tables in one style.</summary>
static class Tables
{
    public static Table New(string title, params string[] columns)
    {
        var table = new Table { Border = TableBorder.Rounded, Title = new TableTitle(Markup.Escape(title), new Style(decoration: Decoration.Bold)) };
        foreach (var (column, i) in columns.Select((c, i) => (c, i)))
            table.AddColumn(new TableColumn(new Text(column)) { Alignment = i == 0 ? Justify.Left : Justify.Right, NoWrap = i == 0 });
        table.ShowHeaders = columns.Any(c => c.Length > 0);
        return table;
    }

    public static void Row(this Table table, params string[] cells) => table.AddRow(cells.Select(c => (IRenderable)new Text(c)));

    public static void StrongRow(this Table table, params string[] cells) => table.AddRow(cells.Select(c => (IRenderable)new Text(c, new Style(Color.Green, decoration: Decoration.Bold))));

    public static string Percent(double share, string format = "0.00") => (100 * share).ToString(format, CultureInfo.InvariantCulture) + " %";

    public static string Number(double value, string format = "0.0") => double.IsFinite(value) ? value.ToString(format, CultureInfo.InvariantCulture) : "none";

    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
