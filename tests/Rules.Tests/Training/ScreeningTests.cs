using Seamless.Learning.Training;
using Seamless.Rules.Alarms;
using Seamless.Rules.Alarms.Maintenance;
using Seamless.Rules.Backtests;
using Seamless.Rules.Labels;
using Seamless.Rules.Packs;
using Seamless.Rules.Training;

namespace Seamless.Rules.Tests.Training;

public sealed class ScreeningTests
{
    private static readonly DateTimeOffset Midnight = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);
    private static readonly TrainingHistory Order = new("pump", Midnight, Midnight.AddDays(3)) { Step = TimeSpan.FromHours(1), Horizon = TimeSpan.FromHours(3), StartUp = TimeSpan.FromHours(2) };
    private static readonly double[] Complete = [1, 2], Lacking = [1, double.NaN];

    // One row an hour. What was sent: '.' all, 'i' one metric lacks, 'o' off, '-' nothing. What became of it: '.' sound, 'F' failing, 'r' repair, 'm' maintenance,
    // 'u' in an alarm without a label, 's' of which the label was struck out, 'k' known, 'o' off, 'w' start-up, 'i' incomplete, 'n' unsettled.
    // A fault at 10–12 whose repair was closed at 14; alarms at 16–17 (false), 18–20 (no label), 21–22 (struck out), 23–24 (known); maintenance 2:30–4:00.
    [Theory]
    [InlineData("..............................", "..mm.....FFFrr....uu.s.k...nnn")]
    [InlineData("....oo.........................", "..mmooww.FFFrr....uu.s.k...nnnn")]
    [InlineData("i...-----............oo........", "i.mm-----wwFrr....uu.ooww..nnnn")]
    [InlineData("....---........................", "..mm---..FFFrr....uu.s.k...nnnn")]
    public void Each_row_is_sound_failing_or_left_out_for_a_reason(string sent, string expected)
    {
        var rows = new DeviceRows("pump-1", Spans(), Order, isRul: false, settled: Midnight.AddHours(27));
        Assert.Equal(expected, string.Concat(sent.Select((what, hour) => what is '-' ? '-' : LetterOf(Next(rows, what, hour)))));
    }

    private static (HistoryRow? Row, string? Removal) Next(DeviceRows rows, char what, int hour) =>
        rows.Next(Midnight.AddHours(hour), what is 'i' ? Lacking : Complete, what is 'o' ? 0.4 : 1);

    private static char LetterOf((HistoryRow? Row, string? Removal) next) => next.Removal switch
    {
        null => next.Row!.IsFailingIn("bearing-wear") ? 'F' : '.',
        HistoryRemoval.StartUp => 'w',
        HistoryRemoval.Unsettled => 'n',
        var why => why[0],
    };

    private static DeviceSpans Spans() => new(
        [AlarmAt("al-1", 10, 12), AlarmAt("al-2", 16, 17), AlarmAt("al-3", 18, 20), AlarmAt("al-4", 21, 22), AlarmAt("al-5", 23, 24)],
        new[] { LabelOf("al-1", OutcomeVerdict.True, LabelSource.Closure, 14, "bearing-wear"), LabelOf("al-2", OutcomeVerdict.False, LabelSource.Engineer, 60), LabelOf("al-5", OutcomeVerdict.Known, LabelSource.Engineer, 60) }.ToDictionary(label => label.Alarm),
        new HashSet<string> { "al-4" }, [new Occurrence(Midnight.AddHours(2.5), Midnight.AddHours(4))], Order.Horizon);

    [Fact]
    public void A_run_is_from_one_closure_to_the_next_end()
    {
        var spans = new DeviceSpans(
            [AlarmAt("al-1", 3, 4), AlarmAt("al-2", 11, 12), AlarmAt("al-3", 12, 13)],
            new[] { LabelOf("al-1", OutcomeVerdict.True, LabelSource.Closure, 6, "seal-leak"), LabelOf("al-2", OutcomeVerdict.True, LabelSource.Closure, 14, "seal-leak"), LabelOf("al-3", OutcomeVerdict.True, LabelSource.Closure, 14, "seal-leak") }.ToDictionary(label => label.Alarm),
            new HashSet<string>(), [], Order.Horizon);
        var rows = new DeviceRows("pump-1", spans, Order, isRul: true, settled: DateTimeOffset.MaxValue);
        var said = Enumerable.Range(0, 18).Select(hour => rows.Next(Midnight.AddHours(hour), Complete, double.NaN)).ToList();
        Assert.Equal(Enumerable.Range(6, 7), said.Select((next, hour) => (next, hour)).Where(s => s.next.Row is not null).Select(s => s.hour));   // 6 … 12, the end of the second, which is one with the third
        Assert.Equal("pump-1 1", said[6].Row!.Group);
        Assert.Equal(HistoryRemoval.OutsideRun, said[0].Removal);
    }

    [Fact]
    public void What_failed_again_soon_after_a_repair_are_two_failures()
    {
        var spans = new DeviceSpans(
            [AlarmAt("al-1", 3, 4), AlarmAt("al-2", 6, 7)],
            new[] { LabelOf("al-1", OutcomeVerdict.True, LabelSource.Closure, 5, "seal-leak"), LabelOf("al-2", OutcomeVerdict.True, LabelSource.Closure, 8, "seal-leak") }.ToDictionary(label => label.Alarm),
            new HashSet<string>(), [], Order.Horizon);
        Assert.Equal([(1, 4), (5, 7)], spans.Failures.Select(failure => ((int)(failure.From - Midnight).TotalHours, (int)(failure.End - Midnight).TotalHours)));
    }

    [Fact]
    public void More_rows_than_may_be_are_thinned_evenly()
    {
        var rows = new EvenRows<int>(5);
        foreach (var row in Enumerable.Range(0, 23)) rows.Add(row);
        Assert.Equal([0, 8, 16], rows.Kept);
        Assert.Equal((23, 8), (rows.Seen, rows.Stride));
    }

    private static Alarm AlarmAt(string id, double onset, double cleared) => new(
        id, "default", "pump-1", "site", "pump", $"device:pump-1:{id}", "rule", "1", "VIB", Severity.High, AlarmState.Normal, false, true, null, null,
        Midnight.AddHours(onset), Midnight.AddHours(onset), Midnight.AddHours(cleared), 1, new LocalizedText("hot", "热"),
        [new Evidence("rule", "rule", "hot", "heat", Midnight.AddHours(onset), Midnight.AddHours(cleared), 1, 1, null, new LocalizedText("hot", "热"), null, new Dictionary<string, double>())], [], null, [], 1);

    private static Label LabelOf(string alarm, OutcomeVerdict verdict, LabelSource source, double at, string? cause = null) =>
        new($"lb-{alarm}", "default", "pump-1", "pump", "rule", alarm, Midnight, verdict, cause, source, "lee", Midnight.AddHours(at)) { Ticket = source is LabelSource.Closure ? $"T-{at}" : null };
}
