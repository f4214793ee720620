using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Seamless.Telemetry;

namespace Seamless.DeviceAgent.Sensing;

/// <summary>Measurements from a text: CSV with the header <c>ts,metric,…</c>, or one JSON object a line. Which of the two, the first line says.</summary>
/// <remarks><c>ts</c> is Unix milliseconds or RFC 3339; absent: the agent's clock. An empty CSV cell is a value that was not measured.</remarks>
/// <param name="follow">Wait for more lines at the end of the text, as <c>tail -f</c> does.</param>
/// <param name="refused">Told of each line that cannot be used: its number, from 1, and why.</param>
public sealed class LineSource(TextReader reader, bool follow, TimeProvider time, Action<int, string> refused) : ISource
{
    private static readonly TimeSpan FollowPause = TimeSpan.FromMilliseconds(250);

    public async IAsyncEnumerable<Measurement> ReadAsync([EnumeratorCancellation] CancellationToken ct)
    {
        string[]? header = null;
        for (var number = 1; await NextLineAsync(ct) is { } line; number++)
        {
            if (string.IsNullOrWhiteSpace(line)) continue;
            if (header is null && !line.StartsWith('{'))
            {
                header = line.Split(',', StringSplitOptions.TrimEntries);
                continue;
            }
            var readings = new List<Reading>();
            var problem = header is null || line.StartsWith('{')
                ? ReadJson(line, readings, out var timestamp)
                : ReadCsv(header, line, readings, out timestamp);
            if (problem is not null) refused(number, problem);
            else if (readings.Count > 0) yield return new Measurement(timestamp ?? time.GetUtcNow().ToUnixTimeMilliseconds(), readings);
        }
    }

    private async Task<string?> NextLineAsync(CancellationToken ct)
    {
        while (true)
        {
            var line = await reader.ReadLineAsync(ct);
            if (line is not null || !follow) return line;
            await Task.Delay(FollowPause, time, ct);
        }
    }

    private static string? ReadCsv(string[] header, string line, List<Reading> readings, out long? timestamp)
    {
        timestamp = null;
        var cells = line.Split(',', StringSplitOptions.TrimEntries);
        if (cells.Length != header.Length) return $"{cells.Length} cells, the header has {header.Length}";
        for (var i = 0; i < cells.Length; i++)
        {
            if (header[i] == "ts")
            {
                timestamp = Time(cells[i]);
                if (timestamp is null) return $"'{cells[i]}' is neither Unix milliseconds nor RFC 3339";
            }
            else if (cells[i].Length > 0)
            {
                readings.Add(Value(header[i], cells[i]));
            }
        }
        return null;
    }

    private static string? ReadJson(string line, List<Reading> readings, out long? timestamp)
    {
        timestamp = null;
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            if (root.ValueKind is not JsonValueKind.Object) return "not a JSON object";
            if (root.TryGetProperty("ts", out var ts))
            {
                timestamp = Time(ts.ToString());
                if (timestamp is null) return $"'{ts}' is neither Unix milliseconds nor RFC 3339";
            }
            var values = root.TryGetProperty("values", out var inner) && inner.ValueKind is JsonValueKind.Object ? inner : root;
            foreach (var property in values.EnumerateObject())
            {
                if (property.Name is "ts" or "seq") continue;
                if (Value(property) is { } reading) readings.Add(reading);
            }
            return null;
        }
        catch (JsonException e)
        {
            return e.Message;
        }
    }

    private static Reading? Value(JsonProperty property) => property.Value.ValueKind switch
    {
        JsonValueKind.Number => new Reading(property.Name, property.Value.GetDouble()),
        JsonValueKind.True => new Reading(property.Name, 1),
        JsonValueKind.False => new Reading(property.Name, 0),
        JsonValueKind.String => new Reading(property.Name, double.NaN, property.Value.GetString()),
        _ => null,
    };

    private static Reading Value(string metric, string cell) => cell switch
    {
        "true" => new Reading(metric, 1),
        "false" => new Reading(metric, 0),
        _ => double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? new Reading(metric, number)
            : new Reading(metric, double.NaN, cell),
    };

    private static long? Time(string text)
    {
        if (long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var milliseconds)) return milliseconds;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at.ToUnixTimeMilliseconds() : null;
    }
}
