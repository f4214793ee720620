using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Audit;
using Seamless.Fleet.Registry;
using Seamless.ServiceDesk.Commerce.Documents;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Kpis;
using Seamless.ServiceDesk.Mystery;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Journeys;

/// <summary>What somebody who has asked the customer enters.</summary>
/// <param name="Score">0 not at all as they wished … 100 entirely.</param>
/// <param name="Device">Null when it is about the account as a whole.</param>
public sealed record StageEntry(JourneyStage Stage, double Score, string? Device = null, string? Note = null)
{
    private const int MostNote = 2000;

    /// <returns>What is wrong with it; null when nothing is.</returns>
    public string? Fault() => this switch
    {
        { Stage: JourneyStage.Service } => "the stage 'service' follows from the clocks and ratings of tickets; enter a rating of the ticket with POST /api/v1/surveys/ratings instead",
        { Score: not (>= 0 and <= 100) } => "'score' is 0 (not at all as they wished) to 100 (entirely)",
        { Note.Length: > MostNote } => $"'note' has at most {MostNote} characters",
        _ => null,
    };
}

/// <summary>How customers have found each stage of their way with us.</summary>
public interface IJourneys
{
    Task<Outcome<CustomerJourney>> OfCustomerAsync(string tenant, string customer, CancellationToken ct);

    /// <summary>From now on it is the stage's score; what it was before stays in the timeline.</summary>
    Task<Outcome<StageScore>> EnterAsync(string tenant, string customer, StageEntry entry, string actor, CancellationToken ct);
}

/// <remarks>Each entry is a version of the customer's document: nothing is overwritten.</remarks>
internal sealed class JourneyBook(Workbench workbench, IDeviceRegistry devices, IAudit audit, TimeProvider clock) : IJourneys
{
    private const ClockMarks Missed = ClockMarks.RespondBreached | ClockMarks.ArriveBreached | ClockMarks.ResolveBreached;

    public async Task<Outcome<CustomerJourney>> OfCustomerAsync(string tenant, string customer, CancellationToken ct)
    {
        var owned = (await devices.ListAsync(new DeviceFilter(tenant, Limit: int.MaxValue), ct)).Where(d => d.Customer == customer).Select(d => d.Id).ToHashSet(StringComparer.Ordinal);
        var (entered, cases) = await workbench.ReadAsync(async db => (await EnteredAsync(db, tenant, customer, ct), await CasesAsync(db, tenant, customer, ct)), ct);
        return owned.Count + entered.Count + cases.Count == 0 ? Refusal.NotFound($"nothing is known of a customer '{customer}': no device, no score and no case of late is theirs")
            : Journey.Of(customer, entered, cases, owned);
    }

    public async Task<Outcome<StageScore>> EnterAsync(string tenant, string customer, StageEntry entry, string actor, CancellationToken ct)
    {
        var entered = entry.Fault() is { } fault ? Refusal.Invalid(fault) : await EnterCheckedAsync(tenant, customer, entry, actor, ct);
        await audit.RecordAsync(tenant, actor, "journey.enter", $"customer:{customer}", null, entered.Refusal?.Code ?? "ok", entered.Refusal?.Reason, ct);
        return entered;
    }

    private async Task<Outcome<StageScore>> EnterCheckedAsync(string tenant, string customer, StageEntry entry, string actor, CancellationToken ct)
    {
        var device = entry.Device is null ? null : await devices.FindAsync(new DeviceKey(tenant, entry.Device), ct);
        if (entry.Device is not null && device?.Customer != customer)
            return Refusal.NotFound($"'{customer}' has no device '{entry.Device}'; leave 'device' out when it is about the account as a whole");
        return await workbench.TryAsync<StageScore>(clock.GetUtcNow(), async work =>
        {
            var put = await VersionedDocuments.PutAsync(work, tenant, KindOf(customer), entry, null, actor, ct);
            if (put.Value is not { } version) return put.Refusal!;
            var key = string.Create(CultureInfo.InvariantCulture, $"{customer}:{version.Version}");
            work.Record(EventKind.Journey, key, tenant, device?.Site ?? "", entry.Device, null, entry.Score, entry.Stage.ToString());
            return ScoreOf(version);
        }, ct);
    }

    private static DocumentKind<StageEntry> KindOf(string customer) => new($"journey:{customer}", "customer's journey", null);

    private static async Task<List<StageScore>> EnteredAsync(DeskContext db, string tenant, string customer, CancellationToken ct) =>
        [.. (await VersionedDocuments.ListAsync(db, tenant, KindOf(customer), ct)).Reverse().Select(ScoreOf)];

    private static StageScore ScoreOf(Versioned<StageEntry> v) => new(v.Value.Stage, v.Value.Score, v.Value.Device, v.Value.Note, v.At ?? default, v.Actor);   // none is delivered: each has its time

    private async Task<List<ServedCase>> CasesAsync(DeskContext db, string tenant, string customer, CancellationToken ct)
    {
        var since = clock.GetUtcNow() - ServiceRecord.Window;
        var rows = await db.Tickets.Where(t => t.Tenant == tenant && t.Customer == customer && t.Status != TicketStatus.Cancelled
            && (t.ResolvedAt >= since || (t.ResolvedAt == null && (t.Marks & Missed) != 0))).OrderBy(t => t.Sequence).ToListAsync(ct);
        var numbers = rows.ConvertAll(t => t.Number);
        var ratings = await db.Ratings.Where(r => numbers.Contains(r.Ticket)).ToDictionaryAsync(r => r.Ticket, r => Journey.ScoreOf(r.Answers), ct);
        return [.. rows.Where(t => !MysteryDevice.Is(t.Site, t.Device)).Select(t => new ServedCase(t.Device, t.ResolvedAt ?? t.UpdatedAt, (t.Marks & Missed) == 0, ratings.GetValueOrDefault(t.Number)))];
    }
}
