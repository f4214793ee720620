namespace Seamless.Telemetry;

/// <summary>How far a value can be trusted; the three classes of OPC UA status codes.</summary>
public enum Quality : byte
{
    Good = 0,
    Uncertain = 1,
    Bad = 2,
}

/// <summary>One value of one metric within a sample.</summary>
/// <param name="Metric">The metric's name as the device sends it, case-sensitive.</param>
/// <param name="Value">The number; a boolean is 0 or 1; NaN when the reading is a state (text).</param>
/// <param name="State">The text of a state reading (<c>"auto"</c>), otherwise null.</param>
public readonly record struct Reading(string Metric, double Value, string? State = null, Quality Quality = Quality.Good)
{
    public bool IsState => State is not null;
}

/// <summary>What one device sent at one instant.</summary>
/// <param name="TimestampMs">Event time, Unix milliseconds UTC.</param>
/// <param name="Sequence">The device's own counter, when it sends one: (device, seq) makes a re-sent sample idempotent.</param>
public sealed record Sample(DeviceKey Device, long TimestampMs, long? Sequence, IReadOnlyList<Reading> Readings)
{
    public DateTimeOffset At => DateTimeOffset.FromUnixTimeMilliseconds(TimestampMs);

    /// <summary>The sample carried no <c>ts</c>: its timestamp is the time of arrival, and sent again it would have another one.</summary>
    /// <remarks>Said by the decoders. The log does not keep it; what comes from there says false.</remarks>
    public bool IsTimedByArrival { get; init; }
}

/// <summary>Something a device says happened, in its own code.</summary>
public sealed record DeviceEvent(DeviceKey Device, long TimestampMs, string Code, EventSeverity Severity, string Text, string? DataJson);

public enum EventSeverity : byte { Info, Warning, Error, Critical }

/// <summary>Online or offline, as the device or its Will says.</summary>
/// <param name="DetailJson">The whole state payload, for what the platform does not interpret.</param>
public sealed record DeviceState(DeviceKey Device, long TimestampMs, bool Online, string? AgentVersion, string DetailJson);
