using System.Globalization;
using System.Text;
using CsCheck;
using Seamless.Storage.TimeSeries;
using Seamless.Storage.TimeSeries.Influx;
using Seamless.Telemetry;
using Seamless.Telemetry.Rows;

namespace Seamless.Storage.Tests.TimeSeries.Influx;

/// <summary>Our lines as another reader, written from the documentation alone, takes them apart.</summary>
public sealed class LineProtocolTests
{
    private static readonly Gen<char> Characters = Gen.OneOf(Gen.Char[' ', '~'], Some.Of('"', '\\', ',', '=', ' ', ':', '\n', '\r', '\t', '#', '_', '°', '温'));
    private static readonly Gen<string> Names = Gen.OneOf(Characters.Array[1, 12].Select(c => new string(c)), Some.Of("time", "seq", "arrived", "device", "tenant", ":bad", "a:3Ab", "x:state", "7:"));
    private static readonly Gen<double> Numbers = Gen.OneOf(Gen.Double.Where(double.IsFinite), Some.Of(-0.0, 1e300, 5e-324, 1e-7, 123456789012345680));

    private static readonly Gen<Reading> Readings = Gen.Select(Names, Numbers, Gen.OneOf(Gen.Const((string?)null), Characters.Array[0, 20].Select(c => (string?)new string(c))), Gen.Enum<Quality>())
        .Select((name, number, state, quality) => new Reading(name, state is null ? number : double.NaN, state, quality));

    private sealed class TypedCatalog(string type) : IEquipmentCatalog
    {
        public string TypeOf(in DeviceKey device) => type;
        public IReadOnlyList<string> MetricsOf(string _) => [];
    }

    [Fact]
    public void Names_values_and_texts_of_any_kind_are_read_back_as_they_were() =>
        Gen.Select(Names, Readings.Array[1, 6], Gen.Long[LineBatch.EarliestMs, LineBatch.LatestMs]).Sample((type, readings, at) =>
        {
            readings = [.. readings.DistinctBy(r => (r.Metric, r.IsState, r.Quality))];
            var rows = new SampleRows();
            rows.Add(new Sample(new DeviceKey("acme", "pump.1:a_b-c"), at, at, readings), 42);
            var batch = new LineBatch();
            var refusals = new List<string>();
            batch.Add(rows, 0, new LineNames(new TypedCatalog(type)), refusals);

            Assert.Empty(refusals);
            Assert.Equal(1, batch.Count);
            var line = Encoding.UTF8.GetString(batch.Lines(0, 1).Span);
            var read = ReferenceLine.Parse(line);
            Assert.Equal([("device", "pump.1:a_b-c"), ("tenant", "acme")], read.Tags);
            Assert.Equal(FieldName.Escape(type), read.Measurement);
            Assert.Equal(at, read.At);
            Assert.Equal("42i", read.Fields.Single(f => f.Name == "arrived").Value);
            Assert.Equal(at.ToString(CultureInfo.InvariantCulture) + "i", read.Fields.Single(f => f.Name == "seq").Value);
            var back = read.Fields.Where(f => f.Name is not ("arrived" or "seq")).Select(f => (FieldName.Parse(f.Name)!.Value, f.Value));
            Assert.Equal(
                readings.Select(r => (new FieldName(r.Metric, r.IsState, r.Quality), r.State is { } text ? $"\"{text}\"" : Bits(r.Value))),
                back.Select(b => (b.Item1, b.Item2[0] == '"' ? b.Item2 : Bits(double.Parse(b.Item2, CultureInfo.InvariantCulture)))));
        });

    [Theory]
    [InlineData(double.NaN, null, 1, "neither a number nor a text")]
    [InlineData(double.PositiveInfinity, null, 1, "neither a number nor a text")]
    [InlineData(1, null, 9_300_000_000_000, "outside the years 1677 to 2262")]
    public void What_line_protocol_cannot_carry_is_refused_with_its_reason(double value, string? state, long at, string reason)
    {
        var rows = new SampleRows();
        rows.Add(new Sample(new DeviceKey("acme", "pump-1"), at, null, [new Reading("flow", value, state)]), 0);
        var (batch, refusals) = (new LineBatch(), new List<string>());
        batch.Add(rows, 0, new LineNames(new GenericCatalog()), refusals);
        Assert.Contains(reason, Assert.Single(refusals), StringComparison.Ordinal);
        Assert.Equal(0, batch.Count);
    }

    private static string Bits(double value) => BitConverter.DoubleToInt64Bits(value).ToString("X", CultureInfo.InvariantCulture);

    /// <summary>A reader of one line: escapes in keys are a backslash before comma, equals sign and space, in texts before quote and backslash.</summary>
    private sealed record ReferenceLine(string Measurement, List<(string Key, string Value)> Tags, List<(string Name, string Value)> Fields, long At)
    {
        public static ReferenceLine Parse(string line)
        {
            Assert.EndsWith("\n", line, StringComparison.Ordinal);
            Assert.NotEqual('#', line[0]);
            var at = 0;
            var measurement = Key(line, ref at, ", ", ", ");
            var tags = new List<(string, string)>();
            while (line[at] == ',')
            {
                at++;
                var key = Key(line, ref at, "=", ",= ");
                at++;
                tags.Add((key, Key(line, ref at, ", ", ",= ")));
            }
            var fields = new List<(string, string)>();
            do
            {
                at++;
                var name = Key(line, ref at, "=", ",= ");
                at++;
                fields.Add((name, line[at] == '"' ? Text(line, ref at) : Key(line, ref at, ", ", "")));
            }
            while (line[at] == ',');
            return new ReferenceLine(measurement, tags, fields, long.Parse(line[(at + 1)..^1], CultureInfo.InvariantCulture));
        }

        private static string Key(string line, ref int at, string ends, string escapes)
        {
            var text = new StringBuilder();
            for (; !ends.Contains(line[at], StringComparison.Ordinal); at++)
            {
                Assert.NotEqual('\n', line[at]);
                if (line[at] == '\\' && escapes.Contains(line[at + 1], StringComparison.Ordinal)) at++;
                text.Append(line[at]);
            }
            return text.ToString();
        }

        private static string Text(string line, ref int at)
        {
            var text = new StringBuilder("\"");
            for (at++; line[at] != '"'; at++)
            {
                if (line[at] == '\\' && line[at + 1] is '"' or '\\') at++;
                text.Append(line[at]);
            }
            at++;
            return text.Append('"').ToString();
        }
    }
}

internal static class RowsOfSamples
{
    public static SampleRows AsRows(this IEnumerable<Sample> samples)
    {
        var rows = new SampleRows();
        foreach (var sample in samples) rows.Add(sample, sample.TimestampMs);
        return rows;
    }
}
