using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Accounts;
using Seamless.ServiceDesk.Parts;

namespace Seamless.Portal.Api;

/// <param name="From">Now when not given.</param>
/// <param name="Until">Until further notice when not given.</param>
public sealed record OutageRequest(string? Reason, DateTimeOffset? From = null, DateTimeOffset? Until = null);

public sealed record CarrierFiguresAnswer(DateTimeOffset From, DateTimeOffset To, IReadOnlyList<CarrierFigures> Items);

/// <summary>Who brings parts to sites: terms, quotes, outages, figures.</summary>
internal static class CarrierEndpoints
{
    public static void MapCarriers(this RouteGroupBuilder api)
    {
        var carriers = api.MapGroup("/carriers").WithTags("Parts");
        carriers.MapGet("/", ListAsync).WithName("listCarriers").RequireAuthorization(Policies.Read).WithSummary("Carriers with their terms and outages; the built-in courier as long as there is none of your own.");
        carriers.MapPut("/{id}", PutAsync).WithName("putCarrier").RequireAuthorization(Policies.Admin).Produces<CarrierState>().WithSummary("Hours, cut-off times by depot or time zone, speeds, prices; what is left out is as with the built-in courier.");
        carriers.MapDelete("/{id}", RemoveAsync).WithName("removeCarrier").RequireAuthorization(Policies.Admin).Produces<CarrierState>().WithSummary("No new shipments with it; what is under way stays.");
        carriers.MapPost("/{id}/outage", BreakAsync).WithName("beginOutage").RequireAuthorization(Policies.Dispatch).Produces<CarrierState>().WithSummary("It does not collect; what waits for it goes with another at once.");
        carriers.MapDelete("/{id}/outage", MendAsync).WithName("endOutage").RequireAuthorization(Policies.Dispatch).Produces<CarrierState>().WithSummary("It collects again.");
        carriers.MapGet("/quotes", QuoteAsync).WithName("quoteCarriers").RequireAuthorization(Policies.Read).Produces<CarrierQuotes>().WithSummary("Pick-up, arrival and price of each from a depot over km, the cheapest first; at: ready by then.");
        carriers.MapGet("/figures", MeasureAsync).WithName("getCarrierFigures").RequireAuthorization(Policies.Read).Produces<CarrierFiguresAnswer>().WithSummary("Shipments, same-day share, on-time share and losses by carrier; the last 30 days unless told otherwise.");
    }

    private static async Task<Page<CarrierState>> ListAsync([AsParameters] PageQuery page, ClaimsPrincipal user, ICarriers carriers, CancellationToken ct) =>
        (await carriers.ListAsync(user.Tenant(), ct)).Slice(page, carrier => carrier.Id, carrier => carrier);

    private static async Task<IResult> PutAsync(string id, [FromBody] CarrierTerms terms, ClaimsPrincipal user, ICarriers carriers, CancellationToken ct) =>
        (await carriers.PutAsync(user.Tenant(), id, terms, ct)).ToResult(carrier => carrier);

    private static async Task<IResult> RemoveAsync(string id, ClaimsPrincipal user, ICarriers carriers, CancellationToken ct) =>
        (await carriers.RemoveAsync(user.Tenant(), id, ct)).ToResult(carrier => carrier);

    private static async Task<IResult> BreakAsync(string id, [FromBody] OutageRequest outage, ClaimsPrincipal user, ICarriers carriers, TimeProvider time, CancellationToken ct) =>
        (await carriers.SetOutageAsync(user.Tenant(), id, new CarrierOutage(outage.From ?? time.GetUtcNow(), outage.Until, outage.Reason?.Trim() ?? ""), ct)).ToResult(carrier => carrier);

    private static async Task<IResult> MendAsync(string id, ClaimsPrincipal user, ICarriers carriers, CancellationToken ct) =>
        (await carriers.SetOutageAsync(user.Tenant(), id, null, ct)).ToResult(carrier => carrier);

    private static async Task<IResult> QuoteAsync(string? depot, double? km, Instant? at, ClaimsPrincipal user, ICarriers carriers, CancellationToken ct) => depot is null || km is null
        ? Problems.Invalid("give 'depot' and 'km', the distance from there")
        : (await carriers.QuoteAsync(user.Tenant(), depot, km.Value, at?.At, ct)).ToResult(quotes => quotes);

    private static async Task<IResult> MeasureAsync(Instant? from, Instant? to, ClaimsPrincipal user, ICarriers carriers, TimeProvider time, CancellationToken ct) => KpiEndpoints.Period(from, to, time, out var begin, out var end)
        ? TypedResults.Ok(new CarrierFiguresAnswer(begin, end, await carriers.MeasureAsync(user.Tenant(), begin, end, ct)))
        : Problems.Invalid("'from' must be before 'to'");
}
