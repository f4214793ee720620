using Seamless.Learning.Reports;
using Seamless.Rules.Labels;

namespace Seamless.Rules.Evaluation;

/// <summary>Compares what the diagnosis said with what closures found.</summary>
internal static class CauseCalibration
{
    /// <summary>A ticket with several alarms is one case. A closure with another cause, or with no fault, speaks against all that was said.</summary>
    public static CauseReliability Of(IEnumerable<Label> standing)
    {
        var closed = standing.Where(label => label is { Source: LabelSource.Closure, Ticket: not null }).GroupBy(label => label.Ticket).Select(ticket => ticket.First()).ToList();
        var said = closed.SelectMany(label => label.Predicted.Select(cause => (cause.Probability, IsTrue: cause.Code == label.Cause))).ToList();
        var right = closed.Count(label => label.Predicted.MaxBy(cause => cause.Probability) is { } first && first.Code == label.Cause);
        var points = Reliability.Of([.. said.Select(s => s.Probability)], [.. said.Select(s => s.IsTrue)]).Points;
        return new CauseReliability(closed.Count, right, said.Count == 0 ? null : said.Average(s => Squared(s.Probability - (s.IsTrue ? 1 : 0))), points);
    }

    private static double Squared(double value) => value * value;
}
