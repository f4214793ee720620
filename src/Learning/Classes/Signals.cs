using System.Globalization;
using System.Text.RegularExpressions;
using Seamless.Learning.Tables;

namespace Seamless.Learning.Classes;

/// <summary>What was measured in each cycle of a machine: curves and single numbers, from one or more files that share their first column.</summary>
/// <remarks>Numbered columns (<c>s0, s1, … s59</c>) are the samples of a curve; every other numeric column is a number, a curve of one sample.</remarks>
public sealed partial class Signals
{
    /// <summary>Shorter sequences are columns of their own: <c>T1, T2, T3</c> are three sensors.</summary>
    private const int ShortestCurve = 8;

    private readonly double[][][] _samples;   // signal, row, sample

    private Signals(string idColumn, IReadOnlyList<string> ids, IReadOnlyList<string> names, double[][][] samples)
    {
        (IdColumn, Ids, Names, _samples) = (idColumn, ids, names, samples);
        Numbers = [.. ids.Select(id => long.TryParse(id, CultureInfo.InvariantCulture, out var number) ? number : (long?)null)];
    }

    public string IdColumn { get; }
    public IReadOnlyList<string> Ids { get; }
    public IReadOnlyList<string> Names { get; }

    /// <summary>The ids as whole numbers, where they are: two that follow each other are two cycles in a row.</summary>
    public IReadOnlyList<long?> Numbers { get; }

    public bool IsCurve(int signal) => _samples[signal][0].Length > 1;

    public ReadOnlySpan<double> Of(int signal, int row) => _samples[signal][row];

    /// <exception cref="TableException">A file cannot be read, an id occurs twice, or the files share no id.</exception>
    public static Signals Load(IReadOnlyList<string> paths)
    {
        if (paths.Count == 0) throw new TableException("no input file was named");
        var tables = paths.Select(Table.Load).ToArray();
        var rows = tables.Select(RowsById).ToArray();
        var ids = tables[0].Text(tables[0].Header[0]).Where(id => rows.All(r => r.ContainsKey(id))).ToArray();
        if (ids.Length == 0)
            throw new TableException($"the first columns of {string.Join(", ", paths)} share no value; rows are joined on it");
        var names = new List<string>();
        var samples = new List<double[][]>();
        for (var i = 0; i < tables.Length; i++)
        {
            foreach (var (name, columns) in SignalsOf(tables[i]))
            {
                names.Add(name);
                var numbers = columns.Select(tables[i].Numbers).ToArray();
                samples.Add([.. ids.Select(id => numbers.Select(column => column[rows[i][id]]).ToArray())]);
            }
        }
        if (names.Count == 0) throw new TableException($"{string.Join(", ", paths)}: no numeric column is left beside the id");
        return new Signals(tables[0].Header[0], ids, names, [.. samples]);
    }

    /// <summary>The signals a model was trained on: by name, or in the order of the files where the files have other names.</summary>
    /// <exception cref="TableException">There are more or fewer signals than the model has.</exception>
    public Signals Like(IReadOnlyList<string> names)
    {
        if (names.Count != Names.Count)
            throw new TableException($"the model was trained on {names.Count} signals ({string.Join(", ", names)}); here are {Names.Count} ({string.Join(", ", Names)})");
        if (!names.All(Names.Contains)) return this;
        return new Signals(IdColumn, Ids, names, [.. names.Select(name => _samples[Names.IndexOf(name)])]);
    }

    private static Dictionary<string, int> RowsById(Table table)
    {
        var ids = table.Text(table.Header[0]);
        var rows = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var row = 0; row < ids.Count; row++)
            if (!rows.TryAdd(ids[row], row)) throw new TableException($"{table.Path}:{table.LineOf(row)}: '{ids[row]}' in column '{table.Header[0]}' has occurred before; each row needs an id of its own");
        return rows;
    }

    private static IEnumerable<(string Name, IReadOnlyList<string> Columns)> SignalsOf(Table table)
    {
        var columns = table.Header.Skip(1).Where(table.IsNumeric).ToArray();
        var numbered = columns.Select(column => (Column: column, Match: NumberedColumn().Match(column))).Where(c => c.Match.Success)
            .GroupBy(c => c.Match.Groups["stem"].Value).Where(g => g.Count() >= ShortestCurve)
            .ToDictionary(g => g.Key, g => g.OrderBy(c => long.Parse(c.Match.Groups["number"].Value, CultureInfo.InvariantCulture)).Select(c => c.Column).ToArray());
        var file = Path.GetFileName(table.Path).Split('.')[0];
        foreach (var (stem, samples) in numbered) yield return (numbered.Count == 1 ? file : $"{file}.{stem}", samples);
        foreach (var column in columns.Except(numbered.Values.SelectMany(c => c))) yield return ($"{file}.{column}", [column]);
    }

    [GeneratedRegex(@"^(?<stem>.*?)(?<number>\d{1,9})$", RegexOptions.CultureInvariant)]
    private static partial Regex NumberedColumn();
}

internal static class Lists
{
    public static int IndexOf<T>(this IReadOnlyList<T> list, T item)
    {
        for (var i = 0; i < list.Count; i++)
            if (EqualityComparer<T>.Default.Equals(list[i], item)) return i;
        return -1;
    }
}
