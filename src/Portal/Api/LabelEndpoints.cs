using System.Security.Claims;
using Seamless.Portal.Accounts;
using Seamless.Rules.Backtests;
using Seamless.Rules.Labels;

namespace Seamless.Portal.Api;

/// <summary>What a person found out about an alarm.</summary>
/// <param name="Cause">Fault code that was true; null when none was named.</param>
/// <param name="Codes">Of a closure: ISO 14224 mode, mechanism and cause.</param>
/// <param name="StruckBy">Who struck it out; null while it stands.</param>
public sealed record LabelView(
    string Id, string? Device, string Type, string Rule, string Alarm, DateTimeOffset Onset, OutcomeVerdict Verdict, string? Cause, LabelSource Source, string By, DateTimeOffset At,
    string? Note, string? Ticket, ClosureCodes? Codes, string? StruckBy, DateTimeOffset? StruckAt, string? StruckWhy)
{
    public static LabelView Of(Label label) => new(
        label.Id, label.Device, label.Type, label.Rule, label.Alarm, label.Onset, label.Verdict, label.Cause, label.Source, label.Author, label.At,
        label.Note, label.Ticket, label.Codes, label.StruckBy, label.StruckAt, label.StruckWhy);
}

/// <param name="Alarm">Id of the alarm.</param>
/// <param name="Cause">Fault code of the pack that was true.</param>
public sealed record LabelOrder(string Alarm, OutcomeVerdict Verdict, string? Cause = null, string? Note = null);

/// <summary>Labels: verdicts on alarms and closures of tickets (docs/reference/evaluation.md).</summary>
internal static class LabelEndpoints
{
    public static void MapLabels(this RouteGroupBuilder api)
    {
        var labels = api.MapGroup("/labels").WithTags("Evaluation");
        labels.MapGet("/", ListAsync).WithName("listLabels").RequireAuthorization(Policies.Read).Produces<Page<LabelView>>()
            .WithSummary("What people found out about alarms, newest first; source: engineer or closure; struck=true for those struck out.");
        labels.MapPost("/", AddAsync).WithName("addLabel").RequireAuthorization(Policies.Operate).Produces<LabelView>(StatusCodes.Status201Created)
            .WithSummary("Give a verdict on an alarm afterwards; it stands in the place of the engineer's verdict before it.");
        labels.MapGet("/{id}", FindAsync).WithName("getLabel").RequireAuthorization(Policies.Read).Produces<LabelView>().WithSummary("One label.");
        labels.MapDelete("/{id}", StrikeAsync).WithName("strikeLabel").RequireAuthorization(Policies.Operate).Produces<LabelView>()
            .WithSummary("Strike a label out: it stays in the list and counts no more.");
    }

    private static async Task<IResult> ListAsync(
        [AsParameters] PageQuery page, string? device, string? type, string? rule, string? alarm, string? verdict, string? source, bool? struck, Instant? from, Instant? to,
        ClaimsPrincipal user, ILabels labels, CancellationToken ct)
    {
        if (!TryParse<OutcomeVerdict>(verdict, out var onlyVerdict)) return Refuse<OutcomeVerdict>("verdict", verdict);
        if (!TryParse<LabelSource>(source, out var onlySource)) return Refuse<LabelSource>("source", source);
        var found = await labels.ListAsync(
            new LabelFilter(user.Tenant(), device, type, rule, alarm, onlyVerdict, onlySource, struck, from?.At, to?.At, page.Cursor, page.Fetch), ct);
        return TypedResults.Ok(found.ToPage(page, label => label.Id, LabelView.Of));
    }

    private static async Task<IResult> FindAsync(string id, ClaimsPrincipal user, ILabels labels, CancellationToken ct) =>
        await labels.FindAsync(user.Tenant(), id, ct) is { } label ? TypedResults.Ok(LabelView.Of(label)) : Problems.NotFound($"there is no label '{id}'");

    private static async Task<IResult> AddAsync(LabelOrder order, ClaimsPrincipal user, ILabels labels, CancellationToken ct)
    {
        var added = await labels.AddAsync(new NewLabel(user.Tenant(), order.Alarm, order.Verdict, Blank(order.Cause), Blank(order.Note)), user.Actor(), ct);
        return added.Succeeded ? TypedResults.Created($"/api/v1/labels/{added.Value.Id}", LabelView.Of(added.Value)) : Problems.Of(added.Refusal);
    }

    private static async Task<IResult> StrikeAsync(string id, string? reason, ClaimsPrincipal user, ILabels labels, CancellationToken ct) =>
        (await labels.StrikeAsync(user.Tenant(), id, user.Actor(), Blank(reason), ct)).ToResult(LabelView.Of);

    /// <summary>In any case: what the API writes begins with a small letter.</summary>
    private static bool TryParse<T>(string? text, out T? only) where T : struct, Enum => StateFilter.TryParse(text, out var isOpen, out only) && !isOpen;

    private static IResult Refuse<T>(string name, string? text) where T : struct, Enum =>
        Problems.Invalid($"{name} is '{text}'; it must be one of {string.Join(", ", Enum.GetValues<T>().Select(ApiJson.NameOf))}");

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
