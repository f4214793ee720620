using Seamless.Analytics.MachineState;
using Seamless.Fleet.Registry;
using Seamless.Rules.Alarms;
using Seamless.Rules.Diagnosis;
using Seamless.Rules.Packs;
using Seamless.Rules.Packs.Files;
using Seamless.ServiceDesk.Kpis;
using Seamless.ServiceDesk.Parts;
using Seamless.ServiceDesk.Parts.Planning;
using Seamless.ServiceDesk.PastCases;
using Seamless.ServiceDesk.Remedies;
using Seamless.ServiceDesk.Sla;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.Portal.Tests.Stage;

/// <summary>Three tickets: one with a part on the way, one of a site without parts, one closed.</summary>
internal sealed class StageTickets : ITickets
{
    /// <summary>A note that is not taken.</summary>
    public const string Refused = "the stage refuses this note";

    private readonly List<Ticket> _tickets = [];
    private readonly TimeProvider _clock;

    public StageTickets(TimeProvider clock)
    {
        _clock = clock;
        var now = clock.GetUtcNow();
        var bearing = new Cause("bearing-wear", new("Bearing wear", "轴承磨损"), FaultClass.HW, 0.93, ["vibration-high", "bearing-hot"], ["current-high"]);
        var seal = new Cause("seal-leak", new("Mechanical seal leaks", "机械密封泄漏"), FaultClass.HW, 0.06, ["vibration-high"], []);
        _tickets.Add(Make("T-1042", "alm-bearing", "pump-004", "SN-70004", "tianjin", "Bohai Water", TicketStatus.Scheduled, Priority.P2, FaultClass.HW, new("Bearing wear", "轴承磨损"), [bearing, seal], now.AddMinutes(-20),
            new SlaClocks("premium 15 min / 2 h / 24 h", now.AddMinutes(-5), now.AddMinutes(18), now.AddHours(23), now.AddMinutes(-19), null, null, true, null, null, false, true, false),
            [new TicketPart("PMP-BRG-6309", new("Bearing set 6309", "6309 轴承组"), 1, ["BRG-0113"], "regional-beijing", "shipped", now.AddHours(1), "shp-1")],
            new Visit("Zhao Min", now.AddHours(1.5), now.AddHours(3), "regional-beijing")) with
        {
            Signature = new FaultSignature(new Dictionary<string, double> { ["bearingTemperature"] = 0.31, ["flow"] = -0.12, ["motorCurrent"] = -0.24, ["vibration"] = 0.91 }, 8.4, 0.46, 0.21),
        });
        _tickets.Add(Make("T-1041", "alm-cooling", null, null, "shanghai", "Pearl Cloud", TicketStatus.New, Priority.P1, FaultClass.ENV, new("Room cooling failed", "机房制冷故障"),
            [new Cause("cooling-failure", new("Room cooling failed", "机房制冷故障"), FaultClass.ENV, 0.97, ["inlet-hot"], [])], now.AddMinutes(-26),
            new SlaClocks("premium 15 min / 2 h / 24 h", now.AddMinutes(-11), now.AddHours(1.6), now.AddHours(24), null, null, null, false, null, null, true, false, false), [], null));
        var closed = Make("T-1037", "alm-old", "pump-016", "SN-70016", "rotterdam", "Delta Tank", TicketStatus.Closed, Priority.P3, FaultClass.HW, new("Mechanical seal leaks", "机械密封泄漏"), [], now.AddDays(-3),
            new SlaClocks("standard 30 min / 4 h / 48 h", now.AddDays(-3).AddMinutes(30), now.AddDays(-3).AddHours(4), now.AddDays(-1), now.AddDays(-3).AddMinutes(2), now.AddDays(-3).AddHours(3), now.AddDays(-3).AddHours(5), true, true, true, false, false, false),
            [new TicketPart("PMP-SEAL-45", new("Mechanical seal 45 mm", "45 mm 机械密封"), 1, ["SEAL-0042"], "central-rotterdam", "installed", now.AddDays(-3).AddHours(2), "shp-0")], null);
        _tickets.Add(closed with { Closure = new Closure("ELU", "1.1 Leakage", "Expected wear and tear", "seal-leak", null, now.AddDays(-3).AddHours(6), "zhao") });
    }

    public event Action? Changed;

    private static Ticket Make(
        string number, string key, string? device, string? serial, string site, string customer, TicketStatus status, Priority priority, FaultClass kind, LocalizedText title,
        IReadOnlyList<Cause> causes, DateTimeOffset opened, SlaClocks sla, IReadOnlyList<TicketPart> parts, Visit? visit) => new(
        number, key, "default", device, serial, site, customer, "premium", status, priority, kind, title, causes, [key], sla, parts, visit, visit?.Technician,
        [
            new TimelineEntry(opened, "opened", "platform", new("Opened from the alarm", "由告警创建")),
            .. parts.SelectMany(p => new[] { new TimelineEntry(opened.AddSeconds(1), "parts-reserved", "platform", new($"Reserved {p.Sku} in {p.Depot}", $"已在 {p.Depot} 预留 {p.Sku}")), new TimelineEntry(opened.AddSeconds(2), "shipment-created", "platform", new($"shipment from south, expected {opened.AddHours(5):u}", $"已从南区仓发货，预计 {opened.AddHours(5):u} 到达")) }),
        ],
        null, opened, opened, $"TRK-{number}", 1);

    public Task<Ticket?> FindAsync(string tenant, string number, CancellationToken ct) => Task.FromResult(_tickets.Find(t => t.Tenant == tenant && t.Number == number));
    public Task<IReadOnlyList<Ticket>> ListAsync(TicketFilter filter, CancellationToken ct) => Task.FromResult<IReadOnlyList<Ticket>>([.. _tickets
        .Where(t => t.Tenant == filter.Tenant && (filter.Device is null || t.Device == filter.Device) && (filter.Site is null || t.Site == filter.Site)
            && (filter.Status is null || t.Status == filter.Status) && (filter.Priority is null || t.Priority == filter.Priority) && (!filter.OpenOnly || t.IsOpen)).Take(filter.Limit)]);

    public Task<Outcome<Ticket>> ActAsync(string tenant, string number, TicketAction action, CancellationToken ct)
    {
        var index = _tickets.FindIndex(t => t.Number == number);
        if (!AllowedActions(_tickets[index]).Contains(action.Name)) return Task.FromResult<Outcome<Ticket>>(Refusal.Because($"{action.Name} is not possible now"));
        if (action.Args.GetValueOrDefault("text") == Refused) return Task.FromResult<Outcome<Ticket>>(Refusal.Because("ticket-not-now", $"{number} is {TicketStatus.Scheduled}; '{action.Name}' is not possible now, {"assign, arrive"} are"));
        var ticket = _tickets[index];
        var entry = new TimelineEntry(_clock.GetUtcNow(), action.Name, action.Actor, new(action.Args.GetValueOrDefault("text", action.Name), action.Args.GetValueOrDefault("text", action.Name)));
        _tickets[index] = ticket = ticket with { Timeline = [.. ticket.Timeline, entry], Status = action.Name == "depart" ? TicketStatus.EnRoute : ticket.Status };
        Changed?.Invoke();
        return Task.FromResult<Outcome<Ticket>>(ticket);
    }

    public IReadOnlyList<string> AllowedActions(Ticket ticket) => ticket.Status switch
    {
        TicketStatus.New => ["acknowledge", "assign", "schedule", "pause", "cancel", "note"],
        TicketStatus.Scheduled => ["assign", "schedule", "depart", "install-part", "close", "pause", "cancel", "note"],
        TicketStatus.EnRoute => ["arrive", "note"],
        _ => ["note"],
    };

    public Task<Outcome<Ticket>> OpenAsync(NewTicket ticket, string actor, CancellationToken ct) => Task.FromResult<Outcome<Ticket>>(Refusal.Because("the stage opens no tickets"));
    public Task<Outcome<Ticket>> SetPriorityAsync(string tenant, string number, Priority priority, string actor, CancellationToken ct) => throw new NotSupportedException();

    public Task<TrackedRepair?> TrackAsync(string code, string? serial, CancellationToken ct)
    {
        var ticket = _tickets.Find(t => t.TrackingCode == code || (t.Number == code && serial is not null && t.Serial == serial));
        return Task.FromResult(ticket is null ? null : new TrackedRepair(ticket.Number, "scheduled", new("A technician is booked", "已安排技术员"), ticket.OpenedAt, ticket.Visit?.End, ticket.Timeline));
    }
}

/// <summary>One case like the worn bearing, none like anything else.</summary>
internal sealed class StageSimilarCases(TimeProvider clock) : ISimilarCases
{
    public Task<IReadOnlyList<SimilarCase>> ToAsync(Alarm alarm, CancellationToken ct) => Task.FromResult<IReadOnlyList<SimilarCase>>(alarm.Id != "alm-bearing" ? [] :
    [
        new("T-1037", "pump-016", "rotterdam", "pump", "bearing-wear", new("Bearing wear", "轴承磨损"), new("Replace the bearing set", "更换轴承组"), null, ["PMP-BRG-6309"],
            clock.GetUtcNow().AddDays(-3), 0.87, [new("the same type: Pump", "同一类型：水泵"), new("the same symptoms: Vibration high", "相同症状：振动高")]),
    ]);
}

internal sealed class StageRemedies(TimeProvider clock) : IRemedies
{
    private IReadOnlyList<RemedyRun> All =>
    [
        new("alm-service", "default", "server-002", "shanghai", "service-hang", 0, "restart-service", new("Restart the service", "重启服务"), "cmd-1", RemedyState.Verifying, clock.GetUtcNow().AddMinutes(-1), null, null, 20, null),
        new("alm-bearing", "default", "pump-004", "tianjin", "bearing-wear", 0, null, null, null, RemedyState.Ticketed, clock.GetUtcNow().AddMinutes(-20), clock.GetUtcNow().AddMinutes(-20), null, 0, "T-1042"),
        new("alm-suction", "default", "pump-010", "rotterdam", "strainer-clogged", 0, "backflush-strainer", new("Back-flush the suction strainer", "反冲洗吸入口滤网"), "cmd-2", RemedyState.Fixed, clock.GetUtcNow().AddMinutes(-58), clock.GetUtcNow().AddMinutes(-57), null, 0, null),
    ];

    public Task<IReadOnlyList<RemedyRun>> ListAsync(string tenant, string? device, long? before, int limit, CancellationToken ct) => Task.FromResult<IReadOnlyList<RemedyRun>>([.. All.Where(r => device is null || r.Device == device).Take(limit)]);
    public Task<IReadOnlyList<RemedyRun>> OfAlarmAsync(string tenant, string alarmId, CancellationToken ct) => Task.FromResult<IReadOnlyList<RemedyRun>>([.. All.Where(r => r.AlarmId == alarmId)]);
}

/// <summary>A plan with a level of each reason that the page explains; computed again it is the same.</summary>
internal sealed class StageStockPlans(TimeProvider clock) : IStockPlans
{
    private StockPlan Plan(decimal? budget, string actor) => new(7, clock.GetUtcNow().AddHours(-9), actor, budget, 1892, 1720,
    [
        new("PMP-BRG-6309", "national-frankfurt", 14, 6, 156, DemandMethod.Croston, 1.7, 14, 7.4, 8.2, 0.0412, 0.0173, 0.0071, 0.9887, 0.99, 1204, LevelReason.Upstream,
            new("14 here need 22 units here and below; with one fewer here they would be 23; with one more they would be 23.", "此处 14 件时，本库及下级共需 22 件；此处少一件则为 23 件；多一件则为 23 件。")),
        new("PMP-BRG-6309", "regional-beijing", 8, 3, 156, DemandMethod.Croston, 1.7, 0.4, 2.1, 2.3, 0.0093, 0.0021, 0.0004, 0.9941, 0.99, 688, LevelReason.Target,
            new("8 meet 99.41 % at once, 7 would meet 98.32 %; 99 % is asked for. One more would save 0.0017 back-orders for 86 EUR.", "8 件可即时满足 99.41 %，7 件仅 98.32 %；要求 99 %。再加一件可减少 0.0017 件缺货，成本 86 EUR。")),
        new("PMP-SEAL-45", "regional-beijing", 2, 2, 0, DemandMethod.None, 0, 0.4, 0, 0, 0, 0, 0, 1, 0.99, 480, LevelReason.Unseen,
            new("Asked for 1 times so far, too seldom to forecast: the level stays at 2.", "迄今需求 1 次，不足以预测：水平保持为 2。")),
    ]);

    public Task<StockPlan?> LatestAsync(string tenant, CancellationToken ct) => Task.FromResult<StockPlan?>(Plan(null, "desk"));
    public Task<Outcome<StockPlan>> ComputeAsync(string tenant, decimal? budget, string actor, CancellationToken ct) => Task.FromResult<Outcome<StockPlan>>(Plan(budget, actor));
}

internal sealed class StageParts(StagePacks packs, TimeProvider clock) : IPartsNetwork
{
    private static readonly (string Id, string Name, DepotTier Tier, string? Parent)[] Depots =
    [
        ("national-frankfurt", "Frankfurt", DepotTier.National, null), ("central-rotterdam", "Rotterdam", DepotTier.Central, "national-frankfurt"), ("central-shanghai", "Shanghai", DepotTier.Central, "national-frankfurt"),
        ("regional-beijing", "Beijing", DepotTier.Regional, "central-shanghai"), ("regional-chengdu", "Chengdu", DepotTier.Regional, "central-shanghai"), ("regional-paris", "Paris", DepotTier.Regional, "central-rotterdam"),
    ];

    private IReadOnlyList<PartDefinition> Catalog { get; } = [.. packs.All.SelectMany(p => p.Parts)];
    public Task<IReadOnlyList<PartDefinition>> CatalogAsync(string tenant, CancellationToken ct) => Task.FromResult(Catalog);
    public Task<IReadOnlyList<Depot>> DepotsAsync(string tenant, CancellationToken ct) => Task.FromResult<IReadOnlyList<Depot>>([.. Depots.Select(d => new Depot(tenant, d.Id, d.Name, d.Tier, new GeoPoint(50, 8), "Europe/Berlin", d.Parent))]);
    public Task<IReadOnlyList<StockLevel>> StockAsync(string tenant, CancellationToken ct) => Task.FromResult<IReadOnlyList<StockLevel>>([.. Catalog.SelectMany((part, i) => Depots.Select((d, j) =>
        new StockLevel(part.Sku, d.Id, (i + 2 * j) % 5 == 4 ? 0 : 6 - (int)d.Tier * 2 + (i + j) % 2, i == 0 && d.Id == "regional-beijing" ? 1 : 0)))]);
    public Task<IReadOnlyList<Reservation>> ReservationsAsync(string tenant, string? ticket, CancellationToken ct) => Task.FromResult<IReadOnlyList<Reservation>>([new Reservation("rsv-1", "T-1042", "PMP-BRG-6309", "BRG-0113", "regional-beijing", ReservationState.Shipped, clock.GetUtcNow().AddMinutes(-20))]);
    public Task<IReadOnlyList<Shipment>> ShipmentsAsync(string tenant, string? ticket, bool openOnly, CancellationToken ct) => Task.FromResult<IReadOnlyList<Shipment>>([new Shipment("shp-1", tenant, "T-1042", "regional-beijing", "tianjin", "courier", ["BRG-0113"], ShipmentState.InTransit, clock.GetUtcNow().AddMinutes(-20), clock.GetUtcNow().AddMinutes(-9), clock.GetUtcNow().AddHours(1), null)]);
    public Task<IReadOnlyList<PartReturn>> ReturnsAsync(string tenant, CancellationToken ct) => Task.FromResult<IReadOnlyList<PartReturn>>([new PartReturn("ret-1", "SEAL-0017", "PMP-SEAL-45", "T-1037", clock.GetUtcNow().AddDays(6), null, "due")]);
    public Task<PartUnit?> FindUnitAsync(string tenant, string serial, CancellationToken ct) => Task.FromResult(serial.StartsWith("BRG", StringComparison.Ordinal) || serial.StartsWith("SEAL", StringComparison.Ordinal)
        ? new PartUnit(tenant, serial, serial[0] == 'B' ? "PMP-BRG-6309" : "PMP-SEAL-45", UnitState.InTransit, null, null, "T-1042", 3) : null);
    public Task<IReadOnlyList<UnitMove>> HistoryAsync(string tenant, string serial, CancellationToken ct) => Task.FromResult<IReadOnlyList<UnitMove>>(
    [
        new UnitMove(1, serial, clock.GetUtcNow().AddDays(-40), "stock", "supplier", "regional-beijing", "platform", null), new UnitMove(2, serial, clock.GetUtcNow().AddMinutes(-20), "reserved", "regional-beijing", null, "platform", "T-1042"),
        new UnitMove(3, serial, clock.GetUtcNow().AddMinutes(-9), "picked-up", "regional-beijing", "tianjin", "courier", "T-1042"),
    ]);
    public Task<Outcome<Shipment>> ReportShipmentAsync(string tenant, string id, string milestone, string actor, CancellationToken ct) => throw new NotSupportedException();
    public Task<Outcome<PartReturn>> ReceiveReturnAsync(string tenant, string id, string disposition, string actor, CancellationToken ct, string? serial = null, string? repairer = null) => throw new NotSupportedException();
    public Task<Outcome<PartReturn>> ReplaceInAdvanceAsync(string tenant, string ticket, string sku, string serial, decimal? charge, string actor, CancellationToken ct) => throw new NotSupportedException();
    public Task<Outcome<ReservedParts>> ReserveAsync(string tenant, string ticket, string sku, int quantity, string actor, CancellationToken ct)
    {
        Asked.Add($"{ticket} {quantity} {sku}");
        return Task.FromResult<Outcome<ReservedParts>>(new ReservedParts(sku, []));
    }

    /// <summary>Parts that somebody asked for.</summary>
    public List<string> Asked { get; } = [];

    public Task<IReadOnlyList<HitRate>> HitRatesAsync(string tenant, DateTimeOffset from, DateTimeOffset to, CancellationToken ct) => Task.FromResult<IReadOnlyList<HitRate>>(
    [
        new("regional-beijing", DateOnly.FromDateTime(clock.GetUtcNow().Date), "VB", 4, 4), new("regional-paris", DateOnly.FromDateTime(clock.GetUtcNow().Date), "VB", 3, 2),
        new("regional-beijing", DateOnly.FromDateTime(clock.GetUtcNow().AddDays(-1).Date), "EC", 5, 4),
    ]);
}

internal sealed class StageKpis : IKpis
{
    public Task<IReadOnlyList<Kpi>> MeasureAsync(string tenant, DateTimeOffset from, DateTimeOffset to, CancellationToken ct) => Task.FromResult<IReadOnlyList<Kpi>>(
    [
        new("faults", "count", 128, 128, null), new("remoteFixShare", "share", 0.71, 128, 0.65, 0.63, 0.78), new("unnoticedShare", "share", 0.96, 91, 0.95), new("duplicatesPerFault", "ratio", 1, 37, 1.01),
        new("firstTimeFix", "share", 0.89, 36, 0.97), new("meanTimeToRestoreMinutes", "min", 41.3, 128, null), new("alarmsPerEngineerHour", "1/h", 0.4, 37, 2), new("stalled", "count", 0, 0, 0), new("partsHitRate", "share", null, 0, 0.97),
        new("predictedShare", "share", 0.86, 37, 0.8, 0.72, 0.94), new("reactiveShare", "share", 0.14, 37, 0.2, 0.06, 0.28),
    ]);

    public async Task<Outcome<Measured>> MeasureAsync(string tenant, DateTimeOffset from, DateTimeOffset to, long? upTo, CancellationToken ct) =>
        new Measured(from, to, await MeasureAsync(tenant, from, to, ct), new LogHead(upTo ?? 1204, EventChain.Origin));

    public Task<IReadOnlyList<TurnaroundLine>> TurnaroundAsync(string tenant, string by, DateTimeOffset from, DateTimeOffset to, CancellationToken ct) => Task.FromResult<IReadOnlyList<TurnaroundLine>>(
    [
        new("tech-bj-2", Turnaround.Respond, 12, 4, 11), new("tech-bj-2", Turnaround.Travel, 12, 64, 110), new("tech-bj-2", Turnaround.Work, 12, 85, 160), new("tech-bj-2", Turnaround.Total, 12, 410, 1300),
        new("tech-de-1", Turnaround.Respond, 9, 3, 9), new("tech-de-1", Turnaround.Total, 9, 380, 900),
    ]);
}

internal sealed class StageAgreements(TimeProvider clock) : IAgreements
{
    private static readonly string Delivered = "policies:\n  round: { respond: 15m, arrive: 2h, resolve: 24h }\ntiers: { default: round }\n";
    private readonly List<AgreementsVersion> _versions = [new(1, Delivered + "stall: { default: 10d }\n", "anna", clock.GetUtcNow().AddDays(-3)), new(0, Delivered, "desk", null)];

    public Task<AgreementsVersion> CurrentAsync(string tenant, CancellationToken ct) => Task.FromResult(_versions[0]);
    public Task<AgreementsVersion?> FindAsync(string tenant, int version, CancellationToken ct) => Task.FromResult(_versions.Find(v => v.Version == version));
    public Task<IReadOnlyList<AgreementsVersion>> ListAsync(string tenant, CancellationToken ct) => Task.FromResult<IReadOnlyList<AgreementsVersion>>([.. _versions]);

    public IReadOnlyList<PackProblem> Check(string text)
    {
        var problems = new List<PackProblem>();
        AgreementsReader.Read(text, 0, problems);
        return problems;
    }

    public Task<Outcome<AgreementsVersion>> PutAsync(string tenant, string text, int? expected, string actor, CancellationToken ct)
    {
        if (Check(text) is { Count: > 0 } problems) return Task.FromResult<Outcome<AgreementsVersion>>(Refusal.Invalid(string.Join('\n', problems)));
        _versions.Insert(0, new AgreementsVersion(_versions[0].Version + 1, text, actor, clock.GetUtcNow()));
        return Task.FromResult<Outcome<AgreementsVersion>>(_versions[0]);
    }

    public Task<Promise> PromiseAsync(string tenant, string customer, string tier, Priority priority, DateTimeOffset openedAt, CancellationToken ct) =>
        Task.FromResult(new Promise("round@1", openedAt, openedAt.AddMinutes(15), openedAt.AddHours(2), openedAt.AddHours(24)));
}

internal sealed class StageEventLog : IEventLog
{
    public Task<LogHead> HeadAsync(string tenant, CancellationToken ct) => Task.FromResult(new LogHead(1204, EventChain.Origin));
    public IAsyncEnumerable<LoggedEvent> ReadAsync(string tenant, long after, CancellationToken ct) => AsyncEnumerable.Empty<LoggedEvent>();
    public Task<LogCheck> CheckAsync(string tenant, LogHead? kept, CancellationToken ct) => Task.FromResult(new LogCheck(true, 0, new LogHead(0, EventChain.Origin), null, null));
}
