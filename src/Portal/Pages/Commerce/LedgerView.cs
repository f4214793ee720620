using System.Globalization;
using System.Text;
using Seamless.Portal.Pages.Customers;
using Seamless.Portal.Pages.Viewing;
using Seamless.ServiceDesk.Commerce.Ledger;

namespace Seamless.Portal.Pages.Commerce;

/// <summary>Which part of the ledger is looked at, on the page and in its table for a spreadsheet.</summary>
internal readonly record struct LedgerView(int Days, string? Ticket, string? Contract)
{
    private const int Usual = 30;
    private const int Most = 3660;

    /// <summary>Of one ticket or contract: no sums over all others.</summary>
    public bool IsOfOne => Ticket is not null || Contract is not null;

    public static LedgerView Of(int? days, string? ticket, string? contract) => new(Math.Clamp(days ?? Usual, 1, Most), Given(ticket), Given(contract));

    /// <summary>What happened this very millisecond counts.</summary>
    public (DateTimeOffset From, DateTimeOffset To) Until(DateTimeOffset now) => (now.AddDays(-Days), now.AddMilliseconds(1));

    public async Task<IReadOnlyList<LedgerEntry>> EntriesAsync(ICostLedger ledger, Viewer viewer, CancellationToken ct)
    {
        var (only, (from, to)) = (Contract, Until(viewer.Now));
        return [.. (await ledger.EntriesAsync(viewer.Tenant, from, to, Ticket, ct)).Where(e => only is null || e.Contract == only)];
    }

    public static void MapExport(IEndpointRouteBuilder app) =>
        app.MapGet("/ledger.csv", async (int? days, string? ticket, string? contract, ICostLedger ledger, Viewer viewer, CancellationToken ct) =>
                // The mark tells spreadsheets that this is UTF-8.
                Results.Text('\uFEFF' + Csv(await Of(days, ticket, contract).EntriesAsync(ledger, viewer, ct)), "text/csv", Encoding.UTF8))
            .RequireAuthorization(policy => policy.RequireRole(Duties.Desk.Split(','))).ExcludeFromDescription();

    internal static string Csv(IEnumerable<LedgerEntry> entries)
    {
        var text = new StringBuilder("at,source,ticket,device,contract,account,debit,credit,currency\r\n");
        foreach (var e in entries)
            foreach (var line in e.Lines)
                text.Append(CultureInfo.InvariantCulture, $"{e.At.UtcDateTime:O},{CustomersExport.Cell(e.Source)},{e.Ticket},{CustomersExport.Cell(e.Device)},{e.Contract},{line.Account},{line.Debit},{line.Credit},{e.Currency}\r\n");
        return text.ToString();
    }

    private static string? Given(string? text) => text?.Trim() is { Length: > 0 } given ? given : null;
}
