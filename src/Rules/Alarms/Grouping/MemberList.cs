using System.Collections;

namespace Seamless.Rules.Alarms.Grouping;

/// <summary>The first so many ids of a list that only grows: an alarm of thousands of members costs no copy with each that comes.</summary>
internal sealed class MemberList(List<string> ids, int count) : IReadOnlyList<string>
{
    public int Count => count;

    public string this[int index] => (uint)index < (uint)count ? ids[index] : throw new ArgumentOutOfRangeException(nameof(index));

    public IEnumerator<string> GetEnumerator()
    {
        for (var i = 0; i < count; i++) yield return ids[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
