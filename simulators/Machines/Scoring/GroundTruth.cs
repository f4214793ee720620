using Seamless.Machines.Equipment;
using Seamless.Machines.Faults;

namespace Seamless.Machines.Scoring;

/// <summary>Every injected fault as it truly was.</summary>
public sealed record GroundTruth(string Scenario, int Seed, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<TrueFault> Faults);

/// <param name="FailureAt">Functional failure; equal to the onset for what comes at once.</param>
/// <param name="Part">The right part's SKU, or null.</param>
/// <param name="EndedBy"><c>command</c>, <c>technician</c>, or null: by itself, or not at all.</param>
/// <param name="Unmodelled">No pack knows it.</param>
/// <param name="Customer">What those who use the machine had of it.</param>
public sealed record TrueFault(
    string Id, string Code, FaultClass Class, string? Device, string Site, DateTimeOffset Onset, DateTimeOffset FailureAt, bool Progressive, string? Part,
    bool RemotelyFixable, DateTimeOffset? EndedAt, string? EndedBy, bool Unmodelled = false, CustomerView Customer = default)
{
    /// <param name="to">The end of what is looked at.</param>
    public static TrueFault Of(Fault fault, Site site, DateTimeOffset to) => new(
        fault.Id, fault.Kind.Code, fault.Kind.Class, fault.Device, fault.Site, fault.Onset, fault.FailureAt, fault.Kind.IsProgressive, fault.Kind.Part,
        fault.Kind.RemotelyFixable, fault.EndedAt, fault.EndedBy,
        fault.Kind.IsUnmodelled, CustomerView.Of(fault, site, to));
}
