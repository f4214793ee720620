namespace Seamless.ServiceDesk.Commerce.Ledger;

/// <summary>Where money stands. The first five are balances, the others what a period cost and earned.</summary>
public enum Account : byte
{
    Receivables, UnearnedRevenue, Inventory, Payroll, Payables,
    PartsUsed, Labour, Travel, Freight, Repairs, ServiceRevenue, ContractRevenue,
}

/// <summary>One side of an entry: a debit or a credit, never both.</summary>
public readonly record struct LedgerLine(Account Account, decimal Debit, decimal Credit);

/// <summary>Something that happened, in money: its debits equal its credits.</summary>
/// <param name="Source">What it rests on: the event, the move of a unit, the shipment, the invoice, the contract.</param>
/// <param name="Ticket">The case; null for what belongs to none, as a contract's revenue.</param>
public sealed record LedgerEntry(string Source, DateTimeOffset At, string Currency, string? Ticket, string? Device, string? Contract, IReadOnlyList<LedgerLine> Lines)
{
    public bool Balances => Lines.Sum(l => l.Debit) == Lines.Sum(l => l.Credit);

    public static LedgerEntry Of(string source, DateTimeOffset at, string currency, Dimensions of, Account debit, Account credit, decimal amount) =>
        new(source, at, currency, of.Ticket, of.Device, of.Contract, [new LedgerLine(debit, amount, 0), new LedgerLine(credit, 0, amount)]);
}

/// <summary>What an entry is counted by.</summary>
public readonly record struct Dimensions(string? Ticket, string? Device, string? Contract);

public enum LedgerDimension : byte { Case, Asset, Contract, Customer }

/// <summary>What came in, what went out, what is left.</summary>
/// <param name="Of">Ticket, device, contract or customer; empty for what belongs to none.</param>
/// <param name="Costs">By account.</param>
public sealed record MarginRow(string Of, decimal Revenue, decimal Cost, decimal Margin, IReadOnlyDictionary<Account, decimal> Costs);

public sealed record AccountBalance(Account Account, decimal Debit, decimal Credit);

/// <param name="Trial">The trial balance: the debits of all accounts together equal the credits.</param>
/// <param name="Rows">The lowest margin first.</param>
public sealed record CurrencyLedger(string Currency, int Entries, IReadOnlyList<AccountBalance> Trial, IReadOnlyList<MarginRow> Rows, MarginRow Total);

public sealed record LedgerReport(DateTimeOffset From, DateTimeOffset To, LedgerDimension By, IReadOnlyList<CurrencyLedger> Currencies);

/// <summary>Sums over entries: pure, and the same whichever way they are grouped.</summary>
public static class LedgerSums
{
    private static readonly Account[] Expenses = [Account.PartsUsed, Account.Labour, Account.Travel, Account.Freight, Account.Repairs];
    private static readonly Account[] Revenues = [Account.ServiceRevenue, Account.ContractRevenue];

    /// <param name="of">What an entry is counted under; empty when under nothing.</param>
    public static IReadOnlyList<CurrencyLedger> Of(IEnumerable<LedgerEntry> entries, Func<LedgerEntry, string> of) =>
        [.. entries.GroupBy(e => e.Currency).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => Of(g.Key, [.. g], of))];

    public static MarginRow RowOf(string name, IEnumerable<LedgerEntry> entries)
    {
        var net = entries.SelectMany(e => e.Lines).GroupBy(l => l.Account).ToDictionary(g => g.Key, g => g.Sum(l => l.Debit - l.Credit));
        var costs = Expenses.Where(net.ContainsKey).ToDictionary(a => a, a => net[a]);
        var revenue = Revenues.Sum(a => -net.GetValueOrDefault(a));
        return new MarginRow(name, revenue, costs.Values.Sum(), revenue - costs.Values.Sum(), costs);
    }

    private static CurrencyLedger Of(string currency, List<LedgerEntry> entries, Func<LedgerEntry, string> of) => new(
        currency, entries.Count,
        [.. entries.SelectMany(e => e.Lines).GroupBy(l => l.Account).OrderBy(g => g.Key).Select(g => new AccountBalance(g.Key, g.Sum(l => l.Debit), g.Sum(l => l.Credit)))],
        [.. entries.GroupBy(of).Select(g => RowOf(g.Key, g)).Where(r => r.Revenue != 0 || r.Cost != 0).OrderBy(r => r.Margin).ThenBy(r => r.Of, StringComparer.Ordinal)],
        RowOf("", entries));
}
