namespace Seamless.Portal.Api;

/// <summary>A filter by state that also knows <c>open</c>: everything that still needs someone.</summary>
internal static class StateFilter
{
    private const string Open = "open";

    public static bool TryParse<T>(string? text, out bool openOnly, out T? only) where T : struct, Enum
    {
        openOnly = string.Equals(text, Open, StringComparison.OrdinalIgnoreCase);
        only = null;
        if (text is null || openOnly) return true;
        foreach (var value in Enum.GetValues<T>())
        {
            if (string.Equals(value.ToString(), text, StringComparison.OrdinalIgnoreCase)) only = value;
        }
        return only is not null;
    }

    public static IResult Refuse<T>(string name, string? text) where T : struct, Enum =>
        Problems.Invalid($"{name} is '{text}'; it must be one of {Open}, {string.Join(", ", Enum.GetValues<T>().Select(ApiJson.NameOf))}");
}
