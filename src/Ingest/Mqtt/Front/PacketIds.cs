namespace Seamless.Ingest.Mqtt.Front;

/// <summary>Packet identifiers in the order of their PUBLISHes, waiting for the commit that makes their samples durable.</summary>
internal sealed class PacketIds
{
    private ushort[] _ring = new ushort[16];
    private int _head;

    public int Count { get; private set; }

    public void Add(ushort id)
    {
        if (Count == _ring.Length) Grow();
        _ring[(_head + Count++) & (_ring.Length - 1)] = id;
    }

    /// <summary>Takes out the oldest.</summary>
    public ushort Take()
    {
        var id = _ring[_head];
        _head = (_head + 1) & (_ring.Length - 1);
        Count--;
        return id;
    }

    private void Grow()
    {
        var larger = new ushort[_ring.Length * 2];
        for (var i = 0; i < Count; i++) larger[i] = _ring[(_head + i) & (_ring.Length - 1)];
        (_ring, _head) = (larger, 0);
    }
}
