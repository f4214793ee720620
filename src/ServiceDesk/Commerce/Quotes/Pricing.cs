using System.Globalization;
using Seamless.ServiceDesk.Commerce.Coverage;
using Seamless.ServiceDesk.Commerce.Prices;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Commerce.Quotes;

/// <summary>From a price list to what the customer pays: pure arithmetic, each line rounded to the currency's smallest coin, the total the sum of the lines.</summary>
public static class Pricing
{
    private const int MostLines = 200;
    private const decimal MostOfOne = 100_000;

    public static Outcome<IReadOnlyList<QuoteLine>> Price(PriceList list, IReadOnlyList<AskedLine> asked, CoveredShare covered)
    {
        if (asked.Count is 0 or > MostLines) return Refusal.Invalid("quote-lines", $"'lines' has 1 to {MostLines} lines");
        var lines = new List<QuoteLine>(asked.Count);
        foreach (var line in asked)
        {
            if (line is not { Quantity: > 0 and <= MostOfOne }) return Refusal.Invalid("quote-quantity", $"a line has a 'code' and a 'quantity' above 0 and at most {MostOfOne}");
            if (list.Find(line.Code ?? "") is not { } item) return Refusal.Invalid("price-missing", $"the price list in {list.Currency} has no '{line.Code}'; publish its price, or leave the line out");
            lines.Add(LineOf(item, line.Quantity, CoveredOf(item.Kind, covered), list.Currency));
        }
        return lines;
    }

    public static decimal TotalOf(IReadOnlyList<QuoteLine> lines) => lines.Sum(l => l.Payable);

    /// <summary>Whether a bill may be written: all bills of a ticket together stay within its approved quote and what the policy lets pass.</summary>
    /// <param name="before">What has been billed already.</param>
    /// <returns>Why not; null when it may.</returns>
    public static Refusal? Within(string quote, decimal approved, decimal tolerance, decimal before, decimal total, string currency)
    {
        var most = Currencies.Round(approved * (1 + tolerance), currency);
        if (before + total <= most) return null;
        var already = before > 0 ? $", with {Currencies.Write(before, currency)} billed already," : "";
        var rule = tolerance > 0 ? string.Create(CultureInfo.InvariantCulture, $" and the {tolerance:P0} that the policy lets pass") : "";
        return Refusal.Because("bill-over-quote", $"{Currencies.Write(total, currency)}{already} is {Currencies.Write(before + total - most, currency)} over the approved quote {quote} of {Currencies.Write(approved, currency)}{rule}; make a new revision and have it approved");
    }

    private static QuoteLine LineOf(PriceItem item, decimal quantity, int coveredPercent, string currency)
    {
        var amount = Currencies.Round(quantity * item.Price, currency);
        var covered = Currencies.Round(amount * coveredPercent / 100, currency);
        return new QuoteLine(item.Kind, item.Code, item.Name, item.Unit, quantity, item.Price, amount, coveredPercent, covered, amount - covered);
    }

    private static int CoveredOf(PriceKind kind, CoveredShare covered) => kind switch
    {
        PriceKind.Labour => covered.Labour,
        PriceKind.Travel => covered.Travel,
        _ => covered.Parts,
    };
}
