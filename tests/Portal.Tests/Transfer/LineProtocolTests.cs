using System.Text;
using CsCheck;
using Seamless.Portal.Transfer;

namespace Seamless.Portal.Tests.Transfer;

public sealed class LineProtocolTests
{
    [Theory]
    [InlineData("pump,device=p-1 vibration=2.5,running=t,count=7i,big=18446744073709551615u,mode=\"auto\" 1764000000123000000", "p-1 1764000000123 vibration=2.5 running=1 count=7 big=1.8446744073709552E+19 mode='auto'")]
    [InlineData("""my\,pump\ x,device=p-1,line=a\ b value\ one="say \"hi\" \\ there" 1764000000123000001""", "p-1 1764000000123 value one='say \"hi\" \\ there'")]
    [InlineData("pump,tenant=default,device=p-1 a=-1e-3 -1", "p-1 -1 a=-0.001")]
    [InlineData("pump,device=p-1 a=1 1764000000123000000\r", "p-1 1764000000123 a=1")]
    public void A_line_is_read_as_written(string line, string expected)
    {
        var row = new HistoryRow();
        Assert.Null(LineProtocol.Read(line, Precision.Ns, row).Problem);
        Assert.Equal(expected, Text(row));
    }

    [Theory]
    [InlineData(",device=p a=1 1", 1)]
    [InlineData("pump", 5)]
    [InlineData("pump,device a=1 1", 12)]
    [InlineData("pump,device=p a 1", 16)]
    [InlineData("pump,device=p a=x 1", 17)]
    [InlineData("pump,device=p a=NaN 1", 17)]
    [InlineData("pump,device=p a=1", 18)]
    [InlineData("pump,device=p a=1 soon", 19)]
    [InlineData("pump,device=p a=1 99999999999999999999", 19)]
    [InlineData("pump,device=p a=\"open 1", 24)]
    [InlineData("pump,device=p a=\"text\"b=1 1", 23)]
    public void What_is_wrong_is_said_with_its_column(string line, int column)
    {
        var read = LineProtocol.Read(line, Precision.Ns, new HistoryRow());
        Assert.NotNull(read.Problem);
        Assert.Equal(column, read.Column);
    }

    [Theory]
    [InlineData("s", 1764000000, 1764000000000)]
    [InlineData("ms", 1764000000123, 1764000000123)]
    [InlineData("us", 1764000000123999, 1764000000123)]
    [InlineData("ns", -1, -1)]
    public void A_timestamp_counts_in_its_precision(string precision, long timestamp, long ms) =>
        Assert.Equal(ms, LineProtocol.ToMs(timestamp, Enum.Parse<Precision>(precision, ignoreCase: true)));

    [Fact]
    public void What_is_written_is_read_again_as_a_whole_file()
    {
        var name = Gen.String[Gen.Char[" ,=\\\"abcß温"], 1, 12].Where(text => !text.EndsWith('\\'));
        var value = Gen.OneOf(
            Gen.Select(name, Gen.Double.Where(double.IsFinite), (metric, number) => HistoryValue.Of(metric, number)),
            Gen.Select(name, Gen.String[Gen.Char[" ,=\\\"\n\r#ab温"], 0, 12], (metric, text) => HistoryValue.Of(metric, text)));
        var rows = Gen.Select(Gen.Long[946_684_800_000, 4_102_444_800_000], value.Array[1, 6]).Array[1, 8];
        rows.Sample(wanted =>
        {
            var (file, expected) = (new StringBuilder(), new List<string>());
            foreach (var (ms, values) in wanted)
            {
                var row = new HistoryRow { Device = "pump-1", Tenant = "default", TimestampMs = ms };
                row.Values.AddRange(values);
                LineProtocol.Write(file, "a pump, large", row, Precision.Ns);
                expected.Add(Text(row));
            }
            using var reader = new LineProtocolFile("f.lp", new MemoryStream(Encoding.UTF8.GetBytes(file.ToString())), Precision.Ns, null);
            Assert.Equal(expected, Read(reader, out var bad));
            return bad.Count == 0;
        }, iter: 2000);
    }

    [Fact]
    public void No_bytes_at_all_make_it_throw_or_hang()
    {
        Gen.OneOf(Gen.Byte.Array[0, 200].Select(bytes => Encoding.Latin1.GetString(bytes)), Gen.String[Gen.Char["p,=\\\" \n\r19-.tfi#"], 0, 60]).Sample(text =>
        {
            using var reader = new LineProtocolFile("f.lp", new MemoryStream(Encoding.UTF8.GetBytes(text)), Precision.Us, "pump-1");
            Read(reader, out _);
        }, iter: 5000);
    }

    [Fact]
    public void A_bad_line_costs_itself_and_is_named()
    {
        var text = "# exported\n\npump,device=p a=1 1764000000000\npump,device=p a=oops 1764000000001\npump a=1 1764000000002\npump,device=p,tenant=other a=1 1764000000003\npump,device=p a=1 1764000\npump,device=p a=\"two\nlines\" 1764000000004\npump,device=p a=2 1764000000005";
        using var reader = new LineProtocolFile("f.lp", new MemoryStream(Encoding.UTF8.GetBytes(text)), Precision.Ms, null);

        Assert.Equal(["p 1764000000000 a=1", "p 1764000000004 a='two\nlines'", "p 1764000000005 a=2"], Read(reader, out var bad));
        Assert.Equal(["f.lp:4:17", "f.lp:5:1", "f.lp:6:1", "f.lp:7:1"], bad.Select(row => $"{row.File}:{row.Line}:{row.Column}"));
        Assert.Contains("--precision", bad[3].Reason);
    }

    private static List<string> Read(LineProtocolFile reader, out List<BadRow> bad)
    {
        var (row, good) = (new HistoryRow(), new List<string>());
        bad = [];
        while (reader.Read(row, out var wrong))
        {
            if (wrong is null) good.Add(Text(row));
            else bad.Add(wrong);
        }
        return good;
    }

    private static string Text(HistoryRow row) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{row.Device} {row.TimestampMs} ")
        + string.Join(' ', row.Values.Select(value => value.Text is { } text ? $"{value.Metric}='{text}'" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{value.Metric}={value.Number:R}")));
}
