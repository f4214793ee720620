using System.Diagnostics.CodeAnalysis;
using System.IO.Hashing;
using System.Text;
using Seamless.Rules.Alarms;

namespace Seamless.Rules.Engine;

/// <summary>Where the engine stands in the log and all it knows there, in one file that is replaced whole.</summary>
/// <remarks>The alarms' journal is always at least as far: judging again from here makes the same changes, which the journal knows by their ordinals.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "A memory stream holds nothing but memory")]
internal sealed class EngineSnapshot(string path)
{
    private const int Format = 3;
    private const int WithoutPeers = 2;

    private readonly MemoryStream _memory = new();   // of about the same size every time

    /// <param name="positions">Partition → last sequence judged.</param>
    /// <param name="lastTicksMs">Partition → platform time of its last tick.</param>
    public async Task WriteAsync(IReadOnlyList<long> positions, IReadOnlyList<long> lastTicksMs, Judgement judgement, ScorerBank scorers, CancellationToken ct)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _memory.SetLength(0);
        await using (var writer = new BinaryWriter(_memory, Encoding.UTF8, leaveOpen: true)) Write(writer, positions, lastTicksMs, judgement, scorers);
        var bytes = _memory.GetBuffer().AsMemory(0, (int)_memory.Length);
        var fresh = path + ".new";
        await using (var file = new FileStream(fresh, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16, FileOptions.Asynchronous))
        {
            await file.WriteAsync(BitConverter.GetBytes(XxHash64.HashToUInt64(bytes.Span)), ct);
            await file.WriteAsync(bytes, ct);
            file.Flush(flushToDisk: true);
        }
        File.Move(fresh, path, overwrite: true);
    }

    /// <returns>The positions and last ticks; null when there is no snapshot that can be read.</returns>
    public (long[] Positions, long[] LastTicksMs)? Read(Judgement judgement, ScorerBank scorers, List<TelemetryChange> changes)
    {
        if (!File.Exists(path)) return null;
        var bytes = File.ReadAllBytes(path);
        if (bytes.Length < 12 || BitConverter.ToUInt64(bytes, 0) != XxHash64.HashToUInt64(bytes.AsSpan(8)) || BitConverter.ToInt32(bytes, 8) is not (Format or WithoutPeers)) return null;
        using var reader = new BinaryReader(new MemoryStream(bytes, 12, bytes.Length - 12));
        var positions = Longs(reader);
        var lastTicks = Longs(reader);
        scorers.Restore(reader);
        for (var count = reader.ReadInt32(); count > 0; count--)
            if (StateTransfer.Read(reader, judgement.Compiled, judgement.LateRows, changes) is { } device) judgement.Restore(device);
        for (var count = reader.ReadInt32(); count > 0; count--) judgement.SiteFaults.Restore(StateTransfer.ReadTrack(reader));
        judgement.ReadPlaces(reader);
        if (BitConverter.ToInt32(bytes, 8) >= Format) judgement.ReadGroups(reader);
        return (positions, lastTicks);
    }

    private static void Write(BinaryWriter writer, IReadOnlyList<long> positions, IReadOnlyList<long> lastTicksMs, Judgement judgement, ScorerBank scorers)
    {
        writer.Write(Format);
        Write(writer, positions);
        Write(writer, lastTicksMs);
        scorers.Snapshot(writer);
        var devices = judgement.Devices.ToList();
        writer.Write(devices.Count);
        foreach (var device in devices) StateTransfer.Write(device, writer);
        var sites = judgement.SiteFaults.Tracks.ToList();
        writer.Write(sites.Count);
        foreach (var site in sites) StateTransfer.WriteTrack(site, writer);
        judgement.WritePlaces(writer);
        judgement.WriteGroups(writer);
    }

    private static void Write(BinaryWriter writer, IReadOnlyList<long> numbers)
    {
        writer.Write(numbers.Count);
        foreach (var number in numbers) writer.Write(number);
    }

    private static long[] Longs(BinaryReader reader)
    {
        var numbers = new long[reader.ReadInt32()];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = reader.ReadInt64();
        return numbers;
    }
}
