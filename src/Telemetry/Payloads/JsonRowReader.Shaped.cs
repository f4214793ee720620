using System.Runtime.CompilerServices;
using System.Text.Unicode;
using Seamless.Telemetry.Rows;

namespace Seamless.Telemetry.Payloads;

public sealed partial class JsonRowReader
{
    /// <summary>Reads a payload that looks like <paramref name="shape"/>; it must fit to the last byte.</summary>
    /// <returns>False when it does not fit, or when a value is not what this reader is sure of; then nothing was added.</returns>
    private bool TryShaped(ReadOnlySpan<byte> payload, int device, long arrivalMs, SampleRows rows, PayloadShape shape)
    {
        rows.Begin(device, arrivalMs, arrivalMs, SampleRows.NoSequence);
        if (!TryParts(payload, arrivalMs, rows, shape))
        {
            rows.Cancel();
            return false;
        }
        rows.End();
        return true;
    }

    private bool TryParts(ReadOnlySpan<byte> payload, long arrivalMs, SampleRows rows, PayloadShape shape)
    {
        var (timestampMs, sequence, at) = (arrivalMs, SampleRows.NoSequence, 0);
        foreach (ref readonly var part in shape.Parts)
        {
            if (!shape.Fits(part, payload, at)) return false;
            at += part.Length;
            if (part.Meaning >= 0)
            {
                if (!TryValue(payload, ref at, part.Meaning, rows)) return false;
                continue;
            }
            if (!TryInteger(payload, ref at, out var number)) return false;
            if (part.Meaning == PayloadShape.Sequence) sequence = number;
            else if (number < DecoderOptions.EarliestMs || number > arrivalMs + (long)Options.ClockTolerance.TotalMilliseconds) return false;
            else timestampMs = number;
        }
        rows.Restamp(timestampMs, sequence);
        return payload[at..].SequenceEqual(shape.End);
    }

    private bool TryValue(ReadOnlySpan<byte> payload, ref int at, int metric, SampleRows rows)
    {
        if ((uint)at >= (uint)payload.Length) return false;
        switch (payload[at])
        {
            case (byte)'"':
                return TryState(payload, ref at, metric, rows);
            case (byte)'t':
                rows.Add(metric, 1);
                return TryWord(payload, ref at, "true"u8);
            case (byte)'f':
                rows.Add(metric, 0);
                return TryWord(payload, ref at, "false"u8);
            default:
                if (!TryNumber(payload, ref at, out var value)) return false;
                rows.Add(metric, value);
                return true;
        }
    }

    private bool TryState(ReadOnlySpan<byte> payload, ref int at, int metric, SampleRows rows)
    {
        var text = payload[(at + 1)..];
        var length = 0;
        while (length < text.Length && text[length] is not ((byte)'"' or (byte)'\\' or < 0x20)) length++;
        if (length == text.Length || text[length] != (byte)'"' || length > Options.MaxStateBytes || !Utf8.IsValid(text[..length])) return false;
        rows.AddState(metric, _states.Get(text[..length]));
        at += length + 2;
        return true;
    }

    private static bool TryWord(ReadOnlySpan<byte> payload, ref int at, ReadOnlySpan<byte> word)
    {
        if (!payload[at..].StartsWith(word)) return false;
        at += word.Length;
        return true;
    }

    /// <summary>Up to 18 digits. Whatever follows is held to the shape, so nothing that would make it another number can.</summary>
    private static bool TryInteger(ReadOnlySpan<byte> payload, ref int at, out long value)
    {
        var i = at;
        var negative = i < payload.Length && payload[i] == (byte)'-';
        if (negative) i++;
        var start = i;
        value = Digits(payload, ref i, 0);
        if (!IsInteger(payload, start, i - start) || i - start > 18) return false;
        if (negative) value = -value;
        at = i;
        return true;
    }

    /// <summary>An integer or a decimal of at most 15 digits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryNumber(ReadOnlySpan<byte> payload, ref int at, out double value)
    {
        var i = at;
        var negative = payload[i] == (byte)'-';
        if (negative) i++;
        var start = i;
        var mantissa = Digits(payload, ref i, 0);
        var (digits, decimals) = (i - start, 0);
        value = 0;
        if (!IsInteger(payload, start, digits)) return false;
        if (i < payload.Length && payload[i] == (byte)'.')
        {
            var point = i++;
            mantissa = Digits(payload, ref i, mantissa);
            decimals = i - point - 1;
            if (decimals == 0) return false;
        }
        if (digits + decimals > MaxDigits) return false;
        value = decimals == 0 ? mantissa : mantissa / PowersOfTen[decimals];
        if (negative) value = -value;
        at = i;
        return true;
    }

    /// <summary>Digits, and no leading zero but a lone one.</summary>
    private static bool IsInteger(ReadOnlySpan<byte> payload, int start, int digits) => digits == 1 || (digits > 1 && payload[start] != (byte)'0');

    /// <summary>What too many digits make of the value, their number tells.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Digits(ReadOnlySpan<byte> payload, ref int at, long value)
    {
        var i = at;
        while ((uint)i < (uint)payload.Length && (uint)(payload[i] - '0') is <= 9 and var digit)
        {
            value = unchecked(value * 10 + digit);
            i++;
        }
        at = i;
        return value;
    }
}
