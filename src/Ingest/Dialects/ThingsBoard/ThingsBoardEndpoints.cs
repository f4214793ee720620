using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Seamless.Fleet.Registry;
using Seamless.Ingest.Http;
using Seamless.Ingest.Receiving;

namespace Seamless.Ingest.Dialects.ThingsBoard;

/// <summary>The same over HTTP, for devices that keep no connection: <c>/api/v1/{token}/…</c>. A token begins with <c>sd_</c>, which none of our own paths does.</summary>
internal static class ThingsBoardEndpoints
{
    private const string Root = "/api/v1/sd_{secret:length(43)}";
    private static readonly TimeSpan LongestPoll = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan UsualPoll = TimeSpan.FromSeconds(30);

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        // Anonymous to the middleware: the token in the path is the login. Not in our own API's description: docs/reference/thingsboard.md has it.
        var api = endpoints.MapGroup(Root).AllowAnonymous().ExcludeFromDescription();
        api.MapPost("/telemetry", (string secret, HttpContext context, HttpDoor door, CancellationToken ct) => door.ReceiveAsync(secret, context, DeviceApi.TelemetryTopic, ct));
        api.MapPost("/attributes", (string secret, HttpContext context, HttpDoor door, CancellationToken ct) => door.ReceiveAsync(secret, context, DeviceApi.AttributesTopic, ct));
        api.MapPost("/claim", (string secret, HttpContext context, HttpDoor door, CancellationToken ct) => door.ReceiveAsync(secret, context, DeviceApi.Prefix + "claim", ct));
        api.MapPost("/rpc/{id:length(1,16)}", (string secret, string id, HttpContext context, HttpDoor door, CancellationToken ct) => door.ReceiveAsync(secret, context, DeviceApi.RpcResponses + id, ct));
        api.MapGet("/attributes", AttributesAsync);
        api.MapGet("/rpc", PollAsync);
        api.MapPost("/rpc", CallAsync);
    }

    private static async Task<IResult> AttributesAsync(string secret, string? clientKeys, string? sharedKeys, IDeviceLogins logins, Attributes attributes, CancellationToken ct)
    {
        if (await DeviceOf(secret, logins, ct) is not { } device) return UnknownToken();
        return Json(await attributes.AskAsync(device.Key, clientKeys, sharedKeys, ct));
    }

    /// <param name="timeout">Milliseconds.</param>
    private static async Task<IResult> PollAsync(string secret, long? timeout, IDeviceLogins logins, IDeviceRegistry devices, Rpc rpc, TimeProvider time, CancellationToken ct)
    {
        if (await DeviceOf(secret, logins, ct) is not { } device) return UnknownToken();
        devices.Seen(device.Key, time.GetUtcNow());
        var asked = timeout is > 0 and var ms ? TimeSpan.FromMilliseconds(Math.Min(ms, LongestPoll.TotalMilliseconds)) : UsualPoll;
        using var ends = new CancellationTokenSource(asked, time);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct, ends.Token);
        if (await rpc.PollAsync(device.Key, patience.Token) is not { } command) return Results.StatusCode(StatusCodes.Status408RequestTimeout);
        var call = Rpc.Request(command);
        call["id"] = Rpc.IdOf(command.Id);
        return Json(call);
    }

    private static async Task<IResult> CallAsync(string secret, HttpContext context, IDeviceLogins logins, DeviceApi api, IOptions<IngestOptions> options, CancellationToken ct)
    {
        if (await DeviceOf(secret, logins, ct) is not { } device) return UnknownToken();
        if (await IngestEndpoints.ReadBodyAsync(context.Request, options.Value.MaxPayloadBytes, ct) is not { } body) return TooLarge(options.Value);
        var (answer, receipt) = await api.CallAsync(device.Key, body, ct);
        return receipt.Accepted > 0 ? Json(answer) : IngestEndpoints.Refused(receipt.Rejects[0], receipt, context);
    }

    private static async ValueTask<DevicePrincipal?> DeviceOf(string secret, IDeviceLogins logins, CancellationToken ct) => await logins.FindByTokenAsync("sd_" + secret, ct);
    private static IResult UnknownToken() => Results.Problem("no device has this token", statusCode: StatusCodes.Status401Unauthorized);
    private static IResult TooLarge(IngestOptions options) => Results.Problem($"at most {options.MaxPayloadBytes} bytes are read", statusCode: StatusCodes.Status413PayloadTooLarge);
    private static IResult Json(JsonNode node) => Results.Text(node.ToJsonString(), "application/json");

    /// <summary>A body becomes a message on the topic that it would have come by over MQTT. 200 when everything that could be used is durable.</summary>
    internal sealed class HttpDoor(IDeviceLogins logins, Receiver receiver, TimeProvider time, IOptions<IngestOptions> options)
    {
        public async Task<IResult> ReceiveAsync(string secret, HttpContext context, string topic, CancellationToken ct)
        {
            if (await DeviceOf(secret, logins, ct) is not { } device) return UnknownToken();
            if (await IngestEndpoints.ReadBodyAsync(context.Request, options.Value.MaxPayloadBytes, ct) is not { } body) return TooLarge(options.Value);
            var receipt = await receiver.ReceiveAsync(new InboundMessage("http", topic, device.Key.ToString(), context.Request.ContentType, body, time.GetUtcNow()) { WhenTooFast = WhenTooFast.Tell }, device, ct);
            return receipt is { Accepted: 0, Rejects: [var first, ..] } ? IngestEndpoints.Refused(first, receipt, context) : Results.Ok();
        }
    }
}
