using Seamless.Machines.Chance;
using Seamless.Machines.Equipment;
using Seamless.Machines.Faults;
using Seamless.Machines.People;

namespace Seamless.Machines.Scoring;

/// <summary>The same fleet with the same faults and the same people, but without a platform: it runs until the customer calls.</summary>
/// <remarks>
/// What is kind to the twin is chosen where the literature leaves a choice. Its shares are published averages: 43 % of calls need no visit (Aberdeen 2013);
/// since only what can be mended from afar can be among them, three of four such calls are; 77 % of visits end the fault (Aquant 2026).
/// </remarks>
public sealed class ReactiveTwin(World world, Seed seed, Pace pace)
{
    /// <summary>Of the calls about what can be mended from afar, or passes by itself: ended on the telephone.</summary>
    private const double EndedOnThePhone = 0.75;
    private const double FirstTimeFix = 0.77;

    /// <summary>From noticing to the call, and the call itself.</summary>
    private static readonly TimeSpan Call = TimeSpan.FromMinutes(30);

    /// <summary>Until the part that was missing is there, and the technician with it.</summary>
    private static readonly TimeSpan SecondVisit = TimeSpan.FromHours(24);

    /// <summary>Nobody uses a machine that is never noticed; the round of the week finds it.</summary>
    private static readonly TimeSpan AtMost = TimeSpan.FromDays(7);

    public TwinOutcome Play(DateTimeOffset to) => world.Faults.Where(fault => fault.Onset < to).Aggregate(new TwinOutcome(0, 0, 0), (sum, fault) => sum + Play(fault, to));

    private TwinOutcome Play(Fault fault, DateTimeOffset to)
    {
        var dice = new Dice(seed.Split(fault.Id));
        var (onThePhone, firstTime) = (dice.Fraction() < EndedOnThePhone, dice.Fraction() < FirstTimeFix);
        var passes = fault.Kind.Growth is Growth.Spell ? fault.Onset + fault.TimeToFailure : (DateTimeOffset?)null;
        var latest = fault.FailureAt + AtMost;
        var known = CustomerView.NoticedAt(world.Sites[fault.Site], fault.FailureAt, passes ?? latest) ?? (passes is null ? latest : null);
        if (known is not { } noticed) return new TwinOutcome(0, 0, (passes!.Value - fault.FailureAt).TotalMinutes);
        var called = noticed + Call;
        if ((fault.Kind.RemotelyFixable || passes is not null) && onThePhone) return Ended(fault, 0, 0, passes ?? called, to);
        var arrived = called + pace.Acknowledge + pace.Travel;
        if (passes is { } over) return Ended(fault, 1, arrived > over ? 1 : 0, over, to);
        var mended = arrived + pace.Work;
        return firstTime || fault.Kind.RemotelyFixable ? Ended(fault, 1, 0, mended, to) : Ended(fault, 2, 0, mended + SecondVisit, to);
    }

    /// <summary>What lasts beyond the end of the run does not count, as it does not for the platform.</summary>
    private static TwinOutcome Ended(Fault fault, int visits, int inVain, DateTimeOffset at, DateTimeOffset to) =>
        new(visits, inVain, Math.Max(0, ((at < to ? at : to) - fault.FailureAt).TotalMinutes));
}

/// <param name="Visits">Times that a technician was on the road.</param>
/// <param name="InVain">Of these, those that found nothing.</param>
/// <param name="DowntimeMinutes">Of all machines and sites together.</param>
public readonly record struct TwinOutcome(int Visits, int InVain, double DowntimeMinutes)
{
    public static TwinOutcome operator +(TwinOutcome one, TwinOutcome other) =>
        new(one.Visits + other.Visits, one.InVain + other.InVain, Math.Round(one.DowntimeMinutes + other.DowntimeMinutes, 2));
}
