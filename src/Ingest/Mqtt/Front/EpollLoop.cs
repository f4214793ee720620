using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;

namespace Seamless.Ingest.Mqtt.Front;

/// <summary>A thread that waits for many sockets at once and runs the pump of whoever has something to read or room to send.</summary>
/// <remarks>
/// Edge-triggered: a read that did not fill its buffer has emptied the socket, so no second one is needed to find that out, and a connection that stops
/// reading costs nothing. Nothing may block here.
/// </remarks>
internal sealed class EpollLoop : IDisposable
{
    private const int MostEvents = 512;
    private const int AlarmMark = -1;

    private readonly Lock _changing = new();
    private volatile EpollWire?[] _wires = new EpollWire?[1024];   // by file descriptor
    private readonly int _epoll = Epoll.Create();
    private readonly SafeFileHandle _alarm;
    private readonly Thread _thread;
    private volatile bool _stopping;

    public EpollLoop(int number)
    {
        _alarm = Epoll.CreateAlarm(_epoll, AlarmMark);
        _thread = new Thread(Run) { IsBackground = true, Name = $"mqtt sockets {number}" };
        _thread.Start();
    }

    /// <summary>From here on the wire is told of what happens at its socket.</summary>
    public void Add(EpollWire wire, Socket socket)
    {
        var descriptor = (int)socket.Handle;
        lock (_changing)
        {
            if (descriptor >= _wires.Length)
            {
                var larger = new EpollWire?[Math.Max(_wires.Length * 2, descriptor + 1)];
                _wires.CopyTo(larger, 0);
                _wires = larger;
            }
            Volatile.Write(ref _wires[descriptor], wire);
        }
        Epoll.Watch(_epoll, socket.SafeHandle, descriptor);
    }

    /// <summary>Before the socket is closed: its descriptor may be another's right after. An event that is under way then reaches the other, which looks in vain.</summary>
    public void Remove(EpollWire wire, int descriptor)
    {
        lock (_changing)
            if (descriptor < _wires.Length && _wires[descriptor] == wire) _wires[descriptor] = null;
    }

    private void Run()
    {
        Span<byte> events = new byte[MostEvents * Epoll.EventBytes];
        while (!_stopping)
        {
            var count = Epoll.Wait(_epoll, events);
            for (var i = 0; i < count; i++)
            {
                var (what, descriptor) = Epoll.At(events, i);
                if (descriptor != AlarmMark && _wires[descriptor] is { } wire) Tell(wire, what);
            }
        }
        Epoll.Close(_epoll);
    }

    private static void Tell(EpollWire wire, uint what)
    {
        try
        {
            wire.Happened(what);
        }
        catch (Exception)   // the edge of a connection: whatever it was, it ends this one only
        {
            wire.Connection.End();
        }
    }

    public void Dispose()
    {
        _stopping = true;
        if (_thread.IsAlive) Epoll.Sound(_alarm);
        _thread.Join();
        _alarm.Dispose();
    }
}
