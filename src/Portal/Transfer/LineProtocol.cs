using System.Globalization;
using System.Text;

namespace Seamless.Portal.Transfer;

/// <summary>How a line's timestamp counts.</summary>
internal enum Precision { Ns, Us, Ms, S }

/// <summary>InfluxDB's line protocol: <c>measurement,tag=value field=value,field=value timestamp</c>.</summary>
/// <remarks>
/// The measurement is the equipment type and is not needed on the way in; the tags <c>device</c> and <c>tenant</c> say whose it is, others are passed over;
/// fields are metrics: numbers (also <c>1i</c>, <c>1u</c>), booleans, quoted texts.
/// </remarks>
internal static class LineProtocol
{
    /// <summary>What reading a line came to.</summary>
    /// <param name="Column">Of the character at fault, from 1.</param>
    /// <param name="IsOpen">A text has begun and not ended: it may go on in the next line.</param>
    public readonly record struct Result(string? Problem, int Column, bool IsOpen = false)
    {
        public static readonly Result Good = new(null, 0);
    }

    /// <summary>Reads one line into <paramref name="row"/>. Never throws.</summary>
    public static Result Read(string line, Precision precision, HistoryRow row)
    {
        row.Clear();
        return new Scanner(line).Read(precision, row);
    }

    public static void Write(StringBuilder line, string measurement, HistoryRow row, Precision precision)
    {
        Escape(line, measurement, ", ");
        if (row.Tenant is { } tenant) Escape(line.Append(",tenant="), tenant, ",= ");
        Escape(line.Append(",device="), row.Device, ",= ");
        for (var i = 0; i < row.Values.Count; i++)
        {
            var value = row.Values[i];
            Escape(line.Append(i == 0 ? ' ' : ','), value.Metric, ",= ");
            line.Append('=');
            if (value.Text is { } text) Quote(line, text);
            else line.Append(value.Number.ToString("R", CultureInfo.InvariantCulture));
        }
        line.Append(' ').Append(FromMs(row.TimestampMs, precision)).Append('\n');
    }

    /// <returns>Null when it does not fit 64 bits of milliseconds.</returns>
    public static long? ToMs(long timestamp, Precision precision) => precision switch
    {
        Precision.Ns => FloorDivide(timestamp, 1_000_000),
        Precision.Us => FloorDivide(timestamp, 1_000),
        Precision.S when Math.Abs((decimal)timestamp) > long.MaxValue / 1000 => null,
        Precision.S => timestamp * 1000,
        _ => timestamp,
    };

    private static Int128 FromMs(long ms, Precision precision) => precision switch
    {
        Precision.Ns => (Int128)ms * 1_000_000,
        Precision.Us => (Int128)ms * 1_000,
        Precision.S => FloorDivide(ms, 1000),
        _ => ms,
    };

    private static long FloorDivide(long value, long by) => value / by - (value % by < 0 ? 1 : 0);

    private static void Escape(StringBuilder line, string name, string special)
    {
        foreach (var c in name)
        {
            if (special.Contains(c, StringComparison.Ordinal) || c == '\\') line.Append('\\');
            line.Append(c is '\n' or '\r' ? ' ' : c);   // a name cannot hold the end of a line
        }
    }

    private static void Quote(StringBuilder line, string text)
    {
        line.Append('"');
        foreach (var c in text)
        {
            if (c is '"' or '\\') line.Append('\\');
            line.Append(c);
        }
        line.Append('"');
    }

    private ref struct Scanner(string line)
    {
        private readonly StringBuilder _text = new();
        private int _at;

        public Result Read(Precision precision, HistoryRow row)
        {
            if (Name(", ") is not { Length: > 0 }) return Fault("a line begins with the measurement");
            while (Takes(','))
            {
                if (ReadTag(row) is { Problem: not null } fault) return fault;
            }
            if (!Spaces()) return Fault("a space and the fields follow the tags");
            do
            {
                if (ReadField(row) is { Problem: not null } fault) return fault;
            }
            while (Takes(','));
            return ReadTimestamp(precision, row);
        }

        private Result ReadTag(HistoryRow row)
        {
            var start = _at;
            var key = Name(",= ");
            if (key.Length == 0 || !Takes('=')) return Fault("a tag is written key=value");
            var value = Name(",= ");
            if (value.Length == 0) return Fault($"the tag {key} has no value");
            if (key == "device") row.Device = value;
            else if (key == "tenant") row.Tenant = value;
            return _at > start ? Result.Good : Fault("a tag is written key=value");
        }

        private Result ReadField(HistoryRow row)
        {
            var key = Name(",= ");
            if (key.Length == 0 || !Takes('=')) return Fault("a field is written name=value");
            if (Takes('"')) return ReadText(key, row);
            var start = _at;
            while (_at < line.Length && line[_at] is not (',' or ' ' or '\r')) _at++;
            var value = line.AsSpan(start, _at - start);
            if (Flag(value) is { } flag) row.Values.Add(HistoryValue.Of(key, flag));
            else if (Number(value) is { } number) row.Values.Add(HistoryValue.Of(key, number));
            else
            {
                _at = start;
                return Fault($"'{value}' is neither a number, a boolean nor a text in quotes");
            }
            return Result.Good;
        }

        private Result ReadText(string key, HistoryRow row)
        {
            _text.Clear();
            for (; _at < line.Length; _at++)
            {
                var c = line[_at];
                if (c == '"')
                {
                    _at++;
                    row.Values.Add(HistoryValue.Of(key, _text.ToString()));
                    return Result.Good;
                }
                if (c == '\\' && _at + 1 < line.Length && line[_at + 1] is '"' or '\\') c = line[++_at];
                _text.Append(c);
            }
            return new Result("the text has no closing quote", _at + 1, IsOpen: true);
        }

        private Result ReadTimestamp(Precision precision, HistoryRow row)
        {
            if (_at < line.Length && line[_at] is not (' ' or '\r')) return Fault("a comma and the next field, or a space and the timestamp, belong here");
            Spaces();
            var digits = line.AsSpan(_at).TrimEnd();
            if (digits.IsEmpty) return Fault("there is no timestamp; what was measured must say when");
            if (!long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var timestamp) || ToMs(timestamp, precision) is not { } ms)
                return Fault($"'{Shortened(digits)}' is not a timestamp in {precision.ToString().ToLowerInvariant()}");
            row.TimestampMs = ms;
            return Result.Good;
        }

        /// <summary>Up to the next of <paramref name="ends"/> that no backslash takes the meaning from.</summary>
        private string Name(string ends)
        {
            _text.Clear();
            for (; _at < line.Length; _at++)
            {
                var c = line[_at];
                if (c == '\\' && _at + 1 < line.Length && (ends.Contains(line[_at + 1], StringComparison.Ordinal) || line[_at + 1] is '\\' or '=')) c = line[++_at];
                else if (ends.Contains(c, StringComparison.Ordinal) || c == '\r') break;
                _text.Append(c);
            }
            return _text.ToString();
        }

        private bool Takes(char c)
        {
            if (_at >= line.Length || line[_at] != c) return false;
            _at++;
            return true;
        }

        private bool Spaces()
        {
            var start = _at;
            while (_at < line.Length && line[_at] == ' ') _at++;
            return _at > start;
        }

        private readonly Result Fault(string problem) => new(problem, _at + 1);

        private static bool? Flag(ReadOnlySpan<char> value) => value switch
        {
            "t" or "T" or "true" or "True" or "TRUE" => true,
            "f" or "F" or "false" or "False" or "FALSE" => false,
            _ => null,
        };

        private static double? Number(ReadOnlySpan<char> value)
        {
            if (value.Length > 1 && value[^1] is 'i' or 'u')
            {
                var digits = value[..^1];
                if (value[^1] == 'i') return long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var signed) ? signed : null;
                return ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var unsigned) ? unsigned : null;
            }
            return double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
        }

        private static string Shortened(ReadOnlySpan<char> text) => text.Length <= 40 ? text.ToString() : $"{text[..40]}…";
    }
}
