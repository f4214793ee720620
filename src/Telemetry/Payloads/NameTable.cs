using System.Text;

namespace Seamless.Telemetry.Payloads;

/// <summary>Gives the same string for the same name again, so that a sample allocates no names. Any number of threads.</summary>
/// <remarks>
/// Direct-mapped and bounded: a name that meets another in its slot takes the slot. A race costs a string, never a wrong answer, since an
/// entry is immutable and compared whole.
/// </remarks>
internal sealed class NameTable
{
    private const int Slots = 4096;
    private readonly Entry?[] _entries = new Entry?[Slots];

    private sealed record Entry(byte[] Utf8, string Name);

    /// <param name="utf8">Valid UTF-8.</param>
    public string Get(ReadOnlySpan<byte> utf8)
    {
        ref var slot = ref _entries[SlotOf(utf8)];
        var entry = slot;
        if (entry is not null && utf8.SequenceEqual(entry.Utf8)) return entry.Name;
        var fresh = new Entry(utf8.ToArray(), Encoding.UTF8.GetString(utf8));
        slot = fresh;
        return fresh.Name;
    }

    private static int SlotOf(ReadOnlySpan<byte> utf8)
    {
        var hash = 2166136261u;
        foreach (var b in utf8) hash = (hash ^ b) * 16777619u;
        return (int)((hash ^ (hash >> 15)) % Slots);
    }
}
