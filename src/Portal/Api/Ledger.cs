using System.Security.Claims;
using Seamless.Portal.Accounts;
using Seamless.ServiceDesk.Commerce.Contracts;
using Seamless.ServiceDesk.Commerce.Ledger;

namespace Seamless.Portal.Api;

/// <summary>Cost and margin: the books, computed from what happened.</summary>
internal static class Ledger
{
    public static void MapLedger(this RouteGroupBuilder api)
    {
        var ledger = api.MapGroup("/ledger").WithTags("Commerce");
        ledger.MapGet("/", ReportAsync).WithName("reportLedger").RequireAuthorization(Policies.Dispatch).Produces<LedgerReport>()
            .WithSummary("Revenue, cost and margin by case, asset, contract or customer, with the trial balance of each currency; the last thirty days when not told otherwise.");
        ledger.MapGet("/entries", EntriesAsync).WithName("listLedgerEntries").RequireAuthorization(Policies.Dispatch).Produces<Page<LedgerEntry>>().WithSummary("The entries of a period, each with its debits and credits and what it rests on.");
        api.MapGet("/contracts/{id}/profit", ProfitAsync).WithName("getContractProfit").WithTags("Commerce").RequireAuthorization(Policies.Dispatch).Produces<ContractProfit>()
            .WithSummary("A contract's profit and loss in a calendar month (month=2026-03, UTC; this one when not given), with its availability, bonus and malus.");
    }

    private static async Task<IResult> ReportAsync(string? by, Instant? from, Instant? to, ClaimsPrincipal user, ICostLedger ledger, TimeProvider clock, CancellationToken ct)
    {
        if (EnumWords.Read<LedgerDimension>("by", by, out var dimension) is { } unknown) return unknown;
        var (begin, end) = Period(from, to, clock);
        return begin >= end ? Backwards : TypedResults.Ok(await ledger.ReportAsync(user.Tenant(), dimension ?? LedgerDimension.Case, begin, end, ct));
    }

    private static async Task<IResult> EntriesAsync([AsParameters] PageQuery page, Instant? from, Instant? to, string? ticket, ClaimsPrincipal user, ICostLedger ledger, TimeProvider clock, CancellationToken ct)
    {
        var (begin, end) = Period(from, to, clock);
        return begin >= end ? Backwards : TypedResults.Ok((await ledger.EntriesAsync(user.Tenant(), begin, end, ticket, ct)).SliceInOrder(page, entry => entry.Source, entry => entry));
    }

    private static async Task<IResult> ProfitAsync(string id, string? month, ClaimsPrincipal user, ICostLedger ledger, TimeProvider clock, CancellationToken ct)
    {
        if (Months.Read(month, clock, out var of) is { } unreadable) return unreadable;
        return (await ledger.ProfitAsync(user.Tenant(), id, of, ct)).ToResult(profit => profit);
    }

    private static IResult Backwards => Problems.Invalid("'from' must be before 'to'");

    private static (DateTimeOffset From, DateTimeOffset To) Period(Instant? from, Instant? to, TimeProvider clock)
    {
        var end = to?.At ?? clock.GetUtcNow().AddMilliseconds(1);   // what happened this very millisecond counts
        return (from?.At ?? end.AddDays(-30), end);
    }
}
