using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Seamless.Portal.Accounts;

namespace Seamless.Portal.Tests.Api;

public sealed class WholeSetTests(RunningPlatform running)
{
    /// <summary>What anyone may call. telemetry and payloads: their own doors decide by device token or key.</summary>
    private static readonly string[] Anonymous =
    [
        "GET /api/v1/track/{code}", "POST /api/v1/devices/{device}/telemetry", "GET /api/v1/updates/payloads/{artefact}", "GET /health/live", "GET /health/ready",
        // What a customer says: the tracking code is the key.
        "GET /api/v1/track/{code}/voice", "POST /api/v1/track/{code}/rating", "POST /api/v1/track/{code}/complaints", "POST /api/v1/track/{code}/complaints/{number}/decision",
        "POST /api/v1/track/{code}/compliments", "POST /api/v1/track/{code}/requests",
        // What service costs, and whether the customer agrees to pay for it.
        "GET /api/v1/prices", "GET /api/v1/prices/{currency}", "GET /api/v1/track/{code}/quote", "POST /api/v1/track/{code}/quote/decision", "GET /api/v1/track/{code}/options", "POST /api/v1/track/{code}/options/{option}",
        // What a customer helps themselves to.
        "GET /api/v1/track/{code}/incident", "GET /api/v1/track/{code}/articles", "GET /api/v1/track/{code}/articles/{id}", "PUT /api/v1/track/{code}/articles/{id}/subscription",
        "DELETE /api/v1/track/{code}/articles/{id}/subscription", "GET /api/v1/track/{code}/subscriptions", "POST /api/v1/track/{code}/enhancements", "GET /api/v1/track/{code}/versions",
        "GET /api/v1/track/{code}/downloads", "GET /api/v1/track/{code}/downloads/{artefact}",
        // Whether somebody may reach into the customer's machine, and the end of it.
        "GET /api/v1/track/{code}/sessions", "POST /api/v1/track/{code}/sessions/{no}/consent", "POST /api/v1/track/{code}/sessions/{no}/decline", "POST /api/v1/track/{code}/sessions/{no}/end",
    ];

    /// <summary>ThingsBoard's device API, outside our own: the device's token stands in the path and is the login (docs/reference/thingsboard.md).</summary>
    private const string TokenInPath = "/api/v1/sd_{secret:length(43)}/";

    private IEnumerable<RouteEndpoint> ApiEndpoints => running.Platform.Services.GetServices<EndpointDataSource>()
        .SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
        .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/api/v1", StringComparison.Ordinal) && !endpoint.RoutePattern.RawText!.StartsWith(TokenInPath, StringComparison.Ordinal))
        .DistinctBy(endpoint => endpoint.DisplayName);

    [Fact]
    public void Every_endpoint_of_the_api_has_a_policy_or_is_on_the_list_of_anonymous_ones()
    {
        Assert.NotEmpty(ApiEndpoints);
        foreach (var endpoint in ApiEndpoints)
        {
            var name = $"{endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods[0]} {endpoint.RoutePattern.RawText!.TrimEnd('/')}";
            if (Anonymous.Contains(name)) continue;
            var policy = endpoint.Metadata.GetMetadata<IAuthorizeData>()?.Policy;
            Assert.True(policy is not null && Policies.RolesOf.ContainsKey(policy), $"{name} has the policy '{policy}'");
            Assert.True(endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null, $"{name} lets anyone in");
        }
    }

    /// <summary>A page takes posts to its own address: an action there would be met by both, which is an error 500.</summary>
    [Fact]
    public void No_two_endpoints_wait_for_the_same_post()
    {
        var posts = running.Platform.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().DistinctBy(endpoint => endpoint.DisplayName)
            .Where(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains("POST") == true)
            .ToLookup(endpoint => Regex.Replace(endpoint.RoutePattern.RawText!, "{[^}]+}", "{}").Trim('/').ToUpperInvariant() + (endpoint.Order == 0 ? "" : $" #{endpoint.Order}"));
        Assert.Contains("PARTS/PLAN", posts.Select(post => post.Key));
        Assert.All(posts, post => Assert.Single(post));
    }

    [Fact]
    public async Task Every_operation_is_documented_with_an_id_and_a_summary()
    {
        var document = JsonNode.Parse(await running.Admin.GetStringAsync("/openapi/v1.json"))!;
        var operations = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(operation => (Name: $"{operation.Key.ToUpperInvariant()} {path.Key}", Body: operation.Value!))).ToList();

        Assert.All(operations, operation => Assert.False(string.IsNullOrEmpty((string?)operation.Body["summary"]), $"{operation.Name} has no summary"));
        Assert.All(operations, operation => Assert.False(string.IsNullOrEmpty((string?)operation.Body["operationId"]), $"{operation.Name} has no id"));
        Assert.All(Anonymous, name => Assert.Contains(operations, operation => operation.Name == name));
        foreach (var promised in (string[])["/api/v1/devices/{device}/latest", "/api/v1/alarms/{id}/trace", "/api/v1/alarms/{id}/confirm", "/api/v1/alarms/{id}/reset", "/api/v1/alarms/performance", "/api/v1/maintenance", "/api/v1/maintenance/{id}", "/api/v1/maintenance.ics", "/api/v1/tickets/{id}/actions/{action}", "/api/v1/parts/units/{serial}", "/api/v1/rules/backtest", "/api/v1/models/{id}/report", "/api/v1/labels", "/api/v1/labels/{id}", "/api/v1/evaluation", "/api/v1/dead-letters/replay", "/api/v1/kpis", "/api/v1/audit"])
            Assert.NotNull(document["paths"]![promised]);
    }
}
