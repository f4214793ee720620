namespace Seamless.Telemetry.Payloads;

/// <summary>Instants as RFC 3339 writes them: <c>2026-05-04T12:30:00.25+02:00</c>.</summary>
internal static class Rfc3339
{
    /// <summary>Unix ms, fractions cut at the millisecond. A leap second counts as the second after it.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long unixMs)
    {
        unixMs = 0;
        if (text.Length < 20 || text[4] != '-' || text[7] != '-' || text[10] is not ((byte)'T' or (byte)'t' or (byte)' ') || text[13] != ':' || text[16] != ':')
            return false;
        if (!Digits(text[..4], out var year) || !Digits(text[5..7], out var month) || !Digits(text[8..10], out var day)) return false;
        if (!Digits(text[11..13], out var hour) || !Digits(text[14..16], out var minute) || !Digits(text[17..19], out var second)) return false;
        if (year == 0 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 60) return false;
        if (!TryFraction(text[19..], out var millisecond, out var used) || !TryOffset(text[(19 + used)..], out var offsetMinutes)) return false;
        var days = new DateOnly(year, month, day).DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
        unixMs = ((((days * 24L + hour) * 60 + minute - offsetMinutes) * 60) + second) * 1000 + millisecond;
        return true;
    }

    private static bool TryFraction(ReadOnlySpan<byte> text, out int millisecond, out int used)
    {
        millisecond = used = 0;
        if (text.IsEmpty || text[0] != '.') return true;
        var digits = text[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (digits < 1) return false;
        for (var i = 0; i < 3; i++) millisecond = millisecond * 10 + (i < digits ? text[1 + i] - '0' : 0);
        used = 1 + digits;
        return true;
    }

    private static bool TryOffset(ReadOnlySpan<byte> text, out int minutes)
    {
        minutes = 0;
        if (text.Length == 1) return text[0] is (byte)'Z' or (byte)'z';
        if (text.Length != 6 || text[0] is not ((byte)'+' or (byte)'-') || text[3] != ':') return false;
        if (!Digits(text[1..3], out var hours) || !Digits(text[4..6], out var rest) || hours > 23 || rest > 59) return false;
        minutes = hours * 60 + rest;
        if (text[0] == '-') minutes = -minutes;
        return true;
    }

    private static bool Digits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (var c in text)
        {
            if (c is < (byte)'0' or > (byte)'9') return false;
            value = value * 10 + (c - '0');
        }
        return true;
    }
}
