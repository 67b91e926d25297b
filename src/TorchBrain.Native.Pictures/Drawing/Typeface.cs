using SkiaSharp;

namespace TorchBrain.Native.Pictures;

/// <summary>The letters that travel with the library (DejaVu Sans), so that text appears on machines without fonts.</summary>
static class Typeface
{
    internal static SKTypeface Regular { get; } = Load("DejaVuSans.ttf");

    internal static SKTypeface Bold { get; } = Load("DejaVuSans-Bold.ttf");

    static SKTypeface Load(string name)
    {
        using var stream = typeof(Typeface).Assembly.GetManifestResourceStream("Fonts/" + name)
            ?? throw new InvalidOperationException($"The resource Fonts/{name} is missing from the assembly.");
        using var data = SKData.Create(stream);
        return SKTypeface.FromData(data) ?? throw new InvalidOperationException($"The font {name} could not be read.");
    }
}
