using Microsoft.EntityFrameworkCore;
using Seamless.Telemetry;

namespace Seamless.Rules.Alarms.Maintenance;

/// <summary>The windows: kept in the database, asked in memory. What changes one is at once told to the alarms.</summary>
/// <remarks>
/// First the database, then memory, then the alarms. A crash in between changes nothing: a start lets the alarms be looked through again,
/// and an alarm that comes meanwhile is looked at with the others.
/// </remarks>
internal sealed class MaintenanceBook(
    MaintenanceCalendar calendar, MaintenanceOrders orders, AlarmBook alarms, IDbContextFactory<RulesContext> contexts) : IMaintenance, IDisposable
{
    private readonly SemaphoreSlim _writing = new(1, 1);

    public event Action? Changed;

    public IReadOnlyList<MaintenanceWindow> List(string tenant) =>
        [.. calendar.Of(tenant).OrderByDescending(window => window.Begin).ThenBy(window => window.Id, StringComparer.Ordinal)];

    public MaintenanceWindow? Find(string tenant, string id) => calendar.Of(tenant).FirstOrDefault(window => window.Id == id);

    public MaintenanceCover? At(string tenant, string? device, string site, string type, DateTimeOffset at) => calendar.At(tenant, device, site, type, at);

    public async Task<Outcome<MaintenanceWindow>> AddAsync(string tenant, MaintenanceOrder order, string actor, CancellationToken ct)
    {
        await alarms.LoadAsync(ct);
        var window = await orders.ReadAsync(tenant, order, actor, ct);
        if (!window.Succeeded) return window.Refusal;
        await _writing.WaitAsync(ct);
        try
        {
            await using (var context = await contexts.CreateDbContextAsync(ct))
            {
                context.Maintenance.Add(MaintenanceRow.Of(window.Value));
                await context.SaveChangesAsync(ct);
            }
            await TellAsync(window.Value, actor, ct);
        }
        finally
        {
            _writing.Release();
        }
        return window.Value;
    }

    public Task<Outcome<MaintenanceWindow>> ChangeAsync(string tenant, string id, MaintenanceChange change, string actor, CancellationToken ct) =>
        MoveAsync(tenant, id, window => orders.Changed(window, change), actor, ct);

    public Task<Outcome<MaintenanceWindow>> EndAsync(string tenant, string id, string actor, CancellationToken ct) => MoveAsync(tenant, id, orders.Ended, actor, ct);

    public Task<Outcome<MaintenanceWindow>> CancelAsync(string tenant, string id, string actor, CancellationToken ct) => MoveAsync(tenant, id, orders.Cancelled, actor, ct);

    private async Task<Outcome<MaintenanceWindow>> MoveAsync(
        string tenant, string id, Func<MaintenanceWindow, Outcome<MaintenanceWindow>> move, string actor, CancellationToken ct)
    {
        await alarms.LoadAsync(ct);
        await _writing.WaitAsync(ct);
        try
        {
            if (Find(tenant, id) is not { } window) return Refusal.NotFound("maintenance-unknown", $"there is no maintenance '{id}'");
            var moved = move(window);
            if (!moved.Succeeded) return moved.Refusal;
            var after = moved.Value with { Version = window.Version + 1 };
            await using (var context = await contexts.CreateDbContextAsync(ct))
            {
                (await context.Maintenance.SingleAsync(row => row.Id == id, ct)).Take(after);
                await context.SaveChangesAsync(ct);
            }
            await TellAsync(after, actor, ct);
            return after;
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task TellAsync(MaintenanceWindow window, string actor, CancellationToken ct)
    {
        calendar.Put(window);
        await alarms.ReviewMaintenanceAsync(window.Tenant, actor, ct);
        Changed?.Invoke();
    }

    public void Dispose() => _writing.Dispose();
}
