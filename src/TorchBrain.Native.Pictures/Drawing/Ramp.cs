using SkiaSharp;

namespace TorchBrain.Native.Pictures;

/// <summary>A continuous colour scale through given stops; lightness changes in one direction only.</summary>
sealed class Ramp
{
    /// <summary>From the grey of a silent node to a node that fired this moment.</summary>
    internal static readonly Ramp Fire = new(0xDDE1E6, 0xFCD784, 0xF98E2B, 0xDA3A1E, 0x86083F);
    /// <summary>Membrane potential of a silent node: pale to slate blue.</summary>
    internal static readonly Ramp Potential = new(0xE6E9ED, 0xC6D6E5, 0x94B4D2, 0x5F8DB8);
    /// <summary>White to dark blue.</summary>
    internal static readonly Ramp Blues = new(0xFFFFFF, 0xD3E3F1, 0x8FBBDC, 0x3585BD, 0x08407A);
    /// <summary>White to dark orange.</summary>
    internal static readonly Ramp Oranges = new(0xFFFFFF, 0xFDE3C8, 0xFBB875, 0xEB7A28, 0xA94300);
    /// <summary>Pale grey over green to dark blue.</summary>
    internal static readonly Ramp Weights = new(0xE6E9EC, 0xBFE0C4, 0x5FBFA8, 0x1F8CA5, 0x10407C, 0x1B0F4A);

    readonly SKColor[] table = new SKColor[256];

    Ramp(params uint[] stops)
    {
        for (var i = 0; i < table.Length; i++)
        {
            var at = i / 255f * (stops.Length - 1);
            var k = Math.Min((int)at, stops.Length - 2);
            table[i] = Mix(new SKColor(stops[k] | 0xFF000000), new SKColor(stops[k + 1] | 0xFF000000), at - k);
        }
    }

    /// <summary>The colour at <paramref name="value"/>, clamped to 0..1.</summary>
    internal SKColor At(float value) => table[(int)(Math.Clamp(value, 0f, 1f) * 255f + 0.5f)];

    internal static SKColor Mix(SKColor a, SKColor b, float share) => new(
        (byte)(a.Red + (b.Red - a.Red) * share + 0.5f),
        (byte)(a.Green + (b.Green - a.Green) * share + 0.5f),
        (byte)(a.Blue + (b.Blue - a.Blue) * share + 0.5f));
}
