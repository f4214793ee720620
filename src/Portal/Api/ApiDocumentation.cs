using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Scalar.AspNetCore;
using Seamless.Fleet.Limits;
using Seamless.Rules.Packs;
using Seamless.Storage.TimeSeries;

namespace Seamless.Portal.Api;

/// <summary>OpenAPI at <c>/openapi/v1.json</c>, readable at <c>/scalar</c>; made from the endpoints, so it cannot lag behind them.</summary>
internal static class ApiDocumentation
{
    private const string Bearer = "apiKey";

    public static void AddApiDocumentation(this IServiceCollection services) => services.AddOpenApi("v1", openApi =>
    {
        openApi.AddDocumentTransformer(Describe);
        openApi.AddOperationTransformer(RequireKey);
        openApi.AddSchemaTransformer(ShowAsWritten);
    });

    public static void MapApiDocumentation(this IEndpointRouteBuilder app)
    {
        app.MapOpenApi().AllowAnonymous();
        app.MapScalarApiReference("/scalar", scalar =>
        {
            scalar.Title = "Seamless API";
            scalar.DefaultFonts = false;   // they would come from elsewhere; this page works offline
            scalar.Telemetry = false;
        }).AllowAnonymous();
    }

    private static Task Describe(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken ct)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Seamless", Version = "v1",
            Description = "Remote diagnostics and predictive maintenance. Times are RFC 3339 UTC; errors are RFC 9457 problem details; lists take limit and cursor.",
        };
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[Bearer] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An API key: Authorization: Bearer sk_…",
        };
        return Task.CompletedTask;
    }

    private static Task RequireKey(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<IAllowAnonymous>().Any()) return Task.CompletedTask;
        var policy = metadata.OfType<IAuthorizeData>().Select(authorize => authorize.Policy).FirstOrDefault(name => name is not null);
        operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, context.Document)] = [] }];
        operation.Description = $"{operation.Description} Needs the policy `{policy}`.".Trim();
        return Task.CompletedTask;
    }

    /// <summary>The types that our converters write differently from how they are built.</summary>
    private static Task ShowAsWritten(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken ct)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (type == typeof(DateTimeOffset)) (schema.Type, schema.Format) = (JsonSchemaType.String, "date-time");
        else if (type == typeof(LocalizedText)) schema.Description = "A string, or {\"en\": …, \"zhCN\": …}.";
        else if (type == typeof(SeriesPoint)) (schema.Type, schema.Description) = (JsonSchemaType.Array, "[Unix ms, number], or [Unix ms, \"text\"] for a state.");
        else if (type == typeof(Cap)) schema.Description = "A whole number of 1 or more, or \"none\".";
        return Task.CompletedTask;
    }
}
