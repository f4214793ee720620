using System.Net;
using System.Net.Sockets;

namespace Seamless.Ingest.Mqtt.Front;

/// <summary>A plain TCP socket on Linux, watched by an <see cref="EpollLoop"/>.</summary>
internal sealed class EpollWire : Wire
{
    // What is known of the socket's input. Waiting: the pump wants to hear.
    private const int Empty = 0;
    private const int Ready = 1;
    private const int Waiting = 2;

    private readonly EpollLoop _loop;
    private readonly Socket _socket;
    private readonly SafeSocketHandle _handle;
    private readonly int _descriptor;
    private int _input = Ready;   // perhaps something came before we were watched
    private volatile bool _blocked;   // there is something to send and no room
    private int _closed;

    public EpollWire(Socket socket, EpollLoop loop)
    {
        (_socket, _loop, _handle, _descriptor) = (socket, loop, socket.SafeHandle, (int)socket.Handle);
        _socket.NoDelay = true;
        _socket.Blocking = false;
        RemoteEndPoint = socket.RemoteEndPoint;
        LocalEndPoint = socket.LocalEndPoint;
    }

    public override EndPoint? RemoteEndPoint { get; }
    public override EndPoint? LocalEndPoint { get; }

    public override void Begin() => _loop.Add(this, _socket);

    public override int Receive(Memory<byte> buffer)
    {
        while (true)
        {
            // Whatever arrives behind the read makes it ready again, so that is noted before and not after.
            if (Interlocked.CompareExchange(ref _input, Empty, Ready) == Ready)
            {
                var received = TryReceive(buffer.Span);
                if (received == buffer.Length) Volatile.Write(ref _input, Ready);
                if (received >= 0) return received;
            }
            else if (Interlocked.CompareExchange(ref _input, Waiting, Empty) == Empty) return Later;
        }
    }

    private int TryReceive(Span<byte> buffer)
    {
        try
        {
            return Epoll.Receive(_handle, buffer);
        }
        catch (ObjectDisposedException)
        {
            return 0;
        }
    }

    /// <summary>On the loop's thread.</summary>
    public void Happened(uint what)
    {
        if (_blocked && (what & (Epoll.Writable | Epoll.Failed | Epoll.HungUp)) != 0)
        {
            _blocked = false;
            Connection.Writable(0);
        }
        if ((what & ~Epoll.Writable) != 0 && Interlocked.Exchange(ref _input, Ready) == Waiting) Connection.Received(Again);
    }

    public override int Send(ReadOnlyMemory<byte> bytes)
    {
        var sent = TrySend(bytes.Span);
        if (sent < 0 || sent == bytes.Length) return sent;
        // From here on room is told of; what came in between is not, so it is tried once more.
        _blocked = true;
        var more = TrySend(bytes.Span[sent..]);
        if (sent + more == bytes.Length) _blocked = false;   // told of it all the same, the connection finds nothing to do
        return more < 0 ? more : sent + more;
    }

    private int TrySend(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Epoll.Send(_handle, bytes);
        }
        catch (ObjectDisposedException)
        {
            return -1;
        }
    }

    public override void Close()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0) return;
        _loop.Remove(this, _descriptor);
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (SocketException)
        {
            // It is gone already.
        }
        _socket.Dispose();
    }
}
