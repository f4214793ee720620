namespace Seamless.ServiceDesk.Commerce;

/// <summary>What the smallest coin of a currency is: amounts are rounded to it, half away from zero, as on an invoice.</summary>
/// <remarks>ISO 4217 minor units; two digits for whatever is not listed.</remarks>
public static class Currencies
{
    private static readonly HashSet<string> WithoutDigits = ["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"];
    private static readonly HashSet<string> WithThree = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"];

    public static int DigitsOf(string currency) => WithoutDigits.Contains(currency) ? 0 : WithThree.Contains(currency) ? 3 : 2;

    public static decimal Round(decimal amount, string currency) => Math.Round(amount, DigitsOf(currency), MidpointRounding.AwayFromZero);

    public static bool IsCode(string? currency) => currency is { Length: 3 } && currency.All(char.IsAsciiLetterUpper);

    /// <summary>With as many digits as the currency has: <c>310.00 EUR</c>.</summary>
    public static string Write(decimal amount, string currency) =>
        $"{amount.ToString($"F{DigitsOf(currency)}", System.Globalization.CultureInfo.InvariantCulture)} {currency}";
}
