using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Seamless.Fleet.Limits;

/// <summary>The most of something: a number of at least 1, or <see cref="None"/>. Written as the number, or as <c>none</c>.</summary>
[JsonConverter(typeof(CapJson))]
public readonly record struct Cap(long Max)
{
    private const string NoneWord = "none";

    /// <summary>As much as comes.</summary>
    public static Cap None { get; } = new(long.MaxValue);

    public bool IsNone => Max == long.MaxValue;

    public static bool TryParse(string? text, out Cap cap)
    {
        cap = None;
        if (string.Equals(text?.Trim(), NoneWord, StringComparison.OrdinalIgnoreCase)) return true;
        if (!long.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number) || number < 1) return false;
        cap = new Cap(number);
        return true;
    }

    public override string ToString() => IsNone ? NoneWord : Max.ToString(CultureInfo.InvariantCulture);

    private sealed class CapJson : JsonConverter<Cap>
    {
        public override Cap Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType is JsonTokenType.Number && reader.TryGetInt64(out var number) && number > 0) return new Cap(number);
            if (reader.TokenType is JsonTokenType.String && reader.ValueTextEquals(NoneWord)) return None;
            throw new JsonException("a limit is a whole number of 1 or more, or \"none\".");
        }

        public override void Write(Utf8JsonWriter writer, Cap value, JsonSerializerOptions options)
        {
            if (value.IsNone) writer.WriteStringValue(NoneWord);
            else writer.WriteNumberValue(value.Max);
        }
    }
}
