using System.IO.Compression;
using System.Text;

namespace Seamless.Learning.Tables;

/// <summary>Reads a CSV file with a header, a row at a time: comma or semicolon (whichever the header has more of), quotes, plain or gzip.</summary>
public sealed class CsvReader : IDisposable
{
    private readonly StreamReader _reader;
    private readonly char _separator;
    private readonly List<string> _cells = [];
    private readonly StringBuilder _cell = new();

    private CsvReader(string path, StreamReader reader, string header)
    {
        Path = path;
        _reader = reader;
        _separator = header.Count(c => c == ';') > header.Count(c => c == ',') ? ';' : ',';
        Line = 1;
        Split(header);
        Header = [.. _cells.Select(name => name.Trim())];
    }

    public string Path { get; }
    public IReadOnlyList<string> Header { get; }

    /// <summary>Line of the current row; the header is line 1.</summary>
    public int Line { get; private set; }

    /// <summary>The cells of the current row, valid until the next read.</summary>
    public IReadOnlyList<string> Row => _cells;

    /// <exception cref="TableException">No such file, no header.</exception>
    public static CsvReader Open(string path)
    {
        if (!File.Exists(path)) throw new TableException($"{path}: there is no such file");
        Stream stream = File.OpenRead(path);
        if (path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)) stream = new GZipStream(stream, CompressionMode.Decompress);
        var reader = new StreamReader(stream, Encoding.UTF8);
        var header = reader.ReadLine();
        if (!string.IsNullOrWhiteSpace(header)) return new CsvReader(path, reader, header);
        reader.Dispose();
        throw new TableException($"{path}:1: the file is empty; its first line should name the columns");
    }

    /// <summary>Where the column stands.</summary>
    /// <exception cref="TableException">The file has no such column.</exception>
    public int Column(string name)
    {
        for (var i = 0; i < Header.Count; i++)
            if (Header[i] == name) return i;
        throw new TableException($"{Path}:1: there is no column '{name}'; the columns are: {string.Join(", ", Header)}");
    }

    /// <exception cref="TableException">A row has more or fewer cells than the header.</exception>
    public bool Read()
    {
        while (_reader.ReadLine() is { } line)
        {
            Line++;
            if (line.Length == 0) continue;
            Split(line);
            if (_cells.Count != Header.Count)
                throw new TableException($"{Path}:{Line}: {_cells.Count} cells where the header has {Header.Count} columns");
            return true;
        }
        return false;
    }

    /// <summary>The number in a cell; an empty cell or <c>NaN</c> is a missing value (NaN).</summary>
    /// <exception cref="TableException">The cell is not a number.</exception>
    public double Number(int column) =>
        TryNumber(_cells[column], out var value)
            ? value
            : throw new TableException($"{Path}:{Line}: column '{Header[column]}' holds '{_cells[column]}' where a number was expected (such as 12.5)");

    internal static bool TryNumber(string cell, out double value)
    {
        value = double.NaN;
        if (string.IsNullOrWhiteSpace(cell)) return true;
        return double.TryParse(cell, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out value)
            && !double.IsInfinity(value);
    }

    private void Split(string line)
    {
        _cells.Clear();
        _cell.Clear();
        var quoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (quoted && c == '"' && i + 1 < line.Length && line[i + 1] == '"') _cell.Append(line[++i]);
            else if (c == '"') quoted = !quoted;
            else if (c == _separator && !quoted) EndCell();
            else _cell.Append(c);
        }
        EndCell();
    }

    private void EndCell()
    {
        _cells.Add(_cell.ToString());
        _cell.Clear();
    }

    public void Dispose() => _reader.Dispose();
}

/// <summary>What is wrong with a table, with file, line, column and what would be right. Caught by the commands, which refuse with it.</summary>
public sealed class TableException : Exception
{
    public TableException(string message) : base(message) { }
    public TableException(string message, Exception inner) : base(message, inner) { }
    public TableException() { }
}
