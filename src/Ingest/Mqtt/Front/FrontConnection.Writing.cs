using System.Buffers.Binary;
using MQTTnet.Packets;

namespace Seamless.Ingest.Mqtt.Front;

internal sealed partial class FrontConnection
{
    private const int KeptBuffer = 4 * 1024;
    private const int PeerBehindBytes = 256 * 1024;

    private const int MostCommits = 4;   // under way at a time, see ICommitListener

    // Packet identifiers that wait, oldest first, and how many of them belong to each commit that is under way.
    private readonly Lock _acknowledging = new();
    private readonly PacketIds _staged = new();   // the pump's own, until it leaves the log
    private readonly PacketIds _ids = new();
    private readonly int[] _promised = new int[MostCommits];
    private int _oldest;
    private int _commits;
    private long _generation = -1;

    private readonly Lock _writing = new();
    private byte[] _out = [];
    private int _outStart;
    private int _outEnd;
    private bool _sending;
    private TaskCompletionSource? _drained;

    private int Unacknowledged
    {
        get { lock (_acknowledging) return _ids.Count + _commits; }
    }

    private bool PeerIsBehind => _outEnd - _outStart > PeerBehindBytes;

    /// <summary>Asks the log to tell us when what was just written is durable. The log is held.</summary>
    private void Promise()
    {
        lock (_acknowledging)
        {
            if (_generation != door.Log.Generation)
            {
                _generation = door.Log.Generation;
                _promised[(_oldest + _commits++) % MostCommits] = 0;
                door.Log.Promise(this, urgent: _staged.Count > 0);
            }
            _promised[(_oldest + _commits - 1) % MostCommits] += _staged.Count;
            while (_staged.Count > 0) _ids.Add(_staged.Take());
        }
    }

    /// <summary>A commit is durable: acknowledges its messages in the order in which they came, in one write.</summary>
    public void Settled(Exception? failure)
    {
        if (failure is not null)
        {
            Refuse("the log cannot be written");   // no acknowledgement: what we could not keep, the device still has
            return;
        }
        lock (_writing)
        {
            lock (_acknowledging)
            {
                var count = _promised[_oldest];
                _oldest = (_oldest + 1) % MostCommits;
                _commits--;
                var acks = Room(count * 4);
                for (var i = 0; i < count; i++)
                {
                    acks[i * 4] = 0x40;
                    acks[i * 4 + 1] = 2;
                    BinaryPrimitives.WriteUInt16BigEndian(acks[(i * 4 + 2)..], _ids.Take());
                }
                _outEnd += count * 4;
            }
            Flush();
        }
        if (_hold is not Hold.None) WakeLater();
    }

    private void SendPingResponse()
    {
        lock (_writing)
        {
            var bytes = Room(2);
            (bytes[0], bytes[1]) = (0xD0, 0);
            _outEnd += 2;
            Flush();
        }
    }

    private void Send(MqttPacket packet)
    {
        lock (_writing)
        {
            if (_ended) return;
            var encoded = PacketFormatterAdapter.Encode(packet);
            var bytes = Room(encoded.Length);
            encoded.Packet.AsSpan().CopyTo(bytes);
            System.Buffers.BuffersExtensions.CopyTo(encoded.Payload, bytes[encoded.Packet.Count..]);
            _outEnd += encoded.Length;
            PacketFormatterAdapter.Cleanup();
            Flush();
        }
    }

    /// <summary>Room behind what waits to be sent. What is being sent stays where it is.</summary>
    private Span<byte> Room(int bytes)
    {
        if (_out.Length - _outEnd < bytes)
        {
            var waiting = _outEnd - _outStart;
            var target = !_sending && _out.Length >= waiting + bytes ? _out : new byte[Math.Max(256, Math.Max(_out.Length, (waiting + bytes) * 2))];
            _out.AsSpan(_outStart, waiting).CopyTo(target);
            (_out, _outStart, _outEnd) = (target, 0, waiting);
        }
        return _out.AsSpan(_outEnd);
    }

    private void Flush()
    {
        while (!_sending && _outEnd > _outStart && !_ended)
        {
            var waiting = _outEnd - _outStart;
            _sending = true;
            var sent = wire.Send(_out.AsMemory(_outStart, waiting));
            if (sent < 0)
            {
                End();
                return;
            }
            _outStart += sent;
            if (sent < waiting) return;   // Writable tells
            _sending = false;
        }
        if (_outStart != _outEnd) return;
        (_outStart, _outEnd) = (0, 0);
        if (_out.Length > KeptBuffer) _out = [];
        _drained?.TrySetResult();
        _drained = null;
    }

    /// <summary>The wire has taken <paramref name="bytes"/> more of what it had left over; −1 when it is gone.</summary>
    public void Writable(int bytes)
    {
        if (bytes < 0)
        {
            End();
            return;
        }
        lock (_writing)
        {
            _outStart += bytes;
            _sending = false;
            Flush();
        }
        if (_hold is Hold.Peer) Wake();
    }

    private Task WhenPeerReadsAsync()
    {
        lock (_writing)
        {
            if (!PeerIsBehind || _ended) return Task.CompletedTask;
            return (_drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }
}
