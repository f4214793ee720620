using System.Diagnostics;

namespace Seamless.EndToEnd.Tests.Rig;

/// <summary>Debian's own MQTT client: somebody else's code at the door.</summary>
public static class Mosquitto
{
    public static void SkipUnlessInstalled() => Assert.SkipUnless(File.Exists("/usr/bin/mosquitto_pub"), "mosquitto_pub is not installed (Debian package mosquitto-clients)");

    /// <summary>Publishes each line as one QoS 1 message; the exit code.</summary>
    public static async Task<int> PublishLinesAsync(this PlatformProcess platform, string user, string token, string topic, IEnumerable<string> lines, params string[] more)
    {
        using var process = Start(platform, user, token, topic, ["-l", .. more]);
        foreach (var line in lines) await process.StandardInput.WriteLineAsync(line);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    /// <summary>Publishes a file whole as one QoS 1 message.</summary>
    public static async Task<int> PublishFileAsync(this PlatformProcess platform, string user, string token, string topic, string file, params string[] more)
    {
        using var process = Start(platform, user, token, topic, ["-f", file, .. more]);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    /// <summary>Publishes one QoS 1 message; the exit code. Unlike a stream of lines it does not try for ever when it is turned away.</summary>
    public static async Task<int> PublishOnceAsync(this PlatformProcess platform, string user, string token, string topic, string message, params string[] more)
    {
        using var process = Start(platform, user, token, topic, ["-m", message, .. more]);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    private static Process Start(PlatformProcess platform, string user, string token, string topic, string[] more)
    {
        var start = new ProcessStartInfo("/usr/bin/mosquitto_pub") { RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])["-h", "127.0.0.1", "-p", $"{platform.MqttPort}", "-u", user, "-P", token, "-q", "1", "-t", topic, .. more]) start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.OutputDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        return process;
    }
}
