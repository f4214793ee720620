using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Seamless.ServiceDesk.Database;

namespace Seamless.ServiceDesk.Parts.Planning;

/// <summary>The stock plan of every tenant that has depots: at night by the scheduler, or by whoever drives the time.</summary>
public interface INightlyPlan
{
    /// <summary>Time of the day, UTC: before the day's demand, after the night's retention.</summary>
    static readonly TimeOnly At = new(3, 43);

    /// <summary>Does nothing when the options say so.</summary>
    Task RunAsync(CancellationToken ct);
}

internal sealed class NightlyPlan(IStockPlans plans, Workbench workbench, IOptions<ServiceDeskOptions> options, ILogger<NightlyPlan> logger) : INightlyPlan
{
    public async Task RunAsync(CancellationToken ct)
    {
        if (!options.Value.PlanStockNightly) return;
        foreach (var tenant in await workbench.ReadAsync(db => db.Depots.Select(d => d.Tenant).Distinct().OrderBy(t => t).ToListAsync(ct), ct))
        {
            var plan = await plans.ComputeAsync(tenant, null, DeskWork.Desk, ct);
            if (plan.Succeeded) logger.LogInformation("stock of {Tenant}: {Levels} levels planned, {Changed} changed", tenant, plan.Value.Levels.Count, plan.Value.Levels.Count(l => l.Level != l.Before));
            else logger.LogWarning("stock of {Tenant} was not planned: {Reason}", tenant, plan.Refusal.Reason);
        }
    }
}
