using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Accounts;
using Seamless.Rules.Alarms;
using Seamless.Rules.Alarms.Maintenance;
using Seamless.Rules.Diagnosis;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.PastCases;

namespace Seamless.Portal.Api;

public sealed record CauseView(string Code, string Title, FaultClass Class, double Probability, IReadOnlyList<string> For, IReadOnlyList<string> Against)
{
    public static CauseView Of(Cause cause, Func<LocalizedText, string> text) =>
        new(cause.Code, text(cause.Title), cause.Class, cause.Probability, cause.For, cause.Against);
}

public sealed record EvidenceView(
    string Kind, string Rule, string Symptom, string? Metric, DateTimeOffset From, DateTimeOffset? To, double? Value, double? Limit, double? Score,
    string Text, string? Version, IReadOnlyDictionary<string, double> Contributions, bool FirstOut);

/// <summary>An alarm, the same bytes whenever it is read: nothing in it depends on the clock of the reader.</summary>
public sealed record AlarmView(
    string Id, string? Device, string Site, string Type, string FaultKey, string Rule, string RuleVersion, string Mode, Severity Severity,
    AlarmState State, bool IsActive, bool IsAcknowledged, DateTimeOffset? ShelvedUntil, string? SuppressedBy,
    DateTimeOffset RaisedAt, DateTimeOffset OnsetAt, DateTimeOffset? ClearedAt, int Count, string Message,
    IReadOnlyList<EvidenceView> Evidence, IReadOnlyList<CauseView> Diagnosis, string? Parent, IReadOnlyList<string> Members, int Version,
    bool IsConfirmed, bool IsLatched, bool IsShelvedOnce, Chatter? Chatter, MaintenanceMark? Maintenance)
{
    public static AlarmView Of(Alarm alarm, Func<LocalizedText, string> text) => new(
        alarm.Id, alarm.Device, alarm.Site, alarm.Type, alarm.FaultKey, alarm.Rule, alarm.RuleVersion, alarm.Mode, alarm.Severity,
        alarm.State, alarm.IsActive, alarm.IsAcknowledged, alarm.ShelvedUntil, alarm.SuppressedBy,
        alarm.RaisedAt, alarm.OnsetAt, alarm.ClearedAt, alarm.Count, text(alarm.Message),
        [.. alarm.Evidence.Select(evidence => EvidenceOf(evidence, text, ReferenceEquals(evidence, alarm.FirstOut)))], [.. alarm.Diagnosis.Select(cause => CauseView.Of(cause, text))],
        alarm.Parent, alarm.Members, alarm.Version, alarm.IsConfirmed, alarm.IsLatched, alarm.IsShelvedOnce, alarm.Chatter, alarm.Maintenance);

    private static EvidenceView EvidenceOf(Evidence evidence, Func<LocalizedText, string> text, bool isFirstOut) => new(
        evidence.Kind, evidence.Rule, evidence.Symptom, evidence.Metric, evidence.From, evidence.To,
        double.IsFinite(evidence.Value) ? evidence.Value : null, evidence.Limit, evidence.Score, text(evidence.Text), evidence.Version,
        new SortedDictionary<string, double>(evidence.Contributions.ToDictionary(), StringComparer.Ordinal), isFirstOut);
}

/// <summary>A step in an alarm's life.</summary>
public sealed record AlarmChangeView(
    long Number, AlarmChangeKind Kind, DateTimeOffset At, string Actor, string? Note, AlarmState State, IReadOnlyList<CauseView> Diagnosis);

/// <summary>A closed ticket like the alarm.</summary>
/// <param name="Ticket">Its number.</param>
/// <param name="Cause">Confirmed at closure.</param>
/// <param name="Remedy">What the fault model does about that cause on site.</param>
/// <param name="Note">What was written at closure.</param>
/// <param name="Parts">SKUs that were installed.</param>
/// <param name="Similarity">0–1.</param>
/// <param name="Why">What they have in common.</param>
public sealed record SimilarCaseView(
    string Ticket, string? Device, string Site, string Type, string Cause, string CauseTitle, string? Remedy, string? Note, IReadOnlyList<string> Parts,
    DateTimeOffset ClosedAt, double Similarity, IReadOnlyList<string> Why)
{
    public static SimilarCaseView Of(SimilarCase past, Func<LocalizedText, string> text) => new(
        past.Ticket, past.Device, past.Site, past.Type, past.Cause, text(past.CauseTitle), past.Remedy is null ? null : text(past.Remedy), past.Note, past.Parts,
        past.ClosedAt, past.Similarity, [.. past.Why.Select(text)]);
}

public sealed record AlarmNote(string? Note = null);

/// <param name="Until">When it comes back; or give <paramref name="Minutes"/>. An hour when neither is given.</param>
/// <param name="OneShot">It comes back when the alarm returns to normal; <paramref name="Until"/> or <paramref name="Minutes"/> bound that, or the longest time an alarm may be shelved.</param>
public sealed record AlarmShelving(string Reason, DateTimeOffset? Until = null, int? Minutes = null, bool OneShot = false);

public sealed record AlarmReason(string Reason);

/// <param name="Verdict">The engineer's <c>true</c>, <c>false</c> or <c>known</c>.</param>
public sealed record AlarmClosing(string? Verdict = null, string? Note = null);

internal static class Alarms
{
    private const int DefaultShelveMinutes = 60;

    public static void MapAlarms(this RouteGroupBuilder api)
    {
        var alarms = api.MapGroup("/alarms").WithTags("Alarms");
        alarms.MapGet("/", ListAsync).WithName("listAlarms").RequireAuthorization(Policies.Read).Produces<Page<AlarmView>>()
            .WithSummary("Alarms, newest onset first. state is an ISA-18.2 state, or 'open' for all that is active or unacknowledged; maintenance=true for what came under maintenance.");
        alarms.MapGet("/{id}", FindAsync).WithName("getAlarm").RequireAuthorization(Policies.Read).Produces<AlarmView>().WithSummary("One alarm with evidence and diagnosis.");
        alarms.MapGet("/{id}/trace", TraceAsync).WithName("getAlarmTrace").RequireAuthorization(Policies.Read).Produces<Page<AlarmChangeView>>()
            .WithSummary("Everything that happened to an alarm, in order.");
        alarms.MapGet("/{id}/similar", SimilarAsync).WithName("listSimilarCases").RequireAuthorization(Policies.Read).Produces<Page<SimilarCaseView>>()
            .WithSummary("Up to five closed tickets most like an alarm: their cause, what was done, how similar and why.");
        Act("acknowledge", AcknowledgeAsync, "Seen by a person.");
        Act("shelve", ShelveAsync, "Put aside until a time, or with oneShot until it returns to normal.");
        Act("unshelve", UnshelveAsync, "Take it back from the shelf.");
        Act("suppress", SuppressAsync, "Suppressed by design, with a reason.");
        Act("confirm", ConfirmAsync, "What was to be done about an acknowledged alarm has been done.");
        Act("reset", ResetAsync, "Let go of a latched alarm that has returned to normal and was acknowledged.");
        Act("close", CloseAsync, "Close a cleared alarm with the engineer's verdict.");

        void Act(string action, Delegate handler, string summary) =>
            alarms.MapPost($"/{{id}}/{action}", handler).WithName($"{action}Alarm").RequireAuthorization(Policies.Operate).Produces<AlarmView>().WithSummary(summary);
    }

    private static async Task<IResult> ListAsync(
        [AsParameters] PageQuery page, string? device, string? site, string? state, Severity? severity, string? rule, Instant? from, Instant? to, bool? maintenance,
        ClaimsPrincipal user, HttpContext http, IAlarms alarms, CancellationToken ct)
    {
        if (!StateFilter.TryParse<AlarmState>(state, out var openOnly, out var only)) return StateFilter.Refuse<AlarmState>("state", state);
        var found = await alarms.ListAsync(
            new AlarmFilter(user.Tenant(), device, site, only, severity, rule, from?.At, to?.At, openOnly, page.Cursor, page.Fetch, maintenance ?? false), ct);
        return TypedResults.Ok(found.ToPage(page, alarm => alarm.Id, alarm => AlarmView.Of(alarm, http.Texts())));
    }

    private static async Task<IResult> FindAsync(string id, ClaimsPrincipal user, HttpContext http, IAlarms alarms, CancellationToken ct) =>
        await alarms.FindAsync(user.Tenant(), id, ct) is { } alarm ? TypedResults.Ok(AlarmView.Of(alarm, http.Texts())) : Unknown(id);

    private static async Task<IResult> TraceAsync(string id, ClaimsPrincipal user, HttpContext http, IAlarms alarms, CancellationToken ct)
    {
        if (await alarms.FindAsync(user.Tenant(), id, ct) is null) return Unknown(id);
        var trace = await alarms.TraceAsync(user.Tenant(), id, ct);
        return TypedResults.Ok(new Page<AlarmChangeView>([.. trace.Select(change => new AlarmChangeView(
            change.Number, change.Kind, change.At, change.Actor, change.Note, change.Alarm.State,
            [.. change.Alarm.Diagnosis.Select(cause => CauseView.Of(cause, http.Texts()))]))], null));
    }

    private static async Task<IResult> SimilarAsync(string id, ClaimsPrincipal user, HttpContext http, IAlarms alarms, ISimilarCases cases, CancellationToken ct)
    {
        if (await alarms.FindAsync(user.Tenant(), id, ct) is not { } alarm) return Unknown(id);
        var similar = await cases.ToAsync(alarm, ct);
        return TypedResults.Ok(new Page<SimilarCaseView>([.. similar.Select(past => SimilarCaseView.Of(past, http.Texts()))], null));
    }

    private static async Task<IResult> AcknowledgeAsync(string id, [FromBody] AlarmNote? body, ClaimsPrincipal user, HttpContext http, IAlarms alarms, CancellationToken ct) =>
        (await alarms.AcknowledgeAsync(user.Tenant(), id, user.Actor(), body?.Note, ct)).ToResult(alarm => AlarmView.Of(alarm, http.Texts()));

    private static async Task<IResult> ShelveAsync(
        string id, AlarmShelving body, ClaimsPrincipal user, HttpContext http, IAlarms alarms, TimeProvider time, CancellationToken ct)
    {
        if (body.OneShot) return await ShelveOnceAsync(id, body, user, http, alarms, time, ct);
        var until = body.Until ?? time.GetUtcNow().AddMinutes(body.Minutes ?? DefaultShelveMinutes);
        if (until <= time.GetUtcNow()) return Problems.Invalid("'until' lies in the past; an alarm is shelved until a time to come");
        return (await alarms.ShelveAsync(user.Tenant(), id, user.Actor(), body.Reason, until, ct)).ToResult(alarm => AlarmView.Of(alarm, http.Texts()));
    }

    private static async Task<IResult> ShelveOnceAsync(string id, AlarmShelving body, ClaimsPrincipal user, HttpContext http, IAlarms alarms, TimeProvider time, CancellationToken ct)
    {
        var atMost = body.Until ?? (body.Minutes is { } minutes ? time.GetUtcNow().AddMinutes(minutes) : null);
        return (await alarms.ShelveOnceAsync(user.Tenant(), id, user.Actor(), body.Reason, atMost, ct)).ToResult(alarm => AlarmView.Of(alarm, http.Texts()));
    }

    private static async Task<IResult> ConfirmAsync(string id, [FromBody] AlarmNote? body, ClaimsPrincipal user, HttpContext http, IAlarms alarms, CancellationToken ct) =>
        (await alarms.ConfirmAsync(user.Tenant(), id, user.Actor(), body?.Note, ct)).ToResult(alarm => AlarmView.Of(alarm, http.Texts()));

    private static async Task<IResult> ResetAsync(string id, [FromBody] AlarmNote? body, ClaimsPrincipal user, HttpContext http, IAlarms alarms, CancellationToken ct) =>
        (await alarms.ResetAsync(user.Tenant(), id, user.Actor(), body?.Note, ct)).ToResult(alarm => AlarmView.Of(alarm, http.Texts()));

    private static async Task<IResult> UnshelveAsync(string id, ClaimsPrincipal user, HttpContext http, IAlarms alarms, CancellationToken ct) =>
        (await alarms.UnshelveAsync(user.Tenant(), id, user.Actor(), ct)).ToResult(alarm => AlarmView.Of(alarm, http.Texts()));

    private static async Task<IResult> SuppressAsync(string id, AlarmReason body, ClaimsPrincipal user, HttpContext http, IAlarms alarms, CancellationToken ct) =>
        (await alarms.SuppressAsync(user.Tenant(), id, user.Actor(), body.Reason, ct)).ToResult(alarm => AlarmView.Of(alarm, http.Texts()));

    private static async Task<IResult> CloseAsync(string id, [FromBody] AlarmClosing? body, ClaimsPrincipal user, HttpContext http, IAlarms alarms, CancellationToken ct) =>
        (await alarms.CloseAsync(user.Tenant(), id, user.Actor(), body?.Verdict, body?.Note, ct)).ToResult(alarm => AlarmView.Of(alarm, http.Texts()));

    private static IResult Unknown(string id) => Problems.NotFound($"there is no alarm '{id}'");
}
