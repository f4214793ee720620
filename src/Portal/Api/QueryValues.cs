using System.Globalization;
using Seamless.Storage.TimeSeries;

namespace Seamless.Portal.Api;

/// <summary>A time in a query: RFC 3339, or Unix milliseconds.</summary>
public readonly record struct Instant(DateTimeOffset At) : IParsable<Instant>
{
    private const long MaxUnixMs = 253402300799999;

    public static Instant Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var instant) ? instant : throw new FormatException($"'{s}' is neither RFC 3339 (2026-01-31T12:00:00Z) nor Unix milliseconds");

    public static bool TryParse(string? s, IFormatProvider? provider, out Instant result)
    {
        result = default;
        if (string.IsNullOrWhiteSpace(s)) return false;
        if (long.TryParse(s, NumberStyles.None, CultureInfo.InvariantCulture, out var ms))
        {
            if (ms > MaxUnixMs) return false;
            result = new Instant(DateTimeOffset.FromUnixTimeMilliseconds(ms));
            return true;
        }
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (!DateTimeOffset.TryParse(s, CultureInfo.InvariantCulture, Utc, out var at)) return false;
        result = new Instant(at);
        return true;
    }
}

/// <summary>A length of time in a query: a number and a unit, as in the packs: <c>500ms</c>, <c>30s</c>, <c>5m</c>, <c>2h</c>, <c>10d</c>.</summary>
public readonly record struct Span(TimeSpan Length) : IParsable<Span>
{
    public static Span Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var span) ? span : throw new FormatException($"'{s}' is not a length of time such as 30s, 5m, 2h or 1d");

    public static bool TryParse(string? s, IFormatProvider? provider, out Span result)
    {
        result = default;
        var digits = s?.TakeWhile(c => char.IsAsciiDigit(c) || c == '.').Count() ?? 0;
        if (digits == 0 || !double.TryParse(s.AsSpan(0, digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return false;
        var ms = s![digits..] switch { "ms" => 1, "s" => 1e3, "m" => 60e3, "h" => 3600e3, "d" => 86400e3, _ => 0 } * number;
        if (ms is < 1 or > 3.2e12) return false;   // up to a hundred years
        result = new Span(TimeSpan.FromMilliseconds(ms));
        return true;
    }
}

/// <summary>How a bucket's points become one: <c>mean</c>, <c>min</c>, <c>max</c>, <c>last</c> or <c>count</c>, in small letters or great ones.</summary>
public readonly record struct Reduction(Aggregate Aggregate) : IParsable<Reduction>
{
    public static Reduction Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var reduction) ? reduction : throw new FormatException($"'{s}' is none of mean, min, max, last, count");

    public static bool TryParse(string? s, IFormatProvider? provider, out Reduction result)
    {
        var known = Enum.TryParse<Aggregate>(s, ignoreCase: true, out var aggregate) && !int.TryParse(s, out _);
        result = new Reduction(aggregate);
        return known;
    }
}
