namespace Seamless.Rules.Alarms;

/// <summary>An alarm as telemetry alone makes it: no person's doing is in it, so that replaying the log makes it again.</summary>
internal sealed class AlarmTrack(Alarm alarm, int ordinal)
{
    public Alarm Alarm { get; set; } = alarm;

    /// <summary>How many changes telemetry has made to it; with the id, the identity of a change.</summary>
    public int Ordinal { get; set; } = ordinal;

    /// <summary>Makes the next change.</summary>
    /// <param name="merges">A later change of the same batch says all that this one does.</param>
    public TelemetryChange Change(AlarmChangeKind kind, DateTimeOffset at, Alarm alarm, bool merges = false)
    {
        (Alarm, Ordinal) = (alarm, Ordinal + 1);
        return new TelemetryChange(alarm.Id, Ordinal, kind, at, alarm, merges);
    }
}

/// <summary>What telemetry did to an alarm. (<paramref name="AlarmId"/>, <paramref name="Ordinal"/>) is its identity: applied twice, it counts once.</summary>
/// <remarks>Ordinals count what happened, not what was written: however the records fall into batches, a change has the same ordinal.</remarks>
/// <param name="Merges">It need not be written when the same batch changes the alarm again.</param>
internal sealed record TelemetryChange(string AlarmId, int Ordinal, AlarmChangeKind Kind, DateTimeOffset At, Alarm Alarm, bool Merges = false);
