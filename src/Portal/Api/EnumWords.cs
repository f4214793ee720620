namespace Seamless.Portal.Api;

/// <summary>A word of an enum in an address, in small letters or great ones.</summary>
internal static class EnumWords
{
    /// <summary>Null is left out: <paramref name="value"/> is then null as well.</summary>
    /// <returns>The problem, naming what can be said; null when there is none.</returns>
    public static IResult? Read<T>(string name, string? text, out T? value) where T : struct, Enum
    {
        value = null;
        if (text is null) return null;
        foreach (var known in Enum.GetValues<T>())
            if (string.Equals(known.ToString(), text, StringComparison.OrdinalIgnoreCase)) value = known;
        return value is not null ? null : Problems.Invalid($"{name} is '{text}'; it must be one of {string.Join(", ", Enum.GetValues<T>().Select(ApiJson.NameOf))}");
    }
}
