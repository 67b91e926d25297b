namespace TorchBrain.Native.Cpu;

/// <summary>A choice that the compiler makes once per loop, as a type argument.</summary>
interface IFlag
{
    static abstract bool On { get; }
}

readonly struct Yes : IFlag
{
    public static bool On => true;
}

readonly struct No : IFlag
{
    public static bool On => false;
}
