namespace Seamless.Machines.People;

/// <summary>A technician's way to a machine.</summary>
/// <param name="Fault">What was wrong; null when nothing was.</param>
/// <param name="Final">It ended the fault with what had been brought; otherwise somebody has to come again.</param>
public sealed record Visit(string Ticket, string? Fault, DateTimeOffset At, bool Final);
