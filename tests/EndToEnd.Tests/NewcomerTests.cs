using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Seamless.EndToEnd.Tests.Rig;

namespace Seamless.EndToEnd.Tests;

/// <summary>A newcomer follows docs/rules.md, and that page alone: the files it shows are written, the commands it shows are run, in an empty directory.</summary>
public sealed partial class NewcomerTests
{
    [Fact]
    public async Task From_an_empty_directory_to_a_rule_with_a_passing_test_and_a_backtest_in_less_than_ten_minutes()
    {
        var directory = Directory.CreateTempSubdirectory("seamless-newcomer-").FullName;
        var page = await File.ReadAllTextAsync(Path.Combine(Root(AppContext.BaseDirectory), "docs", "rules.md"));
        var (output, began) = (new StringBuilder(), Stopwatch.GetTimestamp());
        foreach (Match block in Block().Matches(page))
        {
            var (language, text) = (block.Groups[1].Value, block.Groups[2].Value);
            if (language == "yaml") await WriteAsync(directory, text);
            else output.Append(await RunAsync(directory, text));
        }
        var took = Stopwatch.GetElapsedTime(began);
        TestContext.Current.TestOutputHelper?.WriteLine($"the whole page: {took.TotalSeconds:0.0} s\n{output}");
        Directory.Delete(directory, recursive: true);

        Assert.Equal(2, Regex.Count(output.ToString(), "2 passed, 0 failed"));
        Assert.Contains("packs/blower: good", output.ToString(), StringComparison.Ordinal);
        Assert.Matches("blower-1 +bearing-over-ambient", output.ToString());
        Assert.True(took < TimeSpan.FromMinutes(10), $"it took {took}");
    }

    /// <summary>The first line says which file it is.</summary>
    private static async Task WriteAsync(string directory, string text)
    {
        var path = Path.Combine(directory, text[2..text.IndexOf('\n', StringComparison.Ordinal)].Trim());
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, text);
    }

    private static async Task<string> RunAsync(string directory, string commands)
    {
        var start = new ProcessStartInfo("bash") { WorkingDirectory = directory, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["-e", "-c", $"seamless() {{ dotnet '{PlatformProcess.Program}' \"$@\"; }}\n{commands}"]) start.ArgumentList.Add(argument);
        using var process = Process.Start(start) ?? throw new InvalidOperationException("bash did not start");
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{commands}\nended with {process.ExitCode}: {output}{await error}");
        return output;
    }

    private static string Root(string directory) =>
        File.Exists(Path.Combine(directory, "IoT.sln")) ? directory : Root(Path.GetDirectoryName(directory) ?? throw new DirectoryNotFoundException("IoT.sln"));

    /// <summary>What is to be run or written; blocks of other kinds are only shown.</summary>
    [GeneratedRegex("```(sh|yaml)\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
