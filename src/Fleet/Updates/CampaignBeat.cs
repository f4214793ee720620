using System.Diagnostics;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Seamless.Fleet.Audit;
using Seamless.Fleet.Database;

namespace Seamless.Fleet.Updates;

/// <summary>What a campaign does by itself as time passes: each beat is one transaction per campaign, and what follows from it (commands) is asked for again until it is done.</summary>
internal sealed partial class CampaignBeat(
    IDbContextFactory<FleetDatabase> databases, Offers offers, Controls controls, IUpdateGate gate, IAudit audit, IOptions<FleetOptions> options, ILogger<CampaignBeat> logger)
{
    private const string Actor = "campaign";

    private int _changes;
    private int _idleSince = -1;   // so many changes were known when no campaign was open
    private long _lookedAt;   // on the machine's clock: other processes live by it

    /// <summary>Somebody has made or changed a campaign: the next beat looks.</summary>
    public void Changed() => Interlocked.Increment(ref _changes);

    /// <summary>While no campaign is open the database is asked only now and then, for one that another process has made.</summary>
    public async Task AdvanceAsync(DateTimeOffset now, CancellationToken ct)
    {
        var changes = Volatile.Read(ref _changes);
        if (_idleSince == changes && Stopwatch.GetElapsedTime(_lookedAt) < options.Value.RefreshEvery / 2) return;
        _lookedAt = Stopwatch.GetTimestamp();
        List<(string Tenant, string Id)> open;
        await using (var database = await databases.CreateDbContextAsync(ct))
        {
            // Those that are over are followed until the last device they touched has come to an end.
            var rows = await database.Campaigns.AsNoTracking()
                .Where(c => c.State == CampaignState.Running || database.DeviceUpdates.Any(d => d.Tenant == c.Tenant && d.Campaign == c.Id && d.State == DeviceUpdateState.Offered))
                .OrderBy(c => c.CreatedAt).ThenBy(c => c.Id).Select(c => new { c.Tenant, c.Id }).ToListAsync(ct);
            open = [.. rows.Select(row => (row.Tenant, row.Id))];
        }
        if (open.Count == 0) _idleSince = changes;
        foreach (var (tenant, id) in open) await AdvanceAsync(tenant, id, now, ct);
    }

    public static async Task AbortAsync(FleetDatabase database, CampaignRow row, string why, DateTimeOffset now, CancellationToken ct)
    {
        (row.State, row.Waiting, row.EndedAt) = (CampaignState.Aborted, why, now);
        await foreach (var device in database.DeviceUpdates.Where(d => d.Tenant == row.Tenant && d.Campaign == row.Id && d.State == DeviceUpdateState.Pending).AsAsyncEnumerable().WithCancellation(ct))
            (device.State, device.EndedAt) = (DeviceUpdateState.Cancelled, now);
    }

    public static async Task<IReadOnlyList<Wave>> WavesAsync(FleetDatabase database, CampaignRow row, CancellationToken ct)
    {
        var counts = await database.DeviceUpdates.AsNoTracking().Where(d => d.Tenant == row.Tenant && d.Campaign == row.Id)
            .GroupBy(d => new { d.Wave, d.State }).Select(g => new { g.Key.Wave, g.Key.State, Count = g.Count() }).ToListAsync(ct);
        var names = JsonSerializer.Deserialize<List<string>>(row.WaveNamesJson) ?? [];
        return [.. names.Select((name, i) => WaveOf(i, name, state => counts.Where(c => c.Wave == i && c.State == state).Sum(c => c.Count)))];
    }

    private static Wave WaveOf(int index, string name, Func<DeviceUpdateState, int> count) => new(
        index, name, Enum.GetValues<DeviceUpdateState>().Sum(count), count(DeviceUpdateState.Pending), count(DeviceUpdateState.Offered), count(DeviceUpdateState.Succeeded),
        count(DeviceUpdateState.RolledBack) + count(DeviceUpdateState.Failed), count(DeviceUpdateState.Missed), count(DeviceUpdateState.Stopped) + count(DeviceUpdateState.Cancelled));

    private async Task AdvanceAsync(string tenant, string id, DateTimeOffset now, CancellationToken ct)
    {
        await using (var database = await databases.CreateDbContextAsync(ct))
        {
            var row = await database.Campaigns.FirstAsync(c => c.Tenant == tenant && c.Id == id, ct);
            var (state, wave) = (row.State, row.Wave);
            await DeviceReports.TakeAsync(database, row, now, ct);
            await database.SaveChangesAsync(ct);   // what devices said is true whatever we make of it
            if (row.State is CampaignState.Running) await JudgeAsync(database, row, now, ct);
            if (row.State is CampaignState.Running) await OfferAsync(database, row, now, ct);
            if (database.ChangeTracker.HasChanges()) row.Version++;
            try
            {
                await database.SaveChangesAsync(ct);
            }
            catch (DbUpdateException someone)   // a person changed it meanwhile, or another campaign has the device: the next beat decides again
            {
                LogAgain(logger, someone, id);
                return;
            }
            if (row.State != state || row.Wave != wave)
            {
                LogMoved(logger, id, row.State, row.Wave, row.Waiting ?? "");
                await audit.RecordAsync(tenant, Actor, $"update.campaign.{row.State}", $"campaign:{id}", null, "ok", row.Waiting ?? $"wave {row.Wave + 1}", ct);
            }
        }
        await offers.SendAsync(tenant, id, now, ct);
    }

    private async Task JudgeAsync(FleetDatabase database, CampaignRow row, DateTimeOffset now, CancellationToken ct)
    {
        var rules = row.Definition().Rules;
        var waves = await WavesAsync(database, row, ct);
        var wave = waves[row.Wave];
        if (row.LetPass != row.Wave && WaveVerdict.WhileRunning(wave, rules) is { Move: NextMove.Abort } abort)
        {
            await AbortAsync(database, row, abort.Why, now, ct);
            return;
        }
        if (!wave.IsDone) return;
        if (row.SoakUntil is not { } until)
        {
            row.SoakUntil = until = now + rules.Soak;
        }
        if (now < until)
        {
            row.Waiting = $"wave '{wave.Name}' is watched until {until:u}";
            return;
        }
        var comparisons = await controls.CompareAsync(database, row, now, ct);
        row.ComparisonsJson = JsonSerializer.Serialize(comparisons);
        var verdict = row.LetPass == row.Wave ? new WaveVerdict(NextMove.Promote, "") : WaveVerdict.AfterSoak(wave, comparisons, rules);
        switch (verdict.Move)
        {
            case NextMove.Abort: await AbortAsync(database, row, verdict.Why, now, ct); break;
            case NextMove.Pause: (row.State, row.Waiting, row.Judged) = (CampaignState.Paused, verdict.Why, true); break;
            default: Promote(row, waves.Count, now); break;
        }
    }

    private static void Promote(CampaignRow row, int waves, DateTimeOffset now)
    {
        (row.SoakUntil, row.Waiting) = (null, null);
        if (row.Wave + 1 < waves) row.Wave++;
        else (row.State, row.EndedAt) = (CampaignState.Completed, now);
    }

    private async Task OfferAsync(FleetDatabase database, CampaignRow row, DateTimeOffset now, CancellationToken ct)
    {
        if (row.SoakUntil is not null) return;
        if (await gate.WhyClosedAsync(row.Tenant, ct) is { } closed)
        {
            row.Waiting = closed;
            return;
        }
        row.Waiting = await offers.PrepareAsync(database, row, now, ct);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "campaign {Id}: {State}, wave {Wave} {Why}")]
    private static partial void LogMoved(ILogger logger, string id, CampaignState state, int wave, string why);

    [LoggerMessage(Level = LogLevel.Debug, Message = "campaign {Id} was changed by someone else; it is decided again")]
    private static partial void LogAgain(ILogger logger, Exception exception, string id);
}
