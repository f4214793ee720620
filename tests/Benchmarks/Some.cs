using System.Globalization;
using System.Text;
using Seamless.Telemetry;
using Seamless.Telemetry.Rows;

namespace Seamless.Benchmarks;

/// <summary>What the load generator sends: five numbers with two or three decimals and a state, about 120 bytes.</summary>
internal static class Some
{
    public const long Arrival = 1_764_000_000_000;
    public static readonly string[] Metrics = ["temp", "vib", "current", "pressure", "rpm", "mode"];

    public static byte[] Payload(int i)
    {
        foreach (var metric in Metrics) Numbers.Metrics.Of(metric);
        return Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"{{\"ts\":{Arrival + i},\"temp\":{40 + i % 30}.{i % 100:D2},\"vib\":0.{i * 7 % 1000:D3},\"current\":{10 + i % 5}.{i * 3 % 100:D2},\"pressure\":3.{i * 11 % 1000:D3},\"rpm\":{1480 + i % 40},\"mode\":\"auto\"}}"));
    }

    public static DeviceKey Device(int i) => new("default", $"dev{i:D5}");
}
