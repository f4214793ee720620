namespace Seamless.ServiceDesk;

/// <summary>The desk's heartbeat: follows the alarms, climbs the ladders, runs the clocks. Quartz beats it when serving; simulated time beats it in a simulation.</summary>
public interface IServiceDesk
{
    /// <summary>Does everything that is due at <paramref name="now"/>. Idempotent: twice at the same instant does nothing more.</summary>
    Task AdvanceAsync(DateTimeOffset now, CancellationToken ct);
}
