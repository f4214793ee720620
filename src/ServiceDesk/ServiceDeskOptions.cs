using System.ComponentModel.DataAnnotations;
using Seamless.ServiceDesk.Mystery;
using Seamless.ServiceDesk.Notifications;
using Seamless.ServiceDesk.Parts;
using Seamless.ServiceDesk.Parts.Planning;
using Seamless.ServiceDesk.Sla;

namespace Seamless.ServiceDesk;

public enum Heartbeat
{
    /// <summary>Quartz beats the desk once a second.</summary>
    Quartz,

    /// <summary>No scheduler: whoever drives the time calls <see cref="IServiceDesk.AdvanceAsync"/>.</summary>
    External,
}

public sealed class ServiceDeskOptions
{
    public Heartbeat Heartbeat { get; set; } = Heartbeat.Quartz;

    /// <summary>How long an alarm that a site-wide cause could explain waits for its neighbours, our clock.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan HoldDown { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A cause less probable than this gets no playbook and makes no alarm wait for its site.</summary>
    [Range(0.0, 1.0)]
    public double LeastProbability { get; set; } = 0.15;

    /// <summary>A remote fix is proven when the alarm has cleared after the command and stayed clear for so long.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan StaysClearFor { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Local hours of the site in which R2 playbooks (service interruption) may run.</summary>
    public TimeOnly MaintenanceFrom { get; set; } = new(2, 0);
    public TimeOnly MaintenanceTo { get; set; } = new(4, 0);

    /// <summary>What is promised until a tenant puts agreements of its own (<see cref="IAgreements"/>): by <c>tier/P1</c>, by <c>tier</c>, or <c>default</c>.</summary>
    public Dictionary<string, SlaPolicy> Policies { get; } = new(StringComparer.OrdinalIgnoreCase) { ["default"] = SlaPolicy.AroundTheClock };

    /// <summary>Share of a clock at which it warns.</summary>
    [Range(0.1, 1.0)]
    public double WarnAt { get; set; } = 0.75;

    /// <summary>No change of status for so long lets the desk itself raise the alarm, by tier; paused tickets included.</summary>
    public Dictionary<string, TimeSpan> StallAfter { get; } = new(StringComparer.OrdinalIgnoreCase)
    {
        ["default"] = TimeSpan.FromDays(10), ["premium"] = TimeSpan.FromDays(5),
    };

    /// <summary>Who is told, from the first rung to the last.</summary>
    public IReadOnlyList<string> EscalationLadder { get; set; } = ["owner", "on-call", "team", "manager", "account-executive"];

    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan LongestPause { get; set; } = TimeSpan.FromHours(72);

    /// <summary>How long a resolved ticket can be taken back before it closes.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "90.00:00:00")]
    public TimeSpan ReopenWindow { get; set; } = TimeSpan.FromHours(72);

    /// <summary>The same fault of the same device within this time voids the first-time fix.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "365.00:00:00")]
    public TimeSpan FixHolds { get; set; } = TimeSpan.FromDays(30);

    /// <summary>An alarm that still lasts so long after "resolved" takes the ticket back.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan ProofOfRepairWithin { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>The same for what detectors and models have seen: they smooth what they see, and a hot bearing cools slowly, so a repaired machine still looks worn for a while.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan ProofOfWearWithin { get; set; } = TimeSpan.FromHours(2);

    /// <summary>Believes a diagnosis as far as closed tickets have confirmed it.</summary>
    public bool LearnFromClosures { get; set; } = true;

    /// <summary>Builds a parts network and technicians on first start, when there are none, and a price list to begin with.</summary>
    public bool Starter { get; set; } = true;

    /// <summary>A folder with <c>depots.csv</c>, <c>stock.csv</c> and <c>technicians.csv</c> of the real network, instead of the starter network.</summary>
    public string? NetworkFolder { get; set; }

    /// <summary>The built-in courier reports its own milestones by its timetable. Off when a real carrier reports.</summary>
    public bool CourierKeepsTimetable { get; set; } = true;

    /// <summary>What is ordered from the supplier comes in by itself after the part's lead time. Null: only in the starter network, where no real supplier is.</summary>
    public bool? SupplierKeepsTimetable { get; set; }

    internal bool SupplierIsPlayed => SupplierKeepsTimetable ?? NetworkFolder is null;

    /// <summary>Plans the stock levels each night and orders up to them. Off: only when somebody asks.</summary>
    public bool PlanStockNightly { get; set; } = true;

    /// <summary>What all stock levels together may cost, in the currency of the catalogue; null for no limit.</summary>
    public decimal? StockBudget { get; set; }

    public FillTargets FillTargets { get; set; } = new();

    [Range(typeof(TimeSpan), "1.00:00:00", "365.00:00:00")]
    public TimeSpan ReturnWithin { get; set; } = TimeSpan.FromDays(14);

    /// <summary>How long a receiver may be silent before a hand-over is on the work list.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan ConfirmHandOverWithin { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long a repairer has.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "365.00:00:00")]
    public TimeSpan RepairWithin { get; set; } = TimeSpan.FromDays(21);

    /// <summary>Replacements that are sent before the defective unit is back.</summary>
    public AdvanceOptions Advance { get; set; } = new();

    /// <summary>A part that no depot has is got another way when a ticket has waited for it so long.</summary>
    [Range(typeof(TimeSpan), "00:30:00", "30.00:00:00")]
    public TimeSpan BackOrderAfter { get; set; } = TimeSpan.FromHours(24);

    public DispatchCosts Costs { get; set; } = new();

    /// <summary>What is older goes at night: samples, and dead letters.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan KeepSamples { get; set; } = TimeSpan.FromDays(365);

    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan KeepDeadLetters { get; set; } = TimeSpan.FromDays(90);

    /// <summary>The platform trying itself.</summary>
    public MysteryOptions Mystery { get; } = new();

    /// <summary>Who is told, and how messages reach them.</summary>
    public NotificationOptions Notifications { get; } = new();
}

/// <summary>What decides whether a part is sent before anybody has looked: SERVICE economics in the currency of the catalogue.</summary>
public sealed record DispatchCosts
{
    public decimal Ship { get; init; } = 60;
    public decimal Return { get; init; } = 80;
    public decimal DownPerHour { get; init; } = 50;
    public double HoursSaved { get; init; } = 24;
    public decimal Trip { get; init; } = 600;

    /// <summary>What a back-order costs: the weight of taking the last piece from a depot.</summary>
    public decimal BackOrder { get; init; } = 200;

    /// <summary>Send at once when the cause is more probable than this: (ship + return) / (down·ΔT + trip + ship + return).</summary>
    public double Threshold => (double)((Ship + Return) / (DownPerHour * (decimal)HoursSaved + Trip + Ship + Return));
}
