using Seamless.Fuzz.Reference;
using Seamless.Telemetry;
using Seamless.Telemetry.Payloads;

namespace Seamless.Fuzz;

/// <summary>Our decoder and an independent one read the same bytes and must say the same, apart from what is documented.</summary>
internal abstract class SampleTarget(ISampleDecoder ours, ISampleDecoder reference) : ITarget
{
    private const long ArrivalMs = 1_764_000_000_000;
    private static readonly DeviceKey Device = new(DeviceKey.DefaultTenant, "fuzzed");

    private readonly List<Sample> _samples = [];
    private readonly List<Reject> _rejects = [];
    private readonly List<Sample> _referenceSamples = [];
    private readonly List<Reject> _referenceRejects = [];

    public abstract string Name { get; }
    public abstract IReadOnlyList<byte[]> Words { get; }

    public void Run(ReadOnlySpan<byte> input, Comparison comparison)
    {
        Read(ours, input, _samples, _rejects);
        var refused = _rejects is [{ Reason: RejectReason.Malformed } only] ? only : null;
        if (comparison < (refused is null ? Comparison.Accepted : Comparison.Everything)) return;
        if (refused is not null && MayRefuse(refused)) return;
        if (MayAccept(input)) return;
        Read(reference, input, _referenceSamples, _referenceRejects);
        if (_referenceRejects is [{ Reason: RejectReason.Malformed } wrong] && ReferenceMayRefuse(wrong, input)) return;
        Compare();
    }

    /// <summary>Ours is stricter here, on purpose.</summary>
    protected abstract bool MayRefuse(Reject reject);

    /// <summary>Ours is milder here, on purpose.</summary>
    protected virtual bool MayAccept(ReadOnlySpan<byte> input) => false;

    /// <summary>The reference is stricter than the standard here.</summary>
    protected virtual bool ReferenceMayRefuse(Reject reject, ReadOnlySpan<byte> input) => false;

    private static void Read(ISampleDecoder decoder, ReadOnlySpan<byte> input, List<Sample> samples, List<Reject> rejects)
    {
        samples.Clear();
        rejects.Clear();
        decoder.Decode(Device, input, ArrivalMs, samples, rejects);
    }

    private void Compare()
    {
        if (_samples.Count != _referenceSamples.Count) throw new FindingException($"{_samples.Count} samples; the reference reads {_referenceSamples.Count}: {Why(_rejects)} / {Why(_referenceRejects)}");
        for (var i = 0; i < _samples.Count; i++)
            if (!Same(_samples[i], _referenceSamples[i])) throw new FindingException($"sample {i} is {Text(_samples[i])}; the reference reads {Text(_referenceSamples[i])}");
        if (!_rejects.Select(r => (r.Reason, r.Metric)).SequenceEqual(_referenceRejects.Select(r => (r.Reason, r.Metric))))
            throw new FindingException($"refused: {Why(_rejects)}; the reference: {Why(_referenceRejects)}");
    }

    private static bool Same(Sample a, Sample b) => a.TimestampMs == b.TimestampMs && a.Sequence == b.Sequence && a.Readings.SequenceEqual(b.Readings);
    private static string Text(Sample sample) => $"{sample.TimestampMs} #{sample.Sequence} {string.Join(' ', sample.Readings)}";
    private static string Why(List<Reject> rejects) => string.Join("; ", rejects.Take(3).Select(r => $"{r.Reason} {r.Metric} at {r.Position} {r.Detail}"));
}

internal sealed class JsonTarget() : SampleTarget(new JsonSampleDecoder(new DecoderOptions()), new JsonReference(new DecoderOptions()))
{
    public override string Name => "json";

    public override IReadOnlyList<byte[]> Words { get; } = Mutator.WordsOf(
        "null", "true", "false", "1e999", "-0", "1.5e-7", "9007199254740993", "\\ud83d\\ude00", "\\u0000", "\\ud800", "\"ts\":", "\"seq\":", "\"values\":", "{}", "[]", "[[", "{\"a\":", "\uFEFF", " ", "\t");

    // Half a character is no character; and 64 levels are enough for a sample of one.
    protected override bool MayRefuse(Reject reject) => reject.Detail is "nested too deeply" or "half a surrogate pair" or "a string that is not UTF-8";

    // docs/reference/dead-letters.md: NaN and the infinities cost their metric only.
    protected override bool MayAccept(ReadOnlySpan<byte> input) => input.IndexOf("NaN"u8) >= 0 || input.IndexOf("Infinity"u8) >= 0;
}

internal sealed class CborTarget() : SampleTarget(new CborSampleDecoder(new DecoderOptions()), new CborReference(new DecoderOptions()))
{
    public override string Name => "cbor";

    public override IReadOnlyList<byte[]> Words { get; } =
    [
        [0x9F], [0xBF], [0xFF], [0x5F], [0x7F], [0xF6], [0xF7], [0xF5], [0xC1], [0xC0], [0xD9, 0xD9, 0xF7], [0x1B, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
        [0x9B, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], [0xBB, 0, 0, 0, 1, 0, 0, 0, 0], [0xF9, 0x7C, 0], [0xFB, 0x7F, 0xF8, 0, 0, 0, 0, 0, 0], [0x62, (byte)'t', (byte)'s'], [0x66, .. "values"u8], [0x63, .. "seq"u8], [0xF8, 0x20],
    ];

    // Text must be UTF-8 and a small simple value one byte long by the standard, which the reference lets pass; 64 levels are enough for a sample of one.
    protected override bool MayRefuse(Reject reject) => reject.Detail is "nested too deeply" or "a text that is not UTF-8" or "a simple value in two bytes that fits in one";

    // A text or bytes in pieces count as a level to the reference; nothing can be nested in them.
    protected override bool ReferenceMayRefuse(Reject reject, ReadOnlySpan<byte> input) =>
        reject.Detail.Contains("maximum allowed depth", StringComparison.Ordinal) && input.IndexOfAny<byte>(0x5F, 0x7F) >= 0;
}
