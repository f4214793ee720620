using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Seamless.Ingest.Mqtt.Front;

/// <summary>Accepts plain TCP connections.</summary>
internal sealed partial class SocketDoor(FrontDoor front, IPEndPoint endpoint, MqttListener listener, ILogger<SocketDoor> logger) : BackgroundService
{
    private const int Backlog = 4096;   // a whole fleet comes back at once after a power cut
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket = new(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            _socket.Bind(endpoint);
            _socket.Listen(Backlog);
        }
        catch (SocketException e)
        {
            throw new IOException($"Cannot listen for MQTT on {endpoint}: {e.Message}. Is another program there? Choose another address with --mqtt", e);
        }
        listener.Endpoint = (IPEndPoint)_socket.LocalEndPoint!;   // bound
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var socket = await _socket.AcceptAsync(stoppingToken);
                Serve(socket);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException e)   // too many open files, a peer that was gone at once
            {
                NotAccepted(e);
                await Task.Delay(Pause, CancellationToken.None);
            }
        }
    }

    private void Serve(Socket socket)
    {
        try
        {
            _ = front.ServeAsync(new SocketWire(socket));   // ends with the connection and tells its own faults
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            socket.Dispose();
        }
    }

    public override void Dispose()
    {
        _socket.Dispose();
        base.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A connection could not be accepted")]
    private partial void NotAccepted(Exception e);
}
