using System.Collections.Concurrent;
using MQTTnet;
using MQTTnet.Server;

namespace Seamless.Ingest.Mqtt;

/// <summary>Publishes to whoever has subscribed, in the platform's own name.</summary>
internal sealed class MqttOutlet : IDisposable
{
    /// <summary>Under this name the platform publishes; no client may take it.</summary>
    public const string SenderId = "$seamless";

    private readonly MqttServer _server;
    private readonly ConcurrentDictionary<MqttApplicationMessage, byte> _unheard = new(ReferenceEqualityComparer.Instance);

    public MqttOutlet(MqttServer server)
    {
        _server = server;
        _server.ApplicationMessageNotConsumedAsync += OnUnheardAsync;
    }

    /// <returns>False when no session listens, connected or persistent.</returns>
    public async Task<bool> TryPublishAsync(MqttApplicationMessage message, CancellationToken ct)
    {
        if (!_server.IsStarted) return false;
        await _server.InjectApplicationMessage(new InjectedMqttApplicationMessage(message) { SenderClientId = SenderId }, ct);
        return !_unheard.TryRemove(message, out _);
    }

    public void Dispose() => _server.ApplicationMessageNotConsumedAsync -= OnUnheardAsync;

    // Raised within InjectApplicationMessage, before it returns.
    private Task OnUnheardAsync(ApplicationMessageNotConsumedEventArgs message)
    {
        if (message.SenderId == SenderId && !message.ApplicationMessage.Retain) _unheard.TryAdd(message.ApplicationMessage, 0);
        return Task.CompletedTask;
    }
}
