using Seamless.Rules.Packs;

namespace Seamless.Rules.Backtests;

public enum OutcomeVerdict : byte
{
    /// <summary>A real fault.</summary>
    True,
    /// <summary>Not a fault.</summary>
    False,
    /// <summary>Known and accepted.</summary>
    Known,
}

/// <summary>What an engineer found out about a device.</summary>
/// <param name="From">When it began, event time.</param>
/// <param name="FailedAt">When it was a failure: when it was noticed, not when it began.</param>
/// <param name="To">When it was over.</param>
/// <param name="Symptoms">What shows it: alarms of rules with one of these symptoms are of this outcome.</param>
/// <param name="Alarms">Ids of the alarms it was about: a ticket and its alarm are one outcome, not two.</param>
public sealed record ConfirmedOutcome(
    string Device, OutcomeVerdict Verdict, DateTimeOffset From, DateTimeOffset FailedAt, DateTimeOffset To, IReadOnlySet<string> Symptoms, IReadOnlyList<string> Alarms);

/// <summary>Knows what engineers found out. The later room's word counts more than the earlier's: a repair confirms more than a look at the screen.</summary>
public interface IConfirmedOutcomes
{
    /// <summary>Outcomes of a tenant's devices that failed in some time.</summary>
    /// <param name="pack">Of the devices' type; knows which symptoms a cause shows.</param>
    /// <param name="to">Exclusive.</param>
    Task<IReadOnlyList<ConfirmedOutcome>> ListAsync(string tenant, EquipmentPack pack, DateTimeOffset from, DateTimeOffset to, CancellationToken ct);
}
