using System.Text.Json;

namespace Seamless.Storage.TimeSeries.Influx;

/// <summary>One series of an answer: rows under named columns.</summary>
internal readonly record struct InfluxSeries(string Name, string[] Columns, JsonElement Rows)
{
    public int Count => Rows.GetArrayLength();

    public int Column(string name) => Array.IndexOf(Columns, name);
}

/// <summary>The answer to InfluxQL: for each statement its series.</summary>
internal sealed class InfluxAnswer : IDisposable
{
    private readonly JsonDocument _document;

    private InfluxAnswer(JsonDocument document, List<List<InfluxSeries>> results) => (_document, Results) = (document, results);

    public IReadOnlyList<IReadOnlyList<InfluxSeries>> Results { get; }

    /// <exception cref="InfluxException">A statement failed: that is said inside an answer of 200.</exception>
    public static InfluxAnswer Of(JsonDocument document)
    {
        var results = new List<List<InfluxSeries>>();
        try
        {
            if (document.RootElement.TryGetProperty("error", out var fault)) throw new InfluxException($"InfluxDB: {fault}");
            foreach (var result in document.RootElement.GetProperty("results").EnumerateArray()) results.Add(SeriesOf(result));
            return new InfluxAnswer(document, results);
        }
        catch (Exception e)
        {
            document.Dispose();
            if (e is InfluxException) throw;
            throw new InfluxException("InfluxDB's answer does not have the documented form", e);
        }
    }

    private static List<InfluxSeries> SeriesOf(JsonElement result)
    {
        if (result.TryGetProperty("error", out var fault)) throw new InfluxException($"InfluxDB: {fault}");
        var series = new List<InfluxSeries>();
        if (!result.TryGetProperty("series", out var all)) return series;
        foreach (var one in all.EnumerateArray())
            if (one.TryGetProperty("values", out var rows))
                series.Add(new InfluxSeries(
                    one.TryGetProperty("name", out var name) ? name.GetString()! : "", [.. one.GetProperty("columns").EnumerateArray().Select(c => c.GetString()!)], rows));
        return series;
    }

    public void Dispose() => _document.Dispose();
}
