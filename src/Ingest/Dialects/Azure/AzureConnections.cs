using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MQTTnet.Protocol;
using MQTTnet.Server;
using Seamless.Telemetry;

namespace Seamless.Ingest.Dialects.Azure;

/// <summary>Who has logged in as a device of a hub, and until when his signature lets him stay: a connection that outlives it is closed.</summary>
internal sealed partial class AzureConnections(MqttServer server, TimeProvider time, ILogger<AzureConnections> logger) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<DeviceKey, Login> _logins = new();

    public void LoggedIn(DeviceKey device, string clientId, DateTimeOffset until) => _logins[device] = new Login(clientId, until);

    /// <summary>Whether the device speaks this dialect; its login still runs, its connection may have broken.</summary>
    public bool Has(DeviceKey device) => _logins.ContainsKey(device);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await CloseExpiredAsync();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host is stopping.
        }
    }

    private async Task CloseExpiredAsync()
    {
        var now = time.GetUtcNow();
        foreach (var (device, login) in _logins)
        {
            // Only this login: the device may have come back with a new signature since.
            if (login.Until > now || !_logins.TryRemove(new(device, login))) continue;
            try
            {
                if ((await server.GetClientsAsync()).All(client => client.Id != login.ClientId)) continue;
                Expired(device, login.Until);
                await server.DisconnectClientAsync(login.ClientId, MqttDisconnectReasonCode.NotAuthorized);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                NotClosed(failure, device);   // it went by itself between the look and the deed
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Device}: its shared access signature has expired at {Until}; the connection is closed")]
    private partial void Expired(DeviceKey device, DateTimeOffset until);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Device}: a connection whose signature has expired could not be closed")]
    private partial void NotClosed(Exception failure, DeviceKey device);

    private sealed record Login(string ClientId, DateTimeOffset Until);
}
