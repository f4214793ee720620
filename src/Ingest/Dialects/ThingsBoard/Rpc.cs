using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Seamless.Fleet.Commands;
using Seamless.Ingest.Receiving;
using Seamless.Telemetry;
using Seamless.Telemetry.Commands;
using Seamless.Telemetry.Payloads;

namespace Seamless.Ingest.Dialects.ThingsBoard;

/// <summary>Our commands as remote procedure calls. Their ids are integers there (many clients read them as such), made of ours, so that an answer finds its command also after a restart.</summary>
internal sealed class Rpc(Desks desks)
{
    private const int CommandsSearched = 200;

    private readonly ConcurrentDictionary<DeviceKey, TaskCompletionSource<CommandMessage>> _polls = new();

    public static int IdOf(string commandId) => (int)(StableHash.Of(new DeviceKey("rpc", commandId)) & int.MaxValue);

    public static JsonObject Request(CommandMessage command) => new() { ["method"] = command.Name, ["params"] = JsonNode.Parse(command.ArgsJson) };

    /// <summary>A device's answer. It says that it failed by <c>{"error":…}</c> or <c>{"success":false}</c>; anything else is success.</summary>
    public async ValueTask<Receipt> AnswerAsync(DeviceKey device, string id, ReadOnlyMemory<byte> payload, CancellationToken ct)
    {
        if (!int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var rpcId)) return Receipt.Of(RejectReason.WrongShape, $"'{id}' is not the id of a call");
        var (data, failure, fault) = Read(payload);
        if (fault is not null) return Receipt.Of(RejectReason.Malformed, fault);
        if (await FindAsync(device, rpcId, ct) is not { } command) return Receipt.Of(RejectReason.UnknownTopic, $"device {device} was never sent a call {id}");
        var result = new CommandResult(command.Id, failure is null ? CommandStatus.Succeeded : CommandStatus.Failed, failure is null ? 100 : 0, failure, data);
        var reported = await desks.Commands.ReportAsync(device, result, ct);
        return reported.Succeeded ? new Receipt(1, []) : Receipt.Of(RejectReason.UnknownTopic, reported.Refusal.Reason);
    }

    /// <summary>Waits until there is a command for the device; null when <paramref name="patience"/> ends first, or when the device asks anew elsewhere.</summary>
    public async Task<CommandMessage?> PollAsync(DeviceKey device, CancellationToken patience)
    {
        var poll = new TaskCompletionSource<CommandMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        _polls.AddOrUpdate(device, poll, (_, earlier) =>
        {
            earlier.TrySetCanceled(CancellationToken.None);
            return poll;
        });
        try
        {
            await desks.Commands.ResendAsync(device, patience);
            await using var end = patience.Register(() => poll.TrySetCanceled(patience));
            return await poll.Task;
        }
        catch (OperationCanceledException)
        {
            // Handed over in the last moment: what was promised is kept.
            return poll.Task.IsCompletedSuccessfully ? await poll.Task : null;
        }
        finally
        {
            _polls.TryRemove(new(device, poll));
        }
    }

    public bool IsPolled(DeviceKey device) => _polls.ContainsKey(device);
    public bool TryHandOver(DeviceKey device, CommandMessage command) => _polls.TryRemove(device, out var poll) && poll.TrySetResult(command);

    private async Task<Command?> FindAsync(DeviceKey device, int rpcId, CancellationToken ct) =>
        (await desks.Commands.ListAsync(device, CommandsSearched, ct)).FirstOrDefault(command => IdOf(command.Id) == rpcId);

    private static (string? Data, string? Failure, string? Fault) Read(ReadOnlyMemory<byte> payload)
    {
        if (payload.Span.Trim(" \t\r\n"u8).IsEmpty) return (null, null, null);
        try
        {
            using var document = JsonDocument.Parse(payload);
            var root = document.RootElement;
            if (root.ValueKind is JsonValueKind.Null) return (null, null, null);
            return (root.GetRawText(), FailureIn(root), null);
        }
        catch (JsonException notJson)
        {
            return (null, null, notJson.Message);
        }
    }

    private static string? FailureIn(JsonElement answer)
    {
        if (answer.ValueKind is not JsonValueKind.Object) return null;
        if (answer.TryGetProperty("error", out var error) && error.ValueKind is not (JsonValueKind.Null or JsonValueKind.False)) return error.ToString();
        return answer.TryGetProperty("success", out var success) && success.ValueKind is JsonValueKind.False ? "the device says: no success" : null;
    }
}
