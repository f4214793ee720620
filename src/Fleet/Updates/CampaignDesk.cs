using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Audit;
using Seamless.Fleet.Database;
using Seamless.Fleet.Registry;
using Seamless.Telemetry;
using Seamless.Telemetry.Updates;

namespace Seamless.Fleet.Updates;

internal sealed class CampaignDesk(
    IDbContextFactory<FleetDatabase> databases, IDeviceRegistry devices, KeyRing keys, Artefacts artefacts, Controls controls, CampaignBeat beat, IAudit audit, TimeProvider time) : IUpdates
{
    public byte[] DirectorKey => keys.Director.ExportSubjectPublicKeyInfo();

    public SignedDocument? TrustedKeysOf(string tenant) => keys.Newest(tenant);

    public async Task<Outcome<TrustedKeys>> TrustAsync(string tenant, SignedDocument document, string actor, CancellationToken ct)
    {
        var taken = keys.Take(tenant, document);
        await NoteAsync(tenant, actor, "update.trust", "update:keys", taken, taken.Value is { } now ? $"version {now.Version}" : null, ct);
        return taken;
    }

    public async Task<Outcome<Artefact>> PublishAsync(string tenant, SignedDocument release, Stream payload, string actor, CancellationToken ct)
    {
        var added = await artefacts.AddAsync(tenant, release, payload, actor, ct);
        await NoteAsync(tenant, actor, "update.publish", $"artefact:{release.Hash}", added, added.Value is { } artefact ? $"{artefact.Manifest.Name} {artefact.Manifest.Version}" : null, ct);
        return added;
    }

    public Task<IReadOnlyList<Artefact>> ListArtefactsAsync(string tenant, CancellationToken ct) => artefacts.ListAsync(tenant, ct);

    public async Task<string?> FindPayloadAsync(DeviceKey device, string artefact, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var offered = await (
            from row in database.DeviceUpdates
            join campaign in database.Campaigns on new { row.Tenant, Id = row.Campaign } equals new { campaign.Tenant, campaign.Id }
            where row.Tenant == device.Tenant && row.Device == device.Device && row.State == DeviceUpdateState.Offered && campaign.Artefact == artefact && campaign.State != CampaignState.Aborted
            select row).AnyAsync(ct);
        return offered && await artefacts.FindAsync(device.Tenant, artefact, ct) is { } found ? artefacts.FileOf(found) : null;
    }

    public async Task<string?> FileOfAsync(string tenant, string artefact, CancellationToken ct) => await artefacts.FindAsync(tenant, artefact, ct) is { } found ? artefacts.FileOf(found) : null;

    public async Task<Outcome<Campaign>> CreateAsync(string tenant, CampaignDefinition definition, string actor, CancellationToken ct)
    {
        var created = await DraftAsync(tenant, definition, actor, ct);
        await NoteAsync(tenant, actor, "update.campaign.create", $"campaign:{created.Value?.Id ?? definition.Name}", created, definition.Name, ct);
        return created;
    }

    public async Task<Campaign?> FindAsync(string tenant, string id, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        if (await database.Campaigns.AsNoTracking().FirstOrDefaultAsync(c => c.Tenant == tenant && c.Id == id, ct) is not { } row) return null;
        if (row.SoakUntil is not null) row.ComparisonsJson = JsonSerializer.Serialize(await controls.CompareAsync(database, row, time.GetUtcNow(), ct));   // so far
        return await ViewAsync(database, row, ct);
    }

    public async Task<IReadOnlyList<Campaign>> ListAsync(string tenant, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var campaigns = new List<Campaign>();
        foreach (var row in await database.Campaigns.AsNoTracking().Where(c => c.Tenant == tenant).OrderByDescending(c => c.CreatedAt).ThenBy(c => c.Id).Take(200).ToListAsync(ct))
            campaigns.Add(await ViewAsync(database, row, ct));
        return campaigns;
    }

    public async Task<IReadOnlyList<DeviceUpdate>> ListDevicesAsync(string tenant, string campaign, string? after, int limit, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var rows = database.DeviceUpdates.AsNoTracking().Where(d => d.Tenant == tenant && d.Campaign == campaign);
        if (after is not null) rows = rows.Where(d => d.Device.CompareTo(after) > 0);
        return [.. (await rows.OrderBy(d => d.Device).Take(limit).ToListAsync(ct)).Select(row => row.ToUpdate())];
    }

    public Task<Outcome<Campaign>> StartAsync(string tenant, string id, string actor, CancellationToken ct) => ChangeAsync(tenant, id, "start", actor, async (database, row) =>
    {
        if (row.State is not CampaignState.Draft) return Refusal.Conflict($"the campaign is {row.State}; only a draft can be started");
        var targets = await TargetsAsync(tenant, row.Definition(), ct);
        if (!targets.Succeeded) return targets.Refusal;
        var (planned, names) = WavePlan.Of(targets.Value, VersionOf, row.Definition().Rules, row.Id);
        foreach (var (device, wave) in planned)
            database.DeviceUpdates.Add(new DeviceUpdateRow { Tenant = tenant, Campaign = id, Device = device.Id, Wave = wave, FromVersion = VersionOf(device) });
        row.WaveNamesJson = JsonSerializer.Serialize(names);
        row.State = CampaignState.Running;
        return null;
    }, ct);

    public Task<Outcome<Campaign>> PauseAsync(string tenant, string id, string actor, CancellationToken ct) => ChangeAsync(tenant, id, "pause", actor, (_, row) =>
    {
        if (row.State is not CampaignState.Running) return Task.FromResult<Refusal?>(Refusal.Conflict($"the campaign is {row.State}; only a running one can be paused"));
        (row.State, row.Waiting, row.Judged) = (CampaignState.Paused, $"paused by {actor}", false);
        return Task.FromResult<Refusal?>(null);
    }, ct);

    public Task<Outcome<Campaign>> ResumeAsync(string tenant, string id, string actor, CancellationToken ct) => ChangeAsync(tenant, id, "resume", actor, (_, row) =>
    {
        if (row.State is not CampaignState.Paused)
            return Task.FromResult<Refusal?>(Refusal.Conflict(row.State is CampaignState.Aborted ? "an aborted campaign is over for good; start a new one with a new release" : $"the campaign is {row.State}; only a paused one can be resumed"));
        if (row.Judged) row.LetPass = row.Wave;
        (row.State, row.Waiting, row.Judged) = (CampaignState.Running, null, false);
        return Task.FromResult<Refusal?>(null);
    }, ct);

    public Task<Outcome<Campaign>> AbortAsync(string tenant, string id, string actor, CancellationToken ct) => ChangeAsync(tenant, id, "abort", actor, async (database, row) =>
    {
        if (row.State is CampaignState.Completed or CampaignState.Aborted) return Refusal.Conflict($"the campaign is {row.State} already");
        await CampaignBeat.AbortAsync(database, row, $"aborted by {actor}", time.GetUtcNow(), ct);
        return null;
    }, ct);

    public async Task<IReadOnlyList<VersionCount>> ListVersionsAsync(string tenant, CancellationToken ct) =>
    [
        .. (await devices.EveryAsync(tenant, ct)).GroupBy(device => (device.Type, Version: VersionOf(device)))
            .Select(group => new VersionCount(group.Key.Type, group.Key.Version, group.Count()))
            .OrderBy(count => count.Type, StringComparer.Ordinal).ThenByDescending(count => count.Devices).ThenBy(count => count.Version, StringComparer.Ordinal),
    ];

    public Task AdvanceAsync(DateTimeOffset now, CancellationToken ct) => beat.AdvanceAsync(now, ct);

    private async Task<Outcome<Campaign>> DraftAsync(string tenant, CampaignDefinition definition, string actor, CancellationToken ct)
    {
        if (definition.Name is not { Length: > 0 and <= 100 }) return Refusal.Invalid("name must have 1 to 100 characters");
        if (definition.Rules.WhatIsWrong() is { } wrong) return Refusal.Invalid(wrong);
        if (await artefacts.FindAsync(tenant, definition.Artefact, ct) is null) return Refusal.NotFound($"there is no artefact {definition.Artefact}");
        if (definition.Target.Tag is { } tag && !tag.Contains('=', StringComparison.Ordinal)) return Refusal.Invalid($"target.tag '{tag}' is not name=value");
        var targets = await TargetsAsync(tenant, definition, ct);
        if (!targets.Succeeded) return targets.Refusal;
        var row = new CampaignRow
        {
            Tenant = tenant, Id = StableHash.Id("uc", tenant, definition.Name), Name = definition.Name, Artefact = definition.Artefact, WaveNamesJson = "[]",
            DefinitionJson = JsonSerializer.Serialize(definition, JsonSerializerOptions.Web), CreatedAt = time.GetUtcNow(), CreatedBy = actor,
        };
        await using var database = await databases.CreateDbContextAsync(ct);
        if (await database.Campaigns.AsNoTracking().FirstOrDefaultAsync(c => c.Tenant == tenant && c.Id == row.Id, ct) is { } earlier)
            return earlier.DefinitionJson == row.DefinitionJson ? await ViewAsync(database, earlier, ct) : Refusal.Conflict($"there is a campaign '{definition.Name}' already, with other contents");
        database.Campaigns.Add(row);
        await database.SaveChangesAsync(ct);
        return await ViewAsync(database, row, ct);
    }

    private async Task<Outcome<List<Device>>> TargetsAsync(string tenant, CampaignDefinition definition, CancellationToken ct)
    {
        var release = (await artefacts.FindAsync(tenant, definition.Artefact, ct))!.Manifest;   // checked when the draft was made
        var fit = (await devices.EveryAsync(tenant, ct)).Where(device => Fits(device, definition.Target)).ToList();
        if (fit.Count == 0) return Refusal.Invalid("no device is meant: the target fits none");
        var targets = fit.Where(device => release.HwIds.Contains(HardwareOf(device)) && VersionOf(device) != release.Version).ToList();
        return targets.Count > 0 ? targets : Refusal.Invalid($"none of the {fit.Count} devices needs it: their hardware is none of {string.Join(", ", release.HwIds)}, or {release.Version} runs there already");
    }

    private bool Fits(Device device, TargetFilter target) =>
        (target.Type is null || device.Type == target.Type) && (target.Site is null || device.Site == target.Site)
        && (target.Version is null || VersionOf(device) == target.Version)
        && (target.Tag is null || (target.Tag.Split('=', 2) is [var name, var value] && device.Tags.GetValueOrDefault(name) == value));

    private string? VersionOf(Device device) => devices.PresenceOf(device.Key).AgentVersion;

    private static string HardwareOf(Device device) => device.Tags.GetValueOrDefault("hardware") ?? device.Type;

    /// <summary>Changes the campaign unless it was changed since it was read; then reads again.</summary>
    private async Task<Outcome<Campaign>> ChangeAsync(string tenant, string id, string what, string actor, Func<FleetDatabase, CampaignRow, Task<Refusal?>> change, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            await using var database = await databases.CreateDbContextAsync(ct);
            Outcome<Campaign> outcome;
            if (await database.Campaigns.FirstOrDefaultAsync(c => c.Tenant == tenant && c.Id == id, ct) is not { } row) outcome = Refusal.NotFound($"there is no campaign {id}");
            else if (await change(database, row) is { } refused) outcome = refused;
            else
            {
                row.Version++;
                try
                {
                    await database.SaveChangesAsync(ct);
                }
                catch (DbUpdateConcurrencyException) when (attempt < 5)
                {
                    continue;
                }
                beat.Changed();
                outcome = await ViewAsync(database, row, ct);
            }
            await NoteAsync(tenant, actor, $"update.campaign.{what}", $"campaign:{id}", outcome, null, ct);
            return outcome;
        }
    }

    private static async Task<Campaign> ViewAsync(FleetDatabase database, CampaignRow row, CancellationToken ct) => new(
        row.Tenant, row.Id, row.Definition(), row.State, row.Wave, row.SoakUntil, row.Waiting, await CampaignBeat.WavesAsync(database, row, ct),
        JsonSerializer.Deserialize<List<FieldComparison>>(row.ComparisonsJson) ?? [], row.CreatedAt, row.CreatedBy, row.EndedAt);

    private Task NoteAsync<T>(string tenant, string actor, string action, string subject, Outcome<T> outcome, string? detail, CancellationToken ct) =>
        audit.RecordAsync(tenant, actor, action, subject, null, outcome.Succeeded ? "ok" : outcome.Refusal.Code, outcome.Succeeded ? detail : outcome.Refusal.Reason, ct);
}
