using System.Globalization;
using System.IO.Compression;

namespace Seamless.Replay.Sets;

/// <summary>Lines and numbers of the published files, plain or gzip.</summary>
internal static class DataFiles
{
    /// <summary>The first that exists of the file, the same with <c>.gz</c>, and those within <paramref name="folder"/>.</summary>
    public static string Find(string directory, string folder, params string[] names)
    {
        foreach (var name in names)
            foreach (var candidate in (string[])[name, name + ".gz"])
                foreach (var path in (string[])[Path.Combine(directory, candidate), Path.Combine(directory, folder, candidate)])
                    if (File.Exists(path)) return path;
        throw new WrongDataException($"{directory}: there is no {string.Join(" or ", names)} (nor with .gz, nor in {folder}/)");
    }

    public static IEnumerable<(int Line, string Text)> Lines(string path)
    {
        Stream stream = File.OpenRead(path);
        if (path.EndsWith(".gz", StringComparison.Ordinal)) stream = new GZipStream(stream, CompressionMode.Decompress);
        using var reader = new StreamReader(stream);
        for (var line = 1; reader.ReadLine() is { } text; line++)
            if (!string.IsNullOrWhiteSpace(text)) yield return (line, text);
    }

    public static double Number(string path, int line, string column, string cell) =>
        double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : throw new WrongDataException($"{path}:{line}: column '{column}' holds '{cell}' where a number was expected");

    public static string[] Cells(string path, int line, string text, char separator, int expected)
    {
        var cells = text.Split(separator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return cells.Length >= expected ? cells : throw new WrongDataException($"{path}:{line}: {cells.Length} columns where {expected} were expected");
    }

    public static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
