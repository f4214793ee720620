using Seamless.Fleet.Registry;
using Seamless.ServiceDesk.Dispatch.Technicians;
using Seamless.Telemetry;

namespace Seamless.Portal.Tests.Stage;

internal sealed class StageTechnicians : ITechnicians
{
    public Task<IReadOnlyList<Technician>> ListAsync(string tenant, CancellationToken ct) => Task.FromResult<IReadOnlyList<Technician>>(
        [new("tech-07", new GeoPoint(48.86, 2.35), new Dictionary<string, int> { ["mechanical"] = 1 }, TechnicianProfile.Plain)]);

    public Task<Technician?> FindAsync(string tenant, string id, CancellationToken ct) => throw new NotSupportedException();
    public Task<Outcome<Technician>> PutAsync(string tenant, Technician technician, string actor, CancellationToken ct) => throw new NotSupportedException();
    public Task<Outcome<Technician>> RemoveAsync(string tenant, string id, string actor, CancellationToken ct) => throw new NotSupportedException();
    public Task<Outcome<Technician>> AddAbsenceAsync(string tenant, string id, Absence absence, string actor, CancellationToken ct) => throw new NotSupportedException();
    public Task<IReadOnlyList<Partner>> PartnersAsync(string tenant, CancellationToken ct) => throw new NotSupportedException();
    public Task<Outcome<Partner>> PutPartnerAsync(string tenant, Partner partner, string actor, CancellationToken ct) => throw new NotSupportedException();
}
