using Seamless.Portal.Pages.Viewing;
using Seamless.ServiceDesk.Commerce;

namespace Seamless.Portal.Pages.Commerce;

/// <summary>Amounts as people of the viewer's language write them.</summary>
internal static class MoneyText
{
    public static string Money(this Viewer viewer, decimal amount, string currency) => $"{viewer.Amount(amount, currency)} {currency}";

    /// <summary>Without the currency, where the table says it once.</summary>
    public static string Amount(this Viewer viewer, decimal amount, string currency) => amount.ToString($"N{Currencies.DigitsOf(currency)}", viewer.Culture);
}
