using Microsoft.EntityFrameworkCore;
using Seamless.ServiceDesk.Commerce.Contracts;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Parts.Compatibility;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Commerce.Ledger;

/// <summary>Cost and margin by case, asset, contract and customer, as a double-entry ledger over what happened.</summary>
public interface ICostLedger
{
    /// <param name="to">Exclusive.</param>
    Task<LedgerReport> ReportAsync(string tenant, LedgerDimension by, DateTimeOffset from, DateTimeOffset to, CancellationToken ct);

    /// <summary>In the order of their times.</summary>
    Task<IReadOnlyList<LedgerEntry>> EntriesAsync(string tenant, DateTimeOffset from, DateTimeOffset to, string? ticket, CancellationToken ct);

    /// <summary>A contract's profit and loss in a calendar month, UTC; of a month that still runs, until now.</summary>
    Task<Outcome<ContractProfit>> ProfitAsync(string tenant, string contract, Month month, CancellationToken ct);
}

internal sealed class CostLedger(Workbench workbench, CompatibilityBook compatibility, TimeProvider clock) : ICostLedger
{
    public Task<LedgerReport> ReportAsync(string tenant, LedgerDimension by, DateTimeOffset from, DateTimeOffset to, CancellationToken ct) => workbench.ReadAsync(async db =>
    {
        var entries = await (await ReaderAsync(db, tenant, ct)).ReadAsync(from, to, ct);
        var customers = by is LedgerDimension.Customer ? await CustomersAsync(db, tenant, ct) : [];
        return new LedgerReport(from, to, by, LedgerSums.Of(entries, e => by switch
        {
            LedgerDimension.Case => e.Ticket,
            LedgerDimension.Asset => e.Device,
            LedgerDimension.Contract => e.Contract,
            _ => customers.GetValueOrDefault(e.Ticket ?? e.Contract ?? ""),
        } ?? ""));
    }, ct);

    public Task<IReadOnlyList<LedgerEntry>> EntriesAsync(string tenant, DateTimeOffset from, DateTimeOffset to, string? ticket, CancellationToken ct) => workbench.ReadAsync<IReadOnlyList<LedgerEntry>>(async db =>
        (await (await ReaderAsync(db, tenant, ct)).ReadAsync(from, to, ct)).FindAll(e => ticket is null || e.Ticket == ticket), ct);

    public Task<Outcome<ContractProfit>> ProfitAsync(string tenant, string contract, Month month, CancellationToken ct) => workbench.ReadAsync<Outcome<ContractProfit>>(async db =>
    {
        var now = clock.GetUtcNow();
        if (month.From > now) return Refusal.Invalid($"{month.From:yyyy-MM} has not begun");
        var to = month.To < now ? month.To : now;
        var reader = await ReaderAsync(db, tenant, ct);
        var all = await reader.ReadAsync(month.From, to, ct);
        if (reader.Contracts.FirstOrDefault(c => c.Number == contract) is not { } found) return Refusal.NotFound($"there is no contract {contract}");
        var entries = all.FindAll(e => e.Contract == contract && e.Currency == found.Currency);
        var outcome = found.Outcome is { } terms ? OutcomeMonth.Of(found, terms, month.From, to, reader.DownTimes(found.Device)) : null;
        return ProfitOf(found, month.From, to, entries, outcome);
    }, ct);

    /// <summary>The outcome is what the month has come to so far; the ledger has it once the month is over.</summary>
    private static ContractProfit ProfitOf(Contract contract, DateTimeOffset from, DateTimeOffset to, List<LedgerEntry> entries, OutcomeMonth? outcome)
    {
        var row = LedgerSums.RowOf(contract.Number, entries.Where(e => !e.Source.StartsWith($"{contract.Number}:outcome:", StringComparison.Ordinal)));
        var earned = LedgerSums.RowOf("", entries.Where(e => e.Source == $"{contract.Number}:earned")).Revenue;
        var revenue = row.Revenue + (outcome?.Revenue ?? 0);
        return new ContractProfit(contract.Number, contract.Currency, from, to, earned, outcome, row.Revenue - earned, row.Costs, revenue, row.Cost, revenue - row.Cost);
    }

    private async Task<LedgerReader> ReaderAsync(DeskContext db, string tenant, CancellationToken ct) => new(db, tenant, (await compatibility.InForceAsync(db, tenant, ct)).Parts.ToDictionary(p => p.Sku, StringComparer.Ordinal));

    private static async Task<Dictionary<string, string>> CustomersAsync(DeskContext db, string tenant, CancellationToken ct)
    {
        var customers = await db.Tickets.Where(t => t.Tenant == tenant).ToDictionaryAsync(t => t.Number, t => t.Customer, ct);
        foreach (var contract in await db.Contracts.Where(c => c.Tenant == tenant).Select(c => new { c.Number, c.Customer }).ToListAsync(ct)) customers[contract.Number] = contract.Customer;
        return customers;
    }
}
