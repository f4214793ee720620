using System.Globalization;

namespace Seamless.Analytics.Vibration;

/// <summary>Bearings by designation, from <c>bearings.csv</c>: dimensions and where they are from. Dimensions differ a little between makers.</summary>
public static class BearingTable
{
    private static readonly Lazy<IReadOnlyDictionary<string, BearingGeometry>> Bearings = new(Read);

    public static IEnumerable<string> Designations => Bearings.Value.Keys;

    /// <returns>Null when the table has no such bearing; upper and lower case are the same.</returns>
    public static BearingGeometry? Find(string designation) => Bearings.Value.GetValueOrDefault(designation);

    private static Dictionary<string, BearingGeometry> Read()
    {
        using var stream = typeof(BearingTable).Assembly.GetManifestResourceStream("bearings.csv")!;   // embedded by the project file
        using var reader = new StreamReader(stream);
        var bearings = new Dictionary<string, BearingGeometry>(StringComparer.OrdinalIgnoreCase);
        reader.ReadLine();
        while (reader.ReadLine() is { Length: > 0 } line)
        {
            var cells = line.Split(',');
            bearings.Add(cells[0], BearingGeometry.FromDimensions(
                cells[0], int.Parse(cells[1], CultureInfo.InvariantCulture), Number(cells[2]), Number(cells[3]), Number(cells[4])));
        }
        return bearings;
    }

    private static double Number(string cell) => double.Parse(cell, CultureInfo.InvariantCulture);
}
