using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using Seamless.Telemetry;

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

/// <summary>Writes records into one batch: names once, numbers short. One owner, used again and again.</summary>
internal sealed class BatchEncoder
{
    private readonly ArrayBufferWriter<byte> _names = new(4096);
    private readonly ArrayBufferWriter<byte> _records = new(64 * 1024);
    private readonly Dictionary<string, int> _index = new(StringComparer.Ordinal);
    private long _previousArrival;

    public int Count { get; private set; }
    public int ApproximateBytes => _names.WrittenCount + _records.WrittenCount;

    public void Clear()
    {
        _names.ResetWrittenCount();
        _records.ResetWrittenCount();
        _index.Clear();
        _previousArrival = 0;
        Count = 0;
    }

    public void Add(in LogEntry entry)
    {
        Byte((byte)entry.Kind);
        Signed(entry.ArrivalMs - _previousArrival);
        _previousArrival = entry.ArrivalMs;
        switch (entry.Kind)
        {
            case LogRecordKind.Sample: Write(entry.Sample!, entry.ArrivalMs); break;
            case LogRecordKind.Event: Write(entry.Event!, entry.ArrivalMs); break;
            case LogRecordKind.State: Write(entry.State!, entry.ArrivalMs); break;
        }
        Count++;
    }

    /// <summary>The whole frame, ready for the disk; valid until the array is handed back to the shared pool.</summary>
    public ArraySegment<byte> Finish(long firstSequence)
    {
        var nameCount = _index.Count;
        Span<byte> countBytes = stackalloc byte[5];
        var countLength = Varint.Write(countBytes, (ulong)nameCount);
        var length = BatchHeader.Size + countLength + _names.WrittenCount + _records.WrittenCount;
        var frame = ArrayPool<byte>.Shared.Rent(length);
        countBytes[..countLength].CopyTo(frame.AsSpan(BatchHeader.Size));
        _names.WrittenSpan.CopyTo(frame.AsSpan(BatchHeader.Size + countLength));
        _records.WrittenSpan.CopyTo(frame.AsSpan(BatchHeader.Size + countLength + _names.WrittenCount));
        BatchHeader.Write(frame.AsSpan(0, length), firstSequence, Count);
        return new ArraySegment<byte>(frame, 0, length);
    }

    private void Write(Sample sample, long arrivalMs)
    {
        Device(sample.Device, sample.TimestampMs, arrivalMs);
        Byte(sample.Sequence is null ? (byte)0 : (byte)1);
        if (sample.Sequence is { } sequence) Signed(sequence);
        Unsigned((ulong)sample.Readings.Count);
        for (var i = 0; i < sample.Readings.Count; i++) Write(sample.Readings[i]);
    }

    private void Write(in Reading reading)
    {
        Name(reading.Metric);
        var form = reading.State is not null ? ReadingForm.State : Varint.IsShort(reading.Value) ? ReadingForm.Short : ReadingForm.Double;
        Byte((byte)((byte)reading.Quality | (byte)form));
        switch (form)
        {
            case ReadingForm.State: Name(reading.State!); break;
            case ReadingForm.Short: Signed((long)reading.Value); break;
            default:
                BinaryPrimitives.WriteDoubleLittleEndian(_records.GetSpan(8), reading.Value);
                _records.Advance(8);
                break;
        }
    }

    private void Write(DeviceEvent deviceEvent, long arrivalMs)
    {
        Device(deviceEvent.Device, deviceEvent.TimestampMs, arrivalMs);
        Name(deviceEvent.Code);
        Byte((byte)deviceEvent.Severity);
        Name(deviceEvent.Text);
        Optional(deviceEvent.DataJson);
    }

    private void Write(DeviceState state, long arrivalMs)
    {
        Device(state.Device, state.TimestampMs, arrivalMs);
        Byte(state.Online ? (byte)1 : (byte)0);
        Optional(state.AgentVersion);
        Name(state.DetailJson);
    }

    private void Device(in DeviceKey device, long timestampMs, long arrivalMs)
    {
        Name(device.Tenant);
        Name(device.Device);
        Signed(timestampMs - arrivalMs);
    }

    private void Optional(string? text)
    {
        Byte(text is null ? (byte)0 : (byte)1);
        if (text is not null) Name(text);
    }

    private void Name(string name)
    {
        if (!_index.TryGetValue(name, out var index))
        {
            index = _index.Count;
            _index.Add(name, index);
            var bytes = Encoding.UTF8.GetByteCount(name);
            var span = _names.GetSpan(bytes + 5);
            var prefix = Varint.Write(span, (ulong)bytes);
            Encoding.UTF8.GetBytes(name, span[prefix..]);
            _names.Advance(prefix + bytes);
        }
        Unsigned((ulong)index);
    }

    private void Byte(byte value)
    {
        _records.GetSpan(1)[0] = value;
        _records.Advance(1);
    }

    private void Unsigned(ulong value) => _records.Advance(Varint.Write(_records.GetSpan(10), value));

    private void Signed(long value) => Unsigned(Varint.ZigZag(value));
}

/// <summary>How a reading's value is written; shares its byte with the quality (the low two bits).</summary>
internal enum ReadingForm : byte { Double = 0, Short = 4, State = 8 }

/// <summary>Reads a batch's body back. Only ever sees bodies whose checksum matched; anything odd is a bug and throws.</summary>
internal ref struct BatchDecoder
{
    private readonly ReadOnlySpan<byte> _body;
    private readonly string[] _names;
    private int _at;

    /// <summary>The same string objects from batch to batch, so that readers do not fill the heap with copies of metric names.</summary>
    private BatchDecoder(ReadOnlySpan<byte> body, NamePool pool)
    {
        _body = body;
        _names = new string[(int)Unsigned()];
        for (var i = 0; i < _names.Length; i++)
        {
            var length = (int)Unsigned();
            _names[i] = pool.Get(_body.Slice(_at, length));
            _at += length;
        }
    }

    public static void Decode(ReadOnlySpan<byte> body, long firstSequence, int count, NamePool pool, List<LogRecord> records)
    {
        var decoder = new BatchDecoder(body, pool);
        long arrival = 0;
        for (var i = 0; i < count; i++)
        {
            var kind = (LogRecordKind)decoder.Byte();
            arrival += decoder.Signed();
            records.Add(new LogRecord(firstSequence + i, decoder.Entry(kind, arrival)));
        }
        if (decoder._at != body.Length) throw new InvalidDataException($"batch {firstSequence}: {body.Length - decoder._at} bytes left over");
    }

    private LogEntry Entry(LogRecordKind kind, long arrivalMs) => kind switch
    {
        LogRecordKind.Sample => LogEntry.Of(Sample(arrivalMs), arrivalMs),
        LogRecordKind.Event => LogEntry.Of(Event(arrivalMs), arrivalMs),
        LogRecordKind.State => LogEntry.Of(State(arrivalMs), arrivalMs),
        LogRecordKind.Tick => LogEntry.Tick(arrivalMs),
        _ => throw new InvalidDataException($"record kind {kind} is not known; was this log written by a later version?"),
    };

    private Sample Sample(long arrivalMs)
    {
        var device = Device();
        var timestampMs = arrivalMs + Signed();
        long? sequence = Byte() == 0 ? null : Signed();
        var readings = new Reading[(int)Unsigned()];
        for (var i = 0; i < readings.Length; i++) readings[i] = Reading();
        return new Sample(device, timestampMs, sequence, readings);
    }

    private Reading Reading()
    {
        var metric = Name();
        var form = Byte();
        var quality = (Quality)(form & 3);
        switch ((ReadingForm)(form & 12))
        {
            case ReadingForm.State: return new Reading(metric, double.NaN, Name(), quality);
            case ReadingForm.Short: return new Reading(metric, Signed(), null, quality);
            default:
                var value = BinaryPrimitives.ReadDoubleLittleEndian(_body[_at..]);
                _at += 8;
                return new Reading(metric, value, null, quality);
        }
    }

    private DeviceEvent Event(long arrivalMs) => new(Device(), arrivalMs + Signed(), Name(), (EventSeverity)Byte(), Name(), Optional());

    private DeviceState State(long arrivalMs) => new(Device(), arrivalMs + Signed(), Byte() == 1, Optional(), Name());

    private DeviceKey Device() => new(Name(), Name());

    private string? Optional() => Byte() == 0 ? null : Name();

    private string Name() => _names[(int)Unsigned()];

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
