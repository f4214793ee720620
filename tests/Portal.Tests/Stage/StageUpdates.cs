using Seamless.Fleet.Updates;
using Seamless.Telemetry;
using Seamless.Telemetry.Updates;

namespace Seamless.Portal.Tests.Stage;

/// <summary>Two releases; a campaign whose canary is being watched, one that was aborted, and a draft.</summary>
internal sealed class StageUpdates(TimeProvider time) : IUpdates
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, CampaignState> _states = new() { ["uc-june"] = CampaignState.Running, ["uc-may"] = CampaignState.Aborted, ["uc-july"] = CampaignState.Draft };

    public byte[] DirectorKey => [];

    public Task<IReadOnlyList<Campaign>> ListAsync(string tenant, CancellationToken ct) => Task.FromResult<IReadOnlyList<Campaign>>([Of("uc-july"), Of("uc-june"), Of("uc-may")]);
    public Task<Campaign?> FindAsync(string tenant, string id, CancellationToken ct) => Task.FromResult(_states.ContainsKey(id) ? Of(id) : null);
    public Task<IReadOnlyList<VersionCount>> ListVersionsAsync(string tenant, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<VersionCount>>([new("pump", "1.0.0", 1812), new("pump", "1.1.0", 188), new("tv", null, 40)]);

    public Task<IReadOnlyList<Artefact>> ListArtefactsAsync(string tenant, CancellationToken ct) => Task.FromResult<IReadOnlyList<Artefact>>(
    [
        new(tenant, "a2", Manifest("1.2.0", 12, "Reads the new flow meter"), time.GetUtcNow().AddDays(-1), "li"), new(tenant, "a1", Manifest("1.1.0", 11, null), time.GetUtcNow().AddDays(-40), "li"),
    ]);

    public Task<Outcome<Campaign>> StartAsync(string tenant, string id, string actor, CancellationToken ct) => MoveAsync(id, CampaignState.Draft, CampaignState.Running);
    public Task<Outcome<Campaign>> PauseAsync(string tenant, string id, string actor, CancellationToken ct) => MoveAsync(id, CampaignState.Running, CampaignState.Paused);
    public Task<Outcome<Campaign>> ResumeAsync(string tenant, string id, string actor, CancellationToken ct) => MoveAsync(id, CampaignState.Paused, CampaignState.Running);
    public Task<Outcome<Campaign>> AbortAsync(string tenant, string id, string actor, CancellationToken ct) => MoveAsync(id, null, CampaignState.Aborted);

    public Task<Outcome<TrustedKeys>> TrustAsync(string tenant, SignedDocument document, string actor, CancellationToken ct) => throw new NotSupportedException();
    public SignedDocument? TrustedKeysOf(string tenant) => null;
    public Task<Outcome<Artefact>> PublishAsync(string tenant, SignedDocument release, Stream payload, string actor, CancellationToken ct) => throw new NotSupportedException();
    public Task<string?> FindPayloadAsync(DeviceKey device, string artefact, CancellationToken ct) => Task.FromResult<string?>(null);
    public Task<string?> FileOfAsync(string tenant, string artefact, CancellationToken ct) => Task.FromResult<string?>(null);
    public Task<Outcome<Campaign>> CreateAsync(string tenant, CampaignDefinition definition, string actor, CancellationToken ct) => throw new NotSupportedException();
    public Task<IReadOnlyList<DeviceUpdate>> ListDevicesAsync(string tenant, string campaign, string? after, int limit, CancellationToken ct) => Task.FromResult<IReadOnlyList<DeviceUpdate>>([]);
    public Task AdvanceAsync(DateTimeOffset now, CancellationToken ct) => Task.CompletedTask;

    private ReleaseManifest Manifest(string version, long counter, string? notes) => new("seamless-agent", version, counter, ["pump"], 8 << 20, new string('0', 64), 8 << 20, "seamless-agent", time.GetUtcNow().AddDays(300), null, notes);

    private Task<Outcome<Campaign>> MoveAsync(string id, CampaignState? from, CampaignState to)
    {
        lock (_gate)
        {
            if (from is not null && _states[id] != from) return Task.FromResult<Outcome<Campaign>>(Refusal.Conflict($"the campaign is {_states[id]}"));
            _states[id] = to;
        }
        return Task.FromResult<Outcome<Campaign>>(Of(id));
    }

    private Campaign Of(string id)
    {
        var (state, now) = (_states[id], time.GetUtcNow());
        var definition = new CampaignDefinition(id[3..], id == "uc-june" ? "a1" : "a2", new TargetFilter("pump"), CampaignRules.Default);
        IReadOnlyList<Wave> waves = id switch
        {
            "uc-june" => [new(0, "lab", 4, 0, 0, 4, 0, 0, 0), new(1, "canary", 10, 0, 0, 10, 0, 0, 0), new(2, "5%", 86, 86, 0, 0, 0, 0, 0), new(3, "100%", 1900, 1900, 0, 0, 0, 0, 0)],
            "uc-may" => [new(0, "canary", 10, 0, 0, 7, 3, 0, 0), new(1, "100%", 1990, 0, 0, 0, 0, 0, 1990)],
            _ => [],
        };
        IReadOnlyList<FieldComparison> comparisons = id == "uc-june" ? [new("alarms", 5, 240, 24, 1200, 0.55), new("gaps", 0, 240, 1, 1200, 1)] : id == "uc-may" ? [new("alarms", 23, 240, 26, 1200, 0.0001)] : [];
        return new Campaign("default", id, definition, state, id == "uc-june" ? 1 : 0, id == "uc-june" ? now.AddHours(9) : null, id == "uc-may" ? "3 of 10 devices of wave 'canary' failed; 10% end the campaign" : null,
            waves, comparisons, now.AddDays(-2), "li", state is CampaignState.Aborted ? now : null);
    }
}
