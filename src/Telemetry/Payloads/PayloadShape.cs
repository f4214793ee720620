using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Seamless.Telemetry.Payloads;

/// <summary>What a device's payloads have in common: everything but the values. A program writes the same text around them every time.</summary>
/// <remarks>
/// Learned from a payload that <see cref="JsonRowReader"/> has read member by member, so what fits the shape need not be taken apart again.
/// Immutable; devices that speak alike share one.
/// </remarks>
public sealed class PayloadShape
{
    internal const int MostMembers = 64;
    internal const int MostBytes = 2048;

    private readonly byte[] _texts;   // all of them, one behind the other
    private readonly Part[] _parts;
    private readonly byte[] _end;     // what stands behind the last value

    /// <summary>A value of a payload: where it stands and what it is.</summary>
    internal readonly record struct Place(int Start, int End, int Meaning);

    /// <summary>The text before a value, and what the value is: a metric's number, or <see cref="Timestamp"/> or <see cref="Sequence"/>.</summary>
    internal readonly struct Part(int start, int length, int meaning, Vector128<byte> bytes)
    {
        public readonly Vector128<byte> Bytes = bytes;   // the first 16
        public readonly Vector128<byte> Mask = Vector128.LessThan(Vector128<byte>.Indices, Vector128.Create((byte)Math.Min(length, 16)));
        public readonly int Start = start;
        public readonly int Length = length;
        public readonly int Meaning = meaning;
    }

    internal const int Timestamp = -1;
    internal const int Sequence = -2;

    private PayloadShape(byte[] texts, Part[] parts, byte[] end) => (_texts, _parts, _end) = (texts, parts, end);

    internal ReadOnlySpan<Part> Parts => _parts;
    internal ReadOnlySpan<byte> End => _end;

    /// <summary>Whether the part's text stands at <paramref name="at"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Fits(in Part part, ReadOnlySpan<byte> payload, int at)
    {
        if (payload.Length - at < Vector128<byte>.Count || part.Length > Vector128<byte>.Count) return FitsSlowly(part, payload, at);
        var there = Vector128.LoadUnsafe(ref Unsafe.Add(ref MemoryMarshal.GetReference(payload), at));
        return ((there ^ part.Bytes) & part.Mask) == Vector128<byte>.Zero;
    }

    private bool FitsSlowly(in Part part, ReadOnlySpan<byte> payload, int at) => payload[at..].StartsWith(_texts.AsSpan(part.Start, part.Length));

    // Learning

    /// <summary>Hash of what the shape of the payload would be.</summary>
    internal static int HashOf(ReadOnlySpan<byte> payload, ReadOnlySpan<Place> places)
    {
        var (hash, at) = (new HashCode(), 0);
        foreach (var place in places)
        {
            hash.AddBytes(payload[at..place.Start]);
            hash.Add(place.Meaning);
            at = place.End;
        }
        hash.AddBytes(payload[at..]);
        return hash.ToHashCode();
    }

    internal bool IsOf(ReadOnlySpan<byte> payload, ReadOnlySpan<Place> places)
    {
        if (places.Length != _parts.Length) return false;
        var at = 0;
        for (var i = 0; i < places.Length; i++)
        {
            if (places[i].Meaning != _parts[i].Meaning || !payload[at..places[i].Start].SequenceEqual(_texts.AsSpan(_parts[i].Start, _parts[i].Length))) return false;
            at = places[i].End;
        }
        return payload[at..].SequenceEqual(_end);
    }

    internal static PayloadShape Of(ReadOnlySpan<byte> payload, ReadOnlySpan<Place> places)
    {
        var texts = new List<byte>();
        var parts = new Part[places.Length];
        var at = 0;
        for (var i = 0; i < parts.Length; i++)
        {
            var text = payload[at..places[i].Start];
            var first = new byte[Vector128<byte>.Count];
            text[..Math.Min(text.Length, first.Length)].CopyTo(first);
            parts[i] = new Part(texts.Count, text.Length, places[i].Meaning, Vector128.Create<byte>(first));
            texts.AddRange(text);
            at = places[i].End;
        }
        return new PayloadShape([.. texts], parts, payload[at..].ToArray());
    }
}

/// <summary>Shapes seen lately, so that devices that speak alike share one. Bounded: one that meets another in its slot takes the slot. Any number of threads.</summary>
internal sealed class ShapeTable
{
    private const int Slots = 1024;
    private readonly PayloadShape?[] _shapes = new PayloadShape?[Slots];

    public PayloadShape Get(ReadOnlySpan<byte> payload, ReadOnlySpan<PayloadShape.Place> places)
    {
        ref var slot = ref _shapes[(uint)PayloadShape.HashOf(payload, places) % Slots];
        if (slot is { } known && known.IsOf(payload, places)) return known;
        return slot = PayloadShape.Of(payload, places);
    }
}
