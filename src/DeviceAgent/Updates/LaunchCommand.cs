using System.Globalization;
using System.Runtime.InteropServices;
using Seamless.DeviceAgent.Configuration;

namespace Seamless.DeviceAgent.Updates;

/// <summary><c>seamless-agent launch --root DIR [--entry PROGRAM] [--probation MINUTES] -- options of the agent</c>.</summary>
internal static class LaunchCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        var (root, entry, probation) = ("", "seamless-agent", 10.0);
        var own = args.TakeWhile(argument => argument != "--").ToArray();
        for (var i = 0; i + 1 < own.Length; i += 2)
        {
            switch (own[i])
            {
                case "--root": root = own[i + 1]; break;
                case "--entry": entry = own[i + 1]; break;
                case "--probation" when double.TryParse(own[i + 1], CultureInfo.InvariantCulture, out var minutes) && minutes is > 0 and <= 1440: probation = minutes; break;
                default: return Misused($"'{own[i]} {own[i + 1]}'");
            }
        }
        if (own.Length % 2 != 0) return Misused($"'{own[^1]}'");
        if (!Directory.Exists(root)) return Misused($"--root '{root}': no such folder");

        using var stop = new CancellationTokenSource();
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        var launcher = new Launcher(new Slots(root), new ProgramRunner(), TimeSpan.FromMinutes(probation), new ConsoleLogger(TimeProvider.System));
        return await launcher.RunAsync(entry, [.. args.Skip(own.Length + 1)], stop.Token);

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
    }

    private static int Misused(string what)
    {
        Console.Error.WriteLine($"{what}: launch takes --root DIR [--entry PROGRAM] [--probation MINUTES] -- and then the agent's own options; see --help");
        return 2;
    }
}
