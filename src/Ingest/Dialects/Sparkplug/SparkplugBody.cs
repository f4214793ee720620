using System.IO.Compression;
using Seamless.Telemetry.Payloads;
using Seamless.Telemetry.Payloads.Sparkplug;

namespace Seamless.Ingest.Dialects.Sparkplug;

/// <summary>Payloads that clients have packed into the body of another (uuid <c>SPBV1.0_COMPRESSED</c>), with zlib or gzip.</summary>
internal static class SparkplugBody
{
    /// <summary>The payload itself; null with a reject when it cannot be had. Never throws.</summary>
    public static ReadOnlyMemory<byte>? Unpack(ReadOnlyMemory<byte> payload, int maxBytes, out Reject? fault)
    {
        if (!SparkplugPayload.TryRead(payload.Span, out var outer, out fault) || !outer.Uuid.SequenceEqual("SPBV1.0_COMPRESSED"u8)) return payload;
        var isGzip = outer.Body is [0x1F, 0x8B, ..];
        using var packed = new MemoryStream(outer.Body.ToArray());
        using Stream unpacking = isGzip ? new GZipStream(packed, CompressionMode.Decompress) : new ZLibStream(packed, CompressionMode.Decompress);
        try
        {
            return Read(unpacking, maxBytes, out fault);
        }
        catch (InvalidDataException broken)
        {
            fault = new Reject(RejectReason.Malformed, -1, null, $"a compressed body that cannot be unpacked: {broken.Message}");
            return null;
        }
    }

    /// <summary>A small body can unpack to anything: it is read only as far as a payload may be long.</summary>
    private static ReadOnlyMemory<byte>? Read(Stream unpacking, int maxBytes, out Reject? fault)
    {
        fault = null;
        var unpacked = new MemoryStream();
        var piece = new byte[16 * 1024];
        for (int read; (read = unpacking.Read(piece)) > 0;)
        {
            if (unpacked.Length + read > maxBytes)
            {
                fault = new Reject(RejectReason.TooLarge, -1, null, $"unpacks to more than {maxBytes} bytes");
                return null;
            }
            unpacked.Write(piece, 0, read);
        }
        return unpacked.ToArray();
    }
}
