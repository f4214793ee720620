using System.Buffers;
using System.Text;

namespace Seamless.Learning.Onnx;

/// <summary>Writes one protobuf message, field by field, in the wire format of proto3.</summary>
internal sealed class ProtoWriter
{
    private const int Varint = 0, Delimited = 2;
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    public ProtoWriter Number(int field, long value)
    {
        Tag(field, Varint);
        Raw((ulong)value);
        return this;
    }

    public ProtoWriter Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public ProtoWriter Message(int field, ProtoWriter message) => Bytes(field, message.ToArray());

    public ProtoWriter Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, Delimited);
        Raw((ulong)value.Length);
        _bytes.Write(value);
        return this;
    }

    /// <summary>Packed, as proto3 writes repeated numbers.</summary>
    public ProtoWriter Numbers(int field, IEnumerable<long> values)
    {
        var packed = new ProtoWriter();
        foreach (var value in values) packed.Raw((ulong)value);
        return Message(field, packed);
    }

    private void Tag(int field, int type) => Raw((ulong)(field << 3 | type));

    private void Raw(ulong value)
    {
        for (; value >= 0x80; value >>= 7) _bytes.Write([(byte)(value | 0x80)]);
        _bytes.Write([(byte)value]);
    }
}
