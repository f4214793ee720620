using Seamless.Fleet.Registry;
using Seamless.Rules.Packs;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Care.Tips;

/// <summary>Only a running campaign sends. A draft and a paused one can be changed; an ended one stays as it was.</summary>
public enum TipState : byte { Draft, Running, Paused, Ended }

/// <summary>Which machines a campaign is about: those that fit every list that is given; all when none is.</summary>
/// <param name="Types">Equipment types, the names of packs.</param>
/// <param name="Models">What the machine's tag <c>model</c> says.</param>
public sealed record TipScope(IReadOnlyList<string>? Types = null, IReadOnlyList<string>? Models = null, IReadOnlyList<string>? Sites = null, IReadOnlyList<string>? Customers = null)
{
    internal const string ModelTag = "model";

    public bool Holds(Device device) =>
        Fits(Types, device.Type) && Fits(Models, device.Tags.GetValueOrDefault(ModelTag)) && Fits(Sites, device.Site) && Fits(Customers, device.Customer);

    private static bool Fits(IReadOnlyList<string>? wanted, string? actual) => wanted is not { Count: > 0 } || (actual is not null && wanted.Contains(actual));
}

/// <summary>What is asked of a machine: its age in days, a metric, a fault of its tickets, or whether a contract or warranty covers it.</summary>
public enum TipTest : byte { Age, Metric, Fault, Cover }

/// <summary>The metric's newest value, or its mean over the last days.</summary>
public enum TipMeasure : byte { Last, Mean }

public enum TipSide : byte { Above, Below }

/// <summary>One condition on a machine. A campaign's conditions must all hold.</summary>
/// <param name="Side">Age and metric: on which side of <paramref name="Limit"/>, which itself does not count.</param>
/// <param name="Limit">Days of age since the machine was registered, or the metric's unit.</param>
/// <param name="Metric">Also for hours of use: the counter that the machine reports.</param>
/// <param name="Days">Metric: how far back its values count, for the newest value too. Fault: how long ago its ticket may have closed.</param>
/// <param name="Fault">The code of the cause.</param>
/// <param name="Covered">Cover: by a contract or a warranty now, or by none.</param>
public sealed record TipCondition(
    TipTest Test, TipSide? Side = null, double? Limit = null, string? Metric = null, TipMeasure Measure = TipMeasure.Mean, int Days = 7, string? Fault = null, bool Covered = true);

/// <summary>Something worth knowing, told each week to the owners of the machines that it is about.</summary>
/// <param name="Subject">One line, in both languages.</param>
/// <param name="Day">The day of the week on which it goes out.</param>
/// <param name="At">The time of that day, as the clocks at the machine's site show it.</param>
/// <param name="From">The first day on which it may go out.</param>
/// <param name="Until">The last one; null for no end.</param>
/// <param name="RepeatDays">For so many days nobody has the same tip about the same machine again.</param>
public sealed record TipCampaign(
    string Tenant, string Id, LocalizedText Title, LocalizedText Subject, LocalizedText Body, TipScope Scope, IReadOnlyList<TipCondition> Conditions, DayOfWeek Day, TimeOnly At, DateOnly From, DateOnly? Until,
    int RepeatDays, TipState State, DateTimeOffset? NextAt, int Version);

/// <param name="From">Today, in UTC, when not given.</param>
public sealed record TipCampaignOrder(
    LocalizedText Title, LocalizedText Subject, LocalizedText Body, TipScope? Scope = null, IReadOnlyList<TipCondition>? Conditions = null, DayOfWeek Day = DayOfWeek.Tuesday, TimeOnly? At = null,
    DateOnly? From = null, DateOnly? Until = null, int RepeatDays = TipCampaignOrder.UsualRepeatDays)
{
    public const int UsualRepeatDays = 90;
    public const int MostRepeatDays = 730;
}

/// <summary>What holds for all tips of a tenant.</summary>
public sealed record TipPolicy
{
    /// <summary>How many tips a recipient has in a week at most, over all campaigns.</summary>
    public int MostPerWeek { get; init; } = 1;
}
