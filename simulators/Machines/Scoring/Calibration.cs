using Seamless.Machines.Rest;

namespace Seamless.Machines.Scoring;

/// <summary>Whether causes that are given a probability of p are the true ones in a share of p of the cases.</summary>
/// <param name="Causes">Causes named by the alarms that were nobody else's.</param>
/// <param name="CauseError">Expected calibration error over ten bins of equal width: mean |share that was true − mean probability|, weighted by count.</param>
/// <param name="Alarms">Alarms that named a cause.</param>
/// <param name="FaultError">The same for the probability that one of the named causes is at work, against whether anything was wrong with the machine or its site.</param>
/// <param name="ByCause">Whose probabilities are too high or too low, the greatest share of the error first.</param>
public sealed record Calibration(int Causes, double? CauseError, int Alarms, double? FaultError, IReadOnlyList<CalibrationBin> Bins, IReadOnlyList<CauseCalibration> ByCause)
{
    private const int BinCount = 10;
    private const int MostShown = 40;

    /// <param name="faultOf">The true fault that an alarm is about; null when it is about none.</param>
    internal static Calibration Of(IEnumerable<AlarmView> alarms, Func<AlarmView, TrueFault?> faultOf)
    {
        var (causes, faults) = (new List<(string Code, double Probability, bool Right)>(), new List<(double Probability, bool Right)>());
        foreach (var alarm in alarms.Where(alarm => alarm.Parent is null && alarm.Diagnosis.Count > 0))
        {
            var fault = faultOf(alarm);
            causes.AddRange(alarm.Diagnosis.Where(cause => cause.Code != "unknown").Select(cause => (cause.Code, cause.Probability, cause.Code == fault?.Code)));
            faults.Add((1 - alarm.Diagnosis.Aggregate(1.0, (none, cause) => none * (1 - cause.Probability)), fault is not null));
        }
        var bins = Bin([.. causes.Select(cause => (cause.Probability, cause.Right))]);
        var byCause = causes.GroupBy(cause => (cause.Code, Bin: BinOf(cause.Probability))).Select(claims => new CauseCalibration(
            claims.Key.Code, claims.Count(), Math.Round(claims.Average(claim => claim.Probability), 4), Math.Round(claims.Average(claim => claim.Right ? 1.0 : 0), 4)));
        return new Calibration(
            causes.Count, Error(bins), faults.Count, Error(Bin(faults)), bins,
            [.. byCause.OrderByDescending(cause => cause.Count * Math.Abs(cause.Observed - cause.Predicted)).ThenBy(cause => cause.Code, StringComparer.Ordinal).Take(MostShown)]);
    }

    private static List<CalibrationBin> Bin(List<(double Probability, bool Right)> claims) =>
    [
        .. claims.GroupBy(claim => BinOf(claim.Probability)).OrderBy(bin => bin.Key)
            .Select(bin => new CalibrationBin(bin.Count(), Math.Round(bin.Average(claim => claim.Probability), 4), Math.Round(bin.Average(claim => claim.Right ? 1.0 : 0), 4))),
    ];

    private static int BinOf(double probability) => Math.Min(BinCount - 1, (int)(probability * BinCount));

    private static double? Error(List<CalibrationBin> bins)
    {
        var total = bins.Sum(bin => bin.Count);
        return total == 0 ? null : Math.Round(bins.Sum(bin => bin.Count * Math.Abs(bin.Observed - bin.Predicted)) / total, 4);
    }
}

/// <param name="Predicted">Mean probability.</param>
/// <param name="Observed">Share that was true.</param>
public sealed record CalibrationBin(int Count, double Predicted, double Observed);

/// <summary>One cause in one bin.</summary>
/// <param name="Predicted">Mean probability.</param>
/// <param name="Observed">Share that was true.</param>
public sealed record CauseCalibration(string Code, int Count, double Predicted, double Observed);
