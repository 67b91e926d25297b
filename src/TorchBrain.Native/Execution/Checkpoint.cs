using System.Buffers.Binary;
using System.IO.Hashing;

namespace TorchBrain.Native;

/// <summary>
/// The whole state of a simulation: clock, spike hash and every mutable buffer in its canonical layout. It fits any backend that runs the same plan, and no other plan.
/// File: magic, version, plan hash, step, spike hash, buffers, and a closing XxHash128 over all of it.
/// </summary>
public sealed class Checkpoint
{
    const ulong Magic = 0x3154504B43424E54; // "TNBCKPT1"
    const int HeaderBytes = 8 + 16 + 8 + 16 + 4;

    readonly UInt128 _planHash;
    readonly UInt128 _spikeHash;
    readonly byte[][] _buffers;

    Checkpoint(UInt128 planHash, long step, UInt128 spikeHash, byte[][] buffers)
    {
        _planHash = planHash;
        Step = step;
        _spikeHash = spikeHash;
        _buffers = buffers;
    }

    /// <summary>The step at which it goes on.</summary>
    public long Step { get; }

    /// <summary>Hash of the plan it belongs to, 32 hexadecimal digits.</summary>
    public string PlanHash => _planHash.ToString("x32");

    internal static Checkpoint Of(ICompiledNetwork network)
    {
        network.Synchronize();
        var buffers = new byte[network.Plan.Buffers.Count][];
        foreach (var spec in network.Plan.Buffers)
            network.Read(spec, buffers[spec.Id] = new byte[spec.Bytes]);
        return new Checkpoint(network.Plan.Hash, network.Step, network.SpikeHash, buffers);
    }

    internal void Restore(ICompiledNetwork network)
    {
        if (network.Plan.Hash != _planHash)
            throw new TorchBrainException(ErrorCode.CheckpointForeign, $"The checkpoint belongs to plan {PlanHash}, this simulation runs plan {network.Plan.Hash:x32}.",
                "Build the network exactly as when it was saved (same description, seed and batch).");
        foreach (var spec in network.Plan.Buffers)
            if (_buffers.Length != network.Plan.Buffers.Count || _buffers[spec.Id].Length != spec.Bytes)
                throw Damaged("memory", "its buffers do not have the sizes of the plan");
        network.SetClock(Step, _spikeHash);
        foreach (var spec in network.Plan.Buffers)
            network.Write(spec, _buffers[spec.Id]);
    }

    /// <summary>Writes the checkpoint; the file appears whole or not at all, and a file of that name stays until then.</summary>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.FileNotWritable"/>.</exception>
    public void Save(string path) => AtomicFile.Write(path, stream =>
    {
        var hash = new XxHash128();
        void Put(ReadOnlySpan<byte> bytes)
        {
            hash.Append(bytes);
            stream.Write(bytes);
        }

        Span<byte> header = stackalloc byte[HeaderBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(header, Magic);
        BinaryPrimitives.WriteUInt128LittleEndian(header[8..], _planHash);
        BinaryPrimitives.WriteInt64LittleEndian(header[24..], Step);
        BinaryPrimitives.WriteUInt128LittleEndian(header[32..], _spikeHash);
        BinaryPrimitives.WriteInt32LittleEndian(header[48..], _buffers.Length);
        Put(header);
        Span<byte> length = stackalloc byte[8];
        foreach (var buffer in _buffers)
        {
            BinaryPrimitives.WriteInt64LittleEndian(length, buffer.Length);
            Put(length);
            Put(buffer);
        }
        stream.Write(hash.GetCurrentHash());
    });

    /// <summary>Reads a checkpoint file.</summary>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.CheckpointDamaged"/>: not a checkpoint, truncated, or changed.</exception>
    public static Checkpoint Open(string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new TorchBrainException(ErrorCode.CheckpointDamaged, $"{path}: cannot be read: {e.Message}", "Check the path.", e);
        }
        if (bytes.Length < HeaderBytes + 16 || BinaryPrimitives.ReadUInt64LittleEndian(bytes) != Magic)
            throw Damaged(path, "it is not a checkpoint of this version");
        if (!XxHash128.Hash(bytes.AsSpan(0, bytes.Length - 16)).AsSpan().SequenceEqual(bytes.AsSpan(bytes.Length - 16)))
            throw Damaged(path, "its checksum is wrong (truncated or changed)");
        var count = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(48));
        var rest = bytes.AsSpan(HeaderBytes, bytes.Length - HeaderBytes - 16);
        if (count < 0 || count > rest.Length / 8)
            throw Damaged(path, "its number of buffers is impossible");
        var buffers = new byte[count][];
        for (var i = 0; i < count; i++)
        {
            var length = rest.Length < 8 ? -1 : BinaryPrimitives.ReadInt64LittleEndian(rest);
            if (length < 0 || length > rest.Length - 8)
                throw Damaged(path, $"buffer {i} is cut off");
            buffers[i] = rest.Slice(8, (int)length).ToArray();
            rest = rest[(8 + (int)length)..];
        }
        return new Checkpoint(BinaryPrimitives.ReadUInt128LittleEndian(bytes.AsSpan(8)), BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(24)),
            BinaryPrimitives.ReadUInt128LittleEndian(bytes.AsSpan(32)), buffers);
    }

    static TorchBrainException Damaged(string path, string why) => new(ErrorCode.CheckpointDamaged, $"{path}: {why}.", "Use an intact checkpoint; one written by Checkpoint.Save is never half-written.");
}
