using Seamless.Telemetry;

namespace Seamless.Storage.TimeSeries.Segments.Heads;

/// <summary>The shapes and texts of the rows of one <see cref="HeadSet"/>, by number. One thread adds; any number read those that rows name.</summary>
internal sealed class HeadNames
{
    private readonly Dictionary<int, RowShape> _byHash = [];
    private readonly Dictionary<string, int> _byText = new(StringComparer.Ordinal);
    private RowShape[] _shapes = new RowShape[16];
    private string[] _texts = new string[16];
    private int _shapeCount;
    private int _textCount;

    public RowShape Shape(int number) => Volatile.Read(ref _shapes)[number];

    public string Text(double number) => Volatile.Read(ref _texts)[(int)number];

    public RowShape Shape(ReadOnlySpan<int> metrics, ReadOnlySpan<string?> states, ReadOnlySpan<Quality> qualities)
    {
        var hash = RowShape.HashOf(metrics, states, qualities);
        _byHash.TryGetValue(hash, out var first);
        for (var known = first; known is not null; known = known.Next)
            if (known.Fits(metrics, states, qualities)) return known;
        var shape = new RowShape(_shapeCount, metrics, states, qualities) { Next = first };
        _byHash[hash] = shape;
        Put(ref _shapes, _shapeCount++, shape);
        return shape;
    }

    /// <summary>The number of a text at a place of a shape.</summary>
    public int NumberOf(RowShape shape, int at, string text)
    {
        if (shape.TryNumber(at, text, out var number)) return number;
        if (!_byText.TryGetValue(text, out number))
        {
            number = _textCount;
            _byText[text] = number;
            Put(ref _texts, _textCount++, text);
        }
        shape.Remember(at, text, number);
        return number;
    }

    private static void Put<T>(ref T[] array, int at, T value)
    {
        if (at < array.Length)
        {
            array[at] = value;
            return;
        }
        var larger = new T[array.Length * 2];
        array.CopyTo(larger, 0);
        larger[at] = value;
        Volatile.Write(ref array, larger);
    }
}
