using System.Globalization;
using System.Text;
using Seamless.Telemetry;
using Seamless.Telemetry.Payloads;

namespace Seamless.Ingest.Dialects.Azure;

/// <summary>The properties of a message, which stand in its topic: <c>k=v&amp;…</c>, URL-encoded; those of the system begin with <c>$.</c>.</summary>
internal sealed class PropertyBag
{
    private const int MaxApplicationProperties = 32;
    private const int MaxValueLength = 1024;
    private const string ContentTypeName = "$.ct";
    private const string EncodingName = "$.ce";
    private const string CreationName = "iothub-creation-time-utc";

    private readonly Dictionary<string, string> _properties = new(StringComparer.Ordinal);

    public PropertyBag(string bag)
    {
        foreach (var pair in bag.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.TrimStart('?').Split('=', 2);
            _properties.TryAdd(Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
        }
    }

    public string? this[string name] => _properties.GetValueOrDefault(name);

    public string? ContentType => this[ContentTypeName];

    /// <summary>Null for UTF-8, which needs no conversion; false when it is none that we read.</summary>
    public bool TryEncoding(out Encoding? encoding)
    {
        encoding = this[EncodingName]?.ToLowerInvariant() switch
        {
            "utf-16" or "utf-16le" => Encoding.Unicode,
            "utf-16be" => Encoding.BigEndianUnicode,
            "utf-32" or "utf-32le" => Encoding.UTF32,
            _ => null,
        };
        return encoding is not null || this[EncodingName] is null || this[EncodingName]!.ToLowerInvariant() is "" or "utf-8" or "utf8";
    }

    /// <summary>When the device made the message; for samples that carry no time of their own. The time of arrival when it does not say, or says nothing that can be.</summary>
    public long CreatedMs(long arrivalMs, long toleranceMs, List<Reject> rejects)
    {
        if ((this[CreationName] ?? this["$.ctime"]) is not { Length: > 0 } text) return arrivalMs;
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var created))
        {
            rejects.Add(new Reject(RejectReason.BadTimestamp, -1, null, $"{CreationName} is not a time: the time of arrival was taken"));
            return arrivalMs;
        }
        var ms = created.ToUnixTimeMilliseconds();
        Reject? wrong = ms < DecoderOptions.EarliestMs ? new(RejectReason.TimestampTooOld, -1, null, $"{CreationName} lies before 2000-01-01: the time of arrival was taken")
            : ms > arrivalMs + toleranceMs ? new(RejectReason.TimestampInFuture, -1, null, $"{CreationName} lies ahead of our clock: the time of arrival was taken")
            : null;
        if (wrong is null) return ms;
        rejects.Add(wrong);
        return arrivalMs;
    }

    /// <summary>What the device's own program has added, as states named <c>properties.{name}</c>: <c>temperatureAlert=true</c> belongs to the sample it came with.</summary>
    public IReadOnlyList<Reading> ApplicationProperties(List<Reject> rejects)
    {
        var readings = new List<Reading>();
        foreach (var (name, value) in _properties)
        {
            if (name.Length == 0 || name.StartsWith("$.", StringComparison.Ordinal) || name.StartsWith("iothub-", StringComparison.Ordinal)) continue;
            var metric = $"properties.{name}";
            if (metric.Length > DeviceKey.MaxNameLength) rejects.Add(new Reject(RejectReason.BadMetricName, -1, metric[..DeviceKey.MaxNameLength], "the property's name is too long"));
            else if (value.Length > MaxValueLength) rejects.Add(new Reject(RejectReason.TooLarge, -1, metric, $"a property of more than {MaxValueLength} characters"));
            else if (readings.Count == MaxApplicationProperties) rejects.Add(new Reject(RejectReason.TooLarge, -1, metric, $"more than {MaxApplicationProperties} properties"));
            else readings.Add(new Reading(metric, double.NaN, value));
        }
        return readings;
    }
}
