using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Seamless.Fleet.Commands;
using Seamless.Fleet.Registry;
using Seamless.Telemetry;

namespace Seamless.Ingest.Ledger;

/// <summary>Asks devices for exactly what is missing, by the command <c>backfill</c>, and learns from their answers what will never come.</summary>
internal sealed partial class Backfill(
    GapLedger ledger, ICommands commands, IDeviceRegistry devices, IOptions<IngestOptions> options, TimeProvider time, ILogger<Backfill> logger) : BackgroundService
{
    public const string CommandName = "backfill";
    private const string Actor = "platform:gap-ledger";

    private readonly Channel<Command> _answers = Channel.CreateUnbounded<Command>();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Ledger.Backfill) return;
        commands.Changed += OnChanged;
        try
        {
            using var timer = new PeriodicTimer(options.Value.Ledger.LookEvery, time);
            while (await timer.WaitForNextTickAsync(stoppingToken)) await LookAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host is stopping.
        }
        finally
        {
            commands.Changed -= OnChanged;
        }
    }

    private void OnChanged(Command command)
    {
        if (command is { Name: CommandName, IsFinished: true }) _answers.Writer.TryWrite(command);
    }

    private async Task LookAsync(CancellationToken ct)
    {
        while (_answers.Reader.TryRead(out var answer)) Learn(answer);
        foreach (var request in ledger.TakeDue(time.GetUtcNow(), device => devices.PresenceOf(device).Status is DeviceStatus.Online))
        {
            try
            {
                await AskAsync(request, ct);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                NotAsked(failure, request.Device);   // a locked or full disk: the pause before the next request is running
            }
        }
    }

    private async Task AskAsync(BackfillRequest request, CancellationToken ct)
    {
        var sent = await commands.SendAsync(
            new CommandRequest(request.Device, CommandName, request.ArgsJson, "R0", options.Value.Ledger.AnswerWithin, request.Key, Actor), ct);
        if (!sent.Succeeded) ledger.Answer(request.Device, request.Key, device => device.Asking.Refused(sent.Refusal.Reason));
        else if (sent.Value.IsFinished) Learn(sent.Value);   // asked before a restart, and answered
    }

    private void Learn(Command answer) => ledger.Answer(answer.Device, answer.IdempotencyKey, device =>
    {
        switch (answer.State)
        {
            case CommandState.Succeeded:
                device.Asking.Succeeded();
                foreach (var (from, to) in Gone(answer.DataJson)) GiveUp(device, from, to, "the device no longer has it");
                break;
            case CommandState.Rejected:
                device.Asking.Refused($"the device refuses: {answer.Detail}");
                break;
            default:
                break;   // failed or expired: the pause runs, then it is asked again
        }
    });

    private static void GiveUp(DeviceLedger device, long from, long to, string why)
    {
        foreach (ref var range in device.Missing.AsSpan())
            if (range.From <= to && range.To >= from && range.AskedAtMs > 0) range.GivenUp = why;
    }

    /// <summary>The ranges in <c>{"gone":[[from,to],…]}</c>; what is no such thing says nothing.</summary>
    private static List<(long From, long To)> Gone(string? dataJson)
    {
        var gone = new List<(long, long)>();
        if (dataJson is null) return gone;
        try
        {
            using var document = JsonDocument.Parse(dataJson);
            if (document.RootElement.ValueKind is not JsonValueKind.Object || !document.RootElement.TryGetProperty("gone", out var list) || list.ValueKind is not JsonValueKind.Array) return gone;
            foreach (var range in list.EnumerateArray())
            {
                if (range.ValueKind is JsonValueKind.Array && range.GetArrayLength() == 2
                    && range[0].ValueKind is JsonValueKind.Number && range[0].TryGetInt64(out var from)
                    && range[1].ValueKind is JsonValueKind.Number && range[1].TryGetInt64(out var to)) gone.Add((from, to));
            }
        }
        catch (JsonException)
        {
            // A device may say anything; it is kept with the command for people to read.
        }
        return gone;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Device} could not be asked for what is missing; trying again")]
    private partial void NotAsked(Exception failure, DeviceKey device);
}
