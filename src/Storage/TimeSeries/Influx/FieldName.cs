using System.Globalization;
using System.Text;
using Seamless.Telemetry;

namespace Seamless.Storage.TimeSeries.Influx;

/// <summary>What a field of ours holds: one metric, as a number or a text, of one quality.</summary>
/// <remarks>
/// A field of InfluxDB has one type for ever and no quality, so both stand in its name: <c>flow</c>, <c>flow:uncertain</c>, <c>flow:bad</c>, and for
/// texts <c>mode:state</c>, <c>mode:state:uncertain</c>, <c>mode:state:bad</c>. A character of a metric's name that line protocol cannot carry, or that
/// would make it one of our own names, is written as a colon and two hexadecimal digits; the first is 0 to 7, so no suffix can be mistaken for one.
/// </remarks>
internal readonly record struct FieldName(string Metric, bool IsState, Quality Quality)
{
    /// <summary>Our clock when the sample came in, Unix ms: the one field that every point has, by which points are counted.</summary>
    public const string Arrived = "arrived";

    /// <summary>The device's own counter.</summary>
    public const string Sequence = "seq";

    private static readonly string[] Reserved = [Arrived, Sequence, "time", "tenant", "device"];

    public override string ToString() => Escape(Metric) + (IsState ? ":state" : "") + Quality switch
    {
        Quality.Good => "",
        Quality.Uncertain => ":uncertain",
        _ => ":bad",
    };

    /// <returns>Null for a column that is no metric's.</returns>
    public static FieldName? Parse(string field)
    {
        if (Array.IndexOf(Reserved, field) >= 0) return null;
        var metric = new StringBuilder(field.Length);
        var at = 0;
        while (at < field.Length)
        {
            if (field[at] != ':') metric.Append(field[at++]);
            else if (at + 2 < field.Length && char.IsAsciiDigit(field[at + 1]) && byte.TryParse(field.AsSpan(at + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var escaped))
            {
                metric.Append((char)escaped);
                at += 3;
            }
            else break;
        }
        return field[at..] switch
        {
            "" => new FieldName(metric.ToString(), false, Quality.Good),
            ":uncertain" => new FieldName(metric.ToString(), false, Quality.Uncertain),
            ":bad" => new FieldName(metric.ToString(), false, Quality.Bad),
            ":state" => new FieldName(metric.ToString(), true, Quality.Good),
            ":state:uncertain" => new FieldName(metric.ToString(), true, Quality.Uncertain),
            ":state:bad" => new FieldName(metric.ToString(), true, Quality.Bad),
            _ => null,
        };
    }

    /// <summary>A name that line protocol and InfluxQL can carry once their own escapes are added: no control characters, no backslash, nothing reserved.</summary>
    public static string Escape(string name)
    {
        var reserved = Array.IndexOf(Reserved, name) >= 0;
        if (!reserved && name is not ['_' or '#', ..] && !name.Any(NeedsEscape)) return name;
        var escaped = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            var c = name[i];
            if (NeedsEscape(c) || (i == 0 && (reserved || c is '_' or '#'))) escaped.Append(CultureInfo.InvariantCulture, $":{(int)c:X2}");
            else escaped.Append(c);
        }
        return escaped.ToString();
    }

    private static bool NeedsEscape(char c) => c is ':' or '\\' or < ' ' or '\x7F';
}
