using Seamless.Telemetry.Payloads;

namespace Seamless.Ingest.Receiving;

/// <summary>Which decoder reads which content type. Without one it is JSON: MQTT 3.1.1 cannot say.</summary>
/// <param name="others">Media type → decoder, beside JSON.</param>
public sealed class SampleDecoders(ISampleDecoder json, IReadOnlyDictionary<string, ISampleDecoder> others)
{
    public ISampleDecoder For(string? contentType)
    {
        if (contentType is null) return json;
        var mediaType = contentType.Split(';', 2)[0].Trim();
        return others.FirstOrDefault(decoder => string.Equals(decoder.Key, mediaType, StringComparison.OrdinalIgnoreCase)).Value ?? json;
    }
}
