using Seamless.Telemetry.Rows;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Seamless.EndToEnd.Tests.Rig;
using Seamless.Storage.Log;

namespace Seamless.EndToEnd.Tests.Scenarios;

/// <summary>The program at the machine is the basis of the service: it keeps what it measured, says whether it is there, and does what it is told once.</summary>
public sealed class AgentConformanceTests : IDisposable
{
    private readonly string _measured = Path.GetTempFileName();

    [Fact]
    [Trait("Scenario", "89")]
    public async Task Platform_and_agent_are_killed_while_the_machine_runs_and_every_sample_is_stored_once_and_in_order()
    {
        await using var platform = await PlatformProcess.ServeAsync();
        var token = await platform.AddDeviceAsync("press-1", "generic", "s1");
        using var stop = new CancellationTokenSource();
        var machine = RecordAsync(stop.Token);
        await using var agent = AgentProcess.Start(platform, "press-1", token, _measured, "--follow");
        await UntilStatusAsync(platform, "online");
        await Task.Delay(TimeSpan.FromSeconds(2));

        await platform.KillAsync();
        await Task.Delay(TimeSpan.FromSeconds(3));
        await agent.KillAsync();                        // with the outage in its outbox
        agent.Start();
        await Task.Delay(TimeSpan.FromSeconds(2));
        var back = TimeProvider.System.GetUtcNow();
        await platform.StartAsync();
        await UntilSeenAsync(platform, back);
        await agent.KillAsync();
        await UntilStatusAsync(platform, "offline");    // the Will speaks for the dead
        agent.Start();
        await UntilStatusAsync(platform, "online");

        await stop.CancelAsync();
        var written = await machine;
        await platform.UntilAsync("/api/v1/devices/press-1/telemetry?metric=stroke", written[^1].At, seconds: 90);
        var stored = await platform.GetAsync("/api/v1/devices/press-1/telemetry?metric=stroke&from=2000-01-01T00:00:00Z&to=2100-01-01T00:00:00Z");
        Assert.Equal(written, stored["series"]![0]!["points"]!.AsArray().Select(point => ((long)point![0]!, (int)(double)point[1]!)));
        await platform.KillAsync();
        var numbers = await NumbersInTheLogAsync(platform.DataDirectory);
        Assert.Equal(numbers.Order().Distinct(), numbers.Distinct());                                    // first arrivals are in order
        Assert.Equal(Enumerable.Range(0, numbers.Distinct().Count()).Select(n => numbers[0] + n), numbers.Distinct());   // and without a gap
        TestContext.Current.TestOutputHelper?.WriteLine($"{written.Count} samples measured, all stored once; {numbers.Count} in the log, {numbers.Distinct().Count()} different numbers");
    }

    [Fact]
    public async Task A_command_by_REST_comes_back_with_progress_and_the_same_key_acts_once()
    {
        await using var platform = await PlatformProcess.ServeAsync();
        var token = await platform.AddDeviceAsync("press-1", "generic", "s1");
        await using var agent = AgentProcess.Start(platform, "press-1", token, "host", "--interval", "0.5");
        await UntilStatusAsync(platform, "online");

        var sent = await platform.PostAsync("/api/v1/devices/press-1/commands", new { name = "self-test", idempotencyKey = "monday-check" });
        var done = await FinishedAsync(platform, sent.Text("id"));
        Assert.Equal("succeeded", done.Text("status"));
        Assert.Equal(100, (int)done["progress"]!);
        Assert.Contains(done["data"]!.AsArray(), check => check!.Text("check") == "outbox" && (bool)check!["passed"]!);

        var again = await platform.PostAsync("/api/v1/devices/press-1/commands", new { name = "self-test", idempotencyKey = "monday-check" });
        Assert.Equal(sent.Text("id"), again.Text("id"));
        var refused = await platform.PostAsync("/api/v1/devices/press-1/commands", new { name = "reboot" });
        Assert.Equal("rejected", (await FinishedAsync(platform, refused.Text("id"))).Text("status"));   // what came after it has been answered: nothing else is on its way
        Assert.Equal(1, agent.Output.Split("command self-test: Succeeded").Length - 1);
    }

    public void Dispose() => File.Delete(_measured);

    /// <summary>The machine's recorder: a row each 50 ms with the number of the stroke, until stopped. What it wrote.</summary>
    private async Task<List<(long At, int Stroke)>> RecordAsync(CancellationToken stop)
    {
        var written = new List<(long, int)>();
        await using var file = new StreamWriter(new FileStream(_measured, FileMode.Truncate, FileAccess.Write, FileShare.Read));
        await file.WriteLineAsync("ts,stroke");
        while (!stop.IsCancellationRequested)
        {
            var row = (At: TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), Stroke: written.Count);
            await file.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{row.At},{row.Stroke}"));
            await file.FlushAsync(CancellationToken.None);
            written.Add(row);
            await Task.Delay(50, CancellationToken.None);
        }
        return written;
    }

    private static async Task UntilStatusAsync(PlatformProcess platform, string status)
    {
        var began = TimeProvider.System.GetTimestamp();
        while ((await platform.GetAsync("/api/v1/devices/press-1")).Text("status") != status)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(60), $"the agent is not {status}\n{platform.Output}");
            await Task.Delay(100);
        }
    }

    /// <summary>Until it has spoken since: right after a start the platform believes the news it had before.</summary>
    private static async Task UntilSeenAsync(PlatformProcess platform, DateTimeOffset since)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (DateTimeOffset.Parse((await platform.GetAsync("/api/v1/devices/press-1")).Text("lastSeen"), CultureInfo.InvariantCulture) < since)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(60), $"the agent does not come back\n{platform.Output}");
            await Task.Delay(100);
        }
    }

    private static async Task<JsonNode> FinishedAsync(PlatformProcess platform, string id)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var command = await platform.GetAsync($"/api/v1/devices/press-1/commands/{id}");
            if (command["finishedAt"] is not null) return command;
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(30), $"{command}\n{platform.Output}");
            await Task.Delay(100);
        }
    }

    /// <summary>The <c>seq</c> of each sample as it arrived, repetitions included.</summary>
    private static async Task<List<long>> NumbersInTheLogAsync(string dataDirectory)
    {
        using var log = new FileTelemetryLog(Path.Combine(dataDirectory, "log"), new LogOptions(), NullLogger<FileTelemetryLog>.Instance);
        var numbers = new List<long>();
        for (var partition = 0; partition < log.PartitionCount; partition++)
        {
            var end = log.End(partition);
            await foreach (var batch in log.ReadAsync(partition, 0, CancellationToken.None))
            {
                numbers.AddRange(batch.Rows.Sequences.ToArray().Where(sequence => sequence != SampleRows.NoSequence));
                if (batch.LastSequence >= end) break;
            }
        }
        return numbers;
    }
}
