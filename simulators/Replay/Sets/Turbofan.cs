namespace Seamless.Replay.Sets;

/// <summary>NASA C-MAPSS FD001: engines run to failure, a sample a cycle, no header, blank separated.</summary>
/// <remarks>Cycles carry no time; one cycle is taken for one hour, all engines starting together.</remarks>
internal static class Turbofan
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Columns 2–26 of the files, by the names of <c>packs/turbofan</c>.</summary>
    private static readonly string[] Metrics =
    [
        "cycle", "altitude", "mach", "throttleAngle", "fanInletTemperature", "lpcOutletTemperature", "hpcOutletTemperature",
        "lptOutletTemperature", "fanInletPressure", "bypassDuctPressure", "hpcOutletPressure", "fanSpeed", "coreSpeed", "enginePressureRatio",
        "hpcStaticPressure", "fuelFlowRatio", "correctedFanSpeed", "correctedCoreSpeed", "bypassRatio", "fuelAirRatio", "bleedEnthalpy",
        "demandedFanSpeed", "demandedCorrectedFanSpeed", "hptCoolantBleed", "lptCoolantBleed",
    ];

    public static ReplaySet Set { get; } = new(
        "turbofan", "engines run to failure (NASA C-MAPSS FD001)", "train_FD001.txt, test_FD001.txt, RUL_FD001.txt", Read, Training);

    private static IEnumerable<ReplayRow> Read(string directory) =>
        Cycles(DataFiles.Find(directory, "cmapss", "test_FD001.txt", "train_FD001.txt"))
            .OrderBy(row => row.Cycle).ThenBy(row => row.Unit)
            .Select(row => new ReplayRow(
                $"turbofan-{row.Unit:D3}", Start.AddHours(row.Cycle), row.Cycle, [.. Metrics.Zip(row.Values, KeyValuePair.Create)]));

    private static IEnumerable<string> Training(string directory) =>
        Cycles(DataFiles.Find(directory, "cmapss", "train_FD001.txt"))
            .Select(row => string.Join(',', row.Values.Select(DataFiles.Text).Prepend(row.Unit.ToString(System.Globalization.CultureInfo.InvariantCulture))))
            .Prepend("unit," + string.Join(',', Metrics));

    private static IEnumerable<(int Unit, int Cycle, double[] Values)> Cycles(string path)
    {
        foreach (var (line, text) in DataFiles.Lines(path))
        {
            var cells = DataFiles.Cells(path, line, text, ' ', Metrics.Length + 1);
            var values = Metrics.Select((metric, i) => DataFiles.Number(path, line, metric, cells[i + 1])).ToArray();
            yield return ((int)DataFiles.Number(path, line, "unit", cells[0]), (int)values[0], values);
        }
    }
}
