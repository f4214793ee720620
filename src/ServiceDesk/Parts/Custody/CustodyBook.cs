using Microsoft.EntityFrameworkCore;
using Seamless.ServiceDesk.Database;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Parts.Custody;

/// <summary>The custody ledger as the other rooms see it.</summary>
internal sealed class CustodyBook(Workbench workbench, UnitActions actions, HandOvers handOvers, CustodySeal seal, Network network, DeskSignals signals, TimeProvider clock) : ICustody
{
    private const int LongestReason = 500;

    public async Task<Outcome<PartUnit>> EnterAsync(string tenant, NewUnit unit, string actor, CancellationToken ct)
    {
        await network.EnsureAsync(tenant, clock.GetUtcNow(), ct);
        return await ChangeAsync(work => UnitActions.EnterAsync(work, tenant, unit, actor, ct), unit => unit.ToUnit(), ct);
    }

    public Task<Outcome<PartUnit>> ActAsync(string tenant, string serial, UnitAction action, CancellationToken ct) => action.Reason?.Length > LongestReason
        ? Task.FromResult<Outcome<PartUnit>>(TooLong())
        : ChangeAsync(async work => await work.Db.Units.FindAsync([tenant, serial], ct) is { } unit ? await actions.ActAsync(work, unit, action, ct) : NoUnit(serial), unit => unit.ToUnit(), ct);

    public Task<Outcome<HandOver>> OfferAsync(string tenant, string serial, string to, string? receiver, string actor, CancellationToken ct) => ChangeAsync(async work =>
        await work.Db.Units.FindAsync([tenant, serial], ct) is { } unit ? await handOvers.OfferAsync(work, unit, to.Trim(), receiver is { Length: > 0 } ? receiver.Trim() : null, actor, ct) : NoUnit(serial), row => row.ToHandOver(), ct);

    public Task<Outcome<HandOver>> DecideAsync(string tenant, string id, bool confirm, string actor, string? reason, CancellationToken ct) => reason?.Length > LongestReason
        ? Task.FromResult<Outcome<HandOver>>(TooLong())
        : ChangeAsync(async work => await work.Db.HandOvers.FindAsync([id], ct) is { } offer && offer.Tenant == tenant
            ? await HandOvers.DecideAsync(work, offer, confirm, actor, reason, ct)
            : Refusal.NotFound("hand-over-unknown", $"there is no hand-over '{id}'"), row => row.ToHandOver(), ct);

    public Task<IReadOnlyList<HandOver>> HandOversAsync(string tenant, bool openOnly, CancellationToken ct) => workbench.ReadAsync<IReadOnlyList<HandOver>>(async db =>
        (await db.HandOvers.Where(h => h.Tenant == tenant && (!openOnly || h.State == HandOverState.Offered || h.State == HandOverState.Overdue)).OrderByDescending(h => h.At).ThenBy(h => h.Id).ToListAsync(ct)).ConvertAll(h => h.ToHandOver()), ct);

    public Task<IReadOnlyList<Loss>> LossesAsync(string tenant, bool openOnly, CancellationToken ct) => workbench.ReadAsync<IReadOnlyList<Loss>>(async db =>
        (await db.Losses.Where(l => l.Tenant == tenant && (!openOnly || l.State == LossState.Open)).OrderByDescending(l => l.LostAt).ThenBy(l => l.Id).ToListAsync(ct)).ConvertAll(l => l.ToLoss()), ct);

    public Task<Outcome<Loss>> FindAsync(string tenant, string id, string depot, string actor, CancellationToken ct) => ChangeAsync<LossRow, Loss>(async work =>
    {
        if (await LossAsync(work, tenant, id, ct) is not { } loss) return NoLoss(id);
        if (loss.State is LossState.Found) return Refusal.Conflict("loss-found", $"{loss.Serial} was found by {loss.ClosedBy} already");
        if (!await work.Db.Depots.AnyAsync(d => d.Tenant == tenant && d.Id == depot, ct)) return Refusal.NotFound("depot-unknown", $"there is no depot '{depot}'; say in 'depot' where it has turned up");
        var unit = await work.UnitAsync(tenant, loss.Serial, ct);
        loss.Found(work, actor);
        work.Move(unit, UnitState.InStock, "found", actor, depot: depot);
        return loss;
    }, loss => loss.ToLoss(), ct);

    public Task<Outcome<Loss>> WriteOffAsync(string tenant, string id, string reason, string actor, CancellationToken ct) => ChangeAsync<LossRow, Loss>(async work =>
    {
        if (reason.Trim() is not { Length: > 0 and <= LongestReason } why) return Refusal.Invalid("loss-reason", $"say in 'reason' why it is given up, in 1 to {LongestReason} characters");
        if (await LossAsync(work, tenant, id, ct) is not { } loss) return NoLoss(id);
        if (loss.State is not LossState.Open) return Refusal.Conflict("loss-closed", $"this loss is {loss.State} already, by {loss.ClosedBy}");
        (loss.State, loss.ClosedAt, loss.ClosedBy, loss.Reason) = (LossState.WrittenOff, work.Now, actor, why);
        loss.Version++;
        return loss;
    }, loss => loss.ToLoss(), ct);

    public Task<CustodyCheck> CheckAsync(string tenant, string? serial, CancellationToken ct) => workbench.ReadAsync(async db =>
    {
        var units = await db.Units.Where(u => u.Tenant == tenant && (serial == null || u.Serial == serial)).OrderBy(u => u.Serial).ToListAsync(ct);
        var moves = (await db.UnitMoves.Where(m => m.Tenant == tenant && (serial == null || m.Serial == serial)).OrderBy(m => m.Id).ToListAsync(ct)).ToLookup(m => m.Serial);
        var whole = new CustodyCheck(true, units.Count, moves.Sum(m => m.Count()), null);
        var known = units.Select(u => u.Serial).ToHashSet(StringComparer.Ordinal);
        if (moves.FirstOrDefault(m => !known.Contains(m.Key)) is { } orphan) return whole with { Whole = false, Break = new CustodyBreak(orphan.Key, 1, "the unit itself is missing") };
        return units.Select(unit => seal.Check(unit, [.. moves[unit.Serial]])).FirstOrDefault(check => !check.Whole) is { } broken ? whole with { Whole = false, Break = broken.Break } : whole;
    }, ct);

    public Task<IReadOnlyList<UnitBalance>> BalanceAsync(string tenant, string? sku, CancellationToken ct) => workbench.ReadAsync<IReadOnlyList<UnitBalance>>(async db =>
    {
        var units = await db.Units.Where(u => u.Tenant == tenant && (sku == null || u.Sku == sku)).ToListAsync(ct);
        var moves = (await db.UnitMoves.Where(m => m.Tenant == tenant).OrderBy(m => m.Id).ToListAsync(ct)).ToLookup(m => m.Serial);
        return [.. units.GroupBy(u => u.Sku).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => Balance.Of(g.Key, [.. g], moves))];
    }, ct);

    private static async Task<LossRow?> LossAsync(DeskWork work, string tenant, string id, CancellationToken ct) => await work.Db.Losses.FindAsync([id], ct) is { } loss && loss.Tenant == tenant ? loss : null;

    private async Task<Outcome<TView>> ChangeAsync<TRow, TView>(Func<DeskWork, Task<Outcome<TRow>>> change, Func<TRow, TView> view, CancellationToken ct)
    {
        var done = await workbench.TryAsync(clock.GetUtcNow(), change, ct);
        if (!done.Succeeded) return done.Refusal;
        signals.Touch();
        return view(done.Value);
    }

    private static Refusal NoUnit(string serial) => Refusal.NotFound("unit-unknown", $"no unit has the serial number '{serial}'");
    private static Refusal NoLoss(string id) => Refusal.NotFound("loss-unknown", $"there is no loss '{id}'");
    private static Refusal TooLong() => Refusal.Invalid("reason-too-long", $"a 'reason' has at most {LongestReason} characters");
}
