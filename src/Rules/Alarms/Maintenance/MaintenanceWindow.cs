namespace Seamless.Rules.Alarms.Maintenance;

/// <summary>Whose alarms a window holds back: one device; a site; an equipment type at a site; or everything of the tenant, when all three are null.</summary>
public sealed record MaintenanceScope(string? Device = null, string? Site = null, string? Type = null)
{
    public bool IsTenant => Device is null && Site is null && Type is null;

    public bool Holds(string? device, string site, string type) =>
        Device is not null ? Device == device : (Site is null || Site == site) && (Type is null || Type == type);
}

/// <summary>What has become of a window.</summary>
public enum MaintenanceStatus : byte
{
    /// <summary>Its first time, or its next, is still to come.</summary>
    Coming,
    Running,
    Over,

    /// <summary>Called off. What it held back before stays as it was.</summary>
    Cancelled,
}

/// <summary>One time that a window takes place.</summary>
/// <param name="To">Exclusive.</param>
public readonly record struct Occurrence(DateTimeOffset From, DateTimeOffset To)
{
    public bool Holds(DateTimeOffset at) => From <= at && at < To;
}

/// <summary>Work that was planned: alarms that come within it reach nobody until it is over.</summary>
/// <param name="Begin">When it begins; of a weekly one, from when on it is held.</param>
/// <param name="End">When it ends; of a weekly one, until when it is held, null for as long as nobody cancels it.</param>
/// <param name="Zone">IANA id of the time zone in which it was entered and in which its week runs.</param>
/// <param name="Weekly">When it comes back; null when it does not.</param>
/// <param name="Changed">Times of a weekly window that were ended early or prolonged, by when they begin.</param>
/// <param name="CancelledAt">From then on it holds nothing back.</param>
public sealed record MaintenanceWindow(
    string Id, string Tenant, MaintenanceScope Scope, DateTimeOffset Begin, DateTimeOffset? End, string Zone, WeeklyPlan? Weekly, string Reason,
    string Author, DateTimeOffset CreatedAt, IReadOnlyList<Occurrence> Changed, DateTimeOffset? CancelledAt, int Version)
{
    /// <summary>The longest that one time may last: what is forgotten must not silence a plant for good.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(92);

    /// <summary>The time that holds the instant, or null.</summary>
    public Occurrence? At(DateTimeOffset at)
    {
        if (Weekly is null) return Once() is { } once && once.Holds(at) ? once : null;
        Occurrence? found = null;
        foreach (var each in Around(at, at))
            if (each.Holds(at) && (found is not { } other || each.To > other.To)) found = each;
        return found;
    }

    /// <summary>The first time that begins after the instant, or null.</summary>
    public Occurrence? After(DateTimeOffset at)
    {
        if (Weekly is null) return Once() is { } once && once.From > at ? once : null;
        var from = at < Begin ? Begin.AddTicks(-1) : at;   // what is held from next year on is looked for there
        return Between(from, from + WeeklyPlan.Repeats).Where(each => each.From > at).Select(each => (Occurrence?)each).FirstOrDefault();
    }

    /// <summary>Its times that touch the span, in order.</summary>
    public IEnumerable<Occurrence> Between(DateTimeOffset from, DateTimeOffset to)
    {
        if (Weekly is null) return Once() is { } once && once.From < to && once.To > from ? [once] : [];
        return Around(from, to).Where(each => each.From < to && each.To > from).OrderBy(each => each.From);
    }

    public MaintenanceStatus StatusAt(DateTimeOffset now) => this switch
    {
        { CancelledAt: not null } => MaintenanceStatus.Cancelled,
        _ when At(now) is not null => MaintenanceStatus.Running,
        _ when After(now) is not null => MaintenanceStatus.Coming,
        _ => MaintenanceStatus.Over,
    };

    private Occurrence? Once() => End is { } end ? Uncancelled(new Occurrence(Begin, end)) : null;

    /// <remarks>A time that was prolonged may reach further than its plan says, but no further than any may last.</remarks>
    private IEnumerable<Occurrence> Around(DateTimeOffset from, DateTimeOffset to)
    {
        foreach (var planned in Weekly!.Between(from - (Changed.Count == 0 ? Weekly.Duration : Longest), to, Zone))
        {
            if (planned.From < Begin || planned.From >= End) continue;
            if (Uncancelled(Told(planned)) is { } each) yield return each;
        }
    }

    private Occurrence Told(Occurrence planned)
    {
        foreach (var changed in Changed)
            if (changed.From == planned.From) return changed;
        return planned;
    }

    private Occurrence? Uncancelled(Occurrence each)
    {
        if (CancelledAt is { } cancelled && cancelled < each.To) each = each with { To = cancelled };
        return each.From < each.To ? each : null;
    }
}
