using Microsoft.Extensions.DependencyInjection;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Care.Checklists;
using Seamless.ServiceDesk.Care.Loop;
using Seamless.ServiceDesk.Care.Plans;
using Seamless.ServiceDesk.Care.Queue;
using Seamless.ServiceDesk.Care.Visits;
using Seamless.ServiceDesk.Kpis;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.Portal.Tests.Stage;

internal static class StageCareRegistration
{
    public static void AddStageCare(this IServiceCollection services) => services
        .AddSingleton<ICarePlans, StageCarePlans>().AddSingleton<IChecklists, StageChecklists>().AddSingleton<StageVisits>().AddSingleton<ICareVisits>(s => s.GetRequiredService<StageVisits>())
        .AddSingleton<StageContacts>().AddSingleton<Seamless.ServiceDesk.Care.Contacts.IContacts>(s => s.GetRequiredService<StageContacts>()).AddSingleton<IQueue, StageQueue>().AddSingleton<ILoop, StageLoop>();
}

internal sealed class StageCarePlans : ICarePlans
{
    private static CarePlan One => new(
        "default", "room", new("Machine room", "机房巡检"), new CareScope(Site: "rotterdam"), VisitPer.Site, "FREQ=WEEKLY;BYDAY=MO", new DateOnly(2026, 1, 5), null, new TimeOnly(8, 0), "Europe/Amsterdam", 3,
        "room", [], null, false, new DateOnly(2026, 12, 14), 1);

    public Task<IReadOnlyList<CarePlan>> ListAsync(string tenant, CancellationToken ct) => Task.FromResult<IReadOnlyList<CarePlan>>([One]);
    public Task<CarePlan?> FindAsync(string tenant, string id, CancellationToken ct) => Task.FromResult<CarePlan?>(One);
    public Task<Outcome<CarePlan>> PutAsync(string tenant, string id, CarePlanOrder order, string actor, CancellationToken ct) => Task.FromResult<Outcome<CarePlan>>(One);
    public Task<Outcome<CarePlan>> EndAsync(string tenant, string id, string actor, CancellationToken ct) => throw new NotSupportedException();
}

internal sealed class StageChecklists : IChecklists
{
    public static readonly IReadOnlyList<ChecklistItem> Items =
    [
        new("clean", new("Floor is dry and clean", "地面干燥清洁")), new("bearing", new("Bearing temperature", "轴承温度"), ItemKind.Value, Unit: "°C", Max: 70, Priority: Priority.P2), new("label", new("Nameplate", "铭牌"), ItemKind.Photo),
    ];

    public Task<Outcome<Checklist>> PublishAsync(string tenant, NewChecklist checklist, string actor, CancellationToken ct) => throw new NotSupportedException();
    public Task<IReadOnlyList<Checklist>> ListAsync(string tenant, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<Checklist>>([new Checklist("default", "room", 2, new("Machine room", "机房检查表"), Items, "li", DateTimeOffset.UnixEpoch)]);
}

/// <summary>One visit that is due, one that was missed and one that found something; what is reported is noted.</summary>
internal sealed class StageVisits(TimeProvider clock) : ICareVisits
{
    private readonly List<string> _done = [];

    public IReadOnlyList<string> Done => _done;

    private CareVisit Of(string number, int day, VisitStatus status, params Finding[] findings) => new(
        number, "default", "room", new("Machine room", "机房巡检"), null, "rotterdam", "Delta Tank", "premium", clock.GetUtcNow().AddDays(day), clock.GetUtcNow().AddDays(day + 3), status,
        status is VisitStatus.Planned ? null : status is VisitStatus.Done, "room", 2, StageChecklists.Items, [new VisitObjective("train", new("Train two operators", "培训两名操作员"))], null,
        new Dictionary<string, ItemAnswer>(), findings, status is VisitStatus.Done ? [new ObjectiveOutcome("train", ObjectiveResult.Partly, "one was ill")] : [],
        status is VisitStatus.Done ? [new SnapshotValue("pump-004", "bearingTemperature", clock.GetUtcNow(), 74.2, null)] : [], findings.Length > 0 ? "T-1042" : null, null,
        status is VisitStatus.Done ? "li" : null, status is VisitStatus.Done ? clock.GetUtcNow().AddDays(day) : null, status is VisitStatus.Missed ? 2 : 0, 1);

    private CareVisit[] All =>
        [Of("V-1003", 2, VisitStatus.Planned), Of("V-1002", -5, VisitStatus.Missed), Of("V-1001", -12, VisitStatus.Done, new Finding("bearing", new("Bearing temperature: 74 °C […, 70]", "轴承温度：74 °C […, 70]"), Priority.P2))];

    public Task<CareVisit?> FindAsync(string tenant, string number, CancellationToken ct) => Task.FromResult(Array.Find(All, v => v.Number == number));
    public Task<IReadOnlyList<CareVisit>> ListAsync(VisitFilter filter, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<CareVisit>>([.. All.Where(v => !filter.OpenOnly || v.Status is VisitStatus.Planned or VisitStatus.Missed)]);

    public Task<Outcome<CareVisit>> CompleteAsync(string tenant, string number, VisitReport report, string actor, CancellationToken ct)
    {
        _done.Add($"{number} {string.Join(' ', report.Answers!.Select(a => $"{a.Key}={a.Value.Yes}{a.Value.Value}{a.Value.Photo}"))} {string.Join(' ', report.Outcomes!.Select(o => $"{o.Objective}={o.Result}"))}");
        return Task.FromResult<Outcome<CareVisit>>(All[0]);
    }

    public Task<Outcome<CareVisit>> SkipAsync(string tenant, string number, string reason, string actor, CancellationToken ct)
    {
        _done.Add($"{number} skipped: {reason}");
        return Task.FromResult<Outcome<CareVisit>>(All[1]);
    }

    public Task<IReadOnlyList<Adherence>> AdherenceAsync(string tenant, AdherenceDimension by, DateTimeOffset from, DateTimeOffset to, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<Adherence>>([new Adherence("room", 51 / 52.0, 0.9, 0.99, 52, 51, 0, 1, 0.5)]);
}

internal sealed class StageQueue(TimeProvider clock) : IQueue
{
    public Task<Outcome<IReadOnlyList<QueuePlace>>> ListAsync(QueueFilter filter, CancellationToken ct) => Task.FromResult<Outcome<IReadOnlyList<QueuePlace>>>(new List<QueuePlace>
    {
        new(1, "T-1042", new("Bearing", "轴承"), "pump-004", "rotterdam", "Delta Tank", "premium", Priority.P1, null, TicketStatus.New, null, "li", clock.GetUtcNow(), clock.GetUtcNow(), [new("P1: before all others", "P1：优先于所有其他工单")]),
    });

    public Task<QueuePolicyVersion> PolicyAsync(string tenant, CancellationToken ct) => throw new NotSupportedException();
    public Task<IReadOnlyList<QueuePolicyVersion>> VersionsAsync(string tenant, CancellationToken ct) => throw new NotSupportedException();
    public Task<Outcome<QueuePolicyVersion>> PutAsync(string tenant, QueuePolicy policy, int? expected, string actor, CancellationToken ct) => throw new NotSupportedException();
    public Task<CustomerTerms> TermsAsync(string tenant, string customer, string tier, CancellationToken ct) => throw new NotSupportedException();
}

internal sealed class StageLoop : ILoop
{
    public Task<LoopBoard> BoardAsync(string tenant, DateTimeOffset from, DateTimeOffset to, CancellationToken ct) => Task.FromResult(new LoopBoard(
        from, to, 42, 37, 5, [new LoopStage(TicketStatus.New, 1), new LoopStage(TicketStatus.Scheduled, 3), new LoopStage(TicketStatus.Resolved, 1)],
        [new LoopEnd(ClosureClass.RepairedOnSite, 30), new LoopEnd(ClosureClass.Withdrawn, 7)], [new Kpi("respondMet", "share", 0.99, 40, 1), new Kpi("arriveMet", "share", 0.97, 38, 0.995), new Kpi("nps", "points", 61, 18, 80)], 0,
        [new LoopCase("T-1037", "Delta Tank", "rotterdam", Priority.P3, "li", from, to)], new LogHead(120, EventChain.Origin)));
}
