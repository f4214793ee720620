using Seamless.Telemetry.Commands;

namespace Seamless.DeviceAgent.Commands;

/// <summary>What is known of a command by its idempotency key.</summary>
/// <param name="Result">Null: begun, and how it ended is not known.</param>
/// <param name="Reported">The platform has acknowledged the result.</param>
public sealed record JournalEntry(string Key, string CommandId, CommandResult? Result, bool Reported);

/// <summary>Remembers commands so that none acts twice, whatever is delivered again and whenever the power goes.</summary>
public interface ICommandJournal : IDisposable
{
    JournalEntry? Find(string key);

    /// <summary>Durable when it returns: called before acting, and again with the result.</summary>
    void Save(JournalEntry entry);

    /// <summary>Results that the platform has not acknowledged yet, oldest first.</summary>
    IReadOnlyList<JournalEntry> Unreported();
}
