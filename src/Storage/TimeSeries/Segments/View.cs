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

/// <summary>A view whose segments of some time stay open until it is disposed.</summary>
internal sealed class OpenView : IDisposable
{
    private OpenView(View view, List<Segment> segments) => (View, Segments) = (view, segments);

    public View View { get; }

    /// <summary>Those with rows in the time asked for.</summary>
    public IReadOnlyList<Segment> Segments { get; }

    public static OpenView Of(Func<View> current, long fromMs, long toMs)
    {
        while (true)
        {
            var view = current();
            var used = new List<Segment>();
            var whole = true;
            foreach (var segment in view.Segments)
            {
                if (segment.MaxMs < fromMs || segment.MinMs >= toMs) continue;
                if (!(whole = segment.TryUse())) break;
                used.Add(segment);
            }
            if (whole) return new OpenView(view, used);
            foreach (var segment in used) segment.Release();   // a segment went meanwhile: the view has been replaced
        }
    }

    public void Dispose()
    {
        foreach (var segment in Segments) segment.Release();
    }
}
