namespace Seamless.Fleet.Audit;

/// <summary>Who did what, when, from where, and with what result.</summary>
/// <param name="Action">Dotted, from general to special: <c>device.add</c>, <c>mqtt.publish.refused</c>, <c>alarm.acknowledge</c>.</param>
/// <param name="Subject">What it was done to: <c>device:pump-1</c>, <c>ticket:T-1042</c>.</param>
public sealed record AuditEntry(long Id, DateTimeOffset At, string Tenant, string Actor, string Action, string Subject, string? From, string Result, string? Detail);

public interface IAudit
{
    /// <summary>Never throws for a full queue: it waits.</summary>
    Task RecordAsync(string tenant, string actor, string action, string subject, string? from, string result, string? detail, CancellationToken ct);
    Task<IReadOnlyList<AuditEntry>> ListAsync(string tenant, long? before, int limit, CancellationToken ct);
}
