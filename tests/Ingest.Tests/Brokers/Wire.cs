using System.Net;
using System.Net.Sockets;

namespace Seamless.Ingest.Tests.Brokers;

/// <summary>A cable between a client and a broker that a test can make deaf in one direction, and cut.</summary>
internal sealed class Wire : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _to;
    private readonly List<TcpClient> _ends = [];
    private readonly Task _serving;

    public Wire(int to)
    {
        _to = to;
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>While true, what the client says is lost on the way: its acknowledgements too.</summary>
    public volatile bool SwallowsWhatTheClientSays;

    public int Connections;

    /// <summary>Ends every connection, without a word to either side.</summary>
    public void Cut()
    {
        lock (_ends)
        {
            foreach (var end in _ends)
            {
                try
                {
                    if (end.Client is { } socket) socket.LingerState = new LingerOption(true, 0);
                }
                catch (ObjectDisposedException)
                {
                    // closed already
                }
                end.Close();
            }
            _ends.Clear();
        }
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            TcpClient client, broker = new();
            try
            {
                client = await _listener.AcceptTcpClientAsync();
                await broker.ConnectAsync(IPAddress.Loopback, _to);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)   // the last: stopped before it was asked
            {
                if (!_listener.Server.IsBound) return;
                continue;
            }
            lock (_ends) _ends.AddRange([client, broker]);
            Interlocked.Increment(ref Connections);
            _ = CopyAsync(client.GetStream(), broker.GetStream(), () => SwallowsWhatTheClientSays);
            _ = CopyAsync(broker.GetStream(), client.GetStream(), () => false);
        }
    }

    private static async Task CopyAsync(NetworkStream from, NetworkStream to, Func<bool> swallows)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReadAsync(buffer) is > 0 and var read)
                if (!swallows()) await to.WriteAsync(buffer.AsMemory(0, read));
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // cut
        }
        to.Close();
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        Cut();
        await _serving;
    }
}
