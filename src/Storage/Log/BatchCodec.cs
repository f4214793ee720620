using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using Seamless.Telemetry;
using Seamless.Telemetry.Rows;

namespace Seamless.Storage.Log;

/// <summary>The frame around a batch in a segment; see docs/reference/log-format.md.</summary>
/// <param name="BodyBytes">Length of the body that follows.</param>
/// <param name="FirstSequence">Sequence of the first record; the others follow without gaps.</param>
/// <param name="Checksum">XxHash3 (64 bits) of everything from byte 16 on, seeded with the body's length.</param>
internal readonly record struct BatchHeader(int BodyBytes, ulong Checksum, long FirstSequence, int Count)
{
    public const int Size = 28;
    private const uint Magic = 0x31424C53;

    public static ReadOnlySpan<byte> MagicBytes => "SLB1"u8;

    public static BatchHeader? Read(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < Size || BinaryPrimitives.ReadUInt32LittleEndian(frame) != Magic) return null;
        var header = new BatchHeader(
            BinaryPrimitives.ReadInt32LittleEndian(frame[4..]),
            BinaryPrimitives.ReadUInt64LittleEndian(frame[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(frame[16..]),
            BinaryPrimitives.ReadInt32LittleEndian(frame[24..]));
        return header.BodyBytes > 0 && header.Count > 0 && header.FirstSequence > 0 ? header : null;
    }

    /// <summary>Whether header and body are as they were written.</summary>
    /// <param name="frame">Header and body.</param>
    public bool Matches(ReadOnlySpan<byte> frame) => ChecksumOf(frame) == Checksum;

    /// <param name="frame">Room for the header, then the body.</param>
    public static void Write(Span<byte> frame, long firstSequence, int count)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(frame, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(frame[4..], frame.Length - Size);
        BinaryPrimitives.WriteInt64LittleEndian(frame[16..], firstSequence);
        BinaryPrimitives.WriteInt32LittleEndian(frame[24..], count);
        BinaryPrimitives.WriteUInt64LittleEndian(frame[8..], ChecksumOf(frame));
    }

    private static ulong ChecksumOf(ReadOnlySpan<byte> frame) =>
        XxHash3.HashToUInt64(frame[16..], BinaryPrimitives.ReadInt32LittleEndian(frame[4..]));
}

/// <summary>Writes records into one frame: names once, numbers short. One owner, used again and again.</summary>
internal sealed class BatchEncoder
{
    private const int FixedBytesPerRow = 64;
    private const int BytesPerReading = 16;

    private readonly Dictionary<string, int> _index = new(StringComparer.Ordinal);
    private byte[] _names = new byte[4096];
    private byte[] _records = new byte[64 * 1024];
    private int _namesAt;
    private int _at;
    private int _nameCount;
    private long _previousArrival;
    private int _generation = 1;

    // Where a number's name stands among this frame's names; valid when its stamp is this frame's.
    private (int Generation, int Tenant, int Device)[] _devices = new (int, int, int)[256];
    private (int Generation, int Name)[] _metrics = new (int, int)[256];
    private string? _lastTenant;
    private int _lastTenantName;
    private string? _lastState;
    private int _lastStateName;

    public int Count { get; private set; }
    public int ApproximateBytes => _namesAt + _at;

    public void Clear()
    {
        _index.Clear();
        (_namesAt, _at, _nameCount, _previousArrival, Count, _lastTenant, _lastState) = (0, 0, 0, 0, 0, null, null);
        _generation++;
    }

    /// <summary>Adds what is not a sample, or a sample that is an object.</summary>
    public void Add(in LogEntry entry)
    {
        Begin(entry.Kind, entry.ArrivalMs);
        switch (entry.Kind)
        {
            case LogRecordKind.Event: Write(entry.Event!, entry.ArrivalMs); break;
            case LogRecordKind.State: Write(entry.State!, entry.ArrivalMs); break;
        }
    }

    /// <summary>Adds a row.</summary>
    public void Add(SampleRows rows, int row)
    {
        var (first, end) = (rows.FirstReading(row), rows.ReadingEnds[row]);
        Room(FixedBytesPerRow + (end - first) * BytesPerReading);
        var arrivalMs = rows.ArrivalsMs[row];
        Begin(LogRecordKind.Sample, arrivalMs);
        var (tenant, device) = Device(rows.Devices[row]);
        Put((ulong)tenant);
        Put((ulong)device);
        Put(Varint.ZigZag(rows.TimestampsMs[row] - arrivalMs));
        var sequence = rows.Sequences[row];
        _records[_at++] = sequence == SampleRows.NoSequence ? (byte)0 : (byte)1;
        if (sequence != SampleRows.NoSequence) Put(Varint.ZigZag(sequence));
        Put((ulong)(end - first));
        var metrics = rows.Metrics;
        var values = rows.Values;
        var qualities = rows.Qualities;
        var states = rows.States;
        for (var i = first; i < end; i++)
        {
            Put((ulong)Metric(metrics[i]));
            if (states[i] is { } state)
            {
                _records[_at++] = (byte)((byte)qualities[i] | (byte)ReadingForm.State);
                Put((ulong)State(state));
            }
            else if (Varint.IsShort(values[i]))
            {
                _records[_at++] = (byte)((byte)qualities[i] | (byte)ReadingForm.Short);
                Put(Varint.ZigZag((long)values[i]));
            }
            else
            {
                _records[_at++] = (byte)qualities[i];
                BinaryPrimitives.WriteDoubleLittleEndian(_records.AsSpan(_at), values[i]);
                _at += sizeof(double);
            }
        }
    }

    /// <summary>The whole frame, ready for the disk; valid until the array is handed back to the shared pool.</summary>
    public ArraySegment<byte> Finish(long firstSequence)
    {
        Span<byte> countBytes = stackalloc byte[5];
        var countLength = Varint.Write(countBytes, (ulong)_nameCount);
        var length = BatchHeader.Size + countLength + _namesAt + _at;
        var frame = ArrayPool<byte>.Shared.Rent(length);
        countBytes[..countLength].CopyTo(frame.AsSpan(BatchHeader.Size));
        _names.AsSpan(0, _namesAt).CopyTo(frame.AsSpan(BatchHeader.Size + countLength));
        _records.AsSpan(0, _at).CopyTo(frame.AsSpan(BatchHeader.Size + countLength + _namesAt));
        BatchHeader.Write(frame.AsSpan(0, length), firstSequence, Count);
        return new ArraySegment<byte>(frame, 0, length);
    }

    private void Begin(LogRecordKind kind, long arrivalMs)
    {
        Room(FixedBytesPerRow);
        _records[_at++] = (byte)kind;
        Put(Varint.ZigZag(arrivalMs - _previousArrival));
        _previousArrival = arrivalMs;
        Count++;
    }

    private void Write(DeviceEvent deviceEvent, long arrivalMs)
    {
        Sender(deviceEvent.Device, deviceEvent.TimestampMs, arrivalMs);
        Name(deviceEvent.Code);
        _records[_at++] = (byte)deviceEvent.Severity;
        Name(deviceEvent.Text);
        Optional(deviceEvent.DataJson);
    }

    private void Write(DeviceState state, long arrivalMs)
    {
        Sender(state.Device, state.TimestampMs, arrivalMs);
        _records[_at++] = state.Online ? (byte)1 : (byte)0;
        Optional(state.AgentVersion);
        Name(state.DetailJson);
    }

    private void Sender(in DeviceKey device, long timestampMs, long arrivalMs)
    {
        Name(device.Tenant);
        Name(device.Device);
        Put(Varint.ZigZag(timestampMs - arrivalMs));
    }

    private void Optional(string? text)
    {
        _records[_at++] = text is null ? (byte)0 : (byte)1;
        if (text is not null) Name(text);
    }

    private void Name(string name) => Put((ulong)IndexOf(name));

    private (int Tenant, int Device) Device(int number)
    {
        if (number >= _devices.Length) Array.Resize(ref _devices, Math.Max(number + 1, _devices.Length * 2));
        ref var place = ref _devices[number];
        if (place.Generation != _generation)
        {
            // Asked for once a frame, so that it need not be looked for among the names; one that is there twice does no harm.
            var key = Numbers.Devices[number];
            place = (_generation, Tenant(key.Tenant), Append(key.Device));
        }
        return (place.Tenant, place.Device);
    }

    private int Metric(int number)
    {
        if (number >= _metrics.Length) Array.Resize(ref _metrics, Math.Max(number + 1, _metrics.Length * 2));
        ref var place = ref _metrics[number];
        if (place.Generation != _generation) place = (_generation, Append(Numbers.Metrics[number]));
        return place.Name;
    }

    private int Tenant(string tenant)
    {
        if (ReferenceEquals(tenant, _lastTenant)) return _lastTenantName;
        (_lastTenant, _lastTenantName) = (tenant, IndexOf(tenant));
        return _lastTenantName;
    }

    private int State(string state)
    {
        if (ReferenceEquals(state, _lastState)) return _lastStateName;
        (_lastState, _lastStateName) = (state, IndexOf(state));
        return _lastStateName;
    }

    private int IndexOf(string name)
    {
        if (_index.TryGetValue(name, out var index)) return index;
        index = Append(name);
        _index.Add(name, index);
        return index;
    }

    private int Append(string name)
    {
        var bytes = Encoding.UTF8.GetByteCount(name);
        if (_namesAt + bytes + 5 > _names.Length) Array.Resize(ref _names, Math.Max(_names.Length * 2, _namesAt + bytes + 5));
        _namesAt += Varint.Write(_names.AsSpan(_namesAt), (ulong)bytes);
        _namesAt += Encoding.UTF8.GetBytes(name, _names.AsSpan(_namesAt));
        return _nameCount++;
    }

    private void Room(int bytes)
    {
        if (_at + bytes > _records.Length) Array.Resize(ref _records, Math.Max(_records.Length * 2, _at + bytes));
    }

    private void Put(ulong value)
    {
        while (value >= 0x80)
        {
            _records[_at++] = (byte)(value | 0x80);
            value >>= 7;
        }
        _records[_at++] = (byte)value;
    }
}

/// <summary>How a reading's value is written; shares its byte with the quality (the low two bits).</summary>
internal enum ReadingForm : byte { Double = 0, Short = 4, State = 8 }

/// <summary>Reads a frame's body back. Only ever sees bodies whose checksum matched; anything odd is a bug and throws.</summary>
internal ref struct BatchDecoder
{
    private readonly ReadOnlySpan<byte> _body;
    private readonly NameScratch _scratch;
    private int _at;

    /// <summary>What a reader keeps from frame to frame: the same string for the same name, and room to work in.</summary>
    internal sealed class NameScratch
    {
        public NamePool Pool { get; } = new();
        public (int At, int Length)[] Names = new (int, int)[256];
        public int[] Metrics = new int[256];     // −1 until asked for
        public string?[] Texts = new string?[256];
        public (int Tenant, int Number)[] Devices = new (int, int)[256];
    }

    private BatchDecoder(ReadOnlySpan<byte> body, NameScratch scratch)
    {
        _body = body;
        _scratch = scratch;
        var count = (int)Unsigned();
        if (count > scratch.Names.Length)
        {
            scratch.Names = new (int, int)[count];
            scratch.Metrics = new int[count];
            scratch.Texts = new string?[count];
            scratch.Devices = new (int, int)[count];
        }
        scratch.Metrics.AsSpan(0, count).Fill(-1);
        scratch.Texts.AsSpan(0, count).Clear();
        scratch.Devices.AsSpan(0, count).Fill((-1, -1));
        for (var i = 0; i < count; i++)
        {
            var length = (int)Unsigned();
            scratch.Names[i] = (_at, length);
            _at += length;
        }
    }

    public static void Decode(ReadOnlySpan<byte> body, int count, NameScratch scratch, LogBatch batch)
    {
        var decoder = new BatchDecoder(body, scratch);
        long arrival = 0;
        for (var i = 0; i < count; i++)
        {
            var kind = (LogRecordKind)decoder.Byte();
            arrival += decoder.Signed();
            if (kind is LogRecordKind.Sample) decoder.Sample(arrival, batch.Rows);
            else batch.Add(decoder.Entry(kind, arrival));
        }
        if (decoder._at != body.Length) throw new InvalidDataException($"batch {batch.FirstSequence}: {body.Length - decoder._at} bytes left over");
    }

    private LogEntry Entry(LogRecordKind kind, long arrivalMs) => kind switch
    {
        LogRecordKind.Event => LogEntry.Of(Event(arrivalMs), arrivalMs),
        LogRecordKind.State => LogEntry.Of(State(arrivalMs), arrivalMs),
        LogRecordKind.Tick => LogEntry.Tick(arrivalMs),
        _ => throw new InvalidDataException($"record kind {kind} is not known; was this log written by a later version?"),
    };

    private void Sample(long arrivalMs, SampleRows rows)
    {
        var device = DeviceNumber();
        var timestampMs = arrivalMs + Signed();
        rows.Begin(device, timestampMs, arrivalMs, Byte() == 0 ? SampleRows.NoSequence : Signed());
        for (var left = (int)Unsigned(); left > 0; left--)
        {
            var metric = MetricNumber();
            var form = Byte();
            var quality = (Quality)(form & 3);
            switch ((ReadingForm)(form & 12))
            {
                case ReadingForm.State:
                    rows.AddState(metric, Name(), quality);
                    break;
                case ReadingForm.Short:
                    rows.Add(metric, Signed(), quality);
                    break;
                default:
                    rows.Add(metric, BinaryPrimitives.ReadDoubleLittleEndian(_body[_at..]), quality);
                    _at += sizeof(double);
                    break;
            }
        }
        rows.End();
    }

    private DeviceEvent Event(long arrivalMs) => new(Device(), arrivalMs + Signed(), Name(), (EventSeverity)Byte(), Name(), Optional());

    private DeviceState State(long arrivalMs) => new(Device(), arrivalMs + Signed(), Byte() == 1, Optional(), Name());

    private DeviceKey Device() => new(Name(), Name());

    private int DeviceNumber()
    {
        var (tenant, name) = ((int)Unsigned(), (int)Unsigned());
        ref var known = ref _scratch.Devices[name];
        if (known.Tenant != tenant) known = (tenant, Numbers.Devices.Of(new DeviceKey(Text(tenant), Text(name))));
        return known.Number;
    }

    private int MetricNumber()
    {
        var name = (int)Unsigned();
        ref var known = ref _scratch.Metrics[name];
        if (known < 0) known = Numbers.Metrics.Of(_body.Slice(_scratch.Names[name].At, _scratch.Names[name].Length));
        return known;
    }

    private string? Optional() => Byte() == 0 ? null : Name();

    private string Name() => Text((int)Unsigned());

    private string Text(int name) => _scratch.Texts[name] ??= _scratch.Pool.Get(_body.Slice(_scratch.Names[name].At, _scratch.Names[name].Length));

    private byte Byte() => _body[_at++];

    private long Signed() => Varint.UnZigZag(Unsigned());

    private ulong Unsigned()
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var b = _body[_at++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80) return value;
        }
    }
}
