namespace Seamless.Storage.TimeSeries.Segments.Heads;

/// <summary>Arrays that gathering and sorting one device's rows after another's uses again. What lies in it is valid until the next.</summary>
internal sealed class SortSpace
{
    private readonly List<double[]> _values = [];
    private readonly List<double[]> _gathered = [];
    private long[] _gatheredTimes = [];
    private long[] _keys = [];
    private long[] _times = [];
    private int[] _order = [];
    private int[] _places = [];
    private int[] _last = [];

    public Span<long> Keys(int count) => Of(ref _keys, count).AsSpan(0, count);
    public Span<int> Order(int count) => Of(ref _order, count).AsSpan(0, count);
    public Span<int> Places(int count) => Of(ref _places, count).AsSpan(0, count);
    public Span<int> Last(int count) => Of(ref _last, count).AsSpan(0, count);
    public long[] Times(int count) => Of(ref _times, count);

    /// <summary>For times before they are sorted.</summary>
    public long[] Gathered(int count) => Of(ref _gatheredTimes, count);

    /// <summary>For a column's values before they are sorted.</summary>
    public double[] Gathered(int column, int count) => Of(_gathered, column, count);

    public double[] Values(int column, int count) => Of(_values, column, count);

    private static double[] Of(List<double[]> arrays, int column, int count)
    {
        while (arrays.Count <= column) arrays.Add([]);
        if (arrays[column].Length < count) arrays[column] = GC.AllocateUninitializedArray<double>(SizeFor(count));
        return arrays[column];
    }

    private static T[] Of<T>(ref T[] array, int count)
        where T : unmanaged
    {
        if (array.Length < count) array = GC.AllocateUninitializedArray<T>(SizeFor(count));
        return array;
    }

    private static int SizeFor(int count) => count + count / 4;
}
