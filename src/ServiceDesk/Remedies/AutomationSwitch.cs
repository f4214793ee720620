using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Audit;
using Seamless.ServiceDesk.Database;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Remedies;

/// <summary>The emergency stop: off, the desk sends no command to any machine. Faults then become tickets at once.</summary>
public interface IAutomationSwitch
{
    Task<bool> IsOnAsync(CancellationToken ct);

    /// <summary>Outlives a restart. Commands already sent run to their end; nothing follows them.</summary>
    Task SetAsync(bool on, string actor, string reason, CancellationToken ct);
}

internal sealed class AutomationSwitch(Workbench workbench, IAudit audit, TimeProvider clock) : IAutomationSwitch
{
    private const string Setting = "automation";
    private const string Off = "off";

    public Task<bool> IsOnAsync(CancellationToken ct) =>
        workbench.ReadAsync(async db => await IsOnAsync(db, ct), ct);

    public static async Task<bool> IsOnAsync(DeskContext db, CancellationToken ct) =>
        !await db.Settings.AnyAsync(s => s.Name == Setting && s.Value == Off, ct);

    public async Task SetAsync(bool on, string actor, string reason, CancellationToken ct)
    {
        await workbench.CommitAsync(clock.GetUtcNow(), async work =>
        {
            var row = await work.Db.Settings.FindAsync([Setting], ct);
            if (row is null) work.Db.Settings.Add(row = new SettingRow { Name = Setting, Value = "", Actor = actor });
            (row.Value, row.Actor, row.At) = (on ? "on" : Off, actor, work.Now);
            return on;
        }, ct);
        await audit.RecordAsync(DeviceKey.DefaultTenant, actor, on ? "automation.on" : "automation.off", "desk:automation", null, "ok", reason, ct);
    }
}
