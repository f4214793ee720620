namespace Seamless.Portal.Commands.Settings;

/// <summary>Lengths of time by name, in one line: <c>vibration*=30d, current=90d</c>.</summary>
internal static class NamedLengths
{
    /// <returns>In order; a part without a name has an empty one.</returns>
    public static IEnumerable<(string Name, string Length)> Split(string text)
    {
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = part.LastIndexOf('=');
            yield return equals < 0 ? ("", part) : (part[..equals].TrimEnd(), part[(equals + 1)..].TrimStart());
        }
    }

    public static string Join(IEnumerable<(string Name, string Length)> lengths) => string.Join(", ", lengths.Select(length => $"{length.Name}={length.Length}"));

    /// <summary>Of a text that its setting has not refused; of a name that is there twice, the last.</summary>
    public static IReadOnlyDictionary<string, TimeSpan> Parse(string text)
    {
        var lengths = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);
        foreach (var (name, length) in Split(text)) lengths[name] = Api.Span.Parse(length, null).Length;
        return lengths;
    }
}
