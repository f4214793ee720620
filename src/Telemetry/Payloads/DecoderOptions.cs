namespace Seamless.Telemetry.Payloads;

/// <summary>What a decoder takes for granted and where it draws its lines.</summary>
public sealed record DecoderOptions
{
    /// <summary>2000-01-01T00:00:00Z. An earlier timestamp comes from a clock that was never set.</summary>
    public const long EarliestMs = 946_684_800_000;

    /// <summary>How far a device's clock may run ahead of ours before its samples are refused.</summary>
    public TimeSpan ClockTolerance { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The longest text a state reading may have, in UTF-8 bytes.</summary>
    public int MaxStateBytes { get; init; } = 4096;
}
