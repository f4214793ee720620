using Seamless.Rules.Versions;

namespace Seamless.Rules.Tests.Versions;

public sealed class RuleLifeCycleTests
{
    /// <summary>Rows: the state. Columns: approve, reject, shadow, canary, all, return. A dot is refused.</summary>
    private const string Table = """
                   | Approve  | Reject   | Shadow | Canary | All    | Return
        Draft      | Approved | Rejected | Shadow | Canary | Active | .
        Approved   | .        | Rejected | Shadow | Canary | Active | .
        Rejected   | .        | .        | .      | .      | .      | .
        Shadow     | .        | .        | .      | Canary | Active | Returned
        Canary     | .        | .        | Shadow | Canary | Active | Returned
        Active     | .        | .        | .      | .      | .      | Returned
        Superseded | .        | .        | Shadow | Canary | Active | .
        Returned   | .        | .        | Shadow | Canary | Active | .
        """;

    public static TheoryData<RuleVersionState, RuleVersionAction, string> Steps()
    {
        var data = new TheoryData<RuleVersionState, RuleVersionAction, string>();
        var lines = Table.Split('\n').Select(line => line.Split('|', StringSplitOptions.TrimEntries)).ToList();
        foreach (var line in lines.Skip(1))
            for (var i = 1; i < line.Length; i++) data.Add(Enum.Parse<RuleVersionState>(line[0]), Enum.Parse<RuleVersionAction>(lines[0][i]), line[i]);
        return data;
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public void Each_step_leads_where_the_table_says_or_is_refused_in_words(RuleVersionState from, RuleVersionAction action, string to)
    {
        var (next, because) = RuleLifeCycle.Step(from, action);
        if (to == ".")
        {
            Assert.Null(next);
            Assert.NotEmpty(because!);
        }
        else
        {
            Assert.Equal(Enum.Parse<RuleVersionState>(to), next);
        }
    }

    [Fact]
    public void The_table_speaks_of_every_state_and_action() =>
        Assert.Equal(Enum.GetValues<RuleVersionState>().Length * Enum.GetValues<RuleVersionAction>().Length, Steps().Count);
}
