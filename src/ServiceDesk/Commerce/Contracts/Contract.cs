using Seamless.ServiceDesk.Commerce.Coverage;

namespace Seamless.ServiceDesk.Commerce.Contracts;

public enum ContractStatus : byte { Pending, InForce, Expired, Cancelled }

/// <summary>A contract or warranty of one device.</summary>
/// <param name="Number"><c>CT-1001</c>, increasing.</param>
/// <param name="Tier">Decides with the pack what the customer is offered.</param>
/// <param name="Start">The first instant that is covered.</param>
/// <param name="End">The first instant that is not.</param>
/// <param name="Price">For the whole term; 0 for a warranty that came with the device.</param>
/// <param name="Renews">The contract that this one goes on from.</param>
/// <param name="RenewedBy">The contract that goes on from this one.</param>
public sealed record Contract(
    string Number, string Tenant, string Device, string Customer, string Tier, CoveragePack Pack, DateTimeOffset Start, DateTimeOffset End, decimal Price, string Currency,
    string? Renews, string? RenewedBy, DateTimeOffset? CancelledAt, OutcomeTerms? Outcome, int Version)
{
    /// <summary>When cover ends: the end, or the cancellation before it.</summary>
    public DateTimeOffset CoveredUntil => CancelledAt < End ? CancelledAt.Value : End;

    public bool Covers(DateTimeOffset at) => Start <= at && at < CoveredUntil;

    public ContractStatus StatusAt(DateTimeOffset now) =>
        CancelledAt <= now ? ContractStatus.Cancelled : now < Start ? ContractStatus.Pending : now < End ? ContractStatus.InForce : ContractStatus.Expired;
}

/// <summary>What the customer pays for is the result: hours of running, with a bonus and a malus by availability.</summary>
/// <param name="PricePerHour">Of each hour in which the device was available.</param>
/// <param name="Availability">The promised share of time, 0 to 1.</param>
/// <param name="BonusPerPoint">For each percentage point above it.</param>
/// <param name="MalusPerPoint">Taken off for each percentage point below it.</param>
/// <param name="MostMalus">The malus of a month is never more.</param>
public sealed record OutcomeTerms(decimal PricePerHour, double Availability, decimal BonusPerPoint, decimal MalusPerPoint, decimal MostMalus)
{
    public string? Fault() => this switch
    {
        { Availability: not (> 0 and <= 1) } => "'availability' is a share above 0 and at most 1, such as 0.98",
        { PricePerHour: < 0 } or { BonusPerPoint: < 0 } or { MalusPerPoint: < 0 } or { MostMalus: < 0 } => "prices, bonus and malus are not negative",
        _ => null,
    };
}

/// <param name="Customer">The device's when not given.</param>
/// <param name="Tier">The device's when not given.</param>
/// <param name="Start">Now when not given.</param>
/// <param name="Currency">The policy's when not given.</param>
public sealed record NewContract(
    string Tenant, string Device, CoveragePack Pack, DateTimeOffset End, DateTimeOffset? Start = null, string? Customer = null, string? Tier = null, decimal Price = 0, string? Currency = null,
    OutcomeTerms? Outcome = null);

/// <summary>What the next term has instead; what is not given stays as it was.</summary>
/// <param name="Start">Where the term before ends, when not given.</param>
public sealed record Renewal(DateTimeOffset End, DateTimeOffset? Start = null, CoveragePack? Pack = null, string? Tier = null, decimal? Price = null, OutcomeTerms? Outcome = null);

/// <param name="ExpiringWithinDays">Only contracts in force that end so soon and are not renewed.</param>
public sealed record ContractFilter(string Tenant, string? Device = null, string? Customer = null, ContractStatus? Status = null, int? ExpiringWithinDays = null);

public interface IContracts
{
    Task<Seamless.Telemetry.Outcome<Contract>> AddAsync(NewContract contract, string actor, CancellationToken ct);
    Task<Seamless.Telemetry.Outcome<Contract>> RenewAsync(string tenant, string number, Renewal renewal, string actor, CancellationToken ct);
    Task<Seamless.Telemetry.Outcome<Contract>> CancelAsync(string tenant, string number, string note, string actor, CancellationToken ct);
    Task<Contract?> FindAsync(string tenant, string number, CancellationToken ct);

    /// <summary>The one that counts at an instant: the widest pack, of equals the youngest.</summary>
    Task<Contract?> CoveringAsync(string tenant, string device, DateTimeOffset at, CancellationToken ct);

    /// <summary>By number.</summary>
    Task<IReadOnlyList<Contract>> ListAsync(ContractFilter filter, CancellationToken ct);

    /// <summary>How each device has been covered from its registration until now, the longest uncovered first.</summary>
    Task<IReadOnlyList<DeviceCover>> CoverAsync(string tenant, string? device, CancellationToken ct);
}
