using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Seamless.Ingest.Mqtt.Front;

/// <summary>The system calls of Linux that a <see cref="EpollWire"/> needs, one each.</summary>
internal static unsafe partial class Epoll
{
    public const uint Readable = 0x1;
    public const uint Writable = 0x4;
    public const uint Failed = 0x8;
    public const uint HungUp = 0x10;
    public const uint PeerDone = 0x2000;
    public const uint EdgeTriggered = 1u << 31;

    private const int Add = 1;
    private const int CloseOnExec = 0x80000;
    private const int NoSignal = 0x4000;
    private const int Again = 11;
    private const int Interrupted = 4;

    /// <summary>The kernel packs its record on x86-64 alone.</summary>
    public static readonly int EventBytes = RuntimeInformation.ProcessArchitecture is Architecture.X64 ? 12 : 16;
    public static readonly int DataOffset = EventBytes - sizeof(ulong);

    public static int Create()
    {
        var epoll = CreateOne(CloseOnExec);
        if (epoll < 0) throw new SocketException(Marshal.GetLastPInvokeError());
        return epoll;
    }

    /// <summary>Tells of a socket's edges from now on; ends with the socket.</summary>
    /// <param name="data">Comes back with each event.</param>
    public static void Watch(int epoll, SafeHandle socket, int data)
    {
        var record = stackalloc byte[16];
        *(uint*)record = Readable | Writable | PeerDone | EdgeTriggered;
        *(ulong*)(record + DataOffset) = (uint)data;
        if (Control(epoll, Add, socket, record) < 0) throw new SocketException(Marshal.GetLastPInvokeError());
    }

    /// <summary>Something that can be made readable from any thread, watched under a number that no socket has.</summary>
    public static SafeFileHandle CreateAlarm(int epoll, int data)
    {
        var descriptor = CreateEvent(0, CloseOnExec);
        if (descriptor < 0) throw new SocketException(Marshal.GetLastPInvokeError());
        var alarm = new SafeFileHandle(descriptor, ownsHandle: true);
        Watch(epoll, alarm, data);
        return alarm;
    }

    public static void Sound(SafeFileHandle alarm)
    {
        ulong one = 1;
        _ = Write(alarm, (byte*)&one, sizeof(ulong));
    }

    /// <summary>Waits without a limit: one would cost the setting of a timer each time.</summary>
    /// <returns>How many events stand in <paramref name="events"/>.</returns>
    public static int Wait(int epoll, Span<byte> events)
    {
        fixed (byte* first = events)
        {
            var count = WaitFor(epoll, first, events.Length / EventBytes, -1);
            if (count < 0 && Marshal.GetLastPInvokeError() != Interrupted) throw new SocketException(Marshal.GetLastPInvokeError());
            return Math.Max(count, 0);
        }
    }

    public static (uint Events, int Data) At(ReadOnlySpan<byte> events, int index)
    {
        var one = events.Slice(index * EventBytes, EventBytes);
        return (MemoryMarshal.Read<uint>(one), (int)MemoryMarshal.Read<ulong>(one[DataOffset..]));
    }

    /// <returns>Bytes; 0 when the other side is done or gone; −1 when there is nothing yet.</returns>
    public static int Receive(SafeHandle socket, Span<byte> buffer)
    {
        fixed (byte* first = buffer)
        {
            var received = Receive(socket, first, buffer.Length, 0);
            if (received >= 0) return (int)received;
            return Marshal.GetLastPInvokeError() is Again or Interrupted ? -1 : 0;
        }
    }

    /// <returns>Bytes taken, perhaps none; −1 when the other side is gone.</returns>
    public static int Send(SafeHandle socket, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* first = bytes)
        {
            var sent = Send(socket, first, bytes.Length, NoSignal);
            if (sent >= 0) return (int)sent;
            return Marshal.GetLastPInvokeError() is Again or Interrupted ? 0 : -1;
        }
    }

    public static void Close(int epoll) => _ = CloseOne(epoll);

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int CreateOne(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int Control(int epoll, int operation, SafeHandle socket, byte* record);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static partial int WaitFor(int epoll, byte* events, int most, int milliseconds);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    private static partial nint Receive(SafeHandle socket, byte* buffer, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    private static partial nint Send(SafeHandle socket, byte* bytes, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial int CreateEvent(uint first, int flags);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(SafeHandle file, byte* bytes, nint length);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseOne(int descriptor);
}
