using System.Diagnostics;

namespace Seamless.DeviceAgent.Commands;

/// <summary>Runs a program of the host; its own seam because tests must not restart services.</summary>
public interface IProcessRunner
{
    /// <param name="argv">Program and arguments; no shell is involved.</param>
    Task<(int ExitCode, string Output)> RunAsync(IReadOnlyList<string> argv, CancellationToken ct);
}

public sealed class ProcessRunner : IProcessRunner
{
    private const int MaxOutput = 400;
    private static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(5);

    /// <summary>A quick check: the exit code, or −1 when the program did not end in time.</summary>
    public static int Check(IReadOnlyList<string> argv)
    {
        using var process = Process.Start(new ProcessStartInfo(argv[0], argv.Skip(1))) ?? throw new InvalidOperationException($"{argv[0]} did not start");
        if (process.WaitForExit(CheckTimeout)) return process.ExitCode;
        process.Kill();
        return -1;
    }

    public async Task<(int ExitCode, string Output)> RunAsync(IReadOnlyList<string> argv, CancellationToken ct)
    {
        var start = new ProcessStartInfo(argv[0], argv.Skip(1)) { RedirectStandardError = true, RedirectStandardOutput = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{argv[0]} did not start");
        var output = process.StandardOutput.ReadToEndAsync(ct);
        var error = process.StandardError.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);
        var text = (await error + await output).Trim();
        return (process.ExitCode, text.Length > MaxOutput ? text[..MaxOutput] : text);
    }
}
