using Seamless.DeviceAgent.Sensing;

namespace Seamless.DeviceAgent.Configuration;

/// <summary>Report by exception: what is sent of what is measured. Keys: docs/reference/agent.md.</summary>
public sealed record ReportConfiguration
{
    /// <summary>Seconds between two measurements that go although nothing has changed.</summary>
    public double Every { get; set; } = 120;

    /// <summary>Seconds after an exception in which everything goes.</summary>
    public double Attentive { get; set; } = 120;

    /// <summary>Metric → change in its own unit up to which nothing has changed. What is not named learns its noise.</summary>
    public Dictionary<string, double> Deadbands { get; set; } = [];

    public ExceptionReport Create() => new(TimeSpan.FromSeconds(Every), TimeSpan.FromSeconds(Attentive), Deadbands);

    public string? Problem()
    {
        if (Every is not (>= 1 and <= 86_400)) return $"report.every {Every}: seconds, 1 to 86400";
        if (Attentive is not (>= 0 and <= 86_400)) return $"report.attentive {Attentive}: seconds, 0 to 86400";
        return Deadbands.FirstOrDefault(d => d.Value is not (>= 0 and <= double.MaxValue)) is { Key: { } metric } wrong ? $"report.deadbands.{metric} {wrong.Value}: 0 or more, in the metric's unit" : null;
    }
}
