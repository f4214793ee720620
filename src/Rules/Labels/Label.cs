using Seamless.Rules.Backtests;
using Seamless.Rules.Diagnosis;
using Seamless.Telemetry;

namespace Seamless.Rules.Labels;

/// <summary>Who says what an alarm was. The later in the list counts more: a repair confirms more than a look at the screen.</summary>
public enum LabelSource : byte
{
    /// <summary>The verdict with which an engineer closed the alarm, or gave it afterwards.</summary>
    Engineer,

    /// <summary>The closure codes of the ticket that the alarm belongs to.</summary>
    Closure,
}

/// <summary>What a person found out about an alarm. It is never changed and never deleted: one that was wrong is struck out.</summary>
/// <param name="Device">Null when the alarm was the site's.</param>
/// <param name="Type">The equipment type.</param>
/// <param name="Rule">The rule that raised the alarm.</param>
/// <param name="Onset">Of the alarm, event time.</param>
/// <param name="Cause">Fault code that was true; null when none was named.</param>
/// <param name="Author">Who gave the verdict.</param>
/// <param name="At">When it was given.</param>
public sealed record Label(
    string Id, string Tenant, string? Device, string Type, string Rule, string Alarm, DateTimeOffset Onset,
    OutcomeVerdict Verdict, string? Cause, LabelSource Source, string Author, DateTimeOffset At)
{
    public string? Note { get; init; }

    /// <summary>Of a closure.</summary>
    public string? Ticket { get; init; }

    /// <summary>Of a closure: the ISO 14224 codes, null otherwise.</summary>
    public ClosureCodes? Codes { get; init; }

    /// <summary>Of a closure: what the diagnosis had said, most probable first.</summary>
    public IReadOnlyList<PredictedCause> Predicted { get; init; } = [];

    /// <summary>Who struck it out; null while it stands.</summary>
    public string? StruckBy { get; init; }
    public DateTimeOffset? StruckAt { get; init; }
    public string? StruckWhy { get; init; }

    public bool IsStruck => StruckAt is not null;
}

/// <summary>ISO 14224: failure mode, mechanism and cause.</summary>
public sealed record ClosureCodes(string Mode, string Mechanism, string Cause);

/// <summary>A cause of the fault model and how probable it was said to be.</summary>
public sealed record PredictedCause(string Code, double Probability)
{
    public static IReadOnlyList<PredictedCause> Of(IEnumerable<Cause> causes) => [.. causes.Select(cause => new PredictedCause(cause.Code, cause.Probability))];
}

/// <param name="Struck">Only those struck out, or only those that stand; null for both.</param>
/// <param name="From">Given at this time or later.</param>
/// <param name="To">Exclusive.</param>
/// <param name="After">The label after which the page begins, newest first.</param>
public sealed record LabelFilter(
    string Tenant, string? Device = null, string? Type = null, string? Rule = null, string? Alarm = null, OutcomeVerdict? Verdict = null, LabelSource? Source = null,
    bool? Struck = null, DateTimeOffset? From = null, DateTimeOffset? To = null, string? After = null, int Limit = 100);

/// <summary>A verdict on an alarm that is given afterwards: nobody had said anything, or something that was wrong.</summary>
public sealed record NewLabel(string Tenant, string Alarm, OutcomeVerdict Verdict, string? Cause, string? Note);

/// <summary>The labels. Verdicts and closures that came since the last reading are taken in before each.</summary>
public interface ILabels
{
    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<Label>> ListAsync(LabelFilter filter, CancellationToken ct);

    Task<Label?> FindAsync(string tenant, string id, CancellationToken ct);

    /// <summary>Adds an engineer's verdict on an alarm, which stands in the place of the engineer's verdict before it.</summary>
    Task<Outcome<Label>> AddAsync(NewLabel label, string actor, CancellationToken ct);

    /// <summary>Takes a label's effect away from now on; it stays in the list with who struck it out, when and why.</summary>
    Task<Outcome<Label>> StrikeAsync(string tenant, string id, string actor, string? why, CancellationToken ct);

    /// <summary>The label that counts for each alarm with one, by alarm: the closure's, or else the newest of the engineers'; none that was struck out.</summary>
    /// <param name="since">Of alarms whose onset is not before it.</param>
    Task<IReadOnlyDictionary<string, Label>> StandingAsync(string tenant, DateTimeOffset since, CancellationToken ct);
}

/// <summary>A ticket that was closed with codes.</summary>
/// <param name="Alarms">Ids of the alarms it was about.</param>
/// <param name="FaultCode">Of the pack's fault model, what technicians call a fault that is not in it, or one that names no cause (<see cref="NamesCause"/>).</param>
/// <param name="Predicted">What the diagnosis said of the ticket.</param>
public sealed record ClosedTicket(
    string Tenant, string Number, IReadOnlyList<string> Alarms, ClosureCodes Codes, string FaultCode, string? Note, string Actor, DateTimeOffset At, DateTimeOffset ClosedAt,
    IReadOnlyList<PredictedCause> Predicted)
{
    /// <summary>The fault code of a closure that found nothing wrong: the alarm was no fault.</summary>
    public const string NoFaultFound = "no-fault-found";

    /// <summary>Which device it was about; null for a site.</summary>
    public string? Device { get; init; }

    /// <summary>Whether a fault code says what was wrong: two closures with one that does not are not the same fault.</summary>
    public static bool NamesCause(string faultCode) => !NoCauses.Contains(faultCode);

    private static readonly HashSet<string> NoCauses = new(StringComparer.OrdinalIgnoreCase) { NoFaultFound, Diagnoser.Unknown, "other" };

    public bool IsFault => !FaultCode.Equals(NoFaultFound, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Knows the closed tickets; the service desk's side of the labels.</summary>
public interface IClosures
{
    /// <summary>Tickets of all tenants closed at this time or later, oldest first. The same ticket may be listed again and again.</summary>
    Task<IReadOnlyList<ClosedTicket>> ListAsync(DateTimeOffset since, CancellationToken ct);
}
