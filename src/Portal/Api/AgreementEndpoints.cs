using System.Security.Claims;
using Seamless.Portal.Accounts;
using Seamless.Rules.Packs.Files;
using Seamless.ServiceDesk.Sla;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.Portal.Api;

/// <param name="Text">YAML, or JSON.</param>
/// <param name="Expected">The version you have seen: refused when another is in force. Not given: in any case.</param>
public sealed record AgreementsText(string Text, int? Expected = null);

public sealed record AgreementsCheck(bool Valid, IReadOnlyList<PackProblem> Problems);

/// <summary>What is promised to whom: calendars, policies, tiers and customers.</summary>
internal static class AgreementEndpoints
{
    public static void MapAgreements(this RouteGroupBuilder api)
    {
        var agreements = api.MapGroup("/agreements").WithTags("Service");
        agreements.MapGet("/", CurrentAsync).WithName("getAgreements").RequireAuthorization(Policies.Read).Produces<AgreementsVersion>().WithSummary("The service agreements in force.");
        agreements.MapPut("/", PutAsync).WithName("putAgreements").RequireAuthorization(Policies.Admin).Produces<AgreementsVersion>()
            .WithSummary("In force for tickets opened from now on; open tickets keep the version they were opened under.");
        agreements.MapPost("/check", Check).WithName("checkAgreements").RequireAuthorization(Policies.Read).Produces<AgreementsCheck>().WithSummary("What is wrong with a text, where, and what would be right.");
        agreements.MapGet("/versions", ListAsync).WithName("listAgreements").RequireAuthorization(Policies.Read).Produces<Page<AgreementsVersion>>().WithSummary("All versions, newest first; 0 is what the platform is delivered with.");
        agreements.MapGet("/versions/{version:int}", FindAsync).WithName("getAgreementsVersion").RequireAuthorization(Policies.Read).Produces<AgreementsVersion>().WithSummary("One version.");
        agreements.MapGet("/promise", PromiseAsync).WithName("getPromise").RequireAuthorization(Policies.Read).Produces<Promise>()
            .WithSummary("The three deadlines of a ticket opened at openedAt (now when not given) for a customer, tier and priority.");
    }

    private static Task<AgreementsVersion> CurrentAsync(ClaimsPrincipal user, IAgreements agreements, CancellationToken ct) => agreements.CurrentAsync(user.Tenant(), ct);

    private static async Task<IResult> PutAsync(AgreementsText text, ClaimsPrincipal user, IAgreements agreements, CancellationToken ct) =>
        (await agreements.PutAsync(user.Tenant(), text.Text, text.Expected, user.Actor(), ct)).ToResult(version => version);

    private static AgreementsCheck Check(AgreementsText text, IAgreements agreements)
    {
        var problems = agreements.Check(text.Text);
        return new AgreementsCheck(problems.Count == 0, problems);
    }

    private static async Task<Page<AgreementsVersion>> ListAsync([AsParameters] PageQuery page, ClaimsPrincipal user, IAgreements agreements, CancellationToken ct) =>
        (await agreements.ListAsync(user.Tenant(), ct)).SliceInOrder(page, version => version.Version.ToString(System.Globalization.CultureInfo.InvariantCulture), version => version);

    private static async Task<IResult> FindAsync(int version, ClaimsPrincipal user, IAgreements agreements, CancellationToken ct) =>
        await agreements.FindAsync(user.Tenant(), version, ct) is { } found ? TypedResults.Ok(found) : Problems.NotFound($"there is no version {version} of the service agreements");

    private static Task<Promise> PromiseAsync(string? customer, string? tier, Priority? priority, Instant? openedAt, ClaimsPrincipal user, IAgreements agreements, TimeProvider time, CancellationToken ct) =>
        agreements.PromiseAsync(user.Tenant(), customer ?? "", tier ?? "standard", priority ?? Priority.P3, openedAt?.At ?? time.GetUtcNow(), ct);
}
