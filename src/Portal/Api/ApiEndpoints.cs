namespace Seamless.Portal.Api;

/// <summary>The HTTP API: one file per noun, all under <c>/api/v1</c>.</summary>
public static class ApiEndpoints
{
    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.AddApiDocumentation();
        return services;
    }

    public static RouteGroupBuilder MapApi(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api/v1").AddEndpointFilter(Paging.Check).AddEndpointFilter(ApiAudit.Record);
        api.MapDevices();
        api.MapSites();
        api.MapHistory();
        api.MapHistoryTransfer();
        api.MapDeviceCommands();
        api.MapAlarms();
        api.MapRemedies();
        api.MapTickets();
        api.MapTracking();
        api.MapParts();
        api.MapRules();
        api.MapModels();
        api.MapDeadLetters();
        api.MapOffice();
        api.MapBackups();
        return api;
    }
}
