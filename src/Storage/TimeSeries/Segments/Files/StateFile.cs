using System.IO.Hashing;
using Seamless.Storage.TimeSeries.Segments.Blocks;
using Seamless.Telemetry;

namespace Seamless.Storage.TimeSeries.Segments.Files;

/// <summary>What cannot be seen from the segments without reading all of them: the newest values, and from when on rows are shown.</summary>
internal static class StateFile
{
    public const string Name = "state";
    private static ReadOnlySpan<byte> Magic => "SEAMSTA1"u8;

    public static void Save(SegmentFolder folder, Marks marks, LatestValues latest)
    {
        var output = new ByteWriter();
        output.Bytes(Magic);
        marks.Write(output);
        var devices = latest.All();
        output.Varint((ulong)devices.Count);
        foreach (var (device, values) in devices)
        {
            output.Text(device.Tenant);
            output.Text(device.Device);
            output.Varint((ulong)values.Count);
            foreach (var value in values) Write(value, output);
        }
        output.Fixed64(XxHash3.HashToUInt64(output.Written));
        folder.Replace(Name, output.Written);
    }

    private static void Write(LatestValue value, ByteWriter output)
    {
        output.Text(value.Metric);
        output.Signed(value.TimestampMs);
        output.Byte(value.State is null ? (byte)0 : (byte)1);
        if (value.State is { } state) output.Text(state);
        else output.Double(value.Value);
    }

    /// <returns>Null when there is none or it is damaged.</returns>
    public static Marks? Load(string root, LatestValues latest)
    {
        var path = Path.Combine(root, Name);
        if (!File.Exists(path)) return null;
        ReadOnlySpan<byte> bytes = File.ReadAllBytes(path);
        if (bytes.Length < Magic.Length + 8 || !bytes.StartsWith(Magic) || XxHash3.HashToUInt64(bytes[..^8]) != BitConverter.ToUInt64(bytes[^8..])) return null;
        var input = new ByteReader(bytes[Magic.Length..^8]);
        var marks = Marks.Read(ref input);
        var devices = input.Count(input.Left);
        for (var i = 0; i < devices && !input.Failed; i++)
        {
            var device = new DeviceKey(input.Text(), input.Text());
            var values = input.Count(input.Left);
            for (var j = 0; j < values && !input.Failed; j++) latest.Put(device, ReadValue(ref input));
        }
        return input.Failed ? null : marks;
    }

    private static LatestValue ReadValue(ref ByteReader input)
    {
        var (metric, time, isState) = (input.Text(), input.Signed(), input.Byte() != 0);
        return isState ? new LatestValue(metric, time, double.NaN, input.Text()) : new LatestValue(metric, time, input.Double(), null);
    }
}

/// <summary>From when on rows are shown: what is older has been deleted, though it may still lie in a file. A metric may be kept for less long than the rest.</summary>
/// <param name="AllMs">For every metric.</param>
/// <param name="Metrics">By name, or by what a name begins with and a star.</param>
internal sealed record Marks(long AllMs, IReadOnlyDictionary<string, long> Metrics)
{
    public static Marks None { get; } = new(long.MinValue, new Dictionary<string, long>());

    public bool AreSimple => Metrics.Count == 0;

    public long Of(string metric) => Math.Max(AllMs, OfAlone(metric));

    /// <summary>The metric's own, whatever holds for the rest.</summary>
    public long OfAlone(string metric)
    {
        var mark = long.MinValue;
        foreach (var (pattern, markMs) in Metrics)
            if (Fits(metric, pattern)) mark = Math.Max(mark, markMs);
        return mark;
    }

    private static bool Fits(string metric, string pattern) =>
        pattern.EndsWith('*') ? metric.AsSpan().StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal) : metric == pattern;

    /// <summary>Up to when nothing is kept, not even hours.</summary>
    public long ForgetMs(TimeSpan keepRollups) => AllMs < long.MinValue + (long)keepRollups.TotalMilliseconds ? long.MinValue : AllMs - (long)keepRollups.TotalMilliseconds;

    /// <summary>Marks only ever rise.</summary>
    public Marks Raise(long allMs, IReadOnlyDictionary<string, long> metrics)
    {
        var raised = new Dictionary<string, long>(Metrics, StringComparer.Ordinal);
        foreach (var (pattern, markMs) in metrics) raised[pattern] = Math.Max(markMs, raised.GetValueOrDefault(pattern, long.MinValue));
        return new Marks(Math.Max(AllMs, allMs), raised);
    }

    public void Write(ByteWriter output)
    {
        output.Signed(AllMs);
        output.Varint((ulong)Metrics.Count);
        foreach (var (pattern, markMs) in Metrics)
        {
            output.Text(pattern);
            output.Signed(markMs);
        }
    }

    public static Marks Read(ref ByteReader input)
    {
        var all = input.Signed();
        var metrics = new Dictionary<string, long>(StringComparer.Ordinal);
        var count = input.Count(input.Left);
        for (var i = 0; i < count && !input.Failed; i++) metrics[input.Text()] = input.Signed();
        return new Marks(all, metrics);
    }
}
