using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using Seamless.Fleet.Audit;
using Seamless.Fleet.Commands;
using Seamless.Fleet.Registry;
using Seamless.Rules.Alarms;
using Seamless.Rules.Alarms.Maintenance;
using Seamless.Rules.Diagnosis;
using Seamless.Rules.Packs;
using Seamless.Telemetry;
using Seamless.Telemetry.Commands;

namespace Seamless.ServiceDesk.Tests;

/// <summary>Alarms in memory: every change gets a number, as the real ones do.</summary>
internal sealed class MemoryAlarms : IAlarms
{
    private readonly List<AlarmChange> _changes = [];
    private readonly Dictionary<string, Alarm> _alarms = [];

    public event Action? Changed;

    public Alarm Raise(string? device, DateTimeOffset at, string fault, FaultClass kind = FaultClass.HW, double probability = 0.9,
        Severity severity = Severity.High, string type = "pump", string site = "works", string? mode = null, params Cause[] others)
    {
        var key = device is null ? $"site:{site}:{fault}" : $"device:{device}:{mode ?? fault}";
        var alarm = new Alarm(
            StableHash.Id("alarm", key, at.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)), House.Tenant, device, site, type, key, "rule", "v1", "OTH",
            severity, AlarmState.Unacknowledged, true, false, null, null, at, at, null, 1, new LocalizedText(fault, fault), [],
            [Cause(fault, kind, probability), .. others], null, [], 1);
        return Put(AlarmChangeKind.Raised, at, alarm);
    }

    public static Cause Cause(string code, FaultClass kind, double probability) => new(code, new LocalizedText(code, code), kind, probability, [], []);

    public Alarm Clear(Alarm alarm, DateTimeOffset at) =>
        Put(AlarmChangeKind.Cleared, at, _alarms[alarm.Id] with { IsActive = false, ClearedAt = at, State = AlarmState.ReturnedUnacknowledged });

    public Alarm Reraise(Alarm alarm, DateTimeOffset at) =>
        Put(AlarmChangeKind.Reraised, at, _alarms[alarm.Id] with { IsActive = true, ClearedAt = null, State = AlarmState.Unacknowledged, Count = alarm.Count + 1 });

    public Alarm Explain(Alarm alarm, Alarm parent, DateTimeOffset at) =>
        Put(AlarmChangeKind.Suppressed, at, _alarms[alarm.Id] with { Parent = parent.Id, SuppressedBy = parent.Id, State = AlarmState.Suppressed });

    public Alarm Withdraw(Alarm alarm, DateTimeOffset at) =>
        Put(AlarmChangeKind.Withdrawn, at, _alarms[alarm.Id] with { IsActive = false, ClearedAt = at, IsAcknowledged = true, State = AlarmState.Normal, Diagnosis = [] });

    /// <summary>Held back by a window, or let go by it.</summary>
    public Alarm Maintain(Alarm alarm, MaintenanceMark mark, AlarmChangeKind kind, DateTimeOffset at) => Put(kind, at, _alarms.GetValueOrDefault(alarm.Id, alarm) with
    {
        Maintenance = mark, SuppressedBy = mark.IsOver ? null : mark.Window, State = mark.IsOver ? AlarmState.Unacknowledged : AlarmState.Suppressed, IsActive = alarm.IsActive, ClearedAt = alarm.ClearedAt,
    });

    public Alarm Diagnose(Alarm alarm, DateTimeOffset at, params Cause[] causes) =>
        Put(AlarmChangeKind.EvidenceChanged, at, _alarms[alarm.Id] with { Diagnosis = causes });

    /// <summary>A detector or a model has seen something too.</summary>
    public Alarm Foresee(Alarm alarm, DateTimeOffset at, string kind = "detector") => Put(AlarmChangeKind.EvidenceChanged, at, _alarms[alarm.Id] with
    {
        Evidence = [new Seamless.Rules.Alarms.Evidence(kind, "rule", "worn", null, at, null, 1, null, 0.99, new LocalizedText("worn", "worn"), null, new Dictionary<string, double>())],
    });

    private Alarm Put(AlarmChangeKind kind, DateTimeOffset at, Alarm alarm)
    {
        _alarms[alarm.Id] = alarm with { Version = alarm.Version + 1 };
        _changes.Add(new AlarmChange(_changes.Count + 1, kind, at, "rules", null, _alarms[alarm.Id]));
        Changed?.Invoke();
        return _alarms[alarm.Id];
    }

    public Task<Alarm?> FindAsync(string tenant, string id, CancellationToken ct) => Task.FromResult(_alarms.GetValueOrDefault(id));

    public Task<IReadOnlyList<Alarm>> ListAsync(AlarmFilter filter, CancellationToken ct) => Task.FromResult<IReadOnlyList<Alarm>>([.. _alarms.Values]);

    public Task<IReadOnlyList<AlarmChange>> ChangesAsync(long number, int limit, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<AlarmChange>>([.. _changes.Where(c => c.Number > number).Take(limit)]);

    public Task<IReadOnlyList<AlarmChange>> TraceAsync(string tenant, string id, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<AlarmChange>>([.. _changes.Where(c => c.Alarm.Id == id)]);

    public Task<Outcome<Alarm>> AcknowledgeAsync(string tenant, string id, string actor, string? note, CancellationToken ct) =>
        Task.FromResult<Outcome<Alarm>>(Put(AlarmChangeKind.Acknowledged, _alarms[id].RaisedAt, _alarms[id] with { IsAcknowledged = true }));

    public Task<Outcome<Alarm>> ShelveAsync(string tenant, string id, string actor, string reason, DateTimeOffset until, CancellationToken ct) =>
        Task.FromResult<Outcome<Alarm>>(Put(AlarmChangeKind.Shelved, until, _alarms[id] with { ShelvedUntil = until, State = AlarmState.Shelved }));

    public Task<Outcome<Alarm>> UnshelveAsync(string tenant, string id, string actor, CancellationToken ct) =>
        Task.FromResult<Outcome<Alarm>>(Put(AlarmChangeKind.Unshelved, _alarms[id].RaisedAt, _alarms[id] with { ShelvedUntil = null, State = AlarmState.Unacknowledged }));

    public Task<Outcome<Alarm>> SuppressAsync(string tenant, string id, string actor, string reason, CancellationToken ct) =>
        Task.FromResult<Outcome<Alarm>>(Put(AlarmChangeKind.Suppressed, _alarms[id].RaisedAt, _alarms[id] with { SuppressedBy = reason, State = AlarmState.Suppressed }));

    public Task<Outcome<Alarm>> CloseAsync(string tenant, string id, string actor, string? verdict, string? note, CancellationToken ct) =>
        Task.FromResult<Outcome<Alarm>>(Put(AlarmChangeKind.Closed, _alarms[id].RaisedAt, _alarms[id] with { State = AlarmState.Closed }));

    public Task<IReadOnlyDictionary<DeviceKey, IReadOnlyList<Alarm>>> OpenByDeviceAsync(string tenant, CancellationToken ct) =>
        Task.FromResult<IReadOnlyDictionary<DeviceKey, IReadOnlyList<Alarm>>>(
            _alarms.Values.Where(a => a is { IsActive: true, Device: not null }).GroupBy(a => a.DeviceKey!.Value).ToDictionary(g => g.Key, IReadOnlyList<Alarm> (g) => [.. g]));

    public double HealthOf(in DeviceKey device) => 1;
    public Task AdvanceAsync(DateTimeOffset now, CancellationToken ct) => Task.CompletedTask;
}

/// <summary>Commands in memory; the same key gives the same command.</summary>
internal sealed class MemoryCommands(FakeTimeProvider clock) : ICommands
{
    private readonly List<Command> _commands = [];

    public event Action<Command>? Changed;

    public IReadOnlyList<Command> All => _commands;

    /// <summary>The process dies while it hands over the next command: before it was stored, or right after.</summary>
    public (bool Before, bool After) Dies { get; set; }

    public Task<Outcome<Command>> SendAsync(CommandRequest request, CancellationToken ct)
    {
        if (Dies.Before) throw new IOException("died before the command was stored");
        var command = _commands.FirstOrDefault(c => c.Device == request.Device && c.IdempotencyKey == request.IdempotencyKey);
        if (command is null)
        {
            var now = clock.GetUtcNow();
            command = new Command(
                StableHash.Id("cmd", request.Device.Device, request.IdempotencyKey), request.Device, request.Name, request.ArgsJson, request.RiskClass, request.IdempotencyKey,
                request.Actor, CommandState.Sent, 0, null, null, now, now + request.ExpiresAfter, now, null);
            _commands.Add(command);
        }
        if (Dies.After) throw new IOException("died after the command was stored");
        return Task.FromResult<Outcome<Command>>(command);
    }

    /// <summary>The device's answer to the last command it was sent.</summary>
    public void Answer(string device, CommandState state, string? detail = null)
    {
        var index = _commands.FindLastIndex(c => c.Device.Device == device);
        _commands[index] = _commands[index] with { State = state, Detail = detail, FinishedAt = clock.GetUtcNow() };
        Changed?.Invoke(_commands[index]);
    }

    public Task ResendAsync(DeviceKey device, CancellationToken ct) => Task.CompletedTask;

    public Task RecallAsync(DeviceKey device, string id, string why, CancellationToken ct)
    {
        var index = _commands.FindIndex(c => c.Device == device && c.Id == id && c.State <= CommandState.Sent);
        if (index < 0) return Task.CompletedTask;
        _commands[index] = _commands[index] with { State = CommandState.Expired, Detail = why, FinishedAt = clock.GetUtcNow() };
        Changed?.Invoke(_commands[index]);
        return Task.CompletedTask;
    }

    public Task<Command?> FindAsync(DeviceKey device, string id, CancellationToken ct) => Task.FromResult(_commands.FirstOrDefault(c => c.Device == device && c.Id == id));
    public Task<IReadOnlyList<Command>> ListAsync(DeviceKey device, int limit, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<Command>>([.. _commands.Where(c => c.Device == device).Take(limit)]);
    public Task<Outcome<Command>> ReportAsync(DeviceKey device, CommandResult result, CancellationToken ct) =>
        Task.FromResult<Outcome<Command>>(Refusal.Because("the test answers by Answer"));

    public Task AdvanceAsync(DateTimeOffset now, CancellationToken ct)
    {
        for (var i = 0; i < _commands.Count; i++)
            if (!_commands[i].IsFinished && _commands[i].ExpiresAt <= now) _commands[i] = _commands[i] with { State = CommandState.Expired, FinishedAt = now };
        return Task.CompletedTask;
    }
}

internal sealed class MemoryDevices : IDeviceRegistry
{
    private readonly Dictionary<DeviceKey, Device> _devices = [];
    private readonly Dictionary<string, Site> _sites = [];
    private readonly HashSet<DeviceKey> _online = [];

    public event Action<DeviceKey>? Changed;

    public event Action<DeviceKey>? CredentialsRevoked { add { } remove { } }

    public Device Add(string id, string type, string site, string tier, bool online, string? group, GeoPoint? location)
    {
        var key = new DeviceKey(House.Tenant, id);
        _devices[key] = new Device(key, type, site, "acme", $"SN-{id}", location, new Dictionary<string, string>(), tier, null, group, House.Start, 1);
        _sites.TryAdd(site, new Site(House.Tenant, site, site, new GeoPoint(48.85, 2.35), "Europe/Paris", "acme"));
        if (online) _online.Add(key);
        Changed?.Invoke(key);
        return _devices[key];
    }

    public void Tag(Device device, string name, string value) => _devices[device.Key] = device with { Tags = new Dictionary<string, string> { [name] = value } };

    public void PutSite(Site site) => _sites[site.Id] = site;

    public ValueTask<Device?> FindAsync(DeviceKey key, CancellationToken ct) => ValueTask.FromResult(FindCached(key));
    public Device? FindCached(in DeviceKey key) => _devices.GetValueOrDefault(key);
    public Task<IReadOnlyList<Device>> ListAsync(DeviceFilter filter, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<Device>>([.. _devices.Values.Where(d => filter.Site is null || d.Site == filter.Site)]);
    public Presence PresenceOf(in DeviceKey key) => new(_online.Contains(key) ? DeviceStatus.Online : DeviceStatus.Offline, null, null);
    public void SetOnline(in DeviceKey key, bool online, string? agentVersion, DateTimeOffset at) => _ = online ? _online.Add(key) : _online.Remove(key);
    public Task<Site?> FindSiteAsync(string tenant, string site, CancellationToken ct) => Task.FromResult(_sites.GetValueOrDefault(site));
    public Task<IReadOnlyList<Site>> ListSitesAsync(string tenant, CancellationToken ct) => Task.FromResult<IReadOnlyList<Site>>([.. _sites.Values]);
    public Task<Site> EnsureSiteAsync(string tenant, string site, CancellationToken ct) => Task.FromResult(_sites[site]);
    public void Seen(in DeviceKey key, DateTimeOffset at) => _online.Add(key);

    // The desk reads the registry; it never writes it.
    public Task<Outcome<Device>> AddAsync(Device device, string actor, CancellationToken ct) => throw new NotSupportedException();
    public Task<Outcome<Device>> UpdateAsync(DeviceKey key, DeviceChange change, string actor, CancellationToken ct) => throw new NotSupportedException();
    public Task<Outcome<Device>> RemoveAsync(DeviceKey key, string actor, CancellationToken ct) => throw new NotSupportedException();
    public Task<Outcome<string>> IssueTokenAsync(DeviceKey key, string actor, CancellationToken ct) => throw new NotSupportedException();
    public ValueTask<DevicePrincipal?> AuthenticateAsync(string userName, string token, CancellationToken ct) => throw new NotSupportedException();
    public int Count(string tenant) => throw new NotSupportedException();
    public ValueTask<Outcome<Device>> EnsureBehindGatewayAsync(DeviceKey key, string gateway, CancellationToken ct) => throw new NotSupportedException();
    public Task<Outcome<Site>> PutSiteAsync(Site site, string actor, CancellationToken ct) => throw new NotSupportedException();
}

/// <summary>Windows in memory; the desk only asks.</summary>
internal sealed class MemoryMaintenance : IMaintenance
{
    public event Action? Changed { add { } remove { } }

    public List<MaintenanceWindow> Windows { get; } = [];

    public MaintenanceCover? At(string tenant, string? device, string site, string type, DateTimeOffset at) =>
        Windows.Where(w => w.Tenant == tenant && w.Scope.Holds(device, site, type) && w.At(at) is not null).Select(w => new MaintenanceCover(w, w.At(at)!.Value)).FirstOrDefault();

    public IReadOnlyList<MaintenanceWindow> List(string tenant) => Windows;
    public MaintenanceWindow? Find(string tenant, string id) => Windows.Find(w => w.Id == id);
    public Task<Outcome<MaintenanceWindow>> AddAsync(string tenant, MaintenanceOrder order, string actor, CancellationToken ct) => throw new NotSupportedException();
    public Task<Outcome<MaintenanceWindow>> ChangeAsync(string tenant, string id, MaintenanceChange change, string actor, CancellationToken ct) => throw new NotSupportedException();
    public Task<Outcome<MaintenanceWindow>> EndAsync(string tenant, string id, string actor, CancellationToken ct) => throw new NotSupportedException();
    public Task<Outcome<MaintenanceWindow>> CancelAsync(string tenant, string id, string actor, CancellationToken ct) => throw new NotSupportedException();
}

internal sealed class MemoryAudit : IAudit
{
    private readonly List<AuditEntry> _entries = [];

    public Task RecordAsync(string tenant, string actor, string action, string subject, string? from, string result, string? detail, CancellationToken ct)
    {
        lock (_entries) _entries.Add(new AuditEntry(_entries.Count + 1, House.Start, tenant, actor, action, subject, from, result, detail));
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<AuditEntry>> ListAsync(string tenant, long? before, int limit, CancellationToken ct) => Task.FromResult<IReadOnlyList<AuditEntry>>([.. _entries]);
}

/// <summary>A pump with a hardware fault, a remotely fixable one and a site-wide one.</summary>
internal sealed class MemoryPacks : IPacks
{
    public static readonly TimeSpan VerifyWithin = TimeSpan.FromSeconds(120);

    public IReadOnlyList<EquipmentPack> All { get; } = [Pump()];

    public EquipmentPack? Find(string type) => All.FirstOrDefault(p => p.Type == type);

    private static EquipmentPack Pump() => new(
        "pump", "1", new("Pump", "泵"), [Number("bearingTemperature", "°C"), Number("operatorPulse", "1/min") with { Personal = true }, Number("vibration", "mm/s")], [],
        new FaultModel([],
        [
            Fault("bearing-wear", FaultClass.HW, false, Visit("mechanical", 90, "PMP-BRG-6309")),
            Fault("seal-leak", FaultClass.HW, false, Visit("mechanical", 120, "PMP-SEAL-45")),
            Fault("strainer-clogged", FaultClass.HW, false, Remote("backflush-strainer"), Visit("mechanical", 60)),
            Fault("supply-undervoltage", FaultClass.ENV, true, Visit("electrical", 60, "PMP-BRG-6309")),
        ]),
        [new Playbook("backflush-strainer", new("Back-flush", "反冲洗"), "R1", "backflush-strainer", "{}", TimeSpan.FromSeconds(60), VerifyWithin, 3, 0)],
        [Part("PMP-BRG-6309", (2, 1, 1)), Part("PMP-SEAL-45", (1, 0, 0))]);

    private static MetricDefinition Number(string name, string unit) => new(name, new(name, name), MetricType.Number, unit, null, null);

    private static FaultDefinition Fault(string code, FaultClass kind, bool siteWide, params Remedy[] remedies) =>
        new(code, new LocalizedText(code, code), kind, "2.4 Wear", "Expected wear and tear", 0.02, siteWide, new Dictionary<string, double>(), remedies);

    private static Remedy Remote(string playbook) => new(playbook, [], null, 0, new("run", "执行"));
    private static Remedy Visit(string skill, int minutes, params string[] parts) => new(null, [.. parts.Select(p => new PartNeed(p, 1))], skill, minutes, new("visit", "上门"));
    private static PartDefinition Part(string sku, (int, int, int) starter) => new(sku, new(sku, sku), 'V', 'B', 14, 86, "EUR", ["pump"], null, starter);
}
