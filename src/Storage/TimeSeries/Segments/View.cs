using Seamless.Storage.TimeSeries.Segments.Files;
using Seamless.Storage.TimeSeries.Segments.Heads;

namespace Seamless.Storage.TimeSeries.Segments;

/// <summary>Where all rows are at one moment. Replaced whole, so that a reader never sees a row twice or not at all while it moves into a segment.</summary>
/// <param name="Active">Where rows are added.</param>
/// <param name="Sealing">Written to segments right now; null between seals.</param>
/// <param name="Segments">By day, then in order of writing.</param>
internal sealed record View(HeadSet Active, HeadSet? Sealing, Segment[] Segments, Marks Marks)
{
    /// <summary>In order of writing.</summary>
    public IEnumerable<HeadSet> Heads => Sealing is null ? [Active] : [Sealing, Active];

    public View With(IEnumerable<Segment> added, IReadOnlyCollection<Segment> removed) => this with
    {
        Segments = [.. Segments.Where(s => !removed.Contains(s)).Concat(added).OrderBy(s => s.Day).ThenBy(s => s.Name.From)],
    };
}

/// <summary>A view of which the heads, and the segments of some time, stay until it is disposed.</summary>
internal sealed class OpenView : IDisposable
{
    private readonly List<Segment> _segments = [];
    private readonly List<HeadSet> _heads = [];

    private OpenView(View view) => View = view;

    public View View { get; }

    /// <summary>Those with rows in the time asked for.</summary>
    public IReadOnlyList<Segment> Segments => _segments;

    /// <summary>With the segments that have rows in some time.</summary>
    public static OpenView Of(Func<View> current, long fromMs, long toMs) => Of(current, segment => segment.MaxMs >= fromMs && segment.MinMs < toMs);

    /// <summary>Without segments.</summary>
    public static OpenView OfHeads(Func<View> current) => Of(current, static _ => false);

    public long RowsBefore(long beforeMs) => _segments.Sum(s => s.RowsBefore(beforeMs)) + View.Heads.Sum(h => h.RowsBefore(beforeMs));

    private static OpenView Of(Func<View> current, Func<Segment, bool> wanted)
    {
        while (true)
        {
            var open = new OpenView(current());
            if (open.TryUse(wanted)) return open;
            open.Dispose();   // something went meanwhile: the view has been replaced
        }
    }

    private bool TryUse(Func<Segment, bool> wanted)
    {
        foreach (var heads in View.Heads)
        {
            if (!heads.TryUse()) return false;
            _heads.Add(heads);
        }
        foreach (var segment in View.Segments)
        {
            if (!wanted(segment)) continue;
            if (!segment.TryUse()) return false;
            _segments.Add(segment);
        }
        return true;
    }

    public void Dispose()
    {
        foreach (var segment in _segments) segment.Release();
        foreach (var heads in _heads) heads.Release();
    }
}
