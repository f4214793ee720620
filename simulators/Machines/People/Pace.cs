namespace Seamless.Machines.People;

/// <summary>How fast the people and couriers are.</summary>
/// <param name="Acknowledge">From the opening of a ticket to the answer.</param>
/// <param name="Deliver">From pick-up to delivery at most; null: as the carrier announced.</param>
/// <param name="Decide">From the answer, or the delivery of the last part, to the departure, unless the visit is planned later.</param>
/// <param name="Work">On site before it is mended.</param>
/// <param name="Close">From repaired to closed, while the telemetry is watched.</param>
/// <param name="Call">From noticing that a machine does not work to the customer's call, when no ticket is open for it by then; null: they never call.</param>
/// <param name="Return">From when a unit is due back until its depot has booked it in; null: nobody does.</param>
/// <param name="KeepsVisits">Departs for the planned start; otherwise as soon as the parts are there.</param>
public sealed record Pace(
    TimeSpan Acknowledge, TimeSpan PickUp, TimeSpan? Deliver, TimeSpan Decide, TimeSpan Travel, TimeSpan Work, TimeSpan Close, bool KeepsVisits, TimeSpan? Call = null, TimeSpan? Return = null)
{
    /// <summary>The platform's own term for what comes back.</summary>
    public static readonly TimeSpan ReturnWithin = TimeSpan.FromDays(14);

    public static Pace Real { get; } = new(
        TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(30), null, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(40), TimeSpan.FromMinutes(60), TimeSpan.FromMinutes(150), true, TimeSpan.FromMinutes(30), TimeSpan.FromDays(3));

    /// <summary>So that a visitor sees a ticket go its whole way in a few minutes.</summary>
    public static Pace Demo { get; } = new(
        TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(90), false);
}
