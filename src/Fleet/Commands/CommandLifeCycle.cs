namespace Seamless.Fleet.Commands;

/// <summary>What may follow what. Whatever is not in the table is refused.</summary>
public static class CommandLifeCycle
{
    private static readonly Dictionary<CommandState, CommandState[]> Next = new()
    {
        // An answer may overtake our own note that the command was sent.
        [CommandState.Created] = [CommandState.Sent, CommandState.Accepted, CommandState.Running, CommandState.Succeeded, CommandState.Failed, CommandState.Rejected, CommandState.Expired],
        [CommandState.Sent] = [CommandState.Accepted, CommandState.Running, CommandState.Succeeded, CommandState.Failed, CommandState.Rejected, CommandState.Expired],
        [CommandState.Accepted] = [CommandState.Running, CommandState.Succeeded, CommandState.Failed, CommandState.Rejected, CommandState.Expired],
        [CommandState.Running] = [CommandState.Running, CommandState.Succeeded, CommandState.Failed, CommandState.Expired],
        [CommandState.Succeeded] = [],
        [CommandState.Failed] = [],
        [CommandState.Rejected] = [],
        [CommandState.Expired] = [],
    };

    public static bool Allows(CommandState from, CommandState to) => Next[from].Contains(to);
    public static bool IsEnd(CommandState state) => Next[state].Length == 0;
}
