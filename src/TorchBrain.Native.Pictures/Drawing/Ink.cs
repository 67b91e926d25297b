using SkiaSharp;

namespace TorchBrain.Native.Pictures;

/// <summary>The colours of all pictures. The hues are those of Okabe and Ito, told apart by colour-blind readers.</summary>
static class Ink
{
    internal static readonly SKColor Paper = SKColors.White;
    internal static readonly SKColor Text = new(0x20, 0x25, 0x2B);
    internal static readonly SKColor Quiet = new(0x62, 0x6A, 0x73);
    internal static readonly SKColor Spine = new(0x8A, 0x91, 0x99);
    internal static readonly SKColor Grid = new(0xE7, 0xEA, 0xED);
    internal static readonly SKColor Silent = new(0xDD, 0xE1, 0xE6);

    internal static readonly SKColor Blue = new(0x00, 0x72, 0xB2);
    internal static readonly SKColor Vermilion = new(0xD5, 0x5E, 0x00);
    internal static readonly SKColor Green = new(0x00, 0x9E, 0x73);
    internal static readonly SKColor Purple = new(0xCC, 0x79, 0xA7);
    internal static readonly SKColor Orange = new(0xE6, 0x9F, 0x00);
    internal static readonly SKColor Sky = new(0x56, 0xB4, 0xE9);

    static readonly SKColor[] Series = [Blue, Vermilion, Green, Purple, Orange, Sky, Text];

    /// <summary>The colour of the n-th curve or band; repeats after seven.</summary>
    internal static SKColor Of(int series) => Series[series % Series.Length];
}
