using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Connections;

namespace Seamless.Ingest.Mqtt.Front;

/// <summary>Connections that Kestrel accepts: TLS, WebSocket.</summary>
internal sealed class PipeDoor(FrontDoor front) : ConnectionHandler
{
    private const string SubProtocol = "mqtt";

    public override Task OnConnectedAsync(ConnectionContext connection) => front.ServeAsync(new PipeWire(connection));

    /// <summary>MQTT 5.0 §6: WebSocket only, and the sub-protocol is named <c>mqtt</c>.</summary>
    public static void OverWebSocket(HttpConnectionDispatcherOptions options)
    {
        options.Transports = HttpTransportType.WebSockets;
        options.WebSockets.SubProtocolSelector = offered => offered.FirstOrDefault(name => name.StartsWith(SubProtocol, StringComparison.OrdinalIgnoreCase)) ?? SubProtocol;
    }
}
