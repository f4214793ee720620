using System.Buffers.Binary;
using System.IO.Hashing;
using Microsoft.Win32.SafeHandles;

namespace Seamless.Storage.Log;

/// <summary>A consumer's checkpoint on disk: two slots written in turn, so that a crash while writing one leaves the other.</summary>
/// <remarks>Slot: generation (8), count (4), a sequence (8) for each partition, XxHash3 of all that (8). Little-endian.</remarks>
internal sealed class ConsumerFile : IDisposable
{
    private const int SlotBytes = 1024;

    private readonly string _path;
    private readonly SafeFileHandle _file;
    private readonly bool _durable;
    private readonly byte[] _slot = new byte[SlotBytes];
    private readonly long[] _checkpoints;
    private readonly long[] _progress;
    private long _generation;

    public ConsumerFile(string path, int partitions, bool durable)
    {
        (_path, _durable) = (path, durable);
        var exists = File.Exists(path);
        _file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        _checkpoints = new long[partitions];
        for (var slot = 0; slot < 2; slot++) Load(slot);
        _progress = [.. _checkpoints];
        if (exists) return;
        Write();
        if (durable) Disk.FlushDirectory(Path.GetDirectoryName(path)!);
    }

    public long Checkpoint(int partition) => Volatile.Read(ref _checkpoints[partition]);

    public long Progress(int partition) => Math.Max(Volatile.Read(ref _progress[partition]), Checkpoint(partition));

    /// <summary>Only ever forward: a checkpoint that is saved later may be behind what was reported.</summary>
    public void ReportProgress(int partition, long sequence) => Volatile.Write(ref _progress[partition], Math.Max(sequence, Volatile.Read(ref _progress[partition])));

    /// <summary>Durable when it returns. One caller at a time.</summary>
    public void Save(int partition, long sequence)
    {
        if (_checkpoints[partition] == sequence) return;
        var before = _checkpoints[partition];
        Volatile.Write(ref _checkpoints[partition], sequence);
        try
        {
            Write();
        }
        catch
        {
            Volatile.Write(ref _checkpoints[partition], before);   // no segment may go for a checkpoint that a crash would forget
            throw;
        }
    }

    private void Load(int slot)
    {
        var read = RandomAccess.Read(_file, _slot, (long)slot * SlotBytes);
        var length = 12 + 8 * _checkpoints.Length;
        if (read < length + 8 || BinaryPrimitives.ReadInt32LittleEndian(_slot.AsSpan(8)) != _checkpoints.Length) return;
        if (BinaryPrimitives.ReadUInt64LittleEndian(_slot.AsSpan(length)) != XxHash3.HashToUInt64(_slot.AsSpan(0, length))) return;
        var generation = BinaryPrimitives.ReadInt64LittleEndian(_slot);
        if (generation <= _generation) return;
        _generation = generation;
        for (var i = 0; i < _checkpoints.Length; i++) _checkpoints[i] = BinaryPrimitives.ReadInt64LittleEndian(_slot.AsSpan(12 + 8 * i));
    }

    private void Write()
    {
        _generation++;
        BinaryPrimitives.WriteInt64LittleEndian(_slot, _generation);
        BinaryPrimitives.WriteInt32LittleEndian(_slot.AsSpan(8), _checkpoints.Length);
        for (var i = 0; i < _checkpoints.Length; i++) BinaryPrimitives.WriteInt64LittleEndian(_slot.AsSpan(12 + 8 * i), _checkpoints[i]);
        var length = 12 + 8 * _checkpoints.Length;
        BinaryPrimitives.WriteUInt64LittleEndian(_slot.AsSpan(length), XxHash3.HashToUInt64(_slot.AsSpan(0, length)));
        RandomAccess.Write(_file, _slot, _generation % 2 * SlotBytes);
        if (_durable) Disk.Flush(_file);
    }

    public void Delete()
    {
        _file.Dispose();
        File.Delete(_path);
    }

    public void Dispose() => _file.Dispose();
}
