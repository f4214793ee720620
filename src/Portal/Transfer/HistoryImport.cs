using System.Net.Http.Headers;
using System.Text.Json;
using Seamless.Portal.Api;
using Seamless.Portal.Commands;
using Seamless.Telemetry;

namespace Seamless.Portal.Transfer;

/// <summary>What an import came to.</summary>
internal sealed class ImportTally
{
    private const int MaxListed = 20;

    private readonly List<BadRow> _bad = [];

    public long Samples { get; set; }
    public long Bad { get; private set; }

    /// <summary>The first of them.</summary>
    public IReadOnlyList<BadRow> Listed => _bad;

    public void Add(BadRow bad)
    {
        Bad++;
        if (_bad.Count < MaxListed) _bad.Add(bad);
    }
}

/// <summary>Sends the rows of a file to the platform's history, many at a time; the next are read while the last are on their way.</summary>
/// <remarks>A row is stored once however often it is sent, so an import that was cut short is simply begun again.</remarks>
internal sealed class HistoryImport(HttpClient http, ImportTally tally)
{
    private const int RowsAtOnce = 10_000;
    private const int RowsHeld = 100_000;

    private readonly Dictionary<string, HistoryBatch> _batches = new(StringComparer.Ordinal);
    private Task<Refusal?> _sending = Task.FromResult<Refusal?>(null);
    private int _held;

    /// <param name="name">The file, in messages.</param>
    /// <returns>Why it could not go on; null when the file was read to its end.</returns>
    public async Task<Refusal?> RunAsync(string name, IHistoryReader reader, IProgress<string> progress, CancellationToken ct)
    {
        var row = new HistoryRow();
        var rows = 0L;
        while (reader.Read(row, out var bad))
        {
            if (bad is not null) tally.Add(bad);
            else if (await TakeAsync(name, row, reader.Line, ct) is { } refusal) return refusal;
            if (++rows % 4096 == 0) progress.Report($"{rows} rows, {reader.Progress:P0}");
        }
        return await SendAllAsync(name, ct) ?? await _sending;
    }

    private async Task<Refusal?> TakeAsync(string name, HistoryRow row, long line, CancellationToken ct)
    {
        if (!_batches.TryGetValue(row.Device, out var batch)) _batches[row.Device] = batch = new HistoryBatch(row.Device);
        batch.Add(row, line);
        _held++;
        if (batch.Rows >= RowsAtOnce)
        {
            _batches.Remove(row.Device);
            return await SendAsync(name, batch, ct);
        }
        return _held >= RowsHeld ? await SendAllAsync(name, ct) : null;
    }

    private async Task<Refusal?> SendAllAsync(string name, CancellationToken ct)
    {
        foreach (var batch in _batches.Values)
            if (await SendAsync(name, batch, ct) is { } refusal) return refusal;
        _batches.Clear();
        return null;
    }

    /// <summary>One at a time, so that of two rows of one instant the later in the file stands.</summary>
    private async Task<Refusal?> SendAsync(string name, HistoryBatch batch, CancellationToken ct)
    {
        _held -= batch.Rows;
        var refusal = await _sending;
        if (refusal is null) _sending = PostAsync(name, batch, ct);
        return refusal;
    }

    private async Task<Refusal?> PostAsync(string name, HistoryBatch batch, CancellationToken ct)
    {
        using var _ = batch;
        using var content = new ReadOnlyMemoryContent(batch.Finish());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await http.PostAsync($"/api/v1/devices/{Uri.EscapeDataString(batch.Device)}/history", content, ct);
        var receipt = await PlatformClient.ReadAsync<HistoryReceipt>(response, ct);
        if (!receipt.Succeeded) return new Refusal(receipt.Refusal.Code, $"{name}: {receipt.Refusal.Reason}");
        tally.Samples += receipt.Value.Samples;
        foreach (var reject in receipt.Value.Rejects) tally.Add(new BadRow(name, batch.LineAt(reject.Position), reject.Metric ?? "1", reject.Detail));
        return null;
    }
}

/// <summary>Rows of one device as one payload, and which line each came from.</summary>
internal sealed class HistoryBatch : IDisposable
{
    private readonly MemoryStream _json = new();
    private readonly Utf8JsonWriter _writer;
    private readonly List<(long Position, long Line)> _lines = [];

    public HistoryBatch(string device)
    {
        Device = device;
        _writer = new Utf8JsonWriter(_json, new JsonWriterOptions { SkipValidation = true });
        _writer.WriteStartArray();
    }

    public string Device { get; }
    public int Rows => _lines.Count;

    public void Add(HistoryRow row, long line)
    {
        _lines.Add((_writer.BytesCommitted + _writer.BytesPending, line));
        _writer.WriteStartObject();
        _writer.WriteNumber("ts"u8, row.TimestampMs);
        _writer.WriteStartObject("values"u8);
        foreach (var value in row.Values)
        {
            if (value.Text is { } text) _writer.WriteString(value.Metric, text);
            else _writer.WriteNumber(value.Metric, value.Number);
        }
        _writer.WriteEndObject();
        _writer.WriteEndObject();
    }

    public void Dispose()
    {
        _writer.Dispose();
        _json.Dispose();
    }

    public ReadOnlyMemory<byte> Finish()
    {
        _writer.WriteEndArray();
        _writer.Flush();
        return _json.GetBuffer().AsMemory(0, (int)_json.Length);
    }

    /// <summary>The line that a byte of the payload came from.</summary>
    public long LineAt(long position)
    {
        var line = _lines.Count > 0 ? _lines[0].Line : 1;
        foreach (var (start, of) in _lines)
        {
            if (start > position) break;
            line = of;
        }
        return line;
    }
}
