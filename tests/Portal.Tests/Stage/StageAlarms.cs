using Seamless.Rules.Alarms;
using Seamless.Rules.Alarms.Maintenance;
using Seamless.Rules.Diagnosis;
using Seamless.Rules.Packs;
using Seamless.Telemetry;

namespace Seamless.Portal.Tests.Stage;

/// <summary>A handful of faults in every state and severity; acknowledging and shelving work.</summary>
internal sealed class StageAlarms : IAlarms
{
    private readonly Lock _gate = new();
    private readonly List<Alarm> _alarms = [];
    private readonly List<AlarmChange> _changes = [];

    public StageAlarms(TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        var bearing = new Cause("bearing-wear", new("Bearing wear", "轴承磨损"), FaultClass.HW, 0.93, ["vibration-high", "bearing-hot"], ["current-high"]);
        var strainer = new Cause("strainer-clogged", new("Suction strainer clogged", "吸入口滤网堵塞"), FaultClass.HW, 0.06, ["vibration-high"], ["suction-low"]);
        Add("alm-cooling", null, "shanghai", "server", Severity.Critical, AlarmState.Unacknowledged, now.AddMinutes(-4), "inlet-hot", "inletTemperature", "OHE", 38.4, 35,
            new("Room too hot: cooling of the site has failed", "机房过热：站点制冷失效"), [new Cause("cooling-failure", new("Room cooling failed", "机房制冷故障"), FaultClass.ENV, 0.97, ["inlet-hot"], [])], ["alm-inlet-1", "alm-inlet-2"]);
        Add("alm-bearing", "pump-004", "tianjin", "pump", Severity.High, AlarmState.Unacknowledged, now.AddMinutes(-21), "vibration-zone-d", "vibration", "VIB", 8.6, 7.1,
            new("Vibration velocity in ISO zone D", "振动速度进入 ISO D 区"), [bearing, strainer], [],
            new Evidence("detector", "vibration-novelty", "vibration-high", "vibration", now.AddMinutes(-55), null, 8.6, null, 0.91, new("Vibration unlike its last 30 days", "振动与过去 30 天明显不同"), "1",
                new Dictionary<string, double> { ["vibration"] = 0.71, ["bearingTemperature"] = 0.22, ["motorCurrent"] = 0.07 }),
            new Evidence("rule", "bearing-temperature-high", "bearing-hot", "bearingTemperature", now.AddMinutes(-9), null, 93.1, 90, null, new("Bearing temperature above its limit", "轴承温度超过限值"), "1", new Dictionary<string, double>()));
        Add("alm-service", "server-002", "shanghai", "server", Severity.High, AlarmState.Acknowledged, now.AddMinutes(-2), "service-down", "serviceUp", "FTS", 0, 0.5,
            new("Service does not answer", "服务无响应"), [new Cause("service-hang", new("Service hangs", "服务挂起"), FaultClass.SW, 0.88, ["service-down"], [])], []);
        Add("alm-suction", "pump-010", "rotterdam", "pump", Severity.Medium, AlarmState.ReturnedUnacknowledged, now.AddHours(-1), "suction-low", "suctionPressure", "PDE", 0.31, 0.5,
            new("Suction pressure low", "入口压力低"), [strainer with { Probability = 0.9 }], []);
        Add("alm-frames", "tv-003", "lhasa", "tv", Severity.Medium, AlarmState.Unacknowledged, now.AddHours(-3), "frame-drops", "frameDropRate", "PDE", 9.2, 5,
            new("Too many dropped frames", "丢帧过多"), [], []);
        Add("alm-drift", "tv-009", "lhasa", "tv", Severity.Low, AlarmState.Unacknowledged, now.AddHours(-26), "backlight-drift", "backlightCurrent", "PDE", 212, 230,
            new("Backlight current drifts", "背光电流漂移"), [], []);
        Add("alm-silent", "server-047", "houston", "server", Severity.Medium, AlarmState.Unacknowledged, now.AddMinutes(-46), "silent", null, "OTH", 46, 60,
            new("No data from the device", "设备无数据"), [], []);
        Add("alm-inlet-1", "server-008", "shanghai", "server", Severity.High, AlarmState.Suppressed, now.AddMinutes(-4), "inlet-hot", "inletTemperature", "OHE", 38, 35, new("Inlet air too hot", "进风温度过高"), [], []);
        Add("alm-inlet-2", "server-014", "shanghai", "server", Severity.High, AlarmState.Suppressed, now.AddMinutes(-4), "inlet-hot", "inletTemperature", "OHE", 37, 35, new("Inlet air too hot", "进风温度过高"), [], []);
        Add("alm-known", "pump-022", "houston", "pump", Severity.Medium, AlarmState.Shelved, now.AddDays(-2), "vibration-zone-c", "vibration", "VIB", 4.9, 4.5, new("Vibration velocity in ISO zone C", "振动速度进入 ISO C 区"), [bearing with { Probability = 0.55 }], []);
        Add("alm-maintained", "pump-019", "tianjin", "pump", Severity.High, AlarmState.Suppressed, now.AddMinutes(-30), "vibration-zone-d", "vibration", "VIB", 7.9, 7.1, new("Vibration velocity in ISO zone D", "振动速度进入 ISO D 区"), [bearing with { Probability = 0.7 }], []);
        _alarms[^1] = _alarms[^1] with
        {
            Parent = null, SuppressedBy = "mw-running", Maintenance = new MaintenanceMark("mw-running", "Coupling aligned, laser check", now.AddHours(-1), now.AddHours(3), IsOver: false),
        };
    }

    public event Action? Changed;

    private void Add(
        string id, string? device, string site, string type, Severity severity, AlarmState state, DateTimeOffset onset, string rule, string? metric, string mode, double value, double limit,
        LocalizedText message, IReadOnlyList<Cause> causes, IReadOnlyList<string> members, params IReadOnlyList<Evidence> more)
    {
        var isActive = state is not AlarmState.ReturnedUnacknowledged;
        DateTimeOffset? cleared = isActive ? null : onset.AddMinutes(12);
        var evidence = new Evidence("rule", rule, rule, metric, onset, cleared, value, limit, null, message, "1", new Dictionary<string, double>());
        var alarm = new Alarm(
            id, "default", device, site, type, device is null ? $"site:{site}:{rule}" : $"device:{device}:{mode}", rule, "3f9c", mode, severity, state, isActive, state is AlarmState.Acknowledged,
            state is AlarmState.Shelved ? onset.AddDays(5) : null, state is AlarmState.Suppressed ? "alm-cooling" : null, onset.AddSeconds(30), onset, cleared, id == "alm-suction" ? 3 : 1, message,
            [evidence, .. more], causes, state is AlarmState.Suppressed ? "alm-cooling" : null, members, 1);
        _alarms.Add(alarm);
        Note(alarm, AlarmChangeKind.Raised, alarm.RaisedAt, "platform", null);
        if (state is AlarmState.Acknowledged) Note(alarm, AlarmChangeKind.Acknowledged, alarm.RaisedAt.AddMinutes(1), "li", "on it");
    }

    private void Note(Alarm alarm, AlarmChangeKind kind, DateTimeOffset at, string actor, string? note) => _changes.Add(new AlarmChange(_changes.Count + 1, kind, at, actor, note, alarm));

    private Task<Outcome<Alarm>> ChangeAsync(string id, AlarmChangeKind kind, string actor, string? note, Func<Alarm, Alarm> change)
    {
        Alarm? changed;
        lock (_gate)
        {
            var index = _alarms.FindIndex(a => a.Id == id);
            if (index < 0) return Task.FromResult<Outcome<Alarm>>(Refusal.NotFound($"there is no alarm {id}"));
            if (kind is AlarmChangeKind.Acknowledged && _alarms[index].State is AlarmState.Acknowledged) return Task.FromResult<Outcome<Alarm>>(Refusal.Because("it is acknowledged already"));
            changed = _alarms[index] = change(_alarms[index]);
            Note(changed, kind, changed.RaisedAt.AddMinutes(5), actor, note);
        }
        Changed?.Invoke();
        return Task.FromResult<Outcome<Alarm>>(changed);
    }

    public Task<Alarm?> FindAsync(string tenant, string id, CancellationToken ct) { lock (_gate) return Task.FromResult(_alarms.Find(a => a.Tenant == tenant && a.Id == id)); }

    public Task<IReadOnlyList<Alarm>> ListAsync(AlarmFilter filter, CancellationToken ct)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<Alarm>>([.. _alarms
                .Where(a => a.Tenant == filter.Tenant && (filter.Device is null || a.Device == filter.Device) && (filter.Site is null || a.Site == filter.Site)
                    && (filter.State is null || a.State == filter.State) && (!filter.Maintenance || a.Maintenance is not null) && (!filter.OpenOnly || a.IsActive || !a.IsAcknowledged))
                .OrderByDescending(a => a.OnsetAt).Take(filter.Limit)]);
        }
    }

    public Task<Outcome<Alarm>> AcknowledgeAsync(string tenant, string id, string actor, string? note, CancellationToken ct) =>
        ChangeAsync(id, AlarmChangeKind.Acknowledged, actor, note, a => a with { State = a.IsActive ? AlarmState.Acknowledged : AlarmState.Normal, IsAcknowledged = true });
    public Task<Outcome<Alarm>> ShelveAsync(string tenant, string id, string actor, string reason, DateTimeOffset until, CancellationToken ct) =>
        ChangeAsync(id, AlarmChangeKind.Shelved, actor, reason, a => a with { State = AlarmState.Shelved, ShelvedUntil = until });
    public Task<Outcome<Alarm>> UnshelveAsync(string tenant, string id, string actor, CancellationToken ct) =>
        ChangeAsync(id, AlarmChangeKind.Unshelved, actor, null, a => a with { State = AlarmState.Unacknowledged, ShelvedUntil = null });
    public Task<Outcome<Alarm>> SuppressAsync(string tenant, string id, string actor, string reason, CancellationToken ct) =>
        ChangeAsync(id, AlarmChangeKind.Suppressed, actor, reason, a => a with { State = AlarmState.Suppressed });
    public Task<Outcome<Alarm>> CloseAsync(string tenant, string id, string actor, string? verdict, string? note, CancellationToken ct) =>
        ChangeAsync(id, AlarmChangeKind.Closed, actor, note, a => a with { State = AlarmState.Closed });

    public Task<IReadOnlyList<AlarmChange>> ChangesAsync(long number, int limit, CancellationToken ct) => Task.FromResult<IReadOnlyList<AlarmChange>>([.. _changes.Where(c => c.Number > number).Take(limit)]);
    public Task<IReadOnlyList<AlarmChange>> TraceAsync(string tenant, string id, CancellationToken ct) { lock (_gate) return Task.FromResult<IReadOnlyList<AlarmChange>>([.. _changes.Where(c => c.Alarm.Id == id)]); }
    public Task<IReadOnlyDictionary<DeviceKey, IReadOnlyList<Alarm>>> OpenByDeviceAsync(string tenant, CancellationToken ct) => throw new NotSupportedException();

    public double HealthOf(in DeviceKey device)
    {
        var id = device.Device;
        lock (_gate)
        {
            var worst = _alarms.Where(a => a.Device == id && a.IsActive).Select(a => (Severity?)a.Severity).Min();
            return worst switch { null => 1, Severity.Critical => 0.1, Severity.High => 0.4, Severity.Medium => 0.7, _ => 0.9 };
        }
    }

    public Task AdvanceAsync(DateTimeOffset now, CancellationToken ct) => Task.CompletedTask;
}
