using Microsoft.EntityFrameworkCore;
using Seamless.Rules.Alarms;
using Seamless.Rules.Backtests;

namespace Seamless.Rules.Versions;

/// <summary>All versions of one rule file, read for one change. What the tables say of it is first brought in step with what is in force.</summary>
internal sealed class RuleVersionFile
{
    private const string Unknown = "unknown";   // put by hand, or before texts were kept

    private readonly RulesContext _context;
    private readonly TimeProvider _time;
    private readonly string _type;
    private readonly string _name;
    private readonly List<RuleVersionRow> _rows;

    private RuleVersionFile(RulesContext context, TimeProvider time, string type, string name, List<RuleVersionRow> rows) =>
        (_context, _time, _type, _name, _rows) = (context, time, type, name, rows);

    public static async Task<RuleVersionFile> OpenAsync(RulesContext context, string type, string name, RulesInForce inForce, TimeProvider time, CancellationToken ct)
    {
        var rows = await context.RuleVersions.Where(v => v.Type == type && v.Name == name).ToListAsync(ct);
        var file = new RuleVersionFile(context, time, type, name, rows);
        if (file.BringInStep(inForce)) await file.SaveAsync(ct);
        return file;
    }

    public IEnumerable<RuleVersionRow> NewestFirst() => _rows.OrderByDescending(v => v.At).ThenByDescending(v => v.Number);

    public RuleVersionRow? Find(string version) => _rows.Find(v => v.Version == version);

    /// <summary>A version of any file.</summary>
    public async Task<RuleVersionRow?> AnyAsync(long number, CancellationToken ct) => await _context.RuleVersions.SingleOrDefaultAsync(v => v.Number == number, ct);

    /// <summary>Takes the text in, or up again: author and time are those of who wrote it last.</summary>
    public RuleVersionRow Write(string yaml, int rules, RuleVersionState state, string author, string? note)
    {
        var version = RuleFile.VersionOf(yaml);
        if (Find(version) is not { } row)
        {
            row = new RuleVersionRow { Type = _type, Name = _name, Version = version, Yaml = yaml, Author = author, Rules = rules, State = state };
            _rows.Add(row);
            _context.RuleVersions.Add(row);
        }
        (row.Author, row.At, row.Note, row.ReviewedBy, row.ReviewedAt, row.Review) = (author, _time.GetUtcNow(), note, null, null, null);
        return Move(row, state, author, note);
    }

    public RuleVersionRow Move(RuleVersionRow row, RuleVersionState state, string actor, string? words)
    {
        var now = _time.GetUtcNow();
        if (state is not (RuleVersionState.Shadow or RuleVersionState.Canary)) row.EndRun(now);
        _moves.Add((row, row.State, state, actor, now, words));
        row.State = state;
        return row;
    }

    /// <summary>The version comes into force; what was so before it is remembered for the way back.</summary>
    public void TakeForce(RuleVersionRow row, string actor, string? words)
    {
        var before = _rows.Find(v => v.State is RuleVersionState.Active);
        if (before == row) return;
        row.Previous = before?.Version;
        if (before is not null) Move(before, RuleVersionState.Superseded, actor, null);
        Move(row, RuleVersionState.Active, actor, words);
    }

    /// <summary>The version is in force again; its own way back stays what it was.</summary>
    public void Reinstate(RuleVersionRow row, string actor) => Move(row, RuleVersionState.Active, actor, null);

    private readonly List<(RuleVersionRow Row, RuleVersionState From, RuleVersionState To, string Actor, DateTimeOffset At, string? Words)> _moves = [];

    public async Task SaveAsync(CancellationToken ct)
    {
        if (_moves.Count == 0 && !_context.ChangeTracker.HasChanges()) return;
        await using var transaction = await _context.Database.BeginTransactionAsync(ct);
        await _context.SaveChangesAsync(ct);   // gives new versions their numbers
        foreach (var move in _moves)
            _context.RuleVersionEvents.Add(new RuleVersionEventRow { VersionNumber = move.Row.Number, From = move.From, To = move.To, Actor = move.Actor, At = move.At, Words = move.Words });
        await _context.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        _moves.Clear();
    }

    /// <returns>Whether anything was not as it is.</returns>
    private bool BringInStep(RulesInForce inForce)
    {
        var file = inForce.Find(_type, _name);
        var active = _rows.Find(v => v.State is RuleVersionState.Active);
        if (file?.Version == active?.Version) return false;
        if (file is null)
        {
            Move(active!, RuleVersionState.Superseded, Unknown, null);
            return true;
        }
        var author = inForce.Shipped(_type, _name) is { } shipped && RuleFile.VersionOf(shipped) == file.Version ? RuleVersion.Shipped : Unknown;
        TakeForce(Find(file.Version) ?? Write(file.Yaml, file.Rules.Count, RuleVersionState.Draft, author, null), author, null);
        return true;
    }
}
