using Microsoft.Data.Sqlite;
using Seamless.Storage.Log;
using Seamless.Storage.Operations;

namespace Seamless.Portal.Api;

public sealed record LiveView(string Status);

/// <param name="Lag">Records that each follower of the log has still to handle.</param>
public sealed record HealthView(string Status, IReadOnlyDictionary<string, long> Lag);

/// <summary>For the orchestrator: restart me when not live; send nobody while not ready.</summary>
internal static class Health
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", () => new LiveView("live")).AllowAnonymous().WithName("getLive").WithTags("Health").WithSummary("The process answers.");
        app.MapGet("/health/ready", ReadyAsync).AllowAnonymous().WithName("getReady").WithTags("Health").Produces<HealthView>()
            .WithSummary("Both doors are open and the databases answer.");
    }

    private static async Task<IResult> ReadyAsync(ITelemetryLog log, OperationsDatabase operations, CancellationToken ct)
    {
        try
        {
            await using var connection = new SqliteConnection(operations.ConnectionString);
            await connection.OpenAsync(ct);
        }
        catch (SqliteException error)
        {
            return TypedResults.Problem($"the operational database does not answer: {error.Message}", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
        return TypedResults.Ok(new HealthView("ready", log.Lag()));
    }
}
