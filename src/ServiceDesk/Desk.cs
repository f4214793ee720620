using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Seamless.Rules.Alarms;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Dispatch;
using Seamless.ServiceDesk.Parts;
using Seamless.ServiceDesk.Remedies;
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
    private readonly Dispatcher _dispatcher;
    private readonly Network _network;
    private readonly DeskSignals _signals;
    private readonly ServiceDeskOptions _options;
    private readonly SemaphoreSlim _beat = new(1, 1);

    public Desk(
        IAlarms alarms, Workbench workbench, AlarmFollower follower, Ladder ladder, TicketClocks clocks, Logistics logistics, Dispatcher dispatcher,
        Network network, DeskSignals signals, IOptions<ServiceDeskOptions> options)
    {
        (_alarms, _workbench, _follower, _ladder, _clocks, _logistics, _dispatcher) = (alarms, workbench, follower, ladder, clocks, logistics, dispatcher);
        (_network, _signals, _options) = (network, signals, options.Value);
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
            for (var round = 0; next.Earliest <= now && round < MostRounds; round++)
            {
                await LookAroundAsync(next, now, ct);
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
        if (next.Case <= now)
            foreach (var id in await _workbench.ReadAsync(db => db.Cases.Where(c => c.DueAt <= now).OrderBy(c => c.DueAt).ThenBy(c => c.AlarmId).Select(c => c.AlarmId).ToListAsync(ct), ct))
                await _workbench.CommitAsync(now, work => LookAtCaseAsync(work, id, ct), ct);
        if (next.Shipment <= now)
            foreach (var id in await _workbench.ReadAsync(db => db.Shipments.Where(s => s.DueAt <= now).OrderBy(s => s.DueAt).ThenBy(s => s.Id).Select(s => s.Id).ToListAsync(ct), ct))
                await _workbench.CommitAsync(now, work => MoveShipmentAsync(work, id, ct), ct);
        if (next.Ticket <= now)
            foreach (var number in await _workbench.ReadAsync(db => db.Tickets.Where(t => t.DueAt <= now).OrderBy(t => t.DueAt).ThenBy(t => t.Sequence).Select(t => t.Number).ToListAsync(ct), ct))
                await _workbench.CommitAsync(now, work => SweepTicketAsync(work, number, ct), ct);
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
        var milestone = shipment.State is ShipmentState.Created ? "picked-up" : "delivered";
        await _logistics.ReportAsync(work, shipment, milestone, at, shipment.Carrier, ct);
        return true;
    }

    private async Task<bool> SweepTicketAsync(DeskWork work, string number, CancellationToken ct)
    {
        if (await work.Db.Tickets.FindAsync([number], ct) is not { } ticket || !(ticket.DueAt <= work.Now)) return false;
        await _clocks.SweepAsync(work, ticket, _logistics, _dispatcher, ct);
        return true;
    }

    private Task<Due> NextDueAsync(CancellationToken ct) => _workbench.ReadAsync(async db => new Due(
        await db.Cases.MinAsync(c => c.DueAt, ct),
        _options.CourierKeepsTimetable ? await db.Shipments.MinAsync(s => s.DueAt, ct) : null,
        await db.Tickets.MinAsync(t => t.DueAt, ct)), ct);

    /// <summary>The next instant at which a case, a shipment or a ticket wants to be looked at.</summary>
    private sealed record Due(DateTimeOffset? Case, DateTimeOffset? Shipment, DateTimeOffset? Ticket)
    {
        public DateTimeOffset Earliest => new[] { Case, Shipment, Ticket }.Min() ?? DateTimeOffset.MaxValue;
    }
}

/// <summary>What wakes the desk, kept in memory: new alarm changes, and the next instant at which something is due.</summary>
internal sealed class DeskSignals
{
    private volatile bool _alarms = true;   // a start always looks
    private long _nextDueMs = long.MinValue;
    private int _touches;

    public event Action? Changed;
    public event Action? Woken;

    public int Touches => Volatile.Read(ref _touches);

    public bool HasWork(DateTimeOffset now) => _alarms || now.ToUnixTimeMilliseconds() >= Interlocked.Read(ref _nextDueMs);

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
