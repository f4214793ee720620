using System.Diagnostics;
using System.Net.Http.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Seamless.Fleet.Registry;
using Seamless.Portal.Api;
using Seamless.Storage.Log;
using Seamless.Telemetry;
using Seamless.Telemetry.Rows;

namespace Seamless.Portal.Commands.Loads;

/// <summary>A log that nobody has followed, then the real program started on it in a process of its own.</summary>
internal static class RecoveryLoad
{
    private const int Devices = 100;
    private const int RowsAtOnce = 10_000;
    private static readonly string[] Metrics = ["bearingTemperature", "vibration", "motorCurrent", "dischargePressure", "flow"];

    public static async Task<object> RunAsync(Load load, long samples, CancellationToken ct)
    {
        await RegisterAsync(load.Directory, ct);
        var bytes = await WriteAsync(Path.Combine(load.Directory, "log"), samples, ct);
        using var server = Launch(load);
        try
        {
            var began = Stopwatch.GetTimestamp();
            var address = await ReadyAsync(server, ct);
            var ready = Stopwatch.GetElapsedTime(began);
            using var http = new HttpClient { BaseAddress = address };
            var behind = await LagAsync(http, ct);
            while (await LagAsync(http, ct) is { } lag && lag.Values.Any(records => records > Devices)) await Task.Delay(50, ct);   // ticks keep coming
            return new RecoveryFigures("recovery", samples, bytes, Math.Round(ready.TotalSeconds, 2), behind, Math.Round(Stopwatch.GetElapsedTime(began).TotalSeconds, 2), Math.Round(server.TotalProcessorTime.TotalSeconds, 1));
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static DeviceKey Device(int number) => new(DeviceKey.DefaultTenant, $"pump-{number}");

    private static async Task RegisterAsync(string directory, CancellationToken ct)
    {
        await using var rooms = await Rooms.OpenRegistryAsync(directory, ct);
        var registry = rooms.GetRequiredService<IDeviceRegistry>();
        for (var i = 0; i < Devices; i++)
            await registry.AddAsync(new Device(Device(i), "pump", $"site-{i % 10}", "", null, null, new Dictionary<string, string>(), Api.Devices.DefaultTier, null, null, TimeProvider.System.GetUtcNow(), Version: 0), "bench", ct);
    }

    /// <returns>Bytes of the log.</returns>
    private static async Task<long> WriteAsync(string directory, long samples, CancellationToken ct)
    {
        using var log = new FileTelemetryLog(directory, new LogOptions(), NullLogger<FileTelemetryLog>.Instance);
        var devices = Enumerable.Range(0, Devices).Select(i => Numbers.Devices.Of(Device(i))).ToArray();
        var metrics = Metrics.Select(m => Numbers.Metrics.Of(m)).ToArray();
        var startMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - samples / Devices * 1000;   // one a second and device, up to now
        for (var done = 0L; done < samples;)
        {
            ct.ThrowIfCancellationRequested();
            while (log.IsFull) await log.WaitForRoomAsync();
            var rows = (int)Math.Min(RowsAtOnce, samples - done);
            var committed = new Committed();
            log.Enter();
            try
            {
                for (var i = 0; i < rows; i++, done++) Add(log.RowsOf(0), devices[done % Devices], metrics, startMs + done / Devices * 1000, done);
                log.Added(rows);
                log.Promise(committed, urgent: true);
            }
            finally
            {
                log.Leave();
            }
            if (done == samples) await committed.Done.WaitAsync(ct);
        }
        return log.Bytes;
    }

    private static void Add(SampleRows rows, int device, int[] metrics, long timeMs, long number)
    {
        rows.Begin(device, timeMs, timeMs, number / Devices);
        for (var m = 0; m < metrics.Length; m++) rows.Add(metrics[m], Math.Round(2 + Math.Sin(number * 0.001 + m), 2));
        rows.End();
    }

    private sealed class Committed : ICommitListener
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public Task Done => _done.Task;

        public void Settled(Exception? failure)
        {
            if (failure is null) _done.TrySetResult();
            else _done.TrySetException(failure);
        }
    }

    private static Process Launch(Load load)
    {
        var program = Environment.ProcessPath ?? throw new InvalidOperationException("this program does not know where it lies");
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet") start.ArgumentList.Add(typeof(RecoveryLoad).Assembly.Location);
        foreach (var argument in (string[])["serve", "--data", load.Directory, "--packs", load.PacksDirectory, "--http", "http://127.0.0.1:0", "--mqtt", "127.0.0.1:0"]) start.ArgumentList.Add(argument);
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
    }

    /// <returns>Where it listens.</returns>
    private static async Task<Uri> ReadyAsync(Process server, CancellationToken ct)
    {
        Uri? address = null;
        while (await server.StandardOutput.ReadLineAsync(ct) is { } line)
        {
            if (line.StartsWith("http ", StringComparison.Ordinal)) address = new Uri(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);
            if (line == "ready" && address is not null) return address;
        }
        throw new InvalidOperationException("the platform ended before it was ready");
    }

    private static async Task<IReadOnlyDictionary<string, long>> LagAsync(HttpClient http, CancellationToken ct) =>
        (await http.GetFromJsonAsync<HealthView>("/health/ready", ApiJson.Options, ct))!.Lag;
}

/// <param name="ReadySeconds">From the start of the process until both doors are open.</param>
/// <param name="BehindWhenReady">Records that each follower had still to handle then.</param>
/// <param name="CaughtUpSeconds">From the start of the process until none of them had.</param>
internal sealed record RecoveryFigures(
    string Bench, long Samples, long LogBytes, double ReadySeconds, IReadOnlyDictionary<string, long> BehindWhenReady, double CaughtUpSeconds, double ProcessorSeconds);
