using System.Buffers;
using System.Text;
using System.Text.Json;
using Seamless.DeviceAgent.Link;
using Seamless.DeviceAgent.Outbox;
using Seamless.Telemetry;
using Seamless.Telemetry.Commands;

namespace Seamless.DeviceAgent.Commands;

/// <summary><c>backfill</c> {"ranges":[[from,to],…]}: sends the samples with these numbers again, as they were, and says which are gone. All else is left to <paramref name="others"/>.</summary>
public sealed class BackfillExecutor(DeviceKey device, IOutbox outbox, ILink link, ICommandExecutor others) : ICommandExecutor
{
    public const string Name = "backfill";

    private const int MaxBatch = 500;
    private const int MaxRanges = 1000;
    private const int MaxGoneListed = 1000;

    public bool Knows(string name) => name is Name || others.Knows(name);

    public Task<CommandOutcome> ExecuteAsync(CommandMessage command, Func<int, Task> progress, CancellationToken ct)
    {
        if (command.Name is not Name) return others.ExecuteAsync(command, progress, ct);
        return RangesIn(command.ArgsJson) is { } ranges
            ? SendAsync(ranges, progress, ct)
            : Task.FromResult(CommandOutcome.Rejected($"args: {{\"ranges\": [[from, to], …]}}, whole numbers in order, at most {MaxRanges} ranges"));
    }

    private async Task<CommandOutcome> SendAsync(List<(long From, long To)> ranges, Func<int, Task> progress, CancellationToken ct)
    {
        var found = 0L;
        var gone = new List<(long From, long To)>();
        for (var i = 0; i < ranges.Count; i++)
        {
            var (next, to) = ranges[i];
            while (outbox.Read(next, to, MaxBatch) is { Count: > 0 } batch)
            {
                if (!await link.PublishAsync(Topic.Telemetry(device), SampleJson.Payload(batch), retain: false, ct))
                    return CommandOutcome.Failed($"the platform did not acknowledge them; {found} sent before that", Report(found, gone));
                found += batch.Count;
                next = NoteGone(batch, next, gone);
                if (next > to || next == long.MinValue) break;
            }
            if (next <= to && next != long.MinValue) gone.Add((next, to));
            if (i + 1 < ranges.Count) await progress(100 * (i + 1) / ranges.Count);
        }
        return CommandOutcome.Succeeded(gone.Count == 0 ? $"{found} sent again" : $"{found} sent again; the others are no longer here", Report(found, gone));
    }

    /// <summary>What is missing before and between the entries of a batch is gone.</summary>
    /// <returns>The number after the batch; it wraps when the batch ends with the last number there is.</returns>
    private static long NoteGone(IReadOnlyList<OutboxEntry> batch, long next, List<(long From, long To)> gone)
    {
        foreach (var entry in batch)
        {
            if (entry.Sequence > next) gone.Add((next, entry.Sequence - 1));
            next = unchecked(entry.Sequence + 1);
        }
        return next;
    }

    private static List<(long From, long To)>? RangesIn(string argsJson)
    {
        using var args = JsonDocument.Parse(argsJson);
        if (args.RootElement.ValueKind is not JsonValueKind.Object || !args.RootElement.TryGetProperty("ranges", out var list)) return null;
        if (list.ValueKind is not JsonValueKind.Array || list.GetArrayLength() is 0 or > MaxRanges) return null;
        var ranges = new List<(long From, long To)>();
        foreach (var range in list.EnumerateArray())
        {
            if (range.ValueKind is not JsonValueKind.Array || range.GetArrayLength() != 2) return null;
            if (!TryNumber(range[0], out var from) || !TryNumber(range[1], out var to) || from > to) return null;
            ranges.Add((from, to));
        }
        return ranges;
    }

    private static bool TryNumber(JsonElement element, out long number)
    {
        number = 0;
        return element.ValueKind is JsonValueKind.Number && element.TryGetInt64(out number);
    }

    private static string Report(long found, List<(long From, long To)> gone)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteNumber("found"u8, found);
        writer.WriteStartArray("gone"u8);
        foreach (var (from, to) in gone.Take(MaxGoneListed))
        {
            writer.WriteStartArray();
            writer.WriteNumberValue(from);
            writer.WriteNumberValue(to);
            writer.WriteEndArray();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
