using Seamless.Fleet.Limits;

namespace Seamless.Portal.Commands.Settings;

public enum SettingKind { Text, Flag, Number, Duration, Cap }

/// <summary>One key of <c>seamless.yaml</c>. <c>docs/reference/configuration.md</c> lists them all, by test.</summary>
/// <param name="Key">Dotted, camelCase: <c>http.url</c> is <c>url</c> under <c>http</c>.</param>
/// <param name="Default">As one would write it; empty when there is none.</param>
public sealed record Setting(string Key, SettingKind Kind, string Default, string Description)
{
    public const string EnvironmentPrefix = "SEAMLESS__";

    public string Environment => EnvironmentPrefix + Key.Replace(".", "__", StringComparison.Ordinal).ToUpperInvariant();

    /// <summary>Why <paramref name="text"/> is no value of this kind, or null when it is one.</summary>
    public string? Refuse(string text) => Kind switch
    {
        SettingKind.Flag when !bool.TryParse(text, out _) => $"'{text}' is neither true nor false",
        SettingKind.Number when !long.TryParse(text, out var number) || number < 0 => $"'{text}' is not a whole number of 0 or more",
        SettingKind.Duration when !Api.Span.TryParse(text, null, out _) => $"'{text}' is not a length of time such as 30s, 5m, 2h or 1d",
        SettingKind.Cap when text.Length > 0 && !Cap.TryParse(text, out _) => $"'{text}' is neither a whole number of 1 or more nor none",
        _ => null,
    };
}
