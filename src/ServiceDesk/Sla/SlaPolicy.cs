namespace Seamless.ServiceDesk.Sla;

/// <summary>What was promised: three times from the opening of the ticket, on a calendar.</summary>
/// <param name="Name">With a version, so that a ticket names what it was measured by.</param>
public sealed record SlaPolicy(string Name, TimeSpan RespondWithin, TimeSpan ArriveWithin, TimeSpan ResolveWithin, ServiceCalendar Calendar)
{
    /// <summary>15 min / 2 h / 24 h, 24 × 7 × 365.</summary>
    public static SlaPolicy AroundTheClock { get; } =
        new("24x7-1", TimeSpan.FromMinutes(15), TimeSpan.FromHours(2), TimeSpan.FromHours(24), ServiceCalendar.Always);
}

/// <summary>A span in which the clocks stand still.</summary>
/// <param name="Reason">One of <see cref="PauseReasons"/>.</param>
/// <param name="To">Null while it lasts.</param>
/// <param name="Until">When the desk ends it at the latest.</param>
public sealed record Pause(string Reason, DateTimeOffset From, DateTimeOffset? To, DateTimeOffset Until);

/// <summary>Why a clock may stand still. Missing parts are our own problem and never a reason.</summary>
public static class PauseReasons
{
    public static readonly IReadOnlyList<string> All = ["waiting-for-customer", "site-closed", "weather"];
}
