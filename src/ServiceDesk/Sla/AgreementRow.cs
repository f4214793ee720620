namespace Seamless.ServiceDesk.Sla;

internal sealed class AgreementRow
{
    public required string Tenant { get; init; }
    public int Version { get; init; }
    public required string Text { get; init; }
    public required string Actor { get; init; }
    public DateTimeOffset At { get; init; }

    public AgreementsVersion ToVersion() => new(Version, Text, Actor, At);
}
