using System.CommandLine;
using DuckDB.NET.Data;
using Seamless.Learning.Tables;
using Seamless.Portal.Api;
using Seamless.Portal.Transfer;
using Seamless.Telemetry;

namespace Seamless.Portal.Commands;

/// <summary><c>import</c> and <c>export</c>: history in and out, as CSV, Parquet or line protocol.</summary>
internal static class HistoryVerbs
{
    private static readonly string[] Formats = ["csv", "parquet", "lp"];

    public static Command CreateExport()
    {
        var output = new Argument<FileInfo>("FILE") { Description = "File to write; .parquet, .lp or .csv." };
        var devices = new Option<string?>("--device") { Description = "Devices, comma-separated; all when not given.", HelpName = "ID,…" };
        var from = new Option<Instant>("--from") { Description = "RFC 3339 or Unix ms.", Required = true, HelpName = "TIME", CustomParser = TimeOptions.Parse };
        var to = new Option<Instant>("--to") { Description = "RFC 3339 or Unix ms, exclusive.", Required = true, HelpName = "TIME", CustomParser = TimeOptions.Parse };
        var (format, precision) = (FormatOption(), PrecisionOption());
        return Verb.Create(
                "export", "Stored telemetry as CSV or Parquet (timestamp, device and a column for each metric) or as InfluxDB line protocol.",
                "export pumps.parquet --device pump-1,pump-2 --from 2026-01-01 --to 2026-02-01")
            .With(output, devices, from, to, format, precision)
            .Run(async (parsed, settings, ct) =>
            {
                var file = parsed.GetRequiredValue(output);
                var order = new ExportOrder(
                    parsed.GetValue(devices), parsed.GetValue(from).At, parsed.GetValue(to).At, parsed.GetValue(format) ?? FormatOf(file), parsed.GetValue(precision));
                var reached = await PlatformClient.ReachAsync(settings, ct);
                if (!reached.Succeeded) return Terminal.Refuse(reached.Refusal);
                await using var platform = reached.Value;
                return await Terminal.WithProgressAsync("export", progress => ExportAsync(platform, order, file, progress, ct));
            });
    }

    public static Command CreateImport()
    {
        var files = new Argument<FileInfo[]>("FILE") { Description = "Files to read. CSV and Parquet: a header, then a row each instant.", Arity = ArgumentArity.OneOrMore };
        var device = new Option<string?>("--device") { Description = "The device, when there is no device column or tag.", HelpName = "ID" };
        var time = new Option<string>("--time") { Description = "Column of the time (Unix ms or RFC 3339).", DefaultValueFactory = _ => "timestamp", HelpName = "COLUMN" };
        var map = new Option<string?>("--map") { Description = "Columns to metrics: temp=bearingTemperature,vib=vibration; other columns keep their names.", HelpName = "COLUMN=METRIC,…" };
        var lenient = new Option<bool>("--lenient") { Description = "Exit code 0 although some rows could not be used." };
        var (format, precision) = (FormatOption(), PrecisionOption());
        return Verb.Create(
                "import", "Past telemetry in, stored and not judged: the past raises no alarm. Begun again after a break it stores nothing twice.",
                "import history.csv --device pump-1 --time timestamp --map temp=bearingTemperature", "import pumps.lp --precision ns")
            .With(files, device, time, map, format, precision, lenient, Verb.Json)
            .Run(async (parsed, settings, ct) =>
            {
                var reached = await PlatformClient.ReachAsync(settings, ct);
                if (!reached.Succeeded) return Terminal.Refuse(reached.Refusal);
                await using var platform = reached.Value;
                var plan = new CsvPlan(parsed.GetValue(device), parsed.GetRequiredValue(time), Mapping(parsed.GetValue(map)));
                var tally = new ImportTally();
                foreach (var file in parsed.GetRequiredValue(files))
                {
                    if (!file.Exists) return Terminal.Misused($"{file.FullName}: there is no such file");
                    var refusal = await Terminal.WithProgressAsync(
                        $"import {file.Name}", progress => ImportAsync(platform, file, parsed.GetValue(format) ?? FormatOf(file), parsed.GetValue(precision), plan, tally, progress, ct));
                    if (refusal is not null) return Terminal.Refuse(refusal);
                }
                return Report(tally, parsed.GetValue(Verb.Json), parsed.GetValue(lenient));
            });
    }

    private sealed record ExportOrder(string? Devices, DateTimeOffset From, DateTimeOffset To, string Format, Precision Precision)
    {
        public string Query =>
            $"/api/v1/history?from={From.ToUnixTimeMilliseconds()}&to={To.ToUnixTimeMilliseconds()}" + (Devices is null ? "" : $"&device={Uri.EscapeDataString(Devices)}")
            + (Format == "lp" ? $"&format=lp&precision={Precision.ToString().ToLowerInvariant()}" : "");
    }

    private static Option<string?> FormatOption()
    {
        var format = new Option<string?>("--format") { Description = "csv, parquet or lp (line protocol); by the file's ending when not given.", HelpName = "FORMAT" };
        format.AcceptOnlyFromAmong(Formats);
        return format;
    }

    private static Option<Precision> PrecisionOption() =>
        new("--precision") { Description = "Of line protocol's timestamps: ns, us, ms or s.", HelpName = "ns|us|ms|s", DefaultValueFactory = _ => Precision.Ns };

    private static string FormatOf(FileInfo file) => file.Extension.ToLowerInvariant() switch { ".parquet" => "parquet", ".lp" => "lp", _ => "csv" };

    private static Dictionary<string, string> Mapping(string? map) =>
        map?.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2)).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0].Trim(), pair => pair[1].Trim()) ?? [];

    private static async Task<int> ExportAsync(PlatformClient platform, ExportOrder order, FileInfo file, IProgress<string> progress, CancellationToken ct)
    {
        using var response = await platform.Http.GetAsync(order.Query, HttpCompletionOption.ResponseHeadersRead, ct);
        if (!response.IsSuccessStatusCode) return Terminal.Refuse(await PlatformClient.ProblemAsync(response, ct));
        var path = order.Format == "parquet" ? Path.GetTempFileName() : file.FullName;
        long lines;
        await using (var target = File.Create(path))
        await using (var source = await response.Content.ReadAsStreamAsync(ct))
        {
            var timeOf = order.Format == "lp" ? HistoryExport.TimeOfLine(order.Precision) : HistoryExport.TimeOfCsv;
            lines = await HistoryExport.CopyAsync(source, target, order.From, order.To, timeOf, progress, ct);
        }
        if (order.Format == "parquet")
        {
            await ConvertAsync($"COPY (SELECT * FROM read_csv('{Sql(path)}', header = true, sample_size = -1)) TO '{Sql(file.FullName)}' (FORMAT parquet, COMPRESSION zstd)", ct);
            File.Delete(path);
        }
        file.Refresh();
        Console.WriteLine($"{file.FullName}, {(order.Format == "lp" ? lines : lines - 1)} rows, {file.Length} bytes");
        return Terminal.Success;
    }

    private static async Task<Refusal?> ImportAsync(
        PlatformClient platform, FileInfo file, string format, Precision precision, CsvPlan plan, ImportTally tally, IProgress<string> progress, CancellationToken ct)
    {
        var path = file.FullName;
        if (format == "parquet")
        {
            path = Path.GetTempFileName();
            await ConvertAsync($"COPY (SELECT * FROM read_parquet('{Sql(file.FullName)}')) TO '{Sql(path)}' (FORMAT csv, HEADER)", ct);
        }
        try
        {
            using IHistoryReader reader = format == "lp" ? new LineProtocolFile(file.FullName, File.OpenRead(path), precision, plan.Device) : new CsvFile(file.FullName, path, plan);
            return await new HistoryImport(platform.Http, tally).RunAsync(file.FullName, reader, progress, ct);
        }
        catch (TableException wrong)
        {
            return Refusal.Invalid(wrong.Message);
        }
        finally
        {
            if (path != file.FullName) File.Delete(path);
        }
    }

    private static int Report(ImportTally tally, bool json, bool lenient)
    {
        foreach (var bad in tally.Listed) Console.Error.WriteLine(bad);
        if (tally.Bad > tally.Listed.Count) Console.Error.WriteLine($"and {tally.Bad - tally.Listed.Count} more");
        if (json) Terminal.PrintJsonLine(new { tally.Samples, tally.Bad, Problems = tally.Listed });
        else Console.WriteLine(tally.Bad == 0 ? $"{tally.Samples} samples" : $"{tally.Samples} samples; {tally.Bad} rows or values could not be used");
        return tally.Bad > 0 && !lenient ? Terminal.Failure : Terminal.Success;
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
}
