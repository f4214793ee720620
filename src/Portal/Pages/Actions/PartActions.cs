using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Pages.Viewing;
using Seamless.ServiceDesk.Parts;

namespace Seamless.Portal.Pages.Actions;

internal static class PartActions
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var parts = app.MapGroup("/parts").RequireAuthorization(policy => policy.RequireRole(Duties.Parts));

        parts.MapPost("/shipments/{id}/{milestone}", async (string id, string milestone, [FromServices] ActionRequest request, IPartsNetwork network) =>
            await request.AnswerAsync("shipment.report", $"shipment:{id}",
                await network.ReportShipmentAsync(request.Viewer.Tenant, id, milestone, request.Viewer.Name, request.Aborted), milestone));

        parts.MapPost("/returns/{id}", async (string id, [FromServices] ActionRequest request, IPartsNetwork network) =>
            await request.AnswerAsync("return.receive", $"return:{id}",
                await network.ReceiveReturnAsync(request.Viewer.Tenant, id, request.Field("disposition") ?? "", request.Viewer.Name, request.Aborted), request.Field("disposition")));
    }
}
