using Seamless.Rules.Packs;

namespace Seamless.ServiceDesk.Mystery;

internal enum MysteryPhase : byte { Sending, Detecting, Ticketing, Recovering, Done }

internal sealed class MysteryRow
{
    public long Number { get; init; }

    /// <summary>Unique: one check a day, whoever starts how often.</summary>
    public required string Key { get; init; }
    public required string Tenant { get; init; }
    public DateTimeOffset StartedAt { get; init; }
    public required string Actor { get; init; }
    public required string Type { get; init; }
    public required string Device { get; init; }
    public required string Test { get; init; }
    public required string Fault { get; init; }
    public double RaisedWithinSeconds { get; init; }

    public MysteryPhase Phase { get; set; }

    /// <summary>By when the phase must be over.</summary>
    public DateTimeOffset DueAt { get; set; }

    /// <summary>When the telemetry was in the log; its last sample is of that moment.</summary>
    public DateTimeOffset? SentAt { get; set; }
    public string? Alarm { get; set; }
    public double? RaisedAfterSeconds { get; set; }
    public double? SeenAfterSeconds { get; set; }
    public string? Cause { get; set; }
    public bool? CauseRight { get; set; }
    public string? Ticket { get; set; }
    public DateTimeOffset? ClosedAt { get; set; }
    public DateTimeOffset? EndedAt { get; set; }
    public MysteryVerdict Verdict { get; set; }
    public LocalizedText? Why { get; set; }
    public int Version { get; set; }

    /// <summary>The first thing that goes wrong is the verdict; what follows from it is not.</summary>
    public void Fail(MysteryVerdict verdict, string en, string zh)
    {
        if (Verdict is MysteryVerdict.Running) (Verdict, Why) = (verdict, new LocalizedText(en, zh));
    }

    public MysteryCheck ToCheck() => new(
        Number, Key, StartedAt, Actor, Type, Device, Test, Fault, Alarm, Span(RaisedAfterSeconds), TimeSpan.FromSeconds(RaisedWithinSeconds), Span(SeenAfterSeconds),
        Cause, CauseRight, Ticket, ClosedAt, EndedAt, Verdict, Why);

    private static TimeSpan? Span(double? seconds) => seconds is { } s ? TimeSpan.FromSeconds(s) : null;
}
