using System.IO.Hashing;
using System.Text;
using Seamless.Telemetry;

namespace Seamless.Ingest.Ledger;

/// <summary>A partition's ledger as it was written down.</summary>
/// <param name="Position">The last record of the log that it knows.</param>
internal sealed record LedgerState(long Position, IReadOnlyList<(DeviceLedger Ledger, RecentNumbers? Recent)> Devices);

/// <summary>A partition's ledger on disk: one file, replaced whole, so that position and content always belong together.</summary>
/// <remarks>Version (4), position (8), devices, XxHash3 of all that (8). A file that cannot be read is as good as none: the log tells what it still holds.</remarks>
internal static class LedgerFile
{
    private const int Version = 1;
    private const int HashBytes = 8;

    public static byte[] Write(LedgerState state)
    {
        using var buffer = new MemoryStream();
        using var writer = new BinaryWriter(buffer, Encoding.UTF8);
        writer.Write(Version);
        writer.Write(state.Position);
        writer.Write(state.Devices.Count);
        foreach (var (ledger, recent) in state.Devices)
        {
            Write(writer, ledger);
            Write(writer, recent);
        }
        writer.Flush();
        writer.Write(XxHash3.HashToUInt64(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
        writer.Flush();
        return buffer.ToArray();
    }

    /// <returns>Null when there is none, or none that can be trusted.</returns>
    public static LedgerState? Read(byte[] bytes)
    {
        if (bytes.Length < HashBytes + 16 || XxHash3.HashToUInt64(bytes.AsSpan(..^HashBytes)) != BitConverter.ToUInt64(bytes.AsSpan(^HashBytes..))) return null;
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        if (reader.ReadInt32() != Version) return null;
        var position = reader.ReadInt64();
        var devices = new List<(DeviceLedger, RecentNumbers?)>();
        for (var left = reader.ReadInt32(); left > 0; left--) devices.Add((ReadLedger(reader), ReadRecent(reader)));
        return new LedgerState(position, devices);
    }

    public static LedgerState? Load(string path) => File.Exists(path) ? Read(File.ReadAllBytes(path)) : null;

    /// <summary>Durable when it returns.</summary>
    public static void Save(string path, byte[] bytes, bool durable)
    {
        var next = path + ".next";
        using (var file = File.Create(next))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: durable);
        }
        File.Move(next, path, overwrite: true);
    }

    private static void Write(BinaryWriter writer, DeviceLedger ledger)
    {
        writer.Write(ledger.Device.Tenant);
        writer.Write(ledger.Device.Device);
        writer.Write(ledger.First);
        writer.Write(ledger.Highest);
        writer.Write(ledger.NewestMs);
        writer.Write(ledger.Repeated);
        writer.Write(ledger.Restarts);
        writer.Write(ledger.Forgotten);
        writer.Write(ledger.Missing.Ranges);
        foreach (var range in ledger.Missing.AsSpan())
        {
            writer.Write(range.From);
            writer.Write(range.To);
            writer.Write(range.SinceMs);
            writer.Write(range.Asked);
            writer.Write(range.AskedAtMs);
            writer.Write(range.Tries);
            writer.Write(range.GivenUp ?? "");
        }
    }

    private static DeviceLedger ReadLedger(BinaryReader reader)
    {
        var ledger = new DeviceLedger(new DeviceKey(reader.ReadString(), reader.ReadString()))
        {
            First = reader.ReadInt64(), Highest = reader.ReadInt64(), NewestMs = reader.ReadInt64(),
            Repeated = reader.ReadInt64(), Restarts = reader.ReadInt32(), Forgotten = reader.ReadInt64(),
        };
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            ledger.Missing.Add(new MissingRange
            {
                From = reader.ReadInt64(), To = reader.ReadInt64(), SinceMs = reader.ReadInt64(), Asked = reader.ReadInt32(),
                AskedAtMs = reader.ReadInt64(), Tries = reader.ReadInt32(), GivenUp = reader.ReadString() is { Length: > 0 } why ? why : null,
            });
        }
        return ledger;
    }

    private static void Write(BinaryWriter writer, RecentNumbers? recent)
    {
        var numbers = recent?.ToList() ?? [];
        writer.Write(numbers.Count);
        foreach (var (number, content) in numbers)
        {
            writer.Write(number);
            writer.Write(content);
        }
    }

    private static RecentNumbers? ReadRecent(BinaryReader reader)
    {
        var left = reader.ReadInt32();
        if (left == 0) return null;
        var recent = new RecentNumbers();
        for (; left > 0; left--) recent.Add(reader.ReadInt64(), reader.ReadUInt64());
        return recent;
    }
}
