using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Seamless.Rules.Packs;
using Seamless.Storage.TimeSeries;

namespace Seamless.Portal.Api;

/// <summary>How everything looks on the wire: camelCase, UTC with milliseconds and <c>Z</c>, codes as they are written.</summary>
public static class ApiJson
{
    public static readonly JsonSerializerOptions Options = Configure(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    public static JsonSerializerOptions Configure(JsonSerializerOptions json)
    {
        json.Converters.Add(new JsonStringEnumConverter(new EnumNames(), allowIntegerValues: false));
        json.Converters.Add(new UtcInstantConverter());
        json.Converters.Add(new LocalizedTextConverter());
        json.Converters.Add(new SeriesPointConverter());
        json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;   // a misspelt field is refused, not ignored
        json.Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping;   // °C and 中文 readable; we never embed JSON in HTML unescaped
        return json;
    }

    /// <summary>The wire's word for an enum value.</summary>
    public static string NameOf<T>(T value) where T : struct, Enum => NameOf(value.ToString());

    internal static string NameOf(string name) => new EnumNames().ConvertName(name);

    /// <summary>camelCase, except codes that are written in capitals (<c>P1</c>, <c>ENV</c>).</summary>
    private sealed class EnumNames : JsonNamingPolicy
    {
        public override string ConvertName(string name) => name.Any(char.IsLower) ? CamelCase.ConvertName(name) : name;
    }

    private sealed class UtcInstantConverter : JsonConverter<DateTimeOffset>
    {
        private const string Format = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType is JsonTokenType.String && Instant.TryParse(reader.GetString(), CultureInfo.InvariantCulture, out var instant)
                ? instant.At
                : throw new JsonException("a time is written as RFC 3339: 2026-01-31T12:00:00Z");

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture));
    }

    private sealed class LocalizedTextConverter : JsonConverter<LocalizedText>
    {
        public override LocalizedText Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType is JsonTokenType.String) return new LocalizedText(reader.GetString()!, reader.GetString()!);
            var texts = JsonSerializer.Deserialize<Dictionary<string, string>>(ref reader, options) ?? [];
            if (!texts.TryGetValue("en", out var en)) throw new JsonException("a text is a string or {\"en\": …, \"zhCN\": …}");
            return new LocalizedText(en, texts.GetValueOrDefault("zhCN", en));
        }

        public override void Write(Utf8JsonWriter writer, LocalizedText value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            writer.WriteString("en", value.En);
            writer.WriteString("zhCN", value.ZhCn);
            writer.WriteEndObject();
        }
    }

    /// <summary>A point is <c>[ms, value]</c>, or <c>[ms, "text"]</c> for a state.</summary>
    private sealed class SeriesPointConverter : JsonConverter<SeriesPoint>
    {
        public override SeriesPoint Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            JsonSerializer.Deserialize<JsonElement[]>(ref reader, options) is [{ ValueKind: JsonValueKind.Number } at, var value]
                ? new SeriesPoint(at.GetInt64(), value.ValueKind is JsonValueKind.Number ? value.GetDouble() : double.NaN, value.ValueKind is JsonValueKind.String ? value.GetString() : null)
                : throw new JsonException("a point is [Unix ms, number] or [Unix ms, \"text\"]");

        public override void Write(Utf8JsonWriter writer, SeriesPoint value, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            writer.WriteNumberValue(value.TimestampMs);
            if (value.State is { } state) writer.WriteStringValue(state);
            else if (double.IsFinite(value.Value)) writer.WriteNumberValue(value.Value);
            else writer.WriteNullValue();
            writer.WriteEndArray();
        }
    }
}
