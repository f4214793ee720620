using Seamless.Rules.Alarms.Maintenance;
using Seamless.Telemetry;

namespace Seamless.Portal.Tests.Stage;

/// <summary>One window that runs, one that comes back weekly, one that is over, one that was cancelled; entering and ending work.</summary>
internal sealed class StageMaintenance : IMaintenance
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly List<MaintenanceWindow> _windows = [];

    public StageMaintenance(TimeProvider clock)
    {
        _clock = clock;
        var now = clock.GetUtcNow();
        Put("mw-running", new(Device: "pump-019"), now.AddHours(-1), now.AddHours(3), null, "Coupling aligned, laser check");
        Put("mw-weekly", new(Site: "shanghai", Type: "server"), now.AddDays(-20), null, new WeeklyPlan((byte)(1 << (int)now.AddDays(2).DayOfWeek), new TimeOnly(2, 0), TimeSpan.FromHours(3)), "Firmware round of the racks, row by row");
        Put("mw-over", new(Site: "houston"), now.AddDays(-3), now.AddDays(-3).AddHours(6), null, "Switchgear inspection");
        Put("mw-cancelled", new(), now.AddDays(5), now.AddDays(6), null, "Whole network down");
        _windows[^1] = _windows[^1] with { CancelledAt = now.AddDays(-1) };
    }

    public event Action? Changed;

    private void Put(string id, MaintenanceScope scope, DateTimeOffset begin, DateTimeOffset? end, WeeklyPlan? weekly, string reason) =>
        _windows.Add(new MaintenanceWindow(id, DeviceKey.DefaultTenant, scope, begin, end, "Asia/Shanghai", weekly, reason, "li", begin.AddDays(-2), [], null, 1));

    public IReadOnlyList<MaintenanceWindow> List(string tenant) { lock (_gate) return [.. _windows.Where(w => w.Tenant == tenant)]; }
    public MaintenanceWindow? Find(string tenant, string id) => List(tenant).FirstOrDefault(w => w.Id == id);

    public MaintenanceCover? At(string tenant, string? device, string site, string type, DateTimeOffset at) =>
        List(tenant).Where(w => w.Scope.Holds(device, site, type) && w.At(at) is not null).Select(w => new MaintenanceCover(w, w.At(at)!.Value)).FirstOrDefault();

    public Task<Outcome<MaintenanceWindow>> AddAsync(string tenant, MaintenanceOrder order, string actor, CancellationToken ct)
    {
        var now = _clock.GetUtcNow();
        var begin = order.Begin is null ? now : LocalTime.Read(order.Begin, "Asia/Shanghai").Value;
        if (order.End is null && order.Weekly is null) return Task.FromResult<Outcome<MaintenanceWindow>>(Refusal.Invalid("when does it end? give an end, or how long it lasts"));
        var window = new MaintenanceWindow(
            $"mw-{Guid.CreateVersion7():n}", tenant, order.Scope, begin, order.End is null ? null : LocalTime.Read(order.End, "Asia/Shanghai").Value, "Asia/Shanghai", order.Weekly, order.Reason, actor, now, [], null, 1);
        lock (_gate) _windows.Add(window);
        Changed?.Invoke();
        return Task.FromResult<Outcome<MaintenanceWindow>>(window);
    }

    public Task<Outcome<MaintenanceWindow>> ChangeAsync(string tenant, string id, MaintenanceChange change, string actor, CancellationToken ct) =>
        MoveAsync(id, window => window with { End = LocalTime.Read(change.Until, window.Zone).Value });

    public Task<Outcome<MaintenanceWindow>> EndAsync(string tenant, string id, string actor, CancellationToken ct) => MoveAsync(id, window => window with { End = _clock.GetUtcNow() });
    public Task<Outcome<MaintenanceWindow>> CancelAsync(string tenant, string id, string actor, CancellationToken ct) => MoveAsync(id, window => window with { CancelledAt = _clock.GetUtcNow() });

    private Task<Outcome<MaintenanceWindow>> MoveAsync(string id, Func<MaintenanceWindow, MaintenanceWindow> move)
    {
        lock (_gate)
        {
            var index = _windows.FindIndex(w => w.Id == id);
            if (index < 0) return Task.FromResult<Outcome<MaintenanceWindow>>(Refusal.NotFound($"there is no maintenance '{id}'"));
            _windows[index] = move(_windows[index]);
            Changed?.Invoke();
            return Task.FromResult<Outcome<MaintenanceWindow>>(_windows[index]);
        }
    }
}
