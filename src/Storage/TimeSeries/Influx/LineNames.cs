using System.Collections.Concurrent;
using System.Text;
using Seamless.Telemetry;
using Seamless.Telemetry.Rows;

namespace Seamless.Storage.TimeSeries.Influx;

/// <summary>The names that every line repeats, as line protocol writes them. Any number of threads.</summary>
internal sealed class LineNames(IEquipmentCatalog catalog)
{
    private readonly ConcurrentDictionary<int, (string Type, byte[] Utf8)> _series = new();
    private readonly ConcurrentDictionary<(int Metric, bool IsState, Quality Quality), byte[]> _fields = new();

    /// <summary>The measurement of a device: its equipment type.</summary>
    public string MeasurementOf(in DeviceKey device) => FieldName.Escape(catalog.TypeOf(device));

    /// <summary>Measurement and tags, the tags sorted as InfluxDB likes them.</summary>
    public ReadOnlySpan<byte> SeriesOf(int number)
    {
        var device = Numbers.Devices[number];
        var type = catalog.TypeOf(device);
        if (_series.TryGetValue(number, out var known) && known.Type == type) return known.Utf8;
        // A tag's value is a device's name, of letters that need no escape.
        byte[] utf8 = [.. Escaped(FieldName.Escape(type), ", "), .. Encoding.UTF8.GetBytes($",device={device.Device},tenant={device.Tenant}")];
        _series[number] = (type, utf8);
        return utf8;
    }

    public ReadOnlySpan<byte> FieldOf(int metric, bool isState, Quality quality) => _fields.GetOrAdd((metric, isState, quality),
        static key => Escaped(new FieldName(Numbers.Metrics[key.Metric], key.IsState, key.Quality).ToString(), ",= "));

    /// <summary>The text with a backslash before each of the characters that would end it.</summary>
    public static byte[] Escaped(string text, string special)
    {
        if (text.AsSpan().IndexOfAny(special) < 0) return Encoding.UTF8.GetBytes(text);
        var escaped = new StringBuilder(text.Length + 8);
        foreach (var c in text)
        {
            if (special.Contains(c, StringComparison.Ordinal)) escaped.Append('\\');
            escaped.Append(c);
        }
        return Encoding.UTF8.GetBytes(escaped.ToString());
    }
}
