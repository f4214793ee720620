using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Registry;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Mystery;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Reliability;

/// <param name="DeviceMonths">Of all machines looked at.</param>
public sealed record ReliabilityReport(DateTimeOffset From, DateTimeOffset To, string By, int Failures, double DeviceMonths, IReadOnlyList<ParetoLine> Lines)
{
    /// <summary>All machines together have run for long enough that a rate says something.</summary>
    public bool Enough => FailurePareto.IsEnough(DeviceMonths);
}

/// <param name="Type">Only machines of this type; all when null.</param>
public sealed record ReliabilityQuery(string Tenant, DateTimeOffset From, DateTimeOffset To, string? Type = null);

/// <summary>What engineering learns from the field.</summary>
public interface IReliability
{
    /// <param name="by">One of <see cref="FailurePareto.Ways"/>.</param>
    Task<ReliabilityReport> ParetoAsync(ReliabilityQuery query, string by, CancellationToken ct);

    /// <summary>Each confirmed failure, the oldest first.</summary>
    Task<IReadOnlyList<FieldFailure>> FailuresAsync(ReliabilityQuery query, CancellationToken ct);
}

internal sealed class ReliabilityBook(Workbench workbench, IDeviceRegistry registry) : IReliability
{
    private const double DaysInMonth = 30.4375;
    private const int PageLength = 1000;

    public async Task<ReliabilityReport> ParetoAsync(ReliabilityQuery query, string by, CancellationToken ct)
    {
        var devices = await DevicesAsync(query, ct);
        var failures = await FailuresAsync(query, devices, ct);
        var exposures = devices.Values.Select(d => new Exposure(d.Id, d.Type, d.Tags.GetValueOrDefault("firmware"), d.Tags.GetValueOrDefault("batch"), MonthsOf(d, query))).ToList();
        return new ReliabilityReport(query.From, query.To, by, failures.Count, exposures.Sum(e => e.Months), FailurePareto.Of(failures, exposures, by));
    }

    public async Task<IReadOnlyList<FieldFailure>> FailuresAsync(ReliabilityQuery query, CancellationToken ct) => await FailuresAsync(query, await DevicesAsync(query, ct), ct);

    private async Task<IReadOnlyList<FieldFailure>> FailuresAsync(ReliabilityQuery query, Dictionary<string, Device> devices, CancellationToken ct)
    {
        var closed = await workbench.ReadAsync(db => db.Tickets
            .Where(t => t.Tenant == query.Tenant && t.Status == TicketStatus.Closed && t.Device != null && t.OnsetAt >= query.From && t.OnsetAt < query.To).OrderBy(t => t.OnsetAt).ThenBy(t => t.Sequence).ToListAsync(ct), ct);
        return [.. closed.Where(t => t.Closure is not null && devices.ContainsKey(t.Device!)).Select(t => Of(t, t.Closure!, devices[t.Device!]))];
    }

    private static FieldFailure Of(TicketRow ticket, Closure closure, Device device) => new(
        ticket.Number, ticket.OnsetAt, device.Id, device.Type, device.Serial, ticket.Site, closure.Mode, closure.Mechanism, closure.Cause, closure.FaultCode,
        Math.Max(0, (ticket.OnsetAt - device.RegisteredAt).TotalHours), device.Tags.GetValueOrDefault("firmware"), device.Tags.GetValueOrDefault("batch"));

    private static double MonthsOf(Device device, ReliabilityQuery query)
    {
        var from = device.RegisteredAt > query.From ? device.RegisteredAt : query.From;
        return Math.Max(0, (query.To - from).TotalDays / DaysInMonth);
    }

    private async Task<Dictionary<string, Device>> DevicesAsync(ReliabilityQuery query, CancellationToken ct)
    {
        var devices = new Dictionary<string, Device>(StringComparer.Ordinal);
        for (string? after = null; ;)
        {
            var page = await registry.ListAsync(new DeviceFilter(query.Tenant, Type: query.Type, After: after, Limit: PageLength), ct);
            foreach (var device in page.Where(d => !MysteryDevice.Is(d.Site, d.Id))) devices[device.Id] = device;
            if (page.Count < PageLength) return devices;
            after = page[^1].Id;
        }
    }
}
