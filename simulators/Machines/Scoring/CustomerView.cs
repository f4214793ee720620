using Seamless.Machines.Equipment;
using Seamless.Machines.Faults;

namespace Seamless.Machines.Scoring;

/// <summary>What a fault is like for those who use the machine.</summary>
/// <param name="DowntimeMinutes">From when the machine cannot do its work until it can again, and what the repair itself takes of its time.</param>
/// <param name="Noticed">Somebody wanted to use it in that time, for longer than <see cref="Patience"/>.</param>
public readonly record struct CustomerView(double DowntimeMinutes, bool Noticed)
{
    /// <summary>Use that goes wrong for as long as this is noticed.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>A machine stands still while a technician changes its parts.</summary>
    public static readonly TimeSpan HandsOn = TimeSpan.FromHours(1);

    private static readonly TimeSpan Look = TimeSpan.FromMinutes(1);

    /// <param name="to">The end of what is looked at, for what is still broken.</param>
    public static CustomerView Of(Fault fault, Site site, DateTimeOffset to)
    {
        var end = fault.EndedAt is { } ended && ended < to ? ended : to;
        var down = end > fault.FailureAt ? end - fault.FailureAt : TimeSpan.Zero;
        var repair = fault.EndedBy is "technician" && down < HandsOn ? HandsOn - down : TimeSpan.Zero;
        return new CustomerView(Math.Round((down + repair).TotalMinutes, 2), NoticedAt(site, fault.FailureAt, end) is not null);
    }

    /// <summary>When somebody has noticed, if anybody does before <paramref name="end"/>: a machine that nobody uses may be broken for a night.</summary>
    public static DateTimeOffset? NoticedAt(Site site, DateTimeOffset from, DateTimeOffset end)
    {
        var used = TimeSpan.Zero;
        for (var at = from; at < end; at += Look)
        {
            used += site.Activity(at) * (end - at < Look ? end - at : Look);
            if (used >= Patience) return at + Look;
        }
        return null;
    }
}
