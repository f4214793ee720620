using Microsoft.EntityFrameworkCore;
using Seamless.ServiceDesk.Database;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Kpis;

/// <summary>The scoreboard, computed from the desk's event log alone: the same log up to the same event always gives the same figures.</summary>
internal sealed class Scoreboard(Workbench workbench) : IKpis
{
    public async Task<IReadOnlyList<Kpi>> MeasureAsync(string tenant, DateTimeOffset from, DateTimeOffset to, CancellationToken ct) =>
        ServiceFigures.Measure(await EventsAsync(tenant, from, to, long.MaxValue, ct), from, to);

    public async Task<Outcome<Measured>> MeasureAsync(string tenant, DateTimeOffset from, DateTimeOffset to, long? upTo, CancellationToken ct)
    {
        var head = await workbench.ReadAsync(db => HeadAsync(db, tenant, upTo, ct), ct);
        if (head is null) return Refusal.NotFound($"the event log has no event {upTo}; see kpis/log/head for its end");
        return new Measured(from, to, ServiceFigures.Measure(await EventsAsync(tenant, from, to, head.Number, ct), from, to), head);
    }

    public async Task<IReadOnlyList<TurnaroundLine>> TurnaroundAsync(string tenant, string by, DateTimeOffset from, DateTimeOffset to, CancellationToken ct) =>
        Turnaround.Table(await EventsAsync(tenant, from, to, long.MaxValue, ct), by, from, to);

    /// <summary>Of the period, and what was found out about it later.</summary>
    private Task<List<LoggedEvent>> EventsAsync(string tenant, DateTimeOffset from, DateTimeOffset to, long upTo, CancellationToken ct) => workbench.ReadAsync(async db =>
        (await db.Events.Where(e => e.Tenant == tenant && e.Number <= upTo && e.At >= from && (e.At < to || e.Kind == EventKind.Repeated || e.Kind == EventKind.ClockCorrected)).OrderBy(e => e.Number).ToListAsync(ct))
            .ConvertAll(row => row.ToEvent()), ct);

    private static async Task<LogHead?> HeadAsync(DeskContext db, string tenant, long? upTo, CancellationToken ct)
    {
        if (upTo is null)
        {
            var (number, hash) = await EventChain.HeadAsync(db, tenant, ct);
            return new LogHead(number, hash);
        }
        return await db.Events.Where(e => e.Tenant == tenant && e.Number == upTo).Select(e => new LogHead(e.Number, e.Hash)).FirstOrDefaultAsync(ct);
    }
}
