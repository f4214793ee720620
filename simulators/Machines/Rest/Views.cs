namespace Seamless.Machines.Rest;

// The platform's REST records as far as the simulator reads them (docs: /openapi/v1.json). Unknown properties are ignored.

public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

public sealed record CauseView(string Code, double Probability);

/// <param name="Device">Null for an alarm of the site.</param>
public sealed record AlarmView(
    string Id, string? Device, string Site, string Severity, string State, bool IsActive, DateTimeOffset RaisedAt, DateTimeOffset OnsetAt, DateTimeOffset? ClearedAt,
    IReadOnlyList<CauseView> Diagnosis, string? Parent);

public sealed record TicketPartView(string Sku, int Quantity, IReadOnlyList<string> Serials, string Status, string? Shipment);

public sealed record VisitView(string Technician, DateTimeOffset Start, DateTimeOffset End);

/// <param name="Diagnosis">The cause that is named; <c>unknown</c> where none is certain enough.</param>
/// <param name="Status">new, acknowledged, scheduled, enRoute, onSite, paused, resolved, closed, cancelled.</param>
public sealed record TicketView(
    string Id, string? Device, string Site, string Status, string Class, IReadOnlyList<CauseView> Causes, IReadOnlyList<string> Alarms,
    IReadOnlyList<TicketPartView> Parts, VisitView? Visit, DateTimeOffset OpenedAt, IReadOnlyList<string> Actions, string? Diagnosis = null);

/// <param name="State">created, inTransit, delivered, cancelled.</param>
public sealed record ShipmentView(string Id, string Ticket, string State, DateTimeOffset CreatedAt, DateTimeOffset? PickedUpAt, DateTimeOffset Eta);

/// <param name="DueAt">Two weeks after it became due.</param>
public sealed record ReturnView(string Id, string Serial, DateTimeOffset DueAt, DateTimeOffset? ReceivedAt);

/// <param name="State">heldDown, commanded, verifying, fixed, failed, ticketed.</param>
public sealed record RemedyView(
    string Alarm, string? Device, string Site, string Fault, string State, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, int CustomerVisibleSeconds, string? Ticket);

/// <param name="Value">Null when there was nothing to measure.</param>
public sealed record KpiView(string Code, double? Value, int Samples);
