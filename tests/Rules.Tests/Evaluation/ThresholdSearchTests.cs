using System.Globalization;
using Seamless.Rules.Backtests;
using Seamless.Rules.Evaluation;

namespace Seamless.Rules.Tests.Evaluation;

public sealed class ThresholdSearchTests
{
    private static readonly Threshold Hot = new(90, Falls: false, IsScore: false, Margin: 5);
    private static readonly Threshold Low = new(4.8, Falls: true, IsScore: false, Margin: 0.2);
    private static readonly Threshold Score = new(0.99, Falls: false, IsScore: true, Margin: 0);

    // f: labelled false, t: confirmed, k: known, o: false with another rule's evidence too; then the peak. Devices d0, d1, d2 in turn.
    [Theory]
    [InlineData("f91 f92 f93 f94 f95", 93.1)]                       // three of five: the least that is half or more
    [InlineData("f91 f92 f93 f94 f95 f96", 93.1)]                   // three of six
    [InlineData("f91 f92 f93 f94 f95 t98.1", 93.1)]                 // the confirmed one lies a margin beyond
    [InlineData("f91 f92 f93 f94 f95 t98", null)]                   // … and here it does not
    [InlineData("f91 f92 f93 f94", null)]                           // too few
    [InlineData("f91 f92 f93 f94 o95 k96", null)]                   // what another rule raises too, or is accepted, does not count
    [InlineData("f89 f91 f92 f93 f94", null)]                       // the setpoint as it is does not raise the first
    [InlineData("f91 f92 f93 f94 f95 t89", 93.1)]                   // … nor this: nothing to keep
    public void A_high_limit_is_raised_as_little_as_needed(string cases, double? expected) => Assert.Equal(expected, ThresholdSearch.Find(Hot, Cases(cases)));

    [Theory]
    [InlineData("f4.7 f4.6 f4.5 f4.4 f4.3 t4.2", 4.49)]
    [InlineData("f4.7 f4.6 f4.5 f4.4 f4.3 t4.3", null)]
    public void A_low_limit_is_lowered(string cases, double? expected) => Assert.Equal(expected, ThresholdSearch.Find(Low, Cases(cases)));

    [Theory]
    [InlineData("f0.991 f0.992 f0.993 f0.994 f0.995 t0.9932", 0.9931)]
    [InlineData("f0.991 f0.992 f0.993 f0.994 f0.995 t0.993", null)]
    [InlineData("f1 f1 f1 f1 f1", null)]                            // there is nothing beyond a score of 1
    public void A_score_is_raised_by_hundredths_of_what_is_left(string cases, double? expected) => Assert.Equal(expected, ThresholdSearch.Find(Score, Cases(cases)));

    [Fact]
    public void Five_false_alarms_of_two_machines_are_not_enough() =>
        Assert.Null(ThresholdSearch.Find(Hot, [.. Cases("f91 f92 f93 f94 f95 f96").Select(c => c with { Device = c.Device == "d2" ? "d1" : c.Device })]));

    [Fact]
    public void The_order_of_the_labels_does_not_matter()
    {
        var cases = Cases("f91 f92 f93 f94 f95 t99 f97");
        Assert.Equal(ThresholdSearch.Find(Hot, cases), ThresholdSearch.Find(Hot, [.. cases.Reverse()]));
    }

    private static PeakCase[] Cases(string text) => [.. text.Split(' ').Select((word, i) => new PeakCase(
        $"d{i % 3}", double.Parse(word[1..], CultureInfo.InvariantCulture), word[0] switch { 't' => OutcomeVerdict.True, 'k' => OutcomeVerdict.Known, _ => OutcomeVerdict.False }, word[0] != 'o'))];
}
