namespace Seamless.Portal.Pages.Commerce;

/// <summary>Units of price lists that have words in both languages; a list may have others, which are shown as they are written.</summary>
internal static class PriceUnits
{
    public static readonly IReadOnlyList<string> Known = ["piece", "hour", "visit", "km"];
}
