using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Seamless.DeviceAgent.Updates;

/// <summary>Starts the program of a slot; its own seam because tests have no programs.</summary>
public interface IProgramRunner
{
    /// <returns>The exit code; null when it was still running after <paramref name="limit"/> and was ended.</returns>
    Task<int?> RunAsync(string program, IReadOnlyList<string> arguments, string slot, TimeSpan limit, CancellationToken ct);
}

/// <summary>Stays when everything else is replaced: starts the slot that the pointer names, gives a slot on trial one chance, and goes back when it does not commit.</summary>
/// <remarks>It is part of the installation and is not updated by what it starts.</remarks>
public sealed partial class Launcher(Slots slots, IProgramRunner programs, TimeSpan probation, ILogger logger)
{
    /// <summary>What a program ends with that wants the pointer read again (EX_TEMPFAIL of sysexits.h).</summary>
    public const int RestartCode = 75;

    /// <summary>A program that judges itself needs a moment longer than its own deadline.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(1);

    /// <param name="entry">The program of a slot that was installed by hand.</param>
    /// <returns>The exit code of the program that ended for good.</returns>
    public async Task<int> RunAsync(string entry, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        while (true)
        {
            var (slot, pointer) = slots.Pointer.Boot();
            if (pointer != slots.Pointer) slots.Pointer = pointer;
            var onTrial = pointer.Trial is not null;
            LogStarting(logger, slot, onTrial ? " on trial" : "", pointer.Failure ?? "");
            var code = await StartAsync(slot, entry, arguments, onTrial ? probation + Slack : Timeout.InfiniteTimeSpan, ct);
            if (ct.IsCancellationRequested) return code ?? 0;
            if (slots.Pointer is { Trial: not null, Boots: > 0 } tried)
            {
                slots.Pointer = tried.GivenUp(code is null ? $"it was not committed within {probation.TotalMinutes:0.#} min" : $"it ended with {code} before it was committed");
            }
            else if (!onTrial && code != RestartCode)
            {
                return code ?? 1;
            }
        }
    }

    private async Task<int?> StartAsync(string slot, string entry, IReadOnlyList<string> arguments, TimeSpan limit, CancellationToken ct)
    {
        var program = Path.Combine(slots.FolderOf(slot), slots.ReleaseIn(slot)?.Entry ?? entry);
        try
        {
            return await programs.RunAsync(program, arguments, slot, limit, ct);
        }
        catch (System.ComponentModel.Win32Exception cannot)   // not there, not executable, built for another machine
        {
            LogCannot(logger, program, cannot.Message);
            return 126;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "starting slot {Slot}{Trial} {Failure}")]
    private static partial void LogStarting(ILogger logger, string slot, string trial, string failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Program} cannot be started: {Reason}")]
    private static partial void LogCannot(ILogger logger, string program, string reason);
}

/// <summary>A child process that shares our input and output.</summary>
public sealed class ProgramRunner : IProgramRunner
{
    /// <summary>Says to the program which slot it was started from.</summary>
    public const string SlotVariable = "SEAMLESS_SLOT";

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    public async Task<int?> RunAsync(string program, IReadOnlyList<string> arguments, string slot, TimeSpan limit, CancellationToken ct)
    {
        var start = new ProcessStartInfo(program, arguments);
        start.Environment[SlotVariable] = slot;
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(limit);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
            return process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            await EndAsync(process);
            return ct.IsCancellationRequested ? process.ExitCode : null;
        }
    }

    /// <summary>Asks first, so that the program can say goodbye.</summary>
    private static async Task EndAsync(Process process)
    {
        if (!OperatingSystem.IsWindows()) Process.Start("kill", ["-TERM", $"{process.Id}"])?.Dispose();
        using var grace = new CancellationTokenSource(Grace);
        try
        {
            await process.WaitForExitAsync(grace.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }
}
