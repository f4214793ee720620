namespace Seamless.ServiceDesk.Database;

/// <summary>How far a follower has come; saved in the same transaction as what it did.</summary>
internal sealed class FollowerRow
{
    public const string Alarms = "alarms";

    public required string Name { get; init; }
    public long Position { get; set; }
}

/// <summary>A switch that outlives a restart.</summary>
internal sealed class SettingRow
{
    public required string Name { get; init; }
    public required string Value { get; set; }
    public required string Actor { get; set; }
    public DateTimeOffset At { get; set; }
}
