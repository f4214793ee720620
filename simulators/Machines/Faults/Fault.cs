using Seamless.Machines.Chance;

namespace Seamless.Machines.Faults;

/// <summary>One injected fault: the truth that diagnosis is measured against.</summary>
/// <remarks>Ends once: repaired, remotely fixed, or, for a spell, when its time is over. Read and ended from several threads.</remarks>
public sealed class Fault
{
    // Growth beyond the failure point goes on for a while, then the machine limps along.
    private const double Ceiling = 1.1;
    private const double Steepness = 2.5;
    private const double StepSeconds = 5;
    private const double SpellEdgeSeconds = 60;
    private const long RoughnessMs = 20 * 60 * 1000;

    private readonly Seed _roughness;
    private readonly Lock _gate = new();

    public Fault(string id, FaultKind kind, string? device, string site, DateTimeOffset onset, TimeSpan timeToFailure)
    {
        (Id, Kind, Device, Site, Onset, TimeToFailure) = (id, kind, device, site, onset, timeToFailure);
        _roughness = new Seed(0).Split(id);
        if (kind.Growth is Growth.Spell) EndedAt = onset + timeToFailure;
    }

    public string Id { get; }
    public FaultKind Kind { get; }

    /// <summary>Null when it strikes the whole site.</summary>
    public string? Device { get; }
    public string Site { get; }
    public DateTimeOffset Onset { get; }

    /// <summary>Onset to functional failure; the length of a spell.</summary>
    public TimeSpan TimeToFailure { get; }

    /// <summary>When the machine can no longer do its work. What comes at once fails at its onset.</summary>
    public DateTimeOffset FailureAt => Kind.IsProgressive ? Onset + TimeToFailure : Onset;

    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary><c>command</c>, <c>technician</c>, or null: by itself, or not at all.</summary>
    public string? EndedBy { get; private set; }

    public bool IsActive(DateTimeOffset at) => at >= Onset && (EndedAt is not { } end || at < end);

    /// <summary>False when it had ended or not begun.</summary>
    public bool TryEnd(DateTimeOffset at, string by)
    {
        lock (_gate)
        {
            if (!IsActive(at) || Kind.Growth is Growth.Spell) return false;
            (EndedAt, EndedBy) = (at, by);
            return true;
        }
    }

    /// <summary>0 healthy, 1 functional failure.</summary>
    public double Severity(DateTimeOffset at)
    {
        if (!IsActive(at)) return 0;
        var age = (at - Onset).TotalSeconds;
        var x = age / TimeToFailure.TotalSeconds;
        return Kind.Growth switch
        {
            Growth.Step => Math.Min(1, age / StepSeconds),
            Growth.Spell => Math.Min(1, Math.Min(age, TimeToFailure.TotalSeconds - age) / SpellEdgeSeconds),
            Growth.Ramp => Rough(Math.Min(Ceiling, x), at),
            _ => Rough(Math.Min(Ceiling, (Math.Exp(Steepness * x) - 1) / (Math.Exp(Steepness) - 1)), at),
        };
    }

    private double Rough(double severity, DateTimeOffset at) =>
        severity * (1 + 0.05 * Noise.Wander(_roughness, at.ToUnixTimeMilliseconds(), RoughnessMs));
}
