using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Seamless.Rules.Backtests;

namespace Seamless.Rules.Labels;

/// <summary>A label as it lies in the database.</summary>
internal sealed class LabelRow
{
    public long Number { get; init; }
    public required string Id { get; init; }
    public required string Tenant { get; init; }
    public string? Device { get; init; }
    public required string Type { get; init; }
    public required string Rule { get; init; }
    public required string Alarm { get; init; }
    public DateTimeOffset Onset { get; init; }
    public OutcomeVerdict Verdict { get; init; }
    public string? Cause { get; init; }
    public LabelSource Source { get; init; }
    public required string Author { get; init; }
    public DateTimeOffset At { get; init; }
    public string? Note { get; init; }

    /// <summary>Number in the alarm journal of the closing that carried the verdict; null when it came otherwise.</summary>
    public long? Change { get; init; }
    public string? Ticket { get; init; }
    public DateTimeOffset? ClosedAt { get; init; }
    public string? IsoMode { get; init; }
    public string? IsoMechanism { get; init; }
    public string? IsoCause { get; init; }
    public required string PredictedJson { get; init; }
    public string? StruckBy { get; set; }
    public DateTimeOffset? StruckAt { get; set; }
    public string? StruckWhy { get; set; }

    public static LabelRow Of(Label label, long number, long? change = null, DateTimeOffset? closedAt = null) => new()
    {
        Number = number,
        Id = label.Id,
        Tenant = label.Tenant,
        Device = label.Device,
        Type = label.Type,
        Rule = label.Rule,
        Alarm = label.Alarm,
        Onset = label.Onset,
        Verdict = label.Verdict,
        Cause = label.Cause,
        Source = label.Source,
        Author = label.Author,
        At = label.At,
        Note = label.Note,
        Change = change,
        Ticket = label.Ticket,
        ClosedAt = closedAt,
        IsoMode = label.Codes?.Mode,
        IsoMechanism = label.Codes?.Mechanism,
        IsoCause = label.Codes?.Cause,
        PredictedJson = JsonSerializer.Serialize(label.Predicted),
    };

    public Label ToLabel() => new(Id, Tenant, Device, Type, Rule, Alarm, Onset, Verdict, Cause, Source, Author, At)
    {
        Note = Note,
        Ticket = Ticket,
        Codes = IsoMode is null ? null : new ClosureCodes(IsoMode, IsoMechanism ?? "", IsoCause ?? ""),
        Predicted = JsonSerializer.Deserialize<IReadOnlyList<PredictedCause>>(PredictedJson)!,
        StruckBy = StruckBy,
        StruckAt = StruckAt,
        StruckWhy = StruckWhy,
    };

    public static void Map(ModelBuilder modelBuilder) => modelBuilder.Entity<LabelRow>(label =>
    {
        label.ToTable("rules_labels").HasKey(l => l.Number);
        label.Property(l => l.Number).ValueGeneratedNever();
        label.Property(l => l.Id).IsRequired();   // by its name it is taken for the key at first
        label.HasIndex(l => l.Id).IsUnique();
        label.HasIndex(l => new { l.Tenant, l.Alarm });
        label.HasIndex(l => new { l.Tenant, l.Onset });
    });
}
