using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Seamless.Fleet.Commands;
using Seamless.Fleet.Registry;
using Seamless.Fleet.Gaps;
using Seamless.Portal.Pages.Viewing;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Knowledge.Supervision;
using Seamless.ServiceDesk.Sessions;
using Seamless.Telemetry;

namespace Seamless.Portal.Pages.Actions;

internal static class DeviceActions
{
    private static readonly TimeSpan DefaultExpiry = TimeSpan.FromMinutes(2);

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/devices/{id}/commands", async (string id, [FromServices] ActionRequest request, ICommands commands, IDeviceRegistry registry, IPacks packs, ISupervision supervision, ISessions sessions) =>
        {
            var key = new DeviceKey(request.Viewer.Tenant, id);
            var device = await registry.FindAsync(key, request.Aborted);
            return await request.AnswerAsync("command.send", $"device:{id}",
                device is null ? Refusal.NotFound("device-unknown", $"there is no device {id}") : await SendAsync(request, commands, supervision, sessions, device, packs.Find(device.Type)), request.Field("name"));
        }).RequireAuthorization(policy => policy.RequireRole(Duties.Engineering));
        app.MapPost("/devices/{id}/gaps/ask", async (string id, [FromServices] ActionRequest request, IGapLedger ledger) =>
            await request.AnswerAsync("gaps.ask", $"device:{id}", ledger.AskAgain(new DeviceKey(request.Viewer.Tenant, id)))).RequireAuthorization(policy => policy.RequireRole(Duties.Engineering));
    }

    private static async Task<Outcome<Command>> SendAsync(ActionRequest request, ICommands commands, ISupervision supervision, ISessions sessions, Device device, EquipmentPack? pack)
    {
        if (request.Field("name") is not { } name) return Refusal.Invalid("command-name", "a command needs a name");
        var playbook = pack?.Playbooks.FirstOrDefault(p => p.Command == name);
        if (playbook?.Risk is "R3") return Refusal.Forbidden("command-irreversible", $"{name} is irreversible (R3): it is never sent from here");
        var args = request.Field("args") ?? playbook?.ArgsJson ?? "{}";
        if (!IsJsonObject(args)) return Refusal.Invalid("command-arguments", "the arguments must be a JSON object");
        // Made when the form was drawn: pressing twice sends one command.
        if (request.Field("key") is not { } idempotencyKey) return Refusal.Invalid("form-incomplete", "the form was incomplete; open the page again");
        if (await supervision.WhyNotCommandAsync(device.Key, playbook?.Risk ?? "R1", request.Viewer.Name, request.Aborted) is { } beyond) return beyond;
        if (await sessions.WhyNotDirectAsync(device.Key, name, playbook?.Risk ?? "R1", request.Viewer.Name, request.Aborted) is { } alone) return alone;
        return await commands.SendAsync(
            new CommandRequest(device.Key, name, args, playbook?.Risk ?? "R1", playbook?.ExpiresAfter ?? DefaultExpiry, idempotencyKey, request.Viewer.Name), request.Aborted);
    }

    internal static bool IsJsonObject(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind is JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
