namespace Seamless.ServiceDesk.Parts.Counting;

/// <summary>What a hand scanner or a radio gate gives for a unit, read as its serial number.</summary>
/// <remarks>
/// A serial as it stands · an element string with application identifier 21, in brackets or with separators (GS1 General Specifications §3.2, §7.8) · a GS1 Digital Link with the key qualifier
/// <c>/21/</c> · an EPC pure identity <c>urn:epc:id:sgtin:company.item.serial</c> (EPC Tag Data Standard §6.3).
/// </remarks>
public static class TagReading
{
    private const char Separator = '\u001D';   // FNC1 within a code
    private const string Epc = "urn:epc:id:sgtin:";
    private const int TradeItem = 16;          // 01 and its fourteen digits

    /// <returns>Null when the tag carries no serial number.</returns>
    public static string? SerialOf(string tag)
    {
        var text = WithoutSymbology(tag.Trim());
        var serial = text switch
        {
            _ when text.StartsWith(Epc, StringComparison.OrdinalIgnoreCase) => text[Epc.Length..].Split('.', 3) is [_, _, var last] ? Uri.UnescapeDataString(last) : null,
            _ when text.Contains("://", StringComparison.Ordinal) => OfLink(text),
            _ when text.StartsWith('(') => OfBrackets(text),
            _ when IsElementString(text) => text[(TradeItem + 2)..].Split(Separator)[0],
            _ => text,
        };
        return serial is { Length: > 0 } ? serial : null;
    }

    /// <summary>Scanners may say first which kind of code it was: <c>]d2</c>, <c>]C1</c>, <c>]Q3</c>.</summary>
    private static string WithoutSymbology(string text) => (text is [']', _, _, .. var rest] ? rest : text).TrimStart(Separator);

    private static bool IsElementString(string text) =>
        text.Length > TradeItem + 2 && text.StartsWith("01", StringComparison.Ordinal) && text.AsSpan(2, TradeItem - 2).IndexOfAnyExceptInRange('0', '9') < 0 && text.AsSpan(TradeItem).StartsWith("21");

    private static string? OfBrackets(string text)
    {
        const string Mark = "(21)";
        var at = text.IndexOf(Mark, StringComparison.Ordinal);
        return at < 0 ? null : text[(at + Mark.Length)..].Split('(', Separator)[0];
    }

    private static string? OfLink(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var link)) return null;
        var steps = link.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var at = Array.IndexOf(steps, "21");
        return at < 0 || at + 1 == steps.Length ? null : Uri.UnescapeDataString(steps[at + 1]);
    }
}
