using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace Seamless.Rules.Evaluation;

internal sealed class ThresholdChangeRow
{
    public required string Id { get; init; }
    public required string Tenant { get; init; }
    public required string Type { get; init; }
    public required string File { get; init; }
    public required string Rule { get; init; }
    public double Before { get; init; }
    public double After { get; init; }
    public required string Version { get; init; }
    public required string LabelsJson { get; init; }
    public required string AppliedBy { get; init; }
    public DateTimeOffset AppliedAt { get; init; }
    public string? UndoneBy { get; set; }
    public DateTimeOffset? UndoneAt { get; set; }

    public ThresholdChange ToChange() => new(
        Id, Type, File, Rule, Before, After, Version, JsonSerializer.Deserialize<IReadOnlyList<string>>(LabelsJson)!, AppliedBy, AppliedAt, UndoneBy, UndoneAt);

    public static void Map(ModelBuilder modelBuilder) => modelBuilder.Entity<ThresholdChangeRow>(change =>
    {
        change.ToTable("rules_threshold_changes").HasKey(c => c.Id);
        change.HasIndex(c => new { c.Tenant, c.AppliedAt });
    });
}
