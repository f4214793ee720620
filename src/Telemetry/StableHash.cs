using System.Security.Cryptography;
using System.Text;

namespace Seamless.Telemetry;

/// <summary>Hashes that are the same in every process, on every machine and in every version.</summary>
public static class StableHash
{
    /// <summary>A short id from what identifies a thing: <paramref name="prefix"/>, a dash and 16 hex digits of SHA-256 over the parts.</summary>
    /// <remarks>Parts are length-prefixed, so ("ab","c") and ("a","bc") differ.</remarks>
    public static string Id(string prefix, params ReadOnlySpan<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[4];
        foreach (var part in parts)
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }
        return $"{prefix}-{Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8))}";
    }

    /// <summary>Spreads devices over partitions: FNV-1a over tenant and device, 64 bits.</summary>
    public static ulong Of(in DeviceKey device)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in device.Tenant) hash = (hash ^ c) * 1099511628211UL;
        hash = (hash ^ '/') * 1099511628211UL;
        foreach (var c in device.Device) hash = (hash ^ c) * 1099511628211UL;
        return hash;
    }
}
