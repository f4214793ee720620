using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Seamless.Fleet.Commands;
using Seamless.Fleet.Registry;
using Seamless.Portal.Accounts;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Knowledge.Supervision;
using Seamless.ServiceDesk.Sessions;

namespace Seamless.Portal.Api;

/// <param name="Args">A JSON object for the device.</param>
/// <param name="RiskClass">R0 read, R1 reversible, R2 service interruption, R3 irreversible (administrators only). The playbook's when not given, R1 without one.</param>
/// <param name="ExpiresInSeconds">The device refuses to act after that; 60 when not given.</param>
/// <param name="IdempotencyKey">The same key gives the same command. Also as the header Idempotency-Key.</param>
public sealed record NewCommand(string Name, JsonElement? Args = null, string? RiskClass = null, int? ExpiresInSeconds = null, string? IdempotencyKey = null);

public sealed record CommandView(
    string Id, string Device, string Name, JsonElement Args, string RiskClass, string IdempotencyKey, string Actor, CommandState Status,
    int Progress, string? Detail, JsonElement? Data, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? SentAt, DateTimeOffset? FinishedAt);

internal static class DeviceCommands
{
    private const int MaxExpirySeconds = 7 * 24 * 3600;
    private static readonly string[] RiskClasses = ["R0", "R1", "R2", "R3"];

    public static void MapDeviceCommands(this RouteGroupBuilder api)
    {
        var commands = api.MapGroup("/devices/{device}/commands").WithTags("Commands");
        commands.MapPost("/", SendAsync).WithName("sendCommand").RequireAuthorization(Policies.Operate).Produces<CommandView>(StatusCodes.Status202Accepted)
            .WithSummary("Send a command; durable before it is sent.");
        commands.MapGet("/", ListAsync).WithName("listCommands").RequireAuthorization(Policies.Read).WithSummary("The device's commands, newest first.");
        commands.MapGet("/{id}", FindAsync).WithName("getCommand").RequireAuthorization(Policies.Read).Produces<CommandView>().WithSummary("What became of a command.");
    }

    private static async Task<IResult> SendAsync(
        string device, NewCommand command, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey,
        ClaimsPrincipal user, IDeviceRegistry registry, IPacks packs, ICommands commands, ISupervision supervision, ISessions sessions, TimeProvider time, CancellationToken ct)
    {
        if (await registry.FindAsync(user.Key(device), ct) is not { } known) return Devices.Unknown(device);
        if (string.IsNullOrWhiteSpace(command.Name)) return Problems.Invalid("'name' says which command, for example restart-service");
        if (command.Args is { ValueKind: not (JsonValueKind.Object or JsonValueKind.Null) }) return Problems.Invalid("'args' is a JSON object");
        if (command.ExpiresInSeconds is < 1 or > MaxExpirySeconds) return Problems.Invalid($"'expiresInSeconds' must be 1 to {MaxExpirySeconds}");
        var risk = command.RiskClass ?? packs.Find(known.Type)?.Playbooks.FirstOrDefault(p => p.Command == command.Name)?.Risk ?? "R1";
        if (!RiskClasses.Contains(risk)) return Problems.Invalid($"'{risk}' is not a risk class: {string.Join(", ", RiskClasses)}");
        if (risk == "R3" && !user.IsInRole(Roles.Admin)) return Problems.Of(Telemetry.Refusal.Forbidden("an irreversible command (R3) needs an administrator"));
        if (await supervision.WhyNotCommandAsync(known.Key, risk, user.Actor(), ct) is { } beyond) return Problems.Of(beyond);
        if (await sessions.WhyNotDirectAsync(known.Key, command.Name, risk, user.Actor(), ct) is { } alone) return Problems.Of(alone);
        var key = command.IdempotencyKey ?? idempotencyKey ?? Guid.CreateVersion7(time.GetUtcNow()).ToString("n");
        var sent = await commands.SendAsync(
            new CommandRequest(known.Key, command.Name, command.Args is { ValueKind: JsonValueKind.Object } args ? args.GetRawText() : "{}", risk,
                TimeSpan.FromSeconds(command.ExpiresInSeconds ?? 60), key, user.Actor()), ct);
        return sent.Succeeded
            ? TypedResults.Accepted($"/api/v1/devices/{device}/commands/{sent.Value.Id}", View(sent.Value))
            : Problems.Of(sent.Refusal);
    }

    private static async Task<Page<CommandView>> ListAsync(string device, [AsParameters] PageQuery page, ClaimsPrincipal user, ICommands commands, CancellationToken ct) =>
        new([.. (await commands.ListAsync(user.Key(device), page.Take, ct)).Select(View)], null);

    private static async Task<IResult> FindAsync(string device, string id, ClaimsPrincipal user, ICommands commands, CancellationToken ct) =>
        await commands.FindAsync(user.Key(device), id, ct) is { } command
            ? TypedResults.Ok(View(command))
            : Problems.NotFound($"device '{device}' has no command '{id}'");

    private static CommandView View(Command command) => new(
        command.Id, command.Device.Device, command.Name, Json(command.ArgsJson) ?? default, command.RiskClass, command.IdempotencyKey, command.Actor, command.State,
        command.Progress, command.Detail, Json(command.DataJson), command.CreatedAt, command.ExpiresAt, command.SentAt, command.FinishedAt);

    private static JsonElement? Json(string? text) => text is null ? null : JsonElement.Parse(text);
}
