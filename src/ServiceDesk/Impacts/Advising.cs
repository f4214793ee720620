using System.Globalization;
using Seamless.Rules.Labels;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Commerce.Contracts;

namespace Seamless.ServiceDesk.Impacts;

/// <summary>A fault of one of the customer's devices.</summary>
/// <param name="Down">When the device was down for it; null when it ran on.</param>
internal sealed record PastFault(string Device, DeviceFailure Failure, (DateTimeOffset From, DateTimeOffset To)? Down);

/// <param name="Faults">Those of the month, and those before that a cause may repeat.</param>
/// <param name="StandIns">Ids of devices that another of their redundancy group can stand in for.</param>
internal sealed record MonthFacts(string Customer, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<PastFault> Faults, IReadOnlySet<string> StandIns, int Version);

/// <summary>Writes the advice of a month from what happened: pure.</summary>
internal sealed class Advising(ImpactGraph graph, MonthFacts facts)
{
    /// <summary>How far back from the month's end a cause counts as repeated.</summary>
    public static readonly TimeSpan Repeating = TimeSpan.FromDays(90);

    public CustomerAdvice Write()
    {
        var failed = Failed();
        return new CustomerAdvice(
            facts.Customer, facts.From, facts.To, failed.Sum(f => f.DownHours), failed, Touched(failed),
            [.. Repeated(failed).Concat(Alone(failed)).OrderByDescending(a => a.DownHours).ThenBy(a => a.Kind).ThenBy(a => a.Device, StringComparer.Ordinal).ThenBy(a => a.Cause, StringComparer.Ordinal)],
            facts.Version);
    }

    private List<FailedDevice> Failed() =>
    [
        .. facts.Faults.Where(IsOfMonth).GroupBy(f => f.Device, StringComparer.Ordinal)
            .Select(g => new FailedDevice(g.Key, HoursOf(g), [.. g.Select(f => f.Failure).OrderBy(f => f.Onset).ThenBy(f => f.Ticket, StringComparer.Ordinal)], [.. ServicesOn(g.Key).Select(s => s.Service)]))
            .OrderByDescending(f => f.DownHours).ThenBy(f => f.Device, StringComparer.Ordinal),
    ];

    private List<TouchedService> Touched(List<FailedDevice> failed) =>
    [
        .. failed.SelectMany(f => ServicesOn(f.Device), (f, s) => (f.Device, s.Service, s.Name)).GroupBy(t => (t.Service, t.Name))
            .Select(g => TouchedBy(g.Key.Service, g.Key.Name, [.. g.Select(t => t.Device)]))
            .OrderByDescending(t => t.Hours).ThenBy(t => t.Service, StringComparer.Ordinal),
    ];

    private TouchedService TouchedBy(string service, string name, List<string> devices) => new(service, name, HoursOf(facts.Faults.Where(f => devices.Contains(f.Device))), devices);

    private IEnumerable<Advice> Repeated(List<FailedDevice> failed) =>
        from fault in facts.Faults
        where fault.Failure.Cause is { } cause && ClosedTicket.NamesCause(cause) && fault.Failure.Onset >= facts.To - Repeating && fault.Failure.Onset < facts.To
        group fault by (fault.Device, fault.Failure.Cause) into same
        where same.Count() > 1 && same.Any(IsOfMonth)
        let device = failed.First(f => f.Device == same.Key.Device)
        select new Advice(
            AdviceKind.RepeatedCause, device.Device, same.Key.Cause, [.. same.OrderBy(f => f.Failure.Onset).Select(f => f.Failure.Ticket)], device.Services, device.DownHours,
            new LocalizedText(
                string.Create(CultureInfo.InvariantCulture, $"{device.Device} failed {same.Count()} times in {Repeating.Days} days from the same cause ({same.Key.Cause}): remove the cause, not only the fault."),
                string.Create(CultureInfo.InvariantCulture, $"{device.Device} 在 {Repeating.Days} 天内因同一原因（{same.Key.Cause}）故障 {same.Count()} 次：请消除根本原因，而不仅是修复故障。")));

    private IEnumerable<Advice> Alone(List<FailedDevice> failed) =>
        from device in graph.Devices
        where !facts.StandIns.Contains(device)
        let services = ServicesOn(device).ToList()
        where services.Count > 0
        let names = string.Join(", ", services.Select(s => s.Name))
        select new Advice(
            AdviceKind.NoStandIn, device, null, [], [.. services.Select(s => s.Service)], failed.FirstOrDefault(f => f.Device == device)?.DownHours ?? 0,
            new LocalizedText(
                $"No second device can stand in for {device}, on which {names} {(services.Count == 1 ? "depends" : "depend")}: add one and put both into a redundancy group.",
                $"{device} 没有备用设备，而 {names} 依赖于它：请增加一台并编入同一冗余组。"));

    private IEnumerable<AffectedService> ServicesOn(string device) => graph.Of(device).Where(s => s.Customer == facts.Customer);

    private bool IsOfMonth(PastFault fault) => fault.Failure.Onset < facts.To && (fault.Failure.Repaired ?? DateTimeOffset.MaxValue) > facts.From;

    /// <summary>Times that overlap count once.</summary>
    private double HoursOf(IEnumerable<PastFault> faults) => CoverGaps.CoveredHours(facts.From, facts.To, faults.Select(f => f.Down).OfType<(DateTimeOffset, DateTimeOffset)>());
}
