using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Dispatch.Technicians;

/// <summary>Who can be sent. A change that takes somebody out of dispatch plans his unpinned visits anew in the same transaction.</summary>
public interface ITechnicians
{
    Task<IReadOnlyList<Technician>> ListAsync(string tenant, CancellationToken ct);
    Task<Technician?> FindAsync(string tenant, string id, CancellationToken ct);

    /// <summary>New or changed; absences stay as they are.</summary>
    Task<Outcome<Technician>> PutAsync(string tenant, Technician technician, string actor, CancellationToken ct);

    /// <summary>Refused while he has a visit that is pinned.</summary>
    Task<Outcome<Technician>> RemoveAsync(string tenant, string id, string actor, CancellationToken ct);
    Task<Outcome<Technician>> AddAbsenceAsync(string tenant, string id, Absence absence, string actor, CancellationToken ct);

    Task<IReadOnlyList<Partner>> PartnersAsync(string tenant, CancellationToken ct);
    Task<Outcome<Partner>> PutPartnerAsync(string tenant, Partner partner, string actor, CancellationToken ct);
}
