using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Seamless.Fleet.Registry;
using Seamless.Ingest.Limits;
using Seamless.Ingest.Receiving;
using Seamless.Ingest.Replay;
using Seamless.Telemetry;
using Seamless.Telemetry.Payloads;

namespace Seamless.Ingest.Http;

/// <param name="Rejects">What could not be used, with reason and position; the payload is kept whole in the dead letters when there are any.</param>
public sealed record TelemetryAccepted(int Accepted, int Rejected, IReadOnlyList<Reject> Rejects);

/// <param name="Ids">Dead letters to send through ingest again; absent for all that were never replayed.</param>
public sealed record ReplayRequest(IReadOnlyList<long>? Ids);

public sealed record ReplayResult(IReadOnlyList<Replayed> Items);

internal static class IngestEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        // Anonymous to the middleware: a device's own token is no account of the host's; TelemetryWriters decides.
        endpoints.MapPost("/api/v1/devices/{device}/telemetry", TakeTelemetryAsync).AllowAnonymous()
            .WithName("sendTelemetry").WithTags("Telemetry").WithSummary("The same payloads as MQTT. 202 only when durable.");
        endpoints.MapPost("/api/v1/dead-letters/replay", ReplayAsync).RequireAuthorization(IngestPolicies.Operate)
            .WithName("replayDeadLetters").WithTags("Dead letters").WithSummary("Sends dead letters through ingest again.");
    }

    private static async Task<IResult> TakeTelemetryAsync(
        string device, HttpContext context, TelemetryWriters writers, Receiver receiver, IDeviceRegistry devices, TimeProvider time, IOptions<IngestOptions> options, CancellationToken ct)
    {
        var (tenant, source, status) = await writers.AdmitAsync(context, device, ct);
        if (tenant is null)
        {
            if (status == StatusCodes.Status401Unauthorized) context.Response.Headers.WWWAuthenticate = "Bearer";
            return Problem(status, "Send 'Authorization: Bearer <token of the device, or an API key that may write telemetry>'.");
        }
        var key = new DeviceKey(tenant, device);
        if (await devices.FindAsync(key, ct) is null) return Problem(StatusCodes.Status404NotFound, $"device {key} is not registered");
        if (await ReadBodyAsync(context.Request, options.Value.MaxPayloadBytes, ct) is not { } body)
            return Problem(StatusCodes.Status413PayloadTooLarge, $"at most {options.Value.MaxPayloadBytes} bytes are read");

        var message = new InboundMessage("http", Topic.Telemetry(key), source, context.Request.ContentType, body, time.GetUtcNow()) { WhenTooFast = WhenTooFast.Tell };
        var receipt = await receiver.ReceiveAsync(message, new DevicePrincipal(key, false), ct);
        if (receipt is { Accepted: 0, Rejects: [var first, ..] }) return Refused(first, receipt, context);
        return Results.Json(new TelemetryAccepted(receipt.Accepted, receipt.Rejects.Count, receipt.Rejects), statusCode: StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> ReplayAsync(ReplayRequest? request, ClaimsPrincipal user, DeadLetterReplay replay, CancellationToken ct) =>
        Results.Ok(new ReplayResult(await replay.ReplayAsync(TelemetryWriters.TenantOf(user), request?.Ids, user.Identity?.Name ?? "unknown", ct)));

    public static IResult Refused(Reject first, Receipt receipt, HttpContext context)
    {
        if (receipt.Excess is { RetryAfterSeconds: { } seconds } excess) return ComeAgain(excess, seconds, context);
        var reason = first.Reason.ToString();
        return Results.Problem(
            first.Position >= 0 ? $"{first.Detail} (byte {first.Position})" : first.Detail, statusCode: StatusCodes.Status400BadRequest, title: "Nothing in it could be used",
            type: "urn:seamless:rejected",
            extensions: new Dictionary<string, object?> { ["reason"] = char.ToLowerInvariant(reason[0]) + reason[1..], ["position"] = first.Position, ["rejects"] = receipt.Rejects });
    }

    private static IResult ComeAgain(Excess excess, long seconds, HttpContext context)
    {
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return Results.Problem(
            excess.Reason, statusCode: StatusCodes.Status429TooManyRequests, title: "Too many requests", type: "urn:seamless:limit",
            extensions: new Dictionary<string, object?> { ["limit"] = excess.Name, ["allowed"] = excess.Allowed, ["retryAfter"] = seconds });
    }

    /// <returns>Null when it is longer than <paramref name="maxBytes"/>.</returns>
    public static async Task<byte[]?> ReadBodyAsync(HttpRequest request, int maxBytes, CancellationToken ct)
    {
        if (request.ContentLength > maxBytes) return null;
        using var body = new MemoryStream();
        var chunk = new byte[16 * 1024];
        for (int read; (read = await request.Body.ReadAsync(chunk, ct)) > 0;)
        {
            if (body.Length + read > maxBytes) return null;
            body.Write(chunk, 0, read);
        }
        return body.ToArray();
    }

    private static IResult Problem(int status, string detail) => Results.Problem(detail, statusCode: status);
}
