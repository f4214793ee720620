namespace Seamless.Replay.Sets;

/// <summary>AI4I 2020: one milling machine, a sample a work piece. The labels are never sent.</summary>
/// <remarks>Rows carry no time; one work piece is taken for one minute.</remarks>
internal static class Milling
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly (string Column, string Metric)[] Inputs =
    [
        ("Air temperature [K]", "airTemperature"), ("Process temperature [K]", "processTemperature"), ("Rotational speed [rpm]", "rotationalSpeed"),
        ("Torque [Nm]", "torque"), ("Tool wear [min]", "toolWear"),
    ];

    private static readonly (string Column, string Name)[] Labels =
        [("Machine failure", "failure"), ("TWF", "TWF"), ("HDF", "HDF"), ("PWF", "PWF"), ("OSF", "OSF")];

    public static ReplaySet Set { get; } = new(
        "milling", "a milling machine with five failure modes (AI4I 2020)", "ai4i2020.csv (or ai4i_dev.csv)", Read, Training);

    private static IEnumerable<ReplayRow> Read(string directory) =>
        Pieces(directory).Select(piece => new ReplayRow("milling-001", Start.AddMinutes(piece.Number), piece.Number, piece.Values));

    private static IEnumerable<string> Training(string directory) =>
        Pieces(directory).Select(piece => string.Join(',', piece.Values.Select(v => v.Value).Prepend(piece.Number).Concat(piece.Labels).Select(DataFiles.Text)))
            .Prepend($"piece,{string.Join(',', Inputs.Select(i => i.Metric).Append("productQuality").Concat(Labels.Select(l => l.Name)))}");

    private static IEnumerable<(int Number, KeyValuePair<string, double>[] Values, double[] Labels)> Pieces(string directory)
    {
        var path = DataFiles.Find(directory, "ai4i", "ai4i2020.csv", "ai4i_dev.csv");
        string[]? header = null;
        foreach (var (line, text) in DataFiles.Lines(path))
        {
            if (header is null)
            {
                header = [.. text.TrimStart('\uFEFF').Split(',')];
                continue;
            }
            var cells = text.Split(',');
            double Cell(string column) => DataFiles.Number(path, line, column, Find(path, line, header, cells, column));
            var values = Inputs.Select(input => KeyValuePair.Create(input.Metric, Cell(input.Column)))
                .Append(KeyValuePair.Create("productQuality", Quality(path, line, Find(path, line, header, cells, "Type"))));
            yield return ((int)DataFiles.Number(path, line, header[0], cells[0]), [.. values], [.. Labels.Select(label => Cell(label.Column))]);
        }
    }

    private static string Find(string path, int line, string[] header, string[] cells, string column)
    {
        var at = Array.IndexOf(header, column);
        return at >= 0 && at < cells.Length ? cells[at] : throw new WrongDataException($"{path}:{line}: there is no column '{column}'");
    }

    private static double Quality(string path, int line, string type) => type switch
    {
        "L" => 1,
        "M" => 2,
        "H" => 3,
        _ => throw new WrongDataException($"{path}:{line}: Type is '{type}' where L, M or H was expected"),
    };
}
