using System.Globalization;
using Seamless.Telemetry;

namespace Seamless.DeviceAgent.Sensing;

/// <summary>A Linux host's own metrics from /proc and /sys, named as the <c>server</c> pack names them.</summary>
/// <remarks>
/// cpuLoad % (busy share since the last reading), memoryUsed % (of MemTotal, by MemAvailable), diskUsed %, diskLatency ms per request,
/// networkErrors per minute, cpuTemperature °C and fanSpeed rpm where hwmon has them, uptime s, running.
/// </remarks>
/// <param name="root">The file system's root; another one in tests and in containers that mount the host's.</param>
/// <param name="serviceIsUp">Whether the watched service runs; null when none is watched.</param>
public sealed class HostProbe(string root = "/", Func<bool>? serviceIsUp = null) : IProbe
{
    private readonly RateOf _cpuBusy = new();
    private readonly RateOf _diskTime = new();
    private readonly RateOf _networkErrors = new();

    public void Read(DateTimeOffset now, List<Reading> readings)
    {
        Add(readings, "cpuLoad", CpuLoad());
        Add(readings, "memoryUsed", MemoryUsed());
        Add(readings, "diskUsed", DiskUsed());
        Add(readings, "diskLatency", DiskLatency());
        Add(readings, "networkErrors", NetworkErrors(now));
        Add(readings, "cpuTemperature", Hottest());
        Add(readings, "fanSpeed", SlowestFan());
        Add(readings, "uptime", Uptime());
        if (serviceIsUp is not null) Add(readings, "serviceUp", serviceIsUp() ? 1 : 0);
        Add(readings, "running", 1);
    }

    private static void Add(List<Reading> readings, string metric, double? value)
    {
        if (value is { } number && double.IsFinite(number)) readings.Add(new Reading(metric, Math.Round(number, 3)));
    }

    // proc(5): user nice system idle iowait irq softirq steal, in jiffies since boot.
    private double? CpuLoad()
    {
        if (Lines("proc/stat").FirstOrDefault() is not { } line) return null;
        var jiffies = Words(line).Skip(1).Take(8).Select(Number).ToArray();
        if (jiffies.Length < 5) return null;
        return _cpuBusy.Next(jiffies.Sum() - jiffies[3] - jiffies[4], jiffies.Sum()) * 100;
    }

    private double? MemoryUsed()
    {
        double? total = null, available = null;
        foreach (var line in Lines("proc/meminfo"))
        {
            if (line.StartsWith("MemTotal:", StringComparison.Ordinal)) total = Number(Words(line)[1]);
            else if (line.StartsWith("MemAvailable:", StringComparison.Ordinal)) available = Number(Words(line)[1]);
        }
        return total > 0 ? 100 * (1 - available / total) : null;
    }

    private double? DiskUsed()
    {
        var drive = new DriveInfo(root);
        return drive is { IsReady: true, TotalSize: > 0 } ? 100.0 * (drive.TotalSize - drive.TotalFreeSpace) / drive.TotalSize : null;
    }

    // Documentation/admin-guide/iostats: fields 4 and 8 are requests completed, 7 and 11 the milliseconds spent on them. Whole disks only.
    private double? DiskLatency()
    {
        double requests = 0, milliseconds = 0;
        foreach (var line in Lines("proc/diskstats"))
        {
            var words = Words(line);
            if (words.Length < 11 || !Directory.Exists(Path.Combine(root, "sys/block", words[2]))) continue;
            requests += Number(words[3]) + Number(words[7]);
            milliseconds += Number(words[6]) + Number(words[10]);
        }
        return requests > 0 ? _diskTime.Next(milliseconds, requests) : null;
    }

    private double? NetworkErrors(DateTimeOffset now)
    {
        double errors = 0;
        var interfaces = 0;
        foreach (var line in Lines("proc/net/dev").Skip(2))
        {
            var words = Words(line.Replace(':', ' '));
            if (words.Length < 12 || words[0] == "lo") continue;
            interfaces++;
            errors += Number(words[3]) + Number(words[11]);
        }
        return interfaces > 0 ? _networkErrors.Next(errors, now.ToUnixTimeMilliseconds() / 60_000.0) : null;
    }

    // hwmon gives thousandths of a degree; thermal zones are the fallback of small boards.
    private double? Hottest() =>
        Values("sys/class/hwmon", "temp*_input").Concat(Values("sys/class/thermal", "temp")).Select(value => (double?)value / 1000).Max();

    private double? SlowestFan() => Values("sys/class/hwmon", "fan*_input").Select(value => (double?)value).Min();

    private double? Uptime() => Lines("proc/uptime").FirstOrDefault() is { } line ? Number(Words(line)[0]) : null;

    private IEnumerable<double> Values(string folder, string pattern)
    {
        var path = Path.Combine(root, folder);
        if (!Directory.Exists(path)) yield break;
        foreach (var chip in Directory.EnumerateDirectories(path))
        {
            foreach (var file in Directory.EnumerateFiles(chip, pattern))
            {
                if (TryReadNumber(file) is { } value) yield return value;
            }
        }
    }

    private IEnumerable<string> Lines(string path)
    {
        var full = Path.Combine(root, path);
        return File.Exists(full) ? File.ReadLines(full) : [];
    }

    // A sensor that is asleep or gone answers with an I/O error; that says nothing about the others.
    private static double? TryReadNumber(string file)
    {
        try
        {
            return double.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out var value) ? value : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string[] Words(string line) => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static double Number(string word) => double.Parse(word, CultureInfo.InvariantCulture);

    /// <summary>Growth of one counter per growth of another between two readings; null at the first and when nothing moved.</summary>
    private sealed class RateOf
    {
        private (double Value, double Base)? _last;

        public double? Next(double value, double @base)
        {
            var last = _last;
            _last = (value, @base);
            // A counter that went back was reset: start anew.
            if (last is not { } before || @base <= before.Base || value < before.Value) return null;
            return (value - before.Value) / (@base - before.Base);
        }
    }
}
