using System.CommandLine;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using DuckDB.NET.Data;
using Seamless.Learning.Tables;
using Seamless.Portal.Api;
using Seamless.Portal.Commands.Settings;
using Seamless.Telemetry;

namespace Seamless.Portal.Commands;

/// <summary><c>import</c> and <c>export</c>: history in and out, as CSV or Parquet.</summary>
internal static class HistoryVerbs
{
    private const int RowsAtOnce = 1000;
    private static readonly string[] Formats = ["csv", "parquet"];

    public static Command CreateExport()
    {
        var output = new Argument<FileInfo>("FILE") { Description = "File to write; .parquet or .csv." };
        var devices = new Option<string?>("--device") { Description = "Devices, comma-separated; all when not given.", HelpName = "ID,…" };
        var from = new Option<Instant>("--from") { Description = "RFC 3339 or Unix ms.", Required = true, HelpName = "TIME", CustomParser = TimeOptions.Parse };
        var to = new Option<Instant>("--to") { Description = "RFC 3339 or Unix ms, exclusive.", Required = true, HelpName = "TIME", CustomParser = TimeOptions.Parse };
        var format = FormatOption();
        return Verb.Create("export", "Stored telemetry as CSV or Parquet: timestamp, device and a column for each metric.", "export pumps.parquet --device pump-1,pump-2 --from 2026-01-01 --to 2026-02-01")
            .With(output, devices, from, to, format)
            .Run(async (parsed, settings, ct) =>
            {
                var file = parsed.GetRequiredValue(output);
                var query = $"/api/v1/history?from={parsed.GetValue(from).At.ToUnixTimeMilliseconds()}&to={parsed.GetValue(to).At.ToUnixTimeMilliseconds()}"
                    + (parsed.GetValue(devices) is { } list ? $"&device={Uri.EscapeDataString(list)}" : "");
                var reached = await PlatformClient.ReachAsync(settings, ct);
                if (!reached.Succeeded) return Terminal.Refuse(reached.Refusal);
                await using var platform = reached.Value;
                return await Terminal.WithProgressAsync("export", _ => ExportAsync(platform, query, file, parsed.GetValue(format) ?? FormatOf(file), ct));
            });
    }

    public static Command CreateImport()
    {
        var files = new Argument<FileInfo[]>("FILE") { Description = "Files to read; a header, then a row each instant.", Arity = ArgumentArity.OneOrMore };
        var device = new Option<string?>("--device") { Description = "The device, when there is no device column.", HelpName = "ID" };
        var time = new Option<string>("--time") { Description = "Column of the time (Unix ms or RFC 3339).", DefaultValueFactory = _ => "timestamp", HelpName = "COLUMN" };
        var map = new Option<string?>("--map") { Description = "Columns to metrics: temp=bearingTemperature,vib=vibration; other columns keep their names.", HelpName = "COLUMN=METRIC,…" };
        var format = FormatOption();
        return Verb.Create("import", "Past telemetry in, stored and not judged: the past raises no alarm.", "import history.csv --device pump-1 --time timestamp --map temp=bearingTemperature")
            .With(files, device, time, map, format, Verb.Json)
            .Run(async (parsed, settings, ct) =>
            {
                var reached = await PlatformClient.ReachAsync(settings, ct);
                if (!reached.Succeeded) return Terminal.Refuse(reached.Refusal);
                await using var platform = reached.Value;
                var plan = new ImportPlan(parsed.GetValue(device), parsed.GetRequiredValue(time), Mapping(parsed.GetValue(map)));
                var taken = 0L;
                foreach (var file in parsed.GetRequiredValue(files))
                {
                    if (!file.Exists) return Terminal.Misused($"{file.FullName}: there is no such file");
                    var outcome = await Terminal.WithProgressAsync($"import {file.Name}", progress => ImportAsync(platform, file, parsed.GetValue(format) ?? FormatOf(file), plan, progress, ct));
                    if (!outcome.Succeeded) return Terminal.Refuse(outcome.Refusal);
                    taken += outcome.Value;
                }
                if (parsed.GetValue(Verb.Json)) Terminal.PrintJsonLine(new { Samples = taken });
                else Console.WriteLine($"{taken} samples");
                return Terminal.Success;
            });
    }

    /// <param name="Metrics">Column → metric.</param>
    private sealed record ImportPlan(string? Device, string TimeColumn, IReadOnlyDictionary<string, string> Metrics);

    private static Option<string?> FormatOption()
    {
        var format = new Option<string?>("--format") { Description = "csv or parquet; by the file's ending when not given.", HelpName = "FORMAT" };
        format.AcceptOnlyFromAmong(Formats);
        return format;
    }

    private static string FormatOf(FileInfo file) => file.Extension.Equals(".parquet", StringComparison.OrdinalIgnoreCase) ? "parquet" : "csv";

    private static Dictionary<string, string> Mapping(string? map) =>
        map?.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2)).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0].Trim(), pair => pair[1].Trim()) ?? [];

    private static async Task<int> ExportAsync(PlatformClient platform, string query, FileInfo file, string format, CancellationToken ct)
    {
        using var response = await platform.Http.GetAsync(query, HttpCompletionOption.ResponseHeadersRead, ct);
        if (!response.IsSuccessStatusCode) return Terminal.Refuse(await PlatformClient.ProblemAsync(response, ct));
        var csv = format == "csv" ? file.FullName : Path.GetTempFileName();
        await using (var target = File.Create(csv)) await response.Content.CopyToAsync(target, ct);
        if (format == "parquet")
        {
            await ConvertAsync($"COPY (SELECT * FROM read_csv('{Sql(csv)}', header = true, sample_size = -1)) TO '{Sql(file.FullName)}' (FORMAT parquet, COMPRESSION zstd)", ct);
            File.Delete(csv);
        }
        Console.WriteLine($"{file.FullName}, {new FileInfo(file.FullName).Length} bytes");
        return Terminal.Success;
    }

    private static async Task<Outcome<long>> ImportAsync(PlatformClient platform, FileInfo file, string format, ImportPlan plan, IProgress<string> progress, CancellationToken ct)
    {
        if (format == "csv") return await ImportCsvAsync(platform, file.FullName, plan, progress, ct);
        var csv = Path.GetTempFileName();
        await ConvertAsync($"COPY (SELECT * FROM read_parquet('{Sql(file.FullName)}')) TO '{Sql(csv)}' (FORMAT csv, HEADER)", ct);
        var outcome = await ImportCsvAsync(platform, csv, plan, progress, ct);
        File.Delete(csv);
        return outcome;
    }

    private static async Task<Outcome<long>> ImportCsvAsync(PlatformClient platform, string path, ImportPlan plan, IProgress<string> progress, CancellationToken ct)
    {
        try
        {
            using var reader = CsvReader.Open(path);
            var time = reader.Column(plan.TimeColumn);
            var device = plan.Device is null ? reader.Column("device") : -1;
            var batches = new Dictionary<string, HistoryBatch>();
            var taken = 0L;
            while (reader.Read())
            {
                var name = plan.Device ?? reader.Row[device];
                if (!batches.TryGetValue(name, out var batch)) batches[name] = batch = new HistoryBatch(name);
                batch.Add(reader, time, device, plan.Metrics);
                if (batch.Rows < RowsAtOnce) continue;
                var sent = await batch.SendAsync(platform.Http, path, ct);
                if (!sent.Succeeded) return sent.Refusal;
                progress.Report($"{taken += sent.Value} samples");
            }
            foreach (var batch in batches.Values)
            {
                var sent = await batch.SendAsync(platform.Http, path, ct);
                if (!sent.Succeeded) return sent.Refusal;
                taken += sent.Value;
            }
            return taken;
        }
        catch (TableException wrong)
        {
            return Refusal.Invalid(wrong.Message);
        }
    }

    /// <summary>DuckDB reads and writes Parquet; an in-memory database of it does the conversion.</summary>
    private static async Task ConvertAsync(string sql, CancellationToken ct)
    {
        await using var connection = new DuckDBConnection("Data Source=:memory:");
        await connection.OpenAsync(ct);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(ct);
    }

    private static string Sql(string text) => text.Replace("'", "''", StringComparison.Ordinal);

    /// <summary>Rows of one device on their way in.</summary>
    private sealed class HistoryBatch(string device) : IDisposable
    {
        private readonly MemoryStream _json = new();
        private Utf8JsonWriter? _writer;

        public int Rows { get; private set; }

        public void Add(CsvReader row, int time, int deviceColumn, IReadOnlyDictionary<string, string> metrics)
        {
            if (_writer is null)
            {
                _json.SetLength(0);
                _writer = new Utf8JsonWriter(_json);
                _writer.WriteStartArray();
            }
            _writer.WriteStartObject();
            if (long.TryParse(row.Row[time], NumberStyles.None, CultureInfo.InvariantCulture, out var ms)) _writer.WriteNumber("ts", ms);
            else if (Instant.TryParse(row.Row[time], CultureInfo.InvariantCulture, out var instant)) _writer.WriteNumber("ts", instant.At.ToUnixTimeMilliseconds());
            else _writer.WriteString("ts", row.Row[time]);
            _writer.WriteStartObject("values");
            for (var column = 0; column < row.Header.Count; column++)
            {
                if (column != time && column != deviceColumn && row.Row[column].Length > 0) WriteValue(metrics.GetValueOrDefault(row.Header[column], row.Header[column]), row.Row[column]);
            }
            _writer.WriteEndObject();
            _writer.WriteEndObject();
            Rows++;
        }

        public async Task<Outcome<int>> SendAsync(HttpClient http, string path, CancellationToken ct)
        {
            if (_writer is null) return 0;
            _writer.WriteEndArray();
            await _writer.DisposeAsync();
            (_writer, Rows) = (null, 0);
            using var content = new ByteArrayContent(_json.GetBuffer(), 0, (int)_json.Length);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var response = await http.PostAsync($"/api/v1/devices/{Uri.EscapeDataString(device)}/history", content, ct);
            var receipt = await PlatformClient.ReadAsync<HistoryReceipt>(response, ct);
            if (!receipt.Succeeded) return new Refusal(receipt.Refusal.Code, $"{path}: {receipt.Refusal.Reason}");
            return receipt.Value.Rejects is [var first, ..] ? Refusal.Invalid($"{path}, device {device}: {first.Detail}") : receipt.Value.Samples;
        }

        public void Dispose()
        {
            _writer?.Dispose();
            _json.Dispose();
        }

        private void WriteValue(string metric, string text)
        {
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)) _writer!.WriteNumber(metric, number);
            else if (bool.TryParse(text, out var flag)) _writer!.WriteBoolean(metric, flag);
            else _writer!.WriteString(metric, text);
        }
    }
}
