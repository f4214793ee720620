using Microsoft.EntityFrameworkCore;
using Seamless.Rules.Alarms;
using Seamless.Rules.Backtests;
using Seamless.Rules.Packs;
using Seamless.Telemetry;

namespace Seamless.Rules.Labels;

/// <summary>Keeps the labels in a table of their own.</summary>
/// <remarks>The id of a label is a hash of the alarm and of what carried the verdict: what is taken in twice is there once, whatever was interrupted.</remarks>
internal sealed class LabelBook(IDbContextFactory<RulesContext> contexts, IEnumerable<IClosures> closures, IPacks packs, TimeProvider time) : ILabels, IDisposable
{
    private const int MostWords = 2000;

    /// <summary>How far back closures are read again: one is stamped before it is committed.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromHours(1);

    private readonly SemaphoreSlim _writing = new(1, 1);
    private long? _lastChange;
    private DateTimeOffset? _lastClosure;

    public async Task<IReadOnlyList<Label>> ListAsync(LabelFilter filter, CancellationToken ct)
    {
        await TakeInAsync(ct);
        await using var context = await contexts.CreateDbContextAsync(ct);
        var labels = context.Labels.AsNoTracking().Where(l => l.Tenant == filter.Tenant);
        if (filter.Device is { } device) labels = labels.Where(l => l.Device == device);
        if (filter.Type is { } type) labels = labels.Where(l => l.Type == type);
        if (filter.Rule is { } rule) labels = labels.Where(l => l.Rule == rule);
        if (filter.Alarm is { } alarm) labels = labels.Where(l => l.Alarm == alarm);
        if (filter.Verdict is { } verdict) labels = labels.Where(l => l.Verdict == verdict);
        if (filter.Source is { } source) labels = labels.Where(l => l.Source == source);
        if (filter.Struck is { } struck) labels = labels.Where(l => (l.StruckAt != null) == struck);
        if (filter.From is { } first) labels = labels.Where(l => l.At >= first);
        if (filter.To is { } end) labels = labels.Where(l => l.At < end);
        if (filter.After is { } after) labels = labels.Where(l => l.Number < context.Labels.Where(a => a.Tenant == filter.Tenant && a.Id == after).Select(a => a.Number).FirstOrDefault());
        var rows = await labels.OrderByDescending(l => l.Number).Take(filter.Limit).ToListAsync(ct);
        return [.. rows.Select(row => row.ToLabel())];
    }

    public async Task<Label?> FindAsync(string tenant, string id, CancellationToken ct)
    {
        await TakeInAsync(ct);
        await using var context = await contexts.CreateDbContextAsync(ct);
        return (await context.Labels.AsNoTracking().SingleOrDefaultAsync(l => l.Tenant == tenant && l.Id == id, ct))?.ToLabel();
    }

    public async Task<IReadOnlyDictionary<string, Label>> StandingAsync(string tenant, DateTimeOffset since, CancellationToken ct)
    {
        await TakeInAsync(ct);
        await using var context = await contexts.CreateDbContextAsync(ct);
        var rows = await context.Labels.AsNoTracking().Where(l => l.Tenant == tenant && l.Onset >= since && l.StruckAt == null).OrderBy(l => l.Source).ThenBy(l => l.Number).ToListAsync(ct);
        var standing = new Dictionary<string, Label>(StringComparer.Ordinal);
        foreach (var row in rows) standing[row.Alarm] = row.ToLabel();   // the last counts most
        return standing;
    }

    public async Task<Outcome<Label>> AddAsync(NewLabel label, string actor, CancellationToken ct)
    {
        if (TooLong(label.Note) is { } tooLong) return tooLong;
        await TakeInAsync(ct);
        return await WriteAsync<Outcome<Label>>(async context =>
        {
            if (await context.Alarms.AsNoTracking().SingleOrDefaultAsync(a => a.Tenant == label.Tenant && a.Id == label.Alarm, ct) is not { } alarm)
                return Refusal.NotFound($"there is no alarm {label.Alarm}");
            if (label.Cause is { } cause && packs.Find(alarm.Type)?.Faults.Fault(cause) is null)
                return Refusal.Invalid($"the fault model of '{alarm.Type}' knows no cause '{cause}'");
            var added = Of(alarm, $"lb-{Guid.CreateVersion7():n}", label.Verdict, label.Cause, LabelSource.Engineer, actor, time.GetUtcNow()) with { Note = label.Note };
            context.Labels.Add(LabelRow.Of(added, await NextAsync(context, ct)));
            return added;
        }, ct);
    }

    public async Task<Outcome<Label>> StrikeAsync(string tenant, string id, string actor, string? why, CancellationToken ct)
    {
        if (TooLong(why) is { } tooLong) return tooLong;
        await TakeInAsync(ct);
        return await WriteAsync<Outcome<Label>>(async context =>
        {
            if (await context.Labels.SingleOrDefaultAsync(l => l.Tenant == tenant && l.Id == id, ct) is not { } row) return Refusal.NotFound($"there is no label {id}");
            if (row.StruckAt is { } at) return Refusal.Because($"label {id} was struck out by {row.StruckBy} at {at:u} already");
            (row.StruckBy, row.StruckAt, row.StruckWhy) = (actor, time.GetUtcNow(), string.IsNullOrWhiteSpace(why) ? null : why);
            return row.ToLabel();
        }, ct);
    }

    /// <summary>Takes in what was said since the last time, from the alarms' journal and from closed tickets.</summary>
    internal Task TakeInAsync(CancellationToken ct) => WriteAsync(async context =>
    {
        var number = await NextAsync(context, ct);
        number = await TakeVerdictsAsync(context, number, ct);
        await TakeClosuresAsync(context, number, ct);
        return true;
    }, ct);

    private async Task<long> TakeVerdictsAsync(RulesContext context, long number, CancellationToken ct)
    {
        var last = _lastChange ?? await context.Labels.MaxAsync(l => l.Change, ct) ?? 0;
        var closed = await (
            from change in context.Changes.AsNoTracking()
            join alarm in context.Alarms.AsNoTracking() on change.AlarmId equals alarm.Id
            where change.Number > last && change.Kind == AlarmChangeKind.Closed && change.Note != null
            orderby change.Number
            select new { alarm, change.Number, change.At, change.Actor, change.Note }).ToListAsync(ct);
        foreach (var c in closed)
        {
            last = c.Number;
            if (AlarmOutcomes.VerdictIn(c.Note!) is not { } verdict) continue;
            var id = StableHash.Id("lb", c.alarm.Id, FormattableString.Invariant($"change {c.Number}"));
            var words = c.Note!.Split(": ", 2) is [_, var rest] ? rest : null;
            context.Labels.Add(LabelRow.Of(Of(c.alarm, id, verdict, null, LabelSource.Engineer, c.Actor, c.At) with { Note = words }, number++, c.Number));
        }
        _lastChange = last;
        return number;
    }

    private async Task TakeClosuresAsync(RulesContext context, long number, CancellationToken ct)
    {
        var last = _lastClosure ?? await context.Labels.MaxAsync(l => l.ClosedAt, ct) ?? DateTimeOffset.UnixEpoch;
        foreach (var room in closures)
        {
            var tickets = await room.ListAsync(last < DateTimeOffset.UnixEpoch + Overlap ? DateTimeOffset.UnixEpoch : last - Overlap, ct);
            if (tickets.Count == 0) continue;
            var ids = tickets.SelectMany(t => t.Alarms.Select(alarm => IdOf(t, alarm))).ToArray();
            var known = await context.Labels.Where(l => ids.Contains(l.Id)).Select(l => l.Id).ToHashSetAsync(ct);
            foreach (var ticket in tickets)
            {
                number = await TakeAsync(context, ticket, known, number, ct);
                if (ticket.ClosedAt > last) last = ticket.ClosedAt;
            }
        }
        _lastClosure = last;
    }

    private static async Task<long> TakeAsync(RulesContext context, ClosedTicket ticket, HashSet<string> known, long number, CancellationToken ct)
    {
        foreach (var alarm in ticket.Alarms.Where(alarm => known.Add(IdOf(ticket, alarm))))
        {
            if (await context.Alarms.AsNoTracking().SingleOrDefaultAsync(a => a.Tenant == ticket.Tenant && a.Id == alarm, ct) is not { } row) continue;
            var verdict = ticket.IsFault ? OutcomeVerdict.True : OutcomeVerdict.False;
            var label = Of(row, IdOf(ticket, alarm), verdict, ticket.IsFault ? ticket.FaultCode : null, LabelSource.Closure, ticket.Actor, ticket.At);
            context.Labels.Add(LabelRow.Of(label with { Note = ticket.Note, Ticket = ticket.Number, Codes = ticket.Codes, Predicted = ticket.Predicted }, number++, closedAt: ticket.ClosedAt));
        }
        return number;
    }

    private static string IdOf(ClosedTicket ticket, string alarm) => StableHash.Id("lb", ticket.Tenant, alarm, $"ticket {ticket.Number}");

    private static Label Of(AlarmRow alarm, string id, OutcomeVerdict verdict, string? cause, LabelSource source, string author, DateTimeOffset at) =>
        new(id, alarm.Tenant, alarm.Device, alarm.Type, alarm.Rule, alarm.Id, alarm.OnsetAt, verdict, cause, source, author, at);

    private static async Task<long> NextAsync(RulesContext context, CancellationToken ct) => (await context.Labels.MaxAsync(l => (long?)l.Number, ct) ?? 0) + 1;

    private async Task<T> WriteAsync<T>(Func<RulesContext, Task<T>> write, CancellationToken ct)
    {
        await _writing.WaitAsync(ct);
        var (change, closure) = (_lastChange, _lastClosure);
        try
        {
            await using var context = await contexts.CreateDbContextAsync(ct);
            var result = await write(context);
            await context.SaveChangesAsync(ct);
            (change, closure) = (_lastChange, _lastClosure);
            return result;
        }
        finally
        {
            (_lastChange, _lastClosure) = (change, closure);   // what was not written is taken in again
            _writing.Release();
        }
    }

    private static Refusal? TooLong(string? words) => words?.Length > MostWords ? Refusal.Invalid($"at most {MostWords} characters of words, these are {words.Length}") : null;

    public void Dispose() => _writing.Dispose();
}
