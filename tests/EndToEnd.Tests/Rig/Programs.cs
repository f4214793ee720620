using System.Diagnostics;

namespace Seamless.EndToEnd.Tests.Rig;

/// <summary>One of our programs, run to its end as a person at the shell would.</summary>
public static class Programs
{
    /// <summary>Standard output, trimmed. Fails with all that was said when the exit code is not 0.</summary>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var (code, output, error) = await EndAsync(program, arguments);
        Assert.True(code == 0, $"{program} {string.Join(' ', arguments)} ended with {code}: {output}{error}");
        return output.Trim();
    }

    /// <summary>What it said on standard error, when it is to fail.</summary>
    public static async Task<string> FailAsync(string program, params string[] arguments)
    {
        var (code, output, error) = await EndAsync(program, arguments);
        Assert.True(code == 1, $"{program} {string.Join(' ', arguments)} ended with {code}: {output}{error}");
        return error.Trim();
    }

    private static async Task<(int Code, string Output, string Error)> EndAsync(string program, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[program == "seamless" ? PlatformProcess.Program : Path.Combine(AppContext.BaseDirectory, $"{program}.dll"), .. arguments]) start.ArgumentList.Add(argument);
        using var process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start");
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await error);
    }
}
