using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Accounts;
using Seamless.ServiceDesk.Commerce.Documents;
using Seamless.ServiceDesk.Commerce.Repairs;

namespace Seamless.Portal.Api;

/// <param name="Expected">The version you have seen: refused when another is in force. Not given: in any case.</param>
public sealed record BillOfMaterialsRequest(IReadOnlyList<BomItem> Items, int? Expected = null);

/// <summary>Repair or replace.</summary>
internal static class RepairOptions
{
    public static void MapRepairOptions(this RouteGroupBuilder api)
    {
        api.MapGet("/tickets/{id}/repair-options", OptionsAsync).WithName("getRepairOptions").WithTags("Commerce").RequireAuthorization(Policies.Read).Produces<RepairPlan>()
            .WithSummary("Component, assembly or whole unit: cost and end of each, and the cheapest that is done by the ticket's deadline, with the reason. part: what has failed.");
        var bill = api.MapGroup("/bom").WithTags("Commerce");
        bill.MapGet("/", BillAsync).WithName("getBillOfMaterials").RequireAuthorization(Policies.Read).Produces<Versioned<BillOfMaterials>>().WithSummary("The indentured bill of materials in force.");
        bill.MapPut("/", PutAsync).WithName("putBillOfMaterials").RequireAuthorization(Policies.Operate).Produces<Versioned<BillOfMaterials>>().WithSummary("A new version of it, whole.");
    }

    private static async Task<IResult> OptionsAsync(string id, string? part, ClaimsPrincipal user, IRepairAdvice advice, CancellationToken ct) =>
        (await advice.OfTicketAsync(user.Tenant(), id, part, ct)).ToResult(plan => plan);

    private static Task<Versioned<BillOfMaterials>> BillAsync(ClaimsPrincipal user, IRepairAdvice advice, CancellationToken ct) => advice.BillAsync(user.Tenant(), ct);

    private static async Task<IResult> PutAsync([FromBody] BillOfMaterialsRequest bill, ClaimsPrincipal user, IRepairAdvice advice, CancellationToken ct) =>
        (await advice.PutBillAsync(user.Tenant(), new BillOfMaterials(bill.Items), bill.Expected, user.Actor(), ct)).ToResult(put => put);
}
