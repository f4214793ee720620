using System.Threading.Channels;
using MQTTnet;
using static Seamless.Ingest.Tests.Door;

namespace Seamless.Ingest.Tests.Dialects;

/// <summary>What a client has received, in order.</summary>
internal sealed class Heard
{
    private readonly Channel<(string Topic, string Payload)> _messages = Channel.CreateUnbounded<(string, string)>();

    public Heard(IMqttClient client) => client.ApplicationMessageReceivedAsync += received =>
    {
        _messages.Writer.TryWrite((received.ApplicationMessage.Topic, received.ApplicationMessage.ConvertPayloadToString() ?? ""));
        return Task.CompletedTask;
    };

    public bool IsEmpty => _messages.Reader.Count == 0;

    public async Task<(string Topic, string Payload)> NextAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        return await _messages.Reader.ReadAsync(patience.Token);
    }
}
