using Seamless.Analytics.MachineState;
using Seamless.ServiceDesk.Remedies;

namespace Seamless.ServiceDesk.Tests.Remedies;

public sealed class SignatureModelTests
{
    [Fact]
    public void The_cause_whose_cases_looked_like_it_is_more_probable()
    {
        var told = SignatureModel.Likelihoods(Signature(0.9, 0.44, 0.5), [.. Cases("bearing", 5, 0.9, 0.44, 0.5), .. Cases("coupling", 5, 0.99, 0.1, 0.7)], ["bearing", "coupling"])!;
        Assert.Equal(1, told["bearing"]);
        Assert.True(told["coupling"] < 0.01, $"{told["coupling"]}");
    }

    [Fact]
    public void How_fast_it_came_tells_as_well()
    {
        var told = SignatureModel.Likelihoods(Signature(0.9, 0.44, 0.8), [.. Cases("seal", 10, 0.9, 0.44, 0.3), .. Cases("impeller", 10, 0.9, 0.44, 0.8)], ["seal", "impeller"])!;
        Assert.Equal(1, told["impeller"]);
        Assert.True(told["seal"] < 0.05, $"{told["seal"]}");
    }

    [Fact]
    public void How_long_it_has_been_coming_tells_as_well()
    {
        IReadOnlyList<SignedCase> cases = [.. Enumerable.Range(0, 20).Select(i => new SignedCase(i % 2 == 0 ? "wear" : "leak", Signature(0.9, 0.44, 0.5 + 0.01 * i, i % 2 == 0 ? 0.4 : 0.02), 1))];
        var told = SignatureModel.Likelihoods(Signature(0.9, 0.44, 0.6, 0.4), cases, ["wear", "leak"])!;
        Assert.Equal(1, told["wear"]);
        Assert.True(told["leak"] < 0.05, $"{told["leak"]}");
    }

    /// <summary>Within either cause heat follows vibration, over a range that is wide against what parts the causes: each alone tells nothing, their difference all.</summary>
    [Fact]
    public void What_grows_together_is_looked_at_together()
    {
        IReadOnlyList<SignedCase> cases = [.. Enumerable.Range(0, 120).Select(i => i % 2 == 0 ? new SignedCase("bearing", Signature(0.004 * i, 0.004 * i + 0.05, 0.5), 1) : new SignedCase("coupling", Signature(0.004 * i, 0.004 * i - 0.05, 0.5), 1))];
        foreach (var level in new[] { 0.1, 0.25, 0.4 })
        {
            Assert.True(SignatureModel.Likelihoods(Signature(level, level + 0.05, 0.5), cases, ["bearing", "coupling"])!["coupling"] < 0.5, $"bearing at {level}");
            Assert.True(SignatureModel.Likelihoods(Signature(level, level - 0.05, 0.5), cases, ["bearing", "coupling"])!["bearing"] < 0.5, $"coupling at {level}");
        }
    }

    [Fact]
    public void What_nobody_has_met_yet_comes_up_when_the_known_ones_looked_otherwise()
    {
        var cases = Cases("bearing", 8, 0.9, 0.44, 0.5);
        var usual = SignatureModel.Likelihoods(Signature(0.9, 0.44, 0.5), cases, ["bearing", "unknown"])!;
        Assert.Equal(1, usual["bearing"]);
        Assert.True(usual["unknown"] < 0.8, $"{usual["unknown"]}");   // it could have looked so too, as anything could
        Assert.Equal(1, SignatureModel.Likelihoods(Signature(-0.3, 0.95, 0), cases, ["bearing", "unknown"])!["unknown"]);
    }

    [Fact]
    public void Fewer_than_two_cases_tell_nothing()
    {
        Assert.Null(SignatureModel.Likelihoods(Signature(1, 0, 0), Cases("bearing", 1, 1, 0, 0), ["bearing"]));
        Assert.Null(SignatureModel.Likelihoods(Signature(1, 0, 0), [.. Cases("bearing", 9, 1, 0, 0).Select(c => c with { Weight = 0.2 })], ["bearing"]));
        Assert.NotNull(SignatureModel.Likelihoods(Signature(1, 0, 0), Cases("bearing", 2, 1, 0, 0), ["bearing"]));
    }

    [Fact]
    public void A_case_that_was_less_alike_says_less()
    {
        var seen = Signature(0.9, 0.44, 0.5);
        IReadOnlyList<SignedCase> coupling = [.. Cases("coupling", 4, 0.99, 0.1, 0.7)], bearing = [.. Cases("bearing", 4, 0.9, 0.44, 0.5)];
        var full = SignatureModel.Likelihoods(seen, [.. bearing, .. coupling], ["bearing", "coupling"])!["coupling"];
        var weak = SignatureModel.Likelihoods(seen, [.. bearing, .. coupling.Select(c => c with { Weight = 0.05 })], ["bearing", "coupling"])!["coupling"];
        Assert.True(weak > 3 * full, $"{weak} against {full}");
    }

    private static List<SignedCase> Cases(string cause, int count, double vibration, double heat, double growth) =>
        [.. Enumerable.Range(0, count).Select(i => new SignedCase(cause, Signature(vibration + 0.02 * (i % 2), heat - 0.02 * (i % 3), growth + 0.03 * (i % 2)), 1))];

    private static FaultSignature Signature(double vibration, double heat, double growth, double longGrowth = 0) =>
        new(new Dictionary<string, double> { ["vibration"] = vibration, ["heat"] = heat }, 6, growth, longGrowth);
}
