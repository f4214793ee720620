using Seamless.ServiceDesk.Dispatch;

namespace Seamless.ServiceDesk.Tests.Dispatch;

public sealed class WeightedScoreTests
{
    /// <summary>Skills weigh 20, parts 10: five of eight hours and two of five parts lose to all hours and one part.</summary>
    [Theory]
    [InlineData(5.0 / 8, 2.0 / 5, 0.55)]
    [InlineData(8.0 / 8, 1.0 / 5, 0.7333)]
    public void Shares_are_weighed_as_in_the_published_example(double first, double second, double score) =>
        Assert.Equal(score, WeightedScore.Of(new Criterion(20, first), new Criterion(10, second)), 4);

    [Fact]
    public void Less_is_better_counts_what_is_missing() => Assert.Equal(0.75, WeightedScore.Of(new Criterion(1, 0.25, LessIsBetter: true)), 6);
}
