using Microsoft.Extensions.DependencyInjection;
using Seamless.ServiceDesk.Commerce;
using Seamless.ServiceDesk.Commerce.Catalogue;
using Seamless.ServiceDesk.Commerce.Contracts;
using Seamless.ServiceDesk.Commerce.Coverage;
using Seamless.ServiceDesk.Commerce.Documents;
using Seamless.ServiceDesk.Commerce.Ledger;
using Seamless.ServiceDesk.Commerce.Prices;
using Seamless.ServiceDesk.Commerce.Quotes;
using Seamless.ServiceDesk.Commerce.Repairs;
using Seamless.ServiceDesk.Customers.Requests;
using Seamless.Telemetry;

namespace Seamless.Portal.Tests.Stage;

internal static class StageCommerceRegistration
{
    public static void AddStageCommerce(this IServiceCollection services) => services
        .AddSingleton<StageQuotes>().AddSingleton<IQuotes>(s => s.GetRequiredService<StageQuotes>())
        .AddSingleton<StageContracts>().AddSingleton<IContracts>(s => s.GetRequiredService<StageContracts>())
        .AddSingleton<ICostLedger, StageLedgerOfCosts>().AddSingleton<IEntitlements, StageEntitlements>().AddSingleton<StagePrices>().AddSingleton<IPriceLists>(s => s.GetRequiredService<StagePrices>()).AddSingleton<IRepairAdvice, StageRepairAdvice>().AddSingleton<ICommerceSettings, StageCommerceSettings>();
}

/// <summary>A starter list with a part, work and a visit; what is published is noted and checked, and changes nothing.</summary>
internal sealed class StagePrices(TimeProvider clock) : IPriceLists
{
    private readonly List<string> _done = [];

    public IReadOnlyList<string> Done => _done;

    public static readonly PriceList List = new("EUR",
    [
        new("PMP-BRG-6309", PriceKind.Part, new("Bearing set 6309", "6309 轴承组"), "piece", 99.10m), new("labour", PriceKind.Labour, new("Technician, hour", "技术员工时"), "hour", 71.50m),
        new("travel", PriceKind.Travel, new("Visit", "上门"), "visit", 50),
    ]);

    public Task<IReadOnlyList<Versioned<PriceList>>> InForceAsync(string tenant, CancellationToken ct) => Task.FromResult<IReadOnlyList<Versioned<PriceList>>>([Now]);
    public Task<Versioned<PriceList>?> FindAsync(string tenant, string currency, int? version, CancellationToken ct) => Task.FromResult<Versioned<PriceList>?>(Now);

    public Task<Outcome<Versioned<PriceList>>> PublishAsync(string tenant, PriceList list, int? expected, string actor, CancellationToken ct)
    {
        if (list.Fault() is { } fault) return Task.FromResult<Outcome<Versioned<PriceList>>>(fault);
        _done.Add($"{expected} {string.Join(' ', list.Items.Select(i => $"{i.Code}={i.Price}"))}");
        return Task.FromResult<Outcome<Versioned<PriceList>>>(Now);
    }

    private Versioned<PriceList> Now => new(3, List, "starter list", clock.GetUtcNow().AddDays(-20));
}

/// <summary>One open quote, for the ticket T-1042; whatever is done to it is noted.</summary>
internal sealed class StageQuotes(TimeProvider clock) : IQuotes
{
    private readonly List<string> _done = [];

    public IReadOnlyList<string> Done => _done;

    private Quote One
    {
        get
        {
            var lines = Pricing.Price(StagePrices.List, [new("PMP-BRG-6309", 2), new("labour", 1.5m), new("travel", 1)], new CoveredShare(100, 100, 0)).Value!;
            var decision = new CoverageDecision("defect-warranty", new(100, 100, 0), new("The warranty covers parts and work; travel is paid for by the customer.", "质保涵盖部件和工时；差旅由客户承担。"));
            return new("Q-1001", 1, "T-1042", QuoteStatus.Open, "EUR", 3, "CT-1001", DamageCause.Defect, decision, 0, lines, lines.Sum(l => l.Amount), Pricing.TotalOf(lines), clock.GetUtcNow().AddHours(-3), "li", clock.GetUtcNow().AddDays(14), null, null, null, null, true);
        }
    }

    public Task<Outcome<TicketCharges>> OfTicketAsync(string tenant, string ticket, CancellationToken ct) => Task.FromResult<Outcome<TicketCharges>>(new TicketCharges(ticket == "T-1042" ? [One] : [], []));

    public Task<Outcome<Quote>> OpenAsync(string tenant, string ticket, NewQuote quote, string actor, CancellationToken ct) => Note($"open {ticket} {quote.Cause} {quote.Hours}");
    public Task<Outcome<Quote>> DecideAsync(string tenant, string ticket, QuoteDecision decision, string actor, CancellationToken ct) => Note($"decide {ticket} {decision.Revision} {decision.Approve} {decision.Channel}");
    public Task<Outcome<Quote>> WithdrawAsync(string tenant, string ticket, string note, string actor, CancellationToken ct) => Note($"withdraw {ticket} {note}");
    public Task<Outcome<Invoice>> InvoiceAsync(string tenant, string ticket, IReadOnlyList<AskedLine>? lines, string actor, CancellationToken ct) => throw new NotSupportedException();
    public Task<Quote?> TrackAsync(string code, string? serial, CancellationToken ct) => Task.FromResult<Quote?>(code == "TRK-T-1042" ? One : null);
    public Task<Outcome<Quote>> DecideAsCustomerAsync(string code, string? serial, int revision, bool approve, string? note, CancellationToken ct) => Note($"customer {code} {revision} {approve}");

    private Task<Outcome<Quote>> Note(string done)
    {
        _done.Add(done);
        return Task.FromResult<Outcome<Quote>>(One);
    }
}

/// <summary>Three contracts: one for long, one that ends soon, one by outcome.</summary>
internal sealed class StageContracts(TimeProvider clock) : IContracts
{
    private readonly List<string> _done = [];

    public IReadOnlyList<string> Done => _done;

    private Contract Of(int n, string device, CoveragePack pack, int ends, OutcomeTerms? outcome = null) => new(
        $"CT-{n}", "default", device, "Delta Tank", "premium", pack, clock.GetUtcNow().AddDays(ends - 365), clock.GetUtcNow().AddDays(ends), 1200, "EUR", null, null, null, outcome, 0);

    private IReadOnlyList<Contract> All => [Of(1001, "pump-004", CoveragePack.Warranty, 300), Of(1002, "pump-007", CoveragePack.Care, 20), Of(1003, "pump-011", CoveragePack.Full, 200, new OutcomeTerms(2, 0.98, 10, 10, 50))];

    public Task<Outcome<Contract>> AddAsync(NewContract contract, string actor, CancellationToken ct)
    {
        if (contract.Device == "pump-404") return Task.FromResult<Outcome<Contract>>(Refusal.NotFound("there is no device pump-404"));
        _done.Add($"add {contract.Device} {contract.Pack} {contract.End:u}");
        return Task.FromResult<Outcome<Contract>>(All[0]);
    }

    public Task<Outcome<Contract>> RenewAsync(string tenant, string number, Renewal renewal, string actor, CancellationToken ct)
    {
        _done.Add($"renew {number} {renewal.End:u}");
        return Task.FromResult<Outcome<Contract>>(All[0]);
    }

    public Task<Outcome<Contract>> CancelAsync(string tenant, string number, string note, string actor, CancellationToken ct) => throw new NotSupportedException();
    public Task<Contract?> FindAsync(string tenant, string number, CancellationToken ct) => Task.FromResult(All.FirstOrDefault(c => c.Number == number));
    public Task<Contract?> CoveringAsync(string tenant, string device, DateTimeOffset at, CancellationToken ct) => throw new NotSupportedException();
    public Task<IReadOnlyList<Contract>> ListAsync(ContractFilter filter, CancellationToken ct) => Task.FromResult(All);

    public Task<IReadOnlyList<DeviceCover>> CoverAsync(string tenant, string? device, CancellationToken ct) => Task.FromResult<IReadOnlyList<DeviceCover>>(
    [
        new("pump-013", "rotterdam", "Delta Tank", clock.GetUtcNow().AddDays(-400), 400, 400, [], null, null), new("pump-007", "rotterdam", "Delta Tank", clock.GetUtcNow().AddDays(-400), 400, 35, [], "CT-1002", clock.GetUtcNow().AddDays(20)),
    ]);
}

internal sealed class StageLedgerOfCosts(TimeProvider clock) : ICostLedger
{
    private IReadOnlyList<LedgerEntry> All
    {
        get
        {
            var at = clock.GetUtcNow().AddHours(-2);
            return
            [
                LedgerEntry.Of("CT-1003:sold", at.AddDays(-3), "EUR", new Dimensions(null, "pump-011", "CT-1003"), Account.Receivables, Account.UnearnedRevenue, 1200),
                LedgerEntry.Of("move:17", at, "EUR", new Dimensions("T-1042", "pump-004", "CT-1001"), Account.PartsUsed, Account.Inventory, 86),
                LedgerEntry.Of("event:88", at.AddMinutes(20), "EUR", new Dimensions("T-1042", "pump-004", "CT-1001"), Account.Labour, Account.Payroll, 120.50m),
            ];
        }
    }

    public Task<LedgerReport> ReportAsync(string tenant, LedgerDimension by, DateTimeOffset from, DateTimeOffset to, CancellationToken ct) => Task.FromResult(new LedgerReport(from, to, by, LedgerSums.Of(All, e => e.Ticket ?? "")));
    public Task<IReadOnlyList<LedgerEntry>> EntriesAsync(string tenant, DateTimeOffset from, DateTimeOffset to, string? ticket, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<LedgerEntry>>([.. All.Where(e => ticket is null || e.Ticket == ticket)]);

    public Task<Outcome<ContractProfit>> ProfitAsync(string tenant, string contract, Month month, CancellationToken ct) => Task.FromResult<Outcome<ContractProfit>>(new ContractProfit(
        contract, "EUR", month.From, clock.GetUtcNow(), 310, new OutcomeMonth(month.From, month.To, 744, 24, 0.9677, 1440, 0, 12.26m, 1427.74m), 0,
        new Dictionary<Account, decimal> { [Account.PartsUsed] = 86, [Account.Labour] = 120, [Account.Travel] = 80 }, 1737.74m, 286, 1451.74m));
}

/// <summary>Three ways to mend T-1042; the bill of materials knows no other part.</summary>
internal sealed class StageRepairAdvice(TimeProvider clock) : IRepairAdvice
{
    public Task<Outcome<RepairPlan>> OfTicketAsync(string tenant, string ticket, string? part, CancellationToken ct)
    {
        if (ticket != "T-1042") return Task.FromResult<Outcome<RepairPlan>>(Refusal.NotFound("not in the bill of materials"));
        var now = clock.GetUtcNow();
        RepairOption[] options =
        [
            new(RepairLevel.Component, "PMP-BRG-6309", new("Bearing set 6309", "6309 轴承组"), 286, now.AddHours(30), false, "regional-beijing"),
            new(RepairLevel.Assembly, "PMP-HEAD-2", new("Pump head", "泵头"), 912.50m, now.AddHours(5), true, "regional-beijing"),
            new(RepairLevel.Swap, "PMP-UNIT", new("Pump, whole", "整泵"), 4_180, now.AddHours(6), true, null),
        ];
        var (chosen, reason) = RepairChoice.Choose(options, "EUR");
        return Task.FromResult<Outcome<RepairPlan>>(new RepairPlan(ticket, "EUR", now.AddHours(8), options, chosen, reason));
    }

    private Versioned<BillOfMaterials> _bill = new(1, new([
        new BomItem("PMP-UNIT", new("Pump, whole", "整泵"), 4_100, 90), new BomItem("PMP-HEAD-2", new("Pump head", "泵头"), 850, 60, "PMP-UNIT"), new BomItem("PMP-BRG-6309", new("Bearing set 6309", "6309 轴承组"), 198, 90, "PMP-HEAD-2", 4)]), "desk", null);

    public Task<Versioned<BillOfMaterials>> BillAsync(string tenant, CancellationToken ct) => Task.FromResult(_bill);

    public Task<Outcome<Versioned<BillOfMaterials>>> PutBillAsync(string tenant, BillOfMaterials bill, int? expected, string actor, CancellationToken ct)
    {
        if (bill.Fault() is { } fault) return Task.FromResult<Outcome<Versioned<BillOfMaterials>>>(fault);
        _bill = _bill with { Version = _bill.Version + 1, Value = bill };
        return Task.FromResult<Outcome<Versioned<BillOfMaterials>>>(_bill);
    }
}

internal sealed class StageEntitlements : IEntitlements
{
    public Task<Outcome<IReadOnlyList<Entitlement>>> OfDeviceAsync(string tenant, string device, CancellationToken ct) => throw new NotSupportedException();
    public Task<Outcome<CustomerRequest>> AskAsync(string tenant, string ticket, ServiceOption option, string actor, CancellationToken ct) => throw new NotSupportedException();
    public Task<IReadOnlyList<Entitlement>?> TrackAsync(string code, string? serial, CancellationToken ct) => Task.FromResult<IReadOnlyList<Entitlement>?>(ServiceCatalogue.Delivered.For(null, "standard"));
    public Task<Outcome<CustomerRequest>> AskAsCustomerAsync(string code, string? serial, ServiceOption option, CancellationToken ct) => throw new NotSupportedException();
}

internal sealed class StageCommerceSettings : ICommerceSettings
{
    public Task<Versioned<CommercePolicy>> PolicyAsync(string tenant, CancellationToken ct) => Task.FromResult(new Versioned<CommercePolicy>(0, new CommercePolicy(), "platform", null));
    public Task<Outcome<Versioned<CommercePolicy>>> PutPolicyAsync(string tenant, CommercePolicy policy, int? expected, string actor, CancellationToken ct) => throw new NotSupportedException();
    public Task<Versioned<CoverageTable>> CoverageAsync(string tenant, CancellationToken ct) => throw new NotSupportedException();
    public Task<IReadOnlyList<Versioned<CoverageTable>>> CoverageVersionsAsync(string tenant, CancellationToken ct) => throw new NotSupportedException();
    public Task<Outcome<Versioned<CoverageTable>>> PutCoverageAsync(string tenant, CoverageTable table, int? expected, string actor, CancellationToken ct) => throw new NotSupportedException();
    public Task<Versioned<ServiceCatalogue>> CatalogueAsync(string tenant, CancellationToken ct) => throw new NotSupportedException();
    public Task<Outcome<Versioned<ServiceCatalogue>>> PutCatalogueAsync(string tenant, ServiceCatalogue catalogue, int? expected, string actor, CancellationToken ct) => throw new NotSupportedException();
}
