using Microsoft.Data.Sqlite;
using Seamless.Storage.Log;
using Seamless.Storage.Operations;
using Seamless.Storage.Space;
using Seamless.Storage.TimeSeries;

namespace Seamless.Portal.Api;

public sealed record LiveView(string Status);

/// <param name="Status"><c>ready</c>, or <c>degraded</c> while something asks for a person: the doors are open all the same.</param>
/// <param name="Lag">Records that each follower of the log has still to handle; a platform that catches up is ready.</param>
/// <param name="Parts">Somebody else's programs that this platform works with; empty when all is embedded.</param>
public sealed record HealthView(string Status, IReadOnlyDictionary<string, long> Lag, DiskView Disk, IReadOnlyList<ExternalPartView> Parts);

/// <param name="SendersWait">Nothing is taken in until there is room.</param>
/// <param name="WarnBytes">Below it an alarm is raised.</param>
/// <param name="ReserveBytes">Below it senders wait.</param>
public sealed record DiskView(DiskState State, bool SendersWait, long FreeBytes, long WarnBytes, long ReserveBytes);

public sealed record ExternalPartView(string Name, string Address, bool Well, string Detail);

/// <summary>For the orchestrator: restart me when not live; send nobody while not ready.</summary>
internal static class Health
{
    private const string Ready = "ready", Degraded = "degraded";

    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", () => new LiveView("live")).AllowAnonymous().WithName("getLive").WithTags("Health").WithSummary("The process answers.");
        app.MapGet("/health/ready", ReadyAsync).AllowAnonymous().WithName("getReady").WithTags("Health").Produces<HealthView>()
            .WithSummary("Both doors are open and the databases answer; how the disk and the external parts are, and how far the log's followers are behind.");
    }

    private static async Task<IResult> ReadyAsync(
        ITelemetryLog log, ILogHealth health, OperationsDatabase operations, IDiskWatch disk, ITimeSeriesStore store, IEnumerable<IExternalPart> parts, CancellationToken ct)
    {
        if (health.Failure is { } failure) return Unavailable($"the log cannot be written until the platform is restarted: {failure.Message}");
        try
        {
            await using var connection = new SqliteConnection(operations.ConnectionString);
            await connection.OpenAsync(ct);
        }
        catch (SqliteException error)
        {
            return Unavailable($"the operational database does not answer: {error.Message}");
        }
        var (space, others) = (View(disk.Report, health.WaitsForDisk), parts.Concat(store is IExternalPart own ? [own] : []).Select(View).ToList());
        var well = space is { State: DiskState.Ample, SendersWait: false } && others.TrueForAll(part => part.Well);
        return TypedResults.Ok(new HealthView(well ? Ready : Degraded, log.Lag(), space, others));
    }

    private static IResult Unavailable(string why) => TypedResults.Problem(why, statusCode: StatusCodes.Status503ServiceUnavailable);

    private static DiskView View(DiskReport report, bool sendersWait) =>
        new(sendersWait ? DiskState.Full : report.State, sendersWait, report.FreeBytes, report.Levels.WarnBytes, report.Levels.ReserveBytes);

    private static ExternalPartView View(IExternalPart part) => new(part.Name, part.Address, part.Health.Well, part.Health.Detail);
}
