using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Registry;
using Seamless.Rules.Alarms;
using Seamless.Rules.Diagnosis;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Parts;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.PastCases;

/// <summary>The closed tickets in memory. Follows the closures in the timeline, so that those of another process are known too; after a start it begins anew.</summary>
internal sealed class CaseLibrary(Workbench workbench, IDeviceRegistry devices, IPacks packs) : ISimilarCases, IDisposable
{
    /// <summary>Of one tenant, the newest; some hundred bytes each.</summary>
    public const int MostRemembered = 50_000;
    private const int PageSize = 2000;

    private readonly SemaphoreSlim _reading = new(1, 1);
    private volatile Dictionary<string, CaseShelf> _shelves = [];
    private long _position;

    public async Task<IReadOnlyList<SimilarCase>> ToAsync(Alarm alarm, CancellationToken ct)
    {
        await CatchUpAsync(ct);
        var likened = Likened.Of(alarm);
        var found = _shelves.GetValueOrDefault(alarm.Tenant, CaseShelf.Empty).MostLike(likened, ISimilarCases.Most);
        return [.. found.Select(f => Tell(f.Case, f.Likeness, likened))];
    }

    /// <summary>The latest closed tickets about machines of a type, the newest last.</summary>
    public async Task<IReadOnlyList<PastCase>> OfTypeAsync(string tenant, string type, int most, CancellationToken ct)
    {
        await CatchUpAsync(ct);
        return [.. _shelves.GetValueOrDefault(tenant, CaseShelf.Empty).Cases.Where(past => past.Type == type).TakeLast(most)];
    }

    /// <summary>Takes in what has been closed since the last look.</summary>
    public async Task CatchUpAsync(CancellationToken ct)
    {
        await _reading.WaitAsync(ct);
        try
        {
            // First how far, then what: a closure in between is for the next look.
            var (position, newest) = (_position, await workbench.ReadAsync(db => db.Timeline.MaxAsync(t => (long?)t.Id, ct), ct) ?? 0);
            var fresh = new List<PastCase>();
            while (position < newest) position = await ReadPageAsync(position, newest, fresh, ct);
            if (fresh.Count > 0) _shelves = With(fresh);
            _position = position;   // only now: what failed on the way is read again
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose() => _reading.Dispose();

    /// <returns>The position up to which all has been read.</returns>
    private async Task<long> ReadPageAsync(long after, long newest, List<PastCase> fresh, CancellationToken ct)
    {
        var (closed, tickets, types, installed) = await workbench.ReadAsync(async db =>
        {
            var entries = await db.Timeline.Where(t => t.Id > after && t.Id <= newest && t.Kind == "closed").OrderBy(t => t.Id).Take(PageSize)
                .Select(t => new { t.Id, t.Ticket }).ToListAsync(ct);
            var numbers = entries.ConvertAll(e => e.Ticket);
            var facts = await db.Tickets.Where(t => numbers.Contains(t.Number) && t.Closure != null).OrderBy(t => t.Sequence)
                .Select(t => new ClosedTicket(t.Sequence, t.Number, t.Tenant, t.Device, t.Site, t.Causes, t.Alarms, t.Closure!, t.Skill, t.WorkMinutes, t.Named, t.Signature)).ToListAsync(ct);
            var alarms = facts.ConvertAll(f => f.Alarm);
            var typeOf = await db.Cases.Where(c => alarms.Contains(c.AlarmId)).Select(c => new { c.AlarmId, c.Type }).ToDictionaryAsync(c => c.AlarmId, c => c.Type, ct);
            var lines = (await db.PartLines.Where(l => numbers.Contains(l.Ticket) && l.Status == PartLineStatus.Installed).OrderBy(l => l.Sku).ToListAsync(ct)).ToLookup(l => l.Ticket, l => new PartNeed(l.Sku, l.Quantity));
            return (entries.ConvertAll(e => e.Id), facts, typeOf, lines);
        }, ct);
        fresh.AddRange(tickets.Select(ticket => PastCase.Of(ticket, types.GetValueOrDefault(ticket.Alarm) ?? TypeOf(ticket), [.. installed[ticket.Number]])));
        return closed.Count == PageSize ? closed[^1] : newest;
    }

    private Dictionary<string, CaseShelf> With(List<PastCase> fresh)
    {
        var shelves = new Dictionary<string, CaseShelf>(_shelves);
        foreach (var tenant in fresh.GroupBy(past => past.Tenant))
        {
            var known = shelves.GetValueOrDefault(tenant.Key, CaseShelf.Empty).Cases;
            var again = tenant.Select(past => past.Ticket).ToHashSet(StringComparer.Ordinal);   // taken back and closed once more
            shelves[tenant.Key] = new CaseShelf([.. known.Where(past => !again.Contains(past.Ticket)).Concat(tenant).TakeLast(MostRemembered)]);
        }
        return shelves;
    }

    /// <summary>Of a ticket whose alarm the desk has not kept, or that a person has opened.</summary>
    private string TypeOf(ClosedTicket ticket) => ticket.Device is null ? "" : devices.FindCached(new DeviceKey(ticket.Tenant, ticket.Device))?.Type ?? "";

    private SimilarCase Tell(PastCase past, Likeness likeness, Likened alarm)
    {
        var fault = VisitPlan.FaultOf(packs, past.Type, past.Cause);
        return new SimilarCase(
            past.Ticket, past.Device, past.Site, past.Type, past.Cause, fault?.Title ?? new LocalizedText(past.Cause, past.Cause),
            fault?.Remedies.FirstOrDefault(remedy => remedy.Playbook is null)?.Action, past.Note, [.. past.Parts.Select(part => part.Sku)], past.ClosedAt, Math.Round(likeness.Total, 4),
            LikenessWords.Of(past, likeness, alarm, packs));
    }
}
