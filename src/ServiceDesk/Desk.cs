using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Seamless.Rules.Alarms;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Commerce;
using Seamless.ServiceDesk.Care.Visits;
using Seamless.ServiceDesk.Continuity;
using Seamless.ServiceDesk.Customers.Complaints;
using Seamless.ServiceDesk.Customers.Requests;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Dispatch;
using Seamless.ServiceDesk.Parts;
using Seamless.ServiceDesk.Parts.Custody;
using Seamless.ServiceDesk.Parts.Promises;
using Seamless.ServiceDesk.Parts.Resupply;
using Seamless.ServiceDesk.Remedies;
using Seamless.ServiceDesk.Sessions;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk;

/// <summary>The beat. Costs nothing while no alarm has changed and nothing is due: both are known without the database.</summary>
internal sealed class Desk : IServiceDesk, IDisposable
{
    /// <summary>A look may make another look due at once (playbook refused → ticket → visit); more than this would be a loop.</summary>
    private const int MostRounds = 32;

    private readonly IAlarms _alarms;
    private readonly Workbench _workbench;
    private readonly AlarmFollower _follower;
    private readonly Ladder _ladder;
    private readonly TicketClocks _clocks;
    private readonly Logistics _logistics;
    private readonly Replenishment _replenishment;
    private readonly Dispatcher _dispatcher;
    private readonly Network _network;
    private readonly PromiseDesk _promises;
    private readonly ComplaintBook _complaints;
    private readonly RequestBook _requests;
    private readonly Deliveries _deliveries;
    private readonly CustodyWatch _custody;
    private readonly CommerceClock _commerce;
    private readonly CareClock _care;
    private readonly TeamWatch _teams;
    private readonly SessionClock _sessions;
    private readonly DeskSignals _signals;
    private readonly ServiceDeskOptions _options;
    private readonly SemaphoreSlim _beat = new(1, 1);

    public Desk(
        IAlarms alarms, Workbench workbench, AlarmFollower follower, Ladder ladder, TicketClocks clocks, Logistics logistics, Replenishment replenishment, Dispatcher dispatcher,
        Network network, PromiseDesk promises, ComplaintBook complaints, RequestBook requests, Deliveries deliveries, CustodyWatch custody, CommerceClock commerce, CareClock care, TeamWatch teams, SessionClock sessions, DeskSignals signals, IOptions<ServiceDeskOptions> options)
    {
        (_complaints, _requests, _deliveries, _custody, _commerce, _care, _teams, _promises, _sessions) = (complaints, requests, deliveries, custody, commerce, care, teams, promises, sessions);
        (_alarms, _workbench, _follower, _ladder, _clocks, _logistics, _dispatcher) = (alarms, workbench, follower, ladder, clocks, logistics, dispatcher);
        (_replenishment, _network, _signals, _options) = (replenishment, network, signals, options.Value);
        _alarms.Changed += _signals.AlarmsChanged;
    }

    public async Task AdvanceAsync(DateTimeOffset now, CancellationToken ct)
    {
        if (!_signals.HasWork(now)) return;
        await _beat.WaitAsync(ct);
        try
        {
            await _network.EnsureAsync(DeviceKey.DefaultTenant, now, ct);
            if (_signals.TakeAlarms())
            {
                try
                {
                    while (await _workbench.CommitAsync(now, work => _follower.TakePageAsync(work, ct), ct)) { }
                }
                catch
                {
                    _signals.AlarmsChanged();   // not handled: the next beat tries again
                    throw;
                }
            }
            var touches = _signals.Touches;
            var next = await NextDueAsync(ct);
            for (var round = 0; (next.Earliest <= now || _signals.HasStock) && round < MostRounds; round++)
            {
                await LookAroundAsync(next, now, ct);
                await ReviewStockAsync(now, ct);
                touches = _signals.Touches;
                next = await NextDueAsync(ct);
            }
            _signals.Settle(next.Earliest, touches);
        }
        finally
        {
            _beat.Release();
        }
        _signals.TicketsChanged();
    }

    public void Dispose()
    {
        _alarms.Changed -= _signals.AlarmsChanged;
        _beat.Dispose();
    }

    private async Task LookAroundAsync(Due next, DateTimeOffset now, CancellationToken ct)
    {
        if (next.Team <= now) await _teams.LookAroundAsync(now, ct);
        if (next.Case <= now)
            foreach (var id in await _workbench.ReadAsync(db => db.Cases.Where(c => c.DueAt <= now).OrderBy(c => c.DueAt).ThenBy(c => c.AlarmId).Select(c => c.AlarmId).ToListAsync(ct), ct))
                await _workbench.CommitAsync(now, work => LookAtCaseAsync(work, id, ct), ct);
        if (next.Shipment <= now)
            foreach (var id in await _workbench.ReadAsync(db => db.Shipments.Where(s => s.DueAt <= now).OrderBy(s => s.DueAt).ThenBy(s => s.Id).Select(s => s.Id).ToListAsync(ct), ct))
                await _workbench.CommitAsync(now, work => MoveShipmentAsync(work, id, ct), ct);
        if (next.Order <= now)
            foreach (var id in await _workbench.ReadAsync(db => db.StockOrders.Where(o => o.DueAt <= now).OrderBy(o => o.DueAt).ThenBy(o => o.Id).Select(o => o.Id).ToListAsync(ct), ct))
                await _workbench.CommitAsync(now, work => ReceiveOrderAsync(work, id, ct), ct);
        if (next.Custody <= now) await _custody.SweepAsync(_workbench, now, ct);
        if (next.Ticket <= now)
            foreach (var number in await _workbench.ReadAsync(db => db.Tickets.Where(t => t.DueAt <= now).OrderBy(t => t.DueAt).ThenBy(t => t.Sequence).Select(t => t.Number).ToListAsync(ct), ct))
                await _workbench.CommitAsync(now, work => SweepTicketAsync(work, number, ct), ct);
        if (next.Complaint <= now)
            foreach (var number in await _workbench.ReadAsync(db => db.Complaints.Where(c => c.DueAt <= now).OrderBy(c => c.DueAt).ThenBy(c => c.Sequence).Select(c => c.Number).ToListAsync(ct), ct))
                await _workbench.CommitAsync(now, work => _complaints.SweepAsync(work, number, ct), ct);
        if (next.Care <= now) await _care.LookAroundAsync(now, ct);
        if (next.Request <= now)
            foreach (var number in await _workbench.ReadAsync(db => db.Requests.Where(r => r.DueAt <= now).OrderBy(r => r.DueAt).ThenBy(r => r.Sequence).Select(r => r.Number).ToListAsync(ct), ct))
                await _workbench.CommitAsync(now, work => _requests.SweepAsync(work, number, ct), ct);
        if (next.Commerce <= now) await _commerce.LookAroundAsync(now, ct);
        if (next.Session <= now) await _sessions.LookAroundAsync(now, ct);
    }

    private async Task<bool> LookAtCaseAsync(DeskWork work, string id, CancellationToken ct)
    {
        if (await work.Db.Cases.FindAsync([id], ct) is not { } fault || !(fault.DueAt <= work.Now)) return false;
        await _network.EnsureAsync(work, fault.Tenant, ct);
        await _ladder.LookAsync(work, fault, ct);
        return true;
    }

    /// <summary>The courier's timetable stands for its reports, at the times it names.</summary>
    private async Task<bool> MoveShipmentAsync(DeskWork work, string id, CancellationToken ct)
    {
        if (await work.Db.Shipments.FindAsync([id], ct) is not { DueAt: { } at } shipment || at > work.Now) return false;
        await _deliveries.TrackAsync(work, shipment, at, ct);
        return true;
    }

    private static async Task<bool> ReceiveOrderAsync(DeskWork work, string id, CancellationToken ct)
    {
        if (await work.Db.StockOrders.FindAsync([id], ct) is not { } order || !(order.DueAt <= work.Now)) return false;
        await Replenishment.ReceiveAsync(work, order, null, DeskWork.Desk, ct);
        return true;
    }

    /// <summary>Of the parts whose units have moved; of all after a start.</summary>
    private async Task ReviewStockAsync(DateTimeOffset now, CancellationToken ct)
    {
        if (!_signals.HasStock) return;
        var moved = _signals.TakeStock();
        try
        {
            moved ??= await _workbench.ReadAsync(db => db.StockLevels.Select(l => new { l.Tenant, l.Sku }).Distinct().OrderBy(p => p.Tenant).ThenBy(p => p.Sku)
                .Select(p => new StockedPart(p.Tenant, p.Sku)).ToListAsync(ct), ct);
            foreach (var part in moved)
                await _workbench.CommitAsync(now, async work =>
                {
                    await _replenishment.ReviewAsync(work, part, ct);
                    return true;
                }, ct);
        }
        catch
        {
            _signals.AllStockMoved();   // not reviewed: the next beat tries again
            throw;
        }
    }

    private async Task<bool> SweepTicketAsync(DeskWork work, string number, CancellationToken ct)
    {
        if (await work.Db.Tickets.FindAsync([number], ct) is not { } ticket || !(ticket.DueAt <= work.Now)) return false;
        await _clocks.SweepAsync(work, ticket, _logistics, _dispatcher, ct);
        await _promises.KeepUpAsync(work, ticket, ct);
        return true;
    }

    private Task<Due> NextDueAsync(CancellationToken ct) => _workbench.ReadAsync(async db => new Due(
        await db.Cases.MinAsync(c => c.DueAt, ct),
        _options.CourierKeepsTimetable ? await db.Shipments.MinAsync(s => s.DueAt, ct) : null,
        await db.StockOrders.MinAsync(o => o.DueAt, ct),
        await db.Tickets.MinAsync(t => t.DueAt, ct),
        await db.Complaints.MinAsync(c => c.DueAt, ct),
        await db.Requests.MinAsync(r => r.DueAt, ct),
        await CustodyWatch.NextDueAsync(db, ct),
        await CommerceClock.NextAsync(db, ct),
        await CareClock.NextDueAsync(db, ct),
        await TeamWatch.NextDueAsync(db, ct),
        await _sessions.NextDueAsync(db, ct)), ct);

    /// <summary>The next instant at which a case, a shipment, a stock order, a ticket, a complaint, a request, a care plan, a contract, a quote, a team, a remote session or something between two hands wants to be looked at.</summary>
    private sealed record Due(DateTimeOffset? Case, DateTimeOffset? Shipment, DateTimeOffset? Order, DateTimeOffset? Ticket, DateTimeOffset? Complaint, DateTimeOffset? Request, DateTimeOffset? Custody, DateTimeOffset? Commerce, DateTimeOffset? Care, DateTimeOffset? Team, DateTimeOffset? Session)
    {
        public DateTimeOffset Earliest => new[] { Case, Shipment, Order, Ticket, Complaint, Request, Custody, Commerce, Care, Team, Session }.Min() ?? DateTimeOffset.MaxValue;
    }
}

/// <summary>What wakes the desk, kept in memory: new alarm changes, and the next instant at which something is due.</summary>
internal sealed class DeskSignals
{
    private readonly HashSet<StockedPart> _stock = [];
    private volatile bool _alarms = true;   // a start always looks
    private bool _allStock = true;          // and reviews all stock: what moved last may not have been
    private long _nextDueMs = long.MinValue;
    private int _touches;

    public event Action? Changed;
    public event Action? Woken;

    public int Touches => Volatile.Read(ref _touches);

    public bool HasWork(DateTimeOffset now) => _alarms || HasStock || now.ToUnixTimeMilliseconds() >= Interlocked.Read(ref _nextDueMs);

    /// <summary>Units have moved since the last review.</summary>
    public bool HasStock
    {
        get
        {
            lock (_stock) return _allStock || _stock.Count > 0;
        }
    }

    public void StockMoved(IReadOnlyCollection<StockedPart> parts)
    {
        lock (_stock) _stock.UnionWith(parts);
    }

    /// <summary>The review did not come off, or levels have changed: all parts again.</summary>
    public void AllStockMoved()
    {
        lock (_stock) _allStock = true;
    }

    /// <summary>The parts to review, taken once; null for all of them.</summary>
    public IReadOnlyList<StockedPart>? TakeStock()
    {
        lock (_stock)
        {
            IReadOnlyList<StockedPart>? taken = _allStock ? null : [.. _stock.OrderBy(p => p.Tenant, StringComparer.Ordinal).ThenBy(p => p.Sku, StringComparer.Ordinal)];
            _stock.Clear();
            _allStock = false;
            return taken;
        }
    }

    /// <summary>Nothing is due before <paramref name="nextDue"/>, unless somebody has touched the desk since <paramref name="touches"/> was read.</summary>
    public void Settle(DateTimeOffset nextDue, int touches)
    {
        Interlocked.Exchange(ref _nextDueMs, nextDue.ToUnixTimeMilliseconds());
        if (Touches != touches) Interlocked.Exchange(ref _nextDueMs, long.MinValue);
    }

    public void AlarmsChanged()
    {
        _alarms = true;
        Woken?.Invoke();
    }

    /// <summary>Whether there are changes to take; taken once.</summary>
    public bool TakeAlarms()
    {
        var taken = _alarms;
        _alarms = false;
        return taken;
    }

    /// <summary>A person has changed something: the next beat looks at what is due.</summary>
    public void Touch()
    {
        Interlocked.Increment(ref _touches);
        Interlocked.Exchange(ref _nextDueMs, long.MinValue);
        TicketsChanged();
        Woken?.Invoke();
    }

    public void TicketsChanged() => Changed?.Invoke();
}
