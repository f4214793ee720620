using System.Globalization;
using CsCheck;

namespace Seamless.Telemetry.Tests;

internal static class Some
{
    public static readonly DeviceKey Pump = new("default", "pump-1");

    public static Gen<T> Of<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static readonly Gen<string> Names = Gen.OneOf(Of("flow", "vibration", "mode", "running"), Gen.Char.Where(c => !char.IsSurrogate(c)).Array[1, 20].Select(c => new string(c)))
        .Where(n => n is not ("ts" or "seq" or "values"));

    private static readonly Gen<Reading> Readings = Gen.OneOf(
        Gen.Select(Names, Gen.Double.Where(double.IsFinite), (n, v) => new Reading(n, v)),
        Gen.Select(Names, Gen.Int[0, 1], (n, v) => new Reading(n, v)),
        Gen.Select(Names, Gen.String[0, 40].Where(s => !s.Any(char.IsSurrogate)), (n, s) => new Reading(n, double.NaN, s)));

    /// <summary>What a device can send: at least one reading, each metric once.</summary>
    public static readonly Gen<Sample> SampleGen = Gen.Select(
        Gen.Long[946_684_800_000, 1_764_000_000_000], Gen.Long.Nullable(), Readings.List[1, 30],
        (ts, seq, readings) => new Sample(Pump, ts, seq, [.. readings.DistinctBy(r => r.Metric)]));

    public static bool Same(IReadOnlyList<Sample> left, IReadOnlyList<Sample> right) =>
        left.Count == right.Count && left.Zip(right).All(p => Same(p.First, p.Second));

    private static bool Same(Sample a, Sample b) =>
        a.Device == b.Device && a.TimestampMs == b.TimestampMs && a.Sequence == b.Sequence && a.Readings.SequenceEqual(b.Readings);

    public static string Text(Sample sample) => string.Join(' ', new[]
    {
        sample.TimestampMs.ToString(CultureInfo.InvariantCulture),
        sample.Sequence is { } sequence ? $"#{sequence}" : "",
        string.Join(' ', sample.Readings.Select(r => r.IsState ? $"{r.Metric}='{r.State}'" : string.Create(CultureInfo.InvariantCulture, $"{r.Metric}={r.Value}"))),
    }.Where(part => part.Length > 0));
}
