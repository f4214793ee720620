using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Accounts;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Commerce.Catalogue;
using Seamless.ServiceDesk.Commerce.Contracts;
using Seamless.ServiceDesk.Commerce.Coverage;
using Seamless.ServiceDesk.Customers.Requests;

namespace Seamless.Portal.Api;

/// <param name="Id">The contract's number, <c>CT-1001</c>.</param>
public sealed record ContractView(
    string Id, string Device, string Customer, string Tier, CoveragePack Pack, ContractStatus Status, DateTimeOffset Start, DateTimeOffset End, decimal Price, string Currency, string? Renews,
    string? RenewedBy, DateTimeOffset? CancelledAt, OutcomeTerms? Outcome, int Version)
{
    public static ContractView Of(Contract c, DateTimeOffset now) =>
        new(c.Number, c.Device, c.Customer, c.Tier, c.Pack, c.StatusAt(now), c.Start, c.End, c.Price, c.Currency, c.Renews, c.RenewedBy, c.CancelledAt, c.Outcome, c.Version);
}

/// <param name="Start">Now when not given.</param>
/// <param name="Customer">The device's when not given; likewise the tier.</param>
/// <param name="Price">For the whole term.</param>
public sealed record ContractRequest(
    CoveragePack Pack, DateTimeOffset End, string? Device = null, DateTimeOffset? Start = null, string? Customer = null, string? Tier = null, decimal Price = 0, string? Currency = null, OutcomeTerms? Outcome = null);

/// <param name="Note">Why.</param>
public sealed record CancellationRequest(string? Note = null);

/// <param name="Reason">Why it is offered, or why not.</param>
public sealed record EntitlementView(ServiceOption Option, string Name, string Description, bool Offered, bool Included, string Reason)
{
    public static EntitlementView Of(Entitlement e, Func<LocalizedText, string> text) => new(e.Option, text(e.Name), text(e.Description), e.Offered, e.Included, text(e.Reason));
}

/// <summary>Contracts and warranties, cover without gaps, and what customers are offered by them.</summary>
internal static class Contracts
{
    public static void MapContracts(this RouteGroupBuilder api)
    {
        var contracts = api.MapGroup("/contracts").WithTags("Commerce");
        contracts.MapGet("/", ListAsync).WithName("listContracts").RequireAuthorization(Policies.Read).Produces<Page<ContractView>>()
            .WithSummary("Contracts by number. status is a status; expiringWithin: days until the end, those not renewed.");
        contracts.MapPost("/", AddAsync).WithName("addContract").RequireAuthorization(Policies.Dispatch).Produces<ContractView>(StatusCodes.Status201Created).WithSummary("A contract or a warranty of one device.");
        contracts.MapGet("/cover", CoverAsync).WithName("reportCover").RequireAuthorization(Policies.Read).Produces<Page<DeviceCover>>()
            .WithSummary("Days of each device's life without cover, and when; the longest first.");
        contracts.MapGet("/{id}", FindAsync).WithName("getContract").RequireAuthorization(Policies.Read).Produces<ContractView>().WithSummary("One contract.");
        contracts.MapPost("/{id}/renew", RenewAsync).WithName("renewContract").RequireAuthorization(Policies.Dispatch).Produces<ContractView>(StatusCodes.Status201Created)
            .WithSummary("The next term, from the end of this one when no start is given. Ends the notices of this one.");
        contracts.MapPost("/{id}/cancel", CancelAsync).WithName("cancelContract").RequireAuthorization(Policies.Dispatch).Produces<ContractView>().WithSummary("Ends cover now.");

        api.MapGet("/devices/{device}/entitlements", EntitlementsAsync).WithName("listEntitlements").WithTags("Commerce").RequireAuthorization(Policies.Read).Produces<Page<EntitlementView>>()
            .WithSummary("What the device's contract and tier make of each option of the service catalogue, with the reason.");
        api.MapPost("/tickets/{id}/options/{option}", AskAsync).WithName("askForOption").WithTags("Commerce").RequireAuthorization(Policies.Dispatch).Produces<CustomerRequest>(StatusCodes.Status201Created)
            .WithSummary("The customer wants an option: a request to the service desk. What is not offered is refused.");
    }

    private static async Task<IResult> ListAsync(
        [AsParameters] PageQuery page, string? device, string? customer, string? status, int? expiringWithin, ClaimsPrincipal user, IContracts contracts, TimeProvider clock, CancellationToken ct)
    {
        if (EnumWords.Read<ContractStatus>("status", status, out var only) is { } unknown) return unknown;
        var now = clock.GetUtcNow();
        return TypedResults.Ok((await contracts.ListAsync(new ContractFilter(user.Tenant(), device, customer, only, expiringWithin), ct)).SliceInOrder(page, c => c.Number, c => ContractView.Of(c, now)));
    }

    private static async Task<IResult> FindAsync(string id, ClaimsPrincipal user, IContracts contracts, TimeProvider clock, CancellationToken ct) =>
        await contracts.FindAsync(user.Tenant(), id, ct) is { } contract ? TypedResults.Ok(ContractView.Of(contract, clock.GetUtcNow())) : Problems.NotFound($"there is no contract {id}");

    private static async Task<IResult> AddAsync([FromBody] ContractRequest r, ClaimsPrincipal user, IContracts contracts, TimeProvider clock, CancellationToken ct) => r.Device is null
        ? Problems.Invalid("'device' is missing: a contract is of one device")
        : Created(await contracts.AddAsync(new NewContract(user.Tenant(), r.Device, r.Pack, r.End, r.Start, r.Customer, r.Tier, r.Price, r.Currency, r.Outcome), user.Actor(), ct), clock);

    private static async Task<IResult> RenewAsync(string id, [FromBody] Renewal renewal, ClaimsPrincipal user, IContracts contracts, TimeProvider clock, CancellationToken ct) =>
        Created(await contracts.RenewAsync(user.Tenant(), id, renewal, user.Actor(), ct), clock);

    private static async Task<IResult> CancelAsync(string id, [FromBody] CancellationRequest request, ClaimsPrincipal user, IContracts contracts, TimeProvider clock, CancellationToken ct) =>
        (await contracts.CancelAsync(user.Tenant(), id, request.Note ?? "", user.Actor(), ct)).ToResult(contract => ContractView.Of(contract, clock.GetUtcNow()));

    private static async Task<Page<DeviceCover>> CoverAsync([AsParameters] PageQuery page, string? device, ClaimsPrincipal user, IContracts contracts, CancellationToken ct) =>
        (await contracts.CoverAsync(user.Tenant(), device, ct)).SliceInOrder(page, cover => cover.Device, cover => cover);

    private static async Task<IResult> EntitlementsAsync([AsParameters] PageQuery page, string device, ClaimsPrincipal user, HttpContext http, IEntitlements entitlements, CancellationToken ct) =>
        (await entitlements.OfDeviceAsync(user.Tenant(), device, ct)).ToResult(all => all.SliceInOrder(page, e => e.Option.ToString(), e => EntitlementView.Of(e, http.Texts())));

    private static async Task<IResult> AskAsync(string id, string option, ClaimsPrincipal user, IEntitlements entitlements, CancellationToken ct)
    {
        if (EnumWords.Read<ServiceOption>("option", option, out var wanted) is { } unknown) return unknown;
        var asked = await entitlements.AskAsync(user.Tenant(), id, wanted!.Value, user.Actor(), ct);
        return asked.Succeeded ? TypedResults.Created("/api/v1/requests", asked.Value) : Problems.Of(asked.Refusal);
    }

    private static IResult Created(Seamless.Telemetry.Outcome<Contract> outcome, TimeProvider clock) => outcome.Succeeded
        ? TypedResults.Created($"/api/v1/contracts/{outcome.Value.Number}", ContractView.Of(outcome.Value, clock.GetUtcNow())) : Problems.Of(outcome.Refusal);
}
