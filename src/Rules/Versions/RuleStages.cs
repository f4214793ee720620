using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Seamless.Rules.Alarms;
using Seamless.Rules.Engine;
using Seamless.Rules.Packs;
using Seamless.Telemetry;

namespace Seamless.Rules.Versions;

/// <summary>A version that is being tried out.</summary>
/// <param name="Pack">The pack in force with this text in it; null when the two no longer go together.</param>
internal sealed record StagedVersion(
    long Number, int Run, string Type, string Name, string Version, string Yaml, RuleVersionState Stage, CanaryChoice? Canary, EquipmentPack? Pack)
{
    public static StagedVersion Of(RuleVersionRow row) => new(row.Number, row.Run, row.Type, row.Name, row.Version, row.Yaml, row.State, row.Canary, null);

    public bool Judges(in DeviceKey device) => Stage is RuleVersionState.Canary && Canary!.Includes(device);
}

/// <summary>Which pack judges a device: that in force, or that of a version in its canary stage. And, for the comparison, the other one.</summary>
internal sealed class RuleStages : IDisposable
{
    private readonly PackDirectory _packs;
    private readonly IDbContextFactory<RulesContext> _contexts;
    private readonly Lock _lock = new();
    private volatile ImmutableDictionary<string, StagedVersion> _staged = ImmutableDictionary<string, StagedVersion>.Empty;
    private bool _loaded;

    public RuleStages(PackDirectory packs, IDbContextFactory<RulesContext> contexts)
    {
        (_packs, _contexts) = (packs, contexts);
        packs.Changed += Renew;
    }

    /// <summary>Which pack judges a type's devices may have changed; the argument is the type.</summary>
    public event Action<string>? Changed;

    public IEnumerable<StagedVersion> All => _staged.Values;

    public StagedVersion? Of(string type) => _staged.GetValueOrDefault(type);

    /// <summary>Reads what was being tried out when the platform stopped. Safe to call again.</summary>
    public async Task LoadAsync(CancellationToken ct)
    {
        if (_loaded) return;
        await using var context = await _contexts.CreateDbContextAsync(ct);
        var rows = await context.RuleVersions.AsNoTracking().Where(v => v.State == RuleVersionState.Shadow || v.State == RuleVersionState.Canary).ToListAsync(ct);
        lock (_lock)
        {
            if (_loaded) return;
            // What a crash left between the file and the table is in force already.
            foreach (var row in rows.Where(row => !_packs.RuleFiles.Any(f => f.Type == row.Type && f.Name == row.Name && f.Version == row.Version))) _staged = _staged.SetItem(row.Type, WithPack(StagedVersion.Of(row)));
            _loaded = true;
        }
    }

    public StagedVersion Put(StagedVersion version)
    {
        version = WithPack(version);
        lock (_lock) _staged = _staged.SetItem(version.Type, version);
        Changed?.Invoke(version.Type);
        return version;
    }

    public void End(string type)
    {
        lock (_lock) _staged = _staged.Remove(type);
        Changed?.Invoke(type);
    }

    /// <summary>The pack that judges the device for people to see; null when there is none.</summary>
    public EquipmentPack? Judging(DeviceKey device, string type)
    {
        if (_packs.Find(type) is not { } inForce) return type == Judgement.Generic ? null : Judging(device, Judgement.Generic);
        return Of(type) is { Pack: { } candidate } staged && staged.Judges(device) ? candidate : inForce;
    }

    /// <summary>The pack that judges the device beside that, unseen; null when nothing is tried out on its type.</summary>
    public EquipmentPack? Beside(DeviceKey device, string type)
    {
        if (_packs.Find(type) is not { } inForce) return type == Judgement.Generic ? null : Beside(device, Judgement.Generic);
        if (Of(type) is not { Pack: { } candidate } staged) return null;
        return staged.Judges(device) ? inForce : candidate;
    }

    private void Renew(string type)
    {
        lock (_lock)
        {
            if (!_staged.TryGetValue(type, out var staged)) return;
            _staged = _staged.SetItem(type, WithPack(staged));
        }
        Changed?.Invoke(type);
    }

    private StagedVersion WithPack(StagedVersion version)
    {
        var files = _packs.Try(version.Type, version.Name, version.Yaml, out var problems);
        return version with { Pack = problems.Count == 0 ? files?.Pack : null };
    }

    public void Dispose() => _packs.Changed -= Renew;
}
