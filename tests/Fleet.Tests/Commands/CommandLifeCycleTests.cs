using Seamless.Fleet.Commands;

namespace Seamless.Fleet.Tests.Commands;

public sealed class CommandLifeCycleTests
{
    // Rows: from; columns: to. C created, S sent, A accepted, R running, + succeeded, - failed, x rejected, e expired.
    private static readonly string[] Table =
    [
        //  C S A R + - x e
        "   . y y y y y y y",   // Created
        "   . . y y y y y y",   // Sent
        "   . . . y y y y y",   // Accepted
        "   . . . y y y . y",   // Running
        "   . . . . . . . .",   // Succeeded
        "   . . . . . . . .",   // Failed
        "   . . . . . . . .",   // Rejected
        "   . . . . . . . .",   // Expired
    ];

    [Fact]
    public void Every_pair_of_states_is_as_the_table_says()
    {
        foreach (var from in Enum.GetValues<CommandState>())
        foreach (var to in Enum.GetValues<CommandState>())
            Assert.True(CommandLifeCycle.Allows(from, to) == (Table[(int)from].Trim().Split(' ')[(int)to] == "y"), $"{from} → {to}");
    }
}
