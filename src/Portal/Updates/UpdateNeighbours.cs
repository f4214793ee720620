using Seamless.Fleet.Gaps;
using Seamless.Fleet.Updates;
using Seamless.Rules.Alarms;
using Seamless.ServiceDesk.Remedies;

namespace Seamless.Portal.Updates;

/// <summary>What campaigns need from other rooms, and the beat that carries them.</summary>
internal static class UpdateNeighbours
{
    public static void AddTo(IServiceCollection services, bool beats)
    {
        services.AddSingleton<IUpdateGate, EmergencyStop>();
        services.AddSingleton<IFieldFigures, FieldAlarms>();
        if (beats) services.AddHostedService<CampaignWatch>();
    }
}

/// <summary>The service desk's switch: off, nothing is offered to any machine.</summary>
internal sealed class EmergencyStop(IAutomationSwitch automation) : IUpdateGate
{
    public async Task<string?> WhyClosedAsync(string tenant, CancellationToken ct) => await automation.IsOnAsync(ct) ? null : "the emergency stop of all automation is on";
}

/// <summary>Alarms that began, and gaps in the device's own count that opened, within the time looked at.</summary>
internal sealed class FieldAlarms(IAlarms alarms, IGapLedger gaps) : IFieldFigures
{
    /// <summary>More of one device say nothing more.</summary>
    private const int MostCounted = 200;

    public async Task<IReadOnlyList<IReadOnlyDictionary<string, int>>> CountAsync(IReadOnlyList<Observation> observations, CancellationToken ct)
    {
        var counts = new List<IReadOnlyDictionary<string, int>>(observations.Count);
        foreach (var seen in observations)
        {
            var raised = await alarms.ListAsync(new AlarmFilter(seen.Device.Tenant, seen.Device.Device, From: seen.From, To: seen.To, Limit: MostCounted), ct);
            var opened = gaps.Find(seen.Device)?.Gaps.Count(gap => gap.Since >= seen.From && gap.Since < seen.To) ?? 0;
            counts.Add(new Dictionary<string, int> { ["alarms"] = raised.Count(alarm => !alarm.IsWithdrawn), ["gaps"] = opened });
        }
        return counts;
    }
}

/// <summary>Each second: takes campaigns on.</summary>
internal sealed partial class CampaignWatch(IUpdates updates, TimeProvider time, ILogger<CampaignWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await BeatAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // the host is stopping
        }
    }

    private async Task BeatAsync(CancellationToken ct)
    {
        try
        {
            await updates.AdvanceAsync(time.GetUtcNow(), ct);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Failed(failure);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "a step of the update campaigns failed; the next beat tries again")]
    private partial void Failed(Exception failure);
}
