using System.Globalization;

namespace Seamless.Replay.Sets;

/// <summary>SKAB: a pump loop whose valves are closed while it runs; a file an experiment, each replayed as a device of its own.</summary>
internal static class Valve
{
    private static readonly (string Column, string Metric)[] Inputs =
    [
        ("Accelerometer1RMS", "pumpVibration"), ("Accelerometer2RMS", "motorVibration"), ("Current", "motorCurrent"), ("Pressure", "loopPressure"),
        ("Temperature", "motorTemperature"), ("Thermocouple", "fluidTemperature"), ("Voltage", "motorVoltage"), ("Volume Flow RateRMS", "flow"),
    ];

    public static ReplaySet Set { get; } = new("valve", "a pump loop whose valve closes (SKAB)", "valve1/0.csv, valve1/1.csv, …", Read, Training: null);

    private static IEnumerable<ReplayRow> Read(string directory)
    {
        var folder = new[] { Path.Combine(directory, "valve1"), Path.Combine(directory, "skab", "valve1") }.FirstOrDefault(Directory.Exists)
            ?? throw new WrongDataException($"{directory}: there is no folder valve1 (nor skab/valve1)");
        return Directory.EnumerateFiles(folder, "*.csv").SelectMany(Experiment).OrderBy(row => row.At).ThenBy(row => row.Device, StringComparer.Ordinal);
    }

    private static IEnumerable<ReplayRow> Experiment(string path)
    {
        var device = "valve-" + Path.GetFileNameWithoutExtension(path).PadLeft(2, '0');
        string[]? header = null;
        var sequence = 0;
        foreach (var (line, text) in DataFiles.Lines(path))
        {
            if (header is null)
            {
                header = text.Split(';');
                foreach (var (column, _) in Inputs)
                    if (!header.Contains(column)) throw new WrongDataException($"{path}:{line}: there is no column '{column}'");
                continue;
            }
            var cells = DataFiles.Cells(path, line, text, ';', header.Length);
            if (!DateTimeOffset.TryParse(cells[0], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
                throw new WrongDataException($"{path}:{line}: '{cells[0]}' where a date and time was expected");
            var values = Inputs.Select(i => KeyValuePair.Create(i.Metric, DataFiles.Number(path, line, i.Column, cells[Array.IndexOf(header, i.Column)])));
            yield return new ReplayRow(device, at, ++sequence, [.. values]);
        }
    }
}
