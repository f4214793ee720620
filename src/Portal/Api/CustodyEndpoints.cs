using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Accounts;
using Seamless.ServiceDesk.Parts;
using Seamless.ServiceDesk.Parts.Custody;

namespace Seamless.Portal.Api;

/// <param name="Quality"><c>new</c> or <c>refurbished</c>; new when not given.</param>
public sealed record NewUnitRequest(string? Serial, string? Sku, string? Depot, string? Quality = null);

/// <summary>What the action needs: <c>move</c> a depot, <c>install</c> a device, <c>remove</c> and <c>scrap</c> a reason, <c>return</c> a depot where no return authorisation names one.</summary>
/// <param name="Carrier">For move and return; the cheapest when not given.</param>
public sealed record UnitActionRequest(string? Depot = null, string? Device = null, string? Carrier = null, string? Reason = null);

/// <param name="To"><c>technician:ID</c> or <c>depot:ID</c>.</param>
/// <param name="Receiver">The only one who may confirm; anybody but the giver when not given.</param>
public sealed record HandOverRequest(string? To, string? Receiver = null);

/// <param name="Reason">Of a refusal.</param>
public sealed record HandOverAnswer(string? Reason = null);

/// <param name="Depot">Where it was found.</param>
/// <param name="Reason">Why it is written off.</param>
public sealed record LossRequest(string? Depot = null, string? Reason = null);

public sealed record LossList(IReadOnlyList<Loss> Items, IReadOnlyList<LossTotal> Totals);

/// <summary>What is missing, in money.</summary>
public sealed record LossTotal(string Currency, int Units, decimal Value);

/// <summary>The custody ledger: who has which unit, hand-overs, losses, and whether the ledger is whole.</summary>
internal static class CustodyEndpoints
{
    public static void MapCustody(this RouteGroupBuilder api)
    {
        var parts = api.MapGroup("/parts").WithTags("Custody");
        parts.MapPost("/units", EnterAsync).WithName("enterUnit").RequireAuthorization(Policies.Dispatch).Produces<PartUnit>(StatusCodes.Status201Created).WithSummary("A unit comes in by its serial number and is in the ledger from now on.");
        parts.MapPost("/units/{serial}/actions/{action}", ActAsync).WithName("actOnUnit").RequireAuthorization(Policies.Dispatch).Produces<PartUnit>().WithSummary("move, install, remove, return, scrap: each a signed move in the ledger.");
        parts.MapPost("/units/{serial}/hand-overs", OfferAsync).WithName("offerHandOver").RequireAuthorization(Policies.Dispatch).Produces<HandOver>(StatusCodes.Status201Created)
            .WithSummary("The giver's half of a hand-over; the unit moves when the receiver confirms.");
        parts.MapGet("/hand-overs", HandOversAsync).WithName("listHandOvers").RequireAuthorization(Policies.Read).WithSummary("Hand-overs, newest first; open=true for those that nobody has confirmed or refused.");
        parts.MapPost("/hand-overs/{id}/actions/{action}", DecideAsync).WithName("decideHandOver").RequireAuthorization(Policies.Dispatch).Produces<HandOver>().WithSummary("The receiver's half: confirm, or refuse with a reason.");
        parts.MapGet("/losses", LossesAsync).WithName("listLosses").RequireAuthorization(Policies.Read).Produces<LossList>().WithSummary("Units lost in transit or missing at a count, with their value, newest first; open=true for those neither found nor written off.");
        parts.MapPost("/losses/{id}/actions/{action}", CloseAsync).WithName("closeLoss").RequireAuthorization(Policies.Dispatch).Produces<Loss>().WithSummary("found in a depot, or write-off with a reason.");
        parts.MapGet("/custody/check", CheckAsync).WithName("checkCustody").RequireAuthorization(Policies.Read).Produces<CustodyCheck>().WithSummary("Computes the signatures of the ledger anew, of all units or of one; the first move that does not fit.");
        parts.MapGet("/balance", BalanceAsync).WithName("getPartsBalance").RequireAuthorization(Policies.Read).WithSummary("Where all units of each part are; conserved says that what came in is all there.");
    }

    private static async Task<IResult> EnterAsync([FromBody] NewUnitRequest unit, ClaimsPrincipal user, ICustody custody, CancellationToken ct)
    {
        var entered = await custody.EnterAsync(user.Tenant(), new NewUnit(unit.Serial ?? "", unit.Sku ?? "", unit.Depot ?? "", unit.Quality ?? UnitQuality.New), user.Actor(), ct);
        return entered.Succeeded ? TypedResults.Created($"/api/v1/parts/units/{Uri.EscapeDataString(entered.Value.Serial)}", entered.Value) : Problems.Of(entered.Refusal);
    }

    private static async Task<IResult> ActAsync(string serial, string action, [FromBody] UnitActionRequest? request, ClaimsPrincipal user, ICustody custody, CancellationToken ct) =>
        (await custody.ActAsync(user.Tenant(), serial, new UnitAction(action, user.Actor(), request?.Depot, request?.Device, request?.Carrier, request?.Reason), ct)).ToResult(unit => unit);

    private static async Task<IResult> OfferAsync(string serial, [FromBody] HandOverRequest request, ClaimsPrincipal user, ICustody custody, CancellationToken ct)
    {
        var offered = await custody.OfferAsync(user.Tenant(), serial, request.To ?? "", request.Receiver, user.Actor(), ct);
        return offered.Succeeded ? TypedResults.Created("/api/v1/parts/hand-overs", offered.Value) : Problems.Of(offered.Refusal);
    }

    private static async Task<Page<HandOver>> HandOversAsync([AsParameters] PageQuery page, bool? open, ClaimsPrincipal user, ICustody custody, CancellationToken ct) =>
        (await custody.HandOversAsync(user.Tenant(), open ?? false, ct)).SliceInOrder(page, offer => offer.Id, offer => offer);

    private static async Task<IResult> DecideAsync(string id, string action, [FromBody] HandOverAnswer? answer, ClaimsPrincipal user, ICustody custody, CancellationToken ct) => action is "confirm" or "refuse"
        ? (await custody.DecideAsync(user.Tenant(), id, action is "confirm", user.Actor(), answer?.Reason, ct)).ToResult(offer => offer)
        : Problems.Invalid($"'{action}' is no answer to a hand-over; confirm and refuse are");

    private static async Task<LossList> LossesAsync(bool? open, ClaimsPrincipal user, ICustody custody, CancellationToken ct)
    {
        var losses = await custody.LossesAsync(user.Tenant(), open ?? false, ct);
        return new LossList(losses, [.. losses.Where(l => l.State is not LossState.Found).GroupBy(l => l.Currency).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => new LossTotal(g.Key, g.Count(), g.Sum(l => l.Value)))]);
    }

    private static async Task<IResult> CloseAsync(string id, string action, [FromBody] LossRequest? request, ClaimsPrincipal user, ICustody custody, CancellationToken ct) => action switch
    {
        "found" => (await custody.FindAsync(user.Tenant(), id, request?.Depot ?? "", user.Actor(), ct)).ToResult(loss => loss),
        "write-off" => (await custody.WriteOffAsync(user.Tenant(), id, request?.Reason ?? "", user.Actor(), ct)).ToResult(loss => loss),
        _ => Problems.Invalid($"'{action}' does not close a loss; found and write-off do"),
    };

    private static Task<CustodyCheck> CheckAsync(string? serial, ClaimsPrincipal user, ICustody custody, CancellationToken ct) => custody.CheckAsync(user.Tenant(), serial, ct);

    private static async Task<Page<UnitBalance>> BalanceAsync([AsParameters] PageQuery page, string? sku, ClaimsPrincipal user, ICustody custody, CancellationToken ct) =>
        (await custody.BalanceAsync(user.Tenant(), sku, ct)).Slice(page, balance => balance.Sku, balance => balance);
}
