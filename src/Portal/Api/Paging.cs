namespace Seamless.Portal.Api;

/// <summary><c>?limit=&amp;cursor=</c> of every list. The cursor is what the page before called <c>next</c>; its content is ours to change.</summary>
public readonly record struct PageQuery(int? Limit, string? Cursor)
{
    public const int DefaultLimit = 100;
    public const int MaxLimit = 1000;

    public int Take => Limit ?? DefaultLimit;

    /// <summary>One more than asked for, so that we know whether there is a next page.</summary>
    public int Fetch => Take + 1;

    /// <summary>For lists whose cursor is a number.</summary>
    public long? Before => Cursor is null ? null : long.Parse(Cursor, System.Globalization.CultureInfo.InvariantCulture);
}

/// <param name="Next">The cursor of the next page; null on the last.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

internal static class Paging
{
    /// <summary>A page from up to <see cref="PageQuery.Fetch"/> items that were read after the cursor.</summary>
    public static Page<TView> ToPage<T, TView>(this IReadOnlyList<T> fetched, PageQuery page, Func<T, string> cursorOf, Func<T, TView> view) =>
        new([.. fetched.Take(page.Take).Select(view)], fetched.Count > page.Take ? cursorOf(fetched[page.Take - 1]) : null);

    /// <summary>A page of a short list that is held whole.</summary>
    public static Page<TView> Slice<T, TView>(this IEnumerable<T> all, PageQuery page, Func<T, string> key, Func<T, TView> view) =>
        all.OrderBy(key, StringComparer.Ordinal)
            .Where(item => page.Cursor is null || string.CompareOrdinal(key(item), page.Cursor) > 0)
            .Take(page.Fetch).ToList()
            .ToPage(page, key, view);

    /// <summary>The same of a list whose own order counts; a cursor that is no longer there begins anew.</summary>
    public static Page<TView> SliceInOrder<T, TView>(this IReadOnlyList<T> all, PageQuery page, Func<T, string> key, Func<T, TView> view)
    {
        var at = page.Cursor is null ? -1 : all.ToList().FindIndex(item => key(item) == page.Cursor);
        return all.Skip(at + 1).Take(page.Fetch).ToList().ToPage(page, key, view);
    }

    /// <summary>Refuses a limit that is out of range, and a cursor that is no number where one is needed.</summary>
    public static ValueTask<object?> Check(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        foreach (var page in context.Arguments.OfType<PageQuery>())
        {
            if (page.Limit is < 1 or > PageQuery.MaxLimit)
                return new(Problems.Invalid($"limit is {page.Limit}; it must be 1 to {PageQuery.MaxLimit}"));
            if (page.Cursor is { } cursor && context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<NumericCursor>() is not null && !long.TryParse(cursor, out _))
                return new(Problems.Invalid($"'{cursor}' is not a cursor of this list; take it from 'next' of the page before"));
        }
        return next(context);
    }
}

/// <summary>Marks a list whose cursor is a number.</summary>
internal sealed class NumericCursor;
