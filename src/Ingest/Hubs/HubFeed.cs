using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Seamless.Fleet.Registry;
using Seamless.Ingest.Receiving;
using Seamless.Storage.Operations;
using Seamless.Telemetry;

namespace Seamless.Ingest.Hubs;

/// <summary>Follows every partition of the hub. An offset is noted once its message, and all before it, are durable; after a restart reading goes on from there.</summary>
internal sealed partial class HubFeed(
    IHubTelemetry hub, Receiver receiver, IDeviceRegistry devices, HubOffsets offsets, HubMetrics metrics, TimeProvider time,
    IOptions<AzureHubOptions> options, ILogger<HubFeed> logger) : BackgroundService, IExternalPart
{
    /// <summary>How messages came, in metrics and dead letters.</summary>
    public const string Channel = "hub";

    /// <summary>Stands where a device first seen is registered, and for what belongs to no device.</summary>
    public const string Name = "azure-iot-hub";

    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan SaveEvery = TimeSpan.FromMilliseconds(500);

    private readonly LinkHealth _health = new("not connected yet");
    private readonly DevicePrincipal _sender = new(new DeviceKey(options.Value.Tenant, Name), IsGateway: true);

    string IExternalPart.Name => "hub.azure";
    string IExternalPart.Address => options.Value.Events.Host;
    PartHealth IExternalPart.Health => _health.Now;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var saving = SaveAsync(stoppingToken);
        await KeepAsync("the partitions", async (_, ct) =>
        {
            var partitions = await hub.PartitionsAsync(ct);
            _health.Well();
            await Task.WhenAll(partitions.Select(partition => KeepAsync($"partition {partition}", (well, token) => FollowAsync(partition, well, token), ct)));
        }, stoppingToken);
        await saving;
    }

    /// <summary>Does it again when it fails, after a pause that doubles, until the host stops.</summary>
    private async Task KeepAsync(string what, Func<Action, CancellationToken, Task> work, CancellationToken ct)
    {
        for (var pause = options.Value.ReconnectAfter; !ct.IsCancellationRequested; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await work(() => pause = options.Value.ReconnectAfter, ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)   // the edge of this loop: the hub keeps what we have not noted
            {
                metrics.Failed();
                _health.Failed($"{what} cannot be read: {e.Message}");
                LogLost(e, what, pause);
            }
            // The machine's clock, not the platform's: this paces a network.
            await Task.Delay(pause * (0.5 + Random.Shared.NextDouble() / 2), TimeProvider.System, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FollowAsync(string partition, Action well, CancellationToken stoppingToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var inFlight = new InFlight(options.Value.Window);
        var settling = inFlight.SettleAsync(ending.Token);
        var reading = ReadAsync(partition, inFlight, well, ending.Token);
        try
        {
            await await Task.WhenAny(reading, settling);
        }
        finally
        {
            await ending.CancelAsync();
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await settling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ReadAsync(string partition, InFlight inFlight, Action well, CancellationToken ct)
    {
        var key = $"{options.Value.Events.Host}/{options.Value.Events.Entity}/{options.Value.ConsumerGroup}/{partition}";
        await foreach (var message in hub.ReadAsync(partition, offsets.Of(key), ct))
        {
            well();
            _health.Well();
            var durable = await BeginAsync(message, ct);
            await inFlight.AddAsync(durable, _ =>
            {
                offsets.Put(key, message.Offset);
                return Task.CompletedTask;
            }, ct);
        }
    }

    /// <returns>Once the message may be followed by the next. The task within completes when it is durable.</returns>
    private async ValueTask<Task> BeginAsync(HubMessage message, CancellationToken ct)
    {
        metrics.Received();
        // The hub's own notices (twins changed, devices came and went) are not what a device measured.
        if (message.Source is not (null or "Telemetry")) return Task.CompletedTask;
        // The time it entered the hub stands for a sample that carries none: read twice, it is the same sample.
        var at = message.EnqueuedAt == default ? time.GetUtcNow() : message.EnqueuedAt;
        var inbound = new InboundMessage(Channel, $"v1/{options.Value.Tenant}/{message.DeviceId}/telemetry", Name, message.ContentType, message.Body, at);
        Task durable = receiver.ReceiveAsync(inbound, _sender, ct).AsTask();
        // A device's first message must not be overtaken while it is being registered.
        if (message.DeviceId is { } id && devices.FindCached(new DeviceKey(options.Value.Tenant, id)) is null) await durable.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return durable;
    }

    private async Task SaveAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            await Task.Delay(SaveEvery, TimeProvider.System, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            TrySave();
        }
    }

    private void TrySave()
    {
        try
        {
            offsets.Save();
        }
        catch (IOException e)
        {
            LogNotSaved(e);   // tried again: until then more would be read twice
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        TrySave();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The hub: {What} cannot be read; again in about {Pause}")]
    private partial void LogLost(Exception e, string what, TimeSpan pause);

    [LoggerMessage(Level = LogLevel.Error, Message = "How far the hub has been read cannot be written down")]
    private partial void LogNotSaved(Exception e);
}
