using Microsoft.Extensions.Time.Testing;
using Seamless.DeviceAgent.Sensing;
using Seamless.Telemetry;

namespace Seamless.DeviceAgent.Tests.Sensing;

public sealed class SourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeMilliseconds(1_764_000_000_000));

    [Fact]
    public async Task Csv_lines_become_measurements_and_an_empty_cell_is_not_measured()
    {
        var read = await ReadAsync("""
            ts,temperature,running,mode
            1764000000000,71.5,true,auto
            2025-11-24T16:00:01Z,,false,manual
            """);

        Assert.Equal([1_764_000_000_000, 1_764_000_001_000], read.Select(measurement => measurement.TimestampMs));
        Assert.Equal([new Reading("temperature", 71.5), new Reading("running", 1), new Reading("mode", double.NaN, "auto")], read[0].Readings);
        Assert.Equal(["running", "mode"], read[1].Readings.Select(reading => reading.Metric));
    }

    [Fact]
    public async Task Json_lines_become_measurements_flat_or_with_values()
    {
        var read = await ReadAsync("""
            {"ts":1764000000000,"values":{"temperature":71.5}}
            {"temperature":72,"on":true}
            """);

        Assert.Equal(new Reading("temperature", 71.5), Assert.Single(read[0].Readings));
        Assert.Equal(_time.GetUtcNow().ToUnixTimeMilliseconds(), read[1].TimestampMs);
        Assert.Equal([new Reading("temperature", 72), new Reading("on", 1)], read[1].Readings);
    }

    [Fact]
    public async Task A_line_that_cannot_be_used_is_named_and_the_next_one_is_read()
    {
        var refused = new List<int>();
        var read = await ReadAsync("ts,a\n1,2\nyesterday,2\n3\n4,5", (line, _) => refused.Add(line));

        Assert.Equal([3, 4], refused);
        Assert.Equal(2, read.Count);
    }

    [Fact]
    public void The_host_is_measured_with_the_names_of_the_server_pack()
    {
        Write("proc/stat", "cpu  100 0 100 800 0 0 0 0\n");
        Write("proc/meminfo", "MemTotal: 1000 kB\nMemFree: 100 kB\nMemAvailable: 400 kB\n");
        Write("proc/net/dev", "h\nh\n  lo: 1 1 9 0 0 0 0 0 1 1 9 0 0 0 0 0\neth0: 1 1 2 0 0 0 0 0 1 1 3 0 0 0 0 0\n");
        Write("proc/diskstats", " 8 0 sda 10 0 0 50 10 0 0 50 0 0 0\n");
        Directory.CreateDirectory(_folder["sys/block/sda"]);
        Write("sys/class/hwmon/hwmon0/temp1_input", "61500\n");
        Write("sys/class/hwmon/hwmon0/fan1_input", "4200\n");
        Write("proc/uptime", "1234.5 1000\n");
        var probe = new HostProbe(_folder.Path);
        Read(probe);
        Write("proc/stat", "cpu  150 0 150 900 0 0 0 0\n");
        Write("proc/net/dev", "h\nh\neth0: 1 1 4 0 0 0 0 0 1 1 5 0 0 0 0 0\n");
        Write("proc/diskstats", " 8 0 sda 15 0 0 75 15 0 0 75 0 0 0\n");
        _time.Advance(TimeSpan.FromMinutes(2));
        var readings = Read(probe);

        Assert.Equal(50, readings["cpuLoad"]);
        Assert.Equal(60, readings["memoryUsed"]);
        Assert.Equal(5, readings["diskLatency"]);
        Assert.Equal(2, readings["networkErrors"]);
        Assert.Equal(61.5, readings["cpuTemperature"]);
        Assert.Equal(4200, readings["fanSpeed"]);
        Assert.Equal(1234.5, readings["uptime"]);
        Assert.Equal(1, readings["running"]);
    }

    [Fact]
    public void What_the_host_does_not_have_is_left_out()
    {
        var readings = Read(new HostProbe(_folder.Path));

        Assert.DoesNotContain("cpuTemperature", readings.Keys);
        Assert.DoesNotContain("memoryUsed", readings.Keys);
    }

    public void Dispose() => _folder.Dispose();

    private Dictionary<string, double> Read(HostProbe probe)
    {
        var readings = new List<Reading>();
        probe.Read(_time.GetUtcNow(), readings);
        return readings.ToDictionary(reading => reading.Metric, reading => reading.Value);
    }

    private async Task<List<Measurement>> ReadAsync(string text, Action<int, string>? refused = null)
    {
        using var reader = new StringReader(text);
        var read = new List<Measurement>();
        var source = new LineSource(reader, follow: false, _time, refused ?? ((line, why) => Assert.Fail($"line {line}: {why}")));
        await foreach (var measurement in source.ReadAsync(TestContext.Current.CancellationToken)) read.Add(measurement);
        return read;
    }

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[path])!);
        File.WriteAllText(_folder[path], text);
    }
}
