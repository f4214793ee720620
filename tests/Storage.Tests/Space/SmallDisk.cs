using System.Diagnostics;

namespace Seamless.Storage.Tests.Space;

/// <summary>A real file system with little room, in memory. Only root may mount one.</summary>
public sealed class SmallDisk : IDisposable
{
    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    /// <summary>Skips the test, visibly, where it cannot be had.</summary>
    public static SmallDisk Mount(int megabytes)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess) Assert.Skip("mounting a small file system needs root on Linux");
        var path = Directory.CreateTempSubdirectory("seamless-small-disk-").FullName;
        if (Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", path)) return new SmallDisk(path);
        Directory.Delete(path);
        Assert.Skip("this machine does not let a file system be mounted");
        throw new InvalidOperationException("skipped");
    }

    public long FreeBytes => new DriveInfo(Path).AvailableFreeSpace;

    /// <summary>Somebody else's file takes what there is, but for so much.</summary>
    /// <returns>The file: deleting it gives the room back.</returns>
    public string Fill(long butBytes)
    {
        var filler = System.IO.Path.Combine(Path, "filler");
        using var file = new FileStream(filler, FileMode.OpenOrCreate, FileAccess.Write);
        file.Seek(0, SeekOrigin.End);
        var block = new byte[4096];
        try
        {
            while (FreeBytes - butBytes >= block.Length) file.Write(block);
            file.Flush(flushToDisk: true);
        }
        catch (IOException)
        {
            // full to the last block
        }
        return filler;
    }

    public void Dispose()
    {
        Run("umount", "--lazy", Path);
        Directory.Delete(Path);
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true });
        if (process is null) return false;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
