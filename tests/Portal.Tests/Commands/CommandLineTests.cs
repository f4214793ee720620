using System.CommandLine;
using System.Diagnostics;
using Seamless.Portal.Commands;

namespace Seamless.Portal.Tests.Commands;

public sealed class CommandLineTests
{
    [Fact]
    public void Every_verb_explains_itself_with_an_example_that_parses()
    {
        var root = SeamlessCommand.Create();
        var verbs = Descendants(root).ToList();

        Assert.Superset(
            new HashSet<string> { "serve", "demo", "simulate", "device", "limits", "maintenance", "pack", "backtest", "import", "export", "score", "train", "backup", "restore", "doctor", "bench" },
            verbs.Select(verb => verb.Name).ToHashSet());
        foreach (var verb in verbs)
        {
            var command = Assert.IsType<ExampleCommand>(verb);
            Assert.NotEmpty(command.Description!);
            Assert.NotEmpty(command.Examples);
            Assert.All(command.Examples, example => Assert.True(root.Parse(example).Errors.Count == 0, $"seamless {example}: {string.Join("; ", root.Parse(example).Errors)}"));
        }
    }

    [Fact]
    public void The_reference_names_every_verb()
    {
        var page = File.ReadAllText(Docs.Path("docs/reference/cli.md"));
        Assert.All(Descendants(SeamlessCommand.Create()), verb => Assert.Contains(verb.Name, page, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Device_add_prints_the_token_alone_on_the_last_line_and_again_is_refused()
    {
        var data = Directory.CreateTempSubdirectory("seamless-cli-");
        var (code, output, _) = await RunAsync("device", "add", "pump-1", "--type", "pump", "--site", "s1", "--data", data.FullName);
        Assert.Equal(0, code);
        Assert.StartsWith("sd_", output.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);

        var (again, _, error) = await RunAsync("device", "add", "pump-1", "--type", "pump", "--data", data.FullName);
        Assert.Equal(1, again);
        Assert.Contains("pump-1", error, StringComparison.Ordinal);
        data.Delete(recursive: true);
    }

    [Fact]
    public async Task Device_add_is_refused_beyond_the_tenants_limit_in_words_that_help()
    {
        var data = Directory.CreateTempSubdirectory("seamless-cli-");
        var file = System.IO.Path.Combine(data.FullName, "seamless.yaml");
        await File.WriteAllTextAsync(file, "limits:\n  tenant:\n    devices: 1\n", TestContext.Current.CancellationToken);
        Assert.Equal(0, (await RunAsync("device", "add", "pump-1", "--type", "pump", "--data", data.FullName, "--config", file)).Code);

        var (code, _, error) = await RunAsync("device", "add", "pump-2", "--type", "pump", "--data", data.FullName, "--config", file);

        Assert.Equal(1, code);
        Assert.Contains("the tenant default may have 1 devices and has them", error, StringComparison.Ordinal);
        Assert.Contains("limits.tenant.devices", error, StringComparison.Ordinal);
        data.Delete(recursive: true);
    }

    [Theory]
    [InlineData("")]        // the data directory itself
    [InlineData("log")]     // a folder that belongs in it
    public async Task A_file_where_a_directory_belongs_is_named_with_what_to_do(string name)
    {
        var folder = Directory.CreateTempSubdirectory("seamless-cli-");
        var data = System.IO.Path.Combine(folder.FullName, "data");
        if (name.Length > 0) Directory.CreateDirectory(data);
        await File.WriteAllTextAsync(System.IO.Path.Combine(data, name).TrimEnd('/'), "", TestContext.Current.CancellationToken);

        var (code, _, error) = await RunAsync("serve", "--data", data, "--http", "http://127.0.0.1:0", "--mqtt", "127.0.0.1:0");

        Assert.Equal(1, code);
        Assert.Contains($"{System.IO.Path.Combine(data, name).TrimEnd('/')} is a file", error, StringComparison.Ordinal);
        Assert.Contains("--data", error, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Wrong_use_ends_with_two_and_says_what_would_be_right()
    {
        var (code, _, error) = await RunAsync("serve", "--http", "http://0.0.0.0:5080");
        Assert.Equal(2, code);
        Assert.Contains("--insecure", error, StringComparison.Ordinal);

        (code, _, error) = await RunAsync("device", "add");
        Assert.Equal(2, code);
        Assert.Contains("seamless device add --help", error, StringComparison.Ordinal);
    }

    private static IEnumerable<Command> Descendants(Command command) => command.Subcommands.SelectMany(child => Descendants(child).Prepend(child));

    internal static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.ArgumentList.Add(System.IO.Path.Combine(AppContext.BaseDirectory, "seamless.dll"));
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await error);
    }
}

internal static class Docs
{
    /// <summary>A file of the repository.</summary>
    public static string Path(string relative)
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(System.IO.Path.Combine(directory!.FullName, "IoT.sln"))) directory = directory.Parent;
        return System.IO.Path.Combine(directory.FullName, relative);
    }
}
