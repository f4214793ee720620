using System.Globalization;
using Seamless.ServiceDesk.Commerce.Contracts;
using Seamless.ServiceDesk.Commerce.Prices;
using Seamless.ServiceDesk.Commerce.Quotes;

namespace Seamless.ServiceDesk.Commerce.Ledger;

/// <summary>How each happening is posted: pure.</summary>
public static class Postings
{
    public static LedgerEntry PartUsed(string source, DateTimeOffset at, Dimensions of, decimal value, string currency) =>
        LedgerEntry.Of(source, at, currency, of, Account.PartsUsed, Account.Inventory, Currencies.Round(value, currency));

    public static LedgerEntry Worked(string source, DateTimeOffset at, Dimensions of, double minutes, CommercePolicy policy) =>
        LedgerEntry.Of(source, at, policy.Currency, of, Account.Labour, Account.Payroll, Currencies.Round((decimal)minutes / 60 * policy.Costs.LabourPerHour, policy.Currency));

    public static LedgerEntry Visited(string source, DateTimeOffset at, Dimensions of, CommercePolicy policy) =>
        LedgerEntry.Of(source, at, policy.Currency, of, Account.Travel, Account.Payables, Currencies.Round(policy.Costs.TravelPerVisit, policy.Currency));

    public static LedgerEntry Shipped(string source, DateTimeOffset at, Dimensions of, CommercePolicy policy) =>
        LedgerEntry.Of(source, at, policy.Currency, of, Account.Freight, Account.Payables, Currencies.Round(policy.Costs.FreightPerShipment, policy.Currency));

    public static LedgerEntry Repaired(string source, DateTimeOffset at, Dimensions of, decimal value, string currency, CommercePolicy policy) =>
        LedgerEntry.Of(source, at, currency, of, Account.Repairs, Account.Payables, Currencies.Round(value * policy.Costs.RepairShare, currency));

    /// <summary>One credit for each kind of line, so that the bill's own split is in the books.</summary>
    public static LedgerEntry Billed(string source, DateTimeOffset at, Dimensions of, IReadOnlyList<QuoteLine> lines, string currency) => new(
        source, at, currency, of.Ticket, of.Device, of.Contract,
        [new LedgerLine(Account.Receivables, lines.Sum(l => l.Payable), 0), .. lines.GroupBy(l => l.Kind).OrderBy(g => g.Key).Select(CreditOf)]);

    /// <summary>Sold at its start, earned day by day until its end or cancellation; the cents of all periods together are the price.</summary>
    public static IEnumerable<LedgerEntry> Term(Contract contract, DateTimeOffset from, DateTimeOffset to)
    {
        var of = new Dimensions(null, contract.Device, contract.Number);
        if (contract.Price > 0 && contract.Start >= from && contract.Start < to)
            yield return LedgerEntry.Of($"{contract.Number}:sold", contract.Start, contract.Currency, of, Account.Receivables, Account.UnearnedRevenue, contract.Price);
        var earned = EarnedBy(contract, to) - EarnedBy(contract, from);
        if (earned > 0) yield return LedgerEntry.Of($"{contract.Number}:earned", to, contract.Currency, of, Account.UnearnedRevenue, Account.ContractRevenue, earned);
    }

    /// <summary>What the outcome of a month came to.</summary>
    public static LedgerEntry? Settled(Contract contract, OutcomeMonth month)
    {
        if (month.Revenue == 0) return null;
        var of = new Dimensions(null, contract.Device, contract.Number);
        var source = string.Create(CultureInfo.InvariantCulture, $"{contract.Number}:outcome:{month.From:yyyy-MM}");
        return month.Revenue > 0
            ? LedgerEntry.Of(source, month.To, contract.Currency, of, Account.Receivables, Account.ContractRevenue, month.Revenue)
            : LedgerEntry.Of(source, month.To, contract.Currency, of, Account.ContractRevenue, Account.Receivables, -month.Revenue);
    }

    private static decimal EarnedBy(Contract contract, DateTimeOffset at)
    {
        var until = at < contract.CoveredUntil ? at : contract.CoveredUntil;
        if (until <= contract.Start) return 0;
        var share = (decimal)(until - contract.Start).Ticks / (contract.End - contract.Start).Ticks;
        return Currencies.Round(contract.Price * share, contract.Currency);
    }

    private static LedgerLine CreditOf(IGrouping<PriceKind, QuoteLine> lines) => new(Account.ServiceRevenue, 0, lines.Sum(l => l.Payable));
}
