using System.Globalization;
using System.Security.Cryptography;

namespace Seamless.Learning.Tables;

/// <summary>A CSV file in memory: columns of text, numbers on demand.</summary>
public sealed class Table
{
    private readonly List<string>[] _cells;
    private readonly List<int> _lines = [];
    private readonly Dictionary<string, double[]> _numbers = [];

    private Table(CsvReader reader)
    {
        Path = reader.Path;
        Header = reader.Header;
        _cells = [.. Header.Select(_ => new List<string>())];
        while (reader.Read())
        {
            for (var i = 0; i < _cells.Length; i++) _cells[i].Add(reader.Row[i]);
            _lines.Add(reader.Line);
        }
        if (Rows == 0) throw new TableException($"{Path}:2: there are no rows below the header");
    }

    private Table(Table whole, IReadOnlyList<int> rows)
    {
        Path = whole.Path;
        Header = whole.Header;
        _cells = [.. whole._cells.Select(column => rows.Select(row => column[row]).ToList())];
        _lines = [.. rows.Select(row => whole._lines[row])];
    }

    public string Path { get; }
    public IReadOnlyList<string> Header { get; }
    public int Rows => _lines.Count;

    /// <exception cref="TableException">The file cannot be read as a table.</exception>
    public static Table Load(string path)
    {
        using var reader = CsvReader.Open(path);
        return new Table(reader);
    }

    /// <summary>The same columns, only these rows, in this order.</summary>
    public Table Only(IReadOnlyList<int> rows) => new(this, rows);

    public IReadOnlyList<string> Text(string column)
    {
        for (var i = 0; i < Header.Count; i++)
            if (Header[i] == column) return _cells[i];
        throw new TableException($"{Path}:1: there is no column '{column}'; the columns are: {string.Join(", ", Header)}");
    }

    public bool IsNumeric(string column) => Text(column).All(cell => CsvReader.TryNumber(cell, out _));

    /// <summary>The column as numbers, missing ones NaN.</summary>
    public double[] Numbers(string column)
    {
        if (_numbers.TryGetValue(column, out var known)) return known;
        var text = Text(column);
        var values = new double[Rows];
        for (var row = 0; row < Rows; row++)
            if (!CsvReader.TryNumber(text[row], out values[row]))
                throw new TableException($"{Path}:{_lines[row]}: column '{column}' holds '{text[row]}' where a number was expected (such as 12.5)");
        return _numbers[column] = values;
    }

    /// <summary>A column of labels: 0/1, true/false, yes/no.</summary>
    public bool[] Labels(string column)
    {
        var text = Text(column);
        var values = new bool[Rows];
        for (var row = 0; row < Rows; row++)
            values[row] = text[row].Trim().ToUpperInvariant() switch
            {
                "1" or "1.0" or "TRUE" or "YES" => true,
                "0" or "0.0" or "FALSE" or "NO" => false,
                _ => throw new TableException($"{Path}:{_lines[row]}: label '{column}' holds '{text[row]}' where 0 or 1 was expected"),
            };
        return values;
    }

    /// <summary>Identity of several files together; that of one file is its own.</summary>
    public static string HashOf(IReadOnlyList<string> paths)
    {
        if (paths.Count == 1) return HashOf(paths[0]);
        var each = string.Concat(paths.Select(HashOf));
        return Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(each)).AsSpan(0, 8));
    }

    public int LineOf(int row) => _lines[row];

    /// <summary>Identity of the data: SHA-256 of the file's bytes, 16 hex digits.</summary>
    public static string HashOf(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream).AsSpan(0, 8));
    }

    public static string Format(double value) => value.ToString("G6", CultureInfo.InvariantCulture);
}
