using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Accounts;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Knowledge.Guidance;

namespace Seamless.Portal.Api;

public sealed record CandidateView(string Code, string Title, double Probability);

public sealed record GuidedTestView(string FaultCode, string Title, string Cause, int Minutes, double Probability, double MinutesPerProbability, string? Tools);

public sealed record PartNeededView(string Sku, string Title, int Quantity);

/// <param name="Article">A published one about the cause.</param>
public sealed record GuidedRemedyView(string FaultCode, string Cause, IReadOnlyList<string> Actions, IReadOnlyList<PartNeededView> Parts, string? Skill, int Minutes, string? Article);

public sealed record GuidedStepView(int Number, string Kind, string Code, string Title, bool Positive, string? Note, string Actor, DateTimeOffset At);

public sealed record SymptomView(string Code, string Title, bool? Present);

/// <summary>Where a guided diagnosis stands.</summary>
/// <param name="Next">The test to make now; null once the cause is found or an expert is needed.</param>
/// <param name="Order">All tests that are left, by minutes for probability.</param>
/// <param name="ExpectedMinutes">What making them in this order costs on average.</param>
public sealed record GuidanceView(
    string Ticket, string Type, GuidanceState State, IReadOnlyList<CandidateView> Causes, GuidedTestView? Next, IReadOnlyList<GuidedTestView> Order, double ExpectedMinutes, GuidedRemedyView? Remedy,
    IReadOnlyList<SymptomView> Symptoms, IReadOnlyList<GuidedStepView> Steps)
{
    public static GuidanceView Of(GuidedDiagnosis d, Func<LocalizedText, string> text) => new(
        d.Ticket, d.Type, d.State, [.. d.Causes.Select(c => new CandidateView(c.Code, text(c.Title), c.Probability))], d.Next is { } next ? TestOf(next, text) : null, [.. d.Order.Select(t => TestOf(t, text))], d.ExpectedMinutes,
        d.Remedy is { } r ? new GuidedRemedyView(r.FaultCode, text(r.Cause), [.. r.Actions.Select(text)], [.. r.Parts.Select(p => new PartNeededView(p.Sku, text(p.Title), p.Quantity))], r.Skill, r.Minutes, r.Article) : null,
        [.. d.Symptoms.Select(s => new SymptomView(s.Code, text(s.Title), s.Present))], [.. d.Steps.Select(s => new GuidedStepView(s.Number, s.Kind, s.Code, text(s.Title), s.Positive, s.Note, s.Actor, s.At))]);

    private static GuidedTestView TestOf(GuidedTest t, Func<LocalizedText, string> text) =>
        new(t.FaultCode, text(t.Title), text(t.Cause), t.Minutes, t.Probability, t.MinutesPerProbability, t.Tools is { } tools ? text(tools) : null);
}

/// <param name="Present">Codes of symptoms that were seen.</param>
/// <param name="Absent">Codes of symptoms that were looked for and are not there.</param>
public sealed record FindingsRequest(IReadOnlyList<string>? Present = null, IReadOnlyList<string>? Absent = null);

/// <param name="FaultCode">The cause that was tested for.</param>
/// <param name="Found">The test showed it.</param>
public sealed record TestResultRequest(string? FaultCode = null, bool? Found = null, string? Note = null);

/// <summary>The guided diagnosis of a ticket.</summary>
internal static class GuidanceEndpoints
{
    public static void MapGuidance(this RouteGroupBuilder api)
    {
        var guidance = api.MapGroup("/tickets/{id}/guidance").WithTags("Knowledge");
        guidance.MapGet("/", AtAsync).WithName("getGuidance").RequireAuthorization(Policies.Read).Produces<GuidanceView>()
            .WithSummary("Probable causes, the next best test, and once the cause is found what ends it.");
        guidance.MapPost("/findings", SeeAsync).WithName("addFindings").RequireAuthorization(Policies.Dispatch).Produces<GuidanceView>().WithSummary("Symptoms that were looked for: present, absent.");
        guidance.MapPost("/tests", TestAsync).WithName("addTestResult").RequireAuthorization(Policies.Dispatch).Produces<GuidanceView>().WithSummary("The result of a test; the answer names the next.");
    }

    private static async Task<IResult> AtAsync(string id, ClaimsPrincipal user, HttpContext http, IGuidance guidance, CancellationToken ct) =>
        (await guidance.AtAsync(user.Tenant(), id, ct)).ToResult(d => GuidanceView.Of(d, http.Texts()));

    private static async Task<IResult> SeeAsync(string id, [FromBody] FindingsRequest seen, ClaimsPrincipal user, HttpContext http, IGuidance guidance, CancellationToken ct) =>
        (await guidance.SeeAsync(user.Tenant(), id, seen.Present ?? [], seen.Absent ?? [], user.Actor(), ct)).ToResult(d => GuidanceView.Of(d, http.Texts()));

    private static async Task<IResult> TestAsync(string id, [FromBody] TestResultRequest result, ClaimsPrincipal user, HttpContext http, IGuidance guidance, CancellationToken ct) =>
        result is { FaultCode: { } code, Found: { } found }
            ? (await guidance.TestAsync(user.Tenant(), id, code, found, result.Note, user.Actor(), ct)).ToResult(d => GuidanceView.Of(d, http.Texts()))
            : Problems.Invalid("give 'faultCode' (the cause that was tested for) and 'found' (true when the test showed it)");
}
