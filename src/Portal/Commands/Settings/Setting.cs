using System.Globalization;
using Seamless.Fleet.Limits;

namespace Seamless.Portal.Commands.Settings;

/// <summary><c>Lengths</c>: a length of time for each of several names, <c>name: 30d</c> under the key, or <c>name=30d, other=90d</c> in one line.</summary>
public enum SettingKind { Text, Flag, Number, Duration, Cap, Lengths }

/// <summary>One key of <c>seamless.yaml</c>. <c>docs/reference/configuration.md</c> lists them all, by test.</summary>
/// <param name="Key">Dotted, camelCase: <c>http.url</c> is <c>url</c> under <c>http</c>.</param>
/// <param name="Default">As one would write it; empty when there is none.</param>
public sealed record Setting(string Key, SettingKind Kind, string Default, string Description)
{
    public const string EnvironmentPrefix = "SEAMLESS__";

    public string Environment => EnvironmentPrefix + Key.Replace(".", "__", StringComparison.Ordinal).ToUpperInvariant();

    /// <summary>The least and the most that a number, a length of time or each of several lengths may be, as one would write them; empty where nothing limits it.</summary>
    public (string Least, string Most) Range { get; init; } = ("", "");

    /// <summary>What else a text must be: why it is not, or null when it is.</summary>
    public Func<string, string?>? Check { get; init; }

    /// <summary>Why <paramref name="text"/> is no value of this kind, or null when it is one.</summary>
    public string? Refuse(string text) => Kind switch
    {
        SettingKind.Flag when !bool.TryParse(text, out _) => $"'{text}' is neither true nor false",
        SettingKind.Number => RefuseNumber(text),
        SettingKind.Duration => RefuseLength(text),
        SettingKind.Lengths => RefuseLengths(text),
        SettingKind.Cap when text.Length > 0 && !Cap.TryParse(text, out _) => $"'{text}' is neither a whole number of 1 or more nor none",
        SettingKind.Text => Check?.Invoke(text),
        _ => null,
    };

    /// <summary>The same for one length of time of this key.</summary>
    internal string? RefuseLength(string text)
    {
        if (!Api.Span.TryParse(text, null, out var span)) return $"'{text}' is not a length of time such as 30s, 5m, 2h or 1d";
        if (Range.Least.Length > 0 && span.Length < Api.Span.Parse(Range.Least, null).Length) return $"'{text}' is too short; at least {Range.Least}";
        if (Range.Most.Length > 0 && span.Length > Api.Span.Parse(Range.Most, null).Length) return $"'{text}' is too long; at most {Range.Most}";
        return null;
    }

    private string? RefuseNumber(string text)
    {
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return $"'{text}' is not a whole number of 0 or more";
        if (Range.Least.Length > 0 && number < long.Parse(Range.Least, CultureInfo.InvariantCulture)) return $"'{text}' is too little; at least {Range.Least}";
        if (Range.Most.Length > 0 && number > long.Parse(Range.Most, CultureInfo.InvariantCulture)) return $"'{text}' is too much; at most {Range.Most}";
        return null;
    }

    private string? RefuseLengths(string text)
    {
        foreach (var (name, length) in NamedLengths.Split(text))
        {
            if (name.Length == 0) return $"'{length}' is not a name and a length of time such as vibration*=30d";
            if (RefuseLength(length) is { } reason) return $"{name}: {reason}";
        }
        return null;
    }
}
