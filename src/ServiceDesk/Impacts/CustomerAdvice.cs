using Seamless.Rules.Packs;

namespace Seamless.ServiceDesk.Impacts;

/// <summary>What a customer's month was like, and what to do about it.</summary>
/// <param name="To">Exclusive; now while the month still runs.</param>
/// <param name="DownHours">Of all devices together.</param>
/// <param name="Services">Version of the business services that it rests on.</param>
public sealed record CustomerAdvice(
    string Customer, DateTimeOffset From, DateTimeOffset To, double DownHours, IReadOnlyList<FailedDevice> Failed, IReadOnlyList<TouchedService> Touched, IReadOnlyList<Advice> Advice, int Services);

/// <param name="DownHours">In which one of its faults of priority P1 or P2 was not repaired.</param>
/// <param name="Services">Ids of the customer's services that depend on it.</param>
public sealed record FailedDevice(string Device, double DownHours, IReadOnlyList<DeviceFailure> Failures, IReadOnlyList<string> Services);

/// <param name="Cause">Fault code: the confirmed one, else the most probable.</param>
/// <param name="Repaired">Null while it is not.</param>
public sealed record DeviceFailure(string Ticket, LocalizedText Title, string? Cause, DateTimeOffset Onset, DateTimeOffset? Repaired);

/// <param name="Hours">In which at least one device beneath it was down.</param>
/// <param name="Devices">Those that failed.</param>
public sealed record TouchedService(string Service, string Name, double Hours, IReadOnlyList<string> Devices);

public enum AdviceKind : byte { RepeatedCause, NoStandIn }

/// <param name="Tickets">For a repeated cause: each time.</param>
/// <param name="DownHours">What the device cost in the month.</param>
/// <param name="Text">For the customer.</param>
public sealed record Advice(AdviceKind Kind, string Device, string? Cause, IReadOnlyList<string> Tickets, IReadOnlyList<string> Services, double DownHours, LocalizedText Text);
