using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Seamless.Ingest.Mqtt.Front;

/// <summary>A plain TCP socket: one system call to receive, one to send, completions where the event arrives.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Close disposes of them")]
internal sealed class SocketWire : Wire
{
    private readonly Socket _socket;
    // Nothing flows from whoever started an operation to whoever is told of its end.
    private readonly SocketAsyncEventArgs _receiving = new(true);
    private SocketAsyncEventArgs? _sending;   // only ever needed by a peer that does not read
    private int _closed;

    public SocketWire(Socket socket)
    {
        _socket = socket;
        _socket.NoDelay = true;
        _socket.Blocking = false;
        _receiving.Completed += OnReceived;
        RemoteEndPoint = socket.RemoteEndPoint;
        LocalEndPoint = socket.LocalEndPoint;
    }

    public override EndPoint? RemoteEndPoint { get; }
    public override EndPoint? LocalEndPoint { get; }

    public override int Receive(Memory<byte> buffer)
    {
        try
        {
            _receiving.SetBuffer(buffer);
            return _socket.ReceiveAsync(_receiving) ? -1 : Result(_receiving);
        }
        catch (ObjectDisposedException)
        {
            return 0;
        }
    }

    private void OnReceived(object? sender, SocketAsyncEventArgs e) => Connection.Received(Result(e));

    private static int Result(SocketAsyncEventArgs e) => e.SocketError is SocketError.Success ? e.BytesTransferred : 0;

    public override int Send(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var sent = _socket.Send(bytes.Span, SocketFlags.None, out var error);
            if (error is not (SocketError.Success or SocketError.WouldBlock)) return -1;
            if (error is SocketError.WouldBlock) sent = 0;
            if (sent < bytes.Length) WaitUntilWritable(bytes[sent..]);
            return sent;
        }
        catch (ObjectDisposedException)
        {
            return -1;
        }
    }

    /// <summary>Sends one byte more when the peer has made room: there is no way to ask for room alone.</summary>
    private void WaitUntilWritable(ReadOnlyMemory<byte> rest)
    {
        if (_sending is null)
        {
            _sending = new SocketAsyncEventArgs(true);
            _sending.Completed += (_, e) => Connection.Writable(e.SocketError is SocketError.Success ? e.BytesTransferred : -1);
        }
        _sending.SetBuffer(System.Runtime.InteropServices.MemoryMarshal.AsMemory(rest[..1]));
        if (!_socket.SendAsync(_sending)) ThreadPool.UnsafeQueueUserWorkItem(static wire => wire.Connection.Writable(wire._sending!.SocketError is SocketError.Success ? wire._sending.BytesTransferred : -1), this, preferLocal: false);
    }

    public override void Close()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0) return;
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (SocketException)
        {
            // It is gone already.
        }
        _socket.Dispose();
        _receiving.Dispose();   // both wait by themselves for what is under way
        _sending?.Dispose();
    }
}
