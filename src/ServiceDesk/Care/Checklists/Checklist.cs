using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Care.Checklists;

/// <summary>How an item is answered: yes or no, a reading in a unit, or a reference to a photo.</summary>
public enum ItemKind : byte { YesNo, Value, Photo }

/// <param name="Id">Stable within the checklist; answers name it.</param>
/// <param name="Expected">YesNo: the answer that is in order.</param>
/// <param name="Min">Value: in order from here …</param>
/// <param name="Max">… to here.</param>
/// <param name="Optional">May be left unanswered.</param>
/// <param name="Priority">Of the ticket when it is not in order.</param>
public sealed record ChecklistItem(
    string Id, LocalizedText Text, ItemKind Kind = ItemKind.YesNo, bool Expected = true, string? Unit = null, double? Min = null, double? Max = null, bool Optional = false, Priority Priority = Priority.P3);

public sealed record Checklist(string Tenant, string Id, int Version, LocalizedText Title, IReadOnlyList<ChecklistItem> Items, string Actor, DateTimeOffset At);

public sealed record NewChecklist(string Id, LocalizedText Title, IReadOnlyList<ChecklistItem> Items);

/// <summary>The answer to one item; the field that its kind asks for.</summary>
/// <param name="Photo">Where the photo lies: an address or the name of a file.</param>
public sealed record ItemAnswer(bool? Yes = null, double? Value = null, string? Photo = null, string? Note = null);

/// <summary>An item that was not in order.</summary>
public sealed record Finding(string Item, LocalizedText Text, Priority Priority);

public interface IChecklists
{
    /// <summary>A new version; visits planned before keep theirs.</summary>
    Task<Outcome<Checklist>> PublishAsync(string tenant, NewChecklist checklist, string actor, CancellationToken ct);

    /// <summary>Every version, the newest of each first.</summary>
    Task<IReadOnlyList<Checklist>> ListAsync(string tenant, CancellationToken ct);
}

internal sealed class ChecklistRow
{
    public required string Tenant { get; init; }
    public required string Id { get; init; }
    public int Version { get; init; }
    public required LocalizedText Title { get; init; }
    public required IReadOnlyList<ChecklistItem> Items { get; init; }
    public required string Actor { get; init; }
    public DateTimeOffset At { get; init; }

    public Checklist ToChecklist() => new(Tenant, Id, Version, Title, Items, Actor, At);
}
