using Seamless.Fuzz;

namespace Seamless.Ingest.Tests;

/// <summary>After all others: they watch the clock, and this leaves them no processor.</summary>
[CollectionDefinition(nameof(FuzzTests), DisableParallelization = true)]
public sealed class Alone;

/// <summary>A short run of tests/Fuzz with every test run: all seeds, and 20,000 mutations of them.</summary>
[Collection(nameof(FuzzTests))]
public sealed class FuzzTests
{
    public static TheoryData<string> Names => [.. Targets.All.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Seeds_and_their_mutations_find_nothing(string name)
    {
        var target = Targets.All.Single(t => t.Name == name);
        var found = new List<string>();

        var outcome = new Attack(target, Seeds.Of(target, Seeds.FindFolder()), 7, (finding, input) => found.Add($"{finding}: {Convert.ToHexString(input)}")).Run(20_000);

        Assert.Empty(outcome.Findings.Concat(found));
        Assert.True(outcome.Inputs > 20_000, "the seeds are missing");
    }
}
