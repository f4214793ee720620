using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Pages.Viewing;
using Seamless.ServiceDesk.Commerce.Documents;
using Seamless.ServiceDesk.Commerce.Prices;
using Seamless.Telemetry;

namespace Seamless.Portal.Pages.Actions;

/// <summary>One price at a time; each change puts another version of the list in force.</summary>
internal static class PriceActions
{
    private const string Home = "/prices";

    public static void Map(IEndpointRouteBuilder app)
    {
        var prices = app.MapGroup("/prices/{currency}").RequireAuthorization(policy => policy.RequireRole(Duties.Administration));

        prices.MapPost("/save", async (string currency, [FromServices] ActionRequest request, IPriceLists lists) =>
        {
            var item = Read(request);
            var saved = item.Succeeded ? await ChangeAsync(request, lists, currency, items => With(items, item.Value, request.Field("isNew") is not null)) : item.Refusal;
            return await request.AnswerAsync("price.save", $"prices:{currency}", saved, item.Value is { } p ? $"{p.Code} {p.Price}" : null, saved.Succeeded ? Home : null);
        });

        prices.MapPost("/remove", async (string currency, [FromServices] ActionRequest request, IPriceLists lists) =>
        {
            var code = request.Field("code");
            var removed = await ChangeAsync(request, lists, currency, items => items.Where(i => i.Code != code).ToList());
            return await request.AnswerAsync("price.remove", $"prices:{currency}", removed, code, removed.Succeeded ? Home : null);
        });
    }

    private static async Task<Outcome<Versioned<PriceList>>> ChangeAsync(ActionRequest request, IPriceLists lists, string currency, Func<IReadOnlyList<PriceItem>, Outcome<IReadOnlyList<PriceItem>>> change)
    {
        var viewer = request.Viewer;
        if (await lists.FindAsync(viewer.Tenant, currency, null, request.Aborted) is not { } list) return Refusal.NotFound("price-list-none", $"there is no price list in {currency} yet; put one with: seamless prices put {currency} prices.json");
        var items = change(list.Value.Items);
        return !items.Succeeded ? items.Refusal : await lists.PublishAsync(viewer.Tenant, list.Value with { Items = items.Value }, request.Whole("expected", list.Version), viewer.Name, request.Aborted);
    }

    private static Outcome<IReadOnlyList<PriceItem>> With(IReadOnlyList<PriceItem> items, PriceItem item, bool isNew)
    {
        if (items.All(i => i.Code != item.Code)) return items.Append(item).ToList();
        return isNew ? Refusal.Conflict("price-exists", $"'{item.Code}' has a price already; change it in the list") : items.Select(i => i.Code == item.Code ? item : i).ToList();
    }

    private static Outcome<PriceItem> Read(ActionRequest request)
    {
        if (request.Field("code") is not { } code) return Refusal.Invalid("price-code", "code: of a part its SKU, of anything else a word such as labour");
        if (!Enum.TryParse<PriceKind>(request.Field("kind"), out var kind)) return Refusal.Invalid("price-kind", "kind: is it a part, work, travel or a fee?");
        if (request.Field("price") is null) return Refusal.Invalid("price-amount", "price: an amount such as 86.50, 0 when it is free");
        var price = request.Amount("price");
        return price.Succeeded ? new PriceItem(code, kind, new(request.Field("nameEn") ?? "", request.Field("nameZh") ?? ""), request.Field("unit") ?? "", price.Value) : price.Refusal;
    }
}
