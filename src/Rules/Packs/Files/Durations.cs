using System.Globalization;

namespace Seamless.Rules.Packs.Files;

/// <summary>Durations as people write them in packs: a number and one of <c>ms s m h d</c>.</summary>
internal static class Durations
{
    public const string Form = "a number and a unit: 500ms, 30s, 5m, 2h, 10d";

    public static bool TryParse(string text, out TimeSpan duration)
    {
        var digits = text.AsSpan().TrimEnd("msdh");
        var scale = text.AsSpan(digits.Length) switch
        {
            "ms" => 1.0,
            "s" => 1_000.0,
            "m" => 60_000.0,
            "h" => 3_600_000.0,
            "d" => 86_400_000.0,
            _ => 0.0,
        };
        duration = default;
        if (scale == 0 || !double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return false;
        if (number * scale > TimeSpan.FromDays(3650).TotalMilliseconds) return false;
        duration = TimeSpan.FromMilliseconds(number * scale);
        return true;
    }
}
