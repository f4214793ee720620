using System.Security.Claims;
using Seamless.Fleet.Audit;
using Seamless.Portal.Accounts;

namespace Seamless.Portal.Api;

/// <summary>Notes every change that is asked for over the API: by whom, from which address, and whether it was done.</summary>
internal static class ApiAudit
{
    /// <summary>Of what comes all the time and changes nothing when all is well: whoever does change something by it notes that.</summary>
    public static object Routine { get; } = new RoutineMark();

    private sealed record RoutineMark;

    public static async ValueTask<object?> Record(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var result = await next(context);
        if (HttpMethods.IsGet(http.Request.Method) || http.GetEndpoint()?.Metadata.GetMetadata<RoutineMark>() is not null || http.User.Identity?.IsAuthenticated != true) return result;
        var status = (result as IStatusCodeHttpResult)?.StatusCode ?? StatusCodes.Status200OK;
        var operation = http.GetEndpoint()?.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? http.Request.Method;
        await http.RequestServices.GetRequiredService<IAudit>().RecordAsync(
            http.User.Tenant(), http.User.Actor(), $"api.{operation}", http.Request.Path, http.Connection.RemoteIpAddress?.ToString(),
            status < 400 ? "done" : "refused", status < 400 ? null : $"status {status}", http.RequestAborted);
        return result;
    }
}
