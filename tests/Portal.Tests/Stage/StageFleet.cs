using Seamless.Fleet.Commands;
using Seamless.Fleet.Registry;
using Seamless.Fleet.Shadows;
using Seamless.Telemetry;
using Seamless.Telemetry.Commands;

namespace Seamless.Portal.Tests.Stage;

/// <summary>Sixty machines on six sites; one of them was never seen and one is silent.</summary>
internal sealed class StageFleet(TimeProvider clock) : IDeviceRegistry
{
    private static readonly (string Id, string Name, double Lat, double Lon, string Zone, string Customer)[] Places =
    [
        ("tianjin", "Tianjin plant 2", 39.1, 117.2, "Asia/Shanghai", "Bohai Water"), ("shanghai", "Shanghai data hall", 31.2, 121.5, "Asia/Shanghai", "Pearl Cloud"),
        ("nuremberg", "Nuremberg works", 49.45, 11.08, "Europe/Berlin", "Franken Chemie"), ("rotterdam", "Rotterdam terminal", 51.95, 4.14, "Europe/Amsterdam", "Delta Tank"),
        ("houston", "Houston refinery", 29.7, -95.1, "America/Chicago", "Gulf Refining"), ("lhasa", "Lhasa hotel", 29.65, 91.1, "Asia/Shanghai", "Snow Lotus Hotels"),
    ];
    private readonly List<Site> _sites = [.. Places.Select(p => new Site("default", p.Id, p.Name, new GeoPoint(p.Lat, p.Lon), p.Zone, p.Customer))];
    private readonly List<Device> _devices = [.. Enumerable.Range(1, 60).Select(i => Make(i, clock.GetUtcNow()))];

    public IReadOnlyList<Device> Devices => _devices;

    private static Device Make(int i, DateTimeOffset now)
    {
        var type = (i % 3) switch { 0 => "tv", 1 => "pump", _ => "server" };
        var place = Places[type switch { "tv" => 5, "server" => i % 2 == 0 ? 1 : 4, _ => new[] { 0, 2, 3, 4 }[i % 4] }];
        return new Device(
            new DeviceKey("default", $"{type}-{i:000}"), type, place.Id, place.Customer, $"SN-{70000 + i}", null,
            new Dictionary<string, string> { ["building"] = $"B{i % 5}", ["line"] = $"{i % 9}" }, i % 4 == 0 ? "premium" : "standard", null, null, now.AddDays(-200), 1);
    }

    public Presence PresenceOf(in DeviceKey key)
    {
        var id = key.Device;
        if (id == "tv-060") return new Presence(DeviceStatus.NeverSeen, null, null);
        return id == "server-047"
            ? new Presence(DeviceStatus.Offline, clock.GetUtcNow().AddMinutes(-47), "1.4.0")
            : new Presence(DeviceStatus.Online, clock.GetUtcNow().AddSeconds(-(id[^1] % 4)), "1.4.0");
    }

    public ValueTask<Device?> FindAsync(DeviceKey key, CancellationToken ct) => ValueTask.FromResult(_devices.Find(d => d.Key == key));
    public Device? FindCached(in DeviceKey key) { var wanted = key; return _devices.Find(d => d.Key == wanted); }
    public Task<IReadOnlyList<Device>> ListAsync(DeviceFilter filter, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<Device>>([.. _devices.OrderBy(d => d.Id, StringComparer.Ordinal).Where(d => d.Key.Tenant == filter.Tenant && (filter.After is null || string.CompareOrdinal(d.Id, filter.After) > 0)).Take(filter.Limit)]);
    public Task<Site?> FindSiteAsync(string tenant, string site, CancellationToken ct) => Task.FromResult(_sites.Find(s => s.Tenant == tenant && s.Id == site));
    public Task<IReadOnlyList<Site>> ListSitesAsync(string tenant, CancellationToken ct) => Task.FromResult<IReadOnlyList<Site>>([.. _sites.Where(s => s.Tenant == tenant)]);

    public event Action<DeviceKey>? Changed { add { } remove { } }
    public event Action<DeviceKey>? CredentialsRevoked { add { } remove { } }
    public Task<Outcome<Device>> AddAsync(Device device, string actor, CancellationToken ct) => throw new NotSupportedException();
    public Task<Outcome<Device>> UpdateAsync(DeviceKey key, DeviceChange change, string actor, CancellationToken ct) => throw new NotSupportedException();
    public Task<Outcome<Device>> RemoveAsync(DeviceKey key, string actor, CancellationToken ct) => throw new NotSupportedException();
    public Task<Outcome<string>> IssueTokenAsync(DeviceKey key, string actor, CancellationToken ct) => throw new NotSupportedException();
    public ValueTask<DevicePrincipal?> AuthenticateAsync(string userName, string token, CancellationToken ct) => throw new NotSupportedException();
    public int Count(string tenant) => throw new NotSupportedException();
    public ValueTask<Outcome<Device>> EnsureBehindGatewayAsync(DeviceKey key, string gateway, CancellationToken ct) => throw new NotSupportedException();
    public Task<Site> EnsureSiteAsync(string tenant, string site, CancellationToken ct) => throw new NotSupportedException();
    public Task<Outcome<Site>> PutSiteAsync(Site site, string actor, CancellationToken ct) => throw new NotSupportedException();
    public void Seen(in DeviceKey key, DateTimeOffset at) { }
    public void SetOnline(in DeviceKey key, bool online, string? agentVersion, DateTimeOffset at) { }
}

internal sealed class StageCommands(TimeProvider clock) : ICommands
{
    private readonly List<Command> _commands = [];

    public event Action<Command>? Changed;

    public Task<Outcome<Command>> SendAsync(CommandRequest request, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var command = _commands.Find(c => c.IdempotencyKey == request.IdempotencyKey) ?? new Command(
            StableHash.Id("cmd", request.IdempotencyKey), request.Device, request.Name, request.ArgsJson, request.RiskClass, request.IdempotencyKey, request.Actor,
            CommandState.Sent, 0, null, null, now, now + request.ExpiresAfter, now, null);
        if (!_commands.Contains(command)) _commands.Insert(0, command);
        Changed?.Invoke(command);
        return Task.FromResult<Outcome<Command>>(command);
    }

    public Task<Command?> FindAsync(DeviceKey device, string id, CancellationToken ct) => Task.FromResult(_commands.Find(c => c.Id == id));
    public Task<IReadOnlyList<Command>> ListAsync(DeviceKey device, int limit, CancellationToken ct) => Task.FromResult<IReadOnlyList<Command>>([.. _commands.Where(c => c.Device == device).Take(limit)]);
    public Task<Outcome<Command>> ReportAsync(DeviceKey device, CommandResult result, CancellationToken ct) => throw new NotSupportedException();
    public Task ResendAsync(DeviceKey device, CancellationToken ct) => Task.CompletedTask;
    public Task RecallAsync(DeviceKey device, string id, string why, CancellationToken ct) => Task.CompletedTask;
    public Task AdvanceAsync(DateTimeOffset now, CancellationToken ct) => Task.CompletedTask;
}

internal sealed class StageShadows(TimeProvider clock) : IShadows
{
    public Task<Shadow> GetAsync(DeviceKey device, CancellationToken ct) => Task.FromResult(
        new Shadow(device, 2, """{"interval":"1s"}""", clock.GetUtcNow().AddDays(-1), 5, """{"interval":"1s","agent":"1.4.0"}""", clock.GetUtcNow().AddMinutes(-3)));
    public Task<Outcome<Shadow>> PutDesiredAsync(DeviceKey device, string stateJson, long? basedOn, string actor, CancellationToken ct) => throw new NotSupportedException();
    public Task<Outcome<Shadow>> ReportAsync(DeviceKey device, long version, string stateJson, CancellationToken ct) => throw new NotSupportedException();
    public Task<IReadOnlyList<Shadow>> ListDesiredAsync(CancellationToken ct) => throw new NotSupportedException();
}
