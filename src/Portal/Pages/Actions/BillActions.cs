using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Pages.Viewing;
using Seamless.ServiceDesk.Commerce.Documents;
using Seamless.ServiceDesk.Commerce.Repairs;
using Seamless.Telemetry;

namespace Seamless.Portal.Pages.Actions;

/// <summary>One part of the bill of materials at a time; each change puts another version of it in force.</summary>
internal static class BillActions
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var bill = app.MapGroup("/bom").RequireAuthorization(policy => policy.RequireRole(Duties.Engineering));

        bill.MapPost("/save", async ([FromServices] ActionRequest request, IRepairAdvice advice) =>
        {
            var item = Read(request);
            var saved = item.Succeeded ? await ChangeAsync(request, advice, items => With(items, item.Value, request.Field("isNew") is not null)) : item.Refusal;
            return await request.AnswerAsync("bill.save", $"bom:{item.Value?.Part ?? "new"}", saved, item.Value?.Within);
        });

        bill.MapPost("/{part}/remove", async (string part, [FromServices] ActionRequest request, IRepairAdvice advice) =>
            await request.AnswerAsync("bill.remove", $"bom:{part}", await ChangeAsync(request, advice, items => items.Where(i => i.Part != part).ToList())));
    }

    private static async Task<Outcome<Versioned<BillOfMaterials>>> ChangeAsync(ActionRequest request, IRepairAdvice advice, Func<IReadOnlyList<BomItem>, Outcome<IReadOnlyList<BomItem>>> change)
    {
        var viewer = request.Viewer;
        var seen = await advice.BillAsync(viewer.Tenant, request.Aborted);
        var items = change(seen.Value.Items);
        return !items.Succeeded ? items.Refusal : await advice.PutBillAsync(viewer.Tenant, new BillOfMaterials(items.Value), request.Whole("expected", seen.Version), viewer.Name, request.Aborted);
    }

    private static Outcome<IReadOnlyList<BomItem>> With(IReadOnlyList<BomItem> items, BomItem item, bool isNew)
    {
        if (items.All(i => i.Part != item.Part)) return items.Append(item).ToList();
        return isNew ? Refusal.Conflict("bill-part-exists", $"'{item.Part}' is in the bill of materials already; change it in the list") : items.Select(i => i.Part == item.Part ? item : i).ToList();
    }

    private static Outcome<BomItem> Read(ActionRequest request)
    {
        if (request.Field("part") is not { } part) return Refusal.Invalid("bill-part", "say which part it is");
        if (request.Field("cost") is null) return Refusal.Invalid("price-amount", "price: an amount such as 86.50, 0 when it is free");
        var cost = request.Amount("cost");
        return cost.Succeeded
            ? new BomItem(part, new(request.Field("nameEn") ?? "", request.Field("nameZh") ?? ""), cost.Value, request.Whole("minutes", 0), request.Field("within"), Hours(request, "benchHours"), Hours(request, "leadHours"))
            : cost.Refusal;
    }

    private static double Hours(ActionRequest request, string name) => double.TryParse(request.Field(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var hours) ? hours : 0;
}
