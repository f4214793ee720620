using System.Runtime.CompilerServices;
using System.Text.Unicode;
using Seamless.Telemetry.Rows;

namespace Seamless.Telemetry.Payloads;

/// <summary>Reads the native JSON payload straight into rows: what sensors usually send, without an allocation. Any number of threads.</summary>
/// <remarks>
/// It takes only what it is sure of and is silent about the rest: escapes, exponents, duplicate names, names never seen, times as text, and
/// everything that is to be refused go to <see cref="JsonSampleDecoder"/>, which knows the reasons. What both take, both take alike; a test holds them to it.
/// A payload is first held to the <see cref="PayloadShape"/> of the one before it; when it fits, only its values are read.
/// </remarks>
/// <param name="options">The same that the decoder has.</param>
public sealed partial class JsonRowReader(DecoderOptions options)
{
    private const int MaxDigits = 15;   // a mantissa of so many digits and its power of ten are both exact doubles (Clinger 1990)

    private readonly NameTable _states = new();
    private readonly ShapeTable _shapes = new();

    private static readonly double[] PowersOfTen = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    /// <summary>Adds the payload's samples to <paramref name="rows"/>, or nothing.</summary>
    /// <param name="device">The device's number.</param>
    /// <param name="arrivalMs">Our clock when the message came, Unix ms.</param>
    /// <returns>False when the payload is for the other decoder; then <paramref name="rows"/> is as it was.</returns>
    public bool TryRead(ReadOnlySpan<byte> payload, int device, long arrivalMs, SampleRows rows)
    {
        PayloadShape? none = null;
        return TryRead(payload, device, arrivalMs, rows, ref none);
    }

    /// <inheritdoc cref="TryRead(ReadOnlySpan{byte}, int, long, SampleRows)"/>
    /// <param name="shape">What the device's payloads looked like last, null at first; the caller keeps it for the device's next.</param>
    public bool TryRead(ReadOnlySpan<byte> payload, int device, long arrivalMs, SampleRows rows, ref PayloadShape? shape)
    {
        if (shape is not null && TryShaped(payload, device, arrivalMs, rows, shape)) return true;
        var before = rows.Count;
        var walk = new Walk(payload, this, rows, arrivalMs, stackalloc PayloadShape.Place[PayloadShape.MostMembers]);
        if (!walk.TryPayload(device))
        {
            rows.Truncate(before);
            return false;
        }
        if (walk.Places is { IsEmpty: false } places && rows.Count == before + 1) shape = _shapes.Get(payload, places);
        return true;
    }

    private ref struct Walk(ReadOnlySpan<byte> text, JsonRowReader reader, SampleRows rows, long arrivalMs, Span<PayloadShape.Place> places)
    {
        private readonly ReadOnlySpan<byte> _text = text;
        private readonly long _latestMs = arrivalMs + (long)reader.Options.ClockTolerance.TotalMilliseconds;
        private readonly Span<PayloadShape.Place> _places = places;
        private int _placeCount;
        private int _at;

        /// <summary>Where the values stand; empty when the payload has no shape worth keeping.</summary>
        public readonly ReadOnlySpan<PayloadShape.Place> Places => _placeCount <= _places.Length && _text.Length <= PayloadShape.MostBytes ? _places[.._placeCount] : default;

        private void Note(int start, int meaning)
        {
            if (_placeCount < _places.Length) _places[_placeCount] = new PayloadShape.Place(start, _at, meaning);
            _placeCount++;
        }

        public bool TryPayload(int device)
        {
            SkipSpace();
            if (!TakeIf((byte)'[')) return TrySample(device) && AtEnd();
            do
            {
                SkipSpace();
                if (!TrySample(device)) return false;
                SkipSpace();
            } while (TakeIf((byte)','));
            return TakeIf((byte)']') && AtEnd();
        }

        private bool AtEnd()
        {
            SkipSpace();
            return _at == _text.Length;
        }

        private bool TrySample(int device)
        {
            if (!TakeIf((byte)'{')) return false;
            rows.Begin(device, arrivalMs, arrivalMs, SampleRows.NoSequence);
            long? timestampMs = null, sequence = null;
            var nested = false;
            do
            {
                if (!TryName(out var name)) return false;
                var start = _at;
                if (name.SequenceEqual("ts"u8))
                {
                    if (timestampMs is not null || !TryInteger(out var ms) || ms < DecoderOptions.EarliestMs || ms > _latestMs) return false;
                    timestampMs = ms;
                    Note(start, PayloadShape.Timestamp);
                }
                else if (name.SequenceEqual("seq"u8))
                {
                    if (sequence is not null || !TryInteger(out var number)) return false;
                    sequence = number;
                    Note(start, PayloadShape.Sequence);
                }
                else if (name.SequenceEqual("values"u8))
                {
                    if (nested || rows.Pending > 0 || !TryValues()) return false;
                    nested = true;
                }
                else if (nested || !TryReading(name)) return false;
                SkipSpace();
            } while (TakeIf((byte)','));
            if (!TakeIf((byte)'}') || rows.Pending == 0) return false;
            // A number without a time of its own is how a repeated sample is told from a new one; that is looked up elsewhere.
            if (sequence is not null && timestampMs is null) return false;
            rows.Restamp(timestampMs ?? arrivalMs, sequence ?? SampleRows.NoSequence);
            rows.End();
            return true;
        }

        private bool TryValues()
        {
            if (!TakeIf((byte)'{')) return false;
            do
            {
                if (!TryName(out var name) || !TryReading(name)) return false;
                SkipSpace();
            } while (TakeIf((byte)','));
            return TakeIf((byte)'}');
        }

        /// <summary>A member's name without escapes and the colon behind it, up to where the value begins.</summary>
        private bool TryName(out ReadOnlySpan<byte> name)
        {
            SkipSpace();
            if (!TryText(out name)) return false;
            SkipSpace();
            if (!TakeIf((byte)':')) return false;
            SkipSpace();
            return true;
        }

        private bool TryReading(ReadOnlySpan<byte> name)
        {
            var metric = Numbers.Metrics.Find(name);
            if (metric < 0 || name.Length is 0 or > DeviceKey.MaxNameLength || rows.FindPending(metric) >= 0 || _at >= _text.Length) return false;
            var start = _at;
            if (!TryValue(metric)) return false;
            Note(start, metric);
            return true;
        }

        private bool TryValue(int metric)
        {
            switch (_text[_at])
            {
                case (byte)'"':
                    if (!TryText(out var state) || state.Length > reader.Options.MaxStateBytes || !Utf8.IsValid(state)) return false;
                    rows.AddState(metric, reader._states.Get(state));
                    return true;
                case (byte)'t':
                    rows.Add(metric, 1);
                    return TryWord("true"u8);
                case (byte)'f':
                    rows.Add(metric, 0);
                    return TryWord("false"u8);
                default:
                    if (!TryNumber(out var value)) return false;
                    rows.Add(metric, value);
                    return true;
            }
        }

        private bool TryWord(ReadOnlySpan<byte> word)
        {
            if (!_text[_at..].StartsWith(word)) return false;
            _at += word.Length;
            return true;
        }

        private bool TryText(out ReadOnlySpan<byte> text)
        {
            text = default;
            if (!TakeIf((byte)'"')) return false;
            var start = _at;
            while (_at < _text.Length)
            {
                var b = _text[_at];
                if (b == (byte)'"')
                {
                    text = _text[start.._at++];
                    return true;
                }
                if (b is (byte)'\\' or < 0x20) return false;
                _at++;
            }
            return false;
        }

        private bool TryInteger(out long value)
        {
            value = 0;
            var negative = TakeIf((byte)'-');
            if (!TryDigits(ref value, out var digits) || digits > 18) return false;
            if (_at < _text.Length && _text[_at] is (byte)'.' or (byte)'e' or (byte)'E') return false;
            if (negative) value = -value;
            return true;
        }

        /// <summary>An integer or a decimal of at most 15 digits.</summary>
        private bool TryNumber(out double value)
        {
            value = 0;
            var negative = TakeIf((byte)'-');
            long mantissa = 0;
            if (!TryDigits(ref mantissa, out var digits)) return false;
            var decimals = 0;
            if (TakeIf((byte)'.') && !TryFraction(ref mantissa, out decimals)) return false;
            if (digits + decimals > MaxDigits || (_at < _text.Length && _text[_at] is (byte)'e' or (byte)'E')) return false;
            value = decimals == 0 ? mantissa : mantissa / PowersOfTen[decimals];
            if (negative) value = -value;
            return true;
        }

        /// <summary>The digits before a point: no leading zero but a lone one.</summary>
        private bool TryDigits(ref long value, out int digits)
        {
            var start = _at;
            if (!TryFraction(ref value, out digits)) return false;
            return digits == 1 || _text[start] != (byte)'0';
        }

        private bool TryFraction(ref long value, out int digits)
        {
            var start = _at;
            while (_at < _text.Length && (uint)(_text[_at] - '0') <= 9)
            {
                if (_at - start == 18) break;   // more would not fit; whoever calls refuses so many
                value = value * 10 + (_text[_at++] - '0');
            }
            digits = _at - start;
            return digits > 0 && (_at >= _text.Length || (uint)(_text[_at] - '0') > 9);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private bool TakeIf(byte mark)
        {
            if (_at >= _text.Length || _text[_at] != mark) return false;
            _at++;
            return true;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void SkipSpace()
        {
            while (_at < _text.Length && _text[_at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t') _at++;
        }
    }

    private DecoderOptions Options { get; } = options;
}
