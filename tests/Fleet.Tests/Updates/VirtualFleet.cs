using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Seamless.Fleet.Database;
using Seamless.Fleet.Registry;
using Seamless.Fleet.Updates;
using Seamless.Telemetry;
using Seamless.Telemetry.Commands;
using Seamless.Telemetry.Updates;

namespace Seamless.Fleet.Tests.Updates;

/// <summary>A platform with its release role, and devices that take what they are offered as agents do. Half of them are away at any time of the day.</summary>
internal sealed class VirtualFleet : IAsyncDisposable, IFieldFigures, IUpdateGate
{
    private readonly Dictionary<DeviceKey, List<UpdateOffer>> _waiting = [];
    private readonly HashSet<string> _answered = [];
    private readonly ECDsa _release = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private VirtualFleet() { }

    public FleetHouse House { get; private set; } = null!;
    public IUpdates Updates => House.Updates;
    public string? Closed { get; set; }

    /// <summary>Part of the devices on which the new version does not start.</summary>
    public double FailingShare { get; init; }

    /// <summary>By how much the new version raises the rate of alarms.</summary>
    public double AlarmFactor { get; init; } = 1;

    /// <summary>Devices that run the new version, and since when.</summary>
    public Dictionary<DeviceKey, DateTimeOffset> Updated { get; } = [];

    /// <summary>Devices on which the new version was ever started.</summary>
    public HashSet<DeviceKey> Touched { get; } = [];

    /// <summary>The most devices of one site, and of one redundancy group, that were under way at one time.</summary>
    public HashSet<string> Offered { get; } = [];
    public bool AlwaysOnline { get; init; }

    /// <param name="shape">Site, redundancy group and tags of device i.</param>
    public static async Task<VirtualFleet> OpenAsync(
        int devices, double failingShare = 0, double alarmFactor = 1, bool alwaysOnline = false, Func<int, Device, Device>? shape = null)
    {
        var fleet = new VirtualFleet { FailingShare = failingShare, AlarmFactor = alarmFactor, AlwaysOnline = alwaysOnline };
        fleet.House = await FleetHouse.OpenAsync(neighbours: services => services.AddSingleton<IFieldFigures>(fleet).AddSingleton<IUpdateGate>(fleet));
        await using (var database = await fleet.House.Databases.CreateDbContextAsync(FleetHouse.Ct))
        {
            for (var i = 0; i < devices; i++)
            {
                var device = Some.Device($"p-{i:0000}", "pump", $"s{i % 40}");
                database.Devices.Add((shape?.Invoke(i, device) ?? device).ToRow());
            }
            await database.SaveChangesAsync(FleetHouse.Ct);
        }
        await fleet.House.Registry.LoadAsync(FleetHouse.Ct);
        for (var i = 0; i < devices; i++) fleet.House.Registry.SetOnline(Some.Key($"p-{i:0000}"), true, i % 3 == 0 ? "1.1.0" : "1.0.0", fleet.Now);
        await fleet.TrustAsync();
        return fleet;
    }

    public DateTimeOffset Now => House.Time.GetUtcNow();

    public SignedDocument Sign(byte[] payload, long counter = 2, string version = "2.0.0", ECDsa? by = null) => UpdateDocuments.Sign(
        ReleaseManifest.Type,
        new ReleaseManifest("seamless-agent", version, counter, ["pump"], payload.Length, Convert.ToHexStringLower(SHA256.HashData(payload)), payload.Length, "run", Now.AddDays(365)),
        UpdateJson.Default.ReleaseManifest, by ?? _release);

    public async Task<Artefact> PublishAsync(long counter = 2, string version = "2.0.0")
    {
        var payload = Encoding.UTF8.GetBytes($"payload {version}");
        var published = await Updates.PublishAsync("default", Sign(payload, counter, version), new MemoryStream(payload), "test", FleetHouse.Ct);
        Assert.True(published.Succeeded, published.Refusal?.Reason);
        return published.Value;
    }

    public async Task<Campaign> StartAsync(CampaignRules? rules = null, string name = "two", TargetFilter? target = null, Artefact? artefact = null, DailyWindow? window = null)
    {
        artefact ??= await PublishAsync();
        var draft = await Updates.CreateAsync("default", new CampaignDefinition(name, artefact.Id, target ?? new TargetFilter(), rules ?? CampaignRules.Default, window), "test", FleetHouse.Ct);
        Assert.True(draft.Succeeded, draft.Refusal?.Reason);
        var started = await Updates.StartAsync("default", draft.Value.Id, "test", FleetHouse.Ct);
        Assert.True(started.Succeeded, started.Refusal?.Reason);
        return started.Value;
    }

    /// <summary>Lets time pass in steps until the campaign is no longer running, or so long.</summary>
    public async Task<Campaign> PassAsync(string campaign, TimeSpan most, TimeSpan step, Func<Campaign, bool>? until = null)
    {
        for (var end = Now + most; Now < end;)
        {
            await StepAsync(step);
            var now = (await Updates.FindAsync("default", campaign, FleetHouse.Ct))!;
            if (now.State is not CampaignState.Running || until?.Invoke(now) == true) return now;
        }
        return (await Updates.FindAsync("default", campaign, FleetHouse.Ct))!;
    }

    public async Task StepAsync(TimeSpan step)
    {
        await Updates.AdvanceAsync(Now, FleetHouse.Ct);
        House.Time.Advance(step);
        while (House.Transport.Sent.TryDequeue(out var message)) Receive(message);
        foreach (var (device, offers) in _waiting.Where(w => w.Value.Count > 0 && (AlwaysOnline || IsOnline(w.Key))).ToList())
        {
            foreach (var offer in offers) await InstallAsync(device, offer);
            offers.Clear();
        }
    }

    public Task<string?> WhyClosedAsync(string tenant, CancellationToken ct) => Task.FromResult(Closed);

    /// <summary>Alarms at random, one in fifty hours, of the same seed always the same.</summary>
    public Task<IReadOnlyList<IReadOnlyDictionary<string, int>>> CountAsync(IReadOnlyList<Observation> observations, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<IReadOnlyDictionary<string, int>>>([.. observations.Select(o => new Dictionary<string, int> { ["alarms"] = Poisson(o, 0.02 * o.Hours * (Updated.ContainsKey(o.Device) ? AlarmFactor : 1)) })]);

    public async ValueTask DisposeAsync()
    {
        _release.Dispose();
        await House.DisposeAsync();
    }

    private async Task TrustAsync()
    {
        var keys = new TrustedKeys(1, [_release.ExportSubjectPublicKeyInfo()], [Updates.DirectorKey]);
        var trusted = await Updates.TrustAsync("default", UpdateDocuments.Sign(TrustedKeys.Type, keys, UpdateJson.Default.TrustedKeys, _release), "test", FleetHouse.Ct);
        Assert.True(trusted.Succeeded, trusted.Refusal?.Reason);
    }

    private void Receive(CommandMessage message)
    {
        if (message.Name is not UpdateOffer.Command || !_answered.Add(message.Id)) return;
        var offer = JsonSerializer.Deserialize(message.ArgsJson, UpdateJson.Default.UpdateOffer)!;
        var assignment = UpdateDocuments.Read(offer.Assignment, UpdateAssignment.Type, UpdateJson.Default.UpdateAssignment).Value!;
        var device = Some.Key(assignment.Device);
        if (!_waiting.TryGetValue(device, out var offers)) _waiting[device] = offers = [];
        offers.Add(offer);
        Offered.Add(assignment.Device);
    }

    private async Task InstallAsync(DeviceKey device, UpdateOffer offer)
    {
        var assignment = UpdateDocuments.Read(offer.Assignment, UpdateAssignment.Type, UpdateJson.Default.UpdateAssignment).Value!;
        var release = UpdateDocuments.Read(offer.Release, ReleaseManifest.Type, UpdateJson.Default.ReleaseManifest).Value!;
        var phase = Chance("fails", device) < FailingShare ? UpdatePhase.RolledBack : UpdatePhase.Committed;
        Touched.Add(device);
        if (phase is UpdatePhase.Committed)
        {
            Updated[device] = Now;
            House.Registry.SetOnline(device, true, release.Version, Now);
        }
        await ReportAsync(device, new UpdateReport(release.Version, release.ReleaseCounter, phase, offer.Release.Hash, assignment.Counter, 100, null, null, 1));
    }

    public Task ReportAsync(DeviceKey device, UpdateReport report) => House.Shadows.ReportAsync(
        device, Now.ToUnixTimeMilliseconds(), JsonSerializer.Serialize(new ReportedState(report), UpdateJson.Default.ReportedState), FleetHouse.Ct);

    private bool IsOnline(DeviceKey device) => ((Now.Hour / 24.0) + Chance("shift", device)) % 1 < 0.5;

    private static double Chance(string what, DeviceKey device) => Convert.ToUInt32(StableHash.Id("x", what, device.Device)[2..10], 16) / (double)uint.MaxValue;

    private static int Poisson(Observation o, double mean)
    {
        var (random, product, limit, count) = (new Random((int)(StableHash.Of(o.Device) % int.MaxValue)), 1.0, Math.Exp(-mean), 0);
        while ((product *= random.NextDouble()) > limit) count++;
        return count;
    }
}
