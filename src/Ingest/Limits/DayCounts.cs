using System.IO.Hashing;
using System.Text;
using Seamless.Fleet.Limits;

namespace Seamless.Ingest.Limits;

/// <summary>How many bytes of a day who has sent.</summary>
/// <param name="Day">Since 1970, UTC.</param>
internal sealed record DayCounts(long Day, IReadOnlyList<(LimitScope Scope, long Bytes)> Bytes)
{
    private const int Version = 1;
    private const int HashBytes = 8;

    /// <summary>Version (4), day (8), number (4), then tenant, device (empty: the tenant) and bytes (8) of each; XxHash3 of all that (8).</summary>
    public byte[] Write()
    {
        using var buffer = new MemoryStream();
        using var writer = new BinaryWriter(buffer, Encoding.UTF8);
        writer.Write(Version);
        writer.Write(Day);
        writer.Write(Bytes.Count);
        foreach (var (scope, bytes) in Bytes)
        {
            writer.Write(scope.Tenant);
            writer.Write(scope.Device ?? "");
            writer.Write(bytes);
        }
        writer.Flush();
        writer.Write(XxHash3.HashToUInt64(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
        writer.Flush();
        return buffer.ToArray();
    }

    /// <returns>Null when these bytes cannot be trusted.</returns>
    public static DayCounts? Read(byte[] bytes)
    {
        if (bytes.Length < HashBytes + 16 || XxHash3.HashToUInt64(bytes.AsSpan(..^HashBytes)) != BitConverter.ToUInt64(bytes.AsSpan(^HashBytes..))) return null;
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        if (reader.ReadInt32() != Version) return null;
        var day = reader.ReadInt64();
        var counts = new List<(LimitScope, long)>();
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            var (tenant, device) = (reader.ReadString(), reader.ReadString());
            counts.Add((new LimitScope(tenant, device.Length == 0 ? null : device), reader.ReadInt64()));
        }
        return new DayCounts(day, counts);
    }
}
