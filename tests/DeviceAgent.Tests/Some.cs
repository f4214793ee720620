using Seamless.DeviceAgent.Sensing;
using Seamless.Telemetry;

namespace Seamless.DeviceAgent.Tests;

internal static class Some
{
    public static readonly DeviceKey Device = new(DeviceKey.DefaultTenant, "pump-1");

    public static Measurement Measurement(long at = 1_764_000_000_000, double value = 71.5) => new(at, [new Reading("temperature", value)]);
}

/// <summary>A folder that goes with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("seamless-agent-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>What a kill would leave at this instant.</summary>
    public static void Copy(string from, string to)
    {
        // Not File.Copy: it respects the lock that keeps a second agent out, and a kill does not.
        using var copy = System.Diagnostics.Process.Start("cp", ["-r", from, to]);
        copy.WaitForExit();
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
