using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Seamless.Ingest.Mqtt.Front;

/// <summary>Accepts plain TCP connections.</summary>
internal sealed partial class SocketDoor(FrontDoor front, IPEndPoint endpoint, MqttListener listener, IOptions<IngestOptions> options, ILogger<SocketDoor> logger) : BackgroundService
{
    private const int Backlog = 4096;   // a whole fleet comes back at once after a power cut
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket = new(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);

    // Where there is no epoll, .NET's own way does.
    private readonly EpollLoop[] _loops = OperatingSystem.IsLinux() && options.Value.UsesEpoll ? [.. Enumerable.Range(0, Math.Max(1, Environment.ProcessorCount / 2)).Select(i => new EpollLoop(i))] : [];
    private int _next;

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
            _ = front.ServeAsync(WireFor(socket));   // ends with the connection and tells its own faults
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            socket.Dispose();
        }
    }

    private Wire WireFor(Socket socket) => _loops.Length == 0 ? new SocketWire(socket) : new EpollWire(socket, _loops[(uint)_next++ % _loops.Length]);

    public override void Dispose()
    {
        _socket.Dispose();
        foreach (var loop in _loops) loop.Dispose();
        base.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A connection could not be accepted")]
    private partial void NotAccepted(Exception e);
}
