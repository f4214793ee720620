using CsCheck;
using Seamless.Storage.Log;
using Seamless.Telemetry;

namespace Seamless.Storage.Tests;

internal static class Some
{
    public static Gen<T> Of<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static readonly Gen<DeviceKey> Devices = Gen.Select(Of("default", "acme"), Of("pump-1", "pump-2", "srv-1"), (t, d) => new DeviceKey(t, d));
    private static readonly Gen<string> Texts = Gen.OneOf(Of("flow", "vibration", "", "温度", "😀"), Gen.String[0, 30].Where(s => !s.Any(char.IsSurrogate)), Gen.Int[300, 2000].Select(n => new string('x', n)));
    private static readonly Gen<long> Times = Gen.OneOf(Gen.Long[1_763_000_000_000, 1_764_000_000_000], Gen.Long[long.MinValue / 4, long.MaxValue / 4]);
    private static readonly Gen<double> Values = Gen.OneOf(Gen.Double, Gen.Int.Select(i => (double)i), Of(-0.0, double.NaN, double.PositiveInfinity, 1e9, -1e9, 0));

    private static readonly Gen<Reading> Readings = Gen.OneOf(
        Gen.Select(Texts, Values, Gen.Enum<Quality>(), (n, v, q) => new Reading(n, v, null, q)),
        Gen.Select(Texts, Texts, (n, s) => new Reading(n, double.NaN, s)));

    public static readonly Gen<LogEntry> EntryGen = Gen.OneOf(
        Gen.Select(Devices, Times, Gen.Long.Where(seq => seq != Telemetry.Rows.SampleRows.NoSequence).Nullable(), Readings.Array[0, 8], Times, (d, ts, seq, r, at) => LogEntry.Of(new Sample(d, ts, seq, r), at)),
        Gen.Select(Devices, Times, Texts, Gen.Enum<EventSeverity>(), Texts, Texts, (d, ts, code, severity, text, data) =>
            LogEntry.Of(new DeviceEvent(d, ts, code, severity, text, data.Length % 2 == 0 ? null : data), ts)),
        Gen.Select(Devices, Times, Gen.Bool, Texts, (d, ts, online, text) => LogEntry.Of(new DeviceState(d, ts, online, text.Length % 2 == 0 ? null : text, text), ts)),
        Times.Select(LogEntry.Tick));

    public static Sample Sample(string device, long ts, double value = 1) =>
        new(new DeviceKey("default", device), ts, null, [new Reading("flow", value)]);

    public static DeviceKey DeviceOf(in LogEntry entry) => entry.Sample?.Device ?? entry.Event?.Device ?? entry.State!.Device;

    public static void AssertSame(IReadOnlyList<LogEntry> expected, IReadOnlyList<LogRecord> actual)
    {
        Assert.True(actual.Count >= expected.Count, $"{actual.Count} of {expected.Count} records");
        for (var i = 0; i < expected.Count; i++)
        {
            var (want, have) = (expected[i], actual[i].Entry);
            Assert.Equal((want.Kind, want.ArrivalMs, want.Event, want.State), (have.Kind, have.ArrivalMs, have.Event, have.State));
            Assert.Equal((want.Sample?.Device, want.Sample?.TimestampMs, want.Sample?.Sequence), (have.Sample?.Device, have.Sample?.TimestampMs, have.Sample?.Sequence));
            // Bit for bit: -0 and NaN too.
            Assert.Equal(want.Sample?.Readings.Select(Bits), have.Sample?.Readings.Select(Bits));
        }
    }

    private static (string, long, string?, Quality) Bits(Reading r) => (r.Metric, BitConverter.DoubleToInt64Bits(r.Value), r.State, r.Quality);
}
