using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Sla;

/// <summary>What is promised to whom: one version of a tenant's agreements. Never changed; a change is another version.</summary>
/// <param name="Version">0 is what the platform is delivered with.</param>
/// <param name="Tiers">Policies by <c>tier/P1</c>, <c>tier</c> or <c>default</c>.</param>
/// <param name="Customers">What single customers have instead, by <c>customer/P1</c> or <c>customer</c>.</param>
/// <param name="StallAfter">How long an open ticket may stand still, by tier or <c>default</c>.</param>
public sealed record ServiceAgreements(
    int Version, IReadOnlyDictionary<string, SlaPolicy> Tiers, IReadOnlyDictionary<string, SlaPolicy> Customers, IReadOnlyDictionary<string, TimeSpan> StallAfter)
{
    public const string Default = "default";

    public SlaPolicy PolicyFor(string customer, string tier, Priority priority) =>
        Customers.GetValueOrDefault($"{customer}/{priority}") ?? Customers.GetValueOrDefault(customer)
        ?? Tiers.GetValueOrDefault($"{tier}/{priority}") ?? Tiers.GetValueOrDefault(tier) ?? Tiers[Default];

    public TimeSpan StallAfterFor(string tier) => StallAfter.TryGetValue(tier, out var after) ? after : StallAfter[Default];

    /// <summary>As a ticket names what it was measured by.</summary>
    public string NameOf(SlaPolicy policy) => Version == 0 ? policy.Name : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{policy.Name}@{Version}");
}
