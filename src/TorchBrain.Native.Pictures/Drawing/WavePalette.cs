using SkiaSharp;

namespace TorchBrain.Native.Pictures;

/// <summary>The fixed palette of wave animations and the nearest entry for any colour. Entry 0 is left to the container.</summary>
sealed class WavePalette
{
    const int BitsPerChannel = 6;

    readonly List<uint> colors = [0];
    readonly short[] nearest = new short[1 << 3 * BitsPerChannel];

    internal WavePalette(bool potential)
    {
        for (var k = 0; k < 24; k++)
            Add(Ramp.Mix(Ink.Text, Ink.Paper, k / 23f));
        Edges(Ink.Silent);
        for (var k = 0; k < 40; k++)
            Edges(WavePainter.Lit(k / 39f));
        for (var k = 0; potential && k < 24; k++)
        {
            Add(Ramp.Potential.At(k / 23f));
            Add(Ramp.Mix(Ramp.Potential.At(k / 23f), Ink.Paper, 0.5f));
        }
        Array.Fill(nearest, (short)-1);
    }

    internal uint[] Colors => [.. colors];

    /// <summary>Replaces each pixel (red, green, blue, alpha in memory) by the index of the nearest colour.</summary>
    internal void Reduce(ReadOnlySpan<uint> pixels, Span<byte> indices)
    {
        var (last, index) = (0u, (byte)0);
        for (var i = 0; i < pixels.Length; i++)
        {
            if (index == 0 || pixels[i] != last)
                (last, index) = (pixels[i], Find(pixels[i]));
            indices[i] = index;
        }
    }

    byte Find(uint pixel)
    {
        const int drop = 8 - BitsPerChannel;
        int red = (byte)pixel, green = (byte)(pixel >> 8), blue = (byte)(pixel >> 16);
        ref var cell = ref nearest[red >> drop << 2 * BitsPerChannel | green >> drop << BitsPerChannel | blue >> drop];
        if (cell > 0)
            return (byte)cell;
        var best = int.MaxValue;
        // The middle of the cell, so that the answer does not depend on which colour asked first.
        (red, green, blue) = (Middle(red), Middle(green), Middle(blue));
        for (var k = 1; k < colors.Count; k++)
        {
            var (r, g, b) = (red - (byte)colors[k], green - (byte)(colors[k] >> 8), blue - (byte)(colors[k] >> 16));
            var distance = 3 * r * r + 4 * g * g + 2 * b * b;
            if (distance < best)
                (best, cell) = (distance, (short)k);
        }
        return (byte)cell;

        static int Middle(int channel) => (channel >> drop) * 255 / ((1 << BitsPerChannel) - 1);
    }

    /// <summary>A colour and its mixtures with paper, as they arise at the rim of a disc.</summary>
    void Edges(SKColor color)
    {
        for (var k = 0; k < 4; k++)
            Add(Ramp.Mix(color, Ink.Paper, k / 4f));
    }

    void Add(SKColor color) => colors.Add(Page.Pixel(color) & 0xFFFFFF);
}
