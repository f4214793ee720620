using System.Diagnostics;

namespace Seamless.EndToEnd.Tests.Rig;

/// <summary>One of our programs, run to its end as a person at the shell would.</summary>
public static class Programs
{
    /// <summary>Standard output, trimmed. Fails with all that was said when the exit code is not 0.</summary>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, $"{program}.dll"), .. arguments]) start.ArgumentList.Add(argument);
        using var process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start");
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {output}{await error}");
        return output.Trim();
    }
}
