using Microsoft.AspNetCore.Routing.Template;

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
        api.MapGaps();
        api.MapLimits();
        api.MapUpdates();
        api.MapDeviceCommands();
        api.MapAlarms();
        api.MapAlarmFigures();
        api.MapMaintenance();
        api.MapRemedies();
        api.MapTickets();
        api.MapEvidence();
        api.MapPromises();
        api.MapReliability();
        api.MapGuidance();
        api.MapArticles();
        api.MapContext();
        api.MapSupervision();
        api.MapSessions();
        api.MapTracking();
        api.MapCustomerDoor();
        api.MapSupport();
        api.MapSurveys();
        api.MapComplaints();
        api.MapCustomerRequests();
        api.MapMessages();
        api.MapPrices();
        api.MapQuotes();
        api.MapContracts();
        api.MapCommerceSettings();
        api.MapLedger();
        api.MapRepairOptions();
        api.MapCare();
        api.MapTips();
        api.MapQueue();
        api.MapContacts();
        api.MapImpacts();
        api.MapJourneys();
        api.MapParts();
        api.MapStockPlanning();
        api.MapCompatibility();
        api.MapCustody();
        api.MapStockCounts();
        api.MapRepairs();
        api.MapCarriers();
        api.MapPartForecasts();
        api.MapDispatch();
        api.MapTeams();
        api.MapRules();
        api.MapDrawings();
        api.MapModels();
        api.MapLabels();
        api.MapEvaluation();
        api.MapDeadLetters();
        api.MapOffice();
        api.MapKpis();
        api.MapAgreements();
        api.MapMystery();
        api.MapNotifications();
        api.MapBackups();
        app.Map("/api/{**path}", NowhereAsync).AllowAnonymous().ExcludeFromDescription();
        return api;
    }

    /// <summary>Without it the pages' own "not found" would answer programs in HTML.</summary>
    private static Task NowhereAsync(HttpContext context, EndpointDataSource endpoints)
    {
        var methods = endpoints.Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText?.StartsWith("/api/v1", StringComparison.Ordinal) == true && Matches(endpoint, context.Request.Path))
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [])
            .Distinct().Order(StringComparer.Ordinal).ToArray();
        context.Response.StatusCode = methods switch
        {
            [] => StatusCodes.Status404NotFound,
            _ when methods.Contains(context.Request.Method) => StatusCodes.Status415UnsupportedMediaType,   // all but the body's type fits
            _ => StatusCodes.Status405MethodNotAllowed,
        };
        if (context.Response.StatusCode == StatusCodes.Status405MethodNotAllowed) context.Response.Headers.Allow = string.Join(", ", methods);
        return Task.CompletedTask;
    }

    private static bool Matches(RouteEndpoint endpoint, PathString path) =>
        new TemplateMatcher(new RouteTemplate(endpoint.RoutePattern), []).TryMatch(path.Value!.TrimEnd('/') is { Length: > 0 } trimmed ? trimmed : "/", []);
}
