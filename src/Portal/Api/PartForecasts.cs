using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Accounts;
using Seamless.ServiceDesk.Parts.Planning;

namespace Seamless.Portal.Api;

public sealed record KitLineView(string Sku, string Title, double FailuresPerYear, double LeadTimeDays, double Mean, int Quantity, double FillRate, decimal Value);

/// <param name="Documents">What has to travel with it: packing-list, commercial-invoice, certificate-of-origin, customs-tariff-numbers, serial-number-list, pro-forma-invoice, ata-carnet.</param>
public sealed record KitView(string Type, int Machines, double CustomsDays, double TargetFillRate, IReadOnlyList<KitLineView> Lines, decimal Value, string Currency, IReadOnlyList<string> Documents);

/// <summary>How good the forecasts are, and what they say of machines that go far away.</summary>
internal static class PartForecasts
{
    public static void MapPartForecasts(this RouteGroupBuilder api)
    {
        var parts = api.MapGroup("/parts").WithTags("Parts");
        parts.MapGet("/forecast-accuracy", AccuracyAsync).WithName("getForecastAccuracy").RequireAuthorization(Policies.Read).Produces<Page<ForecastAccuracy>>()
            .WithSummary("Backtest of the demand forecast of each part over its lead time: MASE (below 1 beats 'as many as last time'), bias and mean absolute error; the worst first.");
        parts.MapPost("/kits/size", SizeAsync).WithName("sizeConsignmentKit").RequireAuthorization(Policies.Read).Produces<KitView>()
            .WithSummary("Spares to ship with machines that go abroad: the fewest of each part that reach the fill rate while a replacement is on its way, customs included, and the documents. Changes nothing.");
    }

    private static async Task<Page<ForecastAccuracy>> AccuracyAsync([AsParameters] PageQuery page, string? sku, ClaimsPrincipal user, IForecasts forecasts, CancellationToken ct) =>
        ((IReadOnlyList<ForecastAccuracy>)[.. (await forecasts.BacktestAsync(user.Tenant(), ct)).Where(a => sku is null || a.Sku == sku)]).SliceInOrder(page, a => a.Sku, a => a);

    private static async Task<IResult> SizeAsync([FromBody] KitRequest request, ClaimsPrincipal user, HttpContext http, IKits kits, CancellationToken ct)
    {
        var text = http.Texts();
        return (await kits.SizeAsync(user.Tenant(), request, ct)).ToResult(kit => new KitView(
            kit.Type, kit.Machines, kit.CustomsDays, kit.TargetFillRate,
            [.. kit.Lines.Select(l => new KitLineView(l.Sku, text(l.Title), l.FailuresPerYear, l.LeadTimeDays, l.Mean, l.Quantity, l.FillRate, l.Value))], kit.Value, kit.Currency, kit.Documents));
    }
}
