using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using Seamless.EndToEnd.Tests.Rig;
using Seamless.Learning.Tests;

namespace Seamless.EndToEnd.Tests.Nightly;

/// <summary>The public data, the scorers that lie beside it (<c>../score</c>, python3), a folder to work in, and the file of figures.</summary>
/// <remarks>Needs minutes, so it is asked for by SEAMLESS_NIGHTLY, which <c>./test --nightly</c> sets. What is missing skips the test and says so.</remarks>
internal sealed class PublicScores : IDisposable
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private static readonly Lock Writing = new();
    private readonly DirectoryInfo _work = Directory.CreateTempSubdirectory("seamless-nightly-");
    private readonly string _data;
    private readonly string _set;

    private PublicScores(string set, string data) => (_set, _data) = (set, data);

    /// <param name="set">Folder of the data set.</param>
    /// <param name="known">A file in it.</param>
    public static PublicScores Of(string set, string known)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("SEAMLESS_NIGHTLY") is { Length: > 0 }, "the nightly evaluation takes minutes: ./test --nightly");
        var data = Directory.GetParent(PublicData.File($"{set}/{known}"))!.FullName;
        while (Path.GetFileName(data) != set) data = Path.GetDirectoryName(data)!;
        return new PublicScores(set, data);
    }

    /// <summary>A file of the data set.</summary>
    public string Data(string relative) => Path.Combine(_data, relative);

    /// <summary>A file to be written; its folder exists.</summary>
    public string Work(string relative)
    {
        var path = Path.Combine(_work.FullName, relative);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    public static Task<string> SeamlessAsync(params string[] arguments) => Programs.RunAsync("seamless", arguments);

    /// <summary>What an independent scorer says.</summary>
    public async Task<JsonNode> ScoreAsync(string scorer, params string[] arguments)
    {
        var script = Path.Combine(_data, "..", "..", "score", scorer);
        Assert.SkipUnless(File.Exists(script), $"the scorer {scorer} is not beside the data, in ../score (docs/detection.md says which they are)");
        var start = new ProcessStartInfo("python3") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[script, .. arguments, "--json"]) start.ArgumentList.Add(argument);
        using var process = Process.Start(start) ?? throw new InvalidOperationException("python3 did not start");
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{scorer} ended with {process.ExitCode}: {await error}");
        return JsonNode.Parse(output)!;
    }

    /// <summary>Keeps the figures in docs/public-data.json, beside those of the other sets.</summary>
    public void Publish(params (string Name, double Value)[] figures)
    {
        var path = Path.Combine(Root(AppContext.BaseDirectory), "docs", "public-data.json");
        lock (Writing)
        {
            var all = File.Exists(path) ? JsonNode.Parse(File.ReadAllText(path))!.AsObject() : [];
            var own = new JsonObject();
            foreach (var (name, value) in figures) own[name] = Math.Round(value, 4);
            all[_set] = own;
            var sorted = new JsonObject(all.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => KeyValuePair.Create(entry.Key, entry.Value?.DeepClone())));
            File.WriteAllText(path, sorted.ToJsonString(Indented).ReplaceLineEndings("\n") + "\n");
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{_set}: {string.Join(", ", figures.Select(f => FormattableString.Invariant($"{f.Name} {f.Value:0.####}")))}");
    }

    /// <summary>Lines of a text file, packed or not, without the mark of UTF-8.</summary>
    public static IReadOnlyList<string> Lines(string path)
    {
        using var file = File.OpenRead(path);
        using var reader = new StreamReader(path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file);
        var lines = new List<string>();
        while (reader.ReadLine() is { } line)
            if (line.Length > 0) lines.Add(line);
        return lines;
    }

    /// <summary>A column of a comma-separated table without quotes.</summary>
    public static IReadOnlyList<string> Column(IReadOnlyList<string> lines, string name)
    {
        var at = Array.IndexOf(lines[0].Split(','), name);
        Assert.True(at >= 0, $"no column {name} in {lines[0]}");
        return [.. lines.Skip(1).Select(line => line.Split(',')[at])];
    }

    private static string Root(string folder) => File.Exists(Path.Combine(folder, "IoT.sln")) ? folder : Root(Path.GetDirectoryName(folder)!);

    public void Dispose() => _work.Delete(recursive: true);
}
